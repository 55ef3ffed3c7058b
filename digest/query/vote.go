package query

import (
	"math"
	"slices"
)

// vote moves the scores towards what was liked and away from what was not,
// with the articles that are like the voted ones, and then what is needed.
func (t *trial) vote(votes Feedback) {
	liked, disliked := t.likeness(votes.More), t.likeness(votes.Less)
	lean := make([]float64, len(t.score))
	t.swing = make([]float64, len(t.score))
	for i := range lean {
		lean[i] = liked[i] - disliked[i]
	}
	clear := 0.0 // where the topic ends is only known from votes of both kinds
	switch {
	case len(votes.Less) == 0:
		t.centre(lean, t.model[liking], t.model[sparing])
	case len(votes.More) == 0:
		t.divide(lean, liked, disliked, unliked*t.model[chance])
		t.centre(lean, t.model[sparing], 1)
		t.keepOut(lean)
	default:
		clear = t.divide(lean, liked, disliked, t.model[chance])
		t.keepOut(lean)
	}
	marks := t.swingBy(lean, liked, disliked)
	move := clear * marks.shift(t.model[spread]) / t.model[slope]
	t.needed = max(t.model[least], t.end(t.needed*math.Exp(move), t.model[voteUnusual]))
	t.profile.against(t.contra(liked, disliked))
	t.reject(liked, disliked)
}

// reject puts out what was disliked itself, and copies of it.
func (t *trial) reject(liked, disliked []float64) {
	for i := range t.own {
		if disliked[i] > same && liked[i] <= same {
			t.own[i] = out
		}
	}
}

// centre measures leans against their mean over what belongs, when all votes are
// of one kind, and multiplies those above it and those below.
func (t *trial) centre(lean []float64, above, below float64) {
	sum, belong := 0.0, 0.0
	for i, l := range lean {
		if t.own[i] != out && t.score[i] >= t.needed {
			sum += l
			belong++
		}
	}
	for i := range lean {
		if lean[i] -= sum / max(1, belong); lean[i] > 0 {
			lean[i] = min(1, lean[i]*above)
		} else {
			lean[i] *= below
		}
	}
}

// keepOut rejects what did not belong before and does not lean to what was liked:
// that something was disliked does not bring in something else. What leans the
// other way does not belong either when it plainly has the words of the topic.
func (t *trial) keepOut(lean []float64) {
	needed := t.options.Strictness.of(t.needed)
	for i := range t.score {
		if t.score[i] < needed && lean[i] < t.model[inviting] {
			t.swing[i], t.score[i] = -t.score[i], 0
		}
	}
}

// swingBy changes the scores by how articles and their stories lean, and
// returns what the voted articles had.
func (t *trial) swingBy(lean, liked, disliked []float64) (found marks) {
	m := &t.model
	t.lean = slices.Clone(lean)
	for _, members := range t.members {
		mean := 0.0
		for _, i := range members {
			mean += lean[i] / float64(len(members))
		}
		for _, i := range members {
			if t.own[i] == out || t.score[i] == 0 {
				continue
			}
			t.lean[i] = (1-m[voteStory])*lean[i] + m[voteStory]*mean
			before := t.score[i]
			odds := m[slope] * math.Log(before/t.needed)
			t.score[i] *= math.Exp(m[voteWeight] * t.lean[i])
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

// alike is how like what was disliked articles are that are learned from with it.
const alike = 0.25

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
