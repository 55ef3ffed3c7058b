package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// writeLines writes values as JSON lines.
func writeLines[T any](t *testing.T, path string, values []T) {
	t.Helper()
	var b strings.Builder
	for _, v := range values {
		line, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(line)
		b.WriteByte('\n')
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}

// twoTopics writes articles of two events, and topics for them.
func twoTopics(t *testing.T) (data string) {
	dir := t.TempDir()
	writeLines(t, filepath.Join(dir, "stories", "small.jsonl"), []labelled{
		{ID: "a", Title: "Bridge over the river Lorn closed after flood", Language: "en"},
		{ID: "b", Title: "Flood closes the Lorn bridge for weeks", Language: "en"},
		{ID: "c", Title: "Chess champion Ottway keeps her title", Language: "en"},
		{ID: "d", Title: "Ottway wins chess final", Language: "en"},
		{ID: "e", Title: "Ministers meet to speak of taxes", Language: "en"},
	})
	data = filepath.Join(dir, "topics", "small-dev.jsonl")
	writeLines(t, data, []wanted{
		{Topic: "Lorn bridge flood", Relevant: []string{"a", "b"}, Corpus: "stories/small.jsonl", Kind: "typed"},
		{Topic: "Ottway chess", Relevant: []string{"c", "d"}, Corpus: "stories/small.jsonl", Kind: "derived"},
	})
	return data
}

func TestTopics(t *testing.T) {
	data := twoTopics(t)
	out := filepath.Join(t.TempDir(), "out.tsv")
	var printed strings.Builder
	if err := topics(t.Context(), []string{"-out", out, "-folds", "0", data}, &printed); err != nil {
		t.Fatal(err)
	}
	written, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	want := "Lorn bridge flood\ta\nLorn bridge flood\tb\nOttway chess\tc\nOttway chess\td\n"
	if got := string(written); got != want {
		t.Errorf("wrote %q, want %q", got, want)
	}
	if got := scoreOf(t, printed.String(), "micro_f1"); got != 1 {
		t.Errorf("the score is %g:\n%s", got, printed.String())
	}
}

func TestTopicsRefuseOtherData(t *testing.T) {
	data := twoTopics(t)
	lost := filepath.Join(filepath.Dir(data), "lost.jsonl")
	writeLines(t, lost, []wanted{{Topic: "a", Corpus: "stories/none.jsonl"}})
	broken := filepath.Join(filepath.Dir(data), "broken.jsonl")
	writeLines(t, broken, []wanted{{Topic: `"a`, Corpus: "stories/small.jsonl"}})
	for name, args := range map[string][]string{
		"no file": nil, "absent": {data + "x"}, "no corpus": {lost}, "a topic that does not parse": {broken}, "unknown flag": {"-x", data},
	} {
		if err := topics(t.Context(), args, &strings.Builder{}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestVotedArticlesAreLeftOutOfBothScores(t *testing.T) {
	data := twoTopics(t)
	var printed strings.Builder
	if err := topics(t.Context(), []string{"-votes", "2", "-folds", "2", data}, &printed); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"without the votes", "2 folds"} {
		if !strings.Contains(printed.String(), want) {
			t.Errorf("it does not say %q:\n%s", want, printed.String())
		}
	}
}

// The measures on the development data, with something in hand.
func TestTopicsOfTheDevelopmentData(t *testing.T) {
	shared := os.Getenv("TIDINGS_SHARED")
	if shared == "" {
		t.Skip("set TIDINGS_SHARED to the folder that holds data/topics/topics-dev.jsonl to run this")
	}
	data := filepath.Join(shared, "data", "topics", "topics-dev.jsonl")
	var printed strings.Builder
	if err := topics(t.Context(), []string{"-folds", "0", data}, &printed); err != nil {
		t.Fatal(err)
	}
	for name, least := range map[string]float64{"micro_f1": 0.88, "googlenews_f1": 0.93, "typed_f1": 0.8, "macro_f1": 0.84} {
		if got := scoreOf(t, printed.String(), name); got < least {
			t.Errorf("%s is %.4f, want at least %.3f:\n%s", name, got, least, printed.String())
		}
	}
}

// Votes help, of whichever kind and on whichever articles, by more than by chance.
func TestVotesHelpOnTheDevelopmentData(t *testing.T) {
	shared := os.Getenv("TIDINGS_SHARED")
	if shared == "" {
		t.Skip("set TIDINGS_SHARED to the folder that holds data/topics/topics-dev.jsonl to run this")
	}
	data := filepath.Join(shared, "data", "topics", "topics-dev.jsonl")
	for votes, least := range map[string]map[string]float64{
		"1": {`so they help by \+?(-?[0-9.]+)`: 0.004, `of 5: they help by \+?(-?[0-9.]+)`: 0.002, `micro_f1=([0-9.]+)`: 0.895},
		"2": {
			`so they help by \+?(-?[0-9.]+)`: 0.027, `of 5: they help by \+?(-?[0-9.]+)`: 0.018, `micro_f1=([0-9.]+)`: 0.924,
			`alone helps by \+?(-?[0-9.]+)`: 0.014, `alone helps by .*, on other articles by \+?(-?[0-9.]+)`: 0.012,
		},
	} {
		var printed strings.Builder
		if err := topics(t.Context(), []string{"-folds", "0", "-votes", votes, data}, &printed); err != nil {
			t.Fatal(err)
		}
		for pattern, least := range least {
			if got := number(t, printed.String(), pattern); got < least {
				t.Errorf("with %s votes %s is %.4f, want at least %.3f:\n%s", votes, pattern, got, least, printed.String())
			}
		}
	}
}

// scoreOf reads a value of the last line.
func scoreOf(t *testing.T, printed, name string) float64 {
	t.Helper()
	return number(t, printed, name+`=([0-9.]+)`)
}

// number reads what a pattern holds in brackets.
func number(t *testing.T, printed, pattern string) float64 {
	t.Helper()
	found := regexp.MustCompile(pattern).FindStringSubmatch(printed)
	if found == nil {
		t.Fatalf("no %s in:\n%s", pattern, printed)
	}
	value, err := strconv.ParseFloat(found[1], 64)
	if err != nil {
		t.Fatal(err)
	}
	return value
}
