package feed

import (
	"bytes"
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
	title   bool   // a tag that nothing closes is spoken of: The <video> element
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
	return convert(s, maxText, false)
}

// title is the text of a title, on one line.
func title(s string) string {
	text, _ := convert(s, maxTitle, true)
	if strings.IndexByte(text, '\n') < 0 {
		return text
	}
	return strings.Join(strings.Fields(text), " ")
}

func convert(s string, limit int, title bool) (text, image string) {
	w := writer{limit: limit, title: title}
	for twice := false; ; twice = true {
		if mayBeHTML(s) {
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
		w = writer{limit: limit, title: title, image: w.image}
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

// html adds the text of HTML.
func (w *writer) html(s string) {
	w.grow(len(s))
	if strings.Contains(s, "<!") {
		s = closedComments(withoutCDATA(s))
	}
	z := xhtml.NewTokenizer(strings.NewReader(s))
	var hidden atom.Atom       // the element whose content is not shown
	var last map[atom.Atom]int // where the last end tag of such elements is
	open := w.title && !strings.Contains(s, "</")
	pre := false
	for at := 0; len(w.out) < w.limit; at += len(z.Raw()) {
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
			case open && kind == xhtml.StartTagToken && !more && !formats(a):
				w.text(raw, false)
				continue
			case kind == xhtml.EndTagToken && a == hidden:
				hidden = 0
			case hidden != 0:
			case kind == xhtml.StartTagToken && concealed(a):
				if last == nil {
					last = map[atom.Atom]int{}
				}
				if _, ok := last[a]; !ok {
					last[a] = lastEnd(s, a)
				}
				if last[a] > at || a == atom.Script || a == atom.Style {
					hidden = a
				}
			case a == atom.Img && more && w.image == "":
				w.image = source(z)
			}
			pre = a == atom.Pre && kind == xhtml.StartTagToken || pre && a != atom.Pre
			w.space(breaks(a))
		}
	}
}
