package subscriptions

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tidings/digest"
	"tidings/digest/database"
)

// Shown is what a chat remembers of these stories, by story id.
func (s *Store) Shown(ctx context.Context, c Chat, stories []string) (map[string]digest.Memory, error) {
	shown := map[string]digest.Memory{}
	for chunk := range slices.Chunk(stories, 500) {
		args := []any{c.String()}
		var in strings.Builder
		for _, id := range chunk {
			args = append(args, id)
			in.WriteString(",$" + strconv.Itoa(len(args)))
		}
		rows, err := s.db.Reader().QueryContext(ctx, `SELECT story_id, owners, sentences, at FROM shown
			WHERE chat_id = $1 AND story_id IN (`+in.String()[1:]+`)`, args...)
		if err != nil {
			return nil, fmt.Errorf("read what a chat was shown: %w", err)
		}
		if err := scanShown(rows, shown); err != nil {
			return nil, fmt.Errorf("read what a chat was shown: %w", err)
		}
	}
	return shown, nil
}

func scanShown(rows *sql.Rows, into map[string]digest.Memory) error {
	defer rows.Close()
	for rows.Next() {
		var id, sentences string
		var m digest.Memory
		var at int64
		if err := rows.Scan(&id, &m.Outlets, &sentences, &at); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(sentences), &m.Sentences); err != nil {
			return err
		}
		m.At = database.Time(at)
		into[id] = m
	}
	return rows.Err()
}

// maxSentences bounds what a chat remembers of one story.
const maxSentences = 40

// Remember stores, within a transaction, what a chat is shown of a story. The
// sentences are added to those it remembers.
func Remember(ctx context.Context, tx *sql.Tx, c Chat, story string, had, shows digest.Memory, at time.Time) error {
	said := append(slices.Clone(had.Sentences), shows.Sentences...)
	said = said[max(len(said)-maxSentences, 0):]
	sentences, err := json.Marshal(said)
	if err == nil {
		_, err = tx.ExecContext(ctx, `
			INSERT INTO shown (chat_id, story_id, owners, sentences, at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (chat_id, story_id) DO UPDATE SET owners = excluded.owners, sentences = excluded.sentences, at = excluded.at`,
			c.String(), story, shows.Outlets, string(sentences), database.Millis(at))
	}
	if err != nil {
		return fmt.Errorf("store what a chat is shown: %w", err)
	}
	return nil
}

// Forget removes what was shown, marked, picked or drafted before a time.
func (s *Store) Forget(ctx context.Context, before time.Time) error {
	for _, table := range []string{"shown", "story_mark", "pick", "draft"} {
		if err := s.write(ctx, "forget what is long past", `DELETE FROM `+table+` WHERE at < $1`, database.Millis(before)); err != nil {
			return err
		}
	}
	return nil
}
