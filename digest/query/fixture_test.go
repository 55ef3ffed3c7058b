package query_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"tidings/digest/language"
	"tidings/digest/query"
)

// desk reads articles and queries as the program does.
type desk struct {
	analyzer    *language.Analyzer
	frequencies *query.Frequencies
}

func newDesk() *desk {
	a := language.New()
	return &desk{a, query.NewFrequencies(a.Clone())}
}

func (d *desk) article(code, title, text string) query.Article {
	return query.Article{Title: d.analyzer.Words(code, title), Text: d.analyzer.Words(code, text), Language: code}
}

func parse(t testing.TB, s string) *query.Query {
	t.Helper()
	q, err := query.Parse(s)
	if err != nil {
		t.Fatalf("%s: %v", s, err)
	}
	return q
}

// invented returns words that no language has, as common as words are: the
// first is in most texts.
func invented(n int) []string {
	syllables := strings.Fields("ba de fi go ku la me ni po ru sa te vi zo wa xe")
	words := make([]string, n)
	for i := range words {
		var b strings.Builder
		for k := i + 16; k > 0; k /= 16 {
			b.WriteString(syllables[k%16])
		}
		words[i] = b.String() + "k"
	}
	return words
}

// zipf draws words as news do.
type zipf struct {
	words []string
	draw  *rand.Zipf
}

func newZipf(seed uint64, n int) zipf {
	r := rand.New(rand.NewPCG(seed, 1))
	return zipf{invented(n), rand.NewZipf(r, 1.05, 30, uint64(n-1))}
}

func (z zipf) text(n int) string {
	words := make([]string, n)
	for i := range words {
		words[i] = z.words[z.draw.Uint64()]
	}
	return strings.Join(words, " ")
}

func name(i int) string { return fmt.Sprintf("topic %d", i) }
