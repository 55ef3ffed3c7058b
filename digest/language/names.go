package language

import (
	"strings"
	"unicode/utf8"
)

// findNames sets Name in words, whose marks stand in a.marks. Sentence by
// sentence: where nearly all words have capitals, a capital says nothing.
func (a *Analyzer) findNames(words []Word, l *tongue) {
	for start := 0; start < len(words); {
		end := start + 1
		for end < len(words) && a.marks[end]&closed == 0 {
			end++
		}
		namesOfSentence(words[start:end], a.marks[start:end], l)
		start = end
	}
	named := words[:min(len(words), maxNamed)]
	for i := range named {
		w := &named[i]
		if a.marks[i]&(opens|capital) == opens|capital && !w.Name && !w.Stop {
			w.Name = namedElsewhere(named, w.Stem)
		}
	}
}

// maxNamed is how many words of a text are looked through for a name that
// also begins a sentence.
const maxNamed = 1000

// namedElsewhere says whether a name of the same stem stands in the text.
func namedElsewhere(words []Word, stem string) bool {
	for i := range words {
		if words[i].Name && words[i].Stem == stem {
			return true
		}
	}
	return false
}

func namesOfSentence(words []Word, marks []mark, l *tongue) {
	var small, capitals, shouted int
	for i := range words {
		switch m := marks[i]; {
		case m&letters == 0 || m&number != 0:
		case m&acronym != 0:
			shouted++
		case m&stop != 0:
		case m&capital != 0:
			capitals++
		default:
			small++
		}
	}
	if shouted >= 3 && small+capitals <= shouted/3 {
		return
	}
	titleCase := capitals >= 4 && small*10 <= capitals
	for i := range words {
		w, m := &words[i], marks[i]
		switch {
		case m&letters == 0 || m&number != 0 && m&acronym == 0:
		case m&acronym != 0:
			w.Name = true
			if w.Stop {
				w.Stop, w.Stem = false, strings.ToUpper(w.Stem)
			}
		case m&inner != 0:
			w.Name = true
		case titleCase || w.Stop || m&capital == 0:
		case l.nouns:
			w.Name = beside(words, marks, i)
		case m&opens != 0:
			w.Name = i+1 < len(words) && marks[i+1]&(capital|opens|stop) == capital && adjacent(w, &words[i+1])
		default:
			w.Name = true
		}
	}
}

// beside says whether a word with a capital has a neighbour with one, as
// first and family names have.
func beside(words []Word, marks []mark, i int) bool {
	if i > 0 && marks[i-1]&(capital|stop|number) == capital && marks[i]&(opens|joined) == 0 && adjacent(&words[i-1], &words[i]) {
		return true
	}
	return i+1 < len(words) && marks[i+1]&(capital|opens|stop|number|joined) == capital && adjacent(&words[i], &words[i+1])
}

// adjacent says whether nothing but one space or hyphen is between two words.
func adjacent(a, b *Word) bool {
	return a.Start+len(a.Text)+1 == b.Start
}

// abbreviates says whether the dot after the last word is part of it, so that
// the word at start does not open a sentence: "Dr. Who", "J. Biden".
func abbreviates(last Word, text string, start int) bool {
	end := last.Start + len(last.Text)
	if end < len(text) && text[end-1] == '.' {
		return end+1 == start // initials took the dot
	}
	return end+2 == start && text[end] == '.' && abbreviation(last.Text)
}

// abbreviation says whether a word before a dot is rather an abbreviation
// than the last of a sentence.
func abbreviation(word string) bool {
	if utf8.RuneCountInString(word) == 1 {
		r, _ := utf8.DecodeRuneInString(word)
		return r >= 'A' && !han(r) && !hiragana(r)
	}
	return abbreviations[strings.ToLower(word)]
}
