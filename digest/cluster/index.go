package cluster

import "slices"

// postings is how many live stories the index remembers for one term: the ones
// that used it last. It bounds what one article can cost.
const postings = 48

// index finds live stories by the terms of their articles.
type index struct {
	stories map[uint32][]uint32 // term to story numbers, last used last
	hits    []hit               // by story number
	stamp   uint32
	touched []uint32
}

type hit struct {
	stamp uint32
	score float32
}

func newIndex() index { return index{stories: make(map[uint32][]uint32)} }

// use notes that the story used the term.
func (x *index) use(id, story uint32) {
	list := x.stories[id]
	if i := slices.Index(list, story); i >= 0 {
		copy(list[i:], list[i+1:])
		list[len(list)-1] = story
		return
	}
	if len(list) == postings {
		copy(list, list[1:])
		list[postings-1] = story
		return
	}
	x.stories[id] = append(list, story)
}

// remove takes the story from the list of a term and tells whether it was there.
func (x *index) remove(id, story uint32) bool {
	list := x.stories[id]
	i := slices.Index(list, story)
	switch {
	case i < 0:
		return false
	case len(list) == 1:
		delete(x.stories, id)
	default:
		x.stories[id] = slices.Delete(list, i, i+1)
	}
	return true
}

// near returns the numbers of the stories that share most of the heaviest
// terms, at most n, in an order that depends only on what was added.
func (x *index) near(terms []term, stories int, n int) []uint32 {
	if len(x.hits) < stories {
		x.hits = append(x.hits, make([]hit, stories-len(x.hits))...)
	}
	if x.stamp++; x.stamp == 0 {
		clear(x.hits)
		x.stamp = 1
	}
	x.touched = x.touched[:0]
	for _, t := range terms[:min(probes, len(terms))] {
		w := t.all*t.all + t.title*t.title
		for _, s := range x.stories[t.id] {
			h := &x.hits[s]
			if h.stamp != x.stamp {
				*h = hit{stamp: x.stamp}
				x.touched = append(x.touched, s)
			}
			h.score += w
		}
	}
	return x.best(n)
}

// faint is the share of the best story's score below which one is not weighed.
const faint = 0.15

// best moves the n best of the touched stories to the front and returns them.
func (x *index) best(n int) []uint32 {
	top := x.touched[:0]
	var least float32
	for _, s := range x.touched {
		score := x.hits[s].score
		if score < least || len(top) == n && score <= x.hits[top[n-1]].score {
			continue
		}
		least = max(least, faint*score)
		if len(top) < n {
			top = append(top, s)
		}
		i := len(top) - 1
		for ; i > 0 && x.hits[top[i-1]].score < score; i-- {
			top[i] = top[i-1]
		}
		top[i] = s
	}
	for len(top) > 0 && x.hits[top[len(top)-1]].score < least {
		top = top[:len(top)-1]
	}
	return top
}
