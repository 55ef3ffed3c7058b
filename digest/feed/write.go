package feed

import (
	"bytes"
	"strings"
)

// write writes an element with t.text as its text, and attributes as pairs of
// name and value.
func (t *tidy) write(name string, attributes ...string) {
	t.out = append(append(t.out, '<'), name...)
	for i := 0; i < len(attributes); i += 2 {
		if attributes[i+1] == "" {
			continue
		}
		t.out = append(append(append(t.out, ' '), attributes[i]...), `="`...)
		t.out = appendEscaped(t.out, attributes[i+1])
		t.out = append(t.out, '"')
	}
	t.out = append(t.out, '>')
	if bytes.IndexByte(t.text, '<') < 0 && bytes.IndexByte(t.text, '&') < 0 && !bytes.Contains(t.text, []byte("]]>")) {
		t.out = append(t.out, t.text...)
	} else {
		t.out = append(t.out, "<![CDATA["...)
		t.out = append(t.out, bytes.ReplaceAll(t.text, []byte("]]>"), []byte("]]]]><![CDATA[>"))...)
		t.out = append(t.out, "]]>"...)
	}
	t.out = append(append(append(t.out, "</"...), name...), '>')
}

// wrap writes t.text in an element inside another.
func (t *tidy) wrap(outer, inner string) {
	t.out = append(append(append(t.out, '<'), outer...), '>')
	t.write(inner)
	t.out = append(append(append(t.out, "</"...), outer...), '>')
}

func appendEscaped(out []byte, s string) []byte {
	for i := range len(s) {
		switch c := s[i]; c {
		case '&':
			out = append(out, "&amp;"...)
		case '<':
			out = append(out, "&lt;"...)
		case '"':
			out = append(out, "&quot;"...)
		default:
			out = append(out, c)
		}
	}
	return out
}

// attributesOnly reads an element that says what it says in attributes.
func (t *tidy) attributesOnly(tg tag, name string) {
	get := func(n string) string { return t.get(tg, n) }
	var pairs []string
	switch name {
	case "category":
		pairs = []string{"term", get("term"), "label", get("label")}
	case "itunes:image":
		pairs = []string{"href", get("href"), "url", get("url")}
	default:
		pairs = []string{"url", get("url"), "type", get("type"), "medium", get("medium"), "width", get("width")}
	}
	base := t.base(tg)
	// What media:content holds belongs to the item as well.
	t.text = t.text[:0]
	if name != "media:content" && !t.leaf(tg, false) {
		return
	}
	first := &pairs[1]
	if *first == "" {
		*first = string(t.text)
	}
	if b := resolve(t.extra().base, base); b != "" && *first != "" && name != "category" {
		*first = resolve(b, strings.TrimSpace(*first))
	}
	t.text = t.text[:0]
	t.write(name, pairs...)
}

// person reads an author: a text, or an element of elements of which one is
// the name.
func (t *tidy) person(tg tag, name string) {
	t.leaf(tg, true)
	inner := scanner{in: t.text, entities: t.entities}
	for part, ok := inner.next(); ok; part, ok = inner.next() {
		if part.end || lower(local(part.name)) != "name" {
			continue
		}
		rest := t.text[inner.pos:]
		if end := bytes.Index(rest, []byte("</")); end >= 0 {
			rest = rest[:end]
		}
		rest = bytes.TrimSuffix(bytes.TrimPrefix(bytes.TrimSpace(rest), []byte("<![CDATA[")), []byte("]]>"))
		t.text = bytes.TrimSpace(t.decode(nil, rest))
		break
	}
	if bytes.IndexByte(t.text, '<') >= 0 || len(t.text) == 0 {
		return
	}
	if t.atom && name == "author" {
		t.wrap(name, "name")
	} else {
		t.write(name)
	}
}

// local is a name without its prefix.
func local(name []byte) []byte {
	return name[bytes.IndexByte(name, ':')+1:]
}

func lower(name []byte) string { return strings.ToLower(string(name)) }
