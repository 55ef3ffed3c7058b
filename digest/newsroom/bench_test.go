package newsroom_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"

	"tidings/digest"
	"tidings/digest/archive"
	"tidings/digest/database"
	"tidings/digest/database/databasetest"
	"tidings/digest/feed"
	"tidings/digest/language"
	"tidings/digest/newsroom"
)

// printer serves so many feeds of 25 articles, as gzip, with validators. From
// edition to edition each feed gets one new article.
type printer struct {
	edition atomic.Int64
	bodies  sync.Map // by path and edition
	forgets bool     // makes each body anew
}

// vocabulary is what invented articles are made of.
var vocabulary = strings.Fields(`minister council river bridge harvest court verdict storm harbour election budget
	teacher school hospital doctor engine factory strike union wage rent market price export border treaty army
	general soldier village mayor parliament speaker motion committee report inquiry witness police officer fire
	rescue flood drought rain snow heat power grid station railway train driver airline pilot airport ferry captain`)

func (p *printer) article(feedNumber string, n int64) string {
	seed, _ := strconv.ParseUint(feedNumber, 10, 64)
	r := rand.New(rand.NewPCG(seed, uint64(n)))
	words := func(count int) string {
		all := make([]string, count)
		for i := range all {
			all[i] = vocabulary[r.IntN(len(vocabulary))] + strconv.Itoa(r.IntN(40))
		}
		return strings.Join(all, " ")
	}
	return fmt.Sprintf(`<item><title>%s</title><link>https://news%s.example/a/%d</link><guid isPermaLink="false">%s-%d</guid>
		<description>%s</description><pubDate>%s</pubDate></item>`,
		words(8), feedNumber, n, feedNumber, n, words(40), noon.Add(-time.Duration(30-n)*time.Hour).Format(time.RFC1123Z))
}

func (p *printer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	edition := p.edition.Load()
	etag := fmt.Sprintf(`"%d"`, edition)
	if r.Header.Get("If-None-Match") == etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	key := r.URL.Path + etag
	body, ok := p.bodies.Load(key)
	if !ok {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		fmt.Fprintf(z, `<?xml version="1.0"?><rss version="2.0"><channel><title>Feed</title><link>https://news.example/</link>`)
		for n := edition; n < edition+25; n++ {
			io.WriteString(z, p.article(strings.TrimPrefix(r.URL.Path, "/"), n))
		}
		io.WriteString(z, `</channel></rss>`)
		z.Close()
		if body = b.Bytes(); !p.forgets {
			body, _ = p.bodies.LoadOrStore(key, b.Bytes())
		}
	}
	w.Header().Set("ETag", etag)
	w.Header().Set("Content-Type", "application/rss+xml")
	w.Header().Set("Content-Encoding", "gzip")
	w.Write(body.([]byte))
}

// each asks for every feed with 32 workers and returns the feeds a second.
func eachFeed(b *testing.B, feeds int, ask func(i int) error) float64 {
	b.Helper()
	begun := time.Now()
	var next atomic.Int64
	var group sync.WaitGroup
	for range 32 {
		group.Go(func() {
			for i := next.Add(1) - 1; i < int64(feeds); i = next.Add(1) - 1 {
				if err := ask(int(i)); err != nil {
					b.Error(err)
				}
			}
		})
	}
	group.Wait()
	return float64(feeds) / time.Since(begun).Seconds()
}

