package summary

import (
	"slices"
	"unicode"
)

// New chooses sentences that say what none of those already sent says: unlike
// each of them, and with a name or number that none has. A number that none has
// is news in a sentence that is otherwise much like one already sent.
func (w *Writer) New(sent []string, sources []Source, words int) []Sentence {
	if len(sources) == 0 {
		return nil
	}
	candidates := w.candidates(sources)
	known := make([][]int32, len(sent))
	named := map[int32]bool{}
	for i, s := range sent {
		tokens := w.read(sources[0].Language, s)
		known[i] = content(tokens)
		for _, t := range tokens {
			named[t.id] = true
		}
	}
	capitals := slices.ContainsFunc(sources, func(s Source) bool { return cased(s.Title + s.Text) })
	counts := func(t token) bool { return t.number && !named[t.id] }
	// In a script without capitals any word that means something may be a name.
	tells := func(t token) bool { return counts(t) || !named[t.id] && (t.name || !capitals && !t.stop) }
	chooser := w.chooser(w.survey(candidates))
	return told(chooser.choose(words, func(c candidate) bool {
		old := oldness
		if slices.ContainsFunc(c.tokens, counts) {
			old = sameWithNumber
		}
		return c.fault == 0 && slices.ContainsFunc(c.tokens, tells) &&
			!slices.ContainsFunc(known, func(k []int32) bool { return cosine(k, c.content) >= old })
	}))
}

const (
	// oldness is the cosine from which a sentence says what was already sent.
	oldness = 0.5
	// sameWithNumber is the cosine from which one with a new number does.
	sameWithNumber = 0.85
)

// cased says whether most letters of a text are of a script with capitals.
func cased(text string) bool {
	with, without := 0, 0
	for _, r := range text {
		switch {
		case unicode.IsUpper(r) || unicode.IsLower(r):
			with++
		case unicode.IsLetter(r):
			without++
		}
	}
	return with > without
}
