package summary

import (
	"cmp"
	"slices"
)

// chooser takes sentences that cover most: the sum of what it is worth to say
// each concept, as in Gillick and Favre, "A scalable global model for
// summarization" (2009), with a worth that was taught, for a concept that is
// said again too, and for whole sentences.
type chooser struct {
	words, pairs         [][maxRepeat]float64
	wordsSaid, pairsSaid []int // how often the chosen sentences say each
	candidates           []candidate
	prior                []float64 // of each candidate
	taken                []bool    // chosen, or too like a chosen one
}

func (w *Writer) chooser(s *story) *chooser {
	c := &chooser{
		words: s.worths(s.words, w.weights.Word, 1), pairs: s.worths(s.pairs, w.weights.Pair, pairWorth),
		wordsSaid: make([]int, len(s.words)), pairsSaid: make([]int, len(s.pairs)), candidates: s.candidates,
		prior: make([]float64, len(s.candidates)), taken: make([]bool, len(s.candidates)),
	}
	for i, f := range s.sentenceFeatures() {
		for j, weight := range w.weights.Sentence {
			c.prior[i] += weight * f[j]
		}
	}
	return c
}

// say counts a concept once more and returns what that is worth.
func (c *chooser) say(id int32) float64 {
	worths, said := c.words, c.wordsSaid
	if id < 0 {
		worths, said, id = c.pairs, c.pairsSaid, -1-id
	}
	said[id]++
	if said[id] > maxRepeat {
		return 0
	}
	return worths[id][said[id]-1]
}

// unsay takes back one time that a concept was said.
func (c *chooser) unsay(id int32) {
	if id < 0 {
		c.pairsSaid[-1-id]--
	} else {
		c.wordsSaid[id]--
	}
}

// gain is what a candidate adds to those chosen.
func (c *chooser) gain(i int) float64 {
	gain := c.prior[i]
	for _, id := range c.candidates[i].concepts {
		gain += c.say(id)
	}
	for _, id := range c.candidates[i].concepts {
		c.unsay(id)
	}
	return gain
}

// take chooses a candidate and rules out those that overlap it or say the same.
func (c *chooser) take(i int) {
	chosen := c.candidates[i]
	for _, id := range chosen.concepts {
		c.say(id)
	}
	for k, other := range c.candidates {
		c.taken[k] = c.taken[k] || chosen.overlaps(other) || cosine(chosen.content, other.content) > sameness ||
			contained(other.content, chosen.content)
	}
}

const (
	// sameness is the cosine from which two sentences say the same.
	sameness = 0.6
	// sentenceWords is how many words a summary has for each sentence at least:
	// two or three are read sooner than six short ones.
	sentenceWords = 15
)

// contained says whether most of what a sentence says stands in another.
func contained(sentence, in []int32) bool {
	return 10*common(sentence, in) >= 7*len(sentence)
}

// choose takes candidates, each the one that adds most a word, until the words
// are filled. The last may go over by a seventh, at most 14 words.
func (c *chooser) choose(words int, may func(candidate) bool) []candidate {
	var chosen []candidate
	length, limit := 0, words+min(words*15/100, 14)
	for sentences := 0; length < words && sentences < max(words/sentenceWords, 1); {
		best, highest := -1, 0.0
		for i, one := range c.candidates {
			if c.taken[i] || length+one.length > limit || !may(one) {
				continue
			}
			if v := c.gain(i) / float64(max(one.length, 1)); v > highest {
				best, highest = i, v
			}
		}
		if best < 0 {
			break
		}
		c.take(best)
		chosen = append(chosen, c.candidates[best])
		length += c.candidates[best].length
		sentences += len(c.candidates[best].texts)
	}
	if len(chosen) == 0 {
		return c.shortest(may)
	}
	return chosen
}

// shortest is the shortest candidate, for when none fits.
func (c *chooser) shortest(may func(candidate) bool) []candidate {
	best := -1
	for i, one := range c.candidates {
		if !c.taken[i] && may(one) && (best < 0 || one.length < c.candidates[best].length) {
			best = i
		}
	}
	if best < 0 {
		return nil
	}
	return []candidate{c.candidates[best]}
}

// told puts sentences in reading order: the articles by how early in them the
// first is, and then as they were given; the sentences of each in theirs.
func told(chosen []candidate) []Sentence {
	opens := map[int]int{}
	for _, c := range chosen {
		if place, ok := opens[c.source]; !ok || c.place < place {
			opens[c.source] = c.place
		}
	}
	slices.SortFunc(chosen, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(opens[a.source], opens[b.source]), cmp.Compare(a.source, b.source), cmp.Compare(a.place, b.place))
	})
	var sentences []Sentence
	for _, c := range chosen {
		for _, text := range c.texts {
			sentences = append(sentences, Sentence{Text: text, Source: c.source})
		}
	}
	return sentences
}
