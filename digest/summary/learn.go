package summary

// Example is one case that weights are learned from: what is known, and what a
// person did.
type Example struct {
	Features []float64
	Label    float64
	Pair     bool
}

// ConceptExamples are the words and pairs of words of a story, each for each
// time that a summary may hold it; the label is 1 when the reference, a summary
// that a person wrote, holds it as often.
func (w *Writer) ConceptExamples(sources []Source, reference string) []Example {
	s, counts := w.study(sources, reference)
	var examples []Example
	add := func(concepts []concept, id func(int) int32, pair bool) {
		for i, k := range concepts {
			for time := range min(k.count, maxRepeat) {
				f := s.features(k, time+1)
				e := Example{Features: f[:], Pair: pair}
				if counts[id(i)] > time {
					e.Label = 1
				}
				examples = append(examples, e)
			}
		}
	}
	add(s.words, func(i int) int32 { return int32(i) }, false)
	add(s.pairs, func(i int) int32 { return -1 - int32(i) }, true)
	return examples
}

// SentenceExamples are the sentences of a story that may be chosen; the label
// is by how much the reference holds more of what one says than the weights
// for concepts foretell.
func (w *Writer) SentenceExamples(sources []Source, reference string) []Example {
	s, counts := w.study(sources, reference)
	c := w.chooser(s)
	features := s.sentenceFeatures()
	var examples []Example
	for i, candidate := range s.candidates {
		if candidate.fault != 0 {
			continue
		}
		e := Example{Features: features[i][:]}
		said := make(map[int32]int)
		for _, id := range candidate.concepts {
			worth := 1.0
			switch {
			case id < 0:
				worth = pairWorth
			case s.words[id].stops > 0:
				worth = functionWorth
			}
			said[id]++
			if said[id] <= min(counts[id], maxRepeat) {
				e.Label += worth
			}
			e.Label -= c.say(id)
		}
		for _, id := range candidate.concepts {
			c.unsay(id)
		}
		examples = append(examples, e)
	}
	return examples
}

// study surveys a story and counts the concepts of its reference.
func (w *Writer) study(sources []Source, reference string) (*story, map[int32]int) {
	candidates := w.candidates(sources)
	s := w.survey(candidates)
	counts := make(map[int32]int)
	if len(sources) > 0 {
		for _, id := range w.concepts(w.read(sources[0].Language, reference)) {
			counts[id]++
		}
	}
	return s, counts
}
