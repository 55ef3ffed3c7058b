package language

import (
	"hash/maphash"
	"unicode"
	"unicode/utf8"
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
			end = withSigns(text, i, end)
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
