package main

import (
	"encoding/binary"
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidings/digest/language/internal/ngram"
)

func TestSequences(t *testing.T) {
	set := binary.LittleEndian.AppendUint64([]byte{1<<3 | 1}, math.Float64bits(0.25))
	set = append(set, 2<<3|2, 2, 'a', 'b', 2<<3|2, 2, 'c', 'd')
	model := append([]byte{2 << 3, 5, 4<<3 | 2, byte(len(set))}, set...)
	got := make(map[string]float64)
	if err := sequences(model, func(sequence string, p float64) { got[sequence] = p }); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]float64{"ab": 0.25, "cd": 0.25}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for n := 3; n < len(model); n++ {
		if err := sequences(model[:n], func(string, float64) {}); !errors.Is(err, errModel) {
			t.Errorf("a model cut after %d bytes: %v", n, err)
		}
	}
}

func TestChooseKeepsWhatTells(t *testing.T) {
	var counts []count
	for id := range ngram.Languages {
		counts = append(counts, count{key: 1, language: uint8(id), share: 0.01}) // everywhere alike
	}
	counts = append(counts, count{key: 2, language: 5, share: 0.01})
	rows := choose(counts, 1)
	want := []ngram.Row{{Key: 2, Values: []ngram.Value{ngram.NewValue(5, 0.01)}}}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
