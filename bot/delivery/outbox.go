package delivery

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"tidings/bot"
	"tidings/digest/database"
	"tidings/subscriptions"
)

// part is one message of the outbox.
type part struct {
	id      string
	chat    subscriptions.Chat
	message bot.Message
	state   string
	started time.Time
}

// drain sends the parts of a chat in order until there are none, one cannot be
// sent now, or the job's time is used up; the error says when to go on.
func (d *Delivery) drain(ctx context.Context, chatID string) error {
	if !d.reaches(chatID) {
		return nil
	}
	chat, _ := subscriptions.ParseChat(chatID)
	platform := d.platforms[chat.Platform]
	begun := time.Now()
	for !d.stopped() {
		if time.Since(begun) > jobTimeout/2 {
			return river.JobSnooze(0)
		}
		p, err := d.first(ctx, chat)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the outbox of %s: %w", chat, err)
		}
		if p.state == "sending" {
			err = d.resolve(ctx, platform, p)
		} else {
			err = d.send(ctx, platform, p)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// first is the first part of a chat that is not done.
func (d *Delivery) first(ctx context.Context, chat subscriptions.Chat) (part, error) {
	p := part{chat: chat}
	var text string
	var started int64
	err := d.Database.Reader().QueryRowContext(ctx, `
		SELECT id, message, state, started FROM part
		WHERE chat_id = $1 AND (state = 'pending' OR state = 'sending') ORDER BY position LIMIT 1`, chat.String()).
		Scan(&p.id, &text, &p.state, &started)
	if err != nil {
		return p, err
	}
	p.started = database.Time(started)
	return p, json.Unmarshal([]byte(text), &p.message)
}

// send claims a pending part, commits that it is being sent, and only then sends it.
func (d *Delivery) send(ctx context.Context, platform bot.Platform, p part) error {
	claimed := false
	err := d.Database.Write(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `
			UPDATE part SET state = 'sending', attempts = attempts + 1, started = $2
			WHERE id = $1 AND state = 'pending'`, p.id, database.Millis(d.Now()))
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		claimed = n == 1
		return err
	})
	if err != nil {
		return fmt.Errorf("claim part %s: %w", p.id, err)
	}
	if !claimed {
		return nil
	}
	p.started = d.Now()
	return d.attempt(ctx, platform, p)
}

// attempt sends a part that is marked as being sent and stores what became of it.
func (d *Delivery) attempt(ctx context.Context, platform bot.Platform, p part) error {
	id, err := platform.Send(ctx, p.chat, p.message, p.id)
	// What became of the part is stored even when the job's time is used up.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err == nil {
		return d.finish(ctx, p, "sent", id, "")
	}
	var failed *bot.SendError
	if !errors.As(err, &failed) {
		failed = &bot.SendError{Class: bot.Ambiguous, Method: "send", Why: err.Error()}
	}
	switch failed.Class {
	case bot.NotSent:
		return errors.Join(d.finish(ctx, p, "pending", "", failed.Why), fmt.Errorf("send part %s: %w", p.id, failed))
	case bot.RateLimited:
		if err := d.finish(ctx, p, "pending", "", failed.Why); err != nil {
			return err
		}
		return river.JobSnooze(max(failed.RetryAfter, time.Second))
	case bot.Refused:
		if err := d.finish(ctx, p, "pending", "", failed.Why); err != nil {
			return err
		}
		return river.JobSnooze(time.Minute)
	case bot.BadMessage:
		d.Log.Error("a message was refused and is left out", "chat", p.chat.String(), "part", p.id, "why", failed.Why)
		return d.finish(ctx, p, "failed", "", failed.Why)
	case bot.BadTarget:
		return d.closeChat(ctx, p.chat, failed.Why)
	case bot.Moved:
		return d.move(ctx, p.chat, failed.Target)
	}
	if platform.Limits().RepeatWithin == 0 && !platform.Limits().Lookup {
		return d.uncertain(ctx, p, failed.Why)
	}
	// The part stays as it is: what became of it is found out at the next attempt.
	return fmt.Errorf("send part %s: %w", p.id, failed)
}

// repeatMargin keeps a repetition clear of the end of the time in which a
// network recognises it.
const repeatMargin = 20 * time.Second

// resolve finds out what became of a part whose sending was begun and of which
// no answer was stored: the process died, or the connection broke. A network
// that recognises a repeated key is asked again; one that can be searched is
// searched; otherwise the part is not repeated.
func (d *Delivery) resolve(ctx context.Context, platform bot.Platform, p part) error {
	limits := platform.Limits()
	switch age := d.Now().Sub(p.started); {
	case age >= 0 && age < limits.RepeatWithin-repeatMargin:
		return d.attempt(ctx, platform, p)
	case limits.Lookup:
		id, err := platform.Find(ctx, p.chat, p.message, p.started.Add(-time.Minute))
		if err != nil {
			return fmt.Errorf("look for part %s: %w", p.id, err)
		}
		if id != "" {
			return d.finish(ctx, p, "sent", id, "")
		}
		return d.finish(ctx, p, "pending", "", "the first attempt did not arrive")
	}
	return d.uncertain(ctx, p, "the program stopped while it was being sent")
}

// uncertain gives a part up that may have been sent: sending it again could
// show it twice.
func (d *Delivery) uncertain(ctx context.Context, p part, why string) error {
	d.Log.Warn("a message may not have arrived; it is not repeated", "chat", p.chat.String(), "part", p.id, "why", why)
	return d.finish(ctx, p, "uncertain", "", why)
}

