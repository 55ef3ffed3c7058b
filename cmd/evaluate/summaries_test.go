package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestRouge(t *testing.T) {
	r := newRouge()
	for _, tt := range []struct {
		found, reference string
		n                int
		want             float64
	}{
		{"the cats sat", "the cat sat down", 1, 2 * 3.0 / 7},
		{"the cats sat", "the cat sat down", 2, 2 * 2.0 / 5},
		{"the the the", "the end", 1, 2 * 1.0 / 5},
		{"", "the end", 1, 0},
		{"The CAT, running!", "cat (the) runs", 1, 1},
		{"one", "one", 2, 0},
	} {
		if got := shared(r.tokens(tt.found), r.tokens(tt.reference), tt.n); math.Abs(got-tt.want) > 1e-9 {
			t.Errorf("rouge-%d of %q: %.4f, want %.4f", tt.n, tt.found, got, tt.want)
		}
	}
}

// writeClusters writes two made-up clusters.
func writeClusters(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "clusters.jsonl")
	lines := `{"id":"bridge","articles":[{"title":"Lindow bridge falls","text":"LINDOW (Wire) - The old bridge of Lindow fell into the river on Friday. He was there."},` +
		`{"title":"River blocked","text":"Ships wait on the river since the old bridge of Lindow fell. Subscribe to our newsletter now and then."}],` +
		`"reference":"The old bridge of Lindow fell on Friday and ships wait."}` + "\n" +
		`{"id":"empty","articles":[],"reference":"Nothing."}` + "\n"
	if err := os.WriteFile(path, []byte(lines), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestSummaries(t *testing.T) {
	out := filepath.Join(t.TempDir(), "found.jsonl")
	var printed bytes.Buffer
	if err := summaries(context.Background(), []string{"-words", "40", "-out", out, writeClusters(t)}, &printed); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(printed.String()), "\n")
	last := lines[len(lines)-1]
	if !regexp.MustCompile(`^rouge1=\S+ rouge2=\S+ mean_words=\S+ lead_rouge1=\S+ lead_rouge2=\S+ clusters=2 milliseconds_per_story=\S+$`).MatchString(last) {
		t.Errorf("last line: %q", last)
	}
	written, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for line := range strings.Lines(string(written)) {
		var found struct{ ID, Summary string }
		if err := json.Unmarshal([]byte(line), &found); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, found.ID)
		if found.ID == "bridge" && !strings.Contains(found.Summary, "old bridge of Lindow fell") {
			t.Errorf("summary: %q", found.Summary)
		}
		if strings.Contains(found.Summary, "He was") || strings.Contains(found.Summary, "newsletter") {
			t.Errorf("does not read well: %q", found.Summary)
		}
	}
	if strings.Join(ids, " ") != "bridge empty" {
		t.Errorf("ids: %v", ids)
	}
}

func TestTrainSummaries(t *testing.T) {
	out := filepath.Join(t.TempDir(), "weights.go")
	var printed bytes.Buffer
	if err := summaries(context.Background(), []string{"-train", out, writeClusters(t)}, &printed); err != nil {
		t.Fatal(err)
	}
	written, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(printed.String(), "cross_validated_rouge1=") || !strings.Contains(string(written), "var shipped = Weights{") || strings.Contains(string(written), "NaN") {
		t.Errorf("printed %q, written %q", printed.String(), written)
	}
}

func TestSummariesRefusesWhatItCannotRead(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "broken.jsonl")
	if err := os.WriteFile(broken, []byte(`{"id":"1"}`+"\n"+`{"id":`), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{}, {"a", "b"}, {"-words", "0", writeClusters(t)}, {filepath.Join(t.TempDir(), "none.jsonl")}, {broken}} {
		if err := summaries(context.Background(), args, &bytes.Buffer{}); err == nil {
			t.Errorf("summaries %q succeeds", args)
		}
	}
}

// TestSharedSummaries holds the quality that was reached on the development
// data, and that the scores of the plain lead are those that others measured.
func TestSharedSummaries(t *testing.T) {
	shared := os.Getenv("TIDINGS_SHARED")
	if shared == "" {
		t.Skip("set TIDINGS_SHARED to the folder with data/summaries to hold the summaries to their scores")
	}
	for words, least := range map[int][4]float64{230: {0.465, 0.160, 0.4394, 0.1446}, 60: {0.271, 0.090, 0.2447, 0.0759}} {
		var printed bytes.Buffer
		args := []string{"-words", fmt.Sprint(words), filepath.Join(shared, "data/summaries/multinews-dev.jsonl")}
		if err := summaries(context.Background(), args, &printed); err != nil {
			t.Fatal(err)
		}
		text := printed.String()
		var one, two, mean, leadOne, leadTwo float64
		if _, err := fmt.Sscanf(text[strings.Index(text, "rouge1="):], "rouge1=%f rouge2=%f mean_words=%f lead_rouge1=%f lead_rouge2=%f", &one, &two, &mean, &leadOne, &leadTwo); err != nil {
			t.Fatal(err)
		}
		if one < least[0] || two < least[1] {
			t.Errorf("%d words: ROUGE-1 %.4f and ROUGE-2 %.4f, were at least %.3f and %.3f", words, one, two, least[0], least[1])
		}
		if math.Abs(leadOne-least[2]) > 0.001 || math.Abs(leadTwo-least[3]) > 0.001 {
			t.Errorf("%d words: the lead scores %.4f and %.4f, not %.4f and %.4f", words, leadOne, leadTwo, least[2], least[3])
		}
	}
}
