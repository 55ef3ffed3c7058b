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
	// FullText says that its page is to be read for its text.
	FullText bool
	// Topics are the topics that it matched.
	Topics []TopicMatch
}

const (
	// writeRows bounds the rows of one transaction.
	writeRows = 100
	// gather is how long what is stored waits for company.
	gather = 5 * time.Millisecond
)

// filing gathers what several goroutines store at the same time, so that they
// wait for the disk together.
type filing struct {
	mu      sync.Mutex
	waiting []*filingJob
	rows    int // of what waits
	writing bool
	enough  chan struct{} // takes one word that a transaction can be filled
}

type filingJob struct {
	feed     Feed
	articles []Filed
	done     chan error // takes one error without being read
}

func (j *filingJob) rows() int { return 1 + len(j.articles) }

// File stores new articles of one feed and how the feed fares; with a feed
// without an id, only the articles. An article that is already stored is left
// as it is. When the machine fails at once, what was stored last may be lost; it
// is then as if the feed had not been polled yet.
func (a *Archive) File(ctx context.Context, f Feed, articles []Filed) error {
	job := &filingJob{feed: f, articles: articles, done: make(chan error, 1)}
	a.filing.mu.Lock()
	a.filing.waiting = append(a.filing.waiting, job)
	a.filing.rows += job.rows()
	a.filing.tell()
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
		select {
		case <-a.filing.enough:
		case <-time.After(gather):
		}
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
	for n < len(f.waiting) && (n == 0 || rows+f.waiting[n].rows() <= writeRows) {
		rows += f.waiting[n].rows()
		n++
	}
	batch := slices.Clone(f.waiting[:n])
	f.waiting = slices.Delete(f.waiting, 0, n)
	f.writing = n > 0
	f.rows -= rows
	f.tell()
	return batch
}

// tell tells the writer when what waits fills a transaction.
func (f *filing) tell() {
	if f.rows < writeRows {
		return
	}
	select {
	case f.enough <- struct{}{}:
	default:
	}
}

// fileBatch stores jobs in one transaction, but for a job that is longer than
// one: its feed comes with its last articles, so that a crash repeats it.
func (a *Archive) fileBatch(ctx context.Context, batch []*filingJob) error {
	if err := a.stored.add(ctx, a.db, batch); err != nil {
		return err
	}
	last := batch[0].articles
	for ; len(last) > writeRows; last = last[writeRows:] {
		chunk := last[:writeRows]
		if err := a.db.WriteBehind(ctx, func(tx *sql.Tx) error { return (&clerk{tx: tx}).articles(ctx, chunk) }); err != nil {
			return err
		}
	}
	return a.db.WriteBehind(ctx, func(tx *sql.Tx) error {
		c := &clerk{tx: tx}
		for i, job := range batch {
			articles := job.articles
			if i == 0 {
				articles = last
			}
			if err := c.articles(ctx, articles); err != nil {
				return err
			}
			if job.feed.ID == "" {
				continue
			}
			state, err := c.prepared(ctx, &c.state, updateFeed)
			if err == nil {
				err = saveFeed(ctx, state, job.feed)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// clerk stores in one transaction, by statements that are prepared once.
type clerk struct {
	tx                    *sql.Tx
	article, match, state *sql.Stmt // nil until needed; they end with tx
}

// prepared is a statement, which is kept in kept.
func (c *clerk) prepared(ctx context.Context, kept **sql.Stmt, query string) (_ *sql.Stmt, err error) {
	if *kept == nil {
		*kept, err = c.tx.PrepareContext(ctx, query)
	}
	return *kept, err
}

func (c *clerk) articles(ctx context.Context, articles []Filed) error {
	if len(articles) == 0 {
		return nil
	}
	article, err := c.prepared(ctx, &c.article, `
		INSERT INTO article (id, feed_id, story_id, copy_of, url, title, text, language, image, published, seen, full_text)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (id) DO NOTHING`)
	if err != nil {
		return err
	}
	for _, filed := range articles {
		a := filed.Article
		_, err := article.ExecContext(ctx, a.ID, filed.FeedID, a.Story, a.CopyOf, a.URL, a.Title, a.Text, a.Language, a.Image,
			database.Millis(a.Published), database.Millis(a.Seen), number(filed.FullText))
		if err != nil {
			return err
		}
		for _, m := range filed.Topics {
			m.ArticleID, m.Seen = a.ID, a.Seen
			match, err := c.prepared(ctx, &c.match, insertMatch)
			if err == nil {
				err = saveMatch(ctx, match, m)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// lookups are the statements that find stored articles by their ids, for so
// many ids as is said in lookupSizes, each prepared when it is first needed.
type lookups struct {
	mu         sync.Mutex
	statements [3]*sql.Stmt
}

var lookupSizes = [3]int{1, 5, 50}

// lookup is a statement for at least n ids, of which there are size. It goes
// with the database.
func (a *Archive) lookup(n int) (statement *sql.Stmt, size int, err error) {
	i := 0
	for lookupSizes[i] < n {
		i++
	}
	a.lookups.mu.Lock()
	defer a.lookups.mu.Unlock()
	if a.lookups.statements[i] == nil {
		args := []any{"the feed"}
		query := `SELECT a.id, CASE WHEN a.feed_id = $1 OR EXISTS (
				SELECT 1 FROM brought b WHERE b.article_id = a.id AND b.feed_id = $1) THEN 1 ELSE 0 END
			FROM article a WHERE a.id IN (` + placeholders(&args, make([]string, lookupSizes[i])) + `)`
		// It serves others than who asked first.
		a.lookups.statements[i], err = a.db.Reader().PrepareContext(context.Background(), query)
	}
	return a.lookups.statements[i], lookupSizes[i], err
}

// Known has those of the articles that are stored, and tells of each whether it
// is known that this feed brought it.
func (a *Archive) Known(ctx context.Context, feedID string, ids []string) (map[string]bool, error) {
	known := make(map[string]bool, len(ids))
	ids, err := a.stored.maybe(ctx, a.db, ids)
	if err != nil {
		return nil, err
	}
	for chunk := range slices.Chunk(ids, lookupSizes[len(lookupSizes)-1]) {
		if err := a.look(ctx, feedID, chunk, known); err != nil {
			return nil, fmt.Errorf("look up articles: %w", err)
		}
	}
	return known, nil
}

func (a *Archive) look(ctx context.Context, feedID string, ids []string, known map[string]bool) error {
	statement, size, err := a.lookup(len(ids))
	if err != nil {
		return err
	}
	args := make([]any, 1+size)
	args[0] = feedID
	for i := range size {
		args[1+i] = ids[min(i, len(ids)-1)]
	}
	rows, err := statement.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var brought bool
		if err := rows.Scan(&id, &brought); err != nil {
			return err
		}
		known[id] = brought
	}
	return rows.Err()
}

// Brought stores that a feed brought articles that another brought first.
func (a *Archive) Brought(ctx context.Context, feedID string, ids []string) error {
	for chunk := range slices.Chunk(ids, writeRows) {
		err := a.db.WriteBehind(ctx, func(tx *sql.Tx) error {
			for _, id := range chunk {
				_, err := tx.ExecContext(ctx, `INSERT INTO brought (article_id, feed_id) VALUES ($1, $2)
					ON CONFLICT (article_id, feed_id) DO NOTHING`, id, feedID)
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("store which articles a feed brought too: %w", err)
		}
	}
	return nil
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
			for _, statement := range []string{
				`DELETE FROM topic_article WHERE article_id IN (`, `DELETE FROM brought WHERE article_id IN (`, `DELETE FROM article WHERE id IN (`,
			} {
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
