package subscriptions

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"tidings/digest/database"
)

// Subscription says that a chat wants a topic, and when.
type Subscription struct {
	ID       string
	Chat     Chat
	TopicID  string
	Schedule string // as schedule.Parse reads it; its zone is the chat's
	// Covered is the end of the window of the last edition, or zero.
	Covered time.Time
	NextDue time.Time
	Created time.Time
}

// Store keeps chats and subscriptions. It is safe for concurrent use.
type Store struct {
	db *database.DB
}

// New is the store in db.
func New(db *database.DB) *Store { return &Store{db: db} }

// ErrNone says that there is no such chat or subscription.
var ErrNone = errors.New("no such subscription")

// Meet stores that a chat exists and that it can be written to again.
func (s *Store) Meet(ctx context.Context, c Chat, kind, title string, now time.Time) error {
	err := s.db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO chat (id, platform, kind, title, created) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, title = excluded.title, closed = ''`,
			c.String(), c.Platform, kind, title, database.Millis(now))
		return err
	})
	if err != nil {
		return fmt.Errorf("store a chat: %w", err)
	}
	return nil
}

// Close stores why nothing can be sent to a chat. Its subscriptions stay and
// wait until it is met again.
func (s *Store) Close(ctx context.Context, c Chat, why string) error {
	err := s.db.Write(ctx, func(tx *sql.Tx) error { return CloseChat(ctx, tx, c, why) })
	if err != nil {
		return fmt.Errorf("store that a chat is closed: %w", err)
	}
	return nil
}

// CloseChat is [Store.Close] within a transaction. A Telegram chat without a
// thread stands for all its threads.
func CloseChat(ctx context.Context, tx *sql.Tx, c Chat, why string) error {
	_, err := tx.ExecContext(ctx, `UPDATE chat SET closed = $3 WHERE id = $1 OR substr(id, 1, length($2)) = $2`,
		c.String(), threads(c), why)
	return err
}

// threads is how the ids of a chat's threads begin; of a thread, what no id begins with.
func threads(c Chat) string {
	if c.Thread != "" {
		return "\x01"
	}
	return c.String() + "/"
}

const subscriptionColumns = `id, chat_id, topic_id, schedule, covered, next_due, created`

func (s *Store) list(ctx context.Context, text string, args ...any) ([]Subscription, error) {
	return query(ctx, s.db.Reader(), "read subscriptions", func(rows *sql.Rows) (sub Subscription, err error) {
		var chat string
		var covered, next, created int64
		err = rows.Scan(&sub.ID, &chat, &sub.TopicID, &sub.Schedule, &covered, &next, &created)
		sub.Chat, _ = ParseChat(chat)
		sub.Covered, sub.NextDue, sub.Created = database.Time(covered), database.Time(next), database.Time(created)
		return sub, err
	}, text, args...)
}

// Of are the subscriptions of a chat, oldest first.
func (s *Store) Of(ctx context.Context, c Chat) ([]Subscription, error) {
	return s.list(ctx, `SELECT `+subscriptionColumns+` FROM subscription WHERE chat_id = $1 ORDER BY created, id`, c.String())
}

// Subscribers are the subscriptions to a topic.
func (s *Store) Subscribers(ctx context.Context, topicID string) ([]Subscription, error) {
	return s.list(ctx, `SELECT `+subscriptionColumns+` FROM subscription WHERE topic_id = $1 ORDER BY created, id`, topicID)
}

// Due are at most limit subscriptions that are due in chats that can be written
// to and are not paused, the longest due first; those of a topic come together.
func (s *Store) Due(ctx context.Context, now time.Time, limit int) ([]Subscription, error) {
	return s.list(ctx, `SELECT `+subscriptionColumns+` FROM subscription
		WHERE next_due <= $1 AND NOT EXISTS (SELECT 1 FROM chat WHERE chat.id = chat_id AND (chat.closed <> '' OR chat.paused > $1))
		ORDER BY next_due, topic_id, id LIMIT $2`, database.Millis(now), limit)
}

// NextDue is when each topic is due next, by its id.
func (s *Store) NextDue(ctx context.Context) (map[string]time.Time, error) {
	rows, err := s.db.Reader().QueryContext(ctx, `SELECT topic_id, min(next_due) FROM subscription GROUP BY topic_id`)
	if err != nil {
		return nil, fmt.Errorf("read when topics are due: %w", err)
	}
	defer rows.Close()
	due := map[string]time.Time{}
	for rows.Next() {
		var id string
		var next int64
		if err := rows.Scan(&id, &next); err != nil {
			return nil, fmt.Errorf("read when topics are due: %w", err)
		}
		due[id] = database.Time(next)
	}
	return due, rows.Err()
}

// Subscribe stores that a chat wants a topic. A chat that has the topic
// already gets the new schedule; changed then holds what it had.
func (s *Store) Subscribe(ctx context.Context, sub Subscription) (now Subscription, changed *Subscription, err error) {
	sub.ID = strings.ToLower(rand.Text()[:16])
	err = s.db.Write(ctx, func(tx *sql.Tx) error {
		had := Subscription{Chat: sub.Chat, TopicID: sub.TopicID}
		var next int64
		err := tx.QueryRowContext(ctx, `SELECT id, schedule, next_due FROM subscription WHERE chat_id = $1 AND topic_id = $2`,
			sub.Chat.String(), sub.TopicID).Scan(&had.ID, &had.Schedule, &next)
		switch {
		case err == nil:
			had.NextDue, sub.ID = database.Time(next), had.ID
			changed = &had
		case !errors.Is(err, sql.ErrNoRows):
			return err
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO subscription (`+subscriptionColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (chat_id, topic_id) DO UPDATE SET schedule = excluded.schedule, next_due = excluded.next_due`,
			sub.ID, sub.Chat.String(), sub.TopicID, sub.Schedule, database.Millis(sub.Covered),
			database.Millis(sub.NextDue), database.Millis(sub.Created))
		return err
	})
	if err != nil {
		return sub, nil, fmt.Errorf("store a subscription: %w", err)
	}
	return sub, changed, nil
}

// Unsubscribe removes a chat's subscription, or returns [ErrNone].
func (s *Store) Unsubscribe(ctx context.Context, c Chat, topicID string) error {
	err := s.db.Write(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `DELETE FROM subscription WHERE chat_id = $1 AND topic_id = $2`, c.String(), topicID)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, ErrNone)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("remove a subscription: %w", err)
	}
	return nil
}

// Advance moves a subscription on to its next time within a transaction, and
// reports whether it was this call that did: of several that saw the same due
// time, one.
func Advance(ctx context.Context, tx *sql.Tx, sub Subscription, covered, next time.Time) (bool, error) {
	result, err := tx.ExecContext(ctx, `UPDATE subscription SET next_due = $3, covered = $4 WHERE id = $1 AND next_due = $2`,
		sub.ID, database.Millis(sub.NextDue), database.Millis(next), database.Millis(covered))
	if err != nil {
		return false, fmt.Errorf("move a subscription on: %w", err)
	}
	n, err := result.RowsAffected()
	return n == 1, err
}
