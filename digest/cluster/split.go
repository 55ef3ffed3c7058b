package cluster

import (
	"math"
	"slices"
)

const (
	// leastPart is how many voices each part of a story has that is cut in two.
	leastPart = 2
	// dissent is the share of one part's voices that may belong to the other.
	dissent = 0.1
)

// split cuts a story in two when hardly any voice of either part belongs to the
// other: it gathered the reports of a second event. The part with the article that
// gave it its id keeps it.
func (g *Grouper) split(s *story, changes *Changes) {
	if s.voices < 2*leastPart || s.voices > len(s.members) {
		return
	}
	stay, leave := s.halves()
	if slices.ContainsFunc(leave, func(d *document) bool { return d.id == s.id }) {
		stay, leave = leave, stay
	}
	if min(len(stay), len(leave)) < leastPart || g.belong(leave, stay) || g.belong(stay, leave) {
		return
	}
	leave = slices.DeleteFunc(leave, func(d *document) bool { return d.copied })
	first := slices.IndexFunc(leave, func(d *document) bool { return g.story(d.id) == nil })
	if first < 0 {
		return // the ids of all are names of stories that were merged
	}
	into := g.open(leave[first].id, leave[first].time)
	changes.Splits = append(changes.Splits, Split{s.id, into.id})
	for _, d := range leave {
		changes.Moves = append(changes.Moves, Move{d.id, s.id, into.id})
		d.terms = slices.Clone(g.reader.load(d.terms))
		g.move(d, s, into)
	}
}

// belong tells whether more than a few of some articles belong to the story that
// others would be.
func (g *Grouper) belong(some, others []*document) bool {
	s := &story{first: math.MaxInt64, last: math.MinInt64}
	for _, d := range others {
		s.first, s.last = min(s.first, d.time), max(s.last, d.time)
		s.gain(d)
		s.sum(d.terms)
	}
	n := 0
	for _, d := range some {
		kept := d.terms
		d.terms = g.reader.load(kept)
		whole := g.whole()
		f := g.compare(d, s, false, &whole)
		if g.model.odds(&f, s.weightsFor(d)) > 0 && !g.contradicts(d, s) {
			n++
		}
		d.terms = kept
	}
	return float64(n) > dissent*float64(len(some))
}

// halves cuts the voices of a story in two: of parts that begin as one voice each,
// the two whose sums have the greatest cosine become one, until two are left. Both
// are in the order of arrival.
func (s *story) halves() (a, b []*document) {
	parts := make([][]*document, len(s.members))
	// dots[i][k] is the product of the sums of two parts.
	dots, units := make([][]float64, len(parts)), make([]float64, len(parts))
	for i, d := range s.members {
		parts[i], dots[i] = []*document{d}, make([]float64, len(parts))
		for k, e := range s.members[:i+1] {
			dots[i][k] = dot(d.terms, e.terms)
			dots[k][i] = dots[i][k]
		}
		units[i] = unit(dots[i][i])
	}
	for len(parts) > 2 {
		var i, k int
		most := -1.0
		for m := range parts {
			for n := range m {
				if c := dots[m][n] * units[m] * units[n]; c > most {
					i, k, most = m, n, c
				}
			}
		}
		parts[k] = append(parts[k], parts[i]...)
		parts = slices.Delete(parts, i, i+1)
		dots, units = joined(dots, i, k), slices.Delete(units, i, i+1)
		units[k] = unit(dots[k][k])
	}
	for _, p := range parts {
		slices.SortFunc(p, bySerial)
	}
	return parts[0], parts[1]
}

// joined adds part i to part k, which comes before it, in a table of products.
func joined(dots [][]float64, i, k int) [][]float64 {
	for m := range dots {
		dots[k][m] += dots[i][m]
	}
	for m := range dots {
		dots[m][k] += dots[m][i]
		dots[m] = slices.Delete(dots[m], i, i+1)
	}
	return slices.Delete(dots, i, i+1)
}
