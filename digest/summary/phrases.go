package summary

import (
	_ "embed"
	"strings"
	"unicode"
	"unicode/utf8"
)

//go:embed readable.txt
var phraseList string

// phrases are what readable.txt lists for a language.
type phrases struct {
	opens, self, links, filler, says, bait, about, units, numerals []string
}

// parsePhrases returns the phrases by language; what holds for all languages
// stands in each, and under "" alone.
func parsePhrases() map[string]*phrases {
	all := map[string]*phrases{"": {}}
	for line := range strings.Lines(phraseList) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "# ") {
			continue
		}
		code, rest, _ := strings.Cut(line, " ")
		kind, rest, _ := strings.Cut(rest, " ")
		list := strings.Split(rest, ", ")
		if code == "all" {
			code = ""
		}
		p := all[code]
		if p == nil {
			p = &phrases{filler: all[""].filler}
			all[code] = p
		}
		switch kind {
		case "opens":
			p.opens = list
		case "self":
			p.self = list
		case "links":
			p.links = list
		case "filler":
			p.filler = append(list, p.filler...)
		case "says":
			p.says = list
		case "bait":
			p.bait = list
		case "about":
			p.about = list
		case "units":
			p.units = list
		case "numerals":
			p.numerals = list
		}
	}
	all["bs"], all["ms"] = all["hr"], all["id"]
	return all
}

// phrasesOf returns the phrases of a language, with or without its region.
func (w *Writer) phrasesOf(code string) *phrases {
	if i := strings.IndexAny(code, "-_"); i > 0 {
		code = code[:i]
	}
	if p, ok := w.phrases[code]; ok {
		return p
	}
	return w.phrases[""]
}

// startsWith says whether text, in small letters, starts with one of the
// phrases as whole words.
func startsWith(text string, phrases []string) bool {
	for _, p := range phrases {
		if strings.HasPrefix(text, p) && wordEnds(text, len(p)) {
			return true
		}
	}
	return false
}

// contains says whether one of the phrases stands in text, in small letters,
// as whole words.
func contains(text string, phrases []string) bool {
	for _, p := range phrases {
		for from := 0; ; {
			i := strings.Index(text[from:], p)
			if i < 0 {
				break
			}
			start := from + i
			if wordEnds(text, start) && wordEnds(text, start+len(p)) {
				return true
			}
			from = start + len(p)
		}
	}
	return false
}

// wordEnds says whether no word goes on over the place i of text. Scripts
// without spaces have no such place, so there any will do.
func wordEnds(text string, i int) bool {
	if i == 0 || i == len(text) {
		return true
	}
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	after, _ := utf8.DecodeRuneInString(text[i:])
	if unspaced(before) || unspaced(after) {
		return true
	}
	return !inWord(before) || !inWord(after)
}

func inWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

// unspaced says whether a letter belongs to a script that puts no space
// between words.
func unspaced(r rune) bool {
	switch {
	case r < 0x0E00:
		return false
	case r < 0x0F00, 0x1000 <= r && r < 0x10A0, 0x1780 <= r && r < 0x1800:
		return true
	}
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
}

// length counts words; where a script puts no space between them, by the
// usual number of letters in a word.
func length(text string) int {
	words, run := 0.0, false
	for _, r := range text {
		switch {
		case r >= 0x0E00 && unspaced(r):
			run = false
			if unicode.IsMark(r) {
				continue
			}
			if r < 0x1800 {
				words += 1 / 4.0 // Thai, Lao, Burmese, Khmer
			} else {
				words += 1 / 1.7 // Chinese, Japanese
			}
		case unicode.IsSpace(r):
			run = false
		case !run && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			words++
			run = true
		}
	}
	return int(words + 0.5)
}
