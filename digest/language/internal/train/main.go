// Command train makes the table with which package language recognises
// languages: the letter sequences that tell most, and how common each is in
// every language.
//
// The relative frequencies are those that the language models of
// github.com/pemistahl/lingua-go v1.4.0 state (Apache-2.0; counted there in
// the Wortschatz corpora of Leipzig University):
//
//	models=$(go mod download -json github.com/pemistahl/lingua-go@v1.4.0 | jq -r .Dir)/language-models
//	go run ./digest/language/internal/train -models $models -out digest/language/internal/ngram/ngrams.bin
package main

import (
	"archive/zip"
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"io"
	"log"
	"math"
	"os"
	"path/filepath"
	"slices"

	"tidings/digest/language/internal/ngram"
)

func main() {
	models := flag.String("models", ".", "folder of the language models")
	out := flag.String("out", "ngrams.bin", "file to write")
	size := flag.Int("size", 120_000, "how many sequences to keep")
	flag.Parse()
	if err := train(*models, *out, *size); err != nil {
		log.Fatal(err)
	}
}

// count is how common a sequence is in one language.
type count struct {
	key      uint32
	language uint8
	share    float32
}

func train(models, out string, size int) error {
	var counts []count
	for id, code := range ngram.Languages {
		var err error
		if counts, err = appendCounts(counts, uint8(id), filepath.Join(models, folder(code))); err != nil {
			return fmt.Errorf("read the model of %s: %w", code, err)
		}
	}
	slices.SortFunc(counts, func(a, b count) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.language, b.language), cmp.Compare(b.share, a.share))
	})
	var packed bytes.Buffer
	if err := ngram.Pack(&packed, choose(counts, size)); err != nil {
		return fmt.Errorf("pack the table: %w", err)
	}
	return os.WriteFile(out, packed.Bytes(), 0o644)
}

// folder is where the models keep a language.
func folder(code string) string {
	if code == "no" {
		return "nb"
	}
	return code
}

// rare is the share below which a sequence is not kept.
const rare = 1e-6

// appendCounts reads the models of one language, which give how often the last
// letter follows the others, and multiplies them out.
func appendCounts(counts []count, id uint8, dir string) ([]count, error) {
	before := map[string]float64{"": 1}
	for _, name := range []string{"unigrams", "bigrams", "trigrams", "quadrigrams", "fivegrams"} {
		raw, err := unzip(filepath.Join(dir, name+".pb.bin.zip"))
		if err != nil {
			return nil, err
		}
		shares := make(map[string]float64)
		err = sequences(raw, func(sequence string, follows float64) {
			letters := []rune(sequence)
			share := follows * before[string(letters[:len(letters)-1])]
			if share < rare {
				return
			}
			shares[sequence] = share
			counts = append(counts, count{key(letters), id, float32(share)})
		})
		if err != nil {
			return nil, err
		}
		before = shares
	}
	return counts, nil
}

func key(letters []rune) uint32 {
	var h ngram.Hash
	for _, r := range letters {
		h = h.Add(r)
	}
	return h.Key()
}

func unzip(path string) ([]byte, error) {
	z, err := zip.OpenReader(path)
	if err != nil {
		return nil, err
	}
	defer z.Close()
	f, err := z.File[0].Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// choose keeps the sequences that tell most of the language: those with the
// greatest part in the mutual information of sequence and language.
func choose(counts []count, size int) []ngram.Row {
	type candidate struct {
		row  ngram.Row
		gain float64
	}
	var candidates []candidate
	for start := 0; start < len(counts); {
		end := start + 1
		for end < len(counts) && counts[end].key == counts[start].key {
			end++
		}
		same := slices.CompactFunc(counts[start:end:end], func(a, b count) bool { return a.language == b.language })
		start = end
		c := candidate{gain: gain(same), row: ngram.Row{Key: same[0].key}}
		for _, n := range same {
			if v := ngram.NewValue(int(n.language), float64(n.share)); v != 0 {
				c.row.Values = append(c.row.Values, v)
			}
		}
		candidates = append(candidates, c)
	}
	slices.SortFunc(candidates, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.gain, a.gain), cmp.Compare(a.row.Key, b.row.Key))
	})
	rows := make([]ngram.Row, min(size, len(candidates)))
	for i := range rows {
		rows[i] = candidates[i].row
	}
	return rows
}

// gain is the part of a sequence in the mutual information of sequence and
// language, all languages being equally likely.
func gain(counts []count) float64 {
	languages := float64(len(ngram.Languages))
	absent := languages - float64(len(counts))
	mean := absent * ngram.Unseen / languages
	for _, n := range counts {
		mean += (float64(n.share) + ngram.Unseen) / languages
	}
	sum := absent * ngram.Unseen * math.Log(ngram.Unseen/mean)
	for _, n := range counts {
		p := float64(n.share) + ngram.Unseen
		sum += p * math.Log(p/mean)
	}
	return sum
}
