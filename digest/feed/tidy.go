package feed

import (
	"bytes"
	"slices"
	"time"
)

// tidy writes a document that need not be well formed again as one that
// gofeed reads well: only the elements that are wanted, under their usual
// names, each once, without namespaces, with text decoded, dates as RFC 3339,
// and every item closed. It reads the document once, whatever is in it.
type tidy struct {
	scanner
	out      []byte
	text     []byte // of the element that was read last; reused
	atom     bool   // else it is some kind of RSS
	format   string
	feed     extra // what is known of the whole feed
	bindings []binding
	items    []extra
	inItem   bool
	parts    int
	seen     []string // elements of the item that come once, and came
	titled   bool     // the feed has a title
	rootless bool     // it begins with its channel
	lost     bool     // an element of this item has no end
	cut      bool     // the document ended inside of an item
	guarded  bool     // a limit was reached
	closed   bool     // the root element was closed
	problems []string
	// What the feed says of being polled, as far as gofeed reads it only in part.
	skipHours []int
	skipDays  []time.Weekday
}

// binding is the meaning of a namespace prefix.
type binding struct {
	prefix []byte
	space  string
}

// extra is what is known of an item beside what gofeed reads.
type extra struct {
	base, language string // xml:base, as it stands, and xml:lang
	textBase       string // xml:base of its text, when that has its own
	about          string // rdf:about
	src            string // where an Atom entry's content lies
	links          []link
}

// link is an Atom link.
type link struct{ href, rel, kind string }

// guard notes once that a limit was reached.
func (t *tidy) guard(p string) {
	t.guarded = true
	t.problem(p)
}

// problem notes once what was mended.
func (t *tidy) problem(p string) {
	if !slices.Contains(t.problems, p) {
		t.problems = append(t.problems, p)
	}
}

// document writes the whole document and says whether it is a feed.
func (t *tidy) document() bool {
	if !t.root() {
		return false
	}
	for tg, ok := t.next(); ok && len(t.items) <= maxItems; tg, ok = t.next() {
		if tg.end {
			t.closed = t.closed || t.ends(tg.name)
			continue
		}
		t.element(tg)
	}
	if t.rootless && len(t.items) == 0 {
		return false
	}
	if len(t.items) > maxItems {
		t.guard("Only the first 1,000 items were read.")
		t.items = t.items[:maxItems]
	} else if !t.closed {
		t.problem("The feed breaks off before its end.")
	}
	if t.tooMany {
		t.guard("A tag has more than 64 attributes; the others were left out.")
	}
	if t.unended {
		t.problem("A tag, comment or section does not end.")
	}
	if t.atom {
		t.out = append(t.out, "</feed>"...)
	} else {
		t.out = append(t.out, "</channel></rss>"...)
	}
	return true
}

// root finds the element that the feed begins with.
func (t *tidy) root() bool {
	web := false
	for first := true; ; first = false {
		tg, ok := t.next()
		if !ok {
			return false
		}
		if tg.end {
			continue
		}
		switch local := lower(local(tg.name)); {
		case local == "rss" || local == "rdf":
			t.format = rssFormat(local, t.get(tg, "version"), tg)
			t.out = append(t.out, "<rss><channel>"...)
		case first && local == "channel" && string(tg.name) == "channel" && t.get(tg, "href") == "":
			t.format, t.rootless = "rss", true
			t.out = append(t.out, "<rss><channel>"...)
		case first && local == "entry" && bytes.Contains(bytes.ToLower(namespaces(tg)), []byte("atom")):
			// One article alone.
			t.atom, t.format = true, "atom 1.0"
			t.out = append(t.out, "<feed>"...)
			t.declare(tg, true)
			t.unread()
			return true
		case local == "feed" && (first || len(tg.attributes) > 0):
			t.atom = true
			t.format = "atom 1.0"
			if t.get(tg, "version") == "0.3" || bytes.Contains(namespaces(tg), []byte("purl.org/atom")) {
				t.format = "atom 0.3"
			}
			t.out = append(t.out, "<feed>"...)
		default:
			web = web || local == "html" || local == "body"
			continue
		}
		if web {
			t.problem("The feed stood inside a web page.")
		} else if !first || len(bytes.TrimSpace(t.before())) > 0 {
			t.problem("What stood before the feed was left out.")
		}
		t.declare(tg, true)
		t.feed.base, t.feed.language = t.base(tg), t.get(tg, "xml:lang")
		return true
	}
}

// before is what stands between the beginning and the tag that was read last
// and is neither a declaration nor a comment.
func (t *tidy) before() []byte {
	head := t.in[:t.start]
	if i := bytes.IndexByte(head, '<'); i >= 0 {
		head = head[:i]
	}
	return head
}

// declare takes note of the namespaces that a tag declares. What the root
// makes the default is the format itself, whatever it is called.
func (t *tidy) declare(tg tag, root bool) {
	for _, a := range tg.attributes {
		if len(a.name) < 5 || a.name[0] != 'x' || string(a.name[:5]) != "xmlns" {
			continue
		}
		if len(t.bindings) >= maxNamespaces {
			t.guard("More than 64 namespaces are declared; the others were left out.")
			return
		}
		b := binding{space: space(string(a.value))}
		switch {
		case len(a.name) > 6 && a.name[5] == ':':
			b.prefix = a.name[6:]
			if b.space == "" {
				b.space = undeclared(string(b.prefix))
			}
		case root:
			continue
		case b.space == "":
			// So is what the frame of the feed makes the default, and no namespace at all.
			if e := t.native()[lower(local(tg.name))]; len(a.value) == 0 || e.shape == shapeInside || e.shape == shapeItem {
				continue
			}
		}
		t.bindings = append(t.bindings, b)
	}
}

