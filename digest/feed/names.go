package feed

import (
	"bytes"
	"strings"
)

// shape says how an element is read and written again.
type shape uint8

const (
	shapeSkip   shape = iota // not wanted: left out with all it holds
	shapeInside              // not written itself, but what it holds is
	shapeItem                // an item or entry
	shapeText                // text that may be HTML
	shapeLine                // a line of text: a title, name or number
	shapeURL                 // an address, as text or in href
	shapeDate                // a date, written again as RFC 3339
	shapeEmpty               // only its attributes
	shapeLink                // an Atom link, which is kept beside: gofeed rewrites addresses
	shapePerson              // a name, as text or in a child
	shapeOnce   shape = 1 << 7
)

// element is what becomes of an element of a feed.
type element struct {
	name  string // as gofeed knows it
	shape shape
}

// vocabulary maps lower-case local names to what becomes of them.
type vocabulary map[string]element

var rssFeed = vocabulary{
	"channel": {"", shapeInside}, "items": {"", shapeInside}, "rss": {"", shapeInside}, "rdf": {"", shapeInside},
	"item": {"item", shapeItem}, "entry": {"item", shapeItem},
	"title": {"title", shapeLine | shapeOnce}, "link": {"link", shapeURL}, "language": {"language", shapeLine},
	"managingeditor": {"managingEditor", shapeLine}, "ttl": {"ttl", shapeLine},
	"skiphours": {"", shapeInside}, "hour": {"hour", shapeLine}, "skipdays": {"", shapeInside}, "day": {"day", shapeLine},
}

var rssItem = vocabulary{
	"item": {"item", shapeItem}, "entry": {"item", shapeItem},
	"title": {"title", shapeLine | shapeOnce}, "link": {"link", shapeURL}, "guid": {"guid", shapeLine | shapeOnce}, "id": {"guid", shapeLine | shapeOnce},
	"description": {"description", shapeText}, "summary": {"description", shapeText},
	"encoded": {"content:encoded", shapeText}, "content": {"content:encoded", shapeText},
	"body": {"content:encoded", shapeText}, "fullitem": {"content:encoded", shapeText},
	"author": {"author", shapePerson}, "category": {"category", shapeLine}, "image": {"image", shapeText},
	"pubdate": {"pubDate", shapeDate}, "published": {"pubDate", shapeDate}, "date": {"dc:date", shapeDate},
	"updated": {"atom:updated", shapeDate}, "modified": {"atom:updated", shapeDate},
	"enclosure": {"enclosure", shapeEmpty}, "language": {"dc:language", shapeLine},
}

var atomFeed = vocabulary{
	"feed": {"", shapeInside}, "entry": {"entry", shapeItem}, "item": {"entry", shapeItem},
	"title": {"title", shapeLine | shapeOnce}, "id": {"id", shapeLine}, "link": {"", shapeLink},
	"author": {"author", shapePerson}, "language": {"dc:language", shapeLine},
}

var atomEntry = vocabulary{
	"item": {"entry", shapeItem}, "entry": {"entry", shapeItem},
	"title": {"title", shapeLine | shapeOnce}, "id": {"id", shapeLine}, "guid": {"id", shapeLine}, "link": {"", shapeLink},
	"summary": {"summary", shapeText}, "description": {"summary", shapeText}, "content": {"content", shapeText},
	"author": {"author", shapePerson}, "category": {"category", shapeEmpty},
	"published": {"published", shapeDate}, "issued": {"published", shapeDate}, "pubdate": {"published", shapeDate},
	"updated": {"updated", shapeDate}, "modified": {"updated", shapeDate}, "created": {"dcterms:created", shapeDate},
}

