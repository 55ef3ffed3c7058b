package digest

import (
	"cmp"
	"math"
	"slices"
)

// rated is a story that is a candidate, and its score.
type rated struct {
	Candidate
	score Score
}

const (
	// consideredStories bounds the stories that are compared with each other.
	consideredStories = 60
	// samePenalty is what a story loses that tells the same as one above; from
	// sameFrom on, stories are alike enough for it to count.
	samePenalty, sameFrom = 2.0, 0.15
	// titlesCompared bounds the titles by which stories are compared.
	titlesCompared = 8
)

// vary orders stories by score, best first, such that those of one subject do
// not stand in a row: each is taken for its score less what it repeats of those
// taken before (maximal marginal relevance, Carbonell and Goldstein 1998).
func (c *Composer) vary(stories []rated) []rated {
	slices.SortFunc(stories, func(a, b rated) int {
		return cmp.Or(cmp.Compare(b.score.Total(), a.score.Total()), cmp.Compare(a.ID, b.ID))
	})
	stories = stories[:min(len(stories), consideredStories)]
	words := make([]map[string]float64, len(stories))
	for i, s := range stories {
		words[i] = c.titleWords(s.Articles)
	}
	// The words of the topic stand in every story and tell none apart.
	common(words)
	var chosen []rated
	taken := make([]bool, len(stories))
	for len(chosen) < min(MaxStories, len(stories)) {
		best := -1
		for i := range stories {
			if !taken[i] && (best < 0 || stories[i].score.Total() > stories[best].score.Total()) {
				best = i
			}
		}
		taken[best] = true
		chosen = append(chosen, stories[best])
		for i := range stories {
			if alike := cosine(words[i], words[best]); !taken[i] && alike > sameFrom {
				stories[i].score.Same = min(stories[i].score.Same, -samePenalty*alike)
			}
		}
	}
	return chosen
}

// titleWords counts the stems of the titles of a story's first voices.
func (c *Composer) titleWords(articles []Article) map[string]float64 {
	counts := map[string]float64{}
	voices := Voices(articles)
	for _, a := range voices[:min(len(voices), titlesCompared)] {
		for _, w := range c.analyzer.Words(a.Language, a.Title) {
			if !w.Stop {
				counts[w.Stem]++
			}
		}
	}
	return counts
}

// common takes the words out that more than half of the stories have, and
// weighs the others by how few have them.
func common(stories []map[string]float64) {
	in := map[string]float64{}
	for _, words := range stories {
		for w := range words {
			in[w]++
		}
	}
	n := float64(len(stories))
	for _, words := range stories {
		for w, count := range words {
			if in[w] > n/2 && n > 2 {
				delete(words, w)
				continue
			}
			words[w] = (1 + math.Log(count)) * math.Log(1+n/in[w])
		}
	}
}

func cosine(a, b map[string]float64) float64 {
	var dot, aa, bb float64
	for w, x := range a {
		dot += x * b[w]
		aa += x * x
	}
	for _, y := range b {
		bb += y * y
	}
	if dot == 0 {
		return 0
	}
	return dot / math.Sqrt(aa*bb)
}
