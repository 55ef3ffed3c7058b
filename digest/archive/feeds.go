package archive

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"tidings/digest/database"
	"tidings/digest/feed"
)

// Feed is a feed that is polled and how it fares.
type Feed struct {
	ID  string
	URL string
	// Origin is the URL in the configuration, when a permanent redirect was
	// followed to URL; else empty.
	Origin   string
	Outlet   string
	Owner    string
	Country  string
	Language string // what the operator says; empty means: as the articles read
	FullText bool   // its articles' pages are read for their text
	// AddedBy is the admin who added it in a chat; empty when the configuration
	// names it.
	AddedBy string

	// What the last answer gave for the next conditional request, and where it
	// came from.
	ETag, LastModified, BodyHash, FinalURL string
	// Whole is when the whole was last asked for, without a condition.
	Whole time.Time
	// Marks tell the items of the last answer; see [feed.Fresh].
	Marks []uint64
	// Hints are what the feed says about being polled; Rate is the articles an
	// hour that it brings, 0 when unknown.
	Hints feed.Hints
	Rate  float64
	Move  feed.Move
	// Hub brings the news of HubTopic (WebSub) until Leased; empty when there is
	// none. Leased is stored by [Archive.Lease] alone.
	Hub, HubTopic string
	Leased        time.Time

	NextPoll time.Time
	Polled   time.Time // the last answer or failure; zero before the first
	Changed  time.Time // the last time it brought something new
	Took     time.Duration
	Items    int // in the last answer that was read
	// Failures counts failures in a row; Fault is the last one in words.
	Failures     int
	FailingSince time.Time
	Fault        string
	Told         bool // the admins know that it fails
	Gone         bool // it answered 410 Gone and is not polled any more
}

// Slow is the time from which on an answer is called slow.
const Slow = 10 * time.Second

// State is how the feed fares, in a word: ok, slow, failing, gone or new.
func (f Feed) State() string {
	switch {
	case f.Gone:
		return "gone"
	case f.Failures > 0:
		return "failing"
	case f.Polled.IsZero():
		return "new"
	case f.Took >= Slow:
		return "slow"
	}
	return "ok"
}

// ID makes a short, stable id of what the parts say.
func ID(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return strings.ToLower(base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:10]))
}

// ReconcileFeeds makes the feeds that are polled be these, by URL. What is
// known of a feed that stays is kept, also when a permanent redirect was
// followed; one that is missing is retired.
func (a *Archive) ReconcileFeeds(ctx context.Context, feeds []Feed, now time.Time) error {
	err := a.db.Write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE feed SET retired = $1 WHERE retired = 0 AND added_by = ''`, database.Millis(now)); err != nil {
			return err
		}
		for _, f := range feeds {
			if err := reconcileFeed(ctx, tx, f); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("take over the configured feeds: %w", err)
	}
	return nil
}

func reconcileFeed(ctx context.Context, tx *sql.Tx, f Feed) error {
	result, err := tx.ExecContext(ctx, `UPDATE feed SET outlet = $2, owner = $3, country = $4, language = $5, full_text = $6,
			added_by = '', retired = 0
		WHERE origin_url = $1 OR (url = $1 AND origin_url = '')`, f.URL, f.Outlet, f.Owner, f.Country, f.Language, number(f.FullText))
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n > 0 {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO feed (id, url, outlet, owner, country, language, full_text) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (url) DO UPDATE SET added_by = '', retired = 0`,
		ID("feed", f.URL), f.URL, f.Outlet, f.Owner, f.Country, f.Language, number(f.FullText))
	return err
}

const feedColumns = `id, url, origin_url, outlet, owner, country, language, full_text, added_by, etag, last_modified, body_hash, final_url, whole,
	marks, hints, rate, moved_to, moved_times, moved_since, hub, hub_topic, leased, next_poll, polled, changed, took, items,
	failures, failing_since, fault, told, gone`

func scanFeed(rows *sql.Rows) (Feed, error) {
	var f Feed
	var marks, hints string
	var full, whole, moved, leased, next, polled, changed, took, failing, told, gone int64
	err := rows.Scan(&f.ID, &f.URL, &f.Origin, &f.Outlet, &f.Owner, &f.Country, &f.Language, &full, &f.AddedBy, &f.ETag, &f.LastModified,
		&f.BodyHash, &f.FinalURL, &whole, &marks, &hints, &f.Rate, &f.Move.To, &f.Move.Times, &moved, &f.Hub, &f.HubTopic, &leased,
		&next, &polled, &changed, &took, &f.Items, &f.Failures, &failing, &f.Fault, &told, &gone)
	if err != nil {
		return f, err
	}
	f.NextPoll, f.Polled, f.Changed = database.Time(next), database.Time(polled), database.Time(changed)
	f.Move.Since, f.FailingSince, f.Whole, f.Leased = database.Time(moved), database.Time(failing), database.Time(whole), database.Time(leased)
	f.Took, f.Told, f.Gone, f.FullText = time.Duration(took)*time.Millisecond, told != 0, gone != 0, full != 0
	f.Marks = readMarks(marks)
	if hints != "" {
		err = json.Unmarshal([]byte(hints), &f.Hints)
	}
	return f, err
}

// Feeds are all feeds that are polled.
func (a *Archive) Feeds(ctx context.Context) ([]Feed, error) {
	return a.feeds(ctx, `SELECT `+feedColumns+` FROM feed WHERE retired = 0 ORDER BY id`)
}

// ErrNoFeed says that there is no such feed.
var ErrNoFeed = errors.New("no such feed")

