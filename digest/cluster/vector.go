package cluster

import (
	"cmp"
	"math"
	"slices"

	"tidings/digest/language"
)

// What is read of an article, and what is kept of it.
const (
	maxTitle = 48  // words of the title that are read
	maxText  = 200 // words of the text that are read
	keep     = 40  // terms kept for each article
	probes   = 20  // terms looked up in the index
)

// kind says what a term can settle.
type kind uint8

const (
	plain kind = iota
	pair       // two neighbouring words
	name       // part of a name
	year
	number  // holds a digit
	measure // a number with a decimal: "6.1"
	label   // a number that names something: "Day 2", "Apollo 11"
	kinds
)

// term is one coordinate of an article or a story.
type term struct {
	id    uint32  // hash of the stem
	all   float32 // weight in title and text together
	title float32 // weight in the title alone
	kind  kind
}

// document is an article as the grouper keeps it. There are many: the order of
// its fields leaves few gaps.
type document struct {
	id       string
	copyOf   string
	story    *story
	terms    []term // by id; both weights have length one over the whole article; nil when it speaks for nothing
	lead     sketch
	time     int64   // published, or arrived when that is unknown
	serial   uint64  // in the order of arrival
	heading  uint64  // hash of the title, 0 when it says too little
	address  uint64  // hash of the URL, 0 when there is none
	number   uint32  // among the live
	tongue   uint32  // hash of the language, 0 when unknown
	mass     float32 // length of the title's vector in units of a new word
	hasText  bool
	timeless bool
	copied   bool // another article repeats it
}

// occurrence is how often a term stands in the article being read.
type occurrence struct {
	rarity      uint32 // where its articles are counted; unused for a pair
	left, right uint16 // the words of a pair
	title, text int32
	idf         float64
}

// tableSize is a power of two, more than twice the terms that can be read.
const tableSize = 1024

// reader turns words into weighted terms and counts in how many articles each
// word stands. Its table holds the terms of the last article read or loaded.
type reader struct {
	keys   [tableSize]uint64 // stamp and id of the term in each slot
	places [tableSize]uint16 // its place in terms and occurrences
	stamp  uint32
	terms  []term
	found  []occurrence
	order  []uint64
	rarity rarity
	sketch sketcher
}

func newReader() reader { return reader{rarity: newRarity()} }

// read makes the document of an article. Its terms stay in the table until the
// next call, for comparing with stories.
func (r *reader) read(a *Article) *document {
	d := &document{id: a.ID, hasText: len(a.Text) > 0}
	if a.Language != "" {
		d.tongue = uint32(hash(a.Language))
	}
	if a.URL != "" {
		d.address = hash(a.URL)
	}
	r.rarity.learn(a.Language, d.tongue)
	title, text := a.Title[:min(len(a.Title), maxTitle)], a.Text[:min(len(a.Text), maxText)]
	if len(title) == 0 {
		title = text[:min(len(text), 12)]
	}
	title = body(title)
	r.clear()
	r.words(title, d.tongue, true)
	r.words(text, d.tongue, false)
	d.mass = r.weigh(r.rarity.scale(d.tongue, d.hasText))
	d.terms = r.heaviest()
	d.heading, d.lead = r.sketch.frame(title, text)
	return d
}

func (r *reader) clear() {
	r.stamp++
	r.terms, r.found = r.terms[:0], r.found[:0]
	if r.stamp == 0 {
		clear(r.keys[:])
		r.stamp = 1
	}
}

// words counts words and pairs of neighbours, passing over those that mean nothing.
func (r *reader) words(words []language.Word, tongue uint32, title bool) {
	before := -1
	for i := range words {
		w := &words[i]
		if w.Stop || w.Stem == "" {
			continue
		}
		h := hash(w.Stem)
		at := r.put(uint32(h), title)
		r.found[at].rarity = wordOf(h, tongue)
		switch {
		case w.Number && title && labels(words[:i], w):
			r.terms[at].kind = label
		case w.Number && isYear(w):
			r.terms[at].kind = max(r.terms[at].kind, year)
		case w.Number && title && decimal(w.Text):
			r.terms[at].kind = max(r.terms[at].kind, measure)
		case w.Number:
			r.terms[at].kind = max(r.terms[at].kind, number)
		case w.Name:
			r.terms[at].kind = max(r.terms[at].kind, name)
		}
		if before >= 0 {
			both := r.put(uint32(mix(uint64(r.terms[before].id)<<32|h&0xffffffff)), title)
			r.terms[both].kind = pair
			r.found[both].left, r.found[both].right = uint16(before), uint16(at)
		}
		before = at
	}
}