// finish stores what became of a part that was being sent.
func (d *Delivery) finish(ctx context.Context, p part, state, messageID, fault string) error {
	err := d.Database.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			UPDATE part SET state = $2, message_id = $3, fault = $4, finished = $5 WHERE id = $1 AND state = 'sending'`,
			p.id, state, messageID, fault, database.Millis(d.Now()))
		return err
	})
	if err != nil {
		return fmt.Errorf("store what became of part %s: %w", p.id, err)
	}
	return nil
}

// closeChat stores that nothing can be sent to a chat; what waits for it is given up.
func (d *Delivery) closeChat(ctx context.Context, c subscriptions.Chat, why string) error {
	d.Log.Info("a chat can no longer be written to; its subscriptions wait", "chat", c.String(), "why", why)
	err := d.Database.Write(ctx, func(tx *sql.Tx) error {
		if err := subscriptions.CloseChat(ctx, tx, c, why); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `
			UPDATE part SET state = 'failed', fault = $2, finished = $3
			WHERE chat_id = $1 AND (state = 'pending' OR state = 'sending')`, c.String(), why, database.Millis(d.Now()))
		return err
	})
	if err != nil {
		return fmt.Errorf("close %s: %w", c, err)
	}
	return nil
}

// Left stores that the bot can no longer write to a chat.
func (d *Delivery) Left(ctx context.Context, c subscriptions.Chat, why string) {
	if err := d.closeChat(ctx, c, why); err != nil {
		d.Log.Error("could not store that a chat is closed", "chat", c.String(), "error", err)
	}
}

// Moved stores that a chat has a new id.
func (d *Delivery) Moved(ctx context.Context, from, to subscriptions.Chat) {
	if err := d.move(ctx, from, to); err != nil {
		d.Log.Error("could not store that a chat has moved", "chat", from.String(), "error", err)
	}
}

// move gives a chat its new id, with all that waits for it.
func (d *Delivery) move(ctx context.Context, from, to subscriptions.Chat) error {
	if to.ID == "" || from == to {
		return fmt.Errorf("move %s: the network named no new chat", from)
	}
	err := d.Database.Write(ctx, func(tx *sql.Tx) error {
		if err := subscriptions.MoveChat(ctx, tx, from, to); err != nil {
			return err
		}
		for _, statement := range []string{
			`UPDATE part SET chat_id = $2, state = CASE state WHEN 'sending' THEN 'pending' ELSE state END WHERE chat_id = $1`,
			`UPDATE edition SET chat_id = $2 WHERE chat_id = $1`,
		} {
			if _, err := tx.ExecContext(ctx, statement, from.String(), to.String()); err != nil {
				return err
			}
		}
		_, err := d.queue.InsertTx(ctx, tx, drainArgs{Chat: to.String(), Boot: d.boot}, nil)
		return err
	})
	if err != nil {
		return fmt.Errorf("move %s: %w", from, err)
	}
	return nil
}

// Record is what became of one edition of a chat.
type Record struct {
	TopicID string
	Due     time.Time
	// State is queued, written, silent, sent, failed or uncertain.
	State   string
	Stories int
	At      time.Time // when the last part was done, or zero
	Fault   string
}

// History is what became of a chat's last editions, newest first.
func (d *Delivery) History(ctx context.Context, c subscriptions.Chat, limit int) ([]Record, error) {
	rows, err := d.Database.Reader().QueryContext(ctx, `
		SELECT e.topic_id, e.due, e.state, e.stories,
			coalesce((SELECT max(p.finished) FROM part p WHERE p.edition_id = e.id), 0),
			coalesce((SELECT min(p.state) FROM part p WHERE p.edition_id = e.id AND p.state <> 'sent'), 'sent'),
			coalesce((SELECT min(p.fault) FROM part p WHERE p.edition_id = e.id AND p.fault <> ''), '')
		FROM edition e WHERE e.chat_id = $1 ORDER BY e.due DESC LIMIT $2`, c.String(), limit)
	if err != nil {
		return nil, fmt.Errorf("read the editions of a chat: %w", err)
	}
	defer rows.Close()
	var all []Record
	for rows.Next() {
		var r Record
		var due, at int64
		var parts string
		if err := rows.Scan(&r.TopicID, &due, &r.State, &r.Stories, &at, &parts, &r.Fault); err != nil {
			return nil, fmt.Errorf("read the editions of a chat: %w", err)
		}
		r.Due, r.At = database.Time(due), database.Time(at)
		if r.State == "written" {
			r.State = parts
		}
		all = append(all, r)
	}
	return all, rows.Err()
}

// States are the states of a part.
func States() []string { return []string{"pending", "sending", "sent", "failed", "uncertain"} }

// Counts is how many parts the outbox has, by state.
func (d *Delivery) Counts(ctx context.Context) (map[string]int, error) {
	rows, err := d.Database.Reader().QueryContext(ctx, `SELECT state, count(*) FROM part GROUP BY state`)
	if err != nil {
		return nil, fmt.Errorf("count the outbox: %w", err)
	}
	defer rows.Close()
	counts := map[string]int{}
	for rows.Next() {
		var state string
		var n int
		if err := rows.Scan(&state, &n); err != nil {
			return nil, fmt.Errorf("count the outbox: %w", err)
		}
		counts[state] = n
	}
	return counts, rows.Err()
}

// keepEditions is how long editions and their parts are kept.
const keepEditions = 30 * 24 * time.Hour

// Prune removes what is long past.
func (d *Delivery) Prune(ctx context.Context) error {
	before := database.Millis(d.Now().Add(-keepEditions))
	err := d.Database.Write(ctx, func(tx *sql.Tx) error {
		for _, statement := range []string{
			`DELETE FROM part WHERE created < $1 AND state <> 'pending' AND state <> 'sending'`,
			`DELETE FROM edition WHERE due < $1 AND state <> 'queued'`,
		} {
			if _, err := tx.ExecContext(ctx, statement, before); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("remove old editions: %w", err)
	}
	return nil
}
