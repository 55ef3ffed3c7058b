package archive

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"tidings/digest"
	"tidings/digest/database"
)

// Words are what an article can be found by: tokens of letters and digits of
// ASCII that begin with a letter, each once.
type Words struct {
	ArticleID string
	Tokens    []string
}

// Unindexed are at most limit articles that cannot be found by their words yet.
func (a *Archive) Unindexed(ctx context.Context, limit int) ([]digest.Article, error) {
	return a.articles(ctx, `SELECT `+articleColumns+` FROM article a JOIN feed f ON f.id = a.feed_id WHERE a.indexed = 0 LIMIT $1`, limit)
}

// Index makes articles be found by their words.
func (a *Archive) Index(ctx context.Context, articles []Words) error {
	err := a.db.Write(ctx, func(tx *sql.Tx) error {
		ids := make([]string, len(articles))
		for i, w := range articles {
			ids[i] = w.ArticleID
		}
		var args []any
		_, err := tx.ExecContext(ctx, `UPDATE article SET indexed = 1 WHERE id IN (`+placeholders(&args, ids)+`)`, args...)
		if err != nil {
			return err
		}
		if a.db.Engine() == database.Postgres {
			return indexPostgres(ctx, tx, articles)
		}
		return indexSQLite(ctx, tx, articles)
	})
	if err != nil {
		return fmt.Errorf("index articles: %w", err)
	}
	return nil
}

func indexPostgres(ctx context.Context, tx *sql.Tx, articles []Words) error {
	for _, w := range articles {
		_, err := tx.ExecContext(ctx, `INSERT INTO article_words (article_id, words)
			VALUES ($1, array_to_tsvector(string_to_array($2, ' '))) ON CONFLICT (article_id) DO NOTHING`,
			w.ArticleID, strings.Join(w.Tokens, " "))
		if err != nil {
			return err
		}
	}
	return nil
}

// indexSQLite numbers the articles first and adds all their words by one
// statement: the full-text index is written out at the end of each.
func indexSQLite(ctx context.Context, tx *sql.Tx, articles []Words) error {
	number, err := tx.PrepareContext(ctx, `INSERT INTO article_number (article_id) VALUES ($1)`)
	if err != nil {
		return err
	}
	defer number.Close()
	args := make([]any, 0, 2*len(articles))
	for _, w := range articles {
		result, err := number.ExecContext(ctx, w.ArticleID)
		if err != nil {
			return err
		}
		id, err := result.LastInsertId()
		if err != nil {
			return err
		}
		args = append(args, id, strings.Join(w.Tokens, " "))
	}
	rows := strings.Repeat(", (?, ?)", len(articles))
	_, err = tx.ExecContext(ctx, `INSERT INTO article_words (rowid, words) VALUES `+rows[2:], args...)
	return err
}

// unindex forgets the words of articles.
func (a *Archive) unindex(ctx context.Context, tx *sql.Tx, ids []string) error {
	var args []any
	in := placeholders(&args, ids)
	if a.db.Engine() == database.Postgres {
		_, err := tx.ExecContext(ctx, `DELETE FROM article_words WHERE article_id IN (`+in+`)`, args...)
		return err
	}
	for _, statement := range []string{
		`DELETE FROM article_words WHERE rowid IN (SELECT number FROM article_number WHERE article_id IN (` + in + `))`,
		`DELETE FROM article_number WHERE article_id IN (` + in + `)`,
	} {
		if _, err := tx.ExecContext(ctx, statement, args...); err != nil {
			return err
		}
	}
	return nil
}

// Search are at most limit articles seen after a time that have any of the
// tokens, those first that have more and rarer ones. It finds candidates for a
// query; the query decides. With feeds, as in the functions below, only articles
// are found that one of the feeds with these URLs brought.
func (a *Archive) Search(ctx context.Context, tokens, feeds []string, since time.Time, limit int) ([]digest.Article, error) {
	if len(tokens) == 0 {
		return nil, nil
	}
	find := `SELECT w.article_id FROM (SELECT n.article_id, w.rank AS worth FROM article_words w JOIN article_number n ON n.number = w.rowid
		WHERE w.article_words MATCH $1) w`
	separator := " OR "
	if a.db.Engine() == database.Postgres {
		separator = " | "
		find = `SELECT w.article_id FROM (SELECT article_id, -ts_rank(words, q) AS worth FROM article_words, to_tsquery('simple', $1) q
			WHERE words @@ q) w`
	}
	args := []any{strings.Join(tokens, separator), limit}
	if len(feeds) > 0 {
		find += ` WHERE EXISTS (SELECT 1 FROM article a WHERE a.id = w.article_id` + from(&args, feeds) + `)`
	}
	ids, err := collect(ctx, a.db.Reader(), scanString, find+` ORDER BY w.worth LIMIT $2`, args...)
	if err != nil {
		return nil, fmt.Errorf("search articles: %w", err)
	}
	return a.articlesOf(ctx, "a.id", ids, nil, since)
}

