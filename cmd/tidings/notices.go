package main

import (
	"context"
	"fmt"
	"time"

	"tidings/bot"
	"tidings/digest"
	"tidings/digest/archive"
)

// failsFor is how long a feed of a topic fails before the admins are told.
const failsFor = 24 * time.Hour

// tellOfFeeds tells the admins once of each feed of a topic that has failed for
// a day, and once when it is well again.
func (g *program) tellOfFeeds(ctx context.Context) error {
	now := g.now()
	feeds, err := g.archive.ToTell(ctx, now.Add(-failsFor))
	if err != nil {
		return err
	}
	for _, f := range feeds {
		failing := f.Failures > 0
		text := fmt.Sprintf("The feed of %s is well again.", f.Outlet)
		switch {
		case f.Gone:
			text = fmt.Sprintf("The feed of %s has ended: %s. It is not asked any more; take it out, or put another address in its place.", f.Outlet, f.Fault)
		case failing:
			text = fmt.Sprintf("The feed of %s has failed since %s: %s. It is tried again at growing intervals.",
				f.Outlet, f.FailingSince.UTC().Format("2 Jan 15:04 UTC"), f.Fault)
		}
		if err := g.tellAdmins(ctx, archive.ID("feed", f.ID, fmt.Sprint(failing), f.FailingSince.String(), f.Polled.String()), bot.Text(text)); err != nil {
			return err
		}
		if err := g.archive.SetTold(ctx, f.ID, failing); err != nil {
			return err
		}
	}
	return nil
}

// tellAdmins sends a message once for each key to every admin who has spoken
// to the bot in private.
func (g *program) tellAdmins(ctx context.Context, key string, m bot.Message) error {
	chats, err := g.conversation.AdminChats(ctx)
	if err != nil {
		return err
	}
	for _, chat := range chats {
		if err := g.delivery.Notice(ctx, chat, key, m); err != nil {
			return err
		}
	}
	return nil
}

// tellRetired tells the subscribers of a topic that left the configuration.
func (g *program) tellRetired(ctx context.Context, t digest.Topic, now time.Time) error {
	subs, err := g.subscriptions.Subscribers(ctx, t.ID)
	if err != nil {
		return err
	}
	for _, s := range subs {
		m := bot.Text(fmt.Sprintf("The topic %s is no longer offered here, so its digests stop. /topics shows what there is.", t.Name))
		if err := g.delivery.Notice(ctx, s.Chat, fmt.Sprintf("retired %s %d", t.ID, now.UnixMilli()), m); err != nil {
			return err
		}
	}
	return nil
}