// bare is what a program does at least that reads a feed: fetch, decode, parse.
func bare(client *http.Client, url, etag string) error {
	request, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	request.Header.Set("Accept-Encoding", "gzip")
	if etag != "" {
		request.Header.Set("If-None-Match", etag)
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode == http.StatusNotModified {
		return nil
	}
	z, err := gzip.NewReader(response.Body)
	if err != nil {
		return err
	}
	_, err = gofeed.NewParser().Parse(z)
	return err
}

const benchFeeds = 2000

// BenchmarkPolling compares polling 2,000 feeds of 25 articles, with all that
// is done with them, to a bare loop over the same feeds in the same run. What
// is repeated counts by its middle ratio, since machines are seldom idle.
func BenchmarkPolling(b *testing.B) {
	for b.Loop() {
		p := &printer{}
		server := httptest.NewServer(p)
		client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 32, DisableCompression: true}}
		bareLoop := func(etag string) float64 {
			return eachFeed(b, benchFeeds, func(i int) error { return bare(client, server.URL+"/"+strconv.Itoa(i), etag) })
		}
		n, clock := stand(b, server.URL, benchFeeds)
		round := func() float64 {
			*clock = clock.Add(time.Hour)
			begun := time.Now()
			if _, err := n.PollAll(context.Background(), nil); err != nil {
				b.Fatal(err)
			}
			return benchFeeds / time.Since(begun).Seconds()
		}
		bareLoop("") // the bodies are made
		before := bareLoop("")
		stored := storeAll(b, server.URL)
		between := bareLoop("")
		first := round()
		after := bareLoop("")
		var unchanged, oneNew []float64
		for edition := range 3 {
			unchanged = append(unchanged, 1/bareLoop(fmt.Sprintf(`"%d"`, edition))*round())
			p.edition.Add(1)
			bareLoop("")
			oneNew = append(oneNew, 1/bareLoop("")*round())
		}
		b.ReportMetric(middle([]float64{before, between, after}), "bare-feeds/s")
		b.ReportMetric(stored*2/(before+between), "stored-ratio")
		b.ReportMetric(first*2/(between+after), "first-ratio")
		b.ReportMetric(middle(oneNew), "one-new-ratio")
		b.ReportMetric(middle(unchanged), "unchanged-ratio")
		client.CloseIdleConnections()
		server.Close()
	}
}

func middle(all []float64) float64 {
	slices.Sort(all)
	return all[len(all)/2]
}

// storeAll polls every feed of a server for the first time, reads and stores it,
// without topics and stories, and returns the feeds a second.
func storeAll(b *testing.B, server string) float64 {
	b.Helper()
	a := archiveOf(b, server, benchFeeds)
	client := feed.NewClient(feed.Config{AllowPrivate: true}, slog.New(slog.DiscardHandler))
	defer client.Close()
	feeds, err := a.Feeds(context.Background())
	if err != nil {
		b.Fatal(err)
	}
	var storing sync.WaitGroup
	begun := time.Now()
	eachFeed(b, len(feeds), func(i int) error {
		f := feeds[i]
		response, err := client.Fetch(context.Background(), feed.Request{URL: f.URL})
		if err != nil {
			return err
		}
		fresh, marks := feed.Fresh(response.Body, nil)
		parsed, err := feed.Read(fresh, response.ContentType, response.FinalURL)
		if err != nil {
			return err
		}
		f.ETag, f.BodyHash, f.Marks, f.Items, f.Polled = response.ETag, response.BodyHash, marks, len(parsed.Items), noon
		filed := make([]archive.Filed, len(parsed.Items))
		for i, item := range parsed.Items {
			id := archive.ID("article", feed.Key(item.URL))
			filed[i] = archive.Filed{FeedID: f.ID, Article: digest.Article{
				ID: id, Story: id, URL: item.URL, Title: item.Title, Text: item.Text, Language: "en", Published: item.Published, Seen: noon,
			}}
		}
		// As in the newsroom, a worker does not wait for the disk.
		storing.Go(func() {
			if err := a.File(context.Background(), f, filed); err != nil {
				b.Error(err)
			}
		})
		return nil
	})
	storing.Wait()
	return float64(len(feeds)) / time.Since(begun).Seconds()
}

// archiveOf is an archive in SQLite with so many feeds of a server.
func archiveOf(b *testing.B, server string, feeds int) *archive.Archive {
	b.Helper()
	db, err := database.Open(context.Background(), databasetest.SQLite(b))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	a := archive.New(db)
	all := make([]archive.Feed, feeds)
	for i := range all {
		all[i] = archive.Feed{URL: server + "/" + strconv.Itoa(i), Outlet: fmt.Sprint("Outlet ", i), Owner: fmt.Sprint("Owner ", i), Language: "en"}
	}
	if err := a.ReconcileFeeds(context.Background(), all, noon); err != nil {
		b.Fatal(err)
	}
	return a
}

// stand is a newsroom on SQLite with so many feeds of a server.
func stand(b *testing.B, server string, feeds int) (*newsroom.Newsroom, *time.Time) {
	b.Helper()
	clock := noon
	log := slog.New(slog.DiscardHandler)
	n := newsroom.New(newsroom.Config{
		Archive: archiveOf(b, server, feeds), Client: feed.NewClient(feed.Config{AllowPrivate: true, HostParallel: 32}, log), Analyzer: language.New(),
		Interval: 15 * time.Minute, Workers: 32, Now: func() time.Time { return clock }, Log: log,
	})
	if err := n.Start(context.Background()); err != nil {
		b.Fatal(err)
	}
	return n, &clock
}
