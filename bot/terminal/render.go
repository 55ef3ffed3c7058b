package terminal

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"
	"github.com/clipperhouse/uax29/v2/graphemes"

	"tidings/bot"
)

// The escape sequences of terminals (ECMA-48; OSC 8 for links).
const (
	bold   = "\x1b[1m"
	dim    = "\x1b[2m"
	italic = "\x1b[3m"
	cyan   = "\x1b[36m"
	reset  = "\x1b[0m"
)

// bar stands before each line of a quote.
const bar = "  | "

// Render is a message as the terminal shows it, ending in a newline. Lines are
// broken at the width, but for what has no place to break it: a long address.
func Render(m bot.Message, c Config) string {
	r := renderer{Config: c, numbers: map[string]int{}}
	if r.Width <= 0 {
		r.Width = usualWidth
	}
	r.picture(m.Picture)
	for i, s := range m.Sections {
		if i > 0 {
			r.out.WriteByte('\n')
		}
		for j, b := range s.Blocks {
			if j > 0 && quotes(b) && quotes(s.Blocks[j-1]) {
				r.out.WriteByte('\n') // else they would be one
			}
			r.block(b)
		}
	}
	if len(r.links) > 0 {
		r.out.WriteByte('\n')
	}
	for i, link := range r.links {
		r.out.WriteString(r.style(fmt.Sprintf("[%d] %s", i+1, link), dim) + "\n")
	}
	r.buttons(m.Buttons)
	return r.out.String()
}

type renderer struct {
	Config
	out     strings.Builder
	links   []string
	numbers map[string]int
}

// word is a stretch of text that is not broken, as it is written and as wide as it shows.
type word struct {
	written  string
	width    int
	newlines int  // lines end before it
	space    bool // a space stands before it
	open     bool // a line may end before it, without a space
}

func (r *renderer) block(b bot.Block) {
	runs := b.Isolated()
	if b.Kind == bot.Code {
		var text strings.Builder
		for _, run := range runs {
			text.WriteString(run.Text)
		}
		r.out.WriteString(strings.TrimRight(text.String(), "\n") + "\n")
		return
	}
	words := &wordList{}
	for _, run := range runs {
		run.Bold = run.Bold || b.Kind == bot.Heading
		r.words(words, run)
	}
	indent := ""
	if quotes(b) {
		indent = bar
	}
	r.lines(words.all, indent)
}

// picture says what there is to see, which a terminal does not show.
func (r *renderer) picture(p *bot.Picture) {
	if p == nil || oneLine(p.Alt) == "" || !p.Uploads() && p.Address() == "" {
		return
	}
	words := &wordList{}
	r.words(words, bot.Run{Text: "[Picture: " + oneLine(p.Alt) + "]", Italic: true, Link: p.Address()})
	r.lines(words.all, "")
	r.out.WriteByte('\n')
}

func quotes(b bot.Block) bool { return b.Kind == bot.Quote || b.Kind == bot.Details }

// lines writes words, broken into lines.
func (r *renderer) lines(words []word, indent string) {
	r.out.WriteString(indent)
	column := len(indent)
	for i, w := range words {
		gap := 0
		if w.space {
			gap = 1
		}
		switch {
		case i == 0:
			gap = 0
		case w.newlines > 0:
			r.out.WriteString(strings.Repeat("\n"+indent, w.newlines))
			column, gap = len(indent), 0
		case (w.space || w.open) && column+gap+unbroken(words[i:]) > r.Width:
			r.out.WriteString("\n" + indent)
			column, gap = len(indent), 0
		}
		r.out.WriteString(strings.Repeat(" ", gap) + w.written)
		column += gap + w.width
	}
	r.out.WriteByte('\n')
}

// unbroken is the width of a word and of what hangs on it.
func unbroken(words []word) int {
	width := words[0].width
	for _, w := range words[1:] {
		if w.space || w.open || w.newlines > 0 {
			break
		}
		width += w.width
	}
	return width
}

// wordList gathers the words of a block over its runs.
type wordList struct {
	all      []word
	newlines int
	space    bool
}

