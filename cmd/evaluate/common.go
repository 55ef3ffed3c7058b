package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"

	"tidings/digest/language"
)

// What the table of common words is computed for.
const (
	articleWords = 120    // words of an article
	ranked       = 10_000 // words of a ranked list
	rarestBand   = 34     // the last one of the table
)

// common writes the table of common words, digest/language/common.txt: lines of
// a language, a band and the stems that stand in a share of 2^(-band/2) of all
// articles. Each argument is LANGUAGE=RANKS or LANGUAGE=RANKS,COUNTS,…: a file
// of words, the most common first, whose shares follow from Zipf's law; and
// files of n-gram counts in the ARPA way, as onboard has them, for the words
// that RANKS lacks. Of those, words with capitals are left out but in German,
// since names should stay rare.
func common(_ context.Context, args []string, stdout io.Writer) error {
	if len(args) == 0 {
		return fmt.Errorf("common takes LANGUAGE=RANKS[,COUNTS…]\n%s", usage)
	}
	reader := stemmer{language.New()}
	w := bufio.NewWriter(stdout)
	for _, arg := range args {
		code, files, _ := strings.Cut(arg, "=")
		lists := strings.Split(files, ",")
		shares, err := reader.ranks(code, lists[0])
		if err != nil {
			return err
		}
		rest, err := reader.counts(code, lists[1:])
		if err != nil {
			return err
		}
		for stem, share := range rest {
			if _, known := shares[stem]; !known {
				shares[stem] = share
			}
		}
		writeBands(w, code, shares)
	}
	return w.Flush()
}

// stemmer sums the shares of words by stem.
type stemmer struct{ *language.Analyzer }

func (s stemmer) add(shares map[string]float64, code, word string, share float64) {
	for _, w := range s.Words(code, word) {
		if w.Stem != "" {
			shares[w.Stem] += share
		}
	}
}

// ranks returns the shares of all words by Zipf's law.
func (s stemmer) ranks(code, path string) (map[string]float64, error) {
	list, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var all float64
	for rank := 1; rank <= ranked; rank++ {
		all += 1 / float64(rank)
	}
	shares := make(map[string]float64)
	words := strings.Fields(string(list))
	for i, word := range words[:min(ranked, len(words))] {
		s.add(shares, code, word, 1/float64(i+1)/all)
	}
	return shares, nil
}

// counts returns the shares of all words from counts of single words.
func (s stemmer) counts(code string, paths []string) (map[string]float64, error) {
	shares, all := make(map[string]float64), 0.0
	for _, path := range paths {
		list, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		_, words, _ := strings.Cut(string(list), "\\1-grams:\n")
		words, _, _ = strings.Cut(words, "\\2-grams:")
		for line := range strings.Lines(words) {
			number, word, ok := strings.Cut(strings.TrimSpace(line), " ")
			if !ok || strings.HasPrefix(word, "<") {
				continue
			}
			count, err := strconv.ParseFloat(number, 64)
			if err != nil {
				return nil, fmt.Errorf("read %s: %w", path, err)
			}
			all += count
			if code == "de" || strings.ToLower(word) == word {
				s.add(shares, code, word, count)
			}
		}
	}
	for stem := range shares {
		shares[stem] /= all
	}
	return shares, nil
}

// writeBands writes the stems of a language by band, the most common first.
func writeBands(w io.Writer, code string, shares map[string]float64) {
	var bands [rarestBand + 1][]string
	for stem, share := range shares {
		inArticle := 1 - math.Pow(1-share, articleWords)
		if band := max(1, int(math.Round(-2*math.Log2(inArticle)))); band <= rarestBand {
			bands[band] = append(bands[band], stem)
		}
	}
	for band, stems := range bands {
		if len(stems) > 0 {
			slices.Sort(stems)
			fmt.Fprintln(w, code, band, strings.Join(stems, " "))
		}
	}
}
