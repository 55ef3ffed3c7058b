package feed

import (
	"bytes"
	"net/url"
	"path"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// pageFeeds are the addresses that an HTML page says are feeds of it, and those
// that it links to and that look like feeds.
func pageFeeds(page []byte, base *url.URL) (said, looking []string) {
	p := feedPage{base: base}
	z := html.NewTokenizer(bytes.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return p.said, p.looking
		case html.StartTagToken, html.SelfClosingTagToken:
			if name, has := z.TagName(); has {
				p.tag(string(name), z)
			}
		}
	}
}

// feedPage is a page while it is read.
type feedPage struct {
	base          *url.URL
	based         bool // by a base element
	said, looking []string
}

func (p *feedPage) tag(name string, z *html.Tokenizer) {
	if name != "link" && name != "a" && name != "base" {
		return
	}
	attribute := map[string]string{}
	for more := true; more; {
		var key, value []byte
		key, value, more = z.TagAttr()
		attribute[string(key)] = string(value)
	}
	u, err := p.base.Parse(strings.TrimSpace(attribute["href"]))
	if err != nil || attribute["href"] == "" || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return
	}
	u.Fragment, u.RawFragment = "", ""
	rel := strings.Fields(strings.ToLower(attribute["rel"]))
	switch {
	case name == "base" && !p.based:
		p.base, p.based = u, true
	case name == "link" && slices.Contains(rel, "alternate") && isFeedType(attribute["type"]),
		name == "link" && slices.Contains(rel, "feed"):
		p.said = addNew(p.said, plainURL(u))
	case name == "link" && slices.Contains(rel, "canonical") && platformFeed(u) != "":
		p.said = addNew(p.said, platformFeed(u))
	case name == "link" && slices.Contains(rel, "alternate") && mayBeFeedType(attribute["type"]),
		name == "a" && looksLikeFeed(u, attribute["type"]):
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
