package summary_test

import (
	"fmt"
	"strings"
	"testing"

	"tidings/digest/language"
	"tidings/digest/summary"
)

// BenchmarkSummarise prints the time for one story of 10 articles of about 120
// words; the aim is 3 ms.
func BenchmarkSummarise(b *testing.B) {
	sources := made(10, 8)
	w := summary.New(language.New())
	for b.Loop() {
		w.Summarise(sources, 60)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms/story")
}

// made makes up articles about one event, each of the given number of
// sentences of about 15 words.
func made(articles, sentences int) []summary.Source {
	places := []string{"Harbour", "Market", "Station", "Bridge", "Castle", "Mill", "Garden", "Tower"}
	acts := []string{"closed", "searched", "rebuilt", "measured", "guarded", "emptied", "opened", "photographed"}
	sources := make([]summary.Source, articles)
	for i := range sources {
		var text strings.Builder
		for k := range sentences {
			fmt.Fprintf(&text, "Engineers of Lindow %s the old %s on day %d after water from the river reached its %d cellars. ",
				acts[(i+k)%len(acts)], places[(2*i+3*k)%len(places)], k+1, 3+i+k)
		}
		sources[i] = summary.Source{
			Title: fmt.Sprintf("Flood in Lindow closes %s for a week", places[i%len(places)]), Text: text.String(),
			Language: "en", Outlet: fmt.Sprint("Outlet ", i),
		}
	}
	return sources
}
