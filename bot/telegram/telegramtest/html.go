package telegramtest

import (
	"fmt"
	"html"
	"net/url"
	"regexp"
	"sort"
	"strings"
	"unicode/utf16"
)

// entity is a stretch of a parsed text. Offset and length are UTF-16 units.
type entity struct {
	Type   string `json:"type"`
	Offset int    `json:"offset"`
	Length int    `json:"length"`
	URL    string `json:"url,omitempty"`
}

// tags are the supported start tags and what they make.
var tags = map[string]string{
	"a": "text_link", "b": "bold", "strong": "bold", "i": "italic", "em": "italic",
	"s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "u": "underline", "ins": "underline",
	"tg-spoiler": "spoiler", "code": "code", "pre": "pre", "blockquote": "blockquote",
}

// parser reads the server's dialect of HTML.
type parser struct {
	in       string
	at       int
	out      strings.Builder
	units    int
	stack    []openTag
	entities []entity
}

type openTag struct {
	name, kind, link string
	start            int
}

// parseHTML gives the text and entities of HTML, or the server's complaint.
func parseHTML(s string) (text string, entities []entity, complaint string) {
	p := &parser{in: s}
	for p.at < len(p.in) && complaint == "" {
		switch {
		case strings.HasPrefix(p.in[p.at:], "</"):
			complaint = p.endTag()
		case p.in[p.at] == '<':
			complaint = p.startTag()
		case p.in[p.at] == '&':
			p.character()
		default:
			end := strings.IndexAny(p.in[p.at:], "<&")
			if end < 0 {
				end = len(p.in) - p.at
			}
			p.write(p.in[p.at : p.at+end])
			p.at += end
		}
	}
	if complaint == "" && len(p.stack) > 0 {
		complaint = fmt.Sprintf("Can't find end tag corresponding to start tag %q", p.stack[len(p.stack)-1].name)
	}
	return p.out.String(), p.entities, complaint
}

// Plain is what people see of HTML, and the links in it, or the server's
// complaint. Entities that the server drops in silence are a complaint too.
func Plain(s string) (text string, links []string, complaint string) {
	text, entities, complaint := parseHTML(s)
	kept, dropped := keep(text, entities)
	for _, e := range kept {
		if e.Type == "text_link" {
			links = append(links, e.URL)
		}
	}
	if complaint == "" && dropped > 0 {
		complaint = fmt.Sprintf("%d entities are dropped", dropped)
	}
	return text, links, complaint
}

func (p *parser) write(s string) {
	p.out.WriteString(s)
	p.units += len(utf16.Encode([]rune(s)))
}

var reference = regexp.MustCompile(`^&(?:lt|gt|amp|quot|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});`)

// character reads one of the few references that are known; any other stays
// as it stands.
func (p *parser) character() {
	if m := reference.FindString(p.in[p.at:]); m != "" {
		p.write(html.UnescapeString(m))
		p.at += len(m)
		return
	}
	p.write("&")
	p.at++
}

func (p *parser) endTag() string {
	begin := p.at
	end := strings.IndexByte(p.in[begin:], '>')
	if end < 0 {
		return fmt.Sprintf("Unclosed end tag at byte offset %d", begin)
	}
	found := strings.ToLower(strings.TrimSpace(p.in[begin+2 : begin+end]))
	if len(p.stack) == 0 {
		return fmt.Sprintf("Unexpected end tag at byte offset %d", begin)
	}
	open := p.stack[len(p.stack)-1]
	if found != "" && found != open.name {
		return fmt.Sprintf("Unmatched end tag at byte offset %d, expected \"</%s>\", found \"</%s>\"", begin, open.name, found)
	}
	p.stack = p.stack[:len(p.stack)-1]
	p.at = begin + end + 1
	if p.units > open.start && (open.kind != "text_link" || open.link != "") {
		p.entities = append(p.entities, entity{Type: open.kind, Offset: open.start, Length: p.units - open.start, URL: open.link})
	}
	return ""
}

var attribute = regexp.MustCompile(`^\s+([a-zA-Z0-9-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([a-zA-Z0-9.-]+)))?`)

func (p *parser) startTag() string {
	begin := p.at
	rest := p.in[begin+1:]
	n := strings.IndexAny(rest, " \t\r\n>")
	if n < 0 {
		return fmt.Sprintf("Unclosed start tag at byte offset %d", begin)
	}
	name := strings.ToLower(rest[:n])
	open := openTag{name: name, kind: tags[name], start: p.units}
	if open.kind == "" {
		return fmt.Sprintf("Unsupported start tag %q at byte offset %d", name, begin)
	}
	rest = rest[n:]
	for {
		m := attribute.FindStringSubmatch(rest)
		if m == nil {
			break
		}
		value := html.UnescapeString(m[2] + m[3] + m[4])
		switch key := strings.ToLower(m[1]); {
		case name == "a" && key == "href":
			open.link = value
		case name == "blockquote" && key == "expandable":
			open.kind = "expandable_blockquote"
		case !strings.Contains(m[0], "="):
			return fmt.Sprintf("Expected equal sign in declaration of an attribute of the tag %q at byte offset %d", name, begin)
		}
		rest = rest[len(m[0]):]
	}
	rest = strings.TrimLeft(rest, " \t\r\n")
	if !strings.HasPrefix(rest, ">") {
		return fmt.Sprintf("Unclosed start tag at byte offset %d", begin)
	}
	if !followed(open.link) {
		open.link = ""
	}
	p.stack = append(p.stack, open)
	p.at = len(p.in) - len(rest) + 1
	return ""
}

// followed reports whether a link survives: the server drops others in silence.
func followed(link string) bool {
	u, err := url.Parse(link)
	if err != nil {
		return false
	}
	switch u.Scheme {
	case "tg", "ton", "tonsite":
		return true
	case "http", "https", "":
		return strings.Contains(strings.Trim(u.Hostname(), "."), ".")
	}
	return false
}

// found is what the server makes an entity of by itself.
var found = regexp.MustCompile(`(?:^|\s)[@#/$][A-Za-z0-9_]{2,}|https?://\S+|[A-Za-z0-9-]+\.(?:com|org|net|info)\b`)

// keep drops in silence what the server drops: styles inside code, quotes in
// quotes, and all beyond 100, styles before the others.
func keep(text string, all []entity) (kept []entity, dropped int) {
	inside := func(e entity, kinds string) bool {
		for _, o := range all {
			if o != e && strings.Contains(kinds, o.Type) && o.Offset <= e.Offset && e.Offset+e.Length <= o.Offset+o.Length {
				return true
			}
		}
		return false
	}
	var first, styles []entity
	for _, e := range all {
		switch e.Type {
		case "bold", "italic", "underline", "strikethrough", "spoiler":
			if !inside(e, "code pre") {
				styles = append(styles, e)
				continue
			}
		case "blockquote", "expandable_blockquote":
			if !inside(e, "expandable_blockquote") {
				first = append(first, e)
				continue
			}
		default:
			if !inside(e, "code pre") {
				first = append(first, e)
				continue
			}
		}
		dropped++
	}
	room := max(0, 100-len(found.FindAllString(text, -1)))
	kept = append(first, styles...)
	if len(kept) > room {
		dropped += len(kept) - room
		kept = kept[:room]
	}
	sort.SliceStable(kept, func(i, j int) bool { return kept[i].Offset < kept[j].Offset })
	return kept, dropped
}
