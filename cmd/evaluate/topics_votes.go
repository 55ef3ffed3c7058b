package main

import (
	"fmt"
	"io"
	"sync"

	"tidings/digest/query"
)

// ratings are topics and the articles they are tried on.
type ratings struct {
	list    []wanted
	windows map[string]*corpusWindow
}

// attempt is how a topic is tried: which articles get how many votes, and which
// of these are cast.
type attempt struct {
	votes int
	// start is where in what was admitted the votes are looked for, as a part
	// of it: 0 is the first article.
	start float64
	cast  cast
}

type cast int

const (
	castAll cast = iota
	castDislike
	castNone
)

// rate decides every topic by a model.
func (r ratings) rate(m query.Model, a attempt) ([]answer, error) {
	found, err := r.rateAll(m, []attempt{a})
	if err != nil {
		return nil, err
	}
	return found[0], nil
}

// rateAll decides every topic by a model in several attempts.
func (r ratings) rateAll(m query.Model, attempts []attempt) ([][]answer, error) {
	queries, found := make([]*query.Query, len(r.list)), make([][]answer, len(attempts))
	for k, w := range r.list {
		var err error
		if queries[k], err = query.Parse(w.Topic); err != nil {
			return nil, fmt.Errorf("topic %q: %w", w.Topic, err)
		}
	}
	for i := range found {
		found[i] = make([]answer, len(r.list))
	}
	var corpora sync.WaitGroup
	for name, window := range r.windows {
		corpora.Go(func() {
			for k, w := range r.list {
				if w.Corpus != name {
					continue
				}
				for i, a := range window.answers(w, queries[k], m, attempts) {
					found[i][k] = a
				}
			}
		})
	}
	corpora.Wait()
	return found, nil
}

// answers decides a topic. Votes go to articles that the typed words admitted,
// and are left out of the score whichever are cast.
func (c *corpusWindow) answers(w wanted, q *query.Query, m query.Model, attempts []attempt) []answer {
	relevant := make(map[string]bool)
	for _, id := range w.Relevant {
		relevant[id] = true
	}
	window := c.window.With(m)
	admitted, _ := window.Decide(q, query.Options{}, query.Feedback{})
	answers := make([]answer, len(attempts))
	for i, a := range attempts {
		feedback, left := c.votes(admitted, relevant, a)
		results := admitted
		if len(feedback.More)+len(feedback.Less) > 0 {
			results, _ = window.Decide(q, query.Options{}, feedback)
		}
		answers[i] = c.score(results, relevant, left)
	}
	return answers
}

// score counts what is right and wrong of results, but for those left out.
func (c *corpusWindow) score(results []query.Result, relevant, left map[string]bool) (a answer) {
	for _, r := range results {
		id := c.ids[r.Article]
		a.ids = append(a.ids, id)
		switch {
		case left[id]:
		case relevant[id]:
			a.hit++
		default:
			a.wrong++
		}
	}
	a.miss = -a.hit
	for id := range relevant {
		if !left[id] {
			a.miss++
		}
	}
	return a
}

// votes returns the votes that are cast, for the first relevant and, of two, the
// first irrelevant article from the start on, and both of these articles.
func (c *corpusWindow) votes(admitted []query.Result, relevant map[string]bool, a attempt) (feedback query.Feedback, left map[string]bool) {
	left = make(map[string]bool)
	liked, disliked := a.votes < 1, a.votes < 2
	for i := range admitted {
		r := admitted[(i+int(a.start*float64(len(admitted))))%len(admitted)]
		id := c.ids[r.Article]
		switch {
		case relevant[id] && !liked:
			liked, left[id] = true, true
			if a.cast == castAll {
				feedback.More = append(feedback.More, c.articles[r.Article])
			}
		case !relevant[id] && !disliked:
			disliked, left[id] = true, true
			if a.cast != castNone {
				feedback.Less = append(feedback.Less, c.articles[r.Article])
			}
		}
	}
	return feedback, left
}

// Where votes are looked for when settings are chosen, and where else to see
// what these are worth.
var (
	chosenStarts = [...]float64{0, 0.2, 0.4, 0.6, 0.8}
	otherStarts  = [...]float64{0.1, 0.3, 0.5, 0.7, 0.9}
)

// printVotes prints how much the votes of the shipped settings help, on the
// articles that come first and, as a mean, on others.
func (r ratings) printVotes(stdout io.Writer, votes int) error {
	var attempts []attempt
	for _, start := range append([]float64{0}, otherStarts[:]...) {
		attempts = append(attempts, attempt{votes, start, castNone}, attempt{votes, start, castAll}, attempt{votes, start, castDislike})
	}
	found, err := r.rateAll(query.Shipped(), attempts)
	if err != nil {
		return err
	}
	without, first, dislike := helped(found[:3])
	var others, othersDislike float64
	for k := 3; k < len(found); k += 3 {
		_, all, less := helped(found[k : k+3])
		others += all / float64(len(otherStarts))
		othersDislike += less / float64(len(otherStarts))
	}
	fmt.Fprintf(stdout, "without the votes, on the same articles: micro F1 %.4f, so they help by %+.4f\n", without, first)
	fmt.Fprintf(stdout, "votes on other articles, mean of %d: they help by %+.4f\n", len(otherStarts), others)
	if votes > 1 {
		fmt.Fprintf(stdout, "the dislike alone helps by %+.4f, on other articles by %+.4f\n", dislike, othersDislike)
	}
	return nil
}

// helped takes what was found with no votes, with all and with the dislike, and
// returns the micro F1 of the first and what the others add to it.
func helped(found [][]answer) (without, all, dislike float64) {
	_, _, without = total(found[0]).micro()
	_, _, all = total(found[1]).micro()
	_, _, dislike = total(found[2]).micro()
	return without, all - without, dislike - without
}
