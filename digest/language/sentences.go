package language

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sentences returns the sentences of text in order, each whole and without
// the space around it. What stands on a line of its own is a sentence.
func (a *Analyzer) Sentences(code, text string) []string {
	l := a.tables.tongue(code)
	var sentences []string
	start := 0
	take := func(end int) {
		if s := strings.TrimSpace(text[start:end]); s != "" {
			sentences = append(sentences, s)
		}
		start = end
	}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == '\n':
			if next := strings.TrimLeft(text[i+1:min(len(text), i+maxWord)], " \t"); !startsSmall(next) {
				take(i)
			}
		case ends(r):
			stop := i
			i = afterEnd(text, i+size)
			if l.endsSentence(text, start, stop, i) {
				take(i)
			}
			continue
		}
		i += size
	}
	take(len(text))
	return sentences
}

// ends says whether a character may end a sentence.
func ends(r rune) bool {
	switch r {
	case '.', '!', '?', '…', '।', '॥', '؟', '۔', '።', '။', '។', '։':
		return true
	}
	return wideEnd(r)
}

// wideEnd says whether a sentence ends here without a space.
func wideEnd(r rune) bool {
	switch r {
	case '。', '！', '？', '｡', '．':
		return true
	}
	return false
}

// afterEnd returns the place after further marks and the quotation marks and
// brackets that close with the sentence.
func afterEnd(text string, i int) int {
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case ends(r), r == '”', r == '’', r == '»', r == ')', r == ']', r == '」', r == '』', r == '）':
		case r == '"', r == '\'', r == '“':
			// Before a letter it opens the next sentence.
			if rest := text[i+size:]; rest != "" && !isSpace(rest) {
				return i
			}
		case r == ' ', r == '\u00A0', r == '\u202F':
			// French has a space before the mark that closes.
			if !strings.HasPrefix(text[i+size:], "»") {
				return i
			}
		default:
			return i
		}
		i += size
	}
	return i
}

func isSpace(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return unicode.IsSpace(r)
}

// endsSentence says whether the mark at stop ends the sentence that began at
// start; after is the place behind it and what closes with it.
func (l *tongue) endsSentence(text string, start, stop, after int) bool {
	mark, size := utf8.DecodeRuneInString(text[stop:])
	rest := text[after:min(len(text), after+maxWord)]
	next := strings.TrimLeftFunc(rest, unicode.IsSpace)
	if next == "" {
		return true
	}
	if wideEnd(mark) {
		// A Japanese quotation goes on with "he said".
		return !strings.HasSuffix(text[:after], "」") || !strings.HasPrefix(next, "と")
	}
	word := lastWord(text[max(start, stop-maxStem):stop])
	if len(next) == len(rest) {
		return mark == '.' && stop+size == after && missesSpace(word, next)
	}
	if startsSmall(next) {
		return false
	}
	if mark != '.' || after != stop+size {
		return true
	}
	first, _ := utf8.DecodeRuneInString(next)
	switch {
	case word == "":
		return true
	case numbered[strings.ToLower(word)]:
		return !unicode.IsDigit(first)
	case len(word) <= 2 && digit(word[0]) && digit(word[len(word)-1]):
		return !ordinalDot(l.code)
	case strings.Contains(word, ".") && initials(word), abbreviation(word):
		if unicode.IsDigit(first) {
			return false // "Nov. 14", "Gen. 3"
		}
		following := firstWord(next)
		return utf8.RuneCountInString(following) > 1 && l.stops[string(l.fold(nil, following))]
	}
	return true
}

// lastWord returns the letters, digits and dots that text ends with.
func lastWord(text string) string {
	from := strings.LastIndexFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) && r != '.'
	})
	if from < 0 {
		return text
	}
	_, size := utf8.DecodeRuneInString(text[from:])
	return text[from+size:]
}

// firstWord returns the letters that text begins with, after quotation marks.
func firstWord(text string) string {
	text = strings.TrimLeftFunc(text, func(r rune) bool { return !unicode.IsLetter(r) })
	if end := strings.IndexFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }); end >= 0 {
		return text[:end]
	}
	return text
}

// startsSmall says whether the first letter of text is a small one, so that
// the sentence goes on.
func startsSmall(text string) bool {
	for _, r := range text {
		switch {
		case unicode.IsLower(r):
			return true
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsSpace(r):
			return false
		}
	}
	return false
}

// missesSpace says whether a dot without a space behind it ends a sentence
// all the same: "was said.The next".
func missesSpace(word, next string) bool {
	last, _ := utf8.DecodeLastRuneInString(word)
	first, size := utf8.DecodeRuneInString(next)
	return utf8.RuneCountInString(word) > 2 && !strings.Contains(word, ".") && unicode.IsLower(last) &&
		unicode.IsUpper(first) && len(next) > size && startsSmall(next[size:])
}

// ordinalDot says whether a language writes ordinals with a dot ("3. Oktober").
func ordinalDot(code string) bool {
	switch code {
	case "bs", "cs", "da", "de", "et", "fi", "hr", "hu", "is", "lt", "lv", "no", "pl", "sk", "sl", "sr", "tr":
		return true
	}
	return false
}

// numbered are abbreviations only before a number.
var numbered = map[string]bool{
	"no": true, "nos": true, "nr": true, "art": true, "fig": true, "núm": true, "pág": true, "str": true, "п": true, "ст": true, "čl": true, "sec": true,
}

// abbreviations of all languages that do not end a sentence by themselves.
var abbreviations = setOf(`
mr mrs ms dr prof st gen sen rep gov lt col sgt capt cmdr rev hon jr sr vs etc inc ltd co corp dept messrs mt ft
jan feb mar apr jun jul aug sep sept oct okt nov dec dez ene abr ago dic fev ott
bzw ca usw ggf hr mio mrd bspw dipl ing inkl evtl vgl geb tel sog
mme mlle mm me ste env
sra srta dra ud uds av avda exmo exma
sig dott avv ecc
dhr mevr drs ir
np tzn tj ul im św mln mld tys ks red
např tzv mil resp
npr oz itd tzv
гг ул им тыс млн млрд руб др пр см стр проф акад вул ім тис грн ред
kl bl feat ex
`)

func setOf(list string) map[string]bool {
	set := make(map[string]bool)
	for word := range strings.FieldsSeq(list) {
		set[word] = true
	}
	return set
}
