package discordtest

import (
	"regexp"
	"strings"
)

// mark is a rule of Discord's markup: what it matches at the start of a text,
// and which group of it is shown, with the rules applied to it again.
type mark struct {
	pattern *regexp.Regexp
	verbatim,
	link bool
}

// marks are tried in this order. They are the rules that Discord's clients
// follow, as people observe them.
var marks = []mark{
	{pattern: regexp.MustCompile("^```(?:[a-z0-9_+-]+\n|\n)?((?s:.+?))\n*```"), verbatim: true},
	{pattern: regexp.MustCompile(`^\\([^0-9A-Za-z\s])`), verbatim: true},
	{pattern: regexp.MustCompile("^`` ?(.*?[^`]`??) ?``"), verbatim: true},
	{pattern: regexp.MustCompile("^`([^`]+?)`"), verbatim: true},
	{pattern: regexp.MustCompile(`^\[((?:\\.|[^\[\]\\\n]|\\?\n)*)\]\((https?://[^\s()]+)\)`), link: true},
	{pattern: regexp.MustCompile(`^\*\*\*((?s:(?:\\.|[^\\*])+?))\*\*\*`)},
	{pattern: regexp.MustCompile(`^\*\*((?s:(?:\\.|[^\\])+?))\*\*`)},
	{pattern: regexp.MustCompile(`^__((?s:(?:\\.|[^\\])+?))__`)},
	{pattern: regexp.MustCompile(`^\*((?s:(?:[^\s*\\]|\\.)(?:(?:\\.|[^*\\])*?(?:[^\s*\\]|\\.))?))\*`)},
	{pattern: regexp.MustCompile(`^_((?s:(?:\\.|[^\\_])+?))_`)},
	{pattern: regexp.MustCompile(`^~~((?s:(?:\\.|[^\\])+?))~~`)},
	{pattern: regexp.MustCompile(`^\|\|((?s:(?:\\.|[^\\])+?))\|\|`)},
}

// mentions call people or show the name of something else.
var mentions = regexp.MustCompile(`^(?:@everyone|@here|<(?:@[!&]?|#|a?:\w+:|t:)-?\d+(?::\w)?>|</[^>]+:\d+>)`)

// lineMarks stand at the start of a line and are not shown.
var lineMarks = regexp.MustCompile(`^(?:>>> |> |#{1,3} |-# |[-*] )`)

// Plain is what people see of a text in Discord's markup, and the links in it.
// What calls someone is shown as "(mention)".
func Plain(s string) (text string, links []string) { return shown(s, true) }

// shown is Plain. Within other marks, the start of the text starts no line.
func shown(s string, lineStart bool) (text string, links []string) {
	var out strings.Builder
	for s != "" {
		if lineStart {
			if m := lineMarks.FindString(s); m != "" {
				s, lineStart = s[len(m):], m == "> "
				continue
			}
		}
		if m := mentions.FindString(s); m != "" {
			out.WriteString("(mention)")
			s, lineStart = s[len(m):], false
			continue
		}
		matched, text, rest, found := inline(s)
		if matched {
			out.WriteString(text)
			links = append(links, found...)
			s, lineStart = rest, false
			continue
		}
		out.WriteByte(s[0])
		lineStart = s[0] == '\n'
		s = s[1:]
	}
	return strings.ReplaceAll(out.String(), "\u200b", ""), links
}

// inline applies the first mark that matches at the start of s.
func inline(s string) (matched bool, text, rest string, links []string) {
	if !strings.ContainsRune("`\\[*_~|", rune(s[0])) {
		return false, "", s, nil
	}
	for _, m := range marks {
		groups := m.pattern.FindStringSubmatch(s)
		if groups == nil {
			continue
		}
		rest = s[len(groups[0]):]
		if m.verbatim {
			return true, groups[1], rest, nil
		}
		if m.link {
			label, _ := shown(groups[1], false)
			// Discord shows the markup of a link whose label is an address.
			if strings.Contains(groups[1], "://") || strings.TrimSpace(label) == "" {
				return true, groups[0], rest, nil
			}
			return true, label, rest, []string{groups[2]}
		}
		text, links := shown(groups[1], false)
		return true, text, rest, links
	}
	return false, "", s, nil
}
