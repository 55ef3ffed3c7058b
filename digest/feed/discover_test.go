package feed

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
)

func rssOf(name string) string {
	return fmt.Sprintf(`<rss version="2.0"><channel><title>%s</title><link>http://a.example/</link><item><title>News of %s</title><link>http://a.example/1</link></item></channel></rss>`, name, name)
}

// site serves pages by path; what begins with a digit is a status or a
// redirect. Any other path is a 404.
func site(pages map[string]string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		page, ok := pages[r.URL.RequestURI()]
		var status int
		var target string
		n, _ := fmt.Sscan(page, &status, &target)
		switch {
		case !ok:
			w.WriteHeader(http.StatusNotFound)
		case n == 2:
			http.Redirect(w, r, target, status)
		case n == 1:
			w.WriteHeader(status)
		default:
			io.WriteString(w, page)
		}
	}
}

func TestDiscover(t *testing.T) {
	html := func(head, body string) string {
		return "<!DOCTYPE html><html><head>" + head + "</head><body>" + body + "</body></html>"
	}
	for _, test := range []struct {
		name  string
		ask   string
		pages map[string]string
		want  []string
	}{
		{"a feed itself", "http://a.example/f", map[string]string{"/f": rssOf("f")}, []string{"http://a.example/f"}},
		{"a feed that has moved", "http://a.example/old", map[string]string{"/old": "301 /f", "/f": rssOf("f")}, []string{"http://a.example/f"}},
		{"a feed that is elsewhere today", "http://a.example/old", map[string]string{"/old": "302 /f", "/f": rssOf("f")}, []string{"http://a.example/old"}},
		{"link elements, that of comments last", "http://a.example/", map[string]string{
			"/": html(`<LINK REL="home alternate" type="application/rss+xml" href="comments/feed"><link rel=alternate type="application/atom+xml; charset=utf-8" href="//b.example/main">
				<link rel=alternate type=application/rss+xml href=dead><link rel=alternate hreflang=de href=/de>`, `<a href="/other.rss">x</a>`),
			"/comments/feed": rssOf("comments"), "/main": rssOf("main"), "/other.rss": rssOf("other"),
		}, []string{"http://b.example/main", "http://a.example/comments/feed"}},
		{"base", "http://a.example/x/", map[string]string{
			"/x/": html(`<base href="/y/"><link rel="alternate" type="application/rss+xml" href="f">`, ""), "/y/f": rssOf("f")}, []string{"http://a.example/y/f"}},
		{"JSON Feed", "http://a.example/", map[string]string{"/": html(`<link rel="alternate" type="application/feed+json" href="/f">`, ""),
			"/f": `{"version":"https://jsonfeed.org/version/1.1","title":"f","items":[{"id":"1","content_text":"x","title":"y"}]}`}, []string{"http://a.example/f"}},
		{"the same feed by two names", "http://a.example/", map[string]string{
			"/":  html(`<link rel="alternate" type="application/rss+xml" href="/1"><link rel="alternate" type="application/rss+xml" href="/2">`, ""),
			"/1": rssOf("f"), "/2": rssOf("f")}, []string{"http://a.example/1"}},
		{"links that look like feeds", "http://a.example/", map[string]string{
			"/":         html("", `<a href="/feedback">no</a> <a href="/rss-overview.html">no</a> <a href=" /news.rss#x ">yes</a> <a href="/en/feed/">yes</a> <a href="mailto:x">no</a>`),
			"/news.rss": rssOf("news"), "/en/feed/": rssOf("en"), "/feedback": "500", "/rss-overview.html": rssOf("no")}, []string{"http://a.example/news.rss", "http://a.example/en/feed/"}},
		{"the usual places", "http://a.example/blog/post.html", map[string]string{
			"/blog/post.html": html("", "nothing"), "/blog/rss.xml": rssOf("blog"), "/atom.xml": rssOf("root")}, []string{"http://a.example/blog/rss.xml", "http://a.example/atom.xml"}},
		{"a page that refuses programs", "http://a.example/", map[string]string{"/": "403", "/feed": "301 /feed/", "/feed/": rssOf("f")}, []string{"http://a.example/feed/"}},
		{"no scheme", "a.example", map[string]string{"/": html(`<link rel="alternate" type="application/rss+xml" href="/f">`, ""), "/f": rssOf("f")}, []string{"http://a.example/f"}},
		{"feed scheme", "feed:http://a.example/f", map[string]string{"/f": rssOf("f")}, []string{"http://a.example/f"}},
		{"a page that leads on", "http://a.example/", map[string]string{
			"/": html(`<meta http-equiv="Refresh" content="0; URL='/en/'">`, ""), "/en/": html(`<link rel="alternate" type="application/rss+xml" href="f">`, ""), "/en/f": rssOf("f")},
			[]string{"http://a.example/en/f"}},
		{"a link that is called so", "http://a.example/", map[string]string{
			"/": html("", `<a href="/1" title="Our RSS">x</a> <a href="/2" class="grass">y</a>`), "/1": rssOf("f"), "/2": rssOf("no")}, []string{"http://a.example/1"}},
		{"a link of the feed scheme", "http://a.example/", map[string]string{
			"/": html("", `<a href="feed:http://a.example/f.rss">x</a>`), "/f.rss": rssOf("f")}, []string{"http://a.example/f.rss"}},
		{"generic types", "http://a.example/", map[string]string{
			"/": html(`<link rel="alternate" type="application/json" href="/wp-json/1"><link rel="alternate" type="text/xml" href="/f">`, ""), "/wp-json/1": `{"id":1}`, "/f": rssOf("f")},
			[]string{"http://a.example/f"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := clientFor(t, site(test.pages))
			got, err := c.Discover(t.Context(), test.ask)
			var urls []string
			for _, candidate := range got {
				urls = append(urls, candidate.URL)
				if candidate.Feed == nil || len(candidate.Feed.Items) != 1 {
					t.Errorf("%s was not read: %+v", candidate.URL, candidate.Feed)
				}
			}
			if err != nil || !slices.Equal(urls, test.want) {
				t.Errorf("found %q, error %v; want %q", urls, err, test.want)
			}
		})
	}
}

