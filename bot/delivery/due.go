package delivery

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"tidings/digest/archive"
	"tidings/digest/database"
	"tidings/subscriptions"
	"tidings/subscriptions/schedule"
)

// dueAtOnce bounds the subscriptions that one tick takes up.
const dueAtOnce = 500

// late is how late a digest may be and still end its window at the time it was
// due, so that chats with the same schedule share it.
const late = 5 * time.Minute

// longestWindow bounds how far back a digest goes after a long silence.
const longestWindow = 7 * 24 * time.Hour

// Tick takes up what is due: each subscription is moved on to its next time,
// and its edition and the job that writes it are stored, in one transaction.
// It depends on nothing but the database, so a tick may be missed or run twice.
func (d *Delivery) Tick(ctx context.Context) error {
	now := d.Now()
	due, err := d.Subscriptions.Due(ctx, now, dueAtOnce)
	if err != nil {
		return err
	}
	var errs []error
	for _, sub := range due {
		if err := d.takeUp(ctx, sub, now); err != nil {
			errs = append(errs, fmt.Errorf("take up subscription %s: %w", sub.ID, err))
		}
	}
	return errors.Join(errs...)
}

func (d *Delivery) takeUp(ctx context.Context, sub subscriptions.Subscription, now time.Time) error {
	settings, err := d.Subscriptions.Settings(ctx, sub.Chat)
	if err != nil {
		return err
	}
	zone, err := d.zone(settings)
	if err != nil {
		return err
	}
	when, err := schedule.Parse(sub.Schedule)
	if err != nil {
		return fmt.Errorf("its schedule %q: %w", sub.Schedule, err)
	}
	if settings.Paused.After(sub.NextDue) {
		return d.passOver(ctx, sub, when.Next(settings.Paused.Add(-time.Millisecond), zone))
	}
	since, until := window(sub, when, zone, now)
	next := when.Next(now, zone)
	return d.Database.Write(ctx, func(tx *sql.Tx) error {
		mine, err := subscriptions.Advance(ctx, tx, sub, until, next)
		if err != nil || !mine {
			return err
		}
		id := archive.ID("edition", sub.ID, sub.NextDue.UTC().String())
		_, err = tx.ExecContext(ctx, `
			INSERT INTO edition (id, subscription_id, chat_id, topic_id, due, since, until, state)
			VALUES ($1, $2, $3, $4, $5, $6, $7, 'queued') ON CONFLICT (subscription_id, due) DO NOTHING`,
			id, sub.ID, sub.Chat.String(), sub.TopicID, database.Millis(sub.NextDue), database.Millis(since), database.Millis(until))
		if err != nil {
			return err
		}
		_, err = d.queue.InsertTx(ctx, tx, editionArgs{Edition: id, Boot: d.boot}, nil)
		return err
	})
}

// passOver moves a subscription that was due in a pause on to its first time
// after it. The next digest still begins where the last one ended.
func (d *Delivery) passOver(ctx context.Context, sub subscriptions.Subscription, next time.Time) error {
	return d.Database.Write(ctx, func(tx *sql.Tx) error {
		_, err := subscriptions.Advance(ctx, tx, sub, sub.Covered, next)
		return err
	})
}

// window is what an edition covers. It ends when the edition was due, or now
// when that is long past; it begins where the last edition ended, or at the
// schedule's previous time.
func window(sub subscriptions.Subscription, when schedule.Schedule, zone *time.Location, now time.Time) (since, until time.Time) {
	until = sub.NextDue
	if now.Sub(until) > late {
		until = now
	}
	since = sub.Covered
	if since.IsZero() {
		since = previous(when, zone, sub.NextDue)
	}
	if earliest := until.Add(-longestWindow); since.Before(earliest) {
		since = earliest
	}
	return since, until
}

// previous is the last time of a schedule before due, or a day before.
func previous(when schedule.Schedule, zone *time.Location, due time.Time) time.Time {
	for _, back := range []time.Duration{25 * time.Hour, longestWindow + 25*time.Hour} {
		last := time.Time{}
		for t := when.Next(due.Add(-back), zone); t.Before(due) && !t.IsZero(); t = when.Next(t, zone) {
			last = t
		}
		if !last.IsZero() {
			return last
		}
	}
	return due.Add(-24 * time.Hour)
}

// ZoneOf is the zone of a chat.
func (d *Delivery) ZoneOf(ctx context.Context, c subscriptions.Chat) (*time.Location, error) {
	settings, err := d.Subscriptions.Settings(ctx, c)
	if err != nil {
		return nil, err
	}
	return d.zone(settings)
}

func (d *Delivery) zone(settings subscriptions.Settings) (*time.Location, error) {
	if settings.Zone == "" {
		return d.Zone, nil
	}
	zone, err := schedule.Zone(settings.Zone)
	if err != nil {
		return nil, fmt.Errorf("the zone of %s: %w", settings.Chat, err)
	}
	return zone, nil
}

// sweepAtOnce bounds the wake-ups that one sweep repeats.
const sweepAtOnce = 500

// Sweep wakes up again what lost its wake-up: editions that are not written
// and chats with parts that are not sent. A dead process leaves them behind.
func (d *Delivery) Sweep(ctx context.Context) error {
	editions, err := d.strings(ctx, `SELECT id FROM edition WHERE state = 'queued' ORDER BY due LIMIT $1`, sweepAtOnce)
	if err != nil {
		return fmt.Errorf("find unwritten editions: %w", err)
	}
	chats, err := d.strings(ctx, `SELECT DISTINCT chat_id FROM part WHERE state = 'pending' OR state = 'sending' LIMIT $1`, sweepAtOnce)
	if err != nil {
		return fmt.Errorf("find unsent parts: %w", err)
	}
	return d.Database.Write(ctx, func(tx *sql.Tx) error {
		for _, id := range editions {
			if _, err := d.queue.InsertTx(ctx, tx, editionArgs{Edition: id, Boot: d.boot}, nil); err != nil {
				return fmt.Errorf("wake an edition: %w", err)
			}
		}
		for _, chat := range chats {
			if _, err := d.queue.InsertTx(ctx, tx, drainArgs{Chat: chat, Boot: d.boot}, nil); err != nil {
				return fmt.Errorf("wake a chat: %w", err)
			}
		}
		return nil
	})
}

func (d *Delivery) strings(ctx context.Context, query string, args ...any) ([]string, error) {
	rows, err := d.Database.Reader().QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, rows.Err()
}
