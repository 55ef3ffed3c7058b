package language

import (
	"strings"
	"unicode"
	"unicode/utf8"

	uax29 "github.com/clipperhouse/uax29/v2/words"
)

// fewLetters is how many letters may stand on each side of the & in a word.
const fewLetters = 2

// kind is what stands at a place of the text.
type kind uint8

const (
	noWord      kind = iota
	oneWord          // a word
	pairRun          // Chinese, Japanese, Korean letters
	alphabetRun      // Thai, Lao, Khmer, Burmese letters
)

// wordEnd returns the end of the word or run that begins at i. Boundaries are
// those of Unicode (UAX #29), but for: names and compounds with a dot, colon
// or underline, which are cut; numbers with a colon or hyphen ("18:30",
// "2-1") and short codes ("F-16", "e-mail"), which are not.
func wordEnd(text string, i int, l *tongue) (int, kind) {
	end := i
	for end < len(text) && end-i < maxWord && alphanumeric(text[end]) {
		end++
	}
	if end > i && (end == len(text) || text[end] < utf8.RuneSelf && !joins(text, end)) {
		return end, oneWord
	}
	if end == i {
		r, _ := utf8.DecodeRuneInString(text[i:])
		if !unicode.IsLetter(r) && !unicode.Is(unicode.Nd, r) {
			return i, noWord
		}
		if kind, in := runOf(r); kind != noWord {
			return runEnd(text, i, in), kind
		}
	}
	window := text[i:]
	if len(window) > maxWord {
		window = window[:maxWord]
		for !utf8.RuneStart(text[i+len(window)]) {
			window = window[:len(window)-1]
		}
	}
	words := uax29.FromString(window)
	words.Next()
	end = i + cut(words.Value(), l)
	return dots(text, i, hyphens(text, i, end)), oneWord
}

// joins says whether the ASCII character at i may stand inside a word.
func joins(text string, i int) bool {
	if i+1 == len(text) || text[i+1] < utf8.RuneSelf && !alphanumeric(text[i+1]) {
		return false
	}
	switch text[i] {
	case '\'', '.', ':', '_', '-', ',':
		return true
	}
	return false
}

// cut returns the length of the first word in what Unicode calls a word.
func cut(word string, l *tongue) int {
	for i, r := range word {
		if i == 0 {
			continue
		}
		between := digit(word[i-1]) && i+1 < len(word) && digit(word[i+1])
		switch r {
		case '.', '·', ';':
			if !between && !initials(word) {
				return i
			}
		case ':':
			if !between && !l.caseEnding {
				return i
			}
		case '_':
			return i
		case '\'', '’', 'ʼ':
			if l.elision && elided(word[:i]) {
				return i
			}
		default:
			if kind, _ := runOf(r); kind != noWord {
				return i
			}
		}
	}
	return len(word)
}

// elided says whether a word before an apostrophe is an article or pronoun.
func elided(word string) bool {
	switch strings.ToLower(word) {
	case "c", "d", "j", "l", "m", "n", "s", "t", "b", "qu", "un",
		"jusqu", "lorsqu", "puisqu", "quelqu", "quoiqu",
		"all", "dall", "dell", "nell", "sull", "coll", "quell", "quest", "gl", "dev", "anch", "cent", "com", "dov", "tutt", "mezz", "nient":
		return true
	}
	return false
}

// initials says whether word is letters with dots between: "U.S", "EE.UU".
func initials(word string) bool {
	run, dotted := 0, false
	var last rune
	for _, r := range word {
		switch {
		case r == '.':
			if run == 0 {
				return false
			}
			run, dotted = 0, true
		case !unicode.IsLetter(r), run == 1 && r != last, run == 2:
			return false
		default:
			run, last = run+1, r
		}
	}
	return dotted && run > 0
}

// dots returns the end of initials with their last dot.
func dots(text string, start, end int) int {
	if end < len(text) && text[end] == '.' && initials(text[start:end]) {
		return end + 1
	}
	return end
}

