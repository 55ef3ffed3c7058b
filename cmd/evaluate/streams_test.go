package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"tidings/digest/cluster"
	"tidings/digest/language"
)

// clockwork is a set of stories of twenty articles each, an hour apart.
func clockwork(stories int, text string) (s trainingSet, counts []bool) {
	analyzer := language.New()
	s.name = "made up"
	for i := range 20 * stories {
		a := labelled{ID: fmt.Sprint(i), Story: fmt.Sprint(i % stories), Language: "en"}
		s.articles = append(s.articles, a)
		s.stream = append(s.stream, cluster.Article{
			ID: a.ID, Language: "en", Title: analyzer.Words("en", fmt.Sprintf("Headline number %d", i)),
			Text: analyzer.Words("en", text), Published: time.Date(2026, 3, 1, i/stories, 0, 0, 0, time.UTC),
		})
		counts = append(counts, i%stories == 0)
	}
	return s, counts
}

func TestRetoldKeepsEveryHeadline(t *testing.T) {
	s, counts := clockwork(4, "")
	made, madeCounts := s.retold(counts)
	if want := 4 * 7; len(made.articles) != want || len(made.stream) != want || len(madeCounts) != want {
		t.Fatalf("%d articles of 4 stories with 20 headlines, want %d", len(made.articles), want)
	}
	words, before := 0, 0
	for i, a := range made.stream {
		words += len(a.Title) + len(a.Text)
		if madeCounts[i] != (made.articles[i].Story == "0") {
			t.Errorf("article %d of story %s counts: %v", i, made.articles[i].Story, madeCounts[i])
		}
	}
	for _, a := range s.stream {
		before += len(a.Title)
	}
	if words != before {
		t.Errorf("%d words were made of %d", words, before)
	}
}

func TestDenseBringsStoriesTogether(t *testing.T) {
	s, counts := clockwork(4, "Some words that every article has")
	made, madeCounts := dense([]trainingSet{s, s}, part{counts, counts}, rand.New(rand.NewPCG(1, 1)))
	sizes, first, ids := make(map[string]int), made.stream[0].Published, make(map[string]bool)
	for i, a := range made.articles {
		sizes[a.Story]++
		ids[made.stream[i].ID] = true
		if madeCounts[i] != (a.Story == "0") {
			t.Errorf("article %d of story %s counts: %v", i, a.Story, madeCounts[i])
		}
	}
	if sizes["0"] != 2*denseMost || len(ids) != len(made.articles) {
		t.Errorf("stories have %v articles with %d ids, want %d each of two sets", sizes, len(ids), denseMost)
	}
	if !slices.IsSortedFunc(made.stream, func(a, b cluster.Article) int { return a.Published.Compare(b.Published) }) {
		t.Error("the articles are not in the order of their times")
	}
	if last := made.stream[len(made.stream)-1].Published; last.Sub(first) > denseSpan+denseMost*time.Hour {
		t.Errorf("the stream lasts %v", last.Sub(first))
	}
}
