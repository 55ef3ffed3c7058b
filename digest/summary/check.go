package summary

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"tidings/digest/language"
)

const (
	maxRewritten = 5   // sentences
	maxHeadline  = 160 // characters
)

// check reads what a model wrote: a headline, then a sentence a line. It
// returns what is wrong with it in a few words, none of them the model's.
func (m *Model) check(text, headline string, sentences []string, from, to string) (Rewritten, string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	rewritten, problem := parseAnswer(text, len(sentences))
	if problem != "" {
		return Rewritten{}, problem
	}
	f := m.writer.foundation(headline, sentences, from, to)
	all := append(slices.Clone(sentences), headline)
	if problem := f.misses(rewritten.Headline, all); problem != "" {
		return Rewritten{}, "the headline " + problem
	}
	var whole strings.Builder
	whole.WriteString(rewritten.Headline)
	for i, s := range rewritten.Sentences {
		whole.WriteString(" " + s.Text)
		cited := []string{headline}
		for _, c := range s.Cites {
			cited = append(cited, sentences[c])
		}
		if problem := f.misses(s.Text, cited); problem != "" {
			return Rewritten{}, fmt.Sprintf("sentence %d %s", i+1, problem)
		}
	}
	if code, sure := m.writer.analyzer.Detect(whole.String()); sure > 0.9 && to != "" && code != "" && !alike(code, to) {
		return Rewritten{}, "it is not in the language asked for"
	}
	return rewritten, ""
}

// alike says whether two codes are one language, or as good as one for a
// detector.
func alike(a, b string) bool {
	near := func(code string) string {
		switch name := language.EnglishName(code); name {
		case "Bosnian", "Serbian":
			return "Croatian"
		case "Malay":
			return "Indonesian"
		default:
			return name
		}
	}
	return near(a) == near(b)
}

// parseAnswer takes an answer apart; there are n sentences to cite.
func parseAnswer(text string, n int) (Rewritten, string) {
	var r Rewritten
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		if strings.ContainsAny(line, "<>@{}|*`") || strings.Contains(line, "://") || strings.Contains(line, "www.") ||
			strings.ContainsFunc(line, func(c rune) bool { return unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c) }) {
			return r, "it has marks or links that do not belong there"
		}
		if r.Headline == "" {
			r.Headline = line
			continue
		}
		said, cites, ok := citations(line, n)
		if !ok || len(cites) == 0 {
			return r, "a sentence does not end with the numbers it is from"
		}
		r.Sentences = append(r.Sentences, CitedSentence{Text: said, Cites: cites})
	}
	switch {
	case len(r.Sentences) == 0 || len(r.Sentences) > maxRewritten:
		return r, "it is not a headline and a few sentences"
	case utf8.RuneCountInString(r.Headline) > maxHeadline || strings.ContainsAny(r.Headline, "[]"):
		return r, "its first line is no headline"
	case slices.ContainsFunc(r.Sentences, func(s CitedSentence) bool { return length(s.Text) > 2*longest || length(s.Text) < 3 }):
		return r, "a sentence is too long or too short"
	}
	return r, ""
}

// citations cuts the numbers in brackets off the end of a line, from [1] to
// [n]; a full stop may stand behind them.
func citations(line string, n int) (text string, cites []int, ok bool) {
	stop := ""
	if strings.HasSuffix(line, "].") {
		line, stop = strings.TrimSuffix(line, "."), "."
	}
	for strings.HasSuffix(line, "]") {
		open := strings.LastIndexByte(line, '[')
		if open < 0 {
			return "", nil, false
		}
		for part := range strings.SplitSeq(line[open+1:len(line)-1], ",") {
			number, err := strconv.Atoi(strings.TrimSpace(part))
			if err != nil || number < 1 || number > n {
				return "", nil, false
			}
			if !slices.Contains(cites, number-1) {
				cites = append(cites, number-1)
			}
		}
		line = strings.TrimSpace(line[:open])
	}
	if strings.ContainsAny(line, "[]") {
		return "", nil, false
	}
	slices.Sort(cites)
	if ending(line) == 0 {
		line += stop
	}
	return line, cites, line != ""
}

// foundation is what the sources of a rewritten text have.
type foundation struct {
	w        *Writer
	from, to string
	same     bool            // both in one language
	words    map[string]bool // stems, and words in small Latin letters without marks
}

func (w *Writer) foundation(headline string, sentences []string, from, to string) foundation {
	f := foundation{w: w, from: from, to: to, same: alike(from, to), words: make(map[string]bool)}
	for _, text := range append(slices.Clone(sentences), headline) {
		for _, word := range w.analyzer.Words(from, text) {
			f.words[word.Stem] = true
			f.words[bones(word.Text)] = true
		}
	}
	return f
}

