package delivery

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"tidings/bot"
	"tidings/digest"
	"tidings/digest/archive"
	"tidings/digest/database"
	"tidings/subscriptions"
	"tidings/subscriptions/schedule"
)

// edition is one digest that is due for one subscription.
type edition struct {
	id, subscription, topic string
	chat                    subscriptions.Chat
	due, since, until       time.Time
	state                   string
}

func (d *Delivery) edition(ctx context.Context, id string) (edition, error) {
	e := edition{id: id}
	var chat string
	var due, since, until int64
	err := d.Database.Reader().QueryRowContext(ctx,
		`SELECT subscription_id, chat_id, topic_id, due, since, until, state FROM edition WHERE id = $1`, id).
		Scan(&e.subscription, &chat, &e.topic, &due, &since, &until, &e.state)
	e.chat, _ = subscriptions.ParseChat(chat)
	e.due, e.since, e.until = database.Time(due), database.Time(since), database.Time(until)
	return e, err
}

// write composes an edition and puts it into the outbox. An edition that is
// already written stays as it is.
func (d *Delivery) write(ctx context.Context, id string) error {
	e, err := d.edition(ctx, id)
	if errors.Is(err, sql.ErrNoRows) || (err == nil && e.state != "queued") {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read edition %s: %w", id, err)
	}
	platform := d.platforms[e.chat.Platform]
	topic, err := d.Archive.Topic(ctx, e.topic)
	if platform == nil || errors.Is(err, archive.ErrNoTopic) || (err == nil && !topic.Retired.IsZero()) {
		return d.store(ctx, e, nil, Page{})
	}
	if err != nil {
		return err
	}
	page, err := d.ForChat(ctx, e.chat, topic, e.since, e.until)
	if err != nil {
		return err
	}
	if err := d.Rewrite(ctx, e.chat, &page); err != nil {
		return err
	}
	message, err := d.message(ctx, e, page, platform.Limits())
	if err != nil {
		return err
	}
	var parts []bot.Message
	if len(message.Sections) > 0 {
		if parts, err = d.parts(platform, message); err != nil {
			return err
		}
	}
	return d.store(ctx, e, parts, page)
}

// often is the rhythm from which on a quiet window is passed over in silence.
const often = 20 * time.Hour

// message is the message of an edition; of a quiet window, one line, or nothing
// when the chat prefers silence or the next digest is near anyway.
func (d *Delivery) message(ctx context.Context, e edition, page Page, limits bot.Limits) (bot.Message, error) {
	settings, err := d.Subscriptions.Settings(ctx, e.chat)
	if err != nil {
		return bot.Message{}, err
	}
	zone, err := d.ZoneOf(ctx, e.chat)
	if err != nil {
		return bot.Message{}, err
	}
	o := Options{Zone: zone, Length: settings.Length}
	if len(page.Stories) == 0 {
		if o.Next, err = d.nextAfter(ctx, e, zone); err != nil {
			return bot.Message{}, err
		}
		if settings.Silence || o.Next.IsZero() || o.Next.Sub(e.due) < often {
			return bot.Message{}, nil
		}
	}
	// Whoever presses a button in a channel is one of many, and all would see the answer.
	if settings.Kind != string(bot.Channel) {
		o.Buttons = Buttons(page.Entries(), 1, limits)
	}
	m := PageMessage(page, o)
	if settings.Pictures {
		m.Picture = d.PagePicture(ctx, page, zone)
	}
	m.Silent = quietAt(settings.Quiet, e.due, zone)
	return m, nil
}

// quietAt reports whether a time is in a chat's quiet hours.
func quietAt(hours string, t time.Time, zone *time.Location) bool {
	quiet, err := schedule.ParseQuiet(hours)
	return err == nil && quiet.Until(t, zone).After(t)
}

