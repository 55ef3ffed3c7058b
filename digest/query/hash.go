package query

// The hashes of words are saved, so they are FNV-1a and the same everywhere.
const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

// seedOf begins the hashes of the words of a language.
func seedOf(language string) uint64 {
	h := uint64(fnvOffset)
	for i := range len(language) {
		h = (h ^ uint64(language[i])) * fnvPrime
	}
	return (h ^ 0xFF) * fnvPrime
}

// hashOf returns the hash of a stem of the language of the seed; never 0.
func hashOf(seed uint64, stem string) uint64 {
	h := seed
	for i := range len(stem) {
		h = (h ^ uint64(stem[i])) * fnvPrime
	}
	h ^= h >> 29
	h *= 0xbf58476d1ce4e5b9
	h ^= h >> 32
	return max(h, 1)
}

// hashSet is a set of hashes that forgets everything without being cleared.
type hashSet struct {
	slots  []hashSlot
	age    uint32
	hashes []uint64 // in the order in which they came
}

type hashSlot struct {
	hash uint64
	age  uint32
	// note is what the user of the set keeps of the hash.
	note uint32
}

func (s *hashSet) reset() {
	s.hashes = s.hashes[:0]
	if s.age++; s.age == 0 || s.slots == nil {
		s.slots, s.age = make([]hashSlot, 512), 1
	}
}

// add says whether the hash is new, and takes it in.
func (s *hashSet) add(h uint64) bool {
	slot := s.put(h)
	old := slot.note
	slot.note = 1
	return old == 0
}

// put returns the slot of a hash, which is taken in if it is new.
func (s *hashSet) put(h uint64) *hashSlot {
	slot := s.find(h)
	if slot.age == s.age {
		return slot
	}
	if s.hashes = append(s.hashes, h); len(s.hashes) > len(s.slots)/2 {
		s.grow()
		slot = s.find(h)
	}
	*slot = hashSlot{hash: h, age: s.age}
	return slot
}

// note returns what is kept of a hash, 0 when it is not in the set.
func (s *hashSet) note(h uint64) uint32 {
	if slot := s.find(h); slot.age == s.age {
		return slot.note
	}
	return 0
}

// find returns the slot that holds a hash, or the free one where it belongs.
func (s *hashSet) find(h uint64) *hashSlot {
	mask := uint64(len(s.slots) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		if slot := &s.slots[i]; slot.age != s.age || slot.hash == h {
			return slot
		}
	}
}

func (s *hashSet) grow() {
	old := s.slots
	s.slots = make([]hashSlot, 2*len(old))
	for _, slot := range old {
		if slot.age == s.age {
			*s.find(slot.hash) = slot
		}
	}
}
