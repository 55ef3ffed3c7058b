package query

// parts appends what the article has of each soft clause.
func (r *reader) parts(dst []finding, l list, needed float64) []finding {
	for i := range l {
		if c := &l[i]; c.mode == soft {
			dst = append(dst, r.clause(c, needed))
		}
	}
	return dst
}

// leaves appends the hashes of all words of a list in the current language.
// It sets open when something of the list can be in an article without one.
func (r *reader) leaves(dst []uint64, l list, code string, open *bool) []uint64 {
	for i := range l {
		for j := range l[i].any {
			dst = r.atomLeaves(dst, &l[i].any[j], code, open)
		}
	}
	return dst
}

func (r *reader) atomLeaves(dst []uint64, a *atom, code string, open *bool) []uint64 {
	switch a.kind {
	case word, phrase:
		before := len(dst)
		for _, w := range r.read(code, a.text) {
			if !w.Stop {
				dst = append(dst, hashOf(r.seed, w.Stem))
			}
		}
		*open = *open || a.kind == phrase && len(dst) == before
	case near:
		dst = r.atomLeaves(dst, &a.pair[0], code, open)
		dst = r.atomLeaves(dst, &a.pair[1], code, open)
	case group:
		dst = r.leaves(dst, a.list, code, open)
	default:
		*open = true
	}
	return dst
}
