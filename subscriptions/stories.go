package subscriptions

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"tidings/digest/database"
)

// Entry is one numbered story of the page that a chat saw last.
type Entry struct {
	Topic string `json:"topic,omitempty"` // empty for top stories
	Story string `json:"story"`
	Title string `json:"title"`
	// Since and Until are the window of the digest.
	Since time.Time `json:"since"`
	Until time.Time `json:"until"`
	// Known reports whether the chat had been shown the story before.
	Known bool `json:"known,omitempty"`
}

// SavePage stores, within a transaction, what the numbers in a chat that was
// met stand for from now on.
func SavePage(ctx context.Context, tx *sql.Tx, c Chat, page []Entry) error {
	text, err := json.Marshal(page)
	if err == nil {
		_, err = tx.ExecContext(ctx, `UPDATE chat SET page = $2 WHERE id = $1`, c.String(), string(text))
	}
	if err != nil {
		return fmt.Errorf("store what a chat sees: %w", err)
	}
	return nil
}

// SavePage is [SavePage] in a transaction of its own.
func (s *Store) SavePage(ctx context.Context, c Chat, page []Entry) error {
	return s.db.Write(ctx, func(tx *sql.Tx) error { return SavePage(ctx, tx, c, page) })
}

// Page is what the numbers in a chat stand for: those of the digest that it saw last.
func (s *Store) Page(ctx context.Context, c Chat) ([]Entry, error) {
	var text string
	err := s.db.Reader().QueryRowContext(ctx, `SELECT page FROM chat WHERE id = $1`, c.String()).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) || err == nil && text == "" {
		return nil, nil
	}
	var page []Entry
	if err == nil {
		err = json.Unmarshal([]byte(text), &page)
	}
	if err != nil {
		return nil, fmt.Errorf("read what a chat sees: %w", err)
	}
	return page, nil
}

// The marks of a story in a chat.
const (
	Follow = "follow"
	Mute   = "mute"
)

// Mark is what a chat wants of one story.
type Mark struct {
	Story string
	// Topic is the topic in whose digests a followed story comes, or empty for any.
	Topic string
	Mark  string // Follow or Mute
	At    time.Time
}

// MarkStory stores what a chat that was met wants of a story; an empty mark
// takes it back.
func (s *Store) MarkStory(ctx context.Context, c Chat, m Mark) error {
	if m.Mark == "" {
		return s.write(ctx, "remove a mark", `DELETE FROM story_mark WHERE chat_id = $1 AND story_id = $2`, c.String(), m.Story)
	}
	return s.write(ctx, "mark a story", `
		INSERT INTO story_mark (chat_id, story_id, topic_id, mark, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (chat_id, story_id) DO UPDATE SET topic_id = excluded.topic_id, mark = excluded.mark, at = excluded.at`,
		c.String(), m.Story, m.Topic, m.Mark, database.Millis(m.At))
}

// Marks are the marks of a chat, newest first.
func (s *Store) Marks(ctx context.Context, c Chat) ([]Mark, error) {
	return query(ctx, s.db.Reader(), "read the marks of a chat", func(rows *sql.Rows) (m Mark, err error) {
		var at int64
		err = rows.Scan(&m.Story, &m.Topic, &m.Mark, &at)
		m.At = database.Time(at)
		return m, err
	}, `SELECT story_id, topic_id, mark, at FROM story_mark WHERE chat_id = $1 ORDER BY at DESC, story_id`, c.String())
}

// Vote says that a chat wants more or less like an article in a topic.
type Vote struct {
	Topic   string
	Article string
	More    bool
	At      time.Time
}

// Divide returns the ids of the articles that votes like, and of those that they
// do not.
func Divide(votes []Vote) (liked, disliked []string) {
	for _, v := range votes {
		if v.More {
			liked = append(liked, v.Article)
		} else {
			disliked = append(disliked, v.Article)
		}
	}
	return liked, disliked
}

