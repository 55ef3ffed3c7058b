package summary

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Headline is the index of the source with the most central title that does
// not shout, ask or hide what happened; 0 when there is none.
func (w *Writer) Headline(sources []Source) int {
	clear(w.ids)
	sources = sources[:min(len(sources), maxSources)]
	titles := make([][]int32, len(sources))
	for i, s := range sources {
		titles[i] = content(w.read(s.Language, clip(s.Title, maxTitle)))
	}
	best, highest := 0, -10.0
	for i, s := range sources {
		score := -loudness(strings.TrimSpace(clip(s.Title, maxTitle)), w.phrasesOf(s.Language))
		for k := range titles {
			if i != k {
				score += cosine(titles[i], titles[k]) / float64(len(titles)-1)
			}
		}
		if score > highest {
			best, highest = i, score
		}
	}
	return best
}

// loudness is how much of its centrality a headline loses by its form.
func loudness(title string, p *phrases) float64 {
	const fault = 0.2
	loss := 0.0
	lower := strings.ToLower(title)
	if contains(lower, p.bait) || contains(lower, p.filler) {
		loss += fault
	}
	if shouts(title) {
		loss += fault
	}
	switch last, _ := utf8.DecodeLastRuneInString(strings.TrimRightFunc(title, closing)); last {
	case '?', '？', '؟', ';':
		loss += fault
	case '!', '！', '…':
		loss += fault
	}
	switch letters, words := utf8.RuneCountInString(title), length(title); {
	case words == 0:
		loss += 5
	case words < 4:
		loss += fault
	case letters > 110:
		loss += fault
	}
	if strings.ContainsAny(title, "!！") && loss == 0 {
		loss += fault / 2
	}
	return loss
}

// shouts says whether most words of a title are in capitals.
func shouts(title string) bool {
	words, capitals := 0, 0
	for word := range strings.FieldsSeq(title) {
		if lower := strings.ToLower(word); lower == strings.ToUpper(word) || utf8.RuneCountInString(word) < 3 {
			continue
		}
		words++
		if !strings.ContainsFunc(word, unicode.IsLower) {
			capitals++
		}
	}
	return words >= 3 && 2*capitals > words
}
