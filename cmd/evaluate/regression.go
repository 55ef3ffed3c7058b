package main

import (
	"math"
	"time"

	"tidings/digest/cluster"
)

// example is one article and the story that looked best for it.
type example struct {
	features cluster.Features
	label    float64 // share of the story's articles that report the same event
	weight   float64
}

// choicesOf groups a stream with the model and notes, of the articles that
// count, what the best story looked like and whether it was right; of those
// alone that the weights for titles (0) or for texts (1) decide. All streams
// weigh the same.
func choicesOf(s trainingSet, counts []bool, m cluster.Model, kind int) []example {
	g := cluster.NewWith(storyWindow, math.MaxInt, m)
	stories, events := make(tally), make(map[string]string)
	clock := arrivals(s.stream)
	var examples []example
	for i, a := range s.stream {
		now := clock.Add(time.Duration(i) * time.Second)
		event := s.articles[i].Story
		events[a.ID] = event
		if choices := g.Choices(a, now); counts[i] && len(choices) > 0 && choices[0].Text == (kind == 1) {
			examples = append(examples, example{features: choices[0].Features, label: stories.share(choices[0].Story, event)})
		}
		stories.add(g.Add(a, now).Story, event, 1)
		if (i+1)%reconsiderEvery == 0 {
			changes := g.Reconsider(now)
			for _, m := range changes.Moves {
				stories.add(m.From, events[m.Article], -1)
				stories.add(m.To, events[m.Article], 1)
			}
			for _, m := range changes.Merges {
				for event, n := range stories[m.From] {
					stories.add(m.Into, event, n)
				}
				delete(stories, m.From)
			}
		}
	}
	share := 1.0
	if s.made {
		share = 0.25
	}
	for i := range examples {
		examples[i].weight = share / float64(len(examples))
	}
	return examples
}

// tally counts the articles of each story by event.
type tally map[string]map[string]int

func (t tally) add(story, event string, n int) {
	if t[story] == nil {
		t[story] = make(map[string]int)
	}
	t[story][event] += n
}

func (t tally) share(story, event string) float64 {
	all := 0
	for _, n := range t[story] {
		all += n
	}
	return float64(t[story][event]) / float64(max(1, all))
}

const weights = len(cluster.Features{})

// regress fits a logistic regression with a small L2 penalty by Newton's method.
func regress(examples []example) cluster.Features {
	const penalty = 1e-3
	var m [weights]float64
	for range 20 {
		var gradient [weights]float64
		var hessian [weights][weights]float64
		for i := range m {
			gradient[i] = -penalty * m[i]
			hessian[i][i] = penalty
		}
		for _, e := range examples {
			odds := 0.0
			for i := range m {
				odds += m[i] * e.features[i]
			}
			p := 1 / (1 + math.Exp(-odds))
			for i := range m {
				gradient[i] += e.weight * (e.label - p) * e.features[i]
				for j := range m {
					hessian[i][j] += e.weight * p * (1 - p) * e.features[i] * e.features[j]
				}
			}
		}
		for i, step := range solve(hessian, gradient) {
			m[i] += step
		}
	}
	return m
}

// solve returns x of a x = b, for a positive definite a.
func solve(a [weights][weights]float64, b [weights]float64) [weights]float64 {
	for i := range b {
		for k := i + 1; k < weights; k++ {
			f := a[k][i] / a[i][i]
			for j := i; j < weights; j++ {
				a[k][j] -= f * a[i][j]
			}
			b[k] -= f * b[i]
		}
	}
	for i := weights - 1; i >= 0; i-- {
		for j := i + 1; j < weights; j++ {
			b[i] -= a[i][j] * b[j]
		}
		b[i] /= a[i][i]
	}
	return b
}
