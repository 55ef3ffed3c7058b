package query

import "math"

// vote moves the scores towards what was liked and away from what was not,
// with the articles that are like the voted ones, and then what is needed.
func (t *trial) vote(votes Feedback) {
	liked, disliked := t.likeness(votes.More), t.likeness(votes.Less)
	lean, clear := t.lean(liked, disliked)
	if len(votes.Less) == 0 {
		t.favour(lean)
	}
	marks := t.swingBy(lean, liked, disliked)
	move := clear * marks.shift(t.model[spread]) / t.model[slope]
	t.needed = max(t.model[least], t.end(t.needed*math.Exp(move), t.model[voteUnusual]))
	t.profile.against(t.contra(liked, disliked))
	for i := range t.score {
		if disliked[i] > same && liked[i] <= same {
			t.score[i] = 0
		}
	}
}

// lean returns to which side articles lean, 1 as what was liked, -1 as what
// was not, and how clear the sides are, up to 1.
func (t *trial) lean(liked, disliked []float64) (lean []float64, clear float64) {
	lean = make([]float64, len(t.score))
	for i := range lean {
		lean[i] = liked[i] - disliked[i]
	}
	return lean, t.divide(lean, liked, disliked)
}

// favour measures leans against their mean over what belongs, when nothing was
// disliked: what is more like the liked gains much, the rest loses less.
func (t *trial) favour(lean []float64) {
	sum, belong := 0.0, 0.0
	for i, l := range lean {
		if t.own[i] != out && t.score[i] >= t.needed {
			sum += l
			belong++
		}
	}
	for i := range lean {
		if lean[i] -= sum / max(1, belong); lean[i] > 0 {
			lean[i] *= t.model[liking]
		} else {
			lean[i] *= t.model[sparing]
		}
	}
}

// swingBy changes the scores by how articles and their stories lean, and
// returns what the voted articles had.
func (t *trial) swingBy(lean, liked, disliked []float64) (found marks) {
	m := &t.model
	t.swing = make([]float64, len(t.score))
	for _, members := range t.members {
		mean := 0.0
		for _, i := range members {
			mean += lean[i] / float64(len(members))
		}
		for _, i := range members {
			if t.own[i] == out || t.score[i] == 0 {
				continue
			}
			before := t.score[i]
			odds := m[slope] * math.Log(before/t.needed)
			t.score[i] *= math.Exp(m[voteWeight] * ((1-m[voteStory])*lean[i] + m[voteStory]*mean))
			t.swing[i] = t.score[i] - before
			if liked[i] > same {
				found.pros = append(found.pros, odds)
			}
			if disliked[i] > same {
				found.contras = append(found.contras, odds)
			}
		}
	}
	return found
}

// likeness returns how like the articles of the window are to the one of the
// list that they are most like.
func (t *trial) likeness(list []Article) []float64 {
	most := make([]float64, len(t.articles))
	for i := range list {
		for j, c := range t.cosines(&list[i]) {
			most[j] = max(most[j], c)
		}
	}
	return most
}

// contra learns the words of the articles that are like what was disliked and
// not like what was liked.
func (t *trial) contra(liked, disliked []float64) []Related {
	var examples []example
	for i := range t.articles {
		weight := disliked[i] - liked[i]
		if disliked[i] > same {
			weight = 1
		}
		if weight > alike && t.own[i] != out {
			examples = append(examples, example{&t.articles[i], weight * weight})
		}
	}
	if len(examples) == 0 {
		return nil
	}
	return t.reader.learn(examples, learnedWords)
}

const (
	// alike is how like what was disliked articles are that are learned from
	// with it.
	alike = 0.25

	divideRounds = 4
	// dividedPart is the part of what is needed from which articles are
	// divided into sides.
	dividedPart = 0.9
)

// divided is an article that is put on a side.
type divided struct {
	article int
	words   []uint64
	pro     float64 // how much it is on the side of what was liked, 0 to 1
	voted   bool
}

// divide tells two sides apart when there are votes for both: naive Bayes with
// expectation maximisation (Nigam et al. 2000), from the voted articles. It
// returns how clear the sides are.
func (t *trial) divide(lean, liked, disliked []float64) (clear float64) {
	m := &t.model
	var all []divided
	pros, contras := false, false
	for i := range lean {
		if t.own[i] == out || t.score[i] < dividedPart*t.needed {
			continue
		}
		d := divided{article: i, pro: 0.5}
		switch {
		case disliked[i] > same:
			d.pro, d.voted, contras = 0, true, true
		case liked[i] > same:
			d.pro, d.voted, pros = 1, true, true
		}
		d.words = append(d.words, t.reader.hashes(&t.articles[i])...)
		all = append(all, d)
	}
	if !pros || !contras {
		return 0
	}
	for range divideRounds {
		t.redivide(all)
	}
	clear = math.Pow(min(1, max(0, t.parted(all))/m[cleft]), 2)
	part := clear * m[sides]
	for _, d := range all {
		lean[d.article] = (1-part)*lean[d.article] + part*(2*d.pro-1)
	}
	return clear
}

// parted tells how much more often articles that are alike are on one side than
// by chance: 1 when they always are, 0 when the sides mean nothing (Cohen's
// kappa 1960, over neighbours). A topic that is of one piece is then not cut in
// two by one vote.
func (t *trial) parted(all []divided) float64 {
	pro := make(map[int32]float64, len(all))
	share, agreed, pairs := 0.0, 0.0, 0.0
	for _, d := range all {
		pro[int32(d.article)] = d.pro
		share += d.pro / float64(len(all))
	}
	for _, d := range all {
		for _, n := range t.neighbours(d.article) {
			if p, ok := pro[n.article]; ok {
				agreed += n.cosine * (d.pro*p + (1-d.pro)*(1-p))
				pairs += n.cosine
			}
		}
	}
	chance := share*share + (1-share)*(1-share)
	if pairs == 0 || chance == 1 {
		return 0
	}
	return (agreed/pairs - chance) / (1 - chance)
}

// redivide counts the words of both sides and puts the articles on them anew.
func (t *trial) redivide(all []divided) {
	m := &t.model
	counts := make(map[uint64][2]float64) // how many articles, and how many of them pro
	pros := 0.0
	for _, d := range all {
		pros += d.pro
		for _, h := range d.words {
			c := counts[h]
			counts[h] = [2]float64{c[0] + 1, c[1] + d.pro}
		}
	}
	n := float64(len(all))
	for i := range all {
		d := &all[i]
		if d.voted {
			continue
		}
		odds := 0.0
		for _, h := range d.words {
			c := counts[h]
			prior := m[smooth] * (c[0] + 0.5) / (n + 1)
			odds += math.Log((c[1]+prior)/(pros+m[smooth])) - math.Log((c[0]-c[1]+prior)/(n-pros+m[smooth]))
		}
		d.pro = 1 / (1 + math.Exp(-m[sharp]*odds/math.Sqrt(float64(max(1, len(d.words))))))
	}
}
