package feed

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"
)

func mustURL(t testing.TB, raw string) *url.URL {
	u, err := url.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func articlePage(head string, paragraphs ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<!DOCTYPE html><html lang="en-GB"><head><title>The harbour reopens</title>%s</head><body><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav><main><article><h1>The harbour reopens</h1>`, head)
	for _, p := range paragraphs {
		fmt.Fprintf(&b, "<p>%s</p>", p)
	}
	b.WriteString(`</article></main><footer>Cookies &amp; privacy. Subscribe to our newsletter.</footer></body></html>`)
	return b.String()
}

var harbour = []string{
	"The harbour of the small town opened again on Monday after three weeks of work on its outer wall, the mayor said, and the first 14 boats went out before noon.",
	"Fishermen had waited since the storm of 3 March, which broke the wall over a length of 120 metres, sank two boats, and cost the town about 4.5 million euros.",
	"The work is not finished, however: the lighthouse will stay dark until the summer, and larger ships will have to wait for the second part of the wall to be built.",
}

func TestFullText(t *testing.T) {
	c := clientFor(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.Header.Get("Accept"), "rss") || r.Header.Get("User-Agent") != "test/1" {
			t.Errorf("asked with %v", r.Header)
		}
		w.Header().Set("Content-Type", "text/html; charset=windows-1252")
		io.WriteString(w, articlePage(`<link rel="canonical" href="/news/harbour?utm_source=x"><meta property="og:image" content="/i.jpg">`,
			harbour[0], harbour[1]+" Caf\xe9. <script>alert(1)</script>", harbour[2]))
	})
	got, err := c.FullText(t.Context(), "http://a.example/news/harbour.html?x=1")
	if err != nil {
		t.Fatal(err)
	}
	want := harbour[0] + "\n\n" + harbour[1] + " Café.\n\n" + harbour[2]
	if got.Text != want {
		t.Errorf("the text is\n%s\nwant\n%s", got.Text, want)
	}
	if got.Canonical != "http://a.example/news/harbour" || got.Image != "http://a.example/i.jpg" || got.Language != "en" {
		t.Errorf("canonical %q, image %q, language %q", got.Canonical, got.Image, got.Language)
	}
}

func TestFullTextFails(t *testing.T) {
	c := clientFor(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/pdf":
			w.Header().Set("Content-Type", "application/pdf")
		case "/short":
			io.WriteString(w, articlePage("", "Read on in our app."))
		case "/large":
			w.Header().Set("Content-Type", "text/html")
			for range 5 << 10 {
				io.WriteString(w, strings.Repeat("x", 1<<10))
			}
		case "/deep":
			w.Header().Set("Content-Type", "text/html")
			io.WriteString(w, strings.Repeat("<div>", 500_000)+"x")
		case "/many":
			w.Header().Set("Content-Type", "text/html")
			io.WriteString(w, strings.Repeat("<p>x", 500_000))
		case "/empty":
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	})
	for path, want := range map[string]string{
		"/pdf": "the article's page is not HTML", "/short": "no article was found on the page", "/large": "the body is larger than 4 MB",
		"/deep": "the article's page could not be read", "/many": "the article's page is too large to be taken apart", "/empty": "no article was found on the page", "/gone": "HTTP 404: there is nothing at this address",
	} {
		if got, err := c.FullText(t.Context(), "http://a.example"+path); err == nil || err.Error() != want {
			t.Errorf("%s: %+v, error %v; want %q", path, got, err, want)
		}
	}
}

func TestCanonicalIsOfTheSameSiteAndPage(t *testing.T) {
	for head, want := range map[string]string{
		`<link rel="canonical" href="https://www.a.example/x">`:                                               "https://www.a.example/x",
		`<link rel="canonical" href="https://b.example/x">`:                                                   "",
		`<link rel="canonical" href="/">`:                                                                     "",
		`<link rel="canonical" href="javascript:x">`:                                                          "",
		`<link rel="canonical" href=""><meta property="og:url" content="http://a.example/y">`:                 "http://a.example/y",
		`<link rel="canonical" href="http://me:pw@a.example/z">`:                                              "http://a.example/z",
		`<link rel="canonical" href="https://b.example/"><meta property="og:url" content="//a.example/news">`: "http://a.example/news",
	} {
		got, err := extract([]byte(articlePage(head, harbour...)), "", mustURL(t, "http://a.example/news/1"))
		if err != nil || got.Canonical != want {
			t.Errorf("%s: %q, error %v; want %q", head, got.Canonical, err, want)
		}
	}
}

func TestPagesThatTakeLongAreLeft(t *testing.T) {
	const text = "text, text, text, text, text text text text"
	for name, test := range map[string]struct {
		page string
		left bool
	}{
		"deep and long":        {strings.Repeat("<div>"+text+"<br>", 400) + strings.Repeat("<div>"+text+"</div>", 20_000), true},
		"deep again and again": {strings.Repeat(strings.Repeat("<div>", 450)+"<p>"+text+strings.Repeat("</div>", 450), 100), true},
		"too many elements":    {strings.Repeat("<p>"+text+"</p>", 60_000), true},
		"long":                 {strings.Repeat("<p>"+text+"</p>", 20_000), false},
		"one":                  {"<p>" + strings.Repeat(text, 20_000), false},
	} {
		p, err := extract([]byte(test.page), "text/html; charset=utf-8", mustURL(t, "http://a.example/news/1"))
		if left := err != nil && err.Error() == "the article's page is too large to be taken apart"; left != test.left {
			t.Errorf("%s: error %v, want that it is left is %v", name, err, test.left)
		}
		if err == nil && len(p.Text) > maxText {
			t.Errorf("%s: a text of %d bytes", name, len(p.Text))
		}
	}
}

func FuzzExtract(f *testing.F) {
	f.Add([]byte(articlePage("", harbour...)))
	f.Add([]byte(`<table><tr><td><p>` + strings.Repeat("text, ", 100) + `</table><br><br><noscript><img src=x></noscript>`))
	f.Fuzz(func(t *testing.T, page []byte) {
		p, err := extract(page, "", mustURL(t, "http://a.example/news/1"))
		if (p == nil) == (err == nil) {
			t.Fatalf("%+v and the error %v", p, err)
		}
		if p != nil && (!utf8.ValidString(p.Text) || strings.ContainsAny(p.Text, "\x00\x1b\u202e\u200b") || len(p.Text) > maxText) {
			t.Errorf("the text is not clean: %q", p.Text)
		}
	})
}
