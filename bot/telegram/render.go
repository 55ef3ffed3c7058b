package telegram

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"tidings/bot"
)

// The limits of one message. The server counts code points after parsing and
// drops entities beyond 100 in silence; UTF-16 units are never fewer than code
// points. Bytes and links keep a distance from 32,768 and 100.
const (
	maxUnits    = 4096
	maxCaption  = 1024 // of the text under a photo, in the same units
	maxBytes    = 30_000
	maxEntities = 100
	maxLinks    = 90
	maxLabel    = 64
)

// rendered is a message as HTML, with what the limits count.
type rendered struct {
	out      strings.Builder
	units    int // UTF-16 units after parsing
	links    int
	entities int
}

// renderMessage sets a message in the server's dialect of HTML.
func renderMessage(m bot.Message) *rendered {
	r := &rendered{}
	for i, s := range m.Sections {
		if i > 0 {
			r.text("\n\n")
		}
		for j, b := range s.Blocks {
			if j > 0 {
				r.text("\n")
			}
			r.block(b)
		}
	}
	return r
}

func (r *rendered) block(b bot.Block) {
	runs := b.Isolated()
	switch b.Kind {
	case bot.Heading:
		r.element("<b>", "</b>", func() { r.runs(runs, true) })
	case bot.Quote:
		r.element("<blockquote>", "</blockquote>", func() { r.runs(runs, false) })
	case bot.Details:
		r.element("<blockquote expandable>", "</blockquote>", func() { r.runs(runs, false) })
	case bot.Code:
		r.element("<pre>", "</pre>", func() {
			for _, run := range runs {
				r.text(run.Text)
			}
		})
	default:
		r.runs(runs, false)
	}
}

func (r *rendered) element(start, end string, inside func()) {
	r.entities++
	r.out.WriteString(start)
	inside()
	r.out.WriteString(end)
}

// runs writes stretches of text. bold says that all of it is bold already.
func (r *rendered) runs(runs []bot.Run, bold bool) {
	for _, run := range runs {
		inside := func() { r.text(run.Text) }
		link := safeLink(run.Link)
		if run.Code && link == "" {
			// Nothing else may stand in or around code.
			r.element("<code>", "</code>", inside)
			continue
		}
		if run.Italic {
			text := inside
			inside = func() { r.element("<i>", "</i>", text) }
		}
		if run.Bold && !bold {
			text := inside
			inside = func() { r.element("<b>", "</b>", text) }
		}
		if link != "" {
			r.links++
			text := inside
			inside = func() { r.element(`<a href="`+escaper.Replace(link)+`">`, "</a>", text) }
		}
		inside()
	}
}

// text writes clean text, and counts it.
func (r *rendered) text(s string) {
	r.units += units(s)
	r.entities += foundEntities(s)
	escaper.WriteString(&r.out, s)
}

// foundEntities is at least how many mentions, hashtags, commands and addresses
// the server finds in plain text by itself; they count like any other entity.
func foundEntities(s string) int {
	n := 0
	for i := 0; i+1 < len(s); i++ {
		switch s[i] {
		case '@', '#', '/', '$':
			if wordByte(s[i+1]) {
				n++
			}
		case '.':
			if i > 0 && wordByte(s[i-1]) && wordByte(s[i+1]) {
				n++
			}
		}
	}
	return n
}

func wordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= utf8.RuneSelf
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// units is the length of a text in UTF-16 code units.
func units(s string) int {
	n := 0
	for _, c := range s {
		n++
		if c > 0xFFFF {
			n++
		}
	}
	return n
}

// safeLink is a link that the server keeps and a person may follow, or "". The
// server drops links to a host without a dot in silence.
func safeLink(link string) string {
	if link == "" || bot.Clean(link) != link {
		return ""
	}
	u, err := url.Parse(link)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.User != nil ||
		!strings.Contains(strings.Trim(u.Hostname(), "."), ".") {
		return ""
	}
	return u.String()
}

// inlineKeyboard and inlineButton are the Bot API's objects of these names.
type inlineKeyboard struct {
	Rows [][]inlineButton `json:"inline_keyboard"`
}

type inlineButton struct {
	Text string `json:"text"`
	Data string `json:"callback_data,omitempty"`
	URL  string `json:"url,omitempty"`
}

// keyboard is the buttons that can be pressed, or nil when there is none.
func keyboard(rows [][]bot.Button) *inlineKeyboard {
	k := &inlineKeyboard{}
	for _, row := range rows {
		var buttons []inlineButton
		for _, b := range row {
			button := inlineButton{Text: shorten(bot.Clean(b.Label)), Data: b.Action}
			if b.Action == "" {
				button.URL = safeLink(b.URL)
			}
			if button.Text != "" && len(button.Data) <= 64 && button.Data+button.URL != "" {
				buttons = append(buttons, button)
			}
		}
		if len(buttons) > 0 {
			k.Rows = append(k.Rows, buttons)
		}
	}
	if len(k.Rows) == 0 {
		return nil
	}
	return k
}

// shorten cuts a label to maxLabel.
func shorten(label string) string {
	if units(label) <= maxLabel {
		return label
	}
	n := 0
	for i, c := range label {
		if n += units(string(c)); n > maxLabel-1 {
			return label[:i] + "…"
		}
	}
	return label
}
