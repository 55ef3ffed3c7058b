package query

import (
	"slices"
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
	matches []Match
	present fingerprints // of the words of the article
}

// standing is a topic in the index.
type standing struct {
	id      string
	query   *Query
	options Options
}

// file finds topics by the words of a language.
type file struct {
	postings postings
	// always are topics that can match without any of their words.
	always []uint32
	// plain is, by topic, where its words are if it is a list of plain words.
	plain []plain
	words []plainWord
}

// plain says where in the words of a file those of a topic are; none when the
// topic is more than a list of plain words.
type plain struct {
	from    uint32
	clauses uint16
	learned bool // it has a profile, so the words are not all that counts
}

// wordsOf returns the word of each clause, with its part of what the topic
// needs; nil for a topic that is more than a list of plain words.
func (f *file) wordsOf(p plain) []plainWord {
	if p.clauses == 0 {
		return nil
	}
	return f.words[p.from:][:p.clauses]
}

// compile keeps the words of a topic that is a list of plain words.
func (f *file) compile(n uint32, r *reader, t *standing, code string) {
	for int(n) >= len(f.plain) {
		f.plain = append(f.plain, plain{})
	}
	f.plain[n] = plain{}
	start := len(f.words)
	words := r.plainWords(f.words, t.query.root, code)
	if words == nil {
		return
	}
	f.words = words
	f.plain[n] = plain{uint32(start), uint16(len(words) - start), t.options.Profile != nil}
	for i := range words[start:] {
		words[start+i].part /= t.options.Strictness.needed()
	}
}

const (
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
	ix.present.add(r.places.hashes)
	for _, h := range r.places.hashes {
		ix.collect(file, h)
	}
	ix.present.remove(r.places.hashes)
	matches := ix.matches[:0]
	for _, n := range ix.hit {
		if ix.sums[n] >= slack {
			matches = ix.try(matches, file, n)
		}
		ix.sums[n] = 0
	}
	ix.matches = matches
	return slices.Clone(matches)
}

// try appends the decision about a topic if the article belongs to it.
func (ix *Index) try(matches []Match, f *file, n uint32) []Match {
	p := f.plain[n]
	words := f.wordsOf(p)
	if words != nil && !p.learned && ix.reader.estimate(words) < slack {
		return matches
	}
	t := &ix.topics[n]
	if t.query == nil {
		return matches
	}
	m := ix.reader.match(t.query, t.options, words)
	if !m.Belongs() {
		return matches
	}
	m.Topic = t.id
	return append(matches, m)
}

// collect adds up what a word of the article brings to topics.
func (ix *Index) collect(f *file, hash uint64) {
	packed, added := f.postings.of(hash)
	if len(packed)+len(added) == 0 {
		return
	}
	value := float32(textValue)
	if ix.reader.places.note(hash)&inTitle != 0 {
		value = 1
	}
	for _, list := range [2][]posting{packed, added} {
		for _, p := range list {
			if p.others[0] != 0 && !ix.present.any(p.others) {
				continue
			}
			if ix.sums[p.topic] == 0 {
				ix.hit = append(ix.hit, p.topic)
			}
			ix.sums[p.topic] += p.part * value
		}
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
	f := &file{postings: newPostings(), plain: make([]plain, len(ix.topics))}
	ix.files[code] = f
	for n := range ix.topics {
		ix.file(uint32(n), code)
	}
	f.postings.pack()
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
	keys, always := ix.reader.keys(t.query, t.options, code, f.plain[n].clauses > 0)
	if always {
		f.always = append(f.always, n)
		return
	}
	for _, k := range keys {
		f.postings.add(k.hash, posting{n, float32(k.part), k.others})
	}
}
