package query

import (
	"cmp"
	"slices"
)

// key is a word under which a topic is filed, and the part of what the topic
// needs that an article with the word in its title can have by it, at most; in
// its text textValue of that.
type key struct {
	hash uint64
	part float64
	// others are fingerprints of the topic's other words, of which the article
	// must have one; none when the word alone may be enough.
	others [maxOthers]uint16
}

const maxOthers = 4

// fingerprint is a short hash of a word, never 0.
func fingerprint(hash uint64) uint16 { return max(1, uint16(hash>>48)) }

// needOthers notes on each word of a plain query that others must be there.
func needOthers(keys []key) {
	if len(keys) > maxOthers+1 {
		return
	}
	for i := range keys {
		if keys[i].part >= slack {
			continue
		}
		n := 0
		for j := range keys {
			if j != i {
				keys[i].others[n] = fingerprint(keys[j].hash)
				n++
			}
		}
	}
}

// keys returns words whose parts add up to 1 or more in every article of the
// current language that belongs to the topic; always means that there are
// none such. Plain says that the query is a list of plain words.
func (r *reader) keys(q *Query, o Options, code string, plain bool) (keys []key, always bool) {
	if keys := r.demanded(q.root, code); keys != nil {
		for i := range keys {
			keys[i].part = 1 / textValue
		}
		return keys, false
	}
	needed, share := o.Strictness.needed(), 1.0
	if o.Profile != nil {
		needed, share = o.Profile.needed(o.Strictness), 1-o.Profile.Share
	}
	keys, rest, total := r.wanted(q.root, code)
	if total == 0 {
		return nil, true
	}
	for i := range keys {
		keys[i].part *= share / total / needed
	}
	rest *= share / total / needed
	if o.Profile != nil {
		for _, w := range o.Profile.Words {
			if w.Language == code && w.Weight > 0 {
				keys = append(keys, key{hash: hashOf(r.seed, w.Stem), part: (1 - share) * w.Weight / needed / textValue})
			}
		}
	}
	if rest >= slack {
		return nil, true
	}
	if plain && o.Profile == nil {
		needOthers(keys)
	}
	return r.prune(keys, rest), false
}

// tryCost is what trying a topic costs, in visits to one posting; few of those
// visited come to be tried, for want of their other words.
const tryCost = 1

// prune leaves out common words where it is cheaper to try the topic on every
// article that has one of the others, and brings the parts of these to what
// is then missing; rest is what articles can have without any key.
func (r *reader) prune(keys []key, rest float64) []key {
	slices.SortStableFunc(keys, func(a, b key) int {
		return cmp.Compare(r.f.share(b.hash, r.articles), r.f.share(a.hash, r.articles))
	})
	for len(keys) > 1 && rest+keys[0].part < slack {
		tries := 0.0
		for _, k := range keys[1:] {
			if alone := k.part + rest; alone < slack && alone+keys[0].part >= slack {
				tries += r.f.share(k.hash, r.articles)
			}
		}
		if tries*tryCost > r.f.share(keys[0].hash, r.articles) {
			break
		}
		rest += keys[0].part
		keys = keys[1:]
	}
	for i := range keys {
		keys[i].part *= slack / (slack - rest)
	}
	return keys
}

// demanded returns the keys of the demand that the fewest articles meet, or
// nil.
func (r *reader) demanded(l list, code string) (fewest []key) {
	least := 0.0
	for i := range l {
		if l[i].mode != must {
			continue
		}
		keys, ok := r.clauseKeys(nil, &l[i], code)
		if !ok {
			continue
		}
		sum := 0.0
		for _, k := range keys {
			sum += r.f.share(k.hash, r.articles)
		}
		if fewest == nil || sum < least {
			fewest, least = keys, sum
		}
	}
	return fewest
}

// wanted returns the keys of the soft clauses with their weights, the weight
// of those that have no keys, and the weight of all.
func (r *reader) wanted(l list, code string) (keys []key, rest, total float64) {
	for i := range l {
		c := &l[i]
		if c.mode != soft {
			continue
		}
		if len(c.any) == 1 && c.any[0].kind == word {
			for _, w := range r.read(code, c.any[0].text) {
				if !w.Stop {
					h := hashOf(r.seed, w.Stem)
					weight := r.f.idf(h, r.articles)
					keys = append(keys, key{hash: h, part: weight})
					total += weight
				}
			}
			continue
		}
		weight := 0.0
		for j := range c.any {
			weight = max(weight, r.weight(&c.any[j], code))
		}
		total += weight
		found, ok := r.clauseKeys(nil, c, code)
		if !ok {
			rest += weight
			continue
		}
		for _, k := range found {
			keys = append(keys, key{hash: k.hash, part: weight / textValue})
		}
	}
	return keys, rest, total
}

// clauseKeys appends words of which every article with the clause has one; not
// ok means that there are none such.
func (r *reader) clauseKeys(dst []key, c *clause, code string) (keys []key, ok bool) {
	for i := range c.any {
		if dst, ok = r.atomKeys(dst, &c.any[i], code); !ok {
			return nil, false
		}
	}
	return dst, true
}

func (r *reader) atomKeys(dst []key, a *atom, code string) (keys []key, ok bool) {
	switch a.kind {
	case word, phrase:
		rarest := key{part: -1}
		for _, w := range r.read(code, a.text) {
			h := hashOf(r.seed, w.Stem)
			if weight := r.f.idf(h, r.articles); !w.Stop && weight > rarest.part {
				rarest = key{hash: h, part: weight}
			}
		}
		rarest.part = 1
		return append(dst, rarest), rarest.hash != 0
	case near:
		if dst, ok := r.atomKeys(dst, &a.pair[0], code); ok {
			return dst, true
		}
		return r.atomKeys(dst, &a.pair[1], code)
	case group:
		if keys := r.demanded(a.list, code); keys != nil {
			return append(dst, keys...), true
		}
		keys, rest, total := r.wanted(a.list, code)
		for _, k := range keys {
			dst = append(dst, key{hash: k.hash, part: 1})
		}
		return dst, rest == 0 && total > 0
	}
	return dst, false
}
