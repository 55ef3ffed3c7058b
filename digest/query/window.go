package query

import "tidings/digest/language"

// Window is the articles of some days with the stories they belong to. With
// all of them at hand it decides better than one by one: the articles of a
// story complete each other, and what the best have in common finds the rest.
// One goroutine uses it at a time.
type Window struct {
	articles  []Article
	story     []int32 // of each article
	members   [][]int32
	postings  map[uint64][]int32
	languages map[string]bool
	norms     []float64 // of each article: the sum of the squares of its words
	near      [][]neighbour
	reader    reader
	model     Model
}

// Result is an article of a window that belongs to a topic.
type Result struct {
	Article int // its index in the window
	Match
}

// NewWindow takes articles and the id of the story of each; no stories, or an
// empty id, mean that an article stands alone. The analyzer must not be used
// elsewhere at the same time.
func NewWindow(articles []Article, stories []string, f *Frequencies, a *language.Analyzer) *Window {
	w := &Window{
		articles: articles, story: make([]int32, len(articles)), postings: make(map[uint64][]int32),
		languages: make(map[string]bool), norms: make([]float64, len(articles)), near: make([][]neighbour, len(articles)),
		reader: reader{f: f, analyzer: a}, model: Shipped(),
	}
	f.mu.RLock()
	defer f.mu.RUnlock()
	numbers := make(map[string]int32)
	for i := range articles {
		number, ok := int32(len(w.members)), false
		if len(stories) > 0 && stories[i] != "" {
			if number, ok = numbers[stories[i]]; !ok {
				number = int32(len(w.members))
				numbers[stories[i]] = number
			}
		}
		if !ok {
			w.members = append(w.members, nil)
		}
		w.members[number] = append(w.members[number], int32(i))
		w.story[i] = number
		w.file(i)
	}
	return w
}

// With returns a window of the same articles that decides by another model.
func (w *Window) With(m Model) *Window {
	other := *w
	other.model = m
	other.reader.places, other.reader.distinct = hashSet{}, hashSet{} // a set with two ages has what neither put in
	return &other
}

func (w *Window) file(i int) {
	a := &w.articles[i]
	w.languages[a.Language] = true
	w.reader.language(a.Language)
	for _, h := range w.reader.hashes(a) {
		w.postings[h] = append(w.postings[h], int32(i))
		w.norms[i] += w.square(h)
	}
}
