package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// events are made up; each has three titles that report it.
var events = [][3]string{
	{"Tram derails in Croydon tunnel, seven killed", "Seven killed as tram derails in Croydon tunnel", "Croydon tram derails in tunnel: seven people killed"},
	{"Central bank of Norway raises interest rates to four percent", "Norway raises interest rates to four percent", "Interest rates in Norway raised to four percent by central bank"},
	{"Volcano on Iceland forces Grindavik to evacuate", "Grindavik evacuated as Iceland volcano erupts", "Iceland volcano erupts, town of Grindavik evacuated"},
	{"Chess champion Ilmari resigns after twelve moves", "Champion Ilmari resigns chess final after twelve moves", "Twelve moves, then chess champion Ilmari resigns"},
}

// writeLabelled writes the events as a file of labelled articles.
func writeLabelled(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	for i := range 3 {
		for e, titles := range events {
			line, err := json.Marshal(labelled{
				ID: fmt.Sprintf("%d-%d", e, i), Title: titles[i], Language: "en", Story: fmt.Sprint("event ", e),
				Published: fmt.Sprintf("2026-03-01T1%d:00:00Z", i),
			})
			if err != nil {
				t.Fatal(err)
			}
			b.Write(append(line, '\n'))
		}
	}
	path := filepath.Join(t.TempDir(), "made-up.jsonl")
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestStories(t *testing.T) {
	path, out := writeLabelled(t), filepath.Join(t.TempDir(), "found.tsv")
	var printed bytes.Buffer
	if err := stories(context.Background(), []string{"-out", out, path}, &printed); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(printed.String()), "\n")
	last := lines[len(lines)-1]
	if !regexp.MustCompile(`^b3_f1=\S+ b3_p=\S+ b3_r=\S+ pair_f1=\S+ nmi=\S+ ari=\S+ stories=\d+ gold=4 mean_language_b3_f1=\S+ articles_per_second=\d+$`).MatchString(last) {
		t.Errorf("last line: %q", last)
	}
	var f1 float64
	if _, err := fmt.Sscanf(last, "b3_f1=%f", &f1); err != nil || f1 < 0.8 {
		t.Errorf("the events are not told apart: %q", last)
	}
	written, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	rows := strings.Split(strings.TrimSpace(string(written)), "\n")
	if len(rows) != 12 || !strings.HasPrefix(rows[0], "0-0\t") {
		t.Errorf("written:\n%s", written)
	}
}

func TestStoriesRefusesWhatItCannotRead(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "broken.jsonl")
	if err := os.WriteFile(broken, []byte(`{"id":"1"}`+"\n"+`{"id":`), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{}, {"a", "b"}, {filepath.Join(t.TempDir(), "none.jsonl")}, {broken}} {
		if err := stories(context.Background(), args, &bytes.Buffer{}); err == nil {
			t.Errorf("stories %q succeeds", args)
		}
	}
}

// TestSharedStories holds the quality that was reached on the development data.
func TestSharedStories(t *testing.T) {
	shared := os.Getenv("TIDINGS_SHARED")
	if shared == "" {
		t.Skip("set TIDINGS_SHARED to the folder with data/stories to hold the shipped model to its scores")
	}
	for name, least := range leastScores {
		var printed bytes.Buffer
		if err := stories(context.Background(), []string{filepath.Join(shared, "data/stories", name+".jsonl")}, &printed); err != nil {
			t.Fatal(err)
		}
		text := printed.String()
		var mean float64
		if _, err := fmt.Sscanf(text[strings.LastIndex(text, "mean_language_b3_f1="):], "mean_language_b3_f1=%f", &mean); err != nil {
			t.Fatal(err)
		}
		if mean < least {
			t.Errorf("%s: mean B3 F1 of its languages is %.4f, was at least %.2f", name, mean, least)
		}
	}
}

var leastScores = map[string]float64{
	"og2021-eng-dev": 0.78, "og2021-multi-dev": 0.76, "ecbplus-dev": 0.88, "giveme5w1h-dev": 0.95, "mstream-news-dev": 0.80,
}