// Vote stores a vote of a chat that was met, in place of an earlier one on the
// same article.
func (s *Store) Vote(ctx context.Context, c Chat, v Vote) error {
	return s.write(ctx, "store a vote", `
		INSERT INTO vote (chat_id, topic_id, article_id, more, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (chat_id, topic_id, article_id) DO UPDATE SET more = excluded.more, at = excluded.at`,
		c.String(), v.Topic, v.Article, number(v.More), database.Millis(v.At))
}

// Unvote takes a vote back.
func (s *Store) Unvote(ctx context.Context, c Chat, topic, article string) error {
	return s.write(ctx, "take a vote back", `DELETE FROM vote WHERE chat_id = $1 AND topic_id = $2 AND article_id = $3`,
		c.String(), topic, article)
}

// ForgetVotes takes back all votes of a chat in a topic; of an empty topic, in all.
func (s *Store) ForgetVotes(ctx context.Context, c Chat, topic string) error {
	return s.write(ctx, "forget the votes of a chat", `DELETE FROM vote WHERE chat_id = $1 AND (topic_id = $2 OR $2 = '')`, c.String(), topic)
}

// Votes are a chat's votes in a topic, oldest first; of an empty topic, in all.
func (s *Store) Votes(ctx context.Context, c Chat, topic string) ([]Vote, error) {
	return query(ctx, s.db.Reader(), "read the votes of a chat", func(rows *sql.Rows) (v Vote, err error) {
		var more, at int64
		err = rows.Scan(&v.Topic, &v.Article, &more, &at)
		v.More, v.At = more != 0, database.Time(at)
		return v, err
	}, `SELECT topic_id, article_id, more, at FROM vote WHERE chat_id = $1 AND (topic_id = $2 OR $2 = '') ORDER BY at, article_id`,
		c.String(), topic)
}

// Pick puts a story above all others in /top.
func (s *Store) Pick(ctx context.Context, story, by string, at time.Time) error {
	return s.write(ctx, "pick a story", `INSERT INTO pick (story_id, by_user, at) VALUES ($1, $2, $3)
		ON CONFLICT (story_id) DO UPDATE SET at = excluded.at, by_user = excluded.by_user`, story, by, database.Millis(at))
}

// Unpick takes a pick back.
func (s *Store) Unpick(ctx context.Context, story string) error {
	return s.write(ctx, "take a pick back", `DELETE FROM pick WHERE story_id = $1`, story)
}

// Picks are the stories picked since a time, the newest first.
func (s *Store) Picks(ctx context.Context, since time.Time) ([]string, error) {
	return query(ctx, s.db.Reader(), "read the picks", func(rows *sql.Rows) (id string, err error) {
		err = rows.Scan(&id)
		return id, err
	}, `SELECT story_id FROM pick WHERE at > $1 ORDER BY at DESC, story_id`, database.Millis(since))
}

// SaveDraft keeps what somebody has not yet decided about, under an id.
func (s *Store) SaveDraft(ctx context.Context, id, text string, at time.Time) error {
	return s.write(ctx, "keep a draft", `INSERT INTO draft (id, text, at) VALUES ($1, $2, $3)
		ON CONFLICT (id) DO UPDATE SET text = excluded.text, at = excluded.at`, id, text, database.Millis(at))
}

// Draft is what was kept under an id, or [ErrNone].
func (s *Store) Draft(ctx context.Context, id string) (text string, err error) {
	err = s.db.Reader().QueryRowContext(ctx, `SELECT text FROM draft WHERE id = $1`, id).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return "", ErrNone
	}
	if err != nil {
		return "", fmt.Errorf("read a draft: %w", err)
	}
	return text, nil
}

// query runs a query and scans every row.
func query[T any](ctx context.Context, db *sql.DB, what string, scan func(*sql.Rows) (T, error), text string, args ...any) ([]T, error) {
	rows, err := db.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", what, err)
		}
		all = append(all, one)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	return all, nil
}
