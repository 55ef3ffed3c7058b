package query

import "slices"

// liken notes of each learned word of a language the typed word that it goes
// with most: that which stands in most of the same articles.
func (t *trial) liken(words []Related, code string) {
	t.reader.language(code)
	var typed []string
	t.reader.texts(t.query.root, &typed)
	type like struct {
		text string
		hash uint64
	}
	var likes []like
	for _, text := range typed {
		for _, w := range t.reader.read(code, text) {
			if !w.Stop {
				likes = append(likes, like{text, hashOf(t.reader.seed, w.Stem)})
			}
		}
	}
	for i := range words {
		w := &words[i]
		if w.Language != code {
			continue
		}
		own := hashOf(t.reader.seed, w.Stem)
		most := 0
		for _, l := range likes {
			if l.hash == own {
				w.Text, w.Like = l.text, ""
				break
			}
			if n := together(t.postings[own], t.postings[l.hash]); n > most {
				most, w.Like = n, l.text
			}
		}
	}
}

// together counts what two sorted lists share.
func together(a, b []int32) int {
	n := 0
	for _, x := range a {
		if _, ok := slices.BinarySearch(b, x); ok {
			n++
		}
	}
	return n
}

// texts adds the plain words that a list wants or demands.
func (r *reader) texts(l list, into *[]string) {
	for _, c := range l {
		for i := range c.any {
			switch a := &c.any[i]; {
			case c.mode == not:
			case a.kind == word:
				*into = append(*into, a.text)
			case a.kind == group:
				r.texts(a.list, into)
			}
		}
	}
}
