package query

import "slices"

// Decide returns the articles that belong to a topic, in the order of the
// window, and what was learned from them: as the topic's profile it decides
// about the articles that come next. It is nil when nothing fits.
// Options.Profile is not used: a window learns anew.
func (w *Window) Decide(q *Query, o Options, votes Feedback) ([]Result, *Profile) {
	w.reader.f.mu.Lock()
	defer w.reader.f.mu.Unlock()
	o.Profile = nil
	t := trial{
		Window: w, query: q, options: o, demands: q.root.has(must),
		own: make([]float64, len(w.articles)), clear: make([]bool, len(w.articles)),
	}
	t.read()
	if !q.root.has(soft) {
		t.score, t.needed = t.own, o.Strictness.needed()
		if len(votes.Less) > 0 {
			t.reject(t.likeness(votes.More), t.likeness(votes.Less))
		}
		return t.results(), nil
	}
	if t.profile = t.learn(t.cover()); t.profile == nil {
		return nil, nil
	}
	t.rate()
	t.level()
	t.needed = max(t.model[least], t.end(t.model[usual]*top(t.score), t.model[unusual]))
	if len(votes.More)+len(votes.Less) > 0 {
		t.vote(votes)
	}
	t.profile.Needed = t.needed
	t.needed = t.profile.needed(o.Strictness)
	t.admit()
	return t.results(), t.profile
}

// has says whether a clause of the list has a mode.
func (l list) has(m mode) bool {
	return slices.ContainsFunc(l, func(c clause) bool { return c.mode == m })
}

// trial is one topic over one window.
type trial struct {
	*Window
	query   *Query
	options Options
	demands bool
	// own is the score of each article by itself, or out.
	own     []float64
	clear   []bool // the articles that plainly belong
	parts   []finding
	touched []int32 // the stories with an article that has a word of the query
	profile *Profile
	// score is that of each article with everything, means that of each story
	// when only words count, like of the articles that are most like one.
	score, means, like []float64
	// lean is how votes speak for an article, or nil, swing what they changed of
	// its score; lift is what that was raised by because an article or its story
	// plainly belongs.
	lean, swing, lift []float64
	needed            float64
}

// out marks an article that lacks what the query demands, has what it excludes,
// or was disliked.
const out = -1

// read tries the query on every article that has a word of it.
func (t *trial) read() {
	hit := make([]bool, len(t.articles))
	open := false
	for code := range t.languages {
		t.reader.language(code)
		leaves := t.reader.leaves(nil, t.query.root, code, &open)
		open = open || len(leaves) == 0
		for _, h := range leaves {
			for _, i := range t.postings[h] {
				hit[i] = true
			}
		}
	}
	stories := make([]bool, len(t.members))
	for i := range t.articles {
		a := &t.articles[i]
		switch {
		case !t.options.reads(a.Language), !hit[i] && !open && t.demands:
			t.own[i] = out
			continue
		case !hit[i] && !open:
			continue
		}
		t.reader.open(a)
		score, ok := t.reader.list(t.query.root, t.options.Strictness.needed(), nil)
		if !ok {
			t.own[i] = out
			continue
		}
		t.own[i], t.clear[i] = score, t.plainly(score)
		if s := t.story[i]; score > 0 && !stories[s] {
			stories[s] = true
			t.touched = append(t.touched, s)
		}
	}
}

