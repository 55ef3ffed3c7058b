package feed

import (
	"bytes"
	"mime"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/gogs/chardet"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// toUTF8 returns the body as valid UTF-8 without control characters, and in
// words what it had to decide against what the document says of itself. What
// the bytes show wins over what a label claims: a byte order mark, the pattern
// of the first four bytes, valid UTF-8, then the label of the answer, the XML
// declaration, a statistical guess, and at last windows-1252.
func toUTF8(body []byte, contentType string) ([]byte, string) {
	if enc, skip := wide(body); enc != nil {
		text, err := enc.NewDecoder().Bytes(body[skip:])
		if err == nil && (skip > 0 || 50*bytes.Count(text, []byte("\uFFFD")) <= len(text)) {
			return clean(text), ""
		}
	}
	body = bytes.TrimPrefix(body, []byte("\xEF\xBB\xBF"))
	valid := utf8.Valid(body)
	if !valid {
		body = joined(body)
		valid = utf8.Valid(body)
	}
	declared := declaredCharset(body)
	_, params, _ := mime.ParseMediaType(contentType)
	labels := []string{params["charset"], declared}
	if valid && (bytes.IndexByte(body, 0x1B) < 0 || slices.ContainsFunc(body, multibyte)) {
		return clean(body), contradicted(labels, body)
	}
	other := slices.ContainsFunc(labels, func(label string) bool { return byLabel(label) != nil })
	if good, bad := survey(body); good > 4*bad || good > bad && !other {
		return clean(bytes.ToValidUTF8(body, []byte("\uFFFD"))), "Bytes that are not UTF-8 were replaced."
	}
	for _, label := range labels {
		enc := byLabel(label)
		if enc == nil {
			continue
		}
		if text, err := enc.NewDecoder().Bytes(body); err == nil && plausible(text) {
			return clean(text), ""
		}
	}
	if enc, name := guess(body); enc != nil {
		if text, err := enc.NewDecoder().Bytes(body); err == nil && plausible(text) {
			return clean(text), "The characters are not in the declared encoding; " + name + " was used."
		}
	}
	text, _ := charmap.Windows1252.NewDecoder().Bytes(body)
	return clean(text), "The characters are not in the declared encoding; windows-1252 was used."
}

// wide recognises the encodings of more than one byte a character, and EBCDIC,
// by their first bytes.
func wide(b []byte) (encoding.Encoding, int) {
	if len(b) < 4 {
		return nil, 0
	}
	utf16LE := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	utf16BE := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	utf32LE := utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM)
	utf32BE := utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM)
	switch {
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE, 0, 0}):
		return utf32LE, 4
	case bytes.HasPrefix(b, []byte{0, 0, 0xFE, 0xFF}):
		return utf32BE, 4
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE}):
		return utf16LE, 2
	case bytes.HasPrefix(b, []byte{0xFE, 0xFF}):
		return utf16BE, 2
	case b[0] != 0 && b[1] == 0 && b[2] == 0 && b[3] == 0:
		return utf32LE, 0
	case b[0] == 0 && b[1] == 0 && b[2] == 0 && b[3] != 0:
		return utf32BE, 0
	case b[0] != 0 && b[1] == 0 && b[2] != 0 && b[3] == 0:
		return utf16LE, 0
	case b[0] == 0 && b[1] != 0 && b[2] == 0 && b[3] != 0:
		return utf16BE, 0
	case bytes.HasPrefix(b, []byte{0x4C, 0x6F, 0xA7, 0x94}):
		return charmap.CodePage037, 0
	}
	return nil, 0
}

// pair is the character that two references stand for, as those who count in
// UTF-16 write it, and their length, zero when there is none. The first ends
// at n.
func pair(text []byte, n int) (rune, int) {
	if text[1] != '#' || n+3 >= len(text) || text[n+1] != '&' || text[n+2] != '#' {
		return 0, 0
	}
	end := bytes.IndexByte(text[n+1:min(len(text), n+12)], ';')
	if end < 3 {
		return 0, 0
	}
	r := utf16.DecodeRune(number(text[2:n]), number(text[n+3:n+1+end]))
	if r == utf8.RuneError {
		return 0, 0
	}
	return r, n + 2 + end
}

// joined is text with those characters in UTF-8 whose two halves of UTF-16 were
// encoded each by itself.
func joined(b []byte) []byte {
	half := func(at int, least byte) rune {
		if at+2 >= len(b) || b[at] != 0xED || b[at+1]&0xF0 != least || b[at+2]&0xC0 != 0x80 {
			return -1
		}
		return 0xD000 | rune(b[at+1]&0x3F)<<6 | rune(b[at+2]&0x3F)
	}
	var out []byte
	kept := 0
	for i := bytes.IndexByte(b, 0xED); i >= 0 && i+5 < len(b); {
		high, low := half(i, 0xA0), half(i+3, 0xB0)
		if high > 0 && low > 0 {
			out = utf8.AppendRune(append(out, b[kept:i]...), utf16.DecodeRune(high, low))
			kept = i + 6
			i += 5
		}
		next := bytes.IndexByte(b[i+1:], 0xED)
		if next < 0 {
			break
		}
		i += 1 + next
	}
	if kept == 0 {
		return b
	}
	return append(out, b[kept:]...)
}

