package archive

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"tidings/digest"
	"tidings/digest/database"
)

// TopicsOf are the topics that are not retired and have one of these origins
// or ids, by name.
func (a *Archive) TopicsOf(ctx context.Context, origins, ids []string) ([]digest.Topic, error) {
	var args []any
	where := `origin IN (` + placeholders(&args, origins) + `)`
	if len(ids) > 0 {
		where += ` OR id IN (` + placeholders(&args, ids) + `)`
	}
	topics, err := collect(ctx, a.db.Reader(), scanTopic, `SELECT `+topicColumns+` FROM topic WHERE retired = 0 AND (`+where+`)`, args...)
	if err != nil {
		return nil, fmt.Errorf("read the topics: %w", err)
	}
	slices.SortFunc(topics, func(x, y digest.Topic) int { return strings.Compare(Fold(x.Name), Fold(y.Name)) })
	return topics, nil
}

// RetireTopic makes a topic be no longer offered.
func (a *Archive) RetireTopic(ctx context.Context, id string, now time.Time) error {
	err := a.db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE topic SET retired = $2 WHERE id = $1 AND retired = 0`, id, database.Millis(now))
		return err
	})
	if err != nil {
		return fmt.Errorf("retire a topic: %w", err)
	}
	return nil
}
