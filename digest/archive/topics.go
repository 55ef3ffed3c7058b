package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"tidings/digest"
	"tidings/digest/database"
)

// Fold is a topic's name as it is compared: without case, with single spaces.
func Fold(name string) string {
	return cases.Fold().String(norm.NFKC.String(strings.Join(strings.Fields(name), " ")))
}

const topicColumns = `id, name, query, description, languages, feeds, schedule, strictness, origin, created, retired`

func scanTopic(rows *sql.Rows) (digest.Topic, error) {
	var t digest.Topic
	var languages, feeds string
	var created, retired int64
	err := rows.Scan(&t.ID, &t.Name, &t.Query, &t.Description, &languages, &feeds, &t.Schedule, &t.Strictness, &t.Origin, &created, &retired)
	t.Languages = strings.FieldsFunc(languages, func(r rune) bool { return r == ',' })
	t.Feeds = strings.FieldsFunc(feeds, func(r rune) bool { return r == '\n' })
	t.Created, t.Retired = database.Time(created), database.Time(retired)
	return t, err
}

// Topics are the topics that are not retired, by name.
func (a *Archive) Topics(ctx context.Context) ([]digest.Topic, error) {
	topics, err := collect(ctx, a.db.Reader(), scanTopic, `SELECT `+topicColumns+` FROM topic WHERE retired = 0`)
	if err != nil {
		return nil, fmt.Errorf("read the topics: %w", err)
	}
	slices.SortFunc(topics, func(x, y digest.Topic) int { return strings.Compare(Fold(x.Name), Fold(y.Name)) })
	return topics, nil
}

// ErrNoTopic says that there is no such topic.
var ErrNoTopic = errors.New("no such topic")

// Topic is the topic with an id, retired or not, or [ErrNoTopic].
func (a *Archive) Topic(ctx context.Context, id string) (digest.Topic, error) {
	return a.topic(ctx, `SELECT `+topicColumns+` FROM topic WHERE id = $1`, id)
}

// TopicNamed is the topic with a name, in any case, that is not retired, or [ErrNoTopic].
func (a *Archive) TopicNamed(ctx context.Context, name string) (digest.Topic, error) {
	return a.topic(ctx, `SELECT `+topicColumns+` FROM topic WHERE folded = $1 AND retired = 0`, Fold(name))
}

func (a *Archive) topic(ctx context.Context, query, arg string) (digest.Topic, error) {
	topics, err := collect(ctx, a.db.Reader(), scanTopic, query, arg)
	switch {
	case err != nil:
		return digest.Topic{}, fmt.Errorf("read a topic: %w", err)
	case len(topics) == 0:
		return digest.Topic{}, ErrNoTopic
	}
	return topics[0], nil
}

// SaveTopic stores a topic, in place of one with the same name. The id it is
// kept under is returned; a topic keeps its id for ever.
func (a *Archive) SaveTopic(ctx context.Context, t digest.Topic) (id string, err error) {
	err = a.db.Write(ctx, func(tx *sql.Tx) error {
		id, err = saveTopic(ctx, tx, t)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("store the topic %q: %w", t.Name, err)
	}
	return id, nil
}

func saveTopic(ctx context.Context, tx *sql.Tx, t digest.Topic) (id string, err error) {
	err = tx.QueryRowContext(ctx, `
		INSERT INTO topic (id, name, folded, query, description, languages, feeds, schedule, strictness, origin, created)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (folded) DO UPDATE SET name = excluded.name, query = excluded.query,
			description = excluded.description, languages = excluded.languages, feeds = excluded.feeds,
			schedule = excluded.schedule, strictness = excluded.strictness, origin = excluded.origin, retired = 0
		RETURNING id`,
		ID("topic", Fold(t.Name), t.Created.String()), t.Name, Fold(t.Name), t.Query, t.Description,
		strings.Join(t.Languages, ","), strings.Join(t.Feeds, "\n"), t.Schedule, t.Strictness, t.Origin, database.Millis(t.Created)).Scan(&id)
	return id, err
}

// Renamed says that a topic of the configuration was called something else.
type Renamed struct{ Was, Name string }

// ReconcileTopics makes the topics of the configuration be these, by name, and
// returns those that left it: they are retired. Topics made in chats stay.
func (a *Archive) ReconcileTopics(ctx context.Context, topics []digest.Topic, renamed []Renamed, now time.Time) (left []digest.Topic, err error) {
	err = a.db.Write(ctx, func(tx *sql.Tx) error {
		for _, r := range renamed {
			_, err := tx.ExecContext(ctx, `UPDATE topic SET name = $2, folded = $3 WHERE folded = $1 AND origin = $4
				AND NOT EXISTS (SELECT 1 FROM topic other WHERE other.folded = $3)`,
				Fold(r.Was), r.Name, Fold(r.Name), digest.FromConfig)
			if err != nil {
				return err
			}
		}
		stays := map[string]bool{}
		for _, t := range topics {
			t.Origin, t.Created = digest.FromConfig, now
			if _, err := saveTopic(ctx, tx, t); err != nil {
				return err
			}
			stays[Fold(t.Name)] = true
		}
		left, err = retireOthers(ctx, tx, stays, now)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("take over the configured topics: %w", err)
	}
	return left, nil
}

func retireOthers(ctx context.Context, tx *sql.Tx, stays map[string]bool, now time.Time) ([]digest.Topic, error) {
	rows, err := tx.QueryContext(ctx, `SELECT `+topicColumns+` FROM topic WHERE retired = 0 AND origin = $1`, digest.FromConfig)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var left []digest.Topic
	for rows.Next() {
		t, err := scanTopic(rows)
		if err != nil {
			return nil, err
		}
		if !stays[Fold(t.Name)] {
			left = append(left, t)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for _, t := range left {
		if _, err := tx.ExecContext(ctx, `UPDATE topic SET retired = $2 WHERE id = $1`, t.ID, database.Millis(now)); err != nil {
			return nil, err
		}
	}
	return left, nil
}
