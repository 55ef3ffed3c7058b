package main

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"tidings/digest/cluster"
)

// Bounds on the streams that the training groups.
const (
	searched   = 2000           // articles of a set without a clock
	orders     = 5              // other orders of its first articles
	reordered  = 500            // articles in each of them
	denseMost  = 12             // articles of one story in the dense stream
	headlines  = 3              // that an article of a retold stream is made of
	denseSpan  = 48 * time.Hour // in which the stories of the dense stream begin
	denseApart = 12 * time.Hour // between its articles that have no clock, in the mean
)

// entry is one article of a stream that is being made.
type entry struct {
	labelled
	article cluster.Article
	counts  bool
}

// streams returns what a group of the sets, of one kind, is trained on: the
// sets, each of those without a clock followed by other orders of it, and for
// texts what the sets have not: streams of texts with a clock, in which many alike
// events go on at a time.
func streams(sets []trainingSet, p part, group []trainingSet, counts part) (all []trainingSet, allCounts part) {
	add := func(s trainingSet, c []bool) { all, allCounts = append(all, s), append(allCounts, c) }
	random := rand.New(rand.NewPCG(3, 4))
	for k, s := range group {
		if s.clocked() {
			add(s, counts[k])
			continue
		}
		n := min(searched, len(s.articles))
		add(trainingSet{name: s.name, articles: s.articles[:n], stream: s.stream[:n]}, counts[k][:n])
		for range orders {
			add(s.shuffled(counts[k], min(reordered, n), random))
		}
	}
	if !group[0].told() {
		return all, allCounts
	}
	add(dense(group, counts, random))
	for k, s := range sets {
		if s.clocked() && !s.told() {
			add(s.retold(p[k]))
		}
	}
	return all, allCounts
}

// clocked tells whether the articles say when they were published.
func (s trainingSet) clocked() bool { return !s.stream[0].Published.IsZero() }

// told tells whether the articles have text.
func (s trainingSet) told() bool {
	return slices.ContainsFunc(s.stream, func(a cluster.Article) bool { return len(a.Text) > 0 })
}

// shuffled returns the first n articles in another order.
func (s trainingSet) shuffled(counts []bool, n int, random *rand.Rand) (trainingSet, []bool) {
	entries := make([]entry, n)
	for i := range entries {
		entries[i] = entry{s.articles[i], s.stream[i], counts[i]}
	}
	random.Shuffle(n, func(i, k int) { entries[i], entries[k] = entries[k], entries[i] })
	return madeOf(s.name, entries)
}

// otherOrders are the sets without a clock, each in three orders that it is not
// trained in.
func otherOrders(sets []trainingSet) (others []trainingSet) {
	random := rand.New(rand.NewPCG(7, 8))
	for _, s := range sets {
		for range 3 {
			if !s.clocked() {
				order, _ := s.shuffled(make([]bool, len(s.articles)), len(s.articles), random)
				others = append(others, order)
			}
		}
	}
	return others
}

// retold gives texts to a set of headlines: the next ones of the story and
// language are the text of the first.
func (s trainingSet) retold(counts []bool) (trainingSet, []bool) {
	last, left := make(map[[2]string]int), make(map[[2]string]int)
	var entries []entry
	for i, a := range s.articles {
		key := [2]string{a.Story, a.Language}
		if left[key] > 0 {
			article := &entries[last[key]].article
			article.Text = slices.Concat(article.Text, s.stream[i].Title)
			left[key]--
			continue
		}
		last[key], left[key] = len(entries), headlines-1
		entries = append(entries, entry{a, s.stream[i], counts[i]})
	}
	return madeOf(s.name+" retold", entries)
}

// dense makes one stream of sets. Their stories begin within denseSpan, and
// their articles follow at the distances they have or, without a clock,
// denseApart in the mean.
func dense(sets []trainingSet, p part, random *rand.Rand) (trainingSet, []bool) {
	begin := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	var entries []entry
	for k, s := range sets {
		starts, firsts, sizes := make(map[string]time.Time), make(map[string]time.Time), make(map[string]int)
		for i, a := range s.articles {
			at := s.stream[i].Published
			if sizes[a.Story] == 0 {
				starts[a.Story], firsts[a.Story] = begin.Add(time.Duration(random.Float64()*float64(denseSpan))), at
			}
			after := at.Sub(firsts[a.Story])
			if at.IsZero() {
				after = time.Duration(random.ExpFloat64() * float64(denseApart))
			}
			if sizes[a.Story]++; sizes[a.Story] > denseMost {
				continue
			}
			e := entry{a, s.stream[i], p[k][i]}
			e.article.ID, e.article.Published = strconv.Itoa(k)+"/"+a.ID, starts[a.Story].Add(after)
			entries = append(entries, e)
		}
	}
	slices.SortStableFunc(entries, func(a, b entry) int { return a.article.Published.Compare(b.article.Published) })
	return madeOf("dense", entries)
}

func madeOf(name string, entries []entry) (trainingSet, []bool) {
	s, counts := trainingSet{name: name, made: true}, make([]bool, len(entries))
	for i, e := range entries {
		s.articles, s.stream, counts[i] = append(s.articles, e.labelled), append(s.stream, e.article), e.counts
	}
	return s, counts
}
