package cluster

import "slices"

// postings is how many live stories the index remembers for one term: the ones
// that used it last. It bounds what one article can cost.
const postings = 48

// index finds live stories by the terms of their articles. Most terms are
// those of one story, so only the others have a list.
type index struct {
	stories map[uint32]uint32 // term to the number of a story, or to its place in lists and [listed]
	lists   [][]uint32        // story numbers, last used last
	free    []uint32          // places in lists
	touched []hit             // the stories met in one search
	places  [hitSlots]place   // of them in touched, hashed by their numbers
	stamp   uint32
}

// hitSlots is a power of two, more than the stories that one search can meet
// and few enough to stay near the processor.
const hitSlots = 1024

// listed marks a place in lists; story numbers are less.
const listed = 1 << 31

// hit is a story that shares terms, and the weight of those.
type hit struct {
	story uint32
	score float32
}

// place is where in touched a story is; it holds for the search with its stamp.
type place struct{ stamp, story, at uint32 }

func newIndex() index { return index{stories: make(map[uint32]uint32)} }

// use notes that the story used the term.
func (x *index) use(id, story uint32) {
	at, known := x.stories[id]
	switch {
	case !known:
		x.stories[id] = story
	case at&listed != 0:
		x.lists[at&^listed] = used(x.lists[at&^listed], story)
	case at != story:
		x.stories[id] = x.list(at, story) | listed
	}
}

// used puts a story at the end of a list.
func used(list []uint32, story uint32) []uint32 {
	if i := slices.Index(list, story); i >= 0 {
		copy(list[i:], list[i+1:])
		list[len(list)-1] = story
		return list
	}
	if len(list) == postings {
		copy(list, list[1:])
		list[postings-1] = story
		return list
	}
	return append(list, story)
}

// list makes a list and returns its place.
func (x *index) list(stories ...uint32) uint32 {
	list := slices.Clone(stories)
	if n := len(x.free); n > 0 {
		at := x.free[n-1]
		x.free = x.free[:n-1]
		x.lists[at] = list
		return at
	}
	x.lists = append(x.lists, list)
	return uint32(len(x.lists) - 1)
}

// remove takes the story from the list of a term and tells whether it was there.
func (x *index) remove(id, story uint32) bool {
	at, known := x.stories[id]
	if !known || at&listed == 0 {
		if known = known && at == story; known {
			delete(x.stories, id)
		}
		return known
	}
	at &^= listed
	i := slices.Index(x.lists[at], story)
	if i < 0 {
		return false
	}
	list := slices.Delete(x.lists[at], i, i+1)
	switch {
	case len(list) == 1:
		x.stories[id] = list[0]
		list = nil
		x.free = append(x.free, at)
	case cap(list) >= 8 && len(list) <= cap(list)/4:
		list = slices.Clone(list) // a burst is over
	}
	x.lists[at] = list
	return true
}

// of returns the stories that used a term, last used last. one holds a single one.
func (x *index) of(id uint32, one *[1]uint32) []uint32 {
	at, known := x.stories[id]
	switch {
	case !known:
		return nil
	case at&listed != 0:
		return x.lists[at&^listed]
	}
	one[0] = at
	return one[:]
}

// visits is how many entries of lists one search reads.
const visits = 256

// near returns the stories that share most of the heaviest
// terms, at most n, in an order that depends only on what was added.
func (x *index) near(terms []term, n int) []hit {
	if x.stamp++; x.stamp == 0 {
		clear(x.places[:])
		x.stamp = 1
	}
	x.touched = x.touched[:0]
	var one [1]uint32
	left := visits
	for _, t := range terms[:min(probes, len(terms))] {
		w := t.all*t.all + t.title*t.title
		list := x.of(t.id, &one)
		if left -= len(list); left < 0 {
			break
		}
		for _, s := range list {
			x.hit(s).score += w
		}
	}
	return x.best(n)
}

// hit returns the entry of a story in touched.
func (x *index) hit(story uint32) *hit {
	for i := story * 0x9e3779b1 % hitSlots; ; i = (i + 1) % hitSlots {
		switch p := &x.places[i]; {
		case p.stamp != x.stamp:
			*p = place{x.stamp, story, uint32(len(x.touched))}
			x.touched = append(x.touched, hit{story: story})
			return &x.touched[p.at]
		case p.story == story:
			return &x.touched[p.at]
		}
	}
}

// faint is the share of the best story's score below which one is not weighed.
const faint = 0.15

// best moves the n best of the touched stories to the front and returns them.
func (x *index) best(n int) []hit {
	top := x.touched[:0]
	var least float32
	for _, h := range x.touched {
		if h.score < least || len(top) == n && h.score <= top[n-1].score {
			continue
		}
		least = max(least, faint*h.score)
		if len(top) < n {
			top = append(top, h)
		}
		i := len(top) - 1
		for ; i > 0 && top[i-1].score < h.score; i-- {
			top[i] = top[i-1]
		}
		top[i] = h
	}
	for len(top) > 0 && top[len(top)-1].score < least {
		top = top[:len(top)-1]
	}
	return top
}
