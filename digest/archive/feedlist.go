package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"tidings/digest/database"
)

// AddFeed stores a feed that f.AddedBy added in a chat and that is due at once,
// and returns its id. One that is polled already, from this URL or after it
// moved from there, stays as it is: added is then false.
func (a *Archive) AddFeed(ctx context.Context, f Feed) (id string, added bool, err error) {
	err = a.db.Write(ctx, func(tx *sql.Tx) error {
		var retired int64
		err := tx.QueryRowContext(ctx, `SELECT id, retired FROM feed WHERE url = $1 OR origin_url = $1
			ORDER BY retired LIMIT 1`, f.URL).Scan(&id, &retired)
		switch {
		case err == nil && retired == 0:
			return nil
		case err == nil:
			added = true
			_, err = tx.ExecContext(ctx, `UPDATE feed SET outlet = $2, owner = $3, country = $4, language = $5, added_by = $6,
					retired = 0, next_poll = 0, failures = 0, failing_since = 0, fault = '', told = 0, gone = 0
				WHERE id = $1`, id, f.Outlet, f.Owner, f.Country, f.Language, f.AddedBy)
			return err
		case !errors.Is(err, sql.ErrNoRows):
			return err
		}
		id, added = ID("feed", f.URL), true
		_, err = tx.ExecContext(ctx, `INSERT INTO feed (id, url, outlet, owner, country, language, added_by)
			VALUES ($1, $2, $3, $4, $5, $6, $7)`, id, f.URL, f.Outlet, f.Owner, f.Country, f.Language, f.AddedBy)
		return err
	})
	if err != nil {
		return "", false, fmt.Errorf("add a feed: %w", err)
	}
	return id, added, nil
}

// RemoveFeed makes a feed that was added in a chat be no longer polled, or
// returns [ErrNoFeed] when there is none of that id. Its articles stay.
func (a *Archive) RemoveFeed(ctx context.Context, id string, now time.Time) error {
	err := a.db.Write(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `UPDATE feed SET retired = $2 WHERE id = $1 AND retired = 0 AND added_by <> ''`,
			id, database.Millis(now))
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, ErrNoFeed)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("remove a feed: %w", err)
	}
	return nil
}
