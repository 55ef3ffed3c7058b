package archive

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"tidings/digest"
	"tidings/digest/database"
)

// WantingText gives each article seen after a time whose page is to be read to
// take, the newest first, for as long as it wants more.
func (a *Archive) WantingText(ctx context.Context, since time.Time, take func(digest.Article) (more bool)) error {
	rows, err := a.db.Reader().QueryContext(ctx, `SELECT `+articleColumns+` FROM article a JOIN feed f ON f.id = a.feed_id
		WHERE a.full_text = 1 AND a.seen > $1 ORDER BY a.seen DESC`, database.Millis(since))
	if err != nil {
		return fmt.Errorf("read which articles want their full text: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		article, err := scanArticle(rows)
		if err != nil {
			return fmt.Errorf("read which articles want their full text: %w", err)
		}
		if !take(article) {
			return nil
		}
	}
	return rows.Err()
}

// TextTried stores that an article's page was read. A text that is not empty
// takes the place of the article's own, which is then not indexed any more; an
// image, that of none.
func (a *Archive) TextTried(ctx context.Context, articleID, text, image string) error {
	err := a.db.Write(ctx, func(tx *sql.Tx) error {
		if text == "" {
			_, err := tx.ExecContext(ctx, `UPDATE article SET full_text = 2 WHERE id = $1`, articleID)
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE article SET full_text = 2, text = $2, indexed = 0,
			image = CASE image WHEN '' THEN $3 ELSE image END WHERE id = $1`, articleID, text, image)
		if err != nil {
			return err
		}
		return a.unindex(ctx, tx, []string{articleID})
	})
	if err != nil {
		return fmt.Errorf("store an article's full text: %w", err)
	}
	return nil
}
