package cluster

import (
	"math"

	"tidings/digest/language"
)

// rarity knows in how many articles of its language a word stands. Words share
// counters when their hashes meet, so its size does not grow with the
// vocabulary.
type rarity struct {
	counters   []uint32 // articles read that hold the word
	background *language.Background
	articles   map[uint32]float64 // read, by language
	total      int
}

const (
	counters = 1 << 20
	// halveAt is the number of articles after which all counts are halved, so
	// that last month's news does not decide what is rare today.
	halveAt = 400_000
	// Articles with common words in them that are supposed to have been read
	// before the first. The shares are those of articles with text; from
	// titles alone a stream's own words are learned sooner.
	supposedTitles = 300
	supposedTexts  = 100_000
)

func newRarity() rarity {
	return rarity{counters: make([]uint32, counters), background: language.NewBackground(), articles: make(map[uint32]float64)}
}

// learn reads what is common in a language that is new.
func (r *rarity) learn(code string, tongue uint32) {
	r.background.Learn(code, func(stem string) uint64 { return uint64(wordOf(hash(stem), tongue)) })
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
	read, before := float64(r.counters[word%counters]), s.supposed*r.background.Share(uint64(word))
	return max(0.01, s.logArticles-math.Log(read+before+0.5))
}

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
