package query

import "slices"

// lookups bounds the words by which the articles of a topic are looked up.
const lookups = 20

// Lookup returns the stems by which articles of a language that may belong to
// a topic can be looked up in a full-text index, at most 20: its own words, the
// rarest first, then what its profile has learned, which may be nil. There are
// none when the query has no whole words.
func (f *Frequencies) Lookup(q *Query, p *Profile, code string) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var stems []string
	f.reader.stems(q.root, code, &stems)
	seed := seedOf(code)
	slices.SortStableFunc(stems, func(a, b string) int {
		x, y := f.share(hashOf(seed, a), f.articles[code]), f.share(hashOf(seed, b), f.articles[code])
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	if p != nil {
		for _, w := range p.Words {
			if w.Language == code && w.Weight > 0 && !slices.Contains(stems, w.Stem) {
				stems = append(stems, w.Stem)
			}
		}
	}
	return stems[:min(len(stems), lookups)]
}

// stems adds the stems of the words that a list wants or demands.
func (r *reader) stems(l list, code string, into *[]string) {
	for _, c := range l {
		if c.mode == not {
			continue
		}
		for i := range c.any {
			r.atomStems(&c.any[i], code, into)
		}
	}
}

func (r *reader) atomStems(a *atom, code string, into *[]string) {
	switch a.kind {
	case word, phrase:
		for _, w := range r.read(code, a.text) {
			if !w.Stop && !slices.Contains(*into, w.Stem) {
				*into = append(*into, w.Stem)
			}
		}
	case near:
		r.atomStems(&a.pair[0], code, into)
		r.atomStems(&a.pair[1], code, into)
	case group:
		r.stems(a.list, code, into)
	}
}
