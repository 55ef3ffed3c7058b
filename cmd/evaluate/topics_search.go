package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"sync"

	"tidings/digest/query"
)

// steps are by how much the settings are changed, one by one, for a selection.
var steps = [...]float64{0.8, 1.25}

// printFolds prints what the selection of settings is worth: the topics are
// cut into folds, and each is scored with the settings that are best for the
// others, among the shipped ones and those with one number changed.
func (r ratings) printFolds(stdout io.Writer, folds, votes int) error {
	shipped := query.Shipped()
	models := []query.Model{shipped}
	for i := range shipped {
		for _, step := range steps {
			m := shipped
			m[i] *= step
			models = append(models, m)
		}
	}
	found := make([][]answer, len(models))
	for i, m := range models {
		var err error
		if found[i], err = r.rate(m, attempt{votes: votes}); err != nil {
			return err
		}
	}
	_, _, chosen := total(found[0]).micro()
	_, _, selected := selectInFolds(found, folds).micro()
	_, err := fmt.Fprintf(stdout, "%d folds, best of %d settings without the fold: micro F1 %.4f; shipped settings %.4f, gap %.4f\n",
		folds, len(models), selected, chosen, chosen-selected)
	return err
}

// selectInFolds scores each fold of the topics with what was found by the
// settings that are best for the others.
func selectInFolds(found [][]answer, folds int) counts {
	var all counts
	for fold := range folds {
		best, highest := 0, -1.0
		for m := range found {
			var others counts
			for i, a := range found[m] {
				if i%folds != fold {
					others.add(a)
				}
			}
			if _, _, f := others.micro(); f > highest {
				best, highest = m, f
			}
		}
		for i, a := range found[best] {
			if i%folds == fold {
				all.add(a)
			}
		}
	}
	return all
}

// printSearch looks for better settings, with votes only for those of votes, and
// prints them with their goal. Votes on many different articles count in it: with
// those of one simulation alone, settings suit just its articles.
func (r ratings) printSearch(stdout io.Writer, generations, votes int) error {
	start := query.Shipped()
	spread := make([]float64, len(start))
	tried, first := []attempt{{}, {votes: 2}}, 0
	if votes > 0 {
		tried, first = nil, query.OfVotes
		for _, start := range chosenStarts {
			tried = append(tried, attempt{1, start, castAll}, attempt{2, start, castAll}, attempt{2, start, castDislike})
		}
	}
	for i := range spread[first:] {
		spread[first+i] = 0.15 * max(0.3, start[first+i])
	}
	var mu sync.Mutex // windows keep what they worked out
	var failure error
	goal := func(v []float64) float64 {
		mu.Lock()
		defer mu.Unlock()
		for i := range v {
			v[i] = max(v[i], 0)
		}
		value, err := r.goal(query.Model(v), tried)
		if err != nil {
			failure = err
		}
		return value
	}
	best := evolve(start[:], spread, generations, 12, goal)
	if failure != nil {
		return failure
	}
	_, err := fmt.Fprintf(stdout, "goal %.4f, of the shipped settings %.4f, by %s\n", goal(best), goal(slices.Clone(start[:])),
		strings.Trim(fmt.Sprintf("%.4f", best), "[]"))
	return err
}

// goal is what settings are compared by: the micro F1 of all topics, which
// follows the large ones, their macro F1, which follows the small ones, and
// something between the two; without votes, the typed topics more, and two votes
// twice as much as one.
func (r ratings) goal(m query.Model, tried []attempt) (float64, error) {
	found, err := r.rateAll(m, tried)
	if err != nil {
		return 0, err
	}
	goal := 0.0
	for k, a := range tried {
		all := total(found[k])
		_, _, micro := all.micro()
		value := micro + 0.4*all.sum/float64(all.topics) + 0.5*tempered(found[k])
		switch {
		case a.votes == 2 && a.cast == castAll:
			value *= 2
		case a.votes == 0:
			var typed counts
			for i, a := range found[k] {
				if r.list[i].Kind == "typed" {
					typed.add(a)
				}
			}
			_, _, micro = typed.micro()
			value += 0.3 * micro
		}
		goal += value
	}
	return goal / float64(len(tried)), nil
}

// tempered is the micro F1 with each topic counted by the root of its size.
func tempered(found []answer) float64 {
	hit, failed := 0.0, 0.0
	for _, a := range found {
		root := math.Sqrt(float64(a.hit + a.miss + 1))
		hit += float64(a.hit) / root
		failed += float64(a.wrong+a.miss) / root
	}
	return 2 * hit / (2*hit + failed)
}
