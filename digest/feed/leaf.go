package feed

import (
	"bytes"
	"encoding/base64"
	"strings"
	"time"
	"unicode/utf8"
)

// leaf reads the text of an element into t.text: decoded when it is text, as
// it stands when it is markup. It returns false when the text has no end.
func (t *tidy) leaf(tg tag, long bool) bool {
	t.text = t.text[:0]
	if tg.empty {
		return true
	}
	foreign := long && strings.Contains(t.get(tg, "type"), "/xml")
	if strings.EqualFold(t.get(tg, "mode"), "base64") || t.atom && isBinary(t.get(tg, "type")) {
		defer t.base64()
	}
	from, name := t.pos, tg.name
	markup, same, frames := false, 0, 0
	for {
		i := bytes.IndexByte(t.in[t.pos:], '<')
		if i < 0 {
			t.pos = len(t.in)
			t.collect(t.in[from:], markup, long)
			return false
		}
		t.pos += i
		at := t.pos
		if t.pass() {
			continue
		}
		inner, ok := t.tag()
		if !ok {
			t.pos++
			continue
		}
		switch {
		case bytes.EqualFold(inner.name, name):
			if inner.end && same == 0 {
				t.collect(t.in[from:at], markup, long)
				return true
			}
			markup = true
			if inner.end {
				same--
			} else if !inner.empty {
				same++
			}
		case inner.end && frames > 0 && t.ends(inner.name):
			frames-- // of RDF inside of a drawing, for one
		case !foreign && (inner.end && t.ends(inner.name) || !inner.end && stops(inner, long)):
			t.pos = at
			t.problem("An element was not closed.")
			t.collect(t.in[from:at], markup, long)
			return true
		default:
			markup = true
			if !inner.end && !inner.empty && t.ends(inner.name) {
				frames++
			}
		}
	}
}

// isBinary says whether what Atom calls the type of a text is encoded.
func isBinary(kind string) bool {
	kind = strings.ToLower(kind)
	return strings.Contains(kind, "/") && !strings.HasPrefix(kind, "text/") && !strings.Contains(kind, "xml") && !strings.Contains(kind, "html")
}

// base64 decodes t.text when it is encoded, and leaves nothing of it when it
// is not text.
func (t *tidy) base64() {
	plain, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(string(t.text)), ""))
	switch {
	case err == nil && utf8.Valid(plain):
		t.text = clean(append(t.text[:0], plain...))
	case err == nil:
		t.text = t.text[:0]
	}
}

// stops says whether an element that begins inside the text of another shows
// that the other was not closed.
func stops(tg tag, long bool) bool {
	if len(tg.name) > 12 {
		return false
	}
	switch lower(tg.name) {
	case "item", "entry", "guid", "pubdate", "published", "issued", "updated", "modified":
		return true
	case "link":
		return !long || len(tg.attributes) == 0 && !tg.empty // that of HTML has some
	case "title", "description", "summary", "content", "author", "category", "enclosure":
		return !long
	}
	return false
}

// collect puts the text of an element into t.text.
func (t *tidy) collect(inner []byte, markup, long bool) {
	if len(inner) > maxLeaf {
		inner = inner[:maxLeaf]
		t.guard("A very long text was cut.")
	}
	comments := true // some may end yet
	for len(inner) > 0 {
		i := bytes.IndexByte(inner, '<')
		if i < 0 {
			i = len(inner)
		}
		if markup {
			t.text = append(t.text, inner[:i]...)
		} else {
			t.text = t.decode(t.text, inner[:i])
		}
		inner = inner[i:]
		switch {
		case len(inner) == 0:
		case bytes.HasPrefix(inner, []byte("<![CDATA[")):
			section, rest, _ := bytes.Cut(inner[len("<![CDATA["):], []byte("]]>"))
			t.text, inner = append(t.text, section...), rest
		case bytes.HasPrefix(inner, []byte("<!--")):
			rest, ok := []byte(nil), false
			if comments {
				_, rest, ok = bytes.Cut(inner, []byte("-->"))
			}
			if comments = ok; !ok {
				rest = inner[len("<!--"):]
			}
			inner = rest
		default:
			t.text = append(t.text, '<')
			inner = inner[1:]
		}
	}
	t.text = bytes.TrimSpace(undouble(t.text, long))
}

