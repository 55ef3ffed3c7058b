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
	// beginning is how many bytes of the texts of firstVoices voices are read for
	// names and numbers.
	beginning, firstVoices = 600, 3
	// nameLetters is how many letters of a name are compared between languages:
	// they write Mexico, Mexiko, mexicano.
	nameLetters = 4
)

// subject is what a story is about, as weights of words.
type subject struct {
	language string // of its first article
	titles   map[string]float64
	marks    map[string]float64 // names and numbers
}

// alike is from 0 to 1. Stories in two languages are compared by what both
// languages write much the same.
func (s subject) alike(t subject) float64 {
	if s.language == t.language {
		return cosine(s.titles, t.titles)
	}
	return max(cosine(s.titles, t.titles), cosine(s.marks, t.marks))
}

// vary chooses the stories that are composed, by score, best first, such that
// those of one subject do not stand in a row: each is taken for its score less
// what it repeats of those taken before (maximal marginal relevance, Carbonell
// and Goldstein 1998).
func (c *Composer) vary(stories []rated) []rated {
	slices.SortFunc(stories, func(a, b rated) int {
		return cmp.Or(cmp.Compare(b.score.Total(), a.score.Total()), cmp.Compare(a.ID, b.ID))
	})
	stories = stories[:min(len(stories), consideredStories)]
	subjects := make([]subject, len(stories))
	titles, marks := make([]map[string]float64, len(stories)), make([]map[string]float64, len(stories))
	for i, s := range stories {
		titles[i], marks[i] = c.titleWords(s.Articles), c.marks(s.Articles)
		subjects[i] = subject{s.Articles[0].Language, titles[i], marks[i]}
	}
	// The words of the topic stand in every story and tell none apart.
	common(titles)
	common(marks)
	var chosen []rated
	taken := make([]bool, len(stories))
	for len(chosen) < min(MaxStories+spareStories, len(stories)) {
		best := -1
		for i := range stories {
			if !taken[i] && (best < 0 || stories[i].score.Total() > stories[best].score.Total()) {
				best = i
			}
		}
		taken[best] = true
		chosen = append(chosen, stories[best])
		for i := range stories {
			if alike := subjects[i].alike(subjects[best]); !taken[i] && alike > sameFrom {
				stories[i].score.Same = min(stories[i].score.Same, -samePenalty*alike)
			}
		}
	}
	return chosen
}

// Related reports whether titles of two stories have a word in common. Texts
// that are near each other may share no more than a place in passing.
func (c *Composer) Related(a, b Story) bool {
	return cosine(c.titleWords(a.Articles), c.titleWords(b.Articles)) > 0
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

// marks counts the names, by their first letters, and the numbers with which a
// story's first voices begin.
func (c *Composer) marks(articles []Article) map[string]float64 {
	counts := map[string]float64{}
	voices := Voices(articles)
	for _, a := range voices[:min(len(voices), firstVoices)] {
		for _, w := range c.analyzer.Words(a.Language, a.Title+"\n"+a.Text[:min(len(a.Text), beginning)]) {
			switch {
			case w.Stop:
			case w.Number:
				counts[w.Stem]++
			case w.Name:
				letters := []rune(w.Stem)
				counts[string(letters[:min(len(letters), nameLetters)])]++
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
