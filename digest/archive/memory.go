package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Recall is what was stored under a name, or "".
func (a *Archive) Recall(ctx context.Context, name string) (string, error) {
	var value string
	err := a.db.Reader().QueryRowContext(ctx, `SELECT value FROM memory WHERE name = $1`, name).Scan(&value)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("recall %s: %w", name, err)
	}
	return value, nil
}

// Remember stores a value under a name.
func (a *Archive) Remember(ctx context.Context, name, value string) error {
	err := a.db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO memory (name, value) VALUES ($1, $2)
			ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
		return err
	})
	if err != nil {
		return fmt.Errorf("remember %s: %w", name, err)
	}
	return nil
}
