package feed

import (
	"bytes"
	"net/url"
	"path"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// pageFeeds reads the addresses of feeds from an HTML page.
func pageFeeds(page []byte, base *url.URL) feedPage {
	p := feedPage{base: base}
	z := html.NewTokenizer(bytes.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return p
		case html.StartTagToken, html.SelfClosingTagToken:
			if name, has := z.TagName(); has {
				p.tag(string(name), z)
			}
		}
	}
}

// feedPage is a page as far as it tells of feeds.
type feedPage struct {
	base    *url.URL
	based   bool     // by a base element
	said    []string // what the page says are feeds of it
	looking []string // what it links to and looks like a feed
	next    string   // the page that it leads to by itself, or empty
}

func (p *feedPage) tag(name string, z *html.Tokenizer) {
	if name != "link" && name != "a" && name != "base" && name != "meta" {
		return
	}
	attribute := map[string]string{}
	for more := true; more; {
		var key, value []byte
		key, value, more = z.TagAttr()
		attribute[string(key)] = string(value)
	}
	href := webScheme(strings.TrimSpace(attribute["href"]))
	if name == "meta" && strings.EqualFold(attribute["http-equiv"], "refresh") {
		_, href, _ = strings.Cut(attribute["content"], "=")
		href = strings.Trim(href, `'" `)
	}
	u, err := p.base.Parse(href)
	if err != nil || href == "" || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return
	}
	u.Fragment, u.RawFragment = "", ""
	rel := strings.Fields(strings.ToLower(attribute["rel"]))
	switch {
	case name == "meta":
		p.next = plainURL(u)
	case name == "base" && !p.based:
		p.base, p.based = u, true
	case name == "link" && slices.Contains(rel, "alternate") && isFeedType(attribute["type"]),
		name == "link" && slices.Contains(rel, "feed"):
		p.said = addNew(p.said, plainURL(u))
	case name == "link" && slices.Contains(rel, "canonical") && platformFeed(u) != "":
		p.said = addNew(p.said, platformFeed(u))
	case name == "link" && slices.Contains(rel, "alternate") && mayBeFeedType(attribute["type"]),
		name == "a" && looksLikeFeed(u, attribute["type"]),
		name == "a" && namesRSS(attribute["title"]+" "+attribute["class"]+" "+attribute["aria-label"]):
		p.looking = addNew(p.looking, plainURL(u))
	}
}

// addNew appends what is not yet there, up to a bound.
func addNew(all []string, s string) []string {
	if len(all) >= 4*mostCandidates || slices.Contains(all, s) {
		return all
	}
	return append(all, s)
}

// namesRSS reports whether a text has the word.
func namesRSS(s string) bool {
	letter := func(r rune) bool { return !unicode.IsLetter(r) }
	return slices.Contains(strings.FieldsFunc(strings.ToLower(s), letter), "rss")
}

// looksLikeFeed reports whether a link probably leads to a feed.
func looksLikeFeed(u *url.URL, kind string) bool {
	if isFeedType(kind) {
		return true
	}
	p := strings.ToLower(u.Path)
	switch path.Ext(p) {
	case ".rss", ".atom", ".rdf":
		return true
	case ".xml", ".json", ".php", "":
		for word := range strings.FieldsFuncSeq(p, func(r rune) bool { return strings.ContainsRune("/._-", r) }) {
			if word == "rss" || word == "feed" || word == "feeds" || word == "atom" || word == "rss2" {
				return true
			}
		}
		return strings.HasPrefix(u.Hostname(), "feeds.") || strings.HasPrefix(u.Hostname(), "rss.") || u.Query().Has("feed")
	}
	return false
}
