package sample

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"time"
)

// render writes an outlet's articles as a feed. base is the server's address.
func render(o outlet, articles []published, base string) ([]byte, error) {
	switch o.format {
	case "atom":
		return renderXML(atomOf(o, articles, base))
	case "json":
		return json.MarshalIndent(jsonOf(o, articles, base), "", "  ")
	}
	return renderXML(rssOf(o, articles, base))
}

func renderXML(feed any) ([]byte, error) {
	body, err := xml.MarshalIndent(feed, "", "  ")
	return append([]byte(xml.Header), body...), err
}

func (o outlet) home(base string) string { return base + "/" + o.slug + "/" }

// id is an article's id, which is the same wherever the feed is served.
func (o outlet) id(a published) string { return "tag:" + o.slug + ".example,2026:" + a.story }

// markup turns text into HTML.
var markup = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// html is an article's text as HTML.
func (a article) html() string {
	var b strings.Builder
	for _, p := range a.text {
		b.WriteString("<p>" + markup.Replace(p) + "</p>\n")
	}
	return b.String()
}

type rss struct {
	XMLName xml.Name  `xml:"rss"`
	Version string    `xml:"version,attr"`
	Content string    `xml:"xmlns:content,attr"`
	Title   string    `xml:"channel>title"`
	Link    string    `xml:"channel>link"`
	About   string    `xml:"channel>description"`
	Lang    string    `xml:"channel>language"`
	Items   []rssItem `xml:"channel>item"`
}

type rssItem struct {
	Title   string `xml:"title"`
	Link    string `xml:"link"`
	GUID    guid   `xml:"guid"`
	Date    string `xml:"pubDate"`
	Summary string `xml:"description"`
	Content string `xml:"content:encoded"`
}

type guid struct {
	Permanent bool   `xml:"isPermaLink,attr"`
	Value     string `xml:",chardata"`
}

func rssOf(o outlet, articles []published, base string) rss {
	feed := rss{Version: "2.0", Content: "http://purl.org/rss/1.0/modules/content/",
		Title: o.name, Link: o.home(base), About: "Invented news", Lang: o.language}
	for _, a := range articles {
		feed.Items = append(feed.Items, rssItem{
			Title: a.title, Link: o.home(base) + a.story, GUID: guid{Value: o.id(a)},
			Date: a.at.UTC().Format(time.RFC1123Z), Summary: markup.Replace(a.text[0]), Content: a.html(),
		})
	}
	return feed
}

type atom struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Author  string      `xml:"author>name"`
	Link    atomLink    `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID        string   `xml:"id"`
	Title     string   `xml:"title"`
	Link      atomLink `xml:"link"`
	Published string   `xml:"published"`
	Updated   string   `xml:"updated"`
	Content   atomText `xml:"content"`
}

type atomText struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

func atomOf(o outlet, articles []published, base string) atom {
	feed := atom{Lang: o.language, ID: "tag:" + o.slug + ".example,2026:feed", Title: o.name,
		Updated: articles[0].at.UTC().Format(time.RFC3339), Author: o.name, Link: atomLink{"alternate", o.home(base)}}
	for _, a := range articles {
		at := a.at.UTC().Format(time.RFC3339)
		feed.Entries = append(feed.Entries, atomEntry{ID: o.id(a), Title: a.title, Link: atomLink{"alternate", o.home(base) + a.story},
			Published: at, Updated: at, Content: atomText{"html", a.html()}})
	}
	return feed
}

type jsonFeed struct {
	Version  string     `json:"version"`
	Title    string     `json:"title"`
	Home     string     `json:"home_page_url"`
	Feed     string     `json:"feed_url"`
	Language string     `json:"language"`
	Items    []jsonItem `json:"items"`
}

type jsonItem struct {
	ID        string `json:"id"`
	URL       string `json:"url"`
	Title     string `json:"title"`
	HTML      string `json:"content_html"`
	Published string `json:"date_published"`
}

func jsonOf(o outlet, articles []published, base string) jsonFeed {
	feed := jsonFeed{Version: "https://jsonfeed.org/version/1.1", Title: o.name, Home: o.home(base),
		Feed: base + o.feed().Path, Language: o.language}
	for _, a := range articles {
		feed.Items = append(feed.Items, jsonItem{o.id(a), o.home(base) + a.story, a.title, a.html(), a.at.UTC().Format(time.RFC3339)})
	}
	return feed
}