// lookup says what becomes of an element.
func (t *tidy) lookup(name []byte) element {
	prefix := name[:max(bytes.IndexByte(name, ':'), 0)]
	native := "rss"
	if t.atom {
		native = "atom"
	}
	in := native
	found := len(prefix) == 0
	for _, b := range slices.Backward(t.bindings) {
		if bytes.Equal(b.prefix, prefix) {
			in, found = b.space, true
			break
		}
	}
	if !found {
		in = undeclared(string(prefix))
	}
	words := modules[in]
	if in == native || in == "rss" {
		words = t.native()
	}
	var buf [24]byte
	l := local(name)
	if len(l) > len(buf) {
		return element{}
	}
	for i, c := range l {
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		buf[i] = c
	}
	return words[string(buf[:len(l)])]
}

func (t *tidy) native() vocabulary {
	switch {
	case t.atom && t.inItem:
		return atomEntry
	case t.atom:
		return atomFeed
	case t.inItem:
		return rssItem
	}
	return rssFeed
}

// element reads the element that begins with a tag.
func (t *tidy) element(tg tag) {
	mark := len(t.bindings)
	t.declare(tg, false)
	e := t.lookup(tg.name)
	if e.shape&shapeOnce != 0 && (slices.Contains(t.seen, e.name) || t.titled && !t.inItem) {
		e.shape = shapeSkip
	}
	if t.parts++; t.inItem && t.parts > maxParts && e.shape != shapeItem {
		t.guard("An item has more than 500 elements; the others were left out.")
		t.abandon()
		return
	}
	switch e.shape &^ shapeOnce {
	case shapeItem:
		t.item(tg, e.name)
	case shapeInside:
		t.inside(tg)
		return
	case shapeSkip:
		t.skip(tg)
	case shapeEmpty:
		t.attributesOnly(tg, e.name)
	case shapeLink:
		t.link(tg)
	case shapePerson:
		t.person(tg, e.name)
	case shapeURL:
		t.address(tg, e.name)
	case shapeDate:
		t.leaf(tg, false)
		if at := parseDate(string(t.text)); !at.IsZero() {
			t.text = at.UTC().AppendFormat(t.text[:0], time.RFC3339)
			t.write(e.name)
		}
	case shapeText:
		t.content(tg, e.name)
	case shapeLine:
		t.line(tg, e)
	}
	t.bindings = t.bindings[:min(mark, len(t.bindings))]
}

// inside enters an element that only holds others.
func (t *tidy) inside(tg tag) {
	if t.inItem {
		return
	}
	if base := t.base(tg); base != "" {
		t.feed.base = resolve(t.feed.base, base)
	}
	if l := t.get(tg, "xml:lang"); l != "" {
		t.feed.language = l
	}
}

// item reads an item up to its end, or to where the next begins.
func (t *tidy) item(tg tag, name string) {
	if len(t.items) == maxItems {
		t.items = append(t.items, extra{})
		return
	}
	x := extra{base: t.feed.base, language: t.get(tg, "xml:lang"), about: t.get(tg, "about")}
	if base := t.base(tg); base != "" {
		x.base = resolve(t.feed.base, base)
	}
	t.items = append(t.items, x)
	t.out = append(append(append(t.out, '<'), name...), '>')
	t.inItem, t.parts, t.lost, t.seen = true, 0, false, t.seen[:0]
	for !tg.empty {
		inner, ok := t.next()
		if !ok || inner.end && t.ends(inner.name) {
			t.cut = !ok
			if ok && !isItem(lower(local(inner.name))) {
				t.unread()
			}
			break
		}
		if inner.end {
			continue
		}
		if t.lookup(inner.name).shape == shapeItem {
			t.problem("An item was not closed.")
			t.unread()
			break
		}
		t.element(inner)
	}
	t.inItem, t.lost, t.seen = false, false, t.seen[:0]
	t.out = append(append(append(t.out, "</"...), name...), '>')
}

func isItem(local string) bool { return local == "item" || local == "entry" }

// ends says whether the end tag of this name ends an item, the feed, or both.
func (t *tidy) ends(name []byte) bool {
	l := local(name)
	if len(l) < 3 || len(l) > 7 {
		return false
	}
	switch lower(l) {
	case "item", "entry", "channel", "rss", "rdf", "feed":
		return true
	}
	return false
}

// abandon steps over the rest of an item, or over all up to the next.
func (t *tidy) abandon() {
	mark := "item"
	if t.atom {
		mark = "entry"
	}
	if t.inItem {
		mark = "/" + mark
	}
	n := bytes.Index(t.in[t.pos:], []byte("<"+mark))
	if n < 0 {
		n = len(t.in) - t.pos
	}
	t.pos += n
}

// skip steps over an element that is not wanted. When its end is missing, or
// when it holds the items of the feed, only its tag is left out.
func (t *tidy) skip(tg tag) {
	if tg.empty || t.lost {
		return
	}
	name, after := tg.name, t.pos
	depth, same, frames := 1, 0, 0
	for {
		inner, ok := t.next()
		if ok && inner.empty {
			continue
		}
		step := 1
		if inner.end {
			step = -1
		}
		if depth += step; depth > maxDepth {
			t.guard("Elements stand more than 64 deep in each other; what follows in the item was left out.")
			t.abandon()
			return
		}
		switch {
		case !ok || frames < 0 || frames > 4 || frames > 0 && !t.inItem:
			// Its end is missing, or it holds the items: then it is entered.
			t.pos, t.lost = after, true
			return
		case bytes.EqualFold(inner.name, name):
			if same += step; same < 0 {
				return
			}
		case t.ends(inner.name):
			frames += step
		}
	}
}
