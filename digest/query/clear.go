package query

import "slices"

// An article that plainly has the words of the topic belongs to it, whatever
// the strongest story is about: a topic may have several stories, and articles
// in a language from which nothing was learned.
const (
	// clearly is how much more of the words than an article needs otherwise
	// must be in it, beyond is how much leaves no question open.
	clearly = 1.2
	beyond  = 1.4
	// ordinary is how heavy a word may be that it lacks, beside the mean: an
	// article without the one rare word of a topic is not plainly about it.
	ordinary = 1.1
	// half of a story's articles, but not one alone, bring the rest.
	half     = 0.5
	notAlone = 2
	// little is what is learned that does not count by itself.
	little = 0.1
)

// others are the learned words that were not typed.
func (t *trial) others() []Related {
	typed := t.typed()
	return slices.DeleteFunc(slices.Clone(t.profile.Words), func(w Related) bool {
		return typed[hashOf(seedOf(w.Language), w.Stem)]
	})
}

// typed returns the words of the query in all languages of the window.
func (t *trial) typed() map[uint64]bool {
	typed := make(map[uint64]bool)
	open := false
	for code := range t.languages {
		t.reader.language(code)
		for _, h := range t.reader.leaves(nil, t.query.root, code, &open) {
			typed[h] = true
		}
	}
	return typed
}

// stray says whether an article without a story has neither enough of the
// typed words nor of the others that were learned: that many have the same
// word is no reason to take it.
func (t *trial) stray(own, learned float64) bool {
	return own < t.options.Strictness.needed() && learned < little
}

// plainly says whether the open article, by its score alone, plainly belongs.
func (t *trial) plainly(own float64) bool {
	needed := t.options.Strictness.needed()
	switch {
	case own >= beyond*needed:
		return true
	case own < clearly*needed:
		return false
	}
	t.parts = t.reader.parts(t.parts[:0], t.query.root, needed)
	total, lacking := 0.0, 0.0
	for _, f := range t.parts {
		total += f.weight
		lacking = max(lacking, f.weight*(1-f.value))
	}
	return lacking*float64(len(t.parts)) <= ordinary*total
}

// admit lifts the articles that plainly belong, and the stories that they make
// half of, to what is needed, but for what votes speak against.
func (t *trial) admit() {
	t.lift = make([]float64, len(t.score))
	for _, s := range t.touched {
		clear, passed := 0.0, 0.0
		for _, i := range t.members[s] {
			if t.own[i] == out {
				continue
			}
			passed++
			if t.clear[i] && !t.against(i) {
				clear++
			}
		}
		story := clear >= notAlone && clear >= half*passed
		for _, i := range t.members[s] {
			if t.own[i] != out && (story || t.clear[i]) && !t.against(i) {
				t.lift[i] = max(0, t.needed-t.score[i])
				t.score[i] += t.lift[i]
			}
		}
	}
}

// against says whether votes speak against an article.
func (t *trial) against(i int32) bool { return t.lean != nil && t.lean[i] < 0 }
