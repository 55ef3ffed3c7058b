package archive

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"sync"
	"time"

	"tidings/digest"
	"tidings/digest/database"
)

// Filed is a new article and where it belongs.
type Filed struct {
	Article digest.Article
	FeedID  string
	// Topics are the topics that it matched.
	Topics []TopicMatch
}

// writeRows bounds the articles and feeds of one transaction.
const writeRows = 100

// filing gathers what several goroutines store at the same time, so that they
// wait for the disk together.
type filing struct {
	mu      sync.Mutex
	waiting []*filingJob
	writing bool
}

type filingJob struct {
	feed     Feed
	articles []Filed
	done     chan error // takes one error without being read
}

// File stores new articles of one feed and how the feed fares. An article that
// is already stored is left as it is.
func (a *Archive) File(ctx context.Context, f Feed, articles []Filed) error {
	job := &filingJob{feed: f, articles: articles, done: make(chan error, 1)}
	a.filing.mu.Lock()
	a.filing.waiting = append(a.filing.waiting, job)
	if !a.filing.writing {
		a.filing.writing = true
		// What is written belongs to many, so no one's end stops it.
		go a.writeFiled(context.WithoutCancel(ctx))
	}
	a.filing.mu.Unlock()
	if err := <-job.done; err != nil {
		return fmt.Errorf("store a feed's articles: %w", err)
	}
	return nil
}

// writeFiled writes until nothing waits.
func (a *Archive) writeFiled(ctx context.Context) {
	for {
		batch := a.filing.next()
		if len(batch) == 0 {
			return
		}
		err := a.fileBatch(ctx, batch)
		if err != nil && len(batch) > 1 {
			// What one of them brought may be the cause: the others shall not suffer.
			for _, job := range batch {
				job.done <- a.fileBatch(ctx, []*filingJob{job})
			}
			continue
		}
		for _, job := range batch {
			job.done <- err
		}
	}
}

// next takes jobs of about writeRows rows, at least one if any waits.
func (f *filing) next() []*filingJob {
	f.mu.Lock()
	defer f.mu.Unlock()
	rows, n := 0, 0
	for n < len(f.waiting) {
		rows += 1 + len(f.waiting[n].articles)
		if n > 0 && rows > writeRows {
			break
		}
		n++
	}
	batch := slices.Clone(f.waiting[:n])
	f.waiting = slices.Delete(f.waiting, 0, n)
	f.writing = n > 0
	return batch
}

// fileBatch stores jobs in one transaction, but for a job that is longer than
// one: its feed comes with its last articles, so that a crash repeats it.
func (a *Archive) fileBatch(ctx context.Context, batch []*filingJob) error {
	last := batch[0].articles
	for ; len(last) > writeRows; last = last[writeRows:] {
		chunk := last[:writeRows]
		if err := a.db.Write(ctx, func(tx *sql.Tx) error { return fileArticles(ctx, tx, chunk) }); err != nil {
			return err
		}
	}
	return a.db.Write(ctx, func(tx *sql.Tx) error {
		for i, job := range batch {
			articles := job.articles
			if i == 0 {
				articles = last
			}
			if err := fileArticles(ctx, tx, articles); err != nil {
				return err
			}
			if err := saveFeed(ctx, tx, job.feed); err != nil {
				return err
			}
		}
		return nil
	})
}

func fileArticles(ctx context.Context, tx *sql.Tx, articles []Filed) error {
	if len(articles) == 0 {
		return nil
	}
	article, err := tx.PrepareContext(ctx, `
		INSERT INTO article (id, feed_id, story_id, copy_of, url, title, text, language, image, published, seen)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (id) DO NOTHING`)
	if err != nil {
		return err
	}
	defer article.Close()
	for _, filed := range articles {
		a := filed.Article
		_, err := article.ExecContext(ctx, a.ID, filed.FeedID, a.Story, a.CopyOf, a.URL, a.Title, a.Text, a.Language, a.Image,
			database.Millis(a.Published), database.Millis(a.Seen))
		if err != nil {
			return err
		}
		for _, m := range filed.Topics {
			m.ArticleID, m.Seen = a.ID, a.Seen
			if err := saveMatch(ctx, tx, m); err != nil {
				return err
			}
		}
	}
	return nil
}

// Known tells which of the articles are stored.
func (a *Archive) Known(ctx context.Context, ids []string) (map[string]bool, error) {
	known := make(map[string]bool, len(ids))
	for chunk := range slices.Chunk(ids, 500) {
		var args []any
		found, err := collect(ctx, a.db.Reader(), scanString,
			`SELECT id FROM article WHERE id IN (`+placeholders(&args, chunk)+`)`, args...)
		if err != nil {
			return nil, fmt.Errorf("look up articles: %w", err)
		}
		for _, id := range found {
			known[id] = true
		}
	}
	return known, nil
}

// Prune removes the articles seen before a time, with all that hangs on them,
// at most limit of them, and returns how many.
func (a *Archive) Prune(ctx context.Context, before time.Time, limit int) (int, error) {
	ids, err := collect(ctx, a.db.Reader(), scanString, `SELECT id FROM article WHERE seen < $1 ORDER BY seen LIMIT $2`,
		database.Millis(before), limit)
	if err != nil {
		return 0, fmt.Errorf("find old articles: %w", err)
	}
	for chunk := range slices.Chunk(ids, writeRows) {
		err := a.db.Write(ctx, func(tx *sql.Tx) error {
			if err := a.unindex(ctx, tx, chunk); err != nil {
				return err
			}
			for _, statement := range []string{`DELETE FROM topic_article WHERE article_id IN (`, `DELETE FROM article WHERE id IN (`} {
				var args []any
				if _, err := tx.ExecContext(ctx, statement+placeholders(&args, chunk)+`)`, args...); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return 0, fmt.Errorf("remove old articles: %w", err)
		}
	}
	return len(ids), nil
}
