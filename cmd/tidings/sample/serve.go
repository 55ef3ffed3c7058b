package sample

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"html/template"
	"net/http"
	"slices"
	"time"
)

// published is an article with the time at which it appears.
type published struct {
	article
	at time.Time
}

// server serves the outlets as they are at a time.
type server struct {
	outlets []outlet
	start   time.Time
	now     func() time.Time
}

// Handler serves every feed, and every article and outlet as a small page. The
// time now is, when Handler is called, is the start from which the articles'
// times count; articles that are still to come appear when their time has come.
func Handler(now func() time.Time) http.Handler {
	s := &server{outlets: outlets(), start: now().Truncate(time.Second), now: now}
	mux := http.NewServeMux()
	for _, o := range s.outlets {
		mux.HandleFunc("GET "+o.feed().Path, func(w http.ResponseWriter, r *http.Request) { s.serveFeed(w, r, o) })
		mux.HandleFunc("GET /"+o.slug+"/{$}", func(w http.ResponseWriter, r *http.Request) { s.serveOutlet(w, r, o) })
		mux.HandleFunc("GET /"+o.slug+"/{story}", func(w http.ResponseWriter, r *http.Request) { s.serveArticle(w, r, o) })
	}
	return mux
}

// articles are those of an outlet that have appeared, newest first.
func (s *server) articles(o outlet) []published {
	var all []published
	now := s.now()
	for _, a := range o.articles {
		if at := s.start.Add(a.after); !at.After(now) {
			all = append(all, published{a, at})
		}
	}
	slices.SortFunc(all, func(a, b published) int { return b.at.Compare(a.at) })
	return all
}

func (s *server) serveFeed(w http.ResponseWriter, r *http.Request, o outlet) {
	if o.fault == "500" {
		http.Error(w, "The press has stopped.", http.StatusInternalServerError)
		return
	}
	articles := s.articles(o)
	body, err := render(o, articles, "http://"+r.Host)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	if o.fault == "truncated" {
		body = body[:len(body)*9/10]
	}
	contentType := map[string]string{"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}
	serve(w, r, contentType[o.format]+"; charset=utf-8", articles[0].at, body)
}

// serve answers with a body, or with 304 when the client has it.
func serve(w http.ResponseWriter, r *http.Request, contentType string, modified time.Time, body []byte) {
	sum := sha256.Sum256(body)
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("ETag", `"`+hex.EncodeToString(sum[:8])+`"`)
	http.ServeContent(w, r, "", modified, bytes.NewReader(body))
}

func (s *server) serveOutlet(w http.ResponseWriter, r *http.Request, o outlet) {
	s.servePage(w, r, o, s.articles(o), "outlet")
}

func (s *server) serveArticle(w http.ResponseWriter, r *http.Request, o outlet) {
	all := s.articles(o)
	i := slices.IndexFunc(all, func(a published) bool { return a.story == r.PathValue("story") })
	if i < 0 {
		http.NotFound(w, r)
		return
	}
	s.servePage(w, r, o, all[i:i+1], "article")
}

func (s *server) servePage(w http.ResponseWriter, r *http.Request, o outlet, articles []published, name string) {
	type item struct {
		URL, Title string
		At         time.Time
		Text       []string
	}
	page := struct {
		Feed  Feed
		Home  string
		Items []item
	}{Feed: o.feed(), Home: "/" + o.slug + "/"}
	for _, a := range articles {
		page.Items = append(page.Items, item{page.Home + a.story, a.title, a.at.UTC(), a.text})
	}
	var body bytes.Buffer
	if err := pages.ExecuteTemplate(&body, name, page); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	serve(w, r, "text/html; charset=utf-8", articles[0].at, body.Bytes())
}

var pages = template.Must(template.New("").Parse(`
{{- define "head" -}}
<!DOCTYPE html>
<html lang="{{.Feed.Language}}">
<meta charset="utf-8">
<link rel="alternate" type="application/{{if eq .Feed.Format "json"}}feed+json{{else}}{{.Feed.Format}}+xml{{end}}" title="{{.Feed.Outlet}}" href="{{.Feed.Path}}">
{{end -}}
{{- define "outlet" -}}
{{template "head" .}}<title>{{.Feed.Outlet}}</title>
<h1>{{.Feed.Outlet}}</h1>
<ul>
{{range .Items}}<li><a href="{{.URL}}">{{.Title}}</a></li>
{{end}}</ul>
{{end -}}
{{- define "article" -}}
{{template "head" .}}{{$outlet := .Feed.Outlet}}{{$home := .Home}}{{range .Items}}<title>{{.Title}}</title>
<link rel="canonical" href="{{.URL}}">
<article>
<h1>{{.Title}}</h1>
<p><a href="{{$home}}">{{$outlet}}</a>, <time datetime="{{.At.Format "2006-01-02T15:04:05Z07:00"}}">{{.At.Format "2 January 2006, 15:04"}} UTC</time></p>
{{range .Text}}<p>{{.}}</p>
{{end}}</article>
{{end}}{{end}}`))
