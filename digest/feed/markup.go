package feed

import (
	"html"
	"strconv"
	"strings"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// mayBeHTML says whether a text must be read as HTML: it has the beginning of
// a tag, or of what is not shown.
func mayBeHTML(s string) bool {
	for i := strings.IndexByte(s, '<'); i >= 0; i = strings.IndexByte(s, '<') {
		s = s[i+1:]
		if strings.HasPrefix(s, "!") || strings.HasPrefix(s, "?") {
			return true
		}
		name, n := tagName(s)
		if (n == len(s) || s[n] == '>' || s[n] == '/' || blank(s[n])) && known(name) {
			return true
		}
	}
	return false
}

// hasTags says whether a text holds an HTML tag.
func hasTags(s string) bool {
	for i := strings.IndexByte(s, '<'); i >= 0; i = strings.IndexByte(s, '<') {
		s = s[i+1:]
		if name, n := tagName(s); strings.IndexByte(s[n:min(len(s), n+1000)], '>') >= 0 && known(name) {
			return true
		}
	}
	return false
}

// tagName is the local name of the tag whose mark stands before a text, in
// lower case, and where it ends.
func tagName(s string) (name []byte, end int) {
	start := len(s) - len(strings.TrimPrefix(s, "/"))
	for end = start; end < len(s) && end < 24 && nameByte[s[end]]; end++ {
	}
	return local([]byte(strings.ToLower(s[start:end]))), end
}

// known says whether HTML has an element of this name.
func known(name []byte) bool {
	a := atom.Lookup(name)
	return a != 0 && elements[a]
}

// lastEnd is where the last end tag of an element begins, negative when there
// is none.
func lastEnd(s string, a atom.Atom) int {
	end := "</" + a.String()
	return max(strings.LastIndex(s, end), strings.LastIndex(s, strings.ToUpper(end)))
}

// withoutCDATA leaves out the marks of CDATA sections, which are there when
// they were escaped or put into another.
func withoutCDATA(s string) string {
	if !strings.Contains(s, "<![") {
		return s
	}
	return strings.NewReplacer("<![CDATA[", "", "<![cdata[", "", "]]>", "").Replace(s)
}

// closedComments leaves out the marks of comments that do not end, which would
// hide all that follows.
func closedComments(s string) string {
	i := strings.LastIndex(s, "-->") + 1
	before, rest, found := strings.Cut(s[i:], "<!--")
	if !found {
		return s
	}
	out := append(make([]byte, 0, len(s)), s[:i]...)
	for found {
		out = append(out, before...)
		_, rest, _ = strings.Cut(rest, ">")
		before, rest, found = strings.Cut(rest, "<!--")
	}
	return string(append(out, before...))
}

// formats says whether a title may have the start tag of an element without
// speaking of it.
func formats(a atom.Atom) bool {
	switch a {
	case atom.A, atom.B, atom.I, atom.U, atom.S, atom.Em, atom.Strong, atom.Span, atom.Font, atom.Small, atom.Big, atom.P, atom.Br,
		atom.Hr, atom.Img, atom.Wbr, atom.Div, atom.Li, atom.Ul, atom.Tr, atom.Td, atom.Sup, atom.Sub, atom.Center, atom.Cite, atom.Nobr:
		return true
	}
	return false
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
