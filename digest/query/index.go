package query

import (
	"sync"

	"tidings/digest/language"
)

// Index holds the standing queries of all topics. It tries an article only
// against topics that the article could match: a topic is filed under the
// words of what it demands, or else under its soft words, each with its part
// of the score; only topics whose parts add up are tried. It is safe for
// several goroutines, one of which is served at a time.
type Index struct {
	mu     sync.Mutex
	reader reader
	topics []standing
	free   []uint32
	byID   map[string]uint32
	// files are by language; a language is filed when it is first met.
	files map[string]*file
	// filed is how many articles the frequencies stood for when the topics
	// were filed, removed how many topics went since.
	filed   float64
	removed int
	sums    []float32 // of the article, by topic
	hit     []uint32  // the topics with a sum
}

// standing is a topic in the index.
type standing struct {
	id      string
	query   *Query
	options Options
}

// file finds topics by the words of a language.
type file struct {
	postings map[uint64][]posting
	// always are topics that can match without any of their words.
	always []uint32
	// few says whether a word may be in the postings; most are not.
	few []uint64
	// plain is, by topic, where in words its clauses begin, or 0 for a topic
	// that is more than a list of plain words.
	plain []uint32
	words []key
}

// plainWords returns the word of each clause, with its part of what the topic
// needs; nil for a topic that is more than a list of plain words.
func (f *file) plainWords(n uint32, clauses int) []key {
	if f.plain[n] == 0 {
		return nil
	}
	return f.words[f.plain[n]:][:clauses]
}

// compile keeps the words of a topic that is a list of plain words.
func (f *file) compile(n uint32, r *reader, t *standing, code string) {
	for int(n) >= len(f.plain) {
		f.plain = append(f.plain, 0)
	}
	f.plain[n] = 0
	start := len(f.words)
	if words := r.plainWords(f.words, t.query.root, code); words != nil {
		f.words, f.plain[n] = words, uint32(start)
		for i := range words[start:] {
			words[start+i].part *= 1 / t.options.Strictness.needed()
		}
	}
}

// posting says that a word can bring so much of the score that a topic needs.
type posting struct {
	topic uint32
	part  float32
}

const (
	fewBits = 1 << 20
	// slack is how much of what is needed a topic must reach to be tried,
	// since weights change after topics are filed.
	slack = 0.9
	// refile is by how much the number of articles grows until topics are
	// filed anew.
	refile = 1.25
)

// NewIndex returns an index without topics. The analyzer reads queries; it
// must not be used elsewhere at the same time.
func NewIndex(f *Frequencies, a *language.Analyzer) *Index {
	return &Index{reader: reader{f: f, analyzer: a}, byID: make(map[string]uint32), files: make(map[string]*file)}
}

// Add adds a topic, or replaces the one of the same id.
func (ix *Index) Add(id string, q *Query, o Options) {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	ix.remove(id)
	n := uint32(len(ix.topics))
	if last := len(ix.free) - 1; last >= 0 {
		n, ix.free = ix.free[last], ix.free[:last]
	} else {
		ix.topics = append(ix.topics, standing{})
		ix.sums = append(ix.sums, 0)
	}
	ix.topics[n] = standing{id, q, o}
	ix.byID[id] = n
	f := ix.reader.f
	f.mu.RLock()
	defer f.mu.RUnlock()
	for code := range ix.files {
		ix.file(n, code)
	}
}

// Remove removes a topic; it does nothing when there is none of that id.
func (ix *Index) Remove(id string) {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	ix.remove(id)
}

func (ix *Index) remove(id string) {
	if n, ok := ix.byID[id]; ok {
		delete(ix.byID, id)
		ix.topics[n] = standing{}
		ix.removed++
	}
}

// Len is how many topics there are.
func (ix *Index) Len() int {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	return len(ix.byID)
}

// Match returns the topics that an article belongs to, in no order.
func (ix *Index) Match(a Article) []Match {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	f := ix.reader.f
	f.mu.RLock()
	defer f.mu.RUnlock()
	if f.total > ix.filed*refile+100 || ix.removed > len(ix.byID)+100 {
		ix.forget()
	}
	file := ix.files[a.Language]
	if file == nil {
		file = ix.fileAll(a.Language)
	}
	r := &ix.reader
	r.open(&a)
	ix.hit = append(ix.hit[:0], file.always...)
	for _, n := range file.always {
		ix.sums[n] = 1
	}
	for _, h := range r.places.hashes {
		ix.collect(file, h)
	}
	var matches []Match
	for _, n := range ix.hit {
		if ix.sums[n] >= slack {
			matches = ix.try(matches, file, n)
		}
		ix.sums[n] = 0
	}
	return matches
}

// try appends the decision about a topic if the article belongs to it.
func (ix *Index) try(matches []Match, f *file, n uint32) []Match {
	t := &ix.topics[n]
	if t.query == nil {
		return matches
	}
	plain := f.plainWords(n, len(t.query.root))
	if plain != nil && t.options.Profile == nil && ix.reader.estimate(plain) < slack {
		return matches
	}
	m := ix.reader.match(t.query, t.options, plain)
	if !m.Belongs() {
		return matches
	}
	m.Topic = t.id
	return append(matches, m)
}

// collect adds up what a word of the article brings to topics.
func (ix *Index) collect(f *file, hash uint64) {
	if bit := hash % fewBits; f.few[bit/64]>>(bit%64)&1 == 0 {
		return
	}
	value := float32(textValue)
	if ix.reader.places.note(hash)&inTitle != 0 {
		value = 1
	}
	for _, p := range f.postings[hash] {
		if ix.sums[p.topic] == 0 {
			ix.hit = append(ix.hit, p.topic)
		}
		ix.sums[p.topic] += p.part * value
	}
}

// forget drops all files: the weights have changed, or many topics are gone.
func (ix *Index) forget() {
	ix.files = make(map[string]*file)
	ix.filed, ix.removed = ix.reader.f.total, 0
	ix.free = ix.free[:0]
	for n := range ix.topics {
		if ix.topics[n].query == nil {
			ix.free = append(ix.free, uint32(n))
		}
	}
}

func (ix *Index) fileAll(code string) *file {
	f := &file{postings: make(map[uint64][]posting), few: make([]uint64, fewBits/64), words: make([]key, 1), plain: make([]uint32, len(ix.topics))}
	ix.files[code] = f
	for n := range ix.topics {
		ix.file(uint32(n), code)
	}
	return f
}

// file files a topic under the words of a language.
func (ix *Index) file(n uint32, code string) {
	t := &ix.topics[n]
	if t.query == nil || !t.options.reads(code) {
		return
	}
	f := ix.files[code]
	ix.reader.language(code)
	f.compile(n, &ix.reader, t, code)
	keys, always := ix.reader.keys(t.query, t.options, code)
	if always {
		f.always = append(f.always, n)
		return
	}
	for _, p := range keys {
		f.postings[p.hash] = append(f.postings[p.hash], posting{n, float32(p.part)})
		bit := p.hash % fewBits
		f.few[bit/64] |= 1 << (bit % 64)
	}
}
