package archive

import (
	"context"
	"database/sql"
	"fmt"
	"hash/maphash"
	"sync"

	"tidings/digest/database"
)

// stored tells of most new articles, without asking the database, that they are
// not stored: a Bloom filter (Bloom 1970) of the ids of those that are.
type stored struct {
	mu   sync.Mutex
	seed maphash.Seed
	bits []uint64 // nil until the ids are read
	ids  int      // that are in it
	most int      // for which it was made
}

const (
	// Of a hundred ids that are not stored, one or two look as if they were.
	bitsPerID   = 10
	hashesPerID = 5
	// fewestIDs is for how many ids it is made at least.
	fewestIDs = 1 << 16
)

// maybe returns those of the ids that may be stored.
func (s *stored) maybe(ctx context.Context, db *database.DB, ids []string) ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.read(ctx, db); err != nil {
		return nil, err
	}
	var found []string
	for _, id := range ids {
		if s.has(id) {
			found = append(found, id)
		}
	}
	return found, nil
}

// add takes in articles that are about to be stored.
func (s *stored) add(ctx context.Context, db *database.DB, batch []*filingJob) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	// First, so that what is stored from now on is missed by nobody.
	if err := s.read(ctx, db); err != nil {
		return err
	}
	for _, job := range batch {
		for i := range job.articles {
			s.put(job.articles[i].Article.ID)
		}
	}
	return nil
}

// read reads which articles are stored, at first and when there are too many.
func (s *stored) read(ctx context.Context, db *database.DB) error {
	if s.bits != nil && s.ids <= s.most {
		return nil
	}
	var articles int
	if err := db.Reader().QueryRowContext(ctx, `SELECT count(*) FROM article`).Scan(&articles); err != nil {
		return fmt.Errorf("count the articles: %w", err)
	}
	s.seed, s.ids, s.most = maphash.MakeSeed(), 0, max(fewestIDs, 2*articles)
	s.bits = make([]uint64, s.most*bitsPerID/64+1)
	_, err := collect(ctx, db.Reader(), func(rows *sql.Rows) (none struct{}, err error) {
		id, err := scanString(rows)
		s.put(id)
		return none, err
	}, `SELECT id FROM article`)
	if err != nil {
		s.bits = nil
		return fmt.Errorf("read which articles are stored: %w", err)
	}
	return nil
}

func (s *stored) put(id string) {
	s.ids++
	for at := range s.places(id) {
		s.bits[at/64] |= 1 << (at % 64)
	}
}

func (s *stored) has(id string) bool {
	for at := range s.places(id) {
		if s.bits[at/64]&(1<<(at%64)) == 0 {
			return false
		}
	}
	return true
}

// places are the bits of an id (Kirsch and Mitzenmacher 2006).
func (s *stored) places(id string) func(yield func(uint64) bool) {
	return func(yield func(uint64) bool) {
		h, n := maphash.String(s.seed, id), uint64(64*len(s.bits))
		step := h>>32 | 1
		for range hashesPerID {
			if !yield(h % n) {
				return
			}
			h += step
		}
	}
}
