package feed

import (
	"bytes"
	"html"
	"unicode/utf8"
)

// Limits of what is read of a document; beyond them it is cut, and that is
// said among the problems.
const (
	maxDepth      = 64
	maxAttributes = 64
	maxNamespaces = 64
	maxItems      = 1000
	maxParts      = 500     // elements of one item
	maxLeaf       = 512_000 // bytes of one element's text
	maxTag        = 64_000  // bytes of one tag
	maxExpanded   = 1 << 20 // bytes that declared entities expand to
	maxLookups    = 50_000  // named references of HTML
)

// attribute is one attribute of a tag; its value is not decoded.
type attribute struct{ name, value []byte }

// tag is one start or end tag as it stands in the document.
type tag struct {
	name       []byte
	attributes []attribute // valid until the next tag is read
	end        bool        // </name>
	empty      bool        // <name/>
}

// scanner reads tags from a document that need not be well formed.
type scanner struct {
	in         []byte
	pos        int
	attributes []attribute
	entities   map[string]string
	start      int             // where the tag that was read last begins
	absent     map[string]bool // marks that do not come any more
	expanded   int             // bytes that declared entities were expanded to
	lookups    int             // of named references
	declared   bool            // a document type was read
	tooMany    bool            // attributes were left out
	unended    bool            // a comment, CDATA section or tag does not end
}

// next moves to the next tag and reads it. What stands before it, and
// comments, declarations and processing instructions are passed over. It
// returns false at the end of the document.
func (s *scanner) next() (tag, bool) {
	for {
		i := bytes.IndexByte(s.in[s.pos:], '<')
		if i < 0 {
			s.pos = len(s.in)
			return tag{}, false
		}
		s.pos += i
		if s.pass() {
			continue
		}
		if t, ok := s.tag(); ok {
			return t, true
		}
		s.pos++
	}
}

// unread steps back to before the tag that was read last.
func (s *scanner) unread() { s.pos = s.start }

// pass steps over a comment, CDATA section, declaration or processing
// instruction that begins here, and says whether there was one.
func (s *scanner) pass() bool {
	rest := s.in[s.pos:]
	if len(rest) < 2 || rest[1] != '!' && rest[1] != '?' {
		return false
	}
	switch {
	case bytes.HasPrefix(rest, []byte("<!--")):
		s.passSection("<!--", "-->")
	case bytes.HasPrefix(rest, []byte("<![CDATA[")):
		s.passSection("<![CDATA[", "]]>")
	case rest[1] == '?':
		s.passUntil(2, ">")
	case !s.declared && len(rest) > 9 && bytes.EqualFold(rest[2:9], []byte("DOCTYPE")):
		s.declared = true
		s.doctype()
	default:
		s.passUntil(2, ">")
	}
	return true
}

func (s *scanner) passUntil(from int, end string) {
	from = min(s.pos+from, len(s.in))
	i := -1
	if !s.absent[end] {
		i = bytes.Index(s.in[from:], []byte(end))
	}
	if i >= 0 {
		s.pos = from + i + len(end)
		return
	}
	if s.absent == nil {
		s.absent = map[string]bool{}
	}
	s.absent[end] = true
	s.unended = true
	// What does not end may hide the rest of the feed: only its mark is passed.
	s.pos += 2
}

// passSection steps over a comment or CDATA section. When it holds the end of
// an item and then another one begins, its end was forgotten, and only its mark
// is passed.
func (s *scanner) passSection(begin, end string) {
	from := s.pos
	s.passUntil(len(begin), end)
	first, _, more := bytes.Cut(s.in[min(from+len(begin), s.pos):s.pos], []byte(begin))
	if more && (bytes.Contains(first, []byte("</item>")) || bytes.Contains(first, []byte("</entry>"))) {
		s.unended = true
		s.pos = from + 2
	}
}

