package main

import (
	"bytes"
	"context"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRegressionFindsTheWeights(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	var examples []example
	for range 20_000 {
		e := example{weight: 1.0 / 20_000}
		e.features[0], e.features[1], e.features[2] = 1, random.NormFloat64(), random.NormFloat64()
		e.label = 1 / (1 + math.Exp(-(-1 + 2*e.features[1] - 0.5*e.features[2])))
		examples = append(examples, e)
	}
	m := regress(examples)
	for i, want := range []float64{-1, 2, -0.5, 0} {
		if math.Abs(m[i]-want) > 0.1 {
			t.Errorf("weight %d is %.3f, want %.1f", i, m[i], want)
		}
	}
}

func TestEvolveFindsTheMaximum(t *testing.T) {
	hill := func(x []float64) float64 {
		return -(x[0]-3)*(x[0]-3) - 100*(x[1]+1)*(x[1]+1)
	}
	spread := []float64{1, 1}
	got := evolve([]float64{0, 0}, spread, 80, 12, hill)
	if math.Abs(got[0]-3) > 0.05 || math.Abs(got[1]+1) > 0.05 {
		t.Errorf("the maximum is at 3, -1; found %.3f", got)
	}
	again := evolve([]float64{0, 0}, spread, 80, 12, hill)
	if got[0] != again[0] || got[1] != again[1] {
		t.Errorf("two runs found %v and %v", got, again)
	}
}

func TestTrainWritesTheSameWeightsTwice(t *testing.T) {
	path := writeLabelled(t)
	var sources [2]string
	for i := range sources {
		out := filepath.Join(t.TempDir(), "weights.go")
		if err := train(context.Background(), []string{"-generations", "2", "-folds", "2", "-out", out, path}, &bytes.Buffer{}); err != nil {
			t.Fatal(err)
		}
		source, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		sources[i] = string(source)
	}
	if sources[0] != sources[1] {
		t.Errorf("two runs wrote\n%s\nand\n%s", sources[0], sources[1])
	}
	if !strings.Contains(sources[0], "// typical cosine") || !strings.Contains(sources[0], "made-up.jsonl") {
		t.Errorf("written:\n%s", sources[0])
	}
}

func TestScoresOfTheFoldsAddUp(t *testing.T) {
	articles := make([]labelled, 3*minLanguage)
	for i := range articles {
		articles[i].Language, articles[i].Story = []string{"en", "de"}[i%2], string(rune('a'+i/5))
	}
	s := trainingSet{articles: articles}
	found, all := make([]string, len(articles)), make([]bool, len(articles))
	parts := [2][]bool{make([]bool, len(articles)), make([]bool, len(articles))}
	for i := range articles {
		found[i], all[i] = string(rune('a'+i/3)), true
		parts[i%3%2][i] = true
	}
	whole, sum := s.sums(found, all).score(), s.sums(found, parts[0]).plus(s.sums(found, parts[1])).score()
	if whole <= 0 || whole >= 1 || math.Abs(whole-sum) > 1e-12 {
		t.Errorf("the whole has a score of %.4f, its parts together one of %.4f", whole, sum)
	}
	if empty := (byLanguage{}).score(); empty != 0 {
		t.Errorf("nothing has a score of %.4f", empty)
	}
}

func TestFoldsKeepStoriesTogether(t *testing.T) {
	var large, small trainingSet
	for i := range 90 {
		large.articles = append(large.articles, labelled{Story: string(rune('a' + i%9))})
	}
	for i := range 12 {
		small.articles = append(small.articles, labelled{Story: string(rune('a' + i%3))})
	}
	foldOf := foldStories([]trainingSet{large, small}, 3)
	if len(foldOf) != 9 {
		t.Errorf("%d stories are in folds, want 9", len(foldOf))
	}
	for i, s := range []trainingSet{large, small} {
		counts := make([]int, 3)
		for _, a := range s.articles {
			counts[foldOf[a.Story]]++
		}
		for fold, n := range counts {
			if n != len(s.articles)/3 {
				t.Errorf("set %d has %d of %d articles in fold %d, want a third", i, n, len(s.articles), fold)
			}
		}
	}
}