// Feed is the feed with an id, or [ErrNoFeed] when it is not polled.
func (a *Archive) Feed(ctx context.Context, id string) (Feed, error) {
	feeds, err := a.feeds(ctx, `SELECT `+feedColumns+` FROM feed WHERE id = $1 AND retired = 0`, id)
	if err == nil && len(feeds) == 0 {
		return Feed{}, ErrNoFeed
	}
	if err != nil {
		return Feed{}, err
	}
	return feeds[0], nil
}

// Due gives the id and the URL of each feed whose next poll is due to take, the
// longest due first, for as long as it wants more.
func (a *Archive) Due(ctx context.Context, now time.Time, take func(id, url string) (more bool)) error {
	rows, err := a.db.Reader().QueryContext(ctx, `SELECT id, url FROM feed
		WHERE retired = 0 AND gone = 0 AND next_poll <= $1 ORDER BY next_poll`, database.Millis(now))
	if err != nil {
		return fmt.Errorf("read which feeds are due: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id, url string
		if err := rows.Scan(&id, &url); err != nil {
			return fmt.Errorf("read which feeds are due: %w", err)
		}
		if !take(id, url) {
			return nil
		}
	}
	return rows.Err()
}

func (a *Archive) feeds(ctx context.Context, query string, args ...any) ([]Feed, error) {
	feeds, err := collect(ctx, a.db.Reader(), scanFeed, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read the feeds: %w", err)
	}
	return feeds, nil
}

// SaveFeed stores how a feed fares.
func (a *Archive) SaveFeed(ctx context.Context, f Feed) error { return a.File(ctx, f, nil) }

const updateFeed = `
	UPDATE feed SET etag = $2, last_modified = $3, body_hash = $4, final_url = $5, hints = $6, rate = $7,
		moved_to = $8, moved_times = $9, moved_since = $10, next_poll = $11, polled = $12, changed = $13,
		took = $14, items = $15, failures = $16, failing_since = $17, fault = $18, gone = $19, marks = $20, whole = $21,
		leased = CASE WHEN hub = $22 AND hub_topic = $23 THEN leased ELSE 0 END,
		hub_asked = CASE WHEN hub = $22 AND hub_topic = $23 THEN hub_asked ELSE 0 END, hub = $22, hub_topic = $23
	WHERE id = $1`

// saveFeed stores how a feed fares; update is updateFeed.
func saveFeed(ctx context.Context, update *sql.Stmt, f Feed) error {
	hints := ""
	if h := f.Hints; h.TTL != 0 || h.Period != 0 || len(h.SkipHours)+len(h.SkipDays) > 0 || h.Hub != "" {
		text, err := json.Marshal(f.Hints)
		if err != nil {
			return err
		}
		hints = string(text)
	}
	_, err := update.ExecContext(ctx,
		f.ID, f.ETag, f.LastModified, f.BodyHash, f.FinalURL, hints, f.Rate, f.Move.To, f.Move.Times,
		database.Millis(f.Move.Since), database.Millis(f.NextPoll), database.Millis(f.Polled), database.Millis(f.Changed),
		f.Took.Milliseconds(), f.Items, f.Failures, database.Millis(f.FailingSince), f.Fault, number(f.Gone), writeMarks(f.Marks),
		database.Millis(f.Whole), f.Hub, f.HubTopic)
	return err
}

func writeMarks(marks []uint64) string {
	b := make([]byte, 0, 8*len(marks))
	for _, m := range marks {
		b = binary.LittleEndian.AppendUint64(b, m)
	}
	return base64.StdEncoding.EncodeToString(b)
}

// readMarks reads what writeMarks wrote; of anything else there are none.
func readMarks(text string) []uint64 {
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil
	}
	marks := make([]uint64, 0, len(b)/8)
	for ; len(b) >= 8; b = b[8:] {
		marks = append(marks, binary.LittleEndian.Uint64(b))
	}
	return marks
}

// number is how a truth is stored.
func number(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// ToTell are the feeds of topics that have failed since before a time and of
// which the admins were not told, and those of which they were told and that
// are well again.
func (a *Archive) ToTell(ctx context.Context, before time.Time) ([]Feed, error) {
	return a.feeds(ctx, `SELECT `+feedColumns+` FROM feed WHERE retired = 0 AND (
		(told = 1 AND failures = 0 AND gone = 0) OR (told = 0 AND failures > 0 AND failing_since < $1 AND EXISTS (
			SELECT 1 FROM article a JOIN topic_article m ON m.article_id = a.id WHERE a.feed_id = feed.id)))
		ORDER BY id`, database.Millis(before))
}

// SetTold stores whether the admins know that a feed fails.
func (a *Archive) SetTold(ctx context.Context, feedID string, told bool) error {
	return a.setFeed(ctx, feedID, "told", number(told))
}

// FollowMove makes a feed be asked at the URL to which it is permanently
// redirected, unless another feed has that URL.
func (a *Archive) FollowMove(ctx context.Context, f Feed) error {
	err := a.db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE feed SET url = $2, origin_url = CASE origin_url WHEN '' THEN url ELSE origin_url END,
				moved_to = '', moved_times = 0, moved_since = 0
			WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM feed other WHERE other.url = $2)`, f.ID, f.Move.To)
		return err
	})
	if err != nil {
		return fmt.Errorf("follow a feed to its new address: %w", err)
	}
	return nil
}

// collect runs a query and scans every row.
func collect[T any](ctx context.Context, db *sql.DB, scan func(*sql.Rows) (T, error), query string, args ...any) ([]T, error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}
