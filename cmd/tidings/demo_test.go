package main

import (
	"log/slog"
	"net/http/httptest"
	"path"
	"strings"
	"testing"
	"time"

	"tidings/cmd/tidings/sample"
	"tidings/digest"
)

// demoArticles are the demo's articles as the program has them after a poll.
func demoArticles(t *testing.T) []digest.Article {
	t.Helper()
	server := httptest.NewServer(sample.Handler(time.Now))
	defer server.Close()
	p := plan{feeds: sampleFeeds(server.URL), topics: sampleTopics(), zone: time.UTC, interval: time.Hour, workers: 1}
	p.polling.AllowPrivate = true
	g, err := newProgram(t.Context(), p, nil, world{now: time.Now, getenv: noEnv}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer g.close()
	if err := g.takeOver(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if err := g.newsroom.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := g.pollAll(t.Context(), t.Output()); err != nil {
		t.Fatal(err)
	}
	var articles []digest.Article
	err = g.archive.Articles(t.Context(), time.Now().Add(-100*24*time.Hour), func(a digest.Article) error {
		articles = append(articles, a)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return articles
}

// event is what an article of the sample reports, told by its address.
func event(a digest.Article) string {
	slug := path.Base(a.URL)
	if i := strings.LastIndexByte(slug, '-'); i > 0 && len(slug)-i == 2 && slug[i+1] >= '2' && slug[i+1] <= '9' {
		slug = slug[:i]
	}
	return slug
}

// TestTheDemosEventsAreOneStoryEach holds the grouping to the invented news,
// which has look-alike events, wire copies and stories that go on for days.
func TestTheDemosEventsAreOneStoryEach(t *testing.T) {
	articles := demoArticles(t)
	var precision, recall float64
	for _, a := range articles {
		// A story may span languages and need not.
		var same, found, story, both float64
		for _, b := range articles {
			if event(a) == event(b) && a.Language == b.Language {
				same++
				if a.Story == b.Story {
					found++
				}
			}
			if a.Story == b.Story {
				story++
				if event(a) == event(b) {
					both++
				}
			}
		}
		if both < story && a.Story == a.ID {
			for _, b := range articles {
				if b.Story == a.Story && event(b) != event(a) {
					t.Logf("%q (%s) is in the story of %q (%s)", b.Title, event(b), a.Title, event(a))
				}
			}
		}
		precision, recall = precision+both/story, recall+found/same
	}
	n := float64(len(articles))
	t.Logf("%d articles: BCubed precision %.3f, recall %.3f", len(articles), precision/n, recall/n)
	if precision/n < 0.9 || recall/n < 0.9 {
		t.Errorf("BCubed precision %.3f, recall %.3f; want at least 0.90 and 0.90", precision/n, recall/n)
	}
}
