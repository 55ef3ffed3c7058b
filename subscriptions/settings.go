package subscriptions

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"tidings/digest/database"
)

// Settings are what is known of a chat beside its subscriptions.
type Settings struct {
	Chat  Chat
	Kind  string // as bot.Kind
	Title string
	Zone  string // IANA name, or empty for the configured default
	// Length is "short", "long", or empty for neither.
	Length string
	// Language is the one in which a model tells stories, ISO 639-1, or empty for
	// that of the sources.
	Language string
	// Quiet are the hours without a sound, as schedule.ParseQuiet reads them, or empty.
	Quiet string
	// Silence asks to send nothing when there is nothing new.
	Silence bool
	// Pictures asks for pictures.
	Pictures bool
	// Paused is the time before which no digest comes, or zero.
	Paused time.Time
	// Closed says why nothing can be sent there, or is empty.
	Closed string
}

// The lengths of a digest beside the usual one.
const (
	Short = "short"
	Long  = "long"
)

// Settings are what is known of a chat; of one that was never met, only its name.
func (s *Store) Settings(ctx context.Context, c Chat) (Settings, error) {
	set := Settings{Chat: c}
	var silence, pictures, paused int64
	err := s.db.Reader().QueryRowContext(ctx, `
		SELECT kind, title, zone, length, language, quiet, silence, pictures, paused, closed FROM chat WHERE id = $1`, c.String()).
		Scan(&set.Kind, &set.Title, &set.Zone, &set.Length, &set.Language, &set.Quiet, &silence, &pictures, &paused, &set.Closed)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return set, fmt.Errorf("read the settings of a chat: %w", err)
	}
	set.Silence, set.Pictures, set.Paused = silence != 0, pictures != 0, database.Time(paused)
	return set, nil
}

// Set stores the length, language, quiet hours, silence and pictures of a chat
// that was met.
func (s *Store) Set(ctx context.Context, set Settings) error {
	return s.write(ctx, "store the settings of a chat",
		`UPDATE chat SET length = $2, quiet = $3, silence = $4, pictures = $5, language = $6 WHERE id = $1`,
		set.Chat.String(), set.Length, set.Quiet, number(set.Silence), number(set.Pictures), set.Language)
}

// Pause keeps digests from a chat that was met until a time. A time that is
// past ends the pause: what was due before it is passed over.
func (s *Store) Pause(ctx context.Context, c Chat, until time.Time) error {
	return s.write(ctx, "store a chat's pause", `UPDATE chat SET paused = $2 WHERE id = $1`, c.String(), database.Millis(until))
}

// write runs one statement in a transaction.
func (s *Store) write(ctx context.Context, what, statement string, args ...any) error {
	err := s.db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, statement, args...)
		return err
	})
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

func number(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// SetZone stores a chat's zone and when its subscriptions are due in it, by id.
func (s *Store) SetZone(ctx context.Context, c Chat, zone string, due map[string]time.Time) error {
	err := s.db.Write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE chat SET zone = $2 WHERE id = $1`, c.String(), zone); err != nil {
			return err
		}
		for id, next := range due {
			if _, err := tx.ExecContext(ctx, `UPDATE subscription SET next_due = $2 WHERE id = $1`, id, database.Millis(next)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("store a chat's zone: %w", err)
	}
	return nil
}
