package feed

import (
	"bytes"
	"html"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/text/unicode/norm"
)

const (
	maxText  = 100_000 // bytes of an item's text
	maxTitle = 1_000   // bytes of a title
	maxMarks = 6       // combining marks in a row
)

// gap is what stands between two pieces of text.
type gap uint8

const (
	none gap = iota
	word
	lineBreak
	paragraph
)

// writer gathers plain text. Blanks are collapsed, and what a chat must not
// see is left out: control characters, direction overrides, characters of no
// width but the two joiners and the two direction marks, floods of marks.
type writer struct {
	out     []byte
	gap     gap
	marks   int
	foreign bool // not all is ASCII
	limit   int
	image   string // address of the first image that is no tracking pixel
}

// space widens the gap before what comes next.
func (w *writer) space(g gap) {
	if len(w.out) > 0 {
		w.gap = max(w.gap, g)
	}
}

func (w *writer) fill() {
	switch w.gap {
	case word:
		w.out = append(w.out, ' ')
	case lineBreak:
		w.out = append(w.out, '\n')
	case paragraph:
		w.out = append(w.out, "\n\n"...)
	}
	w.gap = none
}

// text adds a piece of text. Empty lines part paragraphs only when lines is
// set, as in text that is not HTML.
func (w *writer) text(s []byte, lines bool) {
	for len(s) > 0 && len(w.out) < w.limit {
		c := s[0]
		if c > ' ' && c < 0x7F {
			n := 1
			for n < len(s) && s[n] > ' ' && s[n] < 0x7F {
				n++
			}
			w.fill()
			w.out = append(w.out, s[:n]...)
			s, w.marks = s[n:], 0
			continue
		}
		if c < utf8.RuneSelf {
			s = s[1:]
			switch {
			case c == '\n' && lines && w.gap >= lineBreak:
				w.space(paragraph)
			case c == '\n' && lines:
				w.space(lineBreak)
			case blank(c) || c == '\v' || c == '\f':
				w.space(word)
			}
			continue
		}
		r, size := utf8.DecodeRune(s)
		w.rune(r, s[:size])
		s = s[size:]
	}
}

// rune adds a character beyond ASCII.
func (w *writer) rune(r rune, raw []byte) {
	switch {
	case r == utf8.RuneError && len(raw) == 1:
		raw = []byte("\uFFFD")
	case r == 0x2028 || r == 0x2029 || r == 0x85:
		w.space(lineBreak)
		return
	case unicode.IsSpace(r):
		w.space(word)
		return
	case unseen(r):
		return
	case r >= 0x300 && unicode.In(r, unicode.Mn, unicode.Me):
		if w.marks++; w.marks > maxMarks {
			return
		}
	default:
		w.marks = 0
	}
	w.fill()
	w.out = append(w.out, raw...)
	w.foreign = true
}

// unseen says whether a character is left out of all text.
func unseen(r rune) bool {
	switch {
	case r < 0xA0, r == 0xAD, r == 0x180E, r == 0x200B, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x206F, r == 0xFEFF,
		r >= 0xFFF0 && r <= 0xFFFB, r&0xFFFE == 0xFFFE, r >= 0xE0000 && r <= 0xE0FFF, r == 0x115F, r == 0x1160, r == 0x3164,
		r >= 0xFDD0 && r <= 0xFDEF:
		return true
	}
	return false
}

// String is the text, normalised.
func (w *writer) String() string {
	if len(w.out) > w.limit {
		n := w.limit
		for n > 0 && !utf8.RuneStart(w.out[n]) {
			n--
		}
		w.out = bytes.TrimRight(w.out[:n], " \n")
	}
	if w.foreign && !norm.NFC.IsNormal(w.out) {
		return string(norm.NFC.Bytes(w.out))
	}
	return string(w.out)
}

// plain is the text of HTML, or of what may be HTML, with an empty line
// between paragraphs, and its first image. What was escaped twice is decoded
// twice.
func plain(s string) (text, image string) {
	return convert(s, maxText)
}

// title is the text of a title, on one line.
func title(s string) string {
	text, _ := convert(s, maxTitle)
	if strings.IndexByte(text, '\n') < 0 {
		return text
	}
	return strings.Join(strings.Fields(text), " ")
}

func convert(s string, limit int) (text, image string) {
	w := writer{limit: limit}
	for twice := false; ; twice = true {
		if strings.IndexByte(s, '<') >= 0 {
			w.html(s)
		} else {
			w.grow(len(s))
			w.text([]byte(unescape(s)), true)
		}
		text = w.String()
		if twice {
			return text, w.image
		}
		// What still looks like HTML although it was none was escaped twice.
		again := unescape(text)
		if again == text && (hasTags(s) || !hasTags(text)) {
			return text, w.image
		}
		s = again
		w = writer{limit: limit, image: w.image}
	}
}

func (w *writer) grow(n int) {
	w.out = make([]byte, 0, min(n, w.limit+utf8.UTFMax))
}

