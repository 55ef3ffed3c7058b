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

// copies finds the live article whose text another repeats.
type copies struct {
	addresses map[uint64]*document // by hash of the URL
	headings  map[uint64]*document // by hash of the normalised title
	shingles  map[uint32]*document // by the smallest hashes of the sketch
}

func newCopies() copies {
	return copies{
		addresses: make(map[uint64]*document),
		headings:  make(map[uint64]*document),
		shingles:  make(map[uint32]*document),
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
	if o := c.addresses[d.address]; o != nil && d.address != 0 {
		return o
	}
	if o := c.headings[d.heading]; o != nil && d.heading != 0 {
		if o.lead == nil || d.lead == nil || o.lead.alike(d.lead) >= titleShare {
			return o
		}
	}
	for _, h := range d.lead.anchors() {
		if o := c.shingles[h]; o != nil && o.lead.alike(d.lead) >= copyShare {
			return o
		}
	}
	return nil
}

func (c *copies) add(d *document) {
	if d.address != 0 {
		c.addresses[d.address] = d
	}
	if d.heading != 0 {
		c.headings[d.heading] = d
	}
	for _, h := range d.lead.anchors() {
		c.shingles[h] = d
	}
}

func (c *copies) remove(d *document) {
	if c.addresses[d.address] == d {
		delete(c.addresses, d.address)
	}
	if c.headings[d.heading] == d {
		delete(c.headings, d.heading)
	}
	for _, h := range d.lead.anchors() {
		if c.shingles[h] == d {
			delete(c.shingles, h)
		}
	}
}
