package bot

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

// Split divides m into messages that each fit: between sections where that is
// enough, else between blocks, lines, sentences, words, and at the last between
// graphemes; within a link only where the link alone does not fit. Nothing is
// lost and nothing is reordered. When there are several, each ends in its
// number ("2/3"), only the first has the picture and only the last the buttons.
// fits must accept every message that is a part of an accepted one. Buttons that
// would not fit under any message are put under the last all the same, which
// then does not fit.
func Split(m Message, fits func(Message) bool) []Message {
	if fits(m) {
		return []Message{m}
	}
	buttons := m.Buttons
	if !fits(Message{Buttons: buttons}) {
		buttons = nil
	}
	s := splitter{}
	s.fits = func(sections []Section) bool {
		part := Message{
			Sections: append(sections[:len(sections):len(sections)], pageSection(8888, 8888)),
			Buttons:  buttons, Silent: m.Silent,
		}
		if len(s.done) == 0 {
			part.Picture = m.Picture
		}
		return fits(part)
	}
	for _, section := range m.Sections {
		s.section(section)
	}
	s.flush()
	if len(s.done) < 2 {
		return []Message{m}
	}
	out := make([]Message, len(s.done))
	for i, sections := range s.done {
		out[i] = Message{Sections: append(sections, pageSection(i+1, len(s.done))), Silent: m.Silent}
	}
	out[0].Picture = m.Picture
	out[len(out)-1].Buttons = m.Buttons
	return out
}

func pageSection(page, pages int) Section {
	return Section{Blocks: []Block{{Runs: []Run{{Text: fmt.Sprintf("%d/%d", page, pages), Italic: true}}}}}
}

// splitter gathers sections into messages.
type splitter struct {
	fits    func([]Section) bool
	done    [][]Section
	current []Section
}

func (s *splitter) flush() {
	if len(s.current) > 0 {
		s.done = append(s.done, s.current)
		s.current = nil
	}
}

// with is the current message and one more section, sharing no memory with it.
func (s *splitter) with(add Section) []Section {
	return append(s.current[:len(s.current):len(s.current)], add)
}

func (s *splitter) section(section Section) {
	if next := s.with(section); s.fits(next) {
		s.current = next
		return
	}
	s.flush()
	if s.fits([]Section{section}) {
		s.current = []Section{section}
		return
	}
	var piece []Block
	for _, b := range section.Blocks {
		piece = s.block(piece, b)
	}
	if len(piece) > 0 {
		s.current = []Section{{Blocks: piece}}
	}
}

// block adds a block to what the current message has of a section, and returns
// what the message has then; those that are full are done.
func (s *splitter) block(piece []Block, b Block) []Block {
	for {
		fits := func(b Block) bool { return s.fits([]Section{{Blocks: append(piece[:len(piece):len(piece)], b)}}) }
		if fits(b) {
			return append(piece, b)
		}
		head, tail := Block{}, b
		if allHeadings(piece) {
			head, tail = divide(b, fits, len(piece) == 0)
		}
		if len(piece) == 0 && len(head.Runs) == 0 {
			head, tail = b, Block{} // nothing can be done for it
		}
		if len(head.Runs) > 0 {
			piece = append(piece, head)
		}
		s.done = append(s.done, []Section{{Blocks: piece}})
		piece, b = nil, tail
		if len(b.Runs) == 0 {
			return nil
		}
	}
}

// allHeadings reports whether there is no text yet below the headings: they
// stay with the text that follows.
func allHeadings(blocks []Block) bool {
	return !slices.ContainsFunc(blocks, func(b Block) bool { return b.Kind != Heading })
}

// divide cuts a block that does not fit into the longest head that does, ended
// at the best place, and the rest. Where nothing else fits, anywhere allows to
// cut inside a link, or even a grapheme. The head is empty when nothing fits.
func divide(b Block, fits func(Block) bool, anywhere bool) (head, tail Block) {
	text := blockText(b)
	choices := []func(Block, string) []int{outsideLinks}
	if anywhere {
		choices = append(choices, graphemeEnds, runeEnds)
	}
	for _, choice := range choices {
		// A part is short however long the text is.
		for window := firstWindow; ; window *= 2 {
			ends := choice(b, text[:min(window, len(text))])
			n := sort.Search(len(ends), func(i int) bool {
				h, _ := cut(b, ends[i])
				return !fits(h)
			})
			if n == len(ends) && window < len(text) {
				continue
			}
			if n > 0 {
				return cut(b, bestBreak(text, ends[:n]))
			}
			break
		}
	}
	return Block{}, b
}

// firstWindow is how many bytes of a text are looked at first.
const firstWindow = 8192

// graphemeEnds are the bytes at which the graphemes of a block's text end, but
// for the last; so runeEnds of its characters.
func graphemeEnds(_ Block, text string) []int {
	var ends []int
	for g := graphemes.FromString(text); g.Next(); {
		ends = append(ends, g.End())
	}
	return ends[:max(len(ends)-1, 0)]
}

func runeEnds(_ Block, text string) []int {
	var ends []int
	for i := range text {
		if i > 0 {
			ends = append(ends, i)
		}
	}
	return ends
}

// outsideLinks are those of graphemeEnds that do not stand inside a link.
func outsideLinks(b Block, text string) []int {
	var out []int
	run, start := 0, 0 // the run in which an end stands, and where that begins
	for _, end := range graphemeEnds(b, text) {
		for end >= start+len(b.Runs[run].Text) {
			start += len(b.Runs[run].Text)
			run++
		}
		if end == start || b.Runs[run].Link == "" {
			out = append(out, end)
		}
	}
	return out
}

// bestBreak is the last end of a line, else of a sentence, else of a word in
// the second half of the ends, or the last of them.
func bestBreak(text string, ends []int) int {
	last := ends[len(ends)-1]
	best, rank := last, 0
	for _, end := range slices.Backward(ends) {
		if end < last/2 {
			break
		}
		if r := breakRank(text, end); r > rank {
			best, rank = end, r
		}
	}
	return best
}

// breakRank is 3 at the end of a line, 2 at that of a sentence, 1 at that of a
// word, the space behind each included, and 0 elsewhere.
func breakRank(text string, at int) int {
	before := text[:at]
	last, _ := utf8.DecodeLastRuneInString(before)
	switch {
	case last == '\n':
		return 3
	case strings.ContainsRune("。！？", last):
		return 2
	case last != ' ':
		return 0
	}
	end, _ := utf8.DecodeLastRuneInString(strings.TrimRightFunc(strings.TrimRight(before, " "), closes))
	if strings.ContainsRune(".!?…", end) {
		return 2
	}
	return 1
}

// closes reports whether a character may stand between a sentence's last mark
// and the space behind it.
func closes(r rune) bool { return unicode.In(r, unicode.Pe, unicode.Pf) || r == '"' || r == '\'' }

func blockText(b Block) string {
	var t strings.Builder
	for _, r := range b.Runs {
		t.WriteString(r.Text)
	}
	return t.String()
}

// cut divides a block at a byte of its text. Both sides keep kind and styles.
func cut(b Block, at int) (head, tail Block) {
	head.Kind, tail.Kind = b.Kind, b.Kind
	for _, r := range b.Runs {
		n := min(max(at, 0), len(r.Text))
		if n > 0 {
			h := r
			h.Text = r.Text[:n]
			head.Runs = append(head.Runs, h)
		}
		if n < len(r.Text) {
			t := r
			t.Text = r.Text[n:]
			tail.Runs = append(tail.Runs, t)
		}
		at -= len(r.Text)
	}
	return head, tail
}
