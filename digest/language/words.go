package language

import (
	"hash/maphash"
	"strings"
	"unicode"
	"unicode/utf8"

	uax29 "github.com/clipperhouse/uax29/v2/words"
)

// mark is what the letters of a word and its place say.
type mark uint16

const (
	stop    mark = 1 << iota
	number       // holds a digit
	capital      // begins with a capital
	acronym      // all capitals, at least two
	inner        // a capital after a small letter: "iPhone"
	letters      // holds a letter of a script that has capitals
	opens        // first of a sentence, a quotation or after a colon
	closed       // the sentence before this word has ended
	joined       // a hyphen is before the word
)

// fewLetters is how many letters may stand on each side of the & in a word.
const fewLetters = 2

// maxWord bounds a word in bytes; longer runs of letters are cut.
const maxWord = 256

// Words returns the words of text, read as language code ("" when it is not
// known). It never fails: what is no word is skipped.
func (a *Analyzer) Words(code, text string) []Word {
	return a.AppendWords(make([]Word, 0, len(text)/6+1), code, text)
}

// AppendWords is Words, appending to dst.
func (a *Analyzer) AppendWords(dst []Word, code, text string) []Word {
	l := a.tables.tongue(code)
	base := len(dst)
	a.marks = a.marks[:0]
	gap := opens | closed
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf && !alphanumeric(c) {
			gap |= asciiGap(c, text, i)
			i++
			continue
		}
		end, kind := wordEnd(text, i, l)
		switch kind {
		case noWord:
			r, size := utf8.DecodeRuneInString(text[i:])
			gap |= runeGap(r)
			i += size
			continue
		case oneWord:
			end = signed(text, i, end)
			dst = a.add(dst, l, text, i, end, gap)
		default:
			dst = a.addRun(dst, l, text, i, end, kind)
		}
		gap = 0
		i = end
	}
	a.findNames(dst[base:], l)
	return dst
}

// add appends text[start:end] as one word.
func (a *Analyzer) add(dst []Word, l *tongue, text string, start, end int, gap mark) []Word {
	word := text[start:end]
	hash := maphash.String(a.seed, word) ^ l.id*0x9e3779b97f4a7c15
	slot := a.slot(l, word, hash)
	if gap&closed != 0 && start > 1 && len(a.marks) > 0 && text[start-1] == ' ' && abbreviates(dst[len(dst)-1], text, start) {
		gap = 0
	}
	a.marks = append(a.marks, slot.mark|gap)
	return append(dst, Word{
		Text: word, Stem: slot.stem, Start: start,
		Number: slot.mark&number != 0, Stop: slot.mark&stop != 0,
	})
}

// slot returns what the cache has of a word, read anew if it has nothing. A word has
// its place in a set of slots, of which those used last stay.
func (a *Analyzer) slot(l *tongue, word string, hash uint64) *cached {
	set := a.set(hash)
	for i := range set {
		if set[i].hash == hash {
			set[0], set[i] = set[i], set[0]
			return &set[0]
		}
	}
	if a.missed++; a.missed > 4*len(a.cache) && len(a.cache) < cacheSlots {
		a.cache, a.missed = make([]cached, 2*len(a.cache)), 0
		set = a.set(hash)
	}
	copy(set[1:], set)
	set[0] = a.read(l, word)
	set[0].hash = hash
	return &set[0]
}

func (a *Analyzer) set(hash uint64) []cached {
	return a.cache[hash%uint64(len(a.cache)/ways)*ways:][:ways]
}

// addRun appends a run of a script that is written without spaces as
// overlapping pieces.
func (a *Analyzer) addRun(dst []Word, l *tongue, text string, start, end int, kind kind) []Word {
	size := 2
	if kind == alphabetRun {
		size = 3
	}
	var starts [4]int // of the last letters, in a ring
	n := 0
	for i := start; i < end; n++ {
		starts[n%4] = i
		i = nextLetter(text, i, end)
		if n+1 >= size {
			dst = a.add(dst, l, text, starts[(n+1-size)%4], i, 0)
		}
	}
	if n < size {
		dst = a.add(dst, l, text, start, end, 0)
	}
	return dst
}

// nextLetter returns the end of the letter at i with its marks.
func nextLetter(text string, i, end int) int {
	end = min(end, i+maxWord)
	_, size := utf8.DecodeRuneInString(text[i:end])
	for i += size; i < end; i += size {
		var r rune
		if r, size = utf8.DecodeRuneInString(text[i:end]); !unicode.Is(unicode.M, r) {
			break
		}
	}
	return i
}

// signed returns the end of a word of few letters that goes on with signs: C++,
// AT&T.
func signed(text string, start, end int) int {
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
		next, _ := utf8.DecodeRuneInString(after)
		if ok && next != '+' && next != '#' && !unicode.IsLetter(next) && (signs == "++" || !unicode.IsNumber(next)) {
			return signs
		}
	}
	return ""
}

func alphanumeric(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || digit(c)
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

// asciiGap says what a character between words means for the capital after it.
func asciiGap(c byte, text string, i int) mark {
	switch c {
	case '!', '?', '|', '\n', ';':
		return opens | closed
	case '.':
		if i+1 == len(text) || text[i+1] <= ' ' || text[i+1] == '"' || text[i+1] >= utf8.RuneSelf {
			return opens | closed
		}
	case ':', '"', '(', '[':
		return opens
	case '-':
		if i > 0 && text[i-1] == ' ' {
			return opens
		}
		return joined
	case '\'':
		if i == 0 || text[i-1] == ' ' {
			return opens
		}
	}
	return 0
}

func runeGap(r rune) mark {
	switch r {
	case '…', '。', '！', '？', '؟', '।', '۔', '•', '·':
		return opens | closed
	case '«', '»', '„', '“', '”', '‘', '‹', '—', '–', '¿', '¡', '：', '「', '『':
		return opens
	}
	return 0
}

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
