package query

import (
	"encoding/binary"
	"errors"
	"math"
	"sync"

	"tidings/digest/language"
)

// Frequencies knows in how many articles words stand, and so what a word of a
// query weighs. It starts from a table of common words and learns from the
// articles it is shown. Words share counters when their hashes meet, so its
// size (8 MB) does not grow with the vocabulary. It is safe for several
// goroutines.
type Frequencies struct {
	mu         sync.RWMutex
	counts     []uint32
	articles   map[string]float64 // by language
	total      float64
	seen       hashSet
	background *language.Background
	reader     reader // of Query.Match
}

const (
	counters = 1 << 20
	// halveAt is the number of articles after which all counts are halved, so
	// that last season's news does not decide what is common today.
	halveAt = 400_000
	// tableArticles is how many articles the table of common words counts for.
	tableArticles = 200
	// rarest bounds what is made of a word that was never seen: it weighs as
	// one that stands in so many articles, or in this share of them.
	rarest      = 5
	rarestShare = 1. / 4000
)

// NewFrequencies returns what is known before the first article. The analyzer
// reads queries; it must not be used elsewhere at the same time.
func NewFrequencies(a *language.Analyzer) *Frequencies {
	f := &Frequencies{counts: make([]uint32, counters), articles: make(map[string]float64), background: language.NewBackground()}
	f.reader = reader{f: f, analyzer: a}
	return f
}

// learn takes up what is common in a language.
func (f *Frequencies) learn(code string) {
	seed := seedOf(code)
	f.background.Learn(code, func(stem string) uint64 { return hashOf(seed, stem) })
}

// Observe counts the words of an article.
func (f *Frequencies) Observe(a Article) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.learn(a.Language)
	f.seen.reset()
	seed := seedOf(a.Language)
	for _, words := range [2][]language.Word{a.Title, a.Text} {
		for i := range words {
			if w := &words[i]; !w.Stop {
				if h := hashOf(seed, w.Stem); f.seen.add(h) {
					f.counts[h%counters]++
				}
			}
		}
	}
	f.articles[a.Language]++
	if f.total++; f.total >= halveAt {
		f.halve()
	}
}

func (f *Frequencies) halve() {
	f.total /= 2
	for i := range f.counts {
		f.counts[i] /= 2
	}
	for l := range f.articles {
		f.articles[l] /= 2
	}
}

// Articles is how many articles the counts stand for.
func (f *Frequencies) Articles() int {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return int(f.total)
}

// share returns in what share of the articles of a language a word stands.
func (f *Frequencies) share(h uint64, articles float64) float64 {
	return (float64(f.counts[h%counters]) + tableArticles*f.background.Share(h) + 0.5) / (articles + tableArticles + 0.5)
}

// idf is the inverse document frequency of a word: what it weighs.
func (f *Frequencies) idf(h uint64, articles float64) float64 {
	least := max(rarest/(articles+tableArticles), rarestShare)
	return math.Log(1 + 1/max(f.share(h, articles), least))
}

// formatVersion is the first byte of what is saved.
const formatVersion = 1

// MarshalBinary returns what was learned: some hundred kilobytes.
func (f *Frequencies) MarshalBinary() ([]byte, error) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	b := []byte{formatVersion}
	b = binary.AppendUvarint(b, uint64(len(f.articles)))
	for l, n := range f.articles {
		b = append(binary.AppendUvarint(b, uint64(len(l))), l...)
		b = binary.AppendUvarint(b, math.Float64bits(n))
	}
	gap := uint64(0)
	for _, n := range f.counts {
		if n == 0 {
			gap++
			continue
		}
		b = binary.AppendUvarint(b, gap)
		b = binary.AppendUvarint(b, uint64(n))
		gap = 0
	}
	return b, nil
}

var errFormat = errors.New("these are no word frequencies, or of another version")

// UnmarshalBinary takes up what MarshalBinary returned. On an error nothing
// changes.
func (f *Frequencies) UnmarshalBinary(b []byte) error {
	d := decoder{b: b}
	if len(b) == 0 || b[0] != formatVersion {
		return errFormat
	}
	d.b = b[1:]
	articles, total := make(map[string]float64), 0.0
	for n := d.uvarint(); n > 0 && !d.failed; n-- {
		l := d.text(d.uvarint())
		count := math.Float64frombits(d.uvarint())
		if !(count >= 0 && count <= halveAt) {
			return errFormat
		}
		articles[l] = count
		total += count
	}
	counts := make([]uint32, counters)
	for at := uint64(0); len(d.b) > 0 && !d.failed; at++ {
		at += d.uvarint()
		n := d.uvarint()
		if at >= counters || n > math.MaxUint32 {
			return errFormat
		}
		counts[at] = uint32(n)
	}
	if d.failed {
		return errFormat
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.counts, f.articles, f.total = counts, articles, total
	for code := range articles {
		f.learn(code)
	}
	return nil
}

// decoder reads what was saved; it fails once and for all.
type decoder struct {
	b      []byte
	failed bool
}

func (d *decoder) uvarint() uint64 {
	n, size := binary.Uvarint(d.b)
	if size <= 0 {
		d.failed, d.b = true, nil
		return 0
	}
	d.b = d.b[size:]
	return n
}

func (d *decoder) text(n uint64) string {
	if n > uint64(len(d.b)) {
		d.failed, d.b = true, nil
		return ""
	}
	s := string(d.b[:n])
	d.b = d.b[n:]
	return s
}
