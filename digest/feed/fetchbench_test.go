package feed

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"
)

// farm serves feeds of 25 items each, gzipped, with an ETag.
func farm(b *testing.B, feeds int) (base string) {
	bodies := make([][]byte, feeds)
	for i := range bodies {
		bodies[i] = encode(b, "gzip", []byte(farmFeed(i)))
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var i int
		fmt.Sscanf(r.URL.Path, "/%d", &i)
		etag := fmt.Sprintf(`"%d"`, i)
		w.Header().Set("ETag", etag)
		if r.Header.Get("If-None-Match") == etag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("Content-Type", "application/rss+xml; charset=utf-8")
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(bodies[i])
	}))
	b.Cleanup(server.Close)
	return server.URL
}

func farmFeed(i int) string {
	var s strings.Builder
	fmt.Fprintf(&s, `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>Outlet %d</title><link>https://o%d.example/</link><description>News</description><language>en</language><ttl>15</ttl>`, i, i)
	for j := range 25 {
		fmt.Fprintf(&s, `<item><title>Item %d of outlet %d: talks &amp; ceasefire "near"</title><link>https://o%d.example/news/%d?utm_source=rss</link><guid isPermaLink="false">o%d-%d</guid><pubDate>Sun, 01 Mar 2026 %02d:%02d:00 GMT</pubDate><dc:creator>A. Writer</dc:creator><category>World</category><media:thumbnail url="https://o%d.example/i/%d.jpg" width="240"/><description><![CDATA[<p>%s</p><p>%s</p>]]></description></item>`,
			j, i, i, j, i, j, j%24, i%60, i, j, strings.Repeat(fmt.Sprintf("Sentence %d of the report by outlet %d. ", j, i), 6), strings.Repeat("What was said in the evening remained unclear. ", 4))
	}
	return s.String() + "</channel></rss>"
}

// each calls f for every number with as many goroutines as are usual, and
// returns how many calls there were a second.
func each(b *testing.B, n int, f func(i int) error) float64 {
	var next atomic.Int64
	var workers sync.WaitGroup
	began := time.Now()
	for range 4 * runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				if err := f(i); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	workers.Wait()
	return float64(n) / time.Since(began).Seconds()
}

// bare is the loop that everything is measured by: GET, gunzip, parse, throw
// away; with an ETag only the GET.
func bare(client *http.Client, url, etag string) error {
	r, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	r.Header.Set("Accept-Encoding", "gzip")
	if etag != "" {
		r.Header.Set("If-None-Match", etag)
	}
	resp, err := client.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusNotModified {
		return nil
	}
	z, err := gzip.NewReader(resp.Body)
	if err != nil {
		return err
	}
	parsed, err := gofeed.NewParser().Parse(z)
	if err != nil || len(parsed.Items) != 25 {
		return fmt.Errorf("%d items: %w", len(parsed.Items), err)
	}
	_, err = io.Copy(io.Discard, z)
	return err
}

// BenchmarkFetchAndRead prints feeds a second, over the same 2,000 feeds of 25
// items from one loopback server: of a bare loop and of Fetch and Read, first
// when all is new and then when nothing has changed, and the ratios.
func BenchmarkFetchAndRead(b *testing.B) {
	const feeds = 2000
	base := farm(b, feeds)
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 4 * runtime.GOMAXPROCS(0)
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport}
	c := NewClient(Config{AllowPrivate: true}, discard())
	defer c.Close()
	var rates [4]float64
	for b.Loop() {
		seen := make([]Response, feeds)
		for i, f := range []func(i int) error{
			func(i int) error { return bare(client, fmt.Sprintf("%s/%d", base, i), "") },
			func(i int) error { return first(b.Context(), c, base, i, seen) },
			func(i int) error { return bare(client, fmt.Sprintf("%s/%d", base, i), fmt.Sprintf(`"%d"`, i)) },
			func(i int) error { return again(b.Context(), c, base, i, seen) },
		} {
			rates[i] = max(rates[i], each(b, feeds, f))
		}
	}
	b.ReportMetric(rates[0], "bare/s")
	b.ReportMetric(rates[1], "read/s")
	b.ReportMetric(rates[1]/rates[0], "read-of-bare")
	b.ReportMetric(rates[2], "bare304/s")
	b.ReportMetric(rates[3], "unchanged/s")
	b.ReportMetric(rates[3]/rates[2], "unchanged-of-bare304")
	b.ReportMetric(0, "ns/op")
}

func first(ctx context.Context, c *Client, base string, i int, seen []Response) error {
	r, err := c.Fetch(ctx, Request{URL: fmt.Sprintf("%s/%d", base, i)})
	if err != nil {
		return err
	}
	f, err := Read(r.Body, r.ContentType, r.FinalURL)
	if err != nil || len(f.Items) != 25 {
		return fmt.Errorf("feed %d: %w", i, err)
	}
	r.Body = nil
	seen[i] = *r
	return nil
}

func again(ctx context.Context, c *Client, base string, i int, seen []Response) error {
	r, err := c.Fetch(ctx, next(fmt.Sprintf("%s/%d", base, i), &seen[i]))
	if err != nil || !r.NotModified {
		return fmt.Errorf("feed %d is said to have changed: %w", i, err)
	}
	return nil
}

// BenchmarkMemoryOfManyDomains prints the heap that is in use, in MB, while and
// after 10,000 feeds of as many domains are fetched and read, the server's
// share included.
func BenchmarkMemoryOfManyDomains(b *testing.B) {
	const feeds = 10_000
	bodies := make([][]byte, 100)
	for i := range bodies {
		bodies[i] = encode(b, "gzip", []byte(farmFeed(i)))
	}
	c := clientFor(b, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(bodies[len(r.Host)%100])
	})
	var most atomic.Uint64
	var after runtime.MemStats
	for b.Loop() {
		each(b, feeds, func(i int) error {
			r, err := c.Fetch(b.Context(), Request{URL: fmt.Sprintf("http://www.d%d.example/feed", i)})
			if err != nil {
				return err
			}
			if i%500 == 0 {
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				most.Store(max(most.Load(), m.HeapInuse+m.StackInuse))
			}
			_, err = Read(r.Body, r.ContentType, r.FinalURL)
			return err
		})
		runtime.GC()
		runtime.ReadMemStats(&after)
	}
	b.ReportMetric(float64(most.Load())/(1<<20), "MB-while")
	b.ReportMetric(float64(after.HeapInuse+after.StackInuse)/(1<<20), "MB-after")
	b.ReportMetric(0, "ns/op")
}
