// Package ngram holds the table of letter sequences that tell languages
// apart: how it is packed, and how it is asked. The program in
// digest/language/internal/train makes it.
package ngram

import (
	"bytes"
	"cmp"
	"compress/flate"
	_ "embed"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
)

// Longest is the longest sequence in letters.
const Longest = 5

// Languages are the ISO 639-1 codes that the table tells apart, those of one
// script together; the table names a language by its place here. At most 64.
var Languages = [...]string{
	"af", "az", "ca", "cs", "cy", "da", "de", "en", "eo", "es", "et", "eu", "fi", "fr", "ga", "hr", "hu", "id", "is", "it",
	"lt", "lv", "ms", "nl", "no", "pl", "pt", "ro", "sk", "sl", "so", "sq", "sv", "sw", "tl", "tr", "vi", "zu",
	"be", "bg", "kk", "mk", "mn", "ru", "sr", "uk",
	"ar", "fa", "ur",
	"hi", "mr",
}

// Value is what a sequence says of one language: its place in Languages in
// the upper six bits of the lower eleven, and a weight in the lower five.
type Value uint16

// NewValue returns the value of a sequence whose share of all sequences of
// its length in a language is share: log2(1 + share/Unseen), in bits. A sum of
// such weights ranks languages as naive Bayes does with Unseen added to every
// share. It is 0 when the sequence says nothing.
func NewValue(language int, share float64) Value {
	weight := min(31, math.Round(math.Log2(1+share/Unseen)))
	if weight < 1 {
		return 0
	}
	return Value(language<<5) | Value(weight)
}

// Unseen is the share that a sequence is given where it was not counted.
const Unseen = 1e-7

// Language returns the place in Languages.
func (v Value) Language() int { return int(v >> 5 & 63) }

// Weight returns the weight in bits.
func (v Value) Weight() int32 { return int32(v & 31) }

// Row is a sequence with what it says of each language.
type Row struct {
	Key    uint32
	Values []Value
}

// Hash is that of a sequence and grows letter by letter.
type Hash uint64

// Add returns the hash of the sequence with one more letter.
func (h Hash) Add(r rune) Hash { return (h+Hash(r)+1)*0x9e3779b97f4a7c15 ^ h>>29 }

// Key returns the key of the sequence, never 0.
func (h Hash) Key() uint32 { return max(1, uint32(h>>32)^uint32(h)) }

// Table answers what a sequence says of languages.
type Table struct {
	slots  []slot
	values []Value
}

// slot is one place of an open hash table; key 0 is empty.
type slot struct {
	key  uint32
	from uint32 // in values, and their number in the lower six bits
}

// packed is the table: relative frequencies out of the language models of
// github.com/pemistahl/lingua-go v1.4.0 (Apache-2.0), which were counted in
// the Wortschatz corpora of Leipzig University. No headline was used.
//
//go:embed ngrams.bin
var packed []byte

// Open unpacks the table that is part of the program.
func Open() *Table {
	t, err := unpack(packed)
	if err != nil {
		panic(fmt.Errorf("unpack the table of letter sequences: %w", err))
	}
	return t
}

// Pack writes rows as a table.
func Pack(w io.Writer, rows []Row) error {
	slices.SortFunc(rows, func(a, b Row) int { return cmp.Compare(a.Key, b.Key) })
	raw := binary.AppendUvarint(nil, uint64(len(rows)))
	var last uint32
	for _, row := range rows {
		raw = binary.AppendUvarint(raw, uint64(row.Key-last))
		last = row.Key
	}
	for _, row := range rows {
		raw = append(raw, uint8(len(row.Values)))
		for _, v := range row.Values {
			raw = append(raw, uint8(v.Language()))
		}
	}
	for _, row := range rows {
		for _, v := range row.Values {
			raw = append(raw, uint8(v.Weight()))
		}
	}
	z, err := flate.NewWriter(w, flate.BestCompression)
	if err != nil {
		return err
	}
	if _, err := z.Write(raw); err != nil {
		return err
	}
	return z.Close()
}

func unpack(packed []byte) (*Table, error) {
	raw, err := io.ReadAll(flate.NewReader(bytes.NewReader(packed)))
	if err != nil {
		return nil, err
	}
	rows, n := binary.Uvarint(raw)
	raw = raw[n:]
	size := 1
	for size < int(rows)*3/2 {
		size *= 2
	}
	t := &Table{slots: make([]slot, size)}
	order := make([]uint32, rows) // the slot of each row
	var key uint32
	for i := range order {
		delta, n := binary.Uvarint(raw)
		raw = raw[n:]
		key += uint32(delta)
		at := t.place(key)
		t.slots[at].key = key
		order[i] = at
	}
	for _, at := range order {
		n := uint32(raw[0])
		t.slots[at].from = uint32(len(t.values))<<6 | n
		for _, language := range raw[1 : 1+n] {
			t.values = append(t.values, Value(language)<<5)
		}
		raw = raw[1+n:]
	}
	t.values = slices.Clip(t.values)
	for i := range t.values {
		t.values[i] |= Value(raw[i])
	}
	return t, nil
}

// place returns the slot of a key, or the empty one where it belongs.
func (t *Table) place(key uint32) uint32 {
	mask := uint32(len(t.slots) - 1)
	at := key & mask
	for t.slots[at].key != 0 && t.slots[at].key != key {
		at = (at + 1) & mask
	}
	return at
}

// Find returns what the sequence with this key says, nil for nothing.
func (t *Table) Find(key uint32) []Value {
	s := t.slots[t.place(key)]
	return t.values[s.from>>6 : s.from>>6+s.from&63]
}
