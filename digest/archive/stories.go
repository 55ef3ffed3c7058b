package archive

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"tidings/digest"
	"tidings/digest/database"
)

// Current gives, for each story, the id under which it is found now: its own,
// or that of the story it was merged into.
func (a *Archive) Current(ctx context.Context, stories []string) ([]string, error) {
	current := slices.Clone(stories)
	for chunk := range slices.Chunk(current, 500) {
		var args []any
		pairs, err := collect(ctx, a.db.Reader(), func(rows *sql.Rows) (pair [2]string, err error) {
			err = rows.Scan(&pair[0], &pair[1])
			return pair, err
		}, `SELECT id, merged FROM story WHERE merged <> '' AND id IN (`+placeholders(&args, chunk)+`)`, args...)
		if err != nil {
			return nil, fmt.Errorf("follow the aliases of stories: %w", err)
		}
		for i, id := range chunk {
			for _, pair := range pairs {
				if pair[0] == id {
					chunk[i] = pair[1]
				}
			}
		}
	}
	return current, nil
}

// Stories are these stories, each with its articles of the last two weeks that
// reached us not after until, and how they fit a topic, which may be empty. A
// story that was merged comes under its present id; one without articles is
// left out, and so is one named twice.
func (a *Archive) Stories(ctx context.Context, topicID string, ids []string, until time.Time) ([]digest.Candidate, error) {
	current, err := a.Current(ctx, ids)
	if err != nil {
		return nil, err
	}
	var once []string
	for _, id := range current {
		if !slices.Contains(once, id) {
			once = append(once, id)
		}
	}
	var all []digest.Candidate
	for chunk := range slices.Chunk(once, 200) {
		candidates, err := a.stories(ctx, topicID, chunk, until, until)
		if err != nil {
			return nil, fmt.Errorf("read stories: %w", err)
		}
		all = append(all, candidates...)
	}
	return all, nil
}

// Biggest are the ids of at most limit stories with the most independent
// owners since a time, the biggest first.
func (a *Archive) Biggest(ctx context.Context, since time.Time, limit int) ([]string, error) {
	ids, err := collect(ctx, a.db.Reader(), func(rows *sql.Rows) (id string, err error) {
		var owners, articles int64
		err = rows.Scan(&id, &owners, &articles)
		return id, err
	}, `SELECT a.story_id, count(DISTINCT f.owner) AS owners, count(*) AS articles
		FROM article a JOIN feed f ON f.id = a.feed_id WHERE a.seen > $1 AND a.copy_of = ''
		GROUP BY a.story_id ORDER BY owners DESC, articles DESC, a.story_id LIMIT $2`, database.Millis(since), limit)
	if err != nil {
		return nil, fmt.Errorf("read the biggest stories: %w", err)
	}
	return ids, nil
}

// Titled are the ids of at most limit stories with an article since a time
// whose title [Has] the words; the newest first.
func (a *Archive) Titled(ctx context.Context, words string, since time.Time, limit int) ([]string, error) {
	if len(titleWords(words)) == 0 {
		return nil, nil
	}
	rows, err := a.db.Reader().QueryContext(ctx,
		`SELECT story_id, title FROM article WHERE seen > $1 ORDER BY seen DESC, id`, database.Millis(since))
	if err != nil {
		return nil, fmt.Errorf("look for a title: %w", err)
	}
	defer rows.Close()
	var found []string
	for len(found) < limit && rows.Next() {
		var id, title string
		if err := rows.Scan(&id, &title); err != nil {
			return nil, fmt.Errorf("look for a title: %w", err)
		}
		if !slices.Contains(found, id) && Has(title, words) {
			found = append(found, id)
		}
	}
	return found, rows.Err()
}

// Has reports whether a title has all the words, or words that begin so,
// whatever their case and the marks between them.
func Has(title, words string) bool {
	in := titleWords(title)
	for _, w := range titleWords(words) {
		if !slices.ContainsFunc(in, func(t string) bool { return strings.HasPrefix(t, w) }) {
			return false
		}
	}
	return true
}

func titleWords(s string) []string {
	return strings.FieldsFunc(Fold(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsNumber(r) })
}

// BestMatch is why a story belongs to a topic: the match of the article of it
// that has most of the topic, or [ErrNoTopic] when none has.
func (a *Archive) BestMatch(ctx context.Context, topicID, storyID string) (TopicMatch, error) {
	matches, err := collect(ctx, a.db.Reader(), func(rows *sql.Rows) (m TopicMatch, err error) {
		var seen int64
		var terms string
		if err = rows.Scan(&m.TopicID, &m.ArticleID, &seen, &m.Score, &m.Needed, &terms); err == nil {
			err = json.Unmarshal([]byte(terms), &m.Terms)
		}
		m.Seen = database.Time(seen)
		return m, err
	}, `SELECT m.topic_id, m.article_id, m.seen, m.score, m.needed, m.terms
		FROM topic_article m JOIN article a ON a.id = m.article_id
		WHERE m.topic_id = $1 AND a.story_id = $2 ORDER BY m.score DESC, m.article_id LIMIT 1`, topicID, storyID)
	switch {
	case err != nil:
		return TopicMatch{}, fmt.Errorf("read why a story belongs to a topic: %w", err)
	case len(matches) == 0:
		return TopicMatch{}, ErrNoTopic
	}
	return matches[0], nil
}
