package newsroom_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"tidings/digest"
	"tidings/digest/archive"
	"tidings/digest/database"
	"tidings/digest/database/databasetest"
	"tidings/digest/feed"
	"tidings/digest/language"
	"tidings/digest/newsroom"
)

// BenchmarkRestart measures how long it takes until a newsroom that starts
// again has 100,000 articles of the last 72 hours back in their stories.
func BenchmarkRestart(b *testing.B) {
	const articles = 100_000
	ctx := context.Background()
	db, err := database.Open(ctx, databasetest.SQLite(b))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	a := archive.New(db)
	lastDays(b, a, articles)
	topics := make([]digest.Topic, 50)
	for i := range topics {
		topics[i] = digest.Topic{Name: fmt.Sprint("Topic ", i), Query: fmt.Sprintf("w%d w%d", i, i+300)}
	}
	if _, err := a.ReconcileTopics(ctx, topics, nil, noon); err != nil {
		b.Fatal(err)
	}
	start := func() float64 {
		n := newsroom.New(newsroom.Config{
			Archive: a, Client: feed.NewClient(feed.Config{}, slog.New(slog.DiscardHandler)), Analyzer: language.New(), Interval: time.Hour,
			Workers: 1, Now: func() time.Time { return noon }, Log: slog.New(slog.DiscardHandler),
		})
		begun := time.Now()
		if err := n.Start(ctx); err != nil {
			b.Fatal(err)
		}
		took := time.Since(begun).Seconds()
		if err := n.Save(ctx); err != nil {
			b.Fatal(err)
		}
		return took
	}
	start() // the topics look back and the words are counted, once
	for b.Loop() {
		b.ReportMetric(start(), "restart-s")
	}
	b.ReportMetric(0, "ns/op")
}

// lastDays files so many articles of the last 72 hours, in stories of five. Of
// its words an article has a third from its story, the others are as common as
// in news.
func lastDays(b *testing.B, a *archive.Archive, articles int) {
	b.Helper()
	ctx := context.Background()
	if err := a.ReconcileFeeds(ctx, []archive.Feed{{URL: "https://news.example/feed", Outlet: "News", Owner: "News"}}, noon); err != nil {
		b.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	zipf := rand.NewZipf(r, 1.1, 8, 60_000)
	words := func(count, story int) string {
		all := make([]string, count)
		for i := range all {
			if all[i] = "w" + strconv.FormatUint(zipf.Uint64(), 36); i%3 == 0 {
				all[i] = fmt.Sprintf("s%dx%d", story%5000, i)
			}
		}
		return strings.Join(all, " ")
	}
	feedID := archive.ID("feed", "https://news.example/feed")
	var batch []archive.Filed
	for i := range articles {
		seen := noon.Add(-newsroom.Window + time.Duration(i+1)*(newsroom.Window-time.Hour)/time.Duration(articles))
		story := i / 5
		batch = append(batch, archive.Filed{FeedID: feedID, Article: digest.Article{
			ID: fmt.Sprintf("a%d", i), URL: fmt.Sprintf("https://news.example/%d", i), Title: words(9, story), Text: words(60, story),
			Language: "en", Published: seen, Seen: seen, Story: fmt.Sprintf("a%d", story*5),
		}})
		if len(batch) == 1000 || i == articles-1 {
			if err := a.File(ctx, archive.Feed{}, batch); err != nil {
				b.Fatal(err)
			}
			batch = batch[:0]
		}
	}
}