// from is the condition that one of the feeds with these URLs, configured or
// followed to, brought an article; without any, there is none.
func from(args *[]any, feeds []string) string {
	if len(feeds) == 0 {
		return ""
	}
	in := placeholders(args, feeds)
	wanted := `(SELECT id FROM feed WHERE url IN (` + in + `) OR origin_url IN (` + in + `))`
	return ` AND (a.feed_id IN ` + wanted + ` OR EXISTS (
		SELECT 1 FROM brought b WHERE b.article_id = a.id AND b.feed_id IN ` + wanted + `))`
}

// OfStories are the articles of stories that were seen after a time.
func (a *Archive) OfStories(ctx context.Context, stories, feeds []string, since time.Time) ([]digest.Article, error) {
	return a.articlesOf(ctx, "a.story_id", stories, feeds, since)
}

// Matched are at most limit articles of a topic seen after a time, newest first.
func (a *Archive) Matched(ctx context.Context, topicID string, feeds []string, since time.Time, limit int) ([]digest.Article, error) {
	args := []any{topicID, database.Millis(since), limit}
	return a.articles(ctx, `SELECT `+articleColumns+` FROM topic_article m JOIN article a ON a.id = m.article_id JOIN feed f ON f.id = a.feed_id
		WHERE m.topic_id = $1 AND m.seen > $2`+from(&args, feeds)+` ORDER BY m.seen DESC LIMIT $3`, args...)
}

// Newest are at most limit articles seen after a time, newest first.
func (a *Archive) Newest(ctx context.Context, feeds []string, since time.Time, limit int) ([]digest.Article, error) {
	args := []any{database.Millis(since), limit}
	return a.articles(ctx, `SELECT `+articleColumns+` FROM article a JOIN feed f ON f.id = a.feed_id
		WHERE a.seen > $1`+from(&args, feeds)+` ORDER BY a.seen DESC LIMIT $2`, args...)
}

// Languages are the languages of the newest articles, by ISO 639-1 code.
func (a *Archive) Languages(ctx context.Context) ([]string, error) {
	codes, err := collect(ctx, a.db.Reader(), scanString, `SELECT DISTINCT language FROM (
		SELECT language FROM article ORDER BY seen DESC LIMIT 5000) newest WHERE language <> ''`)
	if err != nil {
		return nil, fmt.Errorf("read the languages of articles: %w", err)
	}
	slices.Sort(codes)
	return codes, nil
}

func (a *Archive) articles(ctx context.Context, query string, args ...any) ([]digest.Article, error) {
	found, err := collect(ctx, a.db.Reader(), func(rows *sql.Rows) (digest.Article, error) { return scanArticle(rows) }, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read articles: %w", err)
	}
	return found, nil
}

// ByID are the articles with these ids that are still kept.
func (a *Archive) ByID(ctx context.Context, ids []string) ([]digest.Article, error) {
	return a.articlesOf(ctx, "a.id", ids, nil, time.Time{})
}

// articlesOf are the articles seen after a time whose column has one of the values.
func (a *Archive) articlesOf(ctx context.Context, column string, values, feeds []string, since time.Time) ([]digest.Article, error) {
	var all []digest.Article
	for chunk := range slices.Chunk(values, 500) {
		args := []any{database.Millis(since)}
		in := placeholders(&args, chunk)
		found, err := a.articles(ctx, `SELECT `+articleColumns+` FROM article a JOIN feed f ON f.id = a.feed_id
			WHERE a.seen > $1 AND `+column+` IN (`+in+`)`+from(&args, feeds), args...)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}
