package feed

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	readability "codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
)

// Page is what an article's own page says.
type Page struct {
	// Text is the article, plain, with an empty line between paragraphs, at
	// most 100 KB.
	Text string
	// Canonical is the URL by which the page wants to be known; empty when it
	// does not say, or names another site or only the site's front page.
	Canonical string
	Image     string // absolute URL, or empty
	Language  string // ISO 639-1, or empty
}

const (
	// mostElements and mostDepths bound what is looked at in a page: its
	// elements, usually 2,000, and the sum of their depths, by which the
	// extractor's time grows.
	mostElements = 50_000
	mostDepths   = 1_000_000
	// leastText is the length in bytes under which a text is none.
	leastText = 200
	// mostExtractions bounds how many pages are taken apart at the same time:
	// each needs about ten times its size in memory.
	mostExtractions = 2
)

// FullText fetches an article's page and takes its text from it, under the
// same rules as a feed; the page may have 4 MB. A caller goes on without it
// when there is an error, which is a sentence.
func (c *Client) FullText(ctx context.Context, article string) (*Page, error) {
	a, err := c.get(ctx, question{url: article, accept: "text/html, application/xhtml+xml;q=0.9", limit: c.limits.page})
	if err != nil {
		return nil, err
	}
	switch kind := mediaType(a.header.Get("Content-Type")); kind {
	case "", "text/html", "application/xhtml+xml":
	default:
		return nil, errors.New("the article's page is not HTML")
	}
	if a.partial {
		return nil, errors.New("the article's page broke off")
	}
	select {
	case c.extracting <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-c.extracting }()
	return extract(a.body, a.header.Get("Content-Type"), a.url)
}

// extract takes an article from its page.
func extract(body []byte, contentType string, base *url.URL) (p *Page, err error) {
	defer func() {
		// Pages are hostile or broken in more ways than the extractor knows.
		if r := recover(); r != nil {
			p, err = nil, fmt.Errorf("the article's page could not be taken apart: %v", r)
		}
	}()
	text, _ := toUTF8(body, contentType)
	doc, err := html.Parse(bytes.NewReader(text))
	if err != nil {
		return nil, errors.New("the article's page could not be read")
	}
	if tangled(doc) {
		return nil, errors.New("the article's page is too large to be taken apart")
	}
	p = &Page{Canonical: pageCanonical(doc, base)}
	parser := readability.NewParser()
	article, err := parser.ParseAndMutate(doc, base)
	if err != nil || article.Node == nil {
		return nil, errors.New("no article was found on the page")
	}
	var b strings.Builder
	if err := article.RenderHTML(&b); err != nil {
		return nil, errors.New("no article was found on the page")
	}
	p.Text, _ = plain(b.String())
	if len(p.Text) < leastText {
		return nil, errors.New("no article was found on the page")
	}
	p.Language = iso639(article.Language())
	if image, err := base.Parse(article.ImageURL()); err == nil && article.ImageURL() != "" && isWeb(image.String()) {
		p.Image = image.String()
	}
	return p, nil
}

// tangled reports whether a page would take the extractor too long.
func tangled(doc *html.Node) bool {
	elements, depths := 0, 0
	depth := 0
	for n := doc; n != nil; {
		if n.Type == html.ElementNode {
			elements++
			depths += depth
		}
		if n.FirstChild != nil {
			n, depth = n.FirstChild, depth+1
			continue
		}
		for n != nil && n.NextSibling == nil {
			n, depth = n.Parent, depth-1
		}
		if n != nil {
			n = n.NextSibling
		}
	}
	return elements > mostElements || depths > mostDepths
}

// pageCanonical is what a page's canonical link, or else its og:url, says.
func pageCanonical(doc *html.Node, base *url.URL) string {
	var link, graph string
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode || (n.Data != "link" && n.Data != "meta") {
			continue
		}
		value := map[string]string{}
		for _, a := range n.Attr {
			value[a.Key] = strings.TrimSpace(a.Val)
		}
		switch {
		case n.Data == "link" && link == "" && strings.EqualFold(value["rel"], "canonical"):
			link = value["href"]
		case n.Data == "meta" && graph == "" && strings.EqualFold(value["property"], "og:url"):
			graph = value["content"]
		}
	}
	for _, ref := range []string{link, graph} {
		u, err := base.Parse(ref)
		if err != nil || ref == "" || !isWeb(u.String()) || registrable(u.Hostname()) != registrable(base.Hostname()) {
			continue
		}
		if strings.Trim(u.Path, "/") == "" && u.RawQuery == "" && strings.Trim(base.Path, "/") != "" {
			continue // a template that names the front page for every article
		}
		return canonical(plainURL(u))
	}
	return ""
}
