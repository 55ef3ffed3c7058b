package archive

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"tidings/digest/database"
)

// Learning how much an owner's voice counts.
const (
	// large is how many owners a story has that became large.
	large = 5
	// early are the owners that reported it first.
	early = 3
	// doubt is how many stories an owner is given in which it was early as
	// often as all are, so that few stories teach little.
	doubt = 10
)

// LearnWeights weighs owners by how often they were among the first on stories
// that became large: one plus half the difference in log odds to the usual,
// between a half and two.
func (a *Archive) LearnWeights(ctx context.Context, since time.Time) error {
	rows, err := collect(ctx, a.db.Reader(), scanVoice, `
		SELECT a.story_id, f.owner, min(a.seen) FROM article a JOIN feed f ON f.id = a.feed_id
		WHERE a.seen > $1 AND a.copy_of = '' GROUP BY a.story_id, f.owner`, database.Millis(since))
	if err != nil {
		return fmt.Errorf("read who reported what: %w", err)
	}
	weights := weigh(rows)
	if len(weights) == 0 {
		return nil
	}
	for chunk := range slices.Chunk(slices.Sorted(maps.Keys(weights)), writeRows) {
		err := a.db.Write(ctx, func(tx *sql.Tx) error {
			for _, owner := range chunk {
				if _, err := tx.ExecContext(ctx, `UPDATE feed SET weight = $2 WHERE owner = $1`, owner, weights[owner]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("store how much owners count: %w", err)
		}
	}
	return nil
}

// voice is when an owner first reported a story.
type voice struct {
	story, owner string
	at           int64
}

func scanVoice(rows *sql.Rows) (v voice, err error) {
	err = rows.Scan(&v.story, &v.owner, &v.at)
	return v, err
}

func weigh(voices []voice) map[string]float64 {
	slices.SortFunc(voices, func(x, y voice) int {
		return cmp.Or(cmp.Compare(x.story, y.story), cmp.Compare(x.at, y.at), cmp.Compare(x.owner, y.owner))
	})
	first, all := map[string]float64{}, map[string]float64{}
	var firsts, total float64
	for len(voices) > 0 {
		n := 1
		for n < len(voices) && voices[n].story == voices[0].story {
			n++
		}
		if n >= large {
			for i, v := range voices[:n] {
				all[v.owner]++
				if i < early {
					first[v.owner]++
				}
			}
			firsts, total = firsts+early, total+float64(n)
		}
		voices = voices[n:]
	}
	weights := make(map[string]float64, len(all))
	for owner, n := range all {
		usual := firsts / total
		share := (first[owner] + doubt*usual) / (n + doubt)
		weights[owner] = min(max(1+(odds(share)-odds(usual))/2, 0.5), 2)
	}
	return weights
}

// odds is the logarithm of the odds of a share.
func odds(share float64) float64 {
	share = min(max(share, 0.01), 0.99)
	return math.Log(share / (1 - share))
}
