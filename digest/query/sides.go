package query

import "math"

const (
	// divideRounds is after how many rounds the sides stand; they hardly change
	// after eight.
	divideRounds = 10
	// dividedPart is the part of what is needed from which articles are
	// divided into sides.
	dividedPart = 0.9
	// unliked is how much clearer sides must be when nothing was liked.
	unliked = 1.25
)

// division puts articles on the side of what was liked or on the other.
type division struct {
	articles []divided
	words    []tally // of each distinct word
	pro      float64 // how many articles are on the side of what was liked
}

type divided struct {
	article int
	words   []int32 // as indices of the division
	before  float64 // the log-odds of its side, before its words are looked at
	pro     float64 // how much it is on the side of what was liked, 0 to 1
	voted   bool
}

// tally is in how many articles a word is, and in how many of those on the side
// of what was liked.
type tally struct {
	all, pro float64
	odds     float64 // the log-odds that it gives an article
	typed    bool
}

// divide tells the side of what was disliked from the rest: naive Bayes with
// expectation maximisation (Nigam et al. 2000), from the scores and the voted
// articles. It changes the leans and returns how much clearer than chance the
// sides are, 0 to 1.
func (t *trial) divide(lean, liked, disliked []float64, chance float64) (clear float64) {
	m := &t.model
	d := t.division(liked, disliked)
	for range divideRounds {
		d.recount()
		d.redivide(m)
	}
	d.recount()
	clear = min(1, max(0, (d.parted()-chance)/m[cleft]))
	part := clear * m[sides]
	for _, a := range d.articles {
		lean[a.article] = (1-part)*lean[a.article] + part*(2*a.pro-1)
	}
	return clear
}

// division puts the articles that come into question on the sides that the votes
// and the scores speak for. A like and a dislike of the same words are no vote.
func (t *trial) division(liked, disliked []float64) *division {
	d := &division{}
	index, typed := make(map[uint64]int32), t.typed()
	mean := 0.0
	for i := range t.score {
		if t.own[i] == out || t.score[i] < dividedPart*t.needed {
			continue
		}
		a := divided{article: i, before: t.model[trust] * math.Log(t.score[i]/t.needed), voted: (liked[i] > same) != (disliked[i] > same)}
		for _, h := range t.reader.hashes(&t.articles[i]) {
			n, ok := index[h]
			if !ok {
				n = int32(len(index))
				index[h] = n
				d.words = append(d.words, tally{typed: typed[h]})
			}
			a.words = append(a.words, n)
		}
		mean += a.before
		d.articles = append(d.articles, a)
	}
	mean /= float64(len(d.articles))
	for i := range d.articles {
		a := &d.articles[i]
		a.before += t.model[majority] - mean
		switch {
		case !a.voted:
			a.pro = logistic(a.before)
		case liked[a.article] > same:
			a.pro = 1
		}
	}
	return d
}

// recount counts the words of both sides.
func (d *division) recount() {
	for w := range d.words {
		d.words[w].all, d.words[w].pro = 0, 0
	}
	d.pro = 0
	for _, a := range d.articles {
		d.pro += a.pro
		for _, w := range a.words {
			d.words[w].all++
			d.words[w].pro += a.pro
		}
	}
}

// redivide puts the articles without a vote on their sides anew.
func (d *division) redivide(m *Model) {
	n := float64(len(d.articles))
	for w := range d.words {
		c := &d.words[w]
		prior := m[smooth] * c.all / n
		c.odds = math.Log((c.pro + prior) / (d.pro + m[smooth]) / (c.all - c.pro + prior) * (n - d.pro + m[smooth]))
	}
	for i := range d.articles {
		a := &d.articles[i]
		if a.voted {
			continue
		}
		odds := 0.0
		for _, w := range a.words {
			odds += d.words[w].odds
		}
		a.pro = logistic(a.before + m[sharp]*odds/math.Sqrt(float64(max(1, len(a.words)))))
	}
}

// parted tells how much better the sides tell words apart than the best sides
// of as many articles that mix their words by chance: the mean over words of
// their likelihood ratio, as a part of what Marchenko and Pastur (1967) give for
// the first direction of a random table. About 1 is chance, so a topic that is of
// one piece is not cut in two by one vote. Typed words do not count: that some
// articles have more of them, their scores tell.
func (d *division) parted() float64 {
	n, k, ratios := float64(len(d.articles)), 0.0, 0.0
	contra := n - d.pro
	for _, c := range d.words {
		if c.typed || c.all < 2 || c.all > n-2 {
			continue
		}
		k++
		ratios += 2 * (excess(c.pro, d.pro*c.all/n) + excess(c.all-c.pro, contra*c.all/n) +
			excess(d.pro-c.pro, d.pro*(n-c.all)/n) + excess(contra-c.all+c.pro, contra*(n-c.all)/n))
	}
	if k == 0 {
		return 0
	}
	edge := 1 + math.Sqrt(n/k)
	return ratios / k / (edge * edge)
}

// excess is what a cell of a table adds to its likelihood ratio.
func excess(found, expected float64) float64 {
	if found <= 0 || expected <= 0 {
		return 0
	}
	return found * math.Log(found/expected)
}

func logistic(odds float64) float64 { return 1 / (1 + math.Exp(-odds)) }
