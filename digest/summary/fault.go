package summary

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// fault is what keeps a sentence from being read well alone.
type fault uint16

// The lighter faults come first: when no sentence is without fault, the one
// with the lightest is taken, but none from [unended] on.
const (
	tooLong     fault = 1 << iota // more than longest words
	asks                          // a question
	opensLoose                    // opens with a pronoun or connective
	speakerless                   // a quotation without its speaker, or half of one
	tooShort                      // fewer than shortest words
	unended                       // cut off, or no sentence at all
	repeated                      // says what a headline says
	filler                        // not part of the article
)

const (
	shortest = 6
	longest  = 45
)

// faults are those that a sentence of so many words shows by itself.
func faults(in part, words int, p *phrases) fault {
	lower := strings.ToLower(in.text)
	var f fault
	switch {
	case words < shortest:
		f |= tooShort
	case words > longest:
		f |= tooLong
	}
	switch end := ending(lower); {
	case end == '?' || end == '؟' || end == '？' || end == ';':
		f |= asks
	case end == 0 && !in.thai:
		f |= unended
	}
	start := strings.TrimLeft(lower, "\"'“”„«»‘’「『([¿¡ ")
	inQuotes := in.quoted || startsQuote(in.text)
	if startsWith(start, p.opens) || startsWith(start, p.links) || !inQuotes && startsWith(start, p.self) {
		f |= opensLoose
	}
	if contains(lower, p.filler) {
		f |= filler
	}
	if in.quoted || !hasSpeaker(in.text, p) {
		f |= speakerless
	}
	return f
}

// ending is the mark that ends a whole sentence, or 0.
func ending(text string) rune {
	text = strings.TrimRightFunc(text, func(r rune) bool {
		return closing(r) || unicode.IsSpace(r)
	})
	last, size := utf8.DecodeLastRuneInString(text)
	switch last {
	case '.', '．':
		if before, _ := utf8.DecodeLastRuneInString(text[:len(text)-size]); before == '.' || before == '…' {
			return 0
		}
		return last
	case '!', '?', '。', '！', '？', '｡', '।', '॥', '؟', '۔', '።', '။', '។', '։':
		return last
	}
	return 0
}

// startsQuote says whether text starts with a quotation.
func startsQuote(text string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	return quotes(first)
}

func closing(r rune) bool {
	switch r {
	case '"', '\'', '”', '’', '“', '»', '«', ')', ']', '」', '』', '）':
		return true
	}
	return false
}

// quotes says whether a character opens or closes a quotation.
func quotes(r rune) bool {
	switch r {
	case '"', '“', '”', '„', '«', '»', '「', '」', '『', '』':
		return true
	}
	return false
}

// insideQuotes says whether a quotation is open after text, when it was or
// was not before.
func insideQuotes(text string, inside bool) bool {
	for _, r := range text {
		if quotes(r) {
			inside = !inside
		}
	}
	return inside
}

// hasSpeaker says whether a quotation in a sentence is whole and comes with
// who said it. Few quoted words are a title or an expression and need none.
func hasSpeaker(text string, p *phrases) bool {
	inside, wholly := outside(text)
	if inside == "" {
		return wholly && !startsSingle(text)
	}
	if !wholly {
		return false
	}
	rest := strings.Replace(text, inside, " ", 1)
	quoted := length(inside)
	if quoted < 4 || 2*quoted < length(text) {
		return true
	}
	return speaks(rest, p)
}

// outside returns the longest quotation in text, "" for none, and whether all
// quotations are closed.
func outside(text string) (longest string, wholly bool) {
	start := -1
	for i, r := range text {
		if !quotes(r) {
			continue
		}
		if start < 0 {
			start = i + utf8.RuneLen(r)
			continue
		}
		if i-start > len(longest) {
			longest = text[start:i]
		}
		start = -1
	}
	return longest, start < 0
}

// startsSingle says whether text starts with a single quotation mark whose end
// cannot be told from an apostrophe.
func startsSingle(text string) bool {
	return strings.HasPrefix(text, "'") || strings.HasPrefix(text, "‘")
}

// speaks says whether what stands around a quotation names somebody: a word
// that is more than a pronoun and a verb of speech.
func speaks(rest string, p *phrases) bool {
	for _, word := range strings.FieldsFunc(rest, func(r rune) bool { return !inWord(r) && r != '\'' && r != '’' && r != '-' }) {
		lower := strings.ToLower(word)
		if utf8.RuneCountInString(word) < 2 || startsWith(lower, p.opens) || startsWith(lower, p.self) || startsWith(lower, p.says) {
			continue
		}
		first, _ := utf8.DecodeRuneInString(word)
		if unicode.IsUpper(first) || !unicode.IsLower(first) || utf8.RuneCountInString(word) > 4 {
			return true
		}
	}
	return false
}

// dashes come between a dateline and its sentence.
var dashes = []string{" — ", " – ", " - ", " -- ", "— ", "– ", " = ", " —", " –", ": "}

// withoutDateline cuts off what an agency puts before the first sentence:
// "KYIV, Nov 24 (Reuters) —".
func withoutDateline(text string) string {
	if rest, ok := afterBrackets(text); ok {
		return rest
	}
	head := clip(text, 90)
	for _, word := range []string{"日电", "日電", "日讯", "日訊"} {
		if i := strings.Index(head, word); i >= 0 && utf8.RuneCountInString(head[:i]) < 20 {
			return strings.TrimLeft(text[i+len(word):], ")）] \u3000")
		}
	}
	for _, dash := range dashes {
		i := strings.Index(head, dash)
		if i <= 0 {
			continue
		}
		rest := strings.TrimLeft(text[i+len(dash):], "-–— ")
		if first, _ := utf8.DecodeRuneInString(rest); rest == "" || unicode.IsLower(first) {
			continue
		}
		if isDateline(strings.TrimSpace(text[:i]), dash) {
			return rest
		}
	}
	return text
}

// afterBrackets cuts off a place or agency in brackets: "【ソウル時事】",
// "(CNN) --", "(서울=연합뉴스) 홍길동 기자 =".
func afterBrackets(text string) (string, bool) {
	first, size := utf8.DecodeRuneInString(text)
	closing := map[rune]string{'(': ")", '[': "]", '（': "）", '【': "】", '［': "］"}[first]
	if closing == "" {
		return "", false
	}
	end := strings.Index(clip(text, 120), closing)
	if end < 0 {
		return "", false
	}
	rest := text[end+len(closing):]
	if reporter := strings.Index(clip(rest, 60), " = "); reporter >= 0 {
		rest = rest[reporter+3:]
	}
	rest = strings.TrimLeft(rest, "-–— \u3000")
	return rest, rest != "" && end > size
}

// isDateline says whether the words before a dash are a place, perhaps with a
// date and an agency.
func isDateline(head, dash string) bool {
	words := strings.Fields(head)
	if len(words) > 9 {
		return false
	}
	if last := head[len(head)-1]; last == ')' && dash != ": " {
		return true
	}
	if dash == ": " {
		return false
	}
	first := strings.TrimRight(words[0], ",.")
	if utf8.RuneCountInString(first) > 2 && first == strings.ToUpper(first) && first != strings.ToLower(first) {
		return true
	}
	for _, word := range words {
		r, _ := utf8.DecodeRuneInString(word)
		if !unicode.IsUpper(r) && !unicode.IsDigit(r) {
			return false
		}
	}
	return len(words) <= 3 || strings.ContainsAny(head, "0123456789")
}