// doctype steps over a document type and keeps its plain internal entities, at
// most 64 of at most 1 KB.
func (s *scanner) doctype() {
	rest := s.in[s.pos:]
	end := bytes.IndexByte(rest, '>')
	if open := bytes.IndexByte(rest, '['); open >= 0 && open < end {
		subset := bytes.IndexByte(rest[open:], ']')
		if subset < 0 {
			s.pos += 2
			return
		}
		s.entityDeclarations(rest[open : open+subset])
		end = open + subset + max(bytes.IndexByte(rest[open+subset:], '>'), 0)
	}
	if end < 0 {
		s.pos += 2
		return
	}
	s.pos += end + 1
}

func (s *scanner) entityDeclarations(subset []byte) {
	for len(s.entities) < 64 {
		i := bytes.Index(subset, []byte("<!ENTITY"))
		if i < 0 {
			return
		}
		subset = subset[i+len("<!ENTITY"):]
		fields := bytes.Fields(subset[:min(len(subset), 256)])
		if len(fields) < 2 || len(fields[1]) == 0 {
			continue
		}
		at := bytes.IndexAny(subset, `"'`)
		if q := fields[1][0]; q != '"' && q != '\'' || at < 0 {
			continue
		}
		value := subset[at+1:]
		n := bytes.IndexByte(value, subset[at])
		if n < 0 || n > 1024 || bytes.IndexByte(value[:n], '%') >= 0 {
			continue
		}
		if s.entities == nil {
			s.entities = map[string]string{}
		}
		// References to other entities stay as they are: nothing is expanded twice.
		s.entities[string(fields[0])] = html.UnescapeString(string(value[:n]))
		subset = value[n:]
	}
}

// tag reads the tag that begins here and steps over it. It returns false, and
// stays, when what stands here is no tag.
func (s *scanner) tag() (tag, bool) {
	in, p := s.in, s.pos+1
	s.start = s.pos
	t := tag{attributes: s.attributes[:0]}
	if p < len(in) && in[p] == '/' {
		t.end = true
		for p++; p < len(in) && blank(in[p]); p++ {
		}
	}
	start := p
	for p < len(in) && nameByte[in[p]] {
		p++
	}
	if p == start || !nameStart(in[start]) || p == len(in) {
		return tag{}, false
	}
	t.name = in[start:p]
	limit := min(len(in), p+maxTag)
	for p < limit {
		switch c := in[p]; {
		case c == '>':
			s.pos, s.attributes = p+1, t.attributes
			return t, true
		case c == '/':
			t.empty = p+1 < len(in) && in[p+1] == '>'
			p++
		case c == '<':
			// The tag was never closed; the next one begins.
			s.unended = true
			s.pos, s.attributes = p, t.attributes
			return t, t.end || len(t.attributes) > 0
		case nameByte[c]:
			var a attribute
			if a, p = s.attribute(p); p < 0 {
				return tag{}, false
			}
			if len(t.attributes) < maxAttributes {
				t.attributes = append(t.attributes, a)
			} else {
				s.tooMany = true
			}
		default:
			p++
		}
	}
	return tag{}, false
}

// attribute reads the attribute at p and returns where it ends, negative when
// its value has no end.
func (s *scanner) attribute(p int) (attribute, int) {
	in := s.in
	start := p
	for p < len(in) && nameByte[in[p]] {
		p++
	}
	a := attribute{name: in[start:p]}
	for p < len(in) && blank(in[p]) {
		p++
	}
	if p >= len(in) || in[p] != '=' {
		return a, p
	}
	p++
	for p < len(in) && blank(in[p]) {
		p++
	}
	if p >= len(in) {
		return a, -1
	}
	if q := in[p]; q == '"' || q == '\'' {
		n := bytes.IndexByte(in[p+1:min(len(in), p+maxTag)], q)
		if n < 0 {
			return a, -1
		}
		if a.value = in[p+1 : p+1+n]; !bytes.Contains(a.value, []byte("</")) {
			return a, p + n + 2
		}
		// The quote was never closed.
		p++
	}
	start = p
	for p < len(in) && !blank(in[p]) && in[p] != '>' && in[p] != '<' {
		p++
	}
	a.value = in[start:p]
	return a, p
}

