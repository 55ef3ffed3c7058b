package bot

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// mostMarks is how many combining marks may stand on one letter. Every script
// makes do with less; more of them cover the lines above and below.
const mostMarks = 8

// Clean is text as it may be shown anywhere: without control characters (but
// for newlines and tabs), invalid bytes, characters that turn the direction of
// what follows them, and heaps of combining marks.
func Clean(s string) string {
	marks := 0
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t':
		case unicode.IsControl(r), turns(r):
			return -1
		case r == '\u2028', r == '\u2029':
			return ' '
		case r >= '\u0300' && unicode.In(r, unicode.Mn, unicode.Me):
			if marks++; marks > mostMarks {
				return -1
			}
			return r
		case unicode.Is(unicode.Cf, r): // joiners, which stand between marks
			return r
		}
		marks = 0
		return r
	}, strings.ToValidUTF8(s, string(utf8.RuneError)))
}

// turns reports whether a character changes the direction of the text behind
// it: the embeddings, overrides and isolates of Unicode's bidirectional algorithm.
func turns(r rune) bool { return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' }

// leftward are the scripts that are written from right to left.
var leftward = []*unicode.RangeTable{
	unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko, unicode.Samaritan, unicode.Mandaic, unicode.Adlam,
}

// Isolated are the block's runs with cleaned text. Those that are written from
// right to left and have neighbours are set between Unicode's isolates, so that
// the numbers and punctuation around them stay where they are.
func (b Block) Isolated() []Run {
	out := make([]Run, len(b.Runs))
	for i, r := range b.Runs {
		r.Text = Clean(r.Text)
		if len(b.Runs) > 1 && b.Kind != Code && !r.Code && strings.IndexFunc(r.Text, isLeftward) >= 0 {
			r.Text = isolate(r.Text)
		}
		out[i] = r
	}
	return out
}

func isLeftward(r rune) bool { return r >= '\u0590' && unicode.In(r, leftward...) }

// isolate sets each line of a text, but not the space around it, between isolates.
func isolate(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if inner := strings.TrimSpace(line); strings.IndexFunc(inner, isLeftward) >= 0 {
			lines[i] = strings.Replace(line, inner, "\u2068"+inner+"\u2069", 1)
		}
	}
	return strings.Join(lines, "\n")
}
