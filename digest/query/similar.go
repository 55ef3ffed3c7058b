package query

import (
	"math"
	"slices"

	"tidings/digest/language"
)

// neighbour is an article that is like another.
type neighbour struct {
	article int32
	cosine  float64
}

const (
	// nearest is how many neighbours an article has, leastCosine how like
	// they are at least.
	nearest     = 10
	leastCosine = 0.15
	// same is the cosine of an article with itself, or with a copy.
	same = 0.999
)

// neighbours returns the articles of the window that are most like one.
func (w *Window) neighbours(i int) []neighbour {
	if w.near[i] != nil {
		return w.near[i]
	}
	found := make([]neighbour, 0, nearest+1)
	for j, c := range w.cosines(&w.articles[i]) {
		if j == i || c < leastCosine || len(found) == nearest && c <= found[nearest-1].cosine {
			continue
		}
		at := len(found)
		for at > 0 && found[at-1].cosine < c {
			at--
		}
		found = slices.Insert(found, at, neighbour{int32(j), c})
		found = found[:min(len(found), nearest)]
	}
	w.near[i] = found
	return found
}

// cosines returns how like an article those of the window are: the cosine of
// their words by idf.
func (w *Window) cosines(a *Article) []float64 {
	dot := make([]float64, len(w.articles))
	own := 0.0
	w.reader.language(a.Language)
	for _, h := range w.reader.hashes(a) {
		square := w.square(h)
		own += square
		for _, j := range w.postings[h] {
			dot[j] += square
		}
	}
	for j := range dot {
		if dot[j] > 0 {
			dot[j] /= math.Sqrt(own * w.norms[j])
		}
	}
	return dot
}

// square returns the square of the weight of a word of the current language.
func (w *Window) square(h uint64) float64 {
	idf := w.reader.f.idf(h, w.reader.articles)
	return idf * idf
}

// hashes returns the words of an article, each once, until the next call.
func (r *reader) hashes(a *Article) []uint64 {
	seed := seedOf(a.Language)
	r.distinct.reset()
	for _, words := range [2][]language.Word{a.Title, a.Text} {
		for i := range words {
			if !words[i].Stop {
				r.distinct.put(hashOf(seed, words[i].Stem))
			}
		}
	}
	return r.distinct.hashes
}