// get returns the decoded value of an attribute, by its local name in lower
// case, with the prefix only for xml:.
func (s *scanner) get(t tag, name string) string {
	for _, a := range t.attributes {
		local := a.name
		if i := bytes.IndexByte(local, ':'); i >= 0 && !bytes.HasPrefix(local, []byte("xml:")) {
			local = local[i+1:]
		}
		if len(local) == len(name) && bytes.EqualFold(local, []byte(name)) {
			return string(bytes.TrimSpace(s.decode(nil, a.value)))
		}
	}
	return ""
}

// decode appends text with its references decoded: those of XML and HTML,
// numbers, and the entities that the document declares. Illegal characters are
// left out, unknown references stay.
func (s *scanner) decode(out, text []byte) []byte {
	for {
		i := bytes.IndexByte(text, '&')
		if i < 0 {
			return append(out, text...)
		}
		out = append(out, text[:i]...)
		text = text[i:]
		n := bytes.IndexByte(text[:min(len(text), 40)], ';')
		if n < 2 {
			out, text = append(out, '&'), text[1:]
			continue
		}
		if r, size := pair(text, n); size > 0 {
			out, text = utf8.AppendRune(out, r), text[size:]
			continue
		}
		var known bool
		if out, known = s.reference(out, text[1:n]); known {
			text = text[n+1:]
		} else {
			out, text = append(out, '&'), text[1:]
		}
	}
}

// reference appends what &name; stands for.
func (s *scanner) reference(out, name []byte) ([]byte, bool) {
	switch string(name) {
	case "lt":
		return append(out, '<'), true
	case "gt":
		return append(out, '>'), true
	case "amp":
		return append(out, '&'), true
	case "quot":
		return append(out, '"'), true
	case "apos":
		return append(out, '\''), true
	}
	if name[0] == '#' {
		r := number(name[1:])
		if r < 0 {
			return out, false
		}
		if legal(r) {
			out = utf8.AppendRune(out, r)
		}
		return out, true
	}
	if v, ok := s.entities[string(name)]; ok {
		if s.expanded += len(v); s.expanded > maxExpanded {
			return out, true
		}
		return append(out, v...), true
	}
	if s.lookups++; s.lookups > maxLookups {
		return out, false
	}
	whole := "&" + string(name) + ";"
	if v := html.UnescapeString(whole); v != whole && v[len(v)-1] != ';' {
		return append(out, v...), true
	}
	return out, false
}

// number reads the digits of a character reference; those that name a control
// character of windows-1252 mean the character there. Negative is no number.
func number(digits []byte) rune {
	base := rune(10)
	if len(digits) > 0 && (digits[0] == 'x' || digits[0] == 'X') {
		base, digits = 16, digits[1:]
	}
	if len(digits) == 0 || len(digits) > 9 {
		return -1
	}
	var r rune
	for _, d := range digits {
		v := rune(d|0x20) - 'a' + 10
		if d >= '0' && d <= '9' {
			v = rune(d - '0')
		}
		if v < 0 || v >= base {
			return -1
		}
		if r = r*base + v; r > utf8.MaxRune {
			return utf8.RuneError
		}
	}
	if r >= 0x80 && r < 0xA0 {
		return windows1252(byte(r))
	}
	return r
}

// legal says whether XML 1.0 allows a character.
func legal(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= utf8.MaxRune
}

func blank(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

func nameStart(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c >= 0x80 }

// nameByte says which bytes may stand in the name of a tag or an attribute.
var nameByte = func() (set [256]bool) {
	for c := range set {
		b := byte(c)
		set[c] = nameStart(b) || b >= '0' && b <= '9' || b == ':' || b == '-' || b == '.'
	}
	return set
}()