// misses says what of a text its sources do not have: numbers of those cited,
// names of any, and, in one language, what it is about.
func (f foundation) misses(text string, cited []string) string {
	has := map[string]bool{}
	for _, c := range cited {
		for _, number := range numbersIn(c, f.w.phrasesOf(f.from).numerals) {
			has[number] = true
		}
	}
	known := f.w.phrasesOf(f.to)
	for _, number := range numbersIn(text, known.numerals) {
		if !has[number] {
			return "has a number that its sources do not have"
		}
	}
	content, shared := 0, 0
	for _, word := range f.w.analyzer.Words(f.to, text) {
		founded := f.words[word.Stem] || f.words[bones(word.Text)]
		switch {
		case word.Name && !founded:
			return "has a name or date that its sources do not have"
		case f.same && !founded && startsWith(strings.ToLower(word.Text), known.units):
			return "has a date that its sources do not have"
		}
		if !word.Stop {
			content++
			if founded {
				shared++
			}
		}
	}
	if f.same && 3*shared < content {
		return "is about something else than its sources"
	}
	return ""
}

// numbersIn are the numbers of a text, in digits without separators.
func numbersIn(text string, numerals []string) []string {
	var numbers []string
	var digits strings.Builder
	flush := func() {
		if digits.Len() > 0 {
			numbers = append(numbers, digits.String())
			digits.Reset()
		}
	}
	last := rune(0)
	for _, r := range text {
		switch {
		case unicode.Is(unicode.Nd, r):
			if last != 0 && digits.Len() > 0 && !unicode.Is(unicode.Nd, last) && last != '.' && last != ',' {
				flush()
			}
			digits.WriteByte('0' + decimal(r))
		case (r == '.' || r == ',') && unicode.Is(unicode.Nd, last): // may be a separator
		default:
			flush()
		}
		last = r
	}
	flush()
	lower := strings.ToLower(text)
	for i, numeral := range numerals {
		if contains(lower, []string{numeral}) {
			numbers = append(numbers, numeralValue(i))
		}
	}
	return numbers
}

// decimal is the value of a decimal digit of any script; they stand in tens.
func decimal(r rune) byte {
	zero := r
	for zero > 0 && r-zero < 10 && unicode.Is(unicode.Nd, zero-1) {
		zero--
	}
	return byte((r - zero) % 10)
}

// numeralValue is the number of a place in the list of numerals.
func numeralValue(i int) string {
	switch {
	case i < 19:
		return strconv.Itoa(i + 2)
	case i < 26:
		return strconv.Itoa(30 + 10*(i-19))
	case i == 26:
		return "100"
	}
	return "1000"
}

// bones are the consonants of a word, in Latin letters, those that sound alike
// as one: what stays of most names when they are written in another language.
func bones(word string) string {
	var b strings.Builder
	last := byte(0)
	for _, r := range strings.ToLower(word) {
		c := bone(r)
		if c == 0 || c == last {
			continue
		}
		b.WriteByte(c)
		last = c
		if b.Len() == 6 {
			break
		}
	}
	if b.Len() < 3 {
		return word
	}
	return b.String()[:3]
}

// bone is the sound of a consonant, 0 for what is none.
func bone(r rune) byte {
	switch r {
	case 'b', 'v', 'w', 'б', 'в', 'β':
		return 'b'
	case 'p', 'п', 'π':
		return 'p'
	case 'f', 'ф', 'φ':
		return 'f'
	case 'd', 'д', 'δ':
		return 'd'
	case 't', 'т', 'τ':
		return 't'
	case 'g', 'г', 'ґ', 'γ', 'ğ':
		return 'g'
	case 'k', 'c', 'q', 'к', 'κ':
		return 'k'
	case 'h', 'х', 'χ':
		return 0 // written or left out
	case 's', 'z', 'с', 'з', 'ш', 'ж', 'ц', 'ч', 'щ', 'σ', 'ς', 'ζ', 'š', 'ž', 'č', 'ć', 'ç', 'ş', 'ś', 'ż', 'ź', 'ß':
		return 's'
	case 'l', 'л', 'λ', 'ł':
		return 'l'
	case 'm', 'м', 'μ':
		return 'm'
	case 'n', 'н', 'ν', 'ñ', 'ń':
		return 'n'
	case 'r', 'р', 'ρ', 'ř':
		return 'r'
	}
	return 0
}
