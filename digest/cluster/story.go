package cluster

import (
	"cmp"
	"slices"
)

// Bounds on what is kept of one story.
const (
	maxTerms   = 80 // terms of its vector
	maxMembers = 64 // newest voices that are kept for comparing
)

// story is the articles that report one event. There are many: the order of its
// fields leaves few gaps.
type story struct {
	id      string
	serial  uint64 // in the order of founding
	terms   []term // sums over its voices, by id; while shared, those of its only one
	members []*document
	voices  int // articles that are no copies, ever
	texts   int // voices with a text
	first   int64
	last    int64
	tongues []uint32
	into    *story // what a merged story became
	number  uint32
	live    int32 // articles not yet forgotten
	shared  bool
	dirty   bool
	buried  bool
}

// add puts an article, its terms heaviest first, into the story's vector. From
// then on they are by id.
func (s *story) add(d *document, x *index) {
	s.gain(d)
	if len(s.members) > maxMembers {
		s.members[0].terms = nil
		s.members = slices.Delete(s.members, 0, 1)
	}
	for _, t := range d.terms[:min(probes, len(d.terms))] {
		x.use(t.id, s.number)
	}
	slices.SortFunc(d.terms, byID)
	s.sum(d.terms)
	s.prune(x)
}

// gain takes in a voice, without its terms.
func (s *story) gain(d *document) {
	s.voices++
	if d.hasText {
		s.texts++
	}
	s.members = append(s.members, d)
	if d.tongue != 0 && !slices.Contains(s.tongues, d.tongue) {
		s.tongues = append(s.tongues, d.tongue)
	}
}

// sum adds the terms of a document or a story, by id, to the story's.
func (s *story) sum(terms []term) {
	if s.terms == nil {
		s.terms, s.shared = terms, true
		return
	}
	s.own(len(terms))
	for _, t := range terms {
		i, ok := slices.BinarySearchFunc(s.terms, t, byID)
		if !ok {
			s.terms = slices.Insert(s.terms, i, t)
			continue
		}
		s.terms[i].all += t.all
		s.terms[i].title += t.title
		s.terms[i].kind = max(s.terms[i].kind, t.kind)
	}
}

// own gives the story terms of its own, with room for more.
func (s *story) own(more int) {
	if s.shared {
		s.terms, s.shared = append(make([]term, 0, len(s.terms)+more), s.terms...), false
	}
}

func bySerial(a, b *document) int { return cmp.Compare(a.serial, b.serial) }

func byID(a, b term) int { return cmp.Compare(a.id, b.id) }

// prune drops the lightest terms when there are too many.
func (s *story) prune(x *index) {
	if len(s.terms) <= maxTerms+keep {
		return
	}
	slices.SortFunc(s.terms, heavier)
	for _, t := range s.terms[maxTerms:] {
		x.remove(t.id, s.number)
	}
	s.terms = s.terms[:maxTerms]
	slices.SortFunc(s.terms, byID)
}

// cosine is that of the vectors of two stories.
func (s *story) cosine(t *story) float64 {
	return dot(s.terms, t.terms) * unit(dot(s.terms, s.terms)) * unit(dot(t.terms, t.terms))
}

// dot is the product of two vectors, their terms by id.
func dot(a, b []term) (dot float64) {
	k := 0
	for i := range a {
		for k < len(b) && b[k].id < a[i].id {
			k++
		}
		if k < len(b) && b[k].id == a[i].id {
			dot += float64(a[i].all * b[k].all)
		}
	}
	return dot
}

// remove forgets an article that is too old; what it said stays in the vector.
func (s *story) remove(d *document) {
	s.live--
	if i := slices.Index(s.members, d); i >= 0 {
		s.members = slices.Delete(s.members, i, i+1)
	}
}

// subtract takes a voice out of the story.
func (s *story) subtract(d *document) {
	s.own(0)
	s.voices--
	if d.hasText {
		s.texts--
	}
	s.members = slices.DeleteFunc(s.members, func(m *document) bool { return m == d })
	for _, t := range d.terms {
		if i, ok := slices.BinarySearchFunc(s.terms, t, byID); ok {
			s.terms[i].all = max(0, s.terms[i].all-t.all)
			s.terms[i].title = max(0, s.terms[i].title-t.title)
		}
	}
}

// absorb takes in all of another story.
func (s *story) absorb(o *story) {
	s.sum(o.terms)
	s.voices += o.voices
	s.texts += o.texts
	s.live += o.live
	s.first, s.last = min(s.first, o.first), max(s.last, o.last)
	s.members = append(s.members, o.members...)
	slices.SortFunc(s.members, bySerial)
	past := max(0, len(s.members)-maxMembers)
	for _, d := range s.members[:past] {
		d.terms = nil
	}
	s.members = slices.Delete(s.members, 0, past)
	for _, t := range o.tongues {
		if !slices.Contains(s.tongues, t) {
			s.tongues = append(s.tongues, t)
		}
	}
}

// now follows merges to the story that s has become.
func (s *story) now() *story {
	for s != nil && s.into != nil {
		s = s.into
	}
	return s
}