// nextAfter is when the subscription of an edition is due after it, or zero
// when it is gone.
func (d *Delivery) nextAfter(ctx context.Context, e edition, zone *time.Location) (time.Time, error) {
	subs, err := d.Subscriptions.Of(ctx, e.chat)
	if err != nil {
		return time.Time{}, err
	}
	i := slices.IndexFunc(subs, func(s subscriptions.Subscription) bool { return s.ID == e.subscription })
	if i < 0 {
		return time.Time{}, nil
	}
	when, err := schedule.Parse(subs[i].Schedule)
	if err != nil {
		return time.Time{}, err
	}
	return when.Next(e.due, zone), nil
}

// store puts the parts of an edition into the outbox and what it shows into
// the chat's memory, once: of several calls for an edition, one does it.
func (d *Delivery) store(ctx context.Context, e edition, parts []bot.Message, page Page) error {
	err := d.Database.Write(ctx, func(tx *sql.Tx) error {
		state := "written"
		if len(parts) == 0 {
			state = "silent"
		}
		result, err := tx.ExecContext(ctx, `UPDATE edition SET state = $2, stories = $3 WHERE id = $1 AND state = 'queued'`,
			e.id, state, len(page.Stories))
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return err
		}
		if err := d.remember(ctx, tx, e.chat, page, e.until); err != nil {
			return err
		}
		return d.enqueue(ctx, tx, e.chat, e.id, e.id, parts)
	})
	if err != nil {
		return fmt.Errorf("store edition %s: %w", e.id, err)
	}
	return nil
}

// remember stores what a chat is shown and what the numbers in it mean.
func (d *Delivery) remember(ctx context.Context, tx *sql.Tx, c subscriptions.Chat, page Page, at time.Time) error {
	if len(page.Stories) == 0 {
		return nil
	}
	for _, s := range page.Stories {
		shows := digest.Memory{Outlets: len(s.Sources)}
		for _, sentence := range s.Said() {
			shows.Sentences = append(shows.Sentences, sentence.Text)
		}
		if err := subscriptions.Remember(ctx, tx, c, s.ID, page.Known[s.ID], shows, at); err != nil {
			return err
		}
	}
	return subscriptions.SavePage(ctx, tx, c, page.Entries())
}

// enqueue writes parts into the outbox and wakes the chat. The key names what
// the parts are, so that the same is never enqueued twice.
func (d *Delivery) enqueue(ctx context.Context, tx *sql.Tx, c subscriptions.Chat, key, editionID string, parts []bot.Message) error {
	if len(parts) == 0 {
		return nil
	}
	var last sql.NullInt64
	err := tx.QueryRowContext(ctx, `SELECT max(position) FROM part WHERE chat_id = $1 AND (state = 'pending' OR state = 'sending')`,
		c.String()).Scan(&last)
	if err != nil {
		return err
	}
	// Positions grow with time, and within a chat always.
	position := max(last.Int64+1, d.Now().UnixMicro())
	for i, part := range parts {
		text, err := json.Marshal(part)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO part (id, chat_id, edition_id, position, message, state, created)
			VALUES ($1, $2, $3, $4, $5, 'pending', $6) ON CONFLICT (id) DO NOTHING`,
			fmt.Sprintf("%s/%d", key, i+1), c.String(), editionID, position+int64(i), string(text), database.Millis(d.Now()))
		if err != nil {
			return err
		}
	}
	_, err = d.queue.InsertTx(ctx, tx, drainArgs{Chat: c.String(), Boot: d.boot}, nil)
	return err
}

// Notice puts a message into the outbox once for each key.
func (d *Delivery) Notice(ctx context.Context, c subscriptions.Chat, key string, m bot.Message) error {
	platform := d.platforms[c.Platform]
	if platform == nil {
		return nil
	}
	err := d.Database.Write(ctx, func(tx *sql.Tx) error {
		return d.enqueue(ctx, tx, c, archive.ID("notice", key, c.String()), "", bot.Split(m, platform.Fits))
	})
	if err != nil {
		return fmt.Errorf("write a notice: %w", err)
	}
	return nil
}