// line reads an element of one line: a title, an id, a name.
func (t *tidy) line(tg tag, e element) {
	permalink := ""
	if e.name == "guid" {
		permalink = t.get(tg, "ispermalink")
	}
	if !t.leaf(tg, false) || len(t.text) == 0 {
		return
	}
	if e.shape&shapeOnce != 0 && t.inItem {
		t.seen = append(t.seen, e.name)
	} else if e.shape&shapeOnce != 0 {
		t.titled = true
	}
	if permalink != "" && !strings.EqualFold(permalink, "true") {
		t.write(e.name, "isPermaLink", "false")
		return
	}
	switch e.name {
	case "hour":
		if n, ok := digits(string(t.text)); ok && n <= 24 {
			t.skipHours = append(t.skipHours, n%24)
		}
	case "day":
		if n := weekdays[lower(t.text)]; n > 0 {
			t.skipDays = append(t.skipDays, time.Weekday(n%7))
		}
	default:
		t.write(e.name)
	}
}

// content reads an element whose text may be HTML.
func (t *tidy) content(tg tag, name string) {
	src := t.get(tg, "src")
	x := t.extra()
	if src != "" && x.src == "" {
		x.src = resolve(x.base, src)
	}
	if base := t.base(tg); base != "" && t.inItem {
		x.textBase = resolve(x.base, base)
	}
	t.leaf(tg, true)
	t.write(name)
}

// base is the xml:base of a tag; one that leads nowhere is none.
func (t *tidy) base(tg tag) string {
	b := t.get(tg, "xml:base")
	i := strings.IndexAny(b, ":/?#")
	if i <= 0 || b[i] != ':' || strings.EqualFold(b[:i], "http") || strings.EqualFold(b[:i], "https") {
		return b
	}
	return ""
}

// extra is what is known of the item that is being read, or of the feed.
func (t *tidy) extra() *extra {
	if t.inItem {
		return &t.items[len(t.items)-1]
	}
	return &t.feed
}

// address reads an element that is a link.
func (t *tidy) address(tg tag, name string) {
	href, rel, base := t.get(tg, "href"), lower([]byte(t.get(tg, "rel"))), t.base(tg)
	if !t.leaf(tg, false) {
		return
	}
	if bytes.IndexByte(t.text, '<') >= 0 {
		t.text = []byte(title(string(t.text))) // <a>https://…</a>
	}
	if len(t.text) == 0 {
		t.text = append(t.text, href...)
	}
	if tg.empty && href == "" {
		// As an HTML parser writes it: <link/>https://…
		rest := t.in[t.pos:min(len(t.in), t.pos+2048)]
		rest = bytes.TrimSpace(rest[:max(bytes.IndexByte(rest, '<'), 0)])
		if bytes.HasPrefix(rest, []byte("http")) {
			t.text = t.decode(t.text, rest)
		}
	}
	t.absolute(base)
	if rel != "" && rel != "alternate" {
		t.extra().links = append(t.extra().links, link{href: string(t.text), rel: rel})
		return
	}
	t.write(name)
}

// link reads an Atom link.
func (t *tidy) link(tg tag) {
	l := link{href: t.get(tg, "href"), rel: strings.ToLower(t.get(tg, "rel")), kind: strings.ToLower(t.get(tg, "type"))}
	l.rel = strings.TrimPrefix(l.rel, "http://www.iana.org/assignments/relation/")
	if l.rel == "alternate" {
		l.rel = ""
	}
	base := t.base(tg)
	if !t.leaf(tg, false) {
		return
	}
	if l.href == "" {
		l.href = string(t.text)
	}
	x := t.extra()
	if base = resolve(x.base, base); base != "" && l.href != "" {
		l.href = resolve(base, l.href)
	}
	if l.href != "" {
		x.links = append(x.links, l)
	}
}

// absolute resolves t.text by the xml:base in scope, when there is one.
func (t *tidy) absolute(own string) {
	base := resolve(t.extra().base, own)
	if base != "" && len(t.text) > 0 {
		t.text = append(t.text[:0], resolve(base, string(t.text))...)
	}
}
