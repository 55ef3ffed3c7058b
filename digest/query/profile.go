package query

import (
	"cmp"
	"math"
	"slices"
)

// Profile is what a topic has learned: words that go with its own in the news
// and in the votes of its readers. It can be stored as JSON; to forget it is
// to drop it.
type Profile struct {
	// Share is the part of the score that the learned words make, 0 to 1.
	Share float64 `json:"share"`
	// Needed is the score at which the topic ends when it is Normal.
	Needed float64 `json:"needed"`
	// Words are the learned words, heaviest first, then those that speak
	// against the topic.
	Words []Related `json:"words"`
}

// Related is a learned word.
type Related struct {
	Text     string  `json:"text"` // as it stood in an article
	Stem     string  `json:"stem"`
	Language string  `json:"language"`
	Like     string  `json:"like"`   // the typed word that it goes with most, or empty
	Weight   float64 `json:"weight"` // 1 in all is as good as the articles it was learned from; below 0 it speaks against
}

// Feedback is what readers voted on.
type Feedback struct {
	More, Less []Article
}

// Learning. The words of the best articles are weighed by how much likelier
// they are there than elsewhere: the divergence of Carpineto et al. 2001, as
// pseudo-relevance feedback; votes come in as in Rocchio 1971.
const (
	learnedWords = 30
	againstWords = 15
	// againstWeight is what a word of what was disliked counts, as a part of
	// what it would count for the topic.
	againstWeight = 0.25
	// doubted is how many articles without a word are added to those learned
	// from, so that two articles teach less than twenty.
	doubted = 2
)

// needed is how much score an article needs.
func (p *Profile) needed(s Strictness) float64 {
	return s.of(p.Needed)
}

// against takes in the words of what was disliked.
func (p *Profile) against(words []Related) {
	for _, w := range words[:min(len(words), againstWords)] {
		w.Weight *= -againstWeight
		p.Words = append(p.Words, w)
	}
}

// pros returns how many words speak for the topic: those that come first.
func (p *Profile) pros() int {
	for i := range p.Words {
		if p.Words[i].Weight < 0 {
			return i
		}
	}
	return len(p.Words)
}

// learned returns how much of the learned words is in the open article. With
// terms it says which, as parts of share.
func (r *reader) learned(words []Related, share float64, terms *[]Term) float64 {
	sum := 0.0
	for i := range words {
		w := &words[i]
		if w.Language != r.article.Language {
			continue
		}
		places := r.places.note(hashOf(r.seed, w.Stem))
		if places == 0 {
			continue
		}
		sum += w.Weight
		if terms != nil {
			where := "text"
			if places&inTitle != 0 {
				where = "title"
			}
			*terms = append(*terms, Term{Text: w.name(), Weight: share * w.Weight, Where: where})
		}
	}
	return min(1, sum)
}

// name is what people are told of the word.
func (w *Related) name() string {
	if w.Like == "" {
		return w.Text
	}
	return w.Like + "~" + w.Text
}

// example is an article to learn from.
type example struct {
	article *Article
	weight  float64
}

// related is a word while it is counted.
type related struct {
	Related
	hash   uint64
	weight float64 // of the examples that have it
}

// learn returns the words that set the examples apart, with weights that add
// up to 1 in a typical example.
func (r *reader) learn(examples []example, most int) []Related {
	var found []related
	index := make(map[uint64]int)
	total := float64(doubted)
	for _, e := range examples {
		total += e.weight
		seed := seedOf(e.article.Language)
		r.f.seen.reset()
		for words, rest := e.article.Title, e.article.Text; words != nil || rest != nil; words, rest = rest, nil {
			for i := range words {
				w := &words[i]
				h := hashOf(seed, w.Stem)
				if w.Stop || !r.f.seen.add(h) {
					continue
				}
				at, ok := index[h]
				if !ok {
					at = len(found)
					index[h] = at
					found = append(found, related{hash: h, Related: Related{Text: w.Text, Stem: w.Stem, Language: e.article.Language}})
				}
				found[at].weight += e.weight
			}
		}
	}
	for i := range found {
		w := &found[i]
		here, elsewhere := w.weight/total, r.f.share(w.hash, r.f.articles[w.Language])
		if here > elsewhere {
			w.Weight = here * math.Log(here/elsewhere)
		}
	}
	slices.SortFunc(found, func(a, b related) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.Stem, b.Stem))
	})
	found = found[:min(len(found), most)]
	typical := 0.0
	for _, w := range found {
		typical += w.Weight * w.weight / (total - doubted)
	}
	var words []Related
	for _, w := range found {
		if w.Weight > 0 {
			w.Related.Weight /= typical
			words = append(words, w.Related)
		}
	}
	return words
}
