//go:build unix

package cluster_test

import (
	"fmt"
	"math"
	"runtime"
	"syscall"
	"testing"
	"time"

	"tidings/digest/cluster"
)

// spent is the processor time that this process has used, which other
// processes on the machine do not change.
func spent() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// fill returns a grouper with so many live articles, its clock and its source.
func fill(live int) (*cluster.Grouper, *synthetic, time.Time, time.Duration) {
	source, g := newSynthetic(), cluster.New(72*time.Hour, math.MaxInt)
	clock, step := noon, 72*time.Hour/time.Duration(live)
	for range live {
		clock = clock.Add(step)
		g.Add(source.article(), clock)
	}
	for range live / 2000 {
		g.Reconsider(clock)
	}
	return g, source, clock, step
}

// BenchmarkAdd measures articles of 120 words while so many are live, in
// processor time of all goroutines and the collector's, and the memory of all.
// What second thoughts cost, after every 1,000 articles, is measured apart.
func BenchmarkAdd(b *testing.B) {
	for _, live := range []int{50_000, 100_000, 400_000} {
		b.Run(fmt.Sprintf("live=%d", live), func(b *testing.B) {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			g, source, clock, step := fill(live)
			runtime.GC()
			runtime.ReadMemStats(&after)
			var adding, reconsidering time.Duration
			batch := make([]cluster.Article, 1000)
			n := 0
			for b.Loop() {
				b.StopTimer()
				for i := range batch {
					batch[i] = source.article()
				}
				b.StartTimer()
				start := spent()
				for i := range batch {
					clock = clock.Add(step)
					g.Add(batch[i], clock)
				}
				adding += spent() - start
				n += len(batch)
				b.StopTimer()
				start = spent()
				g.Reconsider(clock)
				reconsidering += spent() - start
				b.StartTimer()
			}
			b.ReportMetric(float64(n)/adding.Seconds(), "articles/s")
			b.ReportMetric(float64(adding.Microseconds())/float64(n), "µs/article")
			b.ReportMetric(float64(reconsidering.Microseconds())/float64(n), "µs-reconsidering/article")
			b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/1e6, "MB")
			runtime.KeepAlive(g)
		})
	}
}

// BenchmarkRestore measures how long 100,000 articles take to be put back
// after a restart, in processor time.
func BenchmarkRestore(b *testing.B) {
	const live = 100_000
	source, g := newSynthetic(), cluster.New(72*time.Hour, math.MaxInt)
	articles, placements := make([]cluster.Article, live), make([]cluster.Placement, live)
	for i := range articles {
		articles[i] = source.article()
		placements[i] = g.Add(articles[i], noon)
	}
	var total time.Duration
	for b.Loop() {
		start := spent()
		restored := cluster.New(72*time.Hour, math.MaxInt)
		for i, a := range articles {
			restored.Restore(a, placements[i].Story, placements[i].CopyOf, noon)
		}
		total += spent() - start
	}
	b.ReportMetric(total.Seconds()/float64(b.N), "s/100,000-articles")
}
