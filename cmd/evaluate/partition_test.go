package main

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestComparePartitions(t *testing.T) {
	entropy := func(shares ...float64) (h float64) {
		for _, s := range shares {
			h -= s * math.Log(s)
		}
		return h
	}
	for _, test := range []struct {
		name        string
		found, gold []string
		want        partition
	}{
		{"right", []string{"x", "x", "y"}, []string{"a", "a", "b"},
			partition{B3P: 1, B3R: 1, B3F1: 1, PairF1: 1, NMI: 1, ARI: 1, Found: 2, Gold: 2, Items: 3}},
		{"all in one", []string{"x", "x", "x", "x"}, []string{"a", "a", "b", "b"},
			partition{B3P: 0.5, B3R: 1, B3F1: 2.0 / 3, PairF1: 2 * 2 / 8.0, NMI: 0, ARI: 0, Found: 1, Gold: 2, Items: 4}},
		{"all alone", []string{"1", "2", "3", "4"}, []string{"a", "a", "b", "b"},
			partition{B3P: 1, B3R: 0.5, B3F1: 2.0 / 3, PairF1: 0, NMI: math.Sqrt(math.Log(2) / math.Log(4)), ARI: 0, Found: 4, Gold: 2, Items: 4}},
		{"one astray", []string{"x", "x", "x", "y"}, []string{"a", "a", "b", "b"},
			partition{
				B3P: (2.0/3 + 2.0/3 + 1.0/3 + 1) / 4, B3R: (1 + 1 + 0.5 + 0.5) / 4,
				B3F1: 2 * (8.0 / 12) * 0.75 / (8.0/12 + 0.75), PairF1: 2.0 / 5,
				NMI: (math.Log(4.0/3)/2 + math.Log(4*1/(3.0*2))/4 + math.Log(2)/4) / math.Sqrt(entropy(0.75, 0.25)*entropy(0.5, 0.5)),
				ARI: 0, Found: 2, Gold: 2, Items: 4,
			}},
	} {
		got := comparePartitions(test.found, test.gold)
		if diff := cmp.Diff(test.want, got, cmpopts.EquateApprox(0, 1e-9)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestScoresDoNotDependOnNames(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 50 {
		n := 2 + random.IntN(40)
		found, gold, renamed := make([]string, n), make([]string, n), make([]string, n)
		for i := range found {
			found[i], gold[i] = strconv.Itoa(random.IntN(6)), strconv.Itoa(random.IntN(6))
			renamed[i] = "story " + found[i]
		}
		a, b := comparePartitions(found, gold), comparePartitions(renamed, gold)
		if a != b {
			t.Fatalf("%+v is not %+v", a, b)
		}
		swapped := comparePartitions(gold, found)
		if math.Abs(a.B3P-swapped.B3R) > 1e-12 || math.Abs(a.ARI-swapped.ARI) > 1e-12 || math.Abs(a.NMI-swapped.NMI) > 1e-12 {
			t.Fatalf("not symmetric: %+v and %+v", a, swapped)
		}
		if a.NMI < -1e-12 || a.NMI > 1+1e-12 || a.B3F1 <= 0 || a.B3F1 > 1+1e-12 || a.ARI > 1+1e-12 {
			t.Fatalf("out of range: %+v", a)
		}
	}
}

func TestBCubedOfAPart(t *testing.T) {
	found, gold := []string{"x", "x", "x", "y"}, []string{"a", "a", "b", "b"}
	precision, recall := bcubed(found, gold, []bool{false, false, true, true})
	if math.Abs(precision-2.0/3) > 1e-12 || recall != 0.5 {
		t.Errorf("precision %v, recall %v; want 2/3 and 1/2", precision, recall)
	}
}
