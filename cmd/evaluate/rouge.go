package main

import (
	"strings"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/porter"
)

// rouge counts the words and pairs of words that a summary shares with one
// written by a person (Lin 2004), as the usual scripts do: small letters a to
// z and digits, words of more than three letters without their endings
// (Porter 1980).
type rouge struct {
	env   *snowballstem.Env
	stems map[string]string
}

func newRouge() *rouge {
	return &rouge{env: snowballstem.NewEnv(""), stems: make(map[string]string)}
}

// tokens are the stems of text.
func (r *rouge) tokens(text string) []string {
	words := strings.FieldsFunc(strings.ToLower(text), func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < '0' || c > '9')
	})
	for i, word := range words {
		if len(word) <= 3 {
			continue
		}
		stem, ok := r.stems[word]
		if !ok {
			r.env.SetCurrent(word)
			porter.Stem(r.env)
			stem = r.env.Current()
			r.stems[word] = stem
		}
		words[i] = stem
	}
	return words
}

// shared is the harmonic mean of the shares that runs of n tokens have in common.
func shared(found, reference []string, n int) float64 {
	counts := make(map[string]int)
	for i := range max(len(reference)-n+1, 0) {
		counts[strings.Join(reference[i:i+n], " ")]++
	}
	common := 0
	for i := range max(len(found)-n+1, 0) {
		if run := strings.Join(found[i:i+n], " "); counts[run] > 0 {
			counts[run]--
			common++
		}
	}
	if common == 0 {
		return 0
	}
	return 2 * float64(common) / float64(len(found)-n+1+len(reference)-n+1)
}
