package cluster

import (
	"cmp"
	"math"
	"slices"
)

// Model is the weights of the logistic regression that decides: of titles
// alone, and when both the article and the story have text.
type Model [2]Features

// Shipped returns the model that the program uses.
func Shipped() Model {
	return shipped
}

// odds is the log odds that the article belongs to the story.
func (m *Model) odds(f *Features, text int) float64 {
	var sum float64
	for i := range f {
		sum += m[text][i] * f[i]
	}
	return sum
}

func probability(odds float64) float64 { return 1 / (1 + math.Exp(-odds)) }

// candidates is how many stories are weighed for one article.
const candidates = 8

// refused is the log odds of a story that the article contradicts.
const refused = -6

type candidate struct {
	story    *story
	features Features
	text     int // which weights hold: 1 when both have text
	odds     float64
}

// weigh returns the stories near the article in the reader's table, best
// first. The story apart, if any, is not taken for a rival of the others. What
// it returns holds until the next call.
func (g *Grouper) weigh(d *document, apart *story) []candidate {
	own := d.story.now()
	whole := g.whole()
	out := g.candidates[:0]
	for _, h := range g.index.near(d.terms, candidates) {
		s := g.stories[h.story]
		out = append(out, candidate{story: s, features: g.compare(d, s, s == own, &whole), text: s.weightsFor(d)})
	}
	rivals(out, apart)
	for i := range out {
		c := &out[i]
		c.odds = g.model.odds(&c.features, c.text)
		if c.odds > 0 && g.contradicts(d, c.story) {
			c.odds = refused
		}
	}
	slices.SortFunc(out, func(a, b candidate) int {
		if a.odds != b.odds {
			return cmp.Compare(b.odds, a.odds)
		}
		return cmp.Compare(a.story.serial, b.story.serial)
	})
	g.candidates = out
	return out
}

// weightsFor is which weights of the model hold for an article and the story.
func (s *story) weightsFor(d *document) int {
	if d.hasText && s.texts > 0 {
		return 1
	}
	return 0
}

// rivals notes for each candidate the greatest cosine of another one, which
// makes it less certain; less so when the two may be one story. The story apart
// is no rival.
func rivals(out []candidate, apart *story) {
	var first, second *candidate
	for i := range out {
		switch c := &out[i]; {
		case c.story == apart:
		case first == nil || c.features[fCosine] > first.features[fCosine]:
			first, second = c, first
		case second == nil || c.features[fCosine] > second.features[fCosine]:
			second = c
		}
	}
	if first == nil {
		return
	}
	for i := range out {
		if c := &out[i]; c != first {
			c.features[fRival] = first.features[fCosine]
		}
	}
	if second != nil {
		apartness := 1 - first.story.cosine(second.story)
		first.features[fRival] = second.features[fCosine] * apartness
		second.features[fRival] *= apartness
	}
}

// choose returns the story that the article most probably belongs to.
func (g *Grouper) choose(d *document) (*story, float64) {
	if all := g.weigh(d, nil); len(all) > 0 {
		return all[0].story, all[0].odds
	}
	return nil, math.Inf(-1)
}
