package bot

import (
	"fmt"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

// Split divides m into messages that each fit: between sections where that is
// enough, else between blocks, lines, sentences, words, and at the last between
// graphemes. Nothing is lost and nothing is reordered. When there are several,
// each ends in its number ("2/3") and only the last has the buttons. fits must
// accept every message that is a part of an accepted one; a grapheme that does
// not fit alone is given as it is.
func Split(m Message, fits func(Message) bool) []Message {
	if fits(m) {
		return []Message{m}
	}
	s := splitter{fits: func(sections []Section) bool {
		return fits(Message{
			Sections: append(sections[:len(sections):len(sections)], pageSection(88, 88)),
			Buttons:  m.Buttons, Silent: m.Silent,
		})
	}}
	for _, section := range m.Sections {
		s.section(section)
	}
	s.flush()
	out := make([]Message, len(s.done))
	for i, sections := range s.done {
		out[i] = Message{Sections: append(sections, pageSection(i+1, len(s.done))), Silent: m.Silent}
	}
	if len(out) == 0 {
		return []Message{m}
	}
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
	var piece Section
	for _, block := range section.Blocks {
		for {
			whole := Section{Blocks: append(piece.Blocks[:len(piece.Blocks):len(piece.Blocks)], block)}
			if s.fits(s.with(whole)) {
				piece = whole
				break
			}
			if len(piece.Blocks) > 0 || len(s.current) > 0 {
				// A fresh message may hold the block whole.
				s.current = s.withPiece(piece)
				s.flush()
				piece = Section{}
				continue
			}
			head, tail := divide(block, func(b Block) bool { return s.fits([]Section{{Blocks: []Block{b}}}) })
			s.current = []Section{{Blocks: []Block{head}}}
			s.flush()
			if len(tail.Runs) == 0 {
				break
			}
			block = tail
		}
	}
	s.current = s.withPiece(piece)
}

func (s *splitter) withPiece(piece Section) []Section {
	if len(piece.Blocks) == 0 {
		return s.current
	}
	return s.with(piece)
}

// divide cuts a block that does not fit into the longest head that does, ended
// at the best place, and the rest. The head has at least one grapheme.
func divide(b Block, fits func(Block) bool) (head, tail Block) {
	text := blockText(b)
	var ends []int
	for g := graphemes.FromString(text); g.Next(); {
		ends = append(ends, g.End())
	}
	if len(ends) == 0 {
		return b, Block{}
	}
	n := sort.Search(len(ends), func(i int) bool {
		h, _ := cut(b, ends[i])
		return !fits(h)
	})
	at := ends[max(n-1, 0)]
	if at == len(text) {
		return b, Block{}
	}
	return cut(b, bestBreak(text, at))
}

// bestBreak is the last end of a line, sentence or word in the second half of
// text[:limit], or limit. It is a grapheme boundary when limit is one.
func bestBreak(text string, limit int) int {
	low := limit / 2
	window := text[:limit]
	if i := strings.LastIndexByte(window, '\n'); i >= low {
		return i + 1
	}
	for _, marks := range []string{".!?…。！？", " "} {
		for i := len(window); i > low; {
			r, size := utf8.DecodeLastRuneInString(window[:i])
			end := i
			i -= size
			if !strings.ContainsRune(marks, r) {
				continue
			}
			// A sentence ends before a space, or at once in scripts without spaces.
			if marks == " " || size > 1 || (end < len(text) && text[end] == ' ') {
				if end < len(text) && text[end] == ' ' {
					end++
				}
				if end <= limit {
					return end
				}
			}
		}
	}
	return limit
}

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
