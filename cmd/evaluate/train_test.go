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
