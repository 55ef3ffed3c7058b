package main

import (
	"math"
	"time"

	"tidings/digest/cluster"
)

// example is one article and one story that it might have joined.
type example struct {
	text     int // 1 when both have a text
	features cluster.Features
	label    float64 // share of the story's articles that report the same event
	weight   float64
}

// choicesPerArticle is how many of an article's choices become examples.
const choicesPerArticle = 6

// choicesOf puts every article where it belongs and notes what it might have
// joined. All sets weigh the same.
func choicesOf(s trainingSet, counts []bool) []example {
	g := cluster.New(storyWindow)
	founders, events := make(map[string]string), make(map[string]string)
	clock := arrivals(s.stream)
	var examples []example
	for i, a := range s.stream {
		now := clock.Add(time.Duration(i) * time.Second)
		event := s.articles[i].Story
		if counts[i] {
			choices := g.Choices(a, now)
			for _, c := range choices[:min(choicesPerArticle, len(choices))] {
				e := example{features: c.Features}
				if c.Text {
					e.text = 1
				}
				if events[c.Story] == event {
					e.label = 1
				}
				examples = append(examples, e)
			}
		}
		founder, ok := founders[event]
		if !ok {
			founder = a.ID
			founders[event], events[founder] = founder, event
		}
		g.Restore(a, founder, "", now)
	}
	for i := range examples {
		examples[i].weight = 1 / float64(len(examples))
	}
	return examples
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
