package feed

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"
)

// used is the CPU time that the process has used.
func used() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// ordinary is a feed of n items as news sites have them.
func ordinary(n int) []byte {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" ` +
		`xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>News</title><link>https://example.com/</link>`)
	for i := range n {
		fmt.Fprintf(&b, `<item><title>Talks end without result, round %d</title><link>https://example.com/a/%d?utm_source=rss</link>`+
			`<guid isPermaLink="false">%d</guid><pubDate>Tue, 03 Feb 2026 04:%02d:06 GMT</pubDate><dc:creator>Ann Lee</dc:creator>`+
			`<category>World</category><media:thumbnail url="https://example.com/%d.jpg" width="100"/><description><![CDATA[<p>%s</p>]]></description>`+
			`<content:encoded><![CDATA[%s]]></content:encoded></item>`, i, i, i, i%60, i,
			"The parties met again &amp; parted.", strings.Repeat("<p>The parties met <b>again</b>, and parted; a day was not set.</p>", 12))
	}
	b.WriteString("</channel></rss>")
	return []byte(b.String())
}

// bodies are the recorded feeds of real sites when they are there, else made up.
func bodies() [][]byte {
	all := [][]byte{ordinary(25)}
	paths, _ := filepath.Glob(filepath.Join(os.Getenv("TIDINGS_SHARED"), "feeds/real/*"))
	for _, p := range paths {
		body, err := os.ReadFile(p)
		if err != nil {
			continue
		}
		if _, err := gofeed.NewParser().Parse(bytes.NewReader(body)); err == nil {
			all = append(all, body)
		}
	}
	return all
}

// BenchmarkRead prints how much CPU reading and cleaning takes beside a bare
// gofeed.Parse of the same feeds that throws all away.
func BenchmarkRead(b *testing.B) {
	all := bodies()
	size := 0
	for _, body := range all {
		size += len(body)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	var ours, bare time.Duration
	for b.Loop() {
		start := used()
		for _, body := range all {
			if _, err := Read(body, "", "https://example.com/feed"); err != nil {
				b.Fatal(err)
			}
		}
		ours += used() - start
		b.StopTimer()
		start = used()
		for _, body := range all {
			if _, err := gofeed.NewParser().Parse(bytes.NewReader(body)); err != nil {
				b.Fatal(err)
			}
		}
		bare += used() - start
		b.StartTimer()
	}
	b.ReportMetric(float64(ours)/float64(bare), "times-gofeed")
}

func TestReadingCostsLittleMoreThanParsing(t *testing.T) {
	all := bodies()
	best := 100.0
	for range 4 {
		start := used()
		for _, body := range all {
			if _, err := Read(body, "", "https://example.com/feed"); err != nil {
				t.Fatal(err)
			}
		}
		ours := used() - start
		start = used()
		for _, body := range all {
			if _, err := gofeed.NewParser().Parse(bytes.NewReader(body)); err != nil {
				t.Fatal(err)
			}
		}
		best = min(best, float64(ours)/float64(max(used()-start, time.Microsecond)))
	}
	if best > 1.5 {
		t.Errorf("reading takes %.2f times the CPU of a bare parse", best)
	}
}
