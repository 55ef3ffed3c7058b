package subscriptions

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"tidings/digest/database"
)

// Adopt makes a chat's vote on an article be the topic's own, which counts for
// everyone who gets the topic, or returns [ErrNone] when there is no such vote.
func (s *Store) Adopt(ctx context.Context, c Chat, topic, article string) error {
	err := s.db.Write(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `
			INSERT INTO topic_vote (topic_id, article_id, more, at)
			SELECT topic_id, article_id, more, at FROM vote WHERE chat_id = $1 AND topic_id = $2 AND article_id = $3
			ON CONFLICT (topic_id, article_id) DO UPDATE SET more = excluded.more, at = excluded.at`, c.String(), topic, article)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, ErrNone)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("take a vote over into a topic: %w", err)
	}
	return nil
}

// TopicVotes are the votes that a topic has adopted, oldest first.
func (s *Store) TopicVotes(ctx context.Context, topic string) ([]Vote, error) {
	return query(ctx, s.db.Reader(), "read the votes of a topic", func(rows *sql.Rows) (v Vote, err error) {
		var more, at int64
		err = rows.Scan(&v.Topic, &v.Article, &more, &at)
		v.More, v.At = more != 0, database.Time(at)
		return v, err
	}, `SELECT topic_id, article_id, more, at FROM topic_vote WHERE topic_id = $1 ORDER BY at, article_id`, topic)
}

// Disown takes one of a topic's own votes back; of an empty article, all.
func (s *Store) Disown(ctx context.Context, topic, article string) error {
	return s.write(ctx, "take a topic's vote back", `DELETE FROM topic_vote WHERE topic_id = $1 AND (article_id = $2 OR $2 = '')`, topic, article)
}