// unescape decodes references that end with a semicolon; &copy=1 in an address
// is none.
func unescape(s string) string {
	if strings.IndexByte(s, '&') < 0 {
		return s
	}
	var references scanner
	return string(references.decode(nil, []byte(s)))
}

// hasTags says whether a text holds an HTML tag.
func hasTags(s string) bool {
	for {
		i := strings.IndexByte(s, '<')
		if i < 0 || len(s) < i+3 {
			return false
		}
		s = s[i+1:]
		name := strings.TrimPrefix(s, "/")
		n := 0
		for n < len(name) && n < 12 && nameByte[name[n]] {
			n++
		}
		if n > 0 && strings.IndexByte(name[n:min(len(name), n+1000)], '>') >= 0 && known([]byte(strings.ToLower(name[:n]))) {
			return true
		}
	}
}

// known says whether HTML has an element of this name.
func known(name []byte) bool {
	a := atom.Lookup(name)
	return a != 0 && elements[a]
}

// html adds the text of HTML.
func (w *writer) html(s string) {
	w.grow(len(s))
	z := xhtml.NewTokenizer(strings.NewReader(s))
	var hidden atom.Atom // the element whose content is not shown
	pre := false
	for len(w.out) < w.limit {
		switch kind := z.Next(); kind {
		case xhtml.ErrorToken:
			return
		case xhtml.TextToken:
			if hidden == 0 {
				w.text(z.Text(), pre)
			}
		case xhtml.StartTagToken, xhtml.SelfClosingTagToken, xhtml.EndTagToken:
			raw := z.Raw()
			name, more := z.TagName()
			name = local(name)
			a := atom.Lookup(name)
			switch {
			case !elements[a] && len(name) > 0 && bytes.IndexByte(raw, ':') < 0 && hidden == 0:
				w.text(raw, false) // List<String> is no tag
			case kind == xhtml.EndTagToken && a == hidden:
				hidden = 0
			case hidden != 0:
			case kind == xhtml.StartTagToken && concealed(a):
				hidden = a
			case a == atom.Img && more && w.image == "":
				w.image = source(z)
			}
			pre = a == atom.Pre && kind == xhtml.StartTagToken || pre && a != atom.Pre
			w.space(breaks(a))
		}
	}
}

// concealed says whether what an element holds is not for reading.
func concealed(a atom.Atom) bool {
	switch a {
	case atom.Script, atom.Style, atom.Template, atom.Iframe, atom.Object, atom.Svg, atom.Noembed, atom.Textarea, atom.Select,
		atom.Head, atom.Form, atom.Math, atom.Audio, atom.Video, atom.Button:
		return true
	}
	return false
}

// breaks is the gap that a tag makes.
func breaks(a atom.Atom) gap {
	switch a {
	case atom.P, atom.Div, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Blockquote, atom.Ul, atom.Ol, atom.Dl,
		atom.Table, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Figure, atom.Figcaption, atom.Pre, atom.Hr,
		atom.Main, atom.Aside, atom.Nav, atom.Address, atom.Center, atom.Details, atom.Summary, atom.Body, atom.Html:
		return paragraph
	case atom.Br, atom.Li, atom.Tr, atom.Dt, atom.Dd, atom.Caption:
		return lineBreak
	case atom.Td, atom.Th, atom.Img:
		return word
	}
	return none
}

// source is the address of an image, unless it is too small to be seen or no
// picture of the article.
func source(z *xhtml.Tokenizer) string {
	var src, lazy string
	for more := true; more; {
		var key, value []byte
		key, value, more = z.TagAttr()
		switch string(key) {
		case "src":
			src = string(value)
		case "data-src", "data-original", "data-lazy-src":
			lazy = string(value)
		case "width", "height":
			if n, err := strconv.Atoi(strings.TrimSuffix(string(value), "px")); err == nil && n <= 32 {
				return ""
			}
		}
	}
	if lazy != "" && (src == "" || strings.HasPrefix(src, "data:")) {
		src = lazy
	}
	for _, sign := range []string{"data:", "feedburner.com/~", "pheedo.com/", "/emoji/", "gravatar.com/avatar", "doubleclick.net/"} {
		if strings.Contains(src, sign) {
			return ""
		}
	}
	return html.UnescapeString(strings.TrimSpace(src))
}

// elements are the elements of HTML. The atoms also name attributes.
var elements = func() map[atom.Atom]bool {
	all := map[atom.Atom]bool{}
	for name := range strings.FieldsSeq("a abbr acronym address applet area article aside audio b base basefont bdi bdo big " +
		"blink blockquote body br button canvas caption center cite code col colgroup data datalist dd del details dfn dialog dir " +
		"div dl dt em embed fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html " +
		"i iframe img input ins kbd label legend li link main map mark marquee math menu meta meter nav nobr noembed noframes " +
		"noscript object ol optgroup option output p param picture pre progress q rb rp rt ruby s samp script section select small " +
		"source span strike strong style sub summary sup svg table tbody td template textarea tfoot th thead time title tr track tt " +
		"u ul var video wbr") {
		if a := atom.Lookup([]byte(name)); a != 0 {
			all[a] = true
		}
	}
	return all
}()
