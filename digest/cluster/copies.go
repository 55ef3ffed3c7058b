package cluster

import (
	"slices"

	"tidings/digest/language"
)

// sketch is the smallest hashes of a text's shingles (Broder 1997): two texts
// share about as many of them as they share of their shingles.
type sketch []uint32

const (
	sketchSize = 12
	shingle    = 3  // words
	leadWords  = 80 // of the text
	anchors    = 4  // smallest hashes that find a copy
	minTitle   = 4  // words that mean something in a title that identifies a text
)

// sketcher makes sketches, keeping its buffer.
type sketcher struct{ buffer []uint32 }

// frame returns a hash of the normalised title, 0 when it says too little,
// and the sketch of the lead, nil when it is too short.
func (k *sketcher) frame(title, text []language.Word) (uint64, sketch) {
	var heading uint64
	meaning := 0
	for i := range title {
		if !title[i].Stop {
			meaning++
		}
		heading = mix(heading ^ hash(title[i].Stem))
	}
	if meaning < minTitle {
		heading = 0
	}
	k.buffer = k.buffer[:0]
	text = text[:min(len(text), leadWords)]
	if len(text) < 3*sketchSize/2 {
		return heading, nil
	}
	var a, b uint64
	for i := range text {
		c := hash(text[i].Stem)
		if i >= shingle-1 {
			k.buffer = append(k.buffer, uint32(mix(a*31+b*17+c)))
		}
		a, b = b, c
	}
	slices.Sort(k.buffer)
	k.buffer = slices.Compact(k.buffer)
	return heading, slices.Clone(k.buffer[:min(sketchSize, len(k.buffer))])
}

// anchors returns the hashes that find a copy.
func (s sketch) anchors() []uint32 { return s[:min(anchors, len(s))] }

// alike is an estimate of the share of shingles that two texts have in common.
func (s sketch) alike(t sketch) float64 {
	var both, n int
	for i, j := 0, 0; i < len(s) && j < len(t) && n < sketchSize; n++ {
		switch {
		case s[i] == t[j]:
			both++
			i++
			j++
		case s[i] < t[j]:
			i++
		default:
			j++
		}
	}
	if n == 0 {
		return 0
	}
	return float64(both) / float64(n)
}

// copies finds the live article whose text another repeats. Its tables hold
// numbers in place of pointers: half the memory, and nothing to mark in it.
type copies struct {
	documents []*document       // by number; nil where free
	free      []uint32          // numbers
	addresses map[uint32]uint32 // by the low half of the hash of the URL
	headings  map[uint32]uint32 // by the low half of that of the normalised title
	shingles  map[uint32]uint32 // by the smallest hashes of the sketch
}

func newCopies() copies {
	return copies{
		addresses: make(map[uint32]uint32),
		headings:  make(map[uint32]uint32),
		shingles:  make(map[uint32]uint32),
	}
}

// Shares of common shingles: two texts with the least are copies, and two with
// the same title are none below the other.
const (
	copyShare  = 0.6
	titleShare = 0.2
)

// find returns the original that d repeats, or nil.
func (c *copies) find(d *document) *document {
	if o := c.in(c.addresses, uint32(d.address)); o != nil && d.address != 0 && o.address == d.address {
		return o
	}
	if o := c.in(c.headings, uint32(d.heading)); o != nil && d.heading != 0 && o.heading == d.heading {
		if o.lead == nil || d.lead == nil || o.lead.alike(d.lead) >= titleShare {
			return o
		}
	}
	for _, h := range d.lead.anchors() {
		if o := c.in(c.shingles, h); o != nil && o.lead.alike(d.lead) >= copyShare {
			return o
		}
	}
	return nil
}

// in is the article that a table has under a key, or nil.
func (c *copies) in(table map[uint32]uint32, key uint32) *document {
	if number, ok := table[key]; ok {
		return c.documents[number]
	}
	return nil
}

// add gives d a number and makes it be found.
func (c *copies) add(d *document) {
	if n := len(c.free); n > 0 {
		d.number = c.free[n-1]
		c.free = c.free[:n-1]
		c.documents[d.number] = d
	} else {
		d.number = uint32(len(c.documents))
		c.documents = append(c.documents, d)
	}
	if d.address != 0 {
		c.addresses[uint32(d.address)] = d.number
	}
	if d.heading != 0 {
		c.headings[uint32(d.heading)] = d.number
	}
	for _, h := range d.lead.anchors() {
		c.shingles[h] = d.number
	}
}

func (c *copies) remove(d *document) {
	c.drop(c.addresses, uint32(d.address), d)
	c.drop(c.headings, uint32(d.heading), d)
	for _, h := range d.lead.anchors() {
		c.drop(c.shingles, h, d)
	}
	c.documents[d.number] = nil
	c.free = append(c.free, d.number)
}

// drop deletes what a table has under a key if it is d.
func (c *copies) drop(table map[uint32]uint32, key uint32, d *document) {
	if c.in(table, key) == d {
		delete(table, key)
	}
}
