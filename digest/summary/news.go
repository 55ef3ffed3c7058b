package summary

import "slices"

// New chooses sentences that say what none of those already sent says: unlike
// each of them, and with a name or number that none has.
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
	capitals := slices.ContainsFunc(candidates, func(c candidate) bool {
		return slices.ContainsFunc(c.tokens, func(t token) bool { return t.name })
	})
	// Where no word looks like a name, any that means something may be one.
	tells := func(t token) bool { return !named[t.id] && (t.name || t.number || !capitals && !t.stop) }
	chooser := w.chooser(w.survey(candidates))
	return told(chooser.choose(words, func(c candidate) bool {
		return c.fault == 0 && slices.ContainsFunc(c.tokens, tells) &&
			!slices.ContainsFunc(known, func(k []int32) bool { return cosine(k, c.content) >= oldness })
	}))
}

// oldness is the cosine from which a sentence says what was already sent.
const oldness = 0.5
