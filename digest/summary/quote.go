package summary

import (
	"strings"

	"tidings/digest/language"
)

// Quote is what somebody said, in the words of a source.
type Quote struct {
	Text, Speaker string // without the quotation marks; the name as it stands
	Source        int
}

const (
	shortestQuote = 6
	longestQuote  = 40
)

// Quote finds the best quotation with its speaker, false when there is none
// that is whole and whose speaker is sure.
func (w *Writer) Quote(sources []Source) (Quote, bool) {
	candidates := w.candidates(sources)
	chooser := w.chooser(w.survey(candidates))
	best, found := 0.0, Quote{}
	for i, c := range candidates {
		if len(c.texts) > 1 || c.quoted || c.fault&^(tooLong|asks|opensLoose) != 0 {
			continue
		}
		score := chooser.gain(i) / float64(max(c.length, 1))
		if score <= best {
			continue
		}
		code := sources[c.source].Language
		if text, speaker, ok := w.quotation(code, c.texts[0]); ok {
			best, found = score, Quote{Text: text, Speaker: speaker, Source: c.source}
		}
	}
	return found, best > 0
}

// quotation is the one quotation of a sentence and who said it.
func (w *Writer) quotation(code, sentence string) (text, speaker string, ok bool) {
	p := w.phrasesOf(code)
	said, whole := outside(sentence)
	said = strings.TrimSpace(said)
	if !whole || length(said) < shortestQuote || length(said) > longestQuote || startsWith(strings.ToLower(said), p.opens) {
		return "", "", false
	}
	at := strings.Index(sentence, said)
	before, after := sentence[:at], sentence[at+len(said):]
	if strings.ContainsFunc(strings.TrimRightFunc(before, notInWord), quotes) || strings.ContainsFunc(strings.TrimLeftFunc(after, notInWord), quotes) {
		return "", "", false // several quotations
	}
	for _, rest := range []string{after, before} {
		if speaker := w.speaker(code, strings.TrimFunc(rest, notInWord), p); speaker != "" {
			return strings.TrimRight(said, ",，、"), speaker, true
		}
	}
	return "", "", false
}

func notInWord(r rune) bool { return !inWord(r) }

// speaker is the one name that a verb of speech in text goes with, "" when
// that is not sure.
func (w *Writer) speaker(code, text string, p *phrases) string {
	verb, end := find(text, p.says)
	if end == 0 {
		return ""
	}
	switch code {
	case "zh", "fa": // no capitals; the speaker stands before the verb
		return short(text[:verb])
	case "ar": // and here behind it
		return short(text[end:])
	}
	for _, name := range names(w.analyzer.Words(code, text), text) {
		at := strings.Index(text, name)
		after := at + len(name)
		switch {
		case at >= end && strings.TrimSpace(text[end:at]) == "": // "said Marta Lind"
			return name
		case after <= verb && at == 0 && strings.HasPrefix(text[after:], ","): // "Marta Lind, the engineer, said"
			return name
		case after <= verb && strings.TrimSpace(text[after:verb]) == "" && !strings.Contains(strings.TrimSpace(text[:at]), " "): // "The Council said"
			return name
		}
	}
	return ""
}

// short is a text that may be a name with an office, else "".
func short(text string) string {
	text = strings.TrimFunc(text, notInWord)
	if n := length(text); n == 0 || n > 6 || strings.ContainsAny(text, ",،，、;:") {
		return ""
	}
	return text
}

// find is where the first of the phrases stands in text as whole words, as
// start and end; 0 and 0 when none does.
func find(text string, phrases []string) (start, end int) {
	lower := strings.ToLower(text)
	if len(lower) != len(text) {
		return 0, 0
	}
	start = len(text)
	for _, p := range phrases {
		i := strings.Index(lower, p)
		if i >= 0 && i < start && wordEnds(lower, i) && wordEnds(lower, i+len(p)) {
			start, end = i, i+len(p)
		}
	}
	if end == 0 {
		return 0, 0
	}
	return start, end
}

// names are the runs of words that look like names.
func names(words []language.Word, text string) []string {
	var runs []string
	start, end := -1, -1
	flush := func() {
		if start >= 0 {
			runs = append(runs, text[start:end])
		}
		start = -1
	}
	for _, word := range words {
		if start >= 0 && (!word.Name || strings.Trim(text[end:word.Start], " .") != "") {
			flush()
		}
		if word.Name {
			if start < 0 {
				start = word.Start
			}
			end = word.Start + len(word.Text)
		}
	}
	flush()
	return runs
}
