// Package language reads text in about ninety languages: which language a
// headline is in, its words as they are compared (folded and stemmed), which
// of them mean nothing or look like a name, and its sentences.
//
// It does not know what an article is, keeps nothing between calls but a
// bounded cache of stems, and translates nothing.
package language

import (
	_ "embed"
	"hash/maphash"
	"strings"
	"sync"

	"github.com/blevesearch/snowballstem"
)

// Word is one word of a text.
type Word struct {
	// Text is the word as it stands in the text: a substring, not a copy.
	Text string
	// Stem is what is compared: lower case, without the diacritics that
	// readers of the language leave out, without its endings. Two spellings
	// of one word have one stem in one language. An acronym that reads like
	// a function word ("US", "WHO") keeps its capitals.
	Stem string
	// Start is the offset of Text in the text, in bytes.
	Start int
	// Name says that the word looks like part of a name: a capital that
	// neither the place in the sentence nor the spelling of the language
	// demands, or an acronym.
	Name bool
	// Number says that the word holds a digit.
	Number bool
	// Stop says that the word is a function word, too common to mean
	// anything.
	Stop bool
}

// Analyzer reads text. One goroutine uses one at a time; Clone gives another
// goroutine its own.
type Analyzer struct {
	tables  *tables
	cache   []cached // by hash; begins anew, twice as large, when it has missed much
	missed  int      // since then
	seed    maphash.Seed
	env     *snowballstem.Env
	marks   []mark
	buffer  []byte
	letters []rune
}

// tables are read only and shared by clones.
type tables struct {
	languages map[string]*tongue
	unknown   *tongue
	// detector is unpacked when it is first asked for.
	detector func() *detector
}

// tongue is a language with its tables parsed.
type tongue struct {
	profile
	id    uint64
	words []string // function words as they are written
	stops map[string]bool
	ends  endings
}

// cached is one slot of the stem cache. The hash stands for the word and its
// language: it has 64 bits and a seed of its own in each analyzer, so that two words
// do not meet in practice, nor by design.
type cached struct {
	hash uint64
	stem string
	mark mark
}

// cacheSlots is how many slots the cache has at most, firstSlots, at first; a set of
// them has ways. All are powers of two. An analyzer of queries stays small; a full
// cache takes about 4 MB.
const (
	cacheSlots = 1 << 16
	firstSlots = 1 << 12
	ways       = 4
)

//go:embed stopwords.txt
var stopWords string

// New returns an analyzer of all languages. It parses its tables; use Clone
// for another goroutine.
func New() *Analyzer {
	t := &tables{languages: make(map[string]*tongue, len(profiles))}
	for i, p := range profiles {
		l := &tongue{profile: p, id: uint64(i + 1)}
		l.ends = l.parseEndings(endingLists[p.endings])
		t.languages[p.code] = l
	}
	t.unknown = &tongue{profile: profile{name: "unknown", cut: true}}
	for line := range strings.Lines(stopWords) {
		fields := strings.Fields(line)
		if len(fields) == 0 || fields[0] == "#" {
			continue
		}
		l := t.languages[fields[0]]
		l.words = fields[1:]
		l.stops = make(map[string]bool, len(fields))
		for _, word := range fields[1:] {
			l.stops[string(l.fold(nil, word))] = true
		}
	}
	t.detector = sync.OnceValue(func() *detector { return newDetector(t.languages) })
	return (&Analyzer{tables: t}).Clone()
}

// Clone returns an analyzer with the same tables and a cache of its own.
func (a *Analyzer) Clone() *Analyzer {
	return &Analyzer{
		tables: a.tables,
		cache:  make([]cached, firstSlots),
		seed:   maphash.MakeSeed(),
		env:    snowballstem.NewEnv(""),
	}
}

// tongue returns the tables of a language; a code with a region or script
// ("pt-BR", "zh_Hant") is read by its first part.
func (t *tables) tongue(code string) *tongue {
	if l, ok := t.languages[code]; ok {
		return l
	}
	if l, ok := t.languages[canonical(code)]; ok {
		return l
	}
	return t.unknown
}
