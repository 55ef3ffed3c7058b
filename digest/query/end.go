package query

import "math"

// Where the end of a topic is looked for: so far around the usual place, in
// such steps, in the logarithm of the score.
const (
	endRange = 0.8
	endStep  = 0.02
	// below is the part of the usual place from which articles count.
	below = 0.3
)

// end returns the score at which the topic ends: where few articles are, not
// far from around.
func (t *trial) end(around, unusual float64) float64 {
	m := &t.model
	var logs []float64
	for i, s := range t.score {
		if t.own[i] != out && s > below*around {
			logs = append(logs, math.Log(s/around))
		}
	}
	many := math.Pow(float64(len(logs)), m[crowd])
	found, cheapest := 0.0, math.Inf(1)
	for at := -endRange; at <= endRange; at += endStep {
		cost := unusual * at * at
		for _, l := range logs {
			if d := (l - at) / m[width]; d > -5 && d < 5 {
				cost += math.Exp(-d*d/2) / many
			}
		}
		if cost < cheapest {
			cheapest, found = cost, at
		}
	}
	return math.Exp(found) * around
}

// marks are the log-odds, before the votes, of the articles with votes.
type marks struct{ pros, contras []float64 }

// shift returns how far the log-odds must be moved down so that votes are as
// likely as can be: logistic regression with nothing but a normal prior.
func (m *marks) shift(variance float64) float64 {
	theta := 0.0
	for range 20 { // steps of Newton's method, many more than it takes
		slope, bend := -theta/variance, 1/variance
		add := func(odds []float64, label float64) {
			for _, z := range odds {
				p := logistic(z - theta)
				slope += (p - label) / float64(len(odds))
				bend += p * (1 - p) / float64(len(odds))
			}
		}
		add(m.pros, 1)
		add(m.contras, 0)
		theta += slope / bend
	}
	return theta
}