func multibyte(b byte) bool { return b >= utf8.RuneSelf }

// survey counts the characters of UTF-8 that have more than one byte, and the
// bytes that are none. In other encodings few bytes happen to look like UTF-8.
func survey(b []byte) (good, bad int) {
	for len(b) > 0 {
		if b[0] < utf8.RuneSelf {
			b = b[1:]
			continue
		}
		_, size := utf8.DecodeRune(b)
		if size > 1 {
			good++
		} else {
			bad++
		}
		b = b[size:]
	}
	return good, bad
}

// contradicted says in words that a body is UTF-8 although it claims to be not.
func contradicted(labels []string, body []byte) string {
	for _, label := range labels {
		if l := strings.ToLower(label); l != "" && l != "utf-8" && l != "utf8" && slices.ContainsFunc(body, multibyte) {
			return "The feed says that it is in " + line(label[:min(len(label), 40)]) + ", but it is in UTF-8."
		}
	}
	return ""
}

// declaredCharset is what the XML declaration names.
func declaredCharset(b []byte) string {
	head := b[:min(len(b), 512)]
	end := bytes.Index(head, []byte("?>"))
	at := bytes.Index(head, []byte("encoding"))
	if at < 0 || end < at {
		return ""
	}
	value := bytes.TrimLeft(head[at+len("encoding"):end], " \t\r\n=")
	if len(value) < 3 || value[0] != '"' && value[0] != '\'' {
		return ""
	}
	n := bytes.IndexByte(value[1:], value[0])
	return string(value[1 : 1+max(n, 0)])
}

// byLabel is the encoding with a name, or nil when it is unknown or UTF-8.
func byLabel(label string) encoding.Encoding {
	label = strings.ToLower(strings.Trim(label, " \t\r\n\"'"))
	if label == "" {
		return nil
	}
	enc, name := charset.Lookup(label)
	if enc == nil {
		enc, _ = ianaindex.IANA.Encoding(label)
	}
	if enc == nil {
		enc, _ = ianaindex.IANA.Encoding(strings.ReplaceAll(label, "_", "-"))
	}
	if enc == nil {
		enc, name = charset.Lookup("x-" + label)
	}
	for _, prefix := range []string{"windows", "cp", "win"} {
		if number, ok := strings.CutPrefix(label, prefix); ok && enc == nil {
			enc, name = charset.Lookup("windows-" + strings.TrimLeft(number, "-_ "))
		}
	}
	if name == "utf-8" || name == "replacement" {
		return nil
	}
	return enc
}

// guess finds an encoding by the letters and bytes of the text outside of tags.
func guess(body []byte) (encoding.Encoding, string) {
	var text []byte
	in := false
	for _, c := range body[:min(len(body), 64_000)] {
		switch {
		case c == '<':
			in = true
		case c == '>':
			in = false
		case !in:
			text = append(text, c)
		}
	}
	best, err := chardet.NewTextDetector().DetectBest(text)
	if err != nil || best.Confidence < 10 {
		return nil, ""
	}
	return byLabel(best.Charset), best.Charset
}

// plausible says whether a decoded text has few characters that were not
// defined in the encoding.
func plausible(text []byte) bool {
	return 50*bytes.Count(text, []byte("\uFFFD")) <= len(text) && bytes.IndexByte(text, '<') >= 0
}

// clean leaves out of UTF-8 what XML does not allow.
func clean(text []byte) []byte {
	i := 0
	for i < len(text) && !illegalAt(text, i) {
		i++
	}
	if i == len(text) {
		return text
	}
	out := append(make([]byte, 0, len(text)), text[:i]...)
	for ; i < len(text); i++ {
		switch {
		case !illegalAt(text, i):
			out = append(out, text[i])
		case text[i] == 0xEF:
			i += 2
		}
	}
	return out
}

// illegalAt says whether a control character begins at i, or U+FFFE or U+FFFF.
func illegalAt(text []byte, i int) bool {
	c := text[i]
	if c >= 0x20 && c != 0xEF {
		return false
	}
	if c == 0xEF {
		return i+2 < len(text) && text[i+1] == 0xBF && text[i+2] >= 0xBE
	}
	return c != '\t' && c != '\n' && c != '\r'
}

// windows1252 is the character that a byte means there.
func windows1252(b byte) rune { return charmap.Windows1252.DecodeByte(b) }

// undouble decodes text that was encoded as UTF-8 twice ("Ã¼" for "ü"): each
// character is a byte of Latin-1, and the bytes together are UTF-8. In long
// text, where more of it proves the fault, the other characters of
// windows-1252 count as bytes too. Other text comes back as it is.
func undouble(text []byte, long bool) []byte {
	i := 0
	for i < len(text) && text[i] < utf8.RuneSelf {
		i++
	}
	if i == len(text) || text[i] > 0xC3 && !(long && text[i] <= 0xC6) {
		return text
	}
	out := append(make([]byte, 0, len(text)), text[:i]...)
	for i < len(text) {
		r, size := utf8.DecodeRune(text[i:])
		b, ok := byte(r), r <= 0xFF
		if !ok && long {
			b, ok = charmap.Windows1252.EncodeRune(r)
		}
		if !ok {
			return text
		}
		out = append(out, b)
		i += size
	}
	if !utf8.Valid(out) {
		return text
	}
	return clean(out)
}