// modules holds the extensions of both formats, by the usual prefix.
var modules = map[string]vocabulary{
	"dc": {
		"title": {"dc:title", shapeLine}, "creator": {"dc:creator", shapeLine}, "author": {"dc:creator", shapeLine},
		"subject": {"dc:subject", shapeLine}, "date": {"dc:date", shapeDate}, "language": {"dc:language", shapeLine},
		"description": {"dc:description", shapeText},
	},
	"dcterms": {
		"issued": {"dcterms:issued", shapeDate}, "created": {"dcterms:created", shapeDate}, "date": {"dc:date", shapeDate},
		"modified": {"dcterms:modified", shapeDate}, "available": {"dcterms:issued", shapeDate},
		"title": {"dc:title", shapeLine}, "creator": {"dc:creator", shapeLine}, "subject": {"dc:subject", shapeLine},
	},
	"content": {"encoded": {"content:encoded", shapeText}},
	"xhtml":   {"body": {"content:encoded", shapeText}, "div": {"content:encoded", shapeText}},
	"atom": {
		"title": {"atom:title", shapeLine}, "link": {"", shapeLink}, "id": {"atom:id", shapeLine},
		"summary": {"atom:summary", shapeText}, "content": {"atom:content", shapeText}, "author": {"dc:creator", shapePerson},
		"published": {"atom:published", shapeDate}, "issued": {"atom:published", shapeDate},
		"updated": {"atom:updated", shapeDate}, "modified": {"atom:updated", shapeDate},
	},
	"media": {
		"group": {"", shapeInside}, "content": {"media:content", shapeEmpty}, "thumbnail": {"media:thumbnail", shapeEmpty},
		"title": {"media:title", shapeLine}, "description": {"media:description", shapeText},
		"keywords": {"media:keywords", shapeLine},
	},
	"itunes": {
		"author": {"itunes:author", shapeLine}, "image": {"itunes:image", shapeEmpty}, "title": {"itunes:title", shapeLine},
		"summary": {"itunes:summary", shapeText}, "keywords": {"itunes:keywords", shapeLine},
	},
	"prism":      {"publicationdate": {"dcterms:issued", shapeDate}},
	"sy":         {"updateperiod": {"sy:updatePeriod", shapeLine}, "updatefrequency": {"sy:updateFrequency", shapeLine}},
	"feedburner": {"origlink": {"feedburner:origLink", shapeURL}},
}

// space is the usual prefix of a namespace, "rss" or "atom" for the two
// formats, or empty when nothing of it is wanted.
func space(uri string) string {
	u := strings.ToLower(strings.TrimSpace(uri))
	u = strings.TrimPrefix(strings.TrimPrefix(u, "https://"), "http://")
	u = strings.TrimRight(strings.TrimPrefix(u, "www."), "/#")
	switch u {
	case "purl.org/rss/1.0/modules/content":
		return "content"
	case "purl.org/rss/1.0/modules/syndication":
		return "sy"
	case "purl.org/dc/terms":
		return "dcterms"
	case "search.yahoo.com/mrss":
		return "media"
	case "itunes.com/dtds/podcast-1.0.dtd", "example.com/dtds/podcast-1.0.dtd":
		return "itunes"
	case "rssnamespace.org/feedburner/ext/1.0", "pheedo.com/namespace/pheedo":
		return "feedburner"
	case "w3.org/1999/xhtml":
		return "xhtml"
	case "w3.org/1999/02/22-rdf-syntax-ns":
		return "rdf"
	case "w3.org/xml/1998/namespace":
		return "xml"
	case "w3.org/2005/atom", "purl.org/net/atom":
		return "atom"
	}
	switch {
	case strings.HasPrefix(u, "prismstandard.org/namespaces/"):
		return "prism"
	case strings.HasPrefix(u, "purl.org/dc/elements/"):
		return "dc"
	case strings.HasPrefix(u, "purl.org/atom/"):
		return "atom"
	case strings.HasPrefix(u, "purl.org/rss/1.0/modules/"):
		return ""
	case strings.HasPrefix(u, "purl.org/rss/"), strings.HasPrefix(u, "purl.org/net/rss"),
		strings.HasSuffix(u, "netscape.com/rdf/simple/0.9"), strings.HasPrefix(u, "backend.userland.com/rss"),
		strings.HasPrefix(u, "blogs.law.harvard.edu/tech/rss"):
		return "rss"
	}
	return ""
}

// undeclared is the namespace meant by a prefix that no one declared.
func undeclared(prefix string) string {
	switch p := strings.ToLower(prefix); p {
	case "dc", "dcterms", "content", "xhtml", "atom", "media", "itunes", "sy", "feedburner", "prism", "rdf", "rss", "xml":
		return p
	case "a10", "atom10", "atom03":
		return "atom"
	case "mrss":
		return "media"
	case "pheedo":
		return "feedburner"
	}
	return ""
}

// rssFormat names the kind of RSS.
func rssFormat(root, version string, tg tag) string {
	if root != "rdf" {
		return strings.TrimSpace("rss " + line(version[:min(len(version), 10)]))
	}
	if bytes.Contains(namespaces(tg), []byte("netscape.com/rdf/simple/0.9")) {
		return "rss 0.90"
	}
	return "rss 1.0"
}

// namespaces are all that a tag declares, run together.
func namespaces(tg tag) []byte {
	var all []byte
	for _, a := range tg.attributes {
		if bytes.HasPrefix(a.name, []byte("xmlns")) {
			all = append(append(all, a.value...), ' ')
		}
	}
	return all
}
