package query

// postings has, for each word, the topics that are filed under it. Those that
// were filed together stand packed in memory, where looking them up is fast;
// those that were added since stand in a map.
type postings struct {
	slots []slot
	all   []posting
	added map[uint64][]posting
	// few says whether a word may be there at all; most are not.
	few []uint64
}

// posting says that a word can bring so much of the score that a topic needs.
type posting struct {
	topic  uint32
	part   float32
	others [maxOthers]uint16 // see key
}

// fingerprints is a set of fingerprints.
type fingerprints [1 << 16 / 64]uint64

func (f *fingerprints) add(hashes []uint64) {
	for _, h := range hashes {
		p := fingerprint(h)
		f[p/64] |= 1 << (p % 64)
	}
}

func (f *fingerprints) remove(hashes []uint64) {
	for _, h := range hashes {
		f[fingerprint(h)/64] = 0
	}
}

// any says whether one of the fingerprints is in the set; 0 is none.
func (f *fingerprints) any(others [maxOthers]uint16) bool {
	for _, p := range others {
		if p == 0 {
			return false
		}
		if f[p/64]>>(p%64)&1 != 0 {
			return true
		}
	}
	return false
}

// slot is a place of an open hash table; n is 0 when it is free.
type slot struct {
	hash    uint64
	from, n uint32
}

const fewBits = 1 << 20

func newPostings() postings {
	return postings{slots: make([]slot, 1), added: make(map[uint64][]posting), few: make([]uint64, fewBits/64)}
}

func (p *postings) add(hash uint64, to posting) {
	p.added[hash] = append(p.added[hash], to)
	bit := hash % fewBits
	p.few[bit/64] |= 1 << (bit % 64)
}

// pack packs what was added; nothing may have been packed before.
func (p *postings) pack() {
	size, all := 2, 0
	for _, list := range p.added {
		all += len(list)
	}
	for size < 2*len(p.added) {
		size *= 2
	}
	p.slots, p.all = make([]slot, size), make([]posting, 0, all)
	for hash, list := range p.added {
		*p.find(hash) = slot{hash, uint32(len(p.all)), uint32(len(list))}
		p.all = append(p.all, list...)
	}
	p.added = make(map[uint64][]posting)
}

// find returns the slot of a word, or the free one where it belongs.
func (p *postings) find(hash uint64) *slot {
	mask := uint64(len(p.slots) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		if s := &p.slots[i]; s.n == 0 || s.hash == hash {
			return s
		}
	}
}

// of returns the topics filed under a word: those packed, and those added.
func (p *postings) of(hash uint64) (packed, added []posting) {
	if bit := hash % fewBits; p.few[bit/64]>>(bit%64)&1 == 0 {
		return nil, nil
	}
	s := p.find(hash)
	packed = p.all[s.from:][:s.n]
	if len(p.added) > 0 {
		added = p.added[hash]
	}
	return packed, added
}
