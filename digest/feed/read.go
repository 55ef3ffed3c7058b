package feed

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/mmcdole/gofeed/atom"
	"github.com/mmcdole/gofeed/rss"
)

// patience is how long gofeed may take over one document. What it is given is
// bounded; this is for what was not thought of.
const patience = 5 * time.Second

// ErrNotFeed is matched, by errors.Is, by every error of Read that says that a
// document is something else.
var ErrNotFeed = errors.New("not a feed")

// otherThing says in a sentence what a document is that is no feed.
type otherThing string

func (o otherThing) Error() string { return string(o) }

func (o otherThing) Is(target error) bool { return target == ErrNotFeed }

// Read reads a feed of any kind: RSS 0.9x to 2.0, RDF, Atom and JSON Feed,
// well formed or nearly so. contentType is what the answer said of itself, or
// empty; base is the URL that it came from, or empty, and then links that are
// relative stay so. The error is a sentence that says why it is no feed.
func Read(body []byte, contentType, base string) (*Feed, error) {
	text, note := toUTF8(gunzipped(body), contentType)
	text = bytes.TrimSpace(text)
	if len(text) == 0 {
		return nil, otherThing("The answer is empty.")
	}
	var f *Feed
	var err error
	if text[0] == '{' || text[0] == '[' {
		f, err = readJSON(text, base)
	} else {
		f, err = readXML(text, base)
	}
	if err != nil {
		return nil, err
	}
	if note != "" {
		f.Problems = append([]string{note}, f.Problems...)
	}
	return f, nil
}

// gunzipped is a body that was stored compressed, decompressed up to a limit.
func gunzipped(body []byte) []byte {
	if !bytes.HasPrefix(body, []byte{0x1F, 0x8B}) {
		return body
	}
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return body
	}
	plain, _ := io.ReadAll(io.LimitReader(z, 8<<20))
	return plain
}

// readXML reads RSS, RDF and Atom.
func readXML(text []byte, base string) (*Feed, error) {
	t := tidy{scanner: scanner{in: text}, out: make([]byte, 0, len(text)+256)}
	if !t.document() {
		if inner := escapedFeed(text); inner != nil {
			return readXML(inner, base)
		}
		return nil, otherThing(whatElse(text))
	}
	f, err := t.parse(base)
	if err != nil {
		return nil, err
	}
	if t.guarded && !slices.ContainsFunc(f.Items, func(it Item) bool { return it.Title != "" || it.URL != "" }) {
		return nil, otherThing("It begins like a feed, but holds no article. " + strings.Join(t.problems, " "))
	}
	if n := len(f.Items) - 1; t.cut && n > 0 && f.Items[n].URL == "" {
		// It would be another article when it comes whole.
		f.Items = f.Items[:n]
	}
	f.Problems = t.problems
	return f, nil
}

// parse gives gofeed what was tidied.
func (t *tidy) parse(base string) (f *Feed, err error) {
	defer func() {
		if r := recover(); r != nil {
			f, err = nil, fmt.Errorf("the feed cannot be read: %v", r)
		}
	}()
	in := &limited{r: bytes.NewReader(t.out), until: time.Now().Add(patience)}
	if t.atom {
		a, err := (&atom.Parser{}).Parse(in)
		if err != nil {
			return nil, fmt.Errorf("the feed cannot be read: %w", err)
		}
		return fromAtom(a, t, base), nil
	}
	r, err := (&rss.Parser{}).Parse(in)
	if err != nil {
		return nil, fmt.Errorf("the feed cannot be read: %w", err)
	}
	return fromRSS(r, t, base), nil
}

// limited is a reader that fails when its time is over.
type limited struct {
	r     io.Reader
	until time.Time
}

func (l *limited) Read(p []byte) (int, error) {
	if time.Now().After(l.until) {
		return 0, errors.New("it takes too long to read")
	}
	return l.r.Read(p)
}

// escapedFeed is the feed that a web page shows as its text, or nil.
func escapedFeed(text []byte) []byte {
	for _, mark := range []string{"&lt;?xml", "&lt;rss", "&lt;feed", "&lt;rdf:RDF"} {
		if i := bytes.Index(text, []byte(mark)); i >= 0 && len(text) < 1<<22 {
			rest := text[i:]
			if end := bytes.Index(rest, []byte("</pre>")); end >= 0 {
				rest = rest[:end]
			}
			return []byte(unescape(string(rest)))
		}
	}
	return nil
}

// whatElse says what a document is that is no feed.
func whatElse(text []byte) string {
	head := bytes.ToLower(text[:min(len(text), 2048)])
	has := func(marks ...string) bool {
		for _, m := range marks {
			if bytes.Contains(head, []byte(m)) {
				return true
			}
		}
		return false
	}
	switch {
	case has("<opml"):
		return "This is an OPML list of feeds, not a feed. It can be imported."
	case has("<!doctype html", "<html", "<head", "<body"):
		return "This is a web page, not a feed. Discovery may find the feeds of its site."
	case has("<urlset", "<sitemapindex"):
		return "This is a sitemap, not a feed."
	case has("<channel ", "<channel\n") && has("rss1.1", "cdf"):
		return "This is a format that is no longer in use, and is not read."
	case text[0] == '<':
		return "This is XML, but neither RSS nor Atom."
	case bytes.HasPrefix(head, []byte("%pdf")), bytes.HasPrefix(head, []byte("\x89png")), bytes.IndexByte(head, 0) >= 0:
		return "This is a file of some other kind, not a feed."
	}
	return "This is neither RSS, Atom nor JSON Feed."
}
