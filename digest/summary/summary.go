// Package summary owns what is said of a story in few words: the most central
// headline, the sentences that cover most of what its articles say together,
// and those that say something new.
//
// It writes nothing itself: each sentence stands in a source, cut at its ends
// at most. It knows nothing of feeds, stories or chats.
package summary

import (
	"cmp"
	"slices"
	"time"

	"tidings/digest/language"
)

// Source is an article that a summary is written from.
type Source struct {
	Title, Text, Language, Outlet string
	Owner                         string // of the outlet; it is its own when empty
	Published                     time.Time
}

// Sentence is a sentence of a source, by its index.
type Sentence struct {
	Text   string
	Source int
}

// Writer writes summaries. One goroutine uses one.
type Writer struct {
	analyzer *language.Analyzer
	weights  Weights
	phrases  map[string]*phrases
	words    []language.Word
	ids      map[string]int32   // of the stems of the story at hand
	pairs    map[[2]int32]int32 // of their pairs, below zero
}

// New is a Writer that reads with a, which belongs to it from then on.
func New(a *language.Analyzer) *Writer { return NewWith(a, shipped) }

// NewWith is New with other weights than the shipped ones.
func NewWith(a *language.Analyzer, weights Weights) *Writer {
	return &Writer{
		analyzer: a, weights: weights, phrases: parsePhrases(),
		ids: make(map[string]int32), pairs: make(map[[2]int32]int32),
	}
}

// Summarise chooses sentences of about words words that cover what the sources
// say together, in reading order. Without text there are none; when no
// sentence reads well alone, there is the one that does best.
func (w *Writer) Summarise(sources []Source, words int) []Sentence {
	candidates := w.candidates(sources)
	chosen := w.chooser(w.survey(candidates)).choose(words, reads(words))
	if len(chosen) == 0 {
		chosen = leastPoor(candidates)
	}
	return told(chosen)
}

// A summary of so many words is an account rather than a digest: a sentence in
// it may be longer, and a quotation may leave its speaker to the sentences
// around it.
const (
	accountWords    = 150
	longestOfLonger = 60
)

// reads says which sentences read well in a summary of so many words.
func reads(words int) func(candidate) bool {
	if words < accountWords {
		return func(c candidate) bool { return c.fault == 0 }
	}
	return func(c candidate) bool { return c.fault&^(speakerless|tooLong) == 0 && c.length <= longestOfLonger }
}

// leastPoor is the sentence with the lightest fault that stands whole.
func leastPoor(candidates []candidate) []candidate {
	whole := slices.DeleteFunc(slices.Clone(candidates), func(c candidate) bool { return c.fault >= unended })
	if len(whole) == 0 {
		return nil
	}
	return []candidate{slices.MinFunc(whole, func(a, b candidate) int { return cmp.Compare(a.fault, b.fault) })}
}
