package language

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxStem bounds a stem in bytes: what is longer is no word that returns.
const maxStem = 64

// read works out what the cache keeps of a word.
func (a *Analyzer) read(l *tongue, word string) cached {
	m := marksOf(word)
	a.buffer = l.lower(a.buffer[:0], word)
	lower := trimApostrophe(a.buffer, l)
	if len(lower) > maxStem {
		for lower = lower[:maxStem]; !utf8.Valid(lower); {
			lower = lower[:len(lower)-1]
		}
	}
	text := string(lower)
	folded := l.bareString(text)
	var stem string
	switch {
	case m&number != 0:
		stem = numberStem(folded)
	case strings.IndexByte(folded, '.') >= 0: // initials
		stem = strings.ReplaceAll(folded, ".", "")
		if m&acronym != 0 && l.isStop(stem) {
			stem = strings.ToUpper(stem)
		}
	case l.isStop(folded):
		m |= stop
		stem = folded
	case m&acronym != 0 && utf8.RuneCountInString(folded) < 4:
		stem = folded // "BBC" and "CIS" have no endings
	default:
		stem = a.stemOf(l, text, folded)
	}
	if stem == "" {
		stem = strings.Clone(word)
	}
	return cached{stem: stem, mark: m}
}

// stemOf cuts the endings off; text has its marks, folded has not.
func (a *Analyzer) stemOf(l *tongue, text, folded string) string {
	if l.stem != nil {
		if l.code == "ar" {
			text = arabicConjunction(text)
		}
		a.env.SetCurrent(plain(text))
		l.stem(a.env)
		return l.bareString(a.env.Current())
	}
	folded = plain(folded)
	switch {
	case l.code == "he":
		return hebrewStem(folded)
	case l.ends != nil:
		return l.ends.cut(folded)
	case l.cut:
		return firstLetters(folded, 7)
	}
	return folded
}

// plain returns word without apostrophes and hyphens.
func plain(word string) string {
	if strings.ContainsAny(word, "'-") {
		return strings.NewReplacer("'", "", "-", "").Replace(word)
	}
	return word
}

// isStop says whether a folded word is a function word: one of the list, with
// what an apostrophe adds to it, a single Latin letter, and of Chinese pairs
// those that hold a particle.
func (l *tongue) isStop(folded string) bool {
	if l.stops[folded] {
		return true
	}
	if _, size := utf8.DecodeRuneInString(folded); size == len(folded) {
		return size == 1 && l.stops != nil
	}
	if i := strings.IndexByte(folded, '\''); i > 1 && l.stops[folded[:i]] {
		return true
	}
	return l.code == "zh" && strings.ContainsAny(folded, "的了吗呢着")
}

// trimApostrophe takes off what the apostrophe of a possessive or the case of
// a name begins.
func trimApostrophe(lower []byte, l *tongue) []byte {
	i := bytes.LastIndexByte(lower, '\'')
	if l.caseEnding {
		if i < 0 {
			i = bytes.IndexByte(lower, ':')
		}
		if i > 1 && !digit(lower[0]) {
			return lower[:i]
		}
		return lower
	}
	if i > 1 && (i == len(lower)-1 || string(lower[i:]) == "'s") {
		return lower[:i]
	}
	return lower
}

// numberStem brings a number into one spelling: "1,000" is "1000" and "3,5"
// is "3.5"; a code loses its hyphen ("F-16" is "f16").
func numberStem(word string) string {
	switch {
	case strings.Trim(word, "0123456789") == "":
		return word
	case !digit(word[0]):
		return strings.ReplaceAll(plain(word), ".", "")
	case strings.Trim(word, "0123456789.,'") != "":
		return word
	}
	first, last := strings.IndexAny(word, ".,'"), strings.LastIndexAny(word, ".,'")
	if first != last || len(word)-first == len(",000") {
		return strings.NewReplacer(",", "", ".", "", "'", "").Replace(word)
	}
	return word[:first] + "." + word[first+1:]
}

// firstLetters returns the first n letters of word.
func firstLetters(word string, n int) string {
	for i := range word {
		if n--; n < 0 {
			return word[:i]
		}
	}
	return word
}

// marksOf reads what the letters of a word say.
func marksOf(word string) mark {
	var m mark
	var upper, lower int
	for i, r := range word {
		switch {
		case unicode.IsUpper(r):
			if i == 0 {
				m |= capital
			}
			if lower > 0 {
				m |= inner
			}
			upper++
		case unicode.IsLower(r):
			lower++
		case unicode.Is(unicode.Nd, r):
			m |= number
		case r == '-', r == '\'', r == '’', r == ':':
			if r != '-' && upper > 1 && lower == 0 {
				return m | letters | acronym // "NATO's", "EU:n"
			}
			lower = 0 // "O'Brien": the capital begins a word
		}
	}
	if upper+lower > 0 {
		m |= letters
	}
	if upper > 1 && lower == 0 && m&inner == 0 {
		m |= acronym
	}
	return m
}