// cover returns a score in which the articles of a story complete each other:
// a headline says "judo gold", the next "Takato wins".
func (t *trial) cover() []float64 {
	score := make([]float64, len(t.own))
	var parts, sum []finding
	for _, s := range t.touched {
		sum = sum[:0]
		passed := 0.0
		for _, i := range t.members[s] {
			if t.own[i] == out {
				continue
			}
			passed++
			if t.own[i] == 0 {
				continue
			}
			t.reader.open(&t.articles[i])
			parts = t.reader.parts(parts[:0], t.query.root, t.options.Strictness.needed())
			if len(sum) == 0 {
				sum = append(sum, parts...)
				continue
			}
			for c := range parts {
				sum[c].value += parts[c].value
			}
		}
		covered, total := 0.0, 0.0
		for _, f := range sum {
			covered += f.weight * min(1, t.model[covers]*f.value/passed)
			total += f.weight
		}
		for _, i := range t.members[s] {
			if t.own[i] != out && total > 0 {
				score[i] = (1-t.model[coverShare])*t.own[i] + t.model[coverShare]*covered/total
			}
		}
	}
	return score
}

// learn returns the profile of the articles with the best scores, or nil when
// no article is good enough.
func (t *trial) learn(score []float64) *Profile {
	enough := max(t.model[least], t.model[best]*top(score))
	var examples []example
	total := 0.0
	for i, s := range score {
		if s >= enough {
			examples = append(examples, example{&t.articles[i], s})
			total += s
		}
	}
	if total == 0 {
		return nil
	}
	p := &Profile{Share: t.model[learnedShare], Words: t.reader.learn(examples, learnedWords)}
	for code := range t.languages {
		t.liken(p.Words, code)
	}
	return p
}

// rate scores the articles with what was learned and with their stories.
func (t *trial) rate() {
	share, story := t.profile.Share, t.model[storyShare]
	t.score, t.means = t.sum(t.profile.Words), make([]float64, len(t.members))
	others := t.sum(t.others())
	for s, members := range t.members {
		passed := 0.0
		for _, i := range members {
			if t.own[i] == out {
				t.score[i] = 0
				continue
			}
			passed++
			if len(members) == 1 && t.stray(t.own[i], others[i]) {
				t.score[i] = 0
				continue
			}
			t.score[i] = (1-share)*t.own[i] + share*min(1, t.score[i])
			t.means[s] += t.score[i]
		}
		if t.means[s] > 0 {
			t.means[s] /= passed
		}
		for _, i := range members {
			if t.own[i] != out {
				t.score[i] = max(0, (1-story)*t.score[i]+story*t.means[s])
			}
		}
	}
}

// sum adds up the weights of words in each article.
func (t *trial) sum(words []Related) []float64 {
	sum := make([]float64, len(t.articles))
	for i := range words {
		w := &words[i]
		for _, j := range t.postings[hashOf(seedOf(w.Language), w.Stem)] {
			sum[j] += w.Weight
		}
	}
	return sum
}

// level brings the scores of articles that are alike nearer to each other: of
// two events that share a story, only one may be the topic's.
func (t *trial) level() {
	t.like = make([]float64, len(t.score))
	for i, s := range t.score {
		if s >= t.model[least]/2 && t.own[i] != out {
			t.like[i] = t.around(i, t.score)
		}
	}
	for i := range t.score {
		if t.like[i] > 0 {
			t.score[i] = (1-t.model[alikeShare])*t.score[i] + t.model[alikeShare]*t.like[i]
		}
	}
}

// around returns the mean of values over the articles most like one, 0 when
// there are none.
func (t *trial) around(i int, values []float64) float64 {
	sum, total := 0.0, 0.0
	for _, n := range t.neighbours(i) {
		if t.own[n.article] != out {
			sum += n.cosine * values[n.article]
			total += n.cosine
		}
	}
	if total == 0 {
		return 0
	}
	return sum / total
}

// bestPlace is the place in the ranking that counts as the best: the very
// first may be an accident.
const bestPlace = 3

// top returns the score in the place that counts as the best.
func top(score []float64) float64 {
	var places [bestPlace]float64
	for _, s := range score {
		for i := range places {
			if s > places[i] {
				s, places[i] = places[i], s
			}
		}
	}
	for i := len(places) - 1; i > 0; i-- {
		if places[i] > 0 {
			return places[i]
		}
	}
	return places[0]
}
