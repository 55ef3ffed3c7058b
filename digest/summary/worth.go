package summary

import "math"

// maxRepeat is how often a concept is worth saying again in a summary.
const maxRepeat = 3

// Weights are what the choice of sentences was taught: the log odds that a
// summary by a person holds a word or pair of words of the story, as often as
// it stands in the sentences chosen so far and once more, and how far whole
// sentences fall short of it. See [FeatureNames].
type Weights struct {
	Word, Pair [ConceptFeatures]float64
	Sentence   [SentenceFeatures]float64
}

// The sizes of the weights.
const (
	ConceptFeatures  = 13
	SentenceFeatures = 8
)

// FeatureNames names the features of a concept and of a sentence.
func FeatureNames() (concept [ConceptFeatures]string, sentence [SentenceFeatures]string) {
	return [ConceptFeatures]string{
			"always", "logarithm of its count", "logarithm of its articles", "share of the articles", "sixths of its first place",
			"logarithm of its early places", "number", "function words", "logarithm of the number of articles",
			"second time", "third time", "second time, by the count", "third time, by the count",
		}, [SentenceFeatures]string{
			"always", "length in thirties of words", "early place", "tenths of its place",
			"share of names", "share of numbers", "likeness to the story", "likeness of the article to the others",
		}
}

// concept is a stem or a pair of neighbouring stems in the story at hand.
type concept struct {
	count, articles, first int
	last                   int // the last article that had it, plus one
	early                  float64
	stops                  int
	number                 bool
}

// story is what the articles say together.
type story struct {
	articles   int
	words      []concept // by id
	pairs      []concept // by -1-id
	candidates []candidate
}

// survey counts the concepts of single sentences.
func (w *Writer) survey(candidates []candidate) *story {
	s := &story{words: make([]concept, len(w.ids)), pairs: make([]concept, len(w.pairs)), candidates: candidates}
	source := -1
	for _, c := range candidates {
		if len(c.texts) > 1 {
			continue
		}
		if c.source != source {
			source = c.source
			s.articles++
		}
		for i, t := range c.tokens {
			s.words[t.id].note(c, t.stop, false, t.number)
			if i > 0 {
				s.pairs[-1-c.concepts[2*i]].note(c, c.tokens[i-1].stop, t.stop, t.number || c.tokens[i-1].number)
			}
		}
	}
	return s
}

// note counts one more place of a concept.
func (k *concept) note(c candidate, stop, also, number bool) {
	if k.count == 0 {
		k.first = c.place
		k.number = number
		for _, is := range [2]bool{stop, also} {
			if is {
				k.stops++
			}
		}
	}
	k.count++
	k.first = min(k.first, c.place)
	k.early += 1 / float64(1+c.place)
	if k.last != c.source+1 {
		k.last = c.source + 1
		k.articles++
	}
}

// features of a concept that a summary is to hold the given time.
func (s *story) features(k concept, time int) [ConceptFeatures]float64 {
	count := math.Log(float64(k.count))
	f := [ConceptFeatures]float64{
		1, count, math.Log(float64(k.articles)), float64(k.articles) / float64(s.articles), float64(k.first) / 6,
		math.Log(0.1 + k.early), 0, float64(k.stops), math.Log(float64(s.articles)),
	}
	if k.number {
		f[6] = 1
	}
	if time > 1 {
		f[7+time], f[9+time] = 1, count
	}
	return f
}

// worths are what it is worth to say each concept for the first, second and
// third time: the probability that a person would, times each, and times
// functionWorth for single function words.
func (s *story) worths(concepts []concept, w [ConceptFeatures]float64, each float64) [][maxRepeat]float64 {
	worths := make([][maxRepeat]float64, len(concepts))
	for i, k := range concepts {
		if k.count == 0 {
			continue
		}
		worth := each
		if each == 1 && k.stops > 0 {
			worth *= functionWorth
		}
		for time := range worths[i] {
			odds := 0.0
			for j, f := range s.features(k, time+1) {
				odds += w[j] * f
			}
			worths[i][time] = worth / (1 + math.Exp(-odds))
		}
	}
	return worths
}

// What a pair of words and a function word count, when a word counts one.
const (
	pairWorth     = 2
	functionWorth = 0.5
)

// sentenceFeatures are those of each candidate, each times its length.
func (s *story) sentenceFeatures() [][SentenceFeatures]float64 {
	likeness, articles := s.likeness()
	all := make([][SentenceFeatures]float64, len(s.candidates))
	for i, c := range s.candidates {
		names, numbers := 0.0, 0.0
		for _, t := range c.tokens {
			if t.name {
				names++
			}
			if t.number {
				numbers++
			}
		}
		words := float64(c.length)
		tokens := float64(max(len(c.tokens), 1))
		f := [SentenceFeatures]float64{
			1, words / 30, 1 / float64(1+c.place), float64(c.place) / 10, names / tokens, numbers / tokens, likeness[i], articles[c.source],
		}
		for j := range f {
			f[j] *= words
		}
		all[i] = f
	}
	return all
}

// likeness is the cosine of each candidate with the whole story, and of each
// article with the others.
func (s *story) likeness() (candidates []float64, articles map[int]float64) {
	whole := make([]float64, len(s.words))
	parts := make(map[int][]float64)
	for _, c := range s.candidates {
		if len(c.texts) > 1 {
			continue
		}
		if parts[c.source] == nil {
			parts[c.source] = make([]float64, len(s.words))
		}
		for _, t := range c.tokens {
			if !t.stop {
				whole[t.id]++
				parts[c.source][t.id]++
			}
		}
	}
	square := 0.0
	for _, n := range whole {
		square += n * n
	}
	candidates = make([]float64, len(s.candidates))
	counts := make([]float64, len(s.words))
	for i, c := range s.candidates {
		dot, own := 0.0, 0.0
		for _, t := range c.tokens {
			if !t.stop {
				own += 2*counts[t.id] + 1
				counts[t.id]++
				dot += whole[t.id]
			}
		}
		for _, t := range c.tokens {
			counts[t.id] = 0
		}
		candidates[i] = dot / math.Sqrt(max(own*square, 1))
	}
	articles = make(map[int]float64, len(parts))
	for source, part := range parts {
		dot, own, rest := 0.0, 0.0, 0.0
		for id, n := range part {
			other := whole[id] - n
			dot += n * other
			own += n * n
			rest += other * other
		}
		articles[source] = dot / math.Sqrt(max(own*rest, 1))
	}
	return candidates, articles
}
