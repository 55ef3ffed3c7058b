package archive

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"tidings/digest"
	"tidings/digest/database"
)

// TopicMatch says that an article belongs to a topic, and why.
type TopicMatch struct {
	TopicID   string
	ArticleID string // needed by [Archive.SaveMatches] only
	Seen      time.Time
	// Score is how much of the topic is in the article; Needed, how much it took.
	Score, Needed float64
	Terms         []digest.Term
}

const insertMatch = `
	INSERT INTO topic_article (topic_id, article_id, score, needed, terms, seen) VALUES ($1, $2, $3, $4, $5, $6)
	ON CONFLICT (topic_id, article_id) DO UPDATE SET score = excluded.score, needed = excluded.needed, terms = excluded.terms`

// saveMatch stores a match; insert is insertMatch.
func saveMatch(ctx context.Context, insert *sql.Stmt, m TopicMatch) error {
	terms, err := json.Marshal(m.Terms)
	if err != nil {
		return err
	}
	_, err = insert.ExecContext(ctx, m.TopicID, m.ArticleID, m.Score, m.Needed, string(terms), database.Millis(m.Seen))
	return err
}

// SaveMatches makes these be all the articles of a topic that were seen after
// a time. Until it returns, a digest may find some of both.
func (a *Archive) SaveMatches(ctx context.Context, topicID string, since time.Time, matches []TopicMatch) error {
	stays := make(map[string]bool, len(matches))
	for _, m := range matches {
		stays[m.ArticleID] = true
	}
	had, err := collect(ctx, a.db.Reader(), scanString, `SELECT article_id FROM topic_article WHERE topic_id = $1 AND seen > $2`,
		topicID, database.Millis(since))
	if err != nil {
		return fmt.Errorf("read the articles of a topic: %w", err)
	}
	left := slices.DeleteFunc(had, func(id string) bool { return stays[id] })
	for chunk := range slices.Chunk(matches, writeRows) {
		err = errors.Join(err, a.db.Write(ctx, func(tx *sql.Tx) error {
			insert, err := tx.PrepareContext(ctx, insertMatch)
			if err != nil {
				return err
			}
			for _, m := range chunk {
				if err := saveMatch(ctx, insert, m); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	for chunk := range slices.Chunk(left, writeRows) {
		err = errors.Join(err, a.db.Write(ctx, func(tx *sql.Tx) error {
			args := []any{topicID}
			_, err := tx.ExecContext(ctx, `DELETE FROM topic_article WHERE topic_id = $1 AND article_id IN (`+placeholders(&args, chunk)+`)`, args...)
			return err
		}))
	}
	if err != nil {
		return fmt.Errorf("store the articles of a topic: %w", err)
	}
	return nil
}

func scanString(rows *sql.Rows) (s string, err error) {
	err = rows.Scan(&s)
	return s, err
}

const articleColumns = `a.id, a.url, a.title, a.text, a.language, a.image, f.outlet, f.owner, f.country,
	f.weight, a.published, a.seen, a.story_id, a.copy_of`

func scanArticle(rows *sql.Rows, more ...any) (digest.Article, error) {
	var a digest.Article
	var published, seen int64
	into := []any{&a.ID, &a.URL, &a.Title, &a.Text, &a.Language, &a.Image, &a.Outlet, &a.Owner, &a.Country,
		&a.Weight, &published, &seen, &a.Story, &a.CopyOf}
	err := rows.Scan(append(into, more...)...)
	a.Published, a.Seen = database.Time(published), database.Time(seen)
	return a, err
}

// Articles gives every article seen after a time to f, oldest first.
func (a *Archive) Articles(ctx context.Context, since time.Time, f func(digest.Article) error) error {
	rows, err := a.db.Reader().QueryContext(ctx, `SELECT `+articleColumns+`
		FROM article a JOIN feed f ON f.id = a.feed_id WHERE a.seen > $1 ORDER BY a.seen, a.id`, database.Millis(since))
	if err != nil {
		return fmt.Errorf("read articles: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		article, err := scanArticle(rows)
		if err == nil {
			err = f(article)
		}
		if err != nil {
			return fmt.Errorf("read articles: %w", err)
		}
	}
	return rows.Err()
}

// Late is how long before its window an article may have been published that
// reached us only in the window.
const Late = 24 * time.Hour

// storyAge bounds how far before a window the articles of its stories are read.
const storyAge = 14 * 24 * time.Hour

// Candidates are the stories of which an article that matched the topic
// reached us after since and not after until, each with all its articles.
func (a *Archive) Candidates(ctx context.Context, topicID string, since, until time.Time) ([]digest.Candidate, error) {
	stories, err := collect(ctx, a.db.Reader(), scanString, `
		SELECT DISTINCT a.story_id FROM topic_article m JOIN article a ON a.id = m.article_id
		WHERE m.topic_id = $1 AND m.seen > $2 AND m.seen <= $3 AND a.published > $4`,
		topicID, database.Millis(since), database.Millis(until), database.Millis(since.Add(-Late)))
	if err != nil {
		return nil, fmt.Errorf("read the stories of a topic: %w", err)
	}
	slices.Sort(stories)
	var all []digest.Candidate
	for chunk := range slices.Chunk(stories, 200) {
		candidates, err := a.stories(ctx, topicID, chunk, since, until)
		if err != nil {
			return nil, fmt.Errorf("read the stories of a topic: %w", err)
		}
		all = append(all, candidates...)
	}
	return all, nil
}

func (a *Archive) stories(ctx context.Context, topicID string, ids []string, since, until time.Time) ([]digest.Candidate, error) {
	args := []any{topicID, database.Millis(until), database.Millis(since.Add(-storyAge))}
	rows, err := a.db.Reader().QueryContext(ctx, `
		SELECT `+articleColumns+`, coalesce(m.score, -1), coalesce(m.terms, '')
		FROM article a JOIN feed f ON f.id = a.feed_id
		LEFT JOIN topic_article m ON m.article_id = a.id AND m.topic_id = $1
		WHERE a.seen <= $2 AND a.seen > $3 AND a.story_id IN (`+placeholders(&args, ids)+`)`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	byStory := map[string]*digest.Candidate{}
	best := map[string]float64{}
	for rows.Next() {
		var score float64
		var terms string
		article, err := scanArticle(rows, &score, &terms)
		if err != nil {
			return nil, err
		}
		c := byStory[article.Story]
		if c == nil {
			c = &digest.Candidate{ID: article.Story, FirstSeen: article.Seen, Fit: map[string]float64{}}
			byStory[article.Story] = c
		}
		c.Articles = append(c.Articles, article)
		if score < 0 {
			continue
		}
		c.Fit[article.ID] = score
		if score > best[article.Story] {
			best[article.Story] = score
			c.Terms = nil
			if err := json.Unmarshal([]byte(terms), &c.Terms); err != nil {
				return nil, err
			}
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	candidates := make([]digest.Candidate, 0, len(byStory))
	for _, id := range ids {
		if c := byStory[id]; c != nil {
			slices.SortFunc(c.Articles, func(x, y digest.Article) int {
				return cmp.Or(x.Seen.Compare(y.Seen), cmp.Compare(x.ID, y.ID))
			})
			c.FirstSeen = c.Articles[0].Seen
			candidates = append(candidates, *c)
		}
	}
	return candidates, nil
}

// Move says that an article belongs to another story than was thought. CopyOf
// counts for [Archive.Place] only.
type Move struct{ Article, Story, CopyOf string }

// MoveArticles stores which stories articles belong to, in order.
func (a *Archive) MoveArticles(ctx context.Context, moves []Move) error {
	for chunk := range slices.Chunk(moves, writeRows) {
		err := a.db.Write(ctx, func(tx *sql.Tx) error {
			for _, m := range chunk {
				if _, err := tx.ExecContext(ctx, `UPDATE article SET story_id = $2 WHERE id = $1`, m.Article, m.Story); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("move articles to other stories: %w", err)
		}
	}
	return nil
}

// Place stores where articles belong that were grouped anew.
func (a *Archive) Place(ctx context.Context, moves []Move) error {
	for chunk := range slices.Chunk(moves, writeRows) {
		err := a.db.Write(ctx, func(tx *sql.Tx) error {
			for _, m := range chunk {
				_, err := tx.ExecContext(ctx, `UPDATE article SET story_id = $2, copy_of = $3 WHERE id = $1`, m.Article, m.Story, m.CopyOf)
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("place articles: %w", err)
		}
	}
	return nil
}

// Merge joins the story from into another, under whose id it is found from then on.
func (a *Archive) Merge(ctx context.Context, from, into string) error {
	return a.rename(ctx, "merge two stories", from, into,
		`UPDATE article SET story_id = $2 WHERE story_id = $1`,
		`UPDATE story SET merged = $2 WHERE merged = $1`,
		`INSERT INTO story (id, merged) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET merged = excluded.merged`,
		`INSERT INTO split (story_id, origin) SELECT $2, origin FROM split WHERE story_id = $1 ON CONFLICT DO NOTHING`)
}

// Split makes a story with the id of an article of another, whose articles are to
// be moved to it. What was told of that one was told of both.
func (a *Archive) Split(ctx context.Context, from, into string) error {
	return a.rename(ctx, "cut a story in two", from, into,
		`INSERT INTO split (story_id, origin) SELECT $2, id FROM story WHERE merged = $1 ON CONFLICT DO NOTHING`,
		`INSERT INTO split (story_id, origin) SELECT $2, origin FROM split WHERE story_id = $1 ON CONFLICT DO NOTHING`,
		`INSERT INTO split (story_id, origin) VALUES ($2, $1) ON CONFLICT DO NOTHING`,
		// The article may have been a story of its own that was merged.
		`DELETE FROM story WHERE id = $2 AND merged = $1`)
}

// rename runs statements about two stories in one transaction.
func (a *Archive) rename(ctx context.Context, what, from, into string, statements ...string) error {
	err := a.db.Write(ctx, func(tx *sql.Tx) error {
		for _, statement := range statements {
			if _, err := tx.ExecContext(ctx, statement, from, into); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// Names gives the other ids under which these stories may have been told: those of
// stories that were merged into them, and of stories from which they were cut off.
func (a *Archive) Names(ctx context.Context, stories []string) (map[string][]string, error) {
	return a.pairs(ctx, "read the names of stories", stories,
		`SELECT merged, id FROM story WHERE merged IN (%[1]s) UNION ALL SELECT story_id, origin FROM split WHERE story_id IN (%[1]s)`)
}

// Parts gives the stories that were cut off from these.
func (a *Archive) Parts(ctx context.Context, stories []string) (map[string][]string, error) {
	return a.pairs(ctx, "read the parts of stories", stories, `SELECT origin, story_id FROM split WHERE origin IN (%[1]s)`)
}

// pairs collects by the first column the second of a query for these stories.
func (a *Archive) pairs(ctx context.Context, what string, stories []string, query string) (map[string][]string, error) {
	found := map[string][]string{}
	for chunk := range slices.Chunk(stories, 500) {
		var args []any
		rows, err := collect(ctx, a.db.Reader(), func(rows *sql.Rows) (pair [2]string, err error) {
			err = rows.Scan(&pair[0], &pair[1])
			return pair, err
		}, fmt.Sprintf(query, placeholders(&args, chunk)), args...)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", what, err)
		}
		for _, pair := range rows {
			found[pair[0]] = append(found[pair[0]], pair[1])
		}
	}
	return found, nil
}