// add adds a word behind the space and the ends of lines met since the last one.
func (l *wordList) add(w word) {
	w.newlines, w.space = l.newlines, l.space
	l.newlines, l.space = 0, false
	l.all = append(l.all, w)
}

// words cuts a run at its white space and where wide letters stand, each word
// styled for itself. The mark of its link hangs on the last word.
func (r *renderer) words(l *wordList, run bot.Run) {
	var styles string
	if run.Bold {
		styles += bold
	}
	if run.Italic {
		styles += italic
	}
	link := safe(run.Link)
	for i, line := range strings.Split(run.Text, "\n") {
		if i > 0 {
			l.newlines++
		}
		l.space = l.space || startsWithSpace(line)
		for field := range strings.FieldsSeq(line) {
			for _, w := range pieces(field) {
				w.written = r.linked(r.style(w.written, styles), link)
				l.add(w)
			}
			l.space = true
		}
		l.space = endsWithSpace(line) || l.space && strings.TrimSpace(line) == ""
	}
	if link != "" && !r.Hyperlinks {
		mark, space := fmt.Sprintf("[%d]", r.number(link)), l.space
		l.space = false
		l.add(word{written: r.style(mark, dim), width: len(mark)})
		l.space = space
	}
}

func startsWithSpace(s string) bool {
	c, _ := utf8.DecodeRuneInString(s)
	return unicode.IsSpace(c)
}

func endsWithSpace(s string) bool {
	c, _ := utf8.DecodeLastRuneInString(s)
	return unicode.IsSpace(c)
}

// pieces cuts a field before its wide letters, where scripts without spaces are
// broken; what closes a clause stays with what stands before it.
func pieces(field string) []word {
	var out []word
	for g := graphemes.FromString(field); g.Next(); {
		c, _ := utf8.DecodeRuneInString(g.Value())
		width := displaywidth.String(g.Value())
		wide := width > 1 && !unicode.In(c, unicode.Pe, unicode.Pf, unicode.Po)
		if last := len(out) - 1; last >= 0 && !wide {
			out[last].written += g.Value()
			out[last].width += width
			continue
		}
		out = append(out, word{written: g.Value(), width: width, open: wide && len(out) > 0})
	}
	return out
}

func (r *renderer) style(text, styles string) string {
	if !r.Style || styles == "" {
		return text
	}
	return styles + text + reset
}

func (r *renderer) linked(text, link string) string {
	if link == "" || !r.Hyperlinks {
		return text
	}
	return "\x1b]8;;" + link + "\x1b\\" + text + "\x1b]8;;\x1b\\"
}

func (r *renderer) number(link string) int {
	if n, ok := r.numbers[link]; ok {
		return n
	}
	r.links = append(r.links, link)
	r.numbers[link] = len(r.links)
	return len(r.links)
}

// buttons writes the choices with their numbers, and behind them the pages
// that others open.
func (r *renderer) buttons(rows [][]bot.Button) {
	n, choices, pages := 0, &wordList{}, ""
	for i, row := range rows {
		choices.newlines = min(i, 1)
		for _, b := range row {
			label := oneLine(b.Label)
			if link := safe(b.URL); b.Action == "" {
				if link != "" {
					pages += label + ": " + link + "\n"
				}
				continue
			}
			n++
			choice := fmt.Sprintf("[%d: %s]", n, label)
			if label == fmt.Sprint(n) {
				choice = "[" + label + "]"
			}
			choices.space = true
			choices.add(word{written: r.style(choice, cyan), width: displaywidth.String(choice)})
		}
	}
	if n > 0 {
		r.out.WriteByte('\n')
		r.lines(choices.all, "")
	}
	if pages != "" {
		r.out.WriteString("\n" + pages)
	}
}

// oneLine is a label without what a terminal obeys.
func oneLine(s string) string { return strings.Join(strings.Fields(bot.Clean(s)), " ") }

// safe is a link that may be followed, or "".
func safe(link string) string {
	u, err := url.Parse(link)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil {
		return ""
	}
	return bot.Clean(u.String())
}
