package main

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"sync"

	"tidings/digest/cluster"
)

// selectionFolds is how many folds the stories are cut into when the choice among
// the weights is scored.
const selectionFolds = 5

// tries are weights that were tried, with their goals over several parts of the
// articles.
type tries struct {
	mu    sync.Mutex
	goals [][]float64
	tried []cluster.Features
}

// note returns the first of the goals.
func (t *tries) note(w cluster.Features, goals []float64) float64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.tried, t.goals = append(t.tried, w), append(t.goals, goals)
	return goals[0]
}

// best returns the weights with the highest goal over a part, which do not
// depend on the order in which they were noted.
func (t *tries) best(part int) cluster.Features {
	best := 0
	for i := range t.tried {
		if c := cmp.Compare(t.goals[i][part], t.goals[best][part]); c > 0 || c == 0 && slices.Compare(t.tried[i][:], t.tried[best][:]) > 0 {
			best = i
		}
	}
	return t.tried[best]
}

// withoutFolds returns for each fold the articles that are not in it.
func (t trainer) withoutFolds(sets []trainingSet, foldOf map[string]int, folds int) []part {
	parts := make([]part, folds)
	for fold := range parts {
		parts[fold] = t.part(sets, func(story string) bool { return foldOf[story] != fold })
	}
	return parts
}

// scoreFolds scores the stories of each fold with the model for it, and prints
// and returns the scores over all stories.
func (t trainer) scoreFolds(how string, sets []trainingSet, foldOf map[string]int, models []cluster.Model) float64 {
	sums := make([]byLanguage, len(sets))
	for fold, m := range models {
		part := t.part(sets, func(story string) bool { return foldOf[story] == fold })
		for i, s := range sets {
			found, err := groupStream(t.ctx, s.stream, m)
			if err != nil {
				return 0
			}
			sums[i] = sums[i].plus(s.sums(found, part[i]))
		}
	}
	scores := make([]float64, len(sets))
	for i, s := range sets {
		scores[i] = sums[i].score()
		fmt.Fprintf(t.stdout, "  %-20s score %.4f by models %s without the story\n", s.name, scores[i], how)
	}
	return mean(scores)
}

// crossValidate scores every story with a model that was trained without it.
func (t trainer) crossValidate(sets []trainingSet, folds int) {
	foldOf := foldStories(sets, folds)
	models := make([]cluster.Model, folds)
	for fold, p := range t.withoutFolds(sets, foldOf, folds) {
		models[fold], _ = t.fit(fmt.Sprintf("without fold %d", fold), sets, p, nil)
	}
	fmt.Fprintf(t.stdout, "%d-fold training score %.4f\n", folds, t.scoreFolds("trained", sets, foldOf, models))
	if others := otherOrders(sets); len(others) > 0 {
		fmt.Fprintf(t.stdout, "in other orders: %d-fold training score %.4f\n", folds, t.scoreFolds("trained", others, foldOf, models))
	}
}

// foldStories puts each story into a fold, the same in every set, so that the
// folds have about the same part of each set.
func foldStories(sets []trainingSet, folds int) map[string]int {
	shares, largest := make(map[string][]float64), make(map[string]float64)
	for i, s := range sets {
		for _, a := range s.articles {
			if shares[a.Story] == nil {
				shares[a.Story] = make([]float64, len(sets))
			}
			shares[a.Story][i] += 1 / float64(len(s.articles))
			largest[a.Story] = max(largest[a.Story], shares[a.Story][i])
		}
	}
	stories := slices.SortedFunc(maps.Keys(shares), func(a, b string) int {
		return cmp.Or(cmp.Compare(largest[b], largest[a]), cmp.Compare(a, b))
	})
	foldOf, loads := make(map[string]int), make([][]float64, folds)
	for fold := range loads {
		loads[fold] = make([]float64, len(sets))
	}
	for _, story := range stories {
		best, least := 0, math.Inf(1)
		for fold, load := range loads {
			crowd := 0.0
			for i, share := range shares[story] {
				crowd += share * load[i]
			}
			if crowd < least {
				best, least = fold, crowd
			}
		}
		foldOf[story] = best
		for i, share := range shares[story] {
			loads[best][i] += share
		}
	}
	return foldOf
}

// leaveOut scores every set with a model that was trained on the others.
func (t trainer) leaveOut(sets []trainingSet) {
	for i := range sets {
		others := slices.Concat(sets[:i], sets[i+1:])
		m, _ := t.fit("without "+sets[i].name, others, t.everything(others), nil)
		t.report(sets[i:i+1], m)
	}
}

// byLanguage are sums of B3 precision and recall over articles, by language.
type byLanguage map[string]struct{ precision, recall, n float64 }

// sums returns those of the articles that count, in the languages with enough
// articles.
func (s trainingSet) sums(found []string, counts []bool) byLanguage {
	items := make(map[string][]int)
	for i, a := range s.articles {
		items[a.Language] = append(items[a.Language], i)
	}
	sums := make(byLanguage)
	for code, items := range items {
		if len(items) < minLanguage {
			continue
		}
		f, g, c := make([]string, len(items)), make([]string, len(items)), make([]bool, len(items))
		v := sums[code]
		for k, i := range items {
			f[k], g[k], c[k] = found[i], s.articles[i].Story, counts[i]
			if c[k] {
				v.n++
			}
		}
		precision, recall := bcubed(f, g, c)
		v.precision, v.recall = precision*v.n, recall*v.n
		sums[code] = v
	}
	return sums
}

func (b byLanguage) plus(other byLanguage) byLanguage {
	sum := make(byLanguage)
	for _, addend := range [...]byLanguage{b, other} {
		for code, v := range addend {
			w := sum[code]
			w.precision, w.recall, w.n = w.precision+v.precision, w.recall+v.recall, w.n+v.n
			sum[code] = w
		}
	}
	return sum
}

// score is the B3 F1, the mean over the languages.
func (b byLanguage) score() float64 {
	var sum, n float64
	for _, code := range slices.Sorted(maps.Keys(b)) {
		if v := b[code]; v.n > 0 {
			sum += harmonic(v.precision/v.n, v.recall/v.n)
			n++
		}
	}
	return sum / max(1, n)
}