// put counts one occurrence of a term and returns its place.
func (r *reader) put(id uint32, title bool) int {
	slot, ok := r.find(id)
	if !ok {
		r.keys[slot] = uint64(r.stamp)<<32 | uint64(id)
		r.places[slot] = uint16(len(r.terms))
		r.terms = append(r.terms, term{id: id})
		r.found = append(r.found, occurrence{})
	}
	at := int(r.places[slot])
	if title {
		r.found[at].title++
	} else {
		r.found[at].text++
	}
	return at
}

// find returns the slot of a term, or the one where it would be.
func (r *reader) find(id uint32) (int, bool) {
	key := uint64(r.stamp)<<32 | uint64(id)
	for i := id % tableSize; ; i = (i + 1) % tableSize {
		switch k := r.keys[i]; {
		case k == key:
			return int(i), true
		case uint32(k>>32) != r.stamp:
			return int(i), false
		}
	}
}

// get returns the term of the article in the table, or nil.
func (r *reader) get(id uint32) *term {
	slot, ok := r.find(id)
	if !ok {
		return nil
	}
	return &r.terms[r.places[slot]]
}

// Weights: a word in the title counts as two in the text, and a pair of words
// this part of the mean of the two.
const (
	titleWeight = 2
	pairWeight  = 0.3
)

// weigh gives the terms in the table their weights: (1 + ln tf) idf, both
// vectors of length one.
func (r *reader) weigh(s scale) float32 {
	var all, title float64
	for i := range r.terms {
		o, t := &r.found[i], &r.terms[i]
		t.title = 0
		// The words of a pair stand before it.
		idf := pairWeight * (r.found[o.left].idf + r.found[o.right].idf) / 2
		if t.kind != pair {
			idf = r.rarity.idf(o.rarity, s)
		}
		o.idf = idf
		t.all = float32((1 + ln(titleWeight*o.title+o.text)) * idf)
		if o.title > 0 {
			t.title = float32(idf)
		}
		all += float64(t.all) * float64(t.all)
		title += float64(t.title) * float64(t.title)
	}
	allUnit, titleUnit := float32(unit(all)), float32(unit(title))
	for i := range r.terms {
		r.terms[i].all *= allUnit
		r.terms[i].title *= titleUnit
	}
	return float32(math.Sqrt(title) / s.logArticles)
}

// heaviest returns the terms that are kept.
func (r *reader) heaviest() []term {
	r.order = r.order[:0]
	for i := range r.terms {
		t := &r.terms[i]
		// The bits of a positive number are in the order of the numbers.
		r.order = append(r.order, uint64(^math.Float32bits(t.all+t.title))<<32|uint64(t.id))
	}
	slices.Sort(r.order)
	out := make([]term, min(keep, len(r.order)))
	for i := range out {
		out[i] = *r.get(uint32(r.order[i]))
	}
	return out
}

// heavier orders terms by weight, and equal ones by id so that it is total.
func heavier(a, b term) int {
	if c := cmp.Compare(b.all+b.title, a.all+a.title); c != 0 {
		return c
	}
	return cmp.Compare(a.id, b.id)
}

// unit returns the factor that makes a vector of squared length s unit.
func unit(s float64) float64 {
	if s <= 0 {
		return 0
	}
	return 1 / math.Sqrt(s)
}

// load puts kept terms back in the table and returns them, heaviest first.
func (r *reader) load(terms []term) []term {
	r.clear()
	r.terms = append(r.terms, terms...)
	slices.SortFunc(r.terms, heavier)
	for i := range r.terms {
		slot, _ := r.find(r.terms[i].id)
		r.keys[slot] = uint64(r.stamp)<<32 | uint64(r.terms[i].id)
		r.places[slot] = uint16(i)
	}
	return r.terms
}

// count adds the article that was read to the counts of articles.
func (r *reader) count(d *document) {
	for i := range r.found {
		if r.terms[i].kind != pair {
			r.rarity.add(r.found[i].rarity)
		}
	}
	r.rarity.addArticle(d.tongue)
}

// hash is FNV-1a with a final mix.
func hash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return mix(h)
}

// mix is the finaliser of SplitMix64.
func mix(h uint64) uint64 {
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}
