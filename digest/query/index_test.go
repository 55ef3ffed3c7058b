package query_test

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidings/digest/language"
	"tidings/digest/query"
)

// randomQuery writes a query of any shape.
func randomQuery(r *rand.Rand, z zipf, depth int) string {
	var parts []string
	for range 1 + r.IntN(4) {
		a := z.text(1)
		switch r.IntN(14) {
		case 0:
			a = `"` + z.text(2) + `"`
		case 1:
			a = "title:" + a
		case 2:
			a = a[:4] + "*"
		case 3:
			a += " NEAR/4 " + z.text(1)
		case 4:
			a = "+" + a
		case 5:
			a = "-" + a
		case 6:
			a += " OR " + z.text(1)
		case 7:
			a = "lang:de"
		case 8:
			a = `outlet:"Wire"`
		case 9:
			if depth > 0 {
				a = "(" + randomQuery(r, z, depth-1) + ")"
			}
		case 10:
			a = "-" + a + " " + z.text(1)
		}
		parts = append(parts, a)
	}
	return strings.Join(parts, " ")
}

func TestIndexDecidesAsTheQueryAlone(t *testing.T) {
	d := newDesk()
	z := newZipf(1, 300)
	r := rand.New(rand.NewPCG(2, 2))
	ix := query.NewIndex(d.frequencies, d.analyzer.Clone())
	queries, options := map[string]*query.Query{}, map[string]query.Options{}
	profile := &query.Profile{Share: 0.6, Needed: 0.4, Words: []query.Related{
		{Text: z.words[4], Stem: z.words[4], Language: "en", Weight: 0.6},
		{Text: z.words[9], Stem: z.words[9], Language: "de", Weight: 0.5},
		{Text: z.words[2], Stem: z.words[2], Language: "en", Weight: -0.3},
	}}
	matches := 0
	for i := range 3000 {
		if q, err := query.Parse(randomQuery(r, z, 2)); err == nil {
			o := query.Options{Strictness: query.Strictness(r.IntN(3))}
			if r.IntN(4) == 0 {
				o.Languages = []string{"en"}
			}
			if r.IntN(4) == 0 {
				o.Profile = profile
			}
			id := name(r.IntN(800))
			queries[id], options[id] = q, o
			ix.Add(id, q, o)
		}
		if r.IntN(10) == 0 {
			id := name(r.IntN(800))
			delete(queries, id)
			ix.Remove(id)
		}
		a := d.article([]string{"en", "de", ""}[r.IntN(3)], z.text(1+r.IntN(8)), z.text(r.IntN(40)))
		a.Outlet = []string{"Wire One", "Post"}[r.IntN(2)]
		d.frequencies.Observe(a)
		if i%10 != 0 {
			continue
		}
		want := map[string]query.Match{}
		for id, q := range queries {
			if m := q.Match(&a, d.frequencies, options[id]); m.Belongs() {
				m.Topic = id
				want[id] = m
			}
		}
		got := map[string]query.Match{}
		for _, m := range ix.Match(a) {
			got[m.Topic] = m
		}
		matches += len(want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("article %d: (-alone +index)\n%s", i, diff)
		}
	}
	if matches < 1000 {
		t.Errorf("only %d matches: the test says little", matches)
	}
	if ix.Len() != len(queries) {
		t.Errorf("the index holds %d topics, want %d", ix.Len(), len(queries))
	}
}

func BenchmarkMatch(b *testing.B) {
	for _, topics := range []int{1000, 100_000} {
		b.Run(name(topics), func(b *testing.B) {
			d := newDesk()
			z := newZipf(3, 50_000)
			texts := make([][2]string, 2000)
			for i := range texts {
				texts[i] = [2]string{z.text(9), z.text(120)}
				d.frequencies.Observe(d.article("en", texts[i][0], texts[i][1]))
			}
			before := heap()
			ix := query.NewIndex(d.frequencies, d.analyzer.Clone())
			words := slices.Clone(z.words[100:20_000])
			r := rand.New(rand.NewPCG(4, 4))
			for i := range topics {
				s := words[r.IntN(len(words))] + " " + words[r.IntN(len(words))] + " " + z.words[r.IntN(2000)]
				ix.Add(name(i), parse(b, s), query.Options{})
			}
			var title, text []language.Word
			matched := 0
			one := func(i int) {
				title = d.analyzer.AppendWords(title[:0], "en", texts[i%len(texts)][0])
				text = d.analyzer.AppendWords(text[:0], "en", texts[i%len(texts)][1])
				matched += len(ix.Match(query.Article{Title: title, Text: text, Language: "en"}))
			}
			for i := range texts {
				one(i)
			}
			memory := heap() - before
			b.ResetTimer()
			b.ReportAllocs()
			matched = 0
			for i := 0; b.Loop(); i++ {
				one(i)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "articles/s")
			b.ReportMetric(float64(memory)/float64(topics), "B/topic")
			b.ReportMetric(float64(matched)/float64(b.N), "matches/article")
		})
	}
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