// hyphens returns the end of a number or short code that goes on after a
// hyphen, at the first hyphen that does not join.
func hyphens(text string, start, end int) int {
	for end-start < maxWord/2 {
		size := 1
		switch {
		case strings.HasPrefix(text[end:], "-"):
		case strings.HasPrefix(text[end:], "‑"), strings.HasPrefix(text[end:], "–"):
			size = len("–")
		case strings.HasPrefix(text[end:], ":"):
			if !digit(text[end-1]) || end+1 == len(text) || !digit(text[end+1]) {
				return end
			}
		default:
			return end
		}
		next := end + size
		for next < len(text) && next-end < 32 && alphanumeric(text[next]) {
			next++
		}
		if next == end+size || next < len(text) && text[next] >= utf8.RuneSelf || !compound(text[start:end], text[end+size:next]) {
			return end
		}
		end = next
	}
	return end
}

// compound says whether two parts around a hyphen are one word: two numbers
// ("2-1"), a code with its number ("F-16"), a letter and a word ("e-mail").
func compound(left, right string) bool {
	switch {
	case digit(left[len(left)-1]):
		return digit(left[0]) && strings.Trim(right, "0123456789") == ""
	case len(left) == 1:
		return true
	}
	return len(left) <= 3 && strings.Trim(right, "0123456789") == "" && strings.ToUpper(left) == left
}

// runOf says whether a letter belongs to a script without spaces, and what
// goes on its run.
func runOf(r rune) (kind, func(rune) bool) {
	switch {
	case r < 0x0E00:
	case r < 0x0E80:
		return alphabetRun, thai
	case r < 0x0F00:
		return alphabetRun, lao
	case 0x1000 <= r && r < 0x10A0:
		return alphabetRun, burmese
	case 0x1780 <= r && r < 0x1800:
		return alphabetRun, khmer
	case han(r):
		return pairRun, han
	case hiragana(r):
		return pairRun, hiragana
	case hangul(r):
		return pairRun, hangul
	}
	return noWord, nil
}

func thai(r rune) bool     { return 0x0E01 <= r && r < 0x0E4F && r != 0x0E3F }
func lao(r rune) bool      { return 0x0E81 <= r && r < 0x0ECF }
func burmese(r rune) bool  { return 0x1000 <= r && r < 0x1040 || 0x1050 <= r && r < 0x1090 }
func khmer(r rune) bool    { return 0x1780 <= r && r < 0x17D4 }
func hiragana(r rune) bool { return 0x3041 <= r && r < 0x30A0 }
func hangul(r rune) bool   { return 0xAC00 <= r && r < 0xD7A4 }
func han(r rune) bool {
	return 0x3400 <= r && r < 0xA000 || 0xF900 <= r && r < 0xFB00 || 0x20000 <= r && r < 0x32000 || r == '々' || r == '〇'
}

// runEnd returns the end of the run that begins at i, at least one letter.
func runEnd(text string, i int, in func(rune) bool) int {
	_, size := utf8.DecodeRuneInString(text[i:])
	for i += size; i < len(text); i += size {
		var r rune
		if r, size = utf8.DecodeRuneInString(text[i:]); !in(r) && !unicode.Is(unicode.Mn, r) {
			break
		}
	}
	return i
}

// withSigns returns the end of a word of few letters that goes on with signs: C++,
// AT&T.
func withSigns(text string, start, end int) int {
	if end == start+1 && !digit(text[start]) {
		end += len(Signs(text[end:]))
	}
	if end-start > fewLetters || end == len(text) || text[end] != '&' {
		return end
	}
	next := end + 1
	for next < len(text) && alphanumeric(text[next]) {
		next++
	}
	after, _ := utf8.DecodeRuneInString(text[next:])
	if next == end+1 || next-end-1 > fewLetters || unicode.IsLetter(after) {
		return end
	}
	return next
}

// Signs returns the signs at the beginning of text that make one word with a
// single letter before them, as in C++ and C#; none when more of a word follows.
func Signs(text string) string {
	for _, signs := range [2]string{"++", "#"} {
		after, ok := strings.CutPrefix(text, signs)
		if !ok {
			continue
		}
		next, _ := utf8.DecodeRuneInString(after)
		if next != '+' && next != '#' && !unicode.IsLetter(next) && (signs == "++" || !unicode.IsNumber(next)) {
			return signs
		}
	}
	return ""
}
