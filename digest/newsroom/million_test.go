package newsroom_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"tidings/digest"
	"tidings/digest/archive"
	"tidings/digest/database"
	"tidings/digest/feed"
	"tidings/digest/language"
	"tidings/digest/newsroom"
)

// million is how many articles the large archive has; TIDINGS_BENCH_ARTICLES
// sets another number.
func million() int {
	if n, err := strconv.Atoi(os.Getenv("TIDINGS_BENCH_ARTICLES")); err == nil {
		return n
	}
	return 1_000_000
}

// BenchmarkLargeArchive measures a new topic's look back and a digest's making
// in an archive of a million articles of 30 days, of which some thousands have
// two of the topic's words and a hundred belong to it.
func BenchmarkLargeArchive(b *testing.B) {
	ctx := context.Background()
	db, err := database.Open(ctx, filepath.Join(b.TempDir(), "t.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	a := archive.New(db)
	now := noon
	n := newsroom.New(newsroom.Config{
		Archive: a, Client: feed.NewClient(feed.Config{}, slog.New(slog.DiscardHandler)), Analyzer: language.New(), Interval: time.Hour,
		Workers: 1, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler),
	})
	fill(b, a, n, million())
	composer := digest.NewComposer(language.New())
	topic := digest.Topic{Name: "Peace", Query: "ukraine peace talks", Origin: "someone", Created: noon}
	if topic.ID, err = a.SaveTopic(ctx, topic); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		begun := time.Now()
		if err := n.TopicsChanged(ctx); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(time.Since(begun).Milliseconds()), "look-back-ms")
		begun = time.Now()
		candidates, err := a.Candidates(ctx, topic.ID, noon.Add(-24*time.Hour), noon)
		if err != nil {
			b.Fatal(err)
		}
		page := composer.Compose(topic, noon.Add(-24*time.Hour), noon, candidates)
		b.ReportMetric(float64(time.Since(begun).Microseconds())/1000, "digest-ms")
		b.ReportMetric(float64(len(page.Stories)), "stories")
	}
}

// fill stores articles of 30 days.
func fill(b *testing.B, a *archive.Archive, n *newsroom.Newsroom, articles int) {
	b.Helper()
	ctx := context.Background()
	if err := a.ReconcileFeeds(ctx, []archive.Feed{{URL: "https://news.example/feed", Outlet: "News", Owner: "News"}}, noon); err != nil {
		b.Fatal(err)
	}
	feeds, err := a.Feeds(ctx)
	if err != nil {
		b.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	// Words are as common as in news: a few often, most seldom.
	zipf := rand.NewZipf(r, 1.1, 8, 60_000)
	words := func(count int) string {
		all := make([]string, count)
		for i := range all {
			all[i] = "w" + strconv.FormatUint(zipf.Uint64(), 36)
		}
		return strings.Join(all, " ")
	}
	var batch []archive.Filed
	for i := range articles {
		seen := noon.Add(-time.Duration(articles-i) * 30 * 24 * time.Hour / time.Duration(articles))
		title, story := words(8), fmt.Sprintf("s%d", i)
		switch {
		case i%(articles/100) == 0:
			title = "Ukraine peace talks " + words(3)
			story = fmt.Sprintf("peace%d", i/(articles/10))
		case i%40 == 0:
			title = "Ukraine " + title
		case i%40 == 1:
			title = "Talks on " + title
		case i%80 == 2:
			title = "Peace " + title
		}
		batch = append(batch, archive.Filed{FeedID: feeds[0].ID, Article: digest.Article{
			ID: fmt.Sprintf("a%d", i), URL: fmt.Sprintf("https://news.example/%d", i), Title: title, Text: words(60),
			Language: "en", Published: seen, Seen: seen, Story: story,
		}})
		if len(batch) == 1000 || i == articles-1 {
			if err := a.File(ctx, feeds[0], batch); err != nil {
				b.Fatal(err)
			}
			batch = batch[:0]
		}
	}
	if err := n.IndexAll(ctx); err != nil {
		b.Fatal(err)
	}
}