func TestDiscoverLinkHeader(t *testing.T) {
	c := clientFor(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/f" {
			io.WriteString(w, rssOf("f"))
			return
		}
		w.Header().Set("Link", `<f>; rel="alternate"; type="application/rss+xml"`)
		io.WriteString(w, "<html>nothing</html>")
	})
	if got, err := c.Discover(t.Context(), "http://a.example/"); err != nil || len(got) != 1 || got[0].URL != "http://a.example/f" {
		t.Errorf("%+v, error %v", got, err)
	}
}

func TestDiscoverOnYouTube(t *testing.T) {
	const feeds = "/feeds/videos.xml?"
	for _, test := range [][2]string{{"/channel/UC1", "channel_id=UC1"}, {"/watch?v=1&list=PL1", "playlist_id=PL1"}, {"/user/me", "user=me"}} {
		got := platformFeed(mustURL(t, "https://m.youtube.com"+test[0]))
		if got != "https://www.youtube.com"+feeds+test[1] {
			t.Errorf("%s leads to %s", test[0], got)
		}
	}
	said := pageFeeds([]byte(`<html><link rel="canonical" href="https://www.youtube.com/channel/UC1">`), mustURL(t, "https://www.youtube.com/@me")).said
	if want := []string{"https://www.youtube.com" + feeds + "channel_id=UC1"}; !slices.Equal(said, want) {
		t.Errorf("a handle leads to %q", said)
	}
}

func TestDiscoverSaysWhyThereIsNone(t *testing.T) {
	asked := 0
	c := clientFor(t, func(w http.ResponseWriter, r *http.Request) {
		asked++
		switch r.Host {
		case "gone.example":
			w.WriteHeader(http.StatusForbidden)
		case "busy.example":
			w.WriteHeader(http.StatusTooManyRequests)
		default:
			io.WriteString(w, "<html>"+strings.Repeat(`<a href="/feed">f</a>`, 1000))
			for i := range 1000 {
				fmt.Fprintf(w, `<a href="/%d/feed">f</a><link rel="alternate" type="application/rss+xml" href="/%d">`, i, i)
			}
		}
	})
	for url, want := range map[string]string{
		"http://none.example/": "no feed was found at none.example", "http://gone.example/?key=1": "HTTP 403: the server refuses it", "http://busy.example/": "HTTP 429: it was asked too often",
		"mailto:me@a.example": "this is not the address of a site", "http://": "the URL names no host", "": "the URL names no host",
	} {
		asked = 0
		got, err := c.Discover(t.Context(), url)
		if f, ok := errors.AsType[*FetchError](err); !ok || f.Why != want || got != nil {
			t.Errorf("%s: %v, error %v; want %q", url, got, err, want)
		}
		if asked > 1+3*mostCandidates || strings.Contains(url, "busy") && asked > 1 {
			t.Errorf("%s: asked %d times", url, asked)
		}
	}
}
