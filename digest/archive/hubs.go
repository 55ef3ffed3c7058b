package archive

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"tidings/digest/database"
)

// ToSubscribe are at most limit feeds with a hub that brings their news at most
// until a time, and was last asked to before another.
func (a *Archive) ToSubscribe(ctx context.Context, until, asked time.Time, limit int) ([]Feed, error) {
	return a.feeds(ctx, `SELECT `+feedColumns+` FROM feed
		WHERE retired = 0 AND gone = 0 AND hub <> '' AND leased < $1 AND hub_asked < $2 ORDER BY leased, id LIMIT $3`,
		database.Millis(until), database.Millis(asked), limit)
}

// HubAsked stores that a feed's hub is asked to bring its news.
func (a *Archive) HubAsked(ctx context.Context, feedID string, now time.Time) error {
	return a.setFeed(ctx, feedID, "hub_asked", database.Millis(now))
}

// Lease stores until when a hub brings a feed's news.
func (a *Archive) Lease(ctx context.Context, feedID string, until time.Time) error {
	return a.setFeed(ctx, feedID, "leased", database.Millis(until))
}

// setFeed stores one number of a feed.
func (a *Archive) setFeed(ctx context.Context, feedID, column string, value int64) error {
	err := a.db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE feed SET `+column+` = $2 WHERE id = $1`, feedID, value)
		return err
	})
	if err != nil {
		return fmt.Errorf("store %s of a feed: %w", column, err)
	}
	return nil
}
