package cluster

import "math"

// rarity counts in how many articles of its language a word stands. Words
// share counters when their hashes meet, so its size does not grow with the
// vocabulary.
type rarity struct {
	counters []uint32
	articles map[uint32]float64 // by language
	total    int
}

const (
	counters = 1 << 20
	// halveAt is the number of articles after which all counts are halved, so
	// that last month's news does not decide what is rare today.
	halveAt = 400_000
	// unseen is how many articles are supposed to have been read before the
	// first, so that the first words of a stream are neither rare nor common.
	unseen = 50
)

func newRarity() rarity {
	return rarity{counters: make([]uint32, counters), articles: make(map[uint32]float64)}
}

// logArticles is what idf wants to know of a language.
func (r *rarity) logArticles(tongue uint32) float64 {
	return math.Log(unseen + r.articles[tongue])
}

// idf is the inverse document frequency of a word.
func (r *rarity) idf(word uint32, logArticles float64) float64 {
	return max(0.01, logArticles-lnHalf(r.counters[word%counters]))
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

// logs are ln(n) and halfLogs ln(n + 1/2), where most arguments lie.
var logs, halfLogs = func() (a, b [1024]float64) {
	for i := range a {
		a[i] = math.Log(float64(i))
		b[i] = math.Log(float64(i) + 0.5)
	}
	return a, b
}()

func ln(n int32) float64 {
	if int(n) < len(logs) {
		return logs[n]
	}
	return math.Log(float64(n))
}

func lnHalf(n uint32) float64 {
	if int(n) < len(halfLogs) {
		return halfLogs[n]
	}
	return math.Log(float64(n) + 0.5)
}
