package delivery_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"tidings/bot"
	"tidings/bot/delivery"
	"tidings/digest"
	"tidings/digest/language"
	"tidings/subscriptions"
)

// TestADigestIsMadeOnceForAllChats holds that chats which get the same share
// its making: composed once, and rendered once for each form.
func TestADigestIsMadeOnceForAllChats(t *testing.T) {
	if testing.Short() {
		t.Skip("several hundred chats are left out of a short run")
	}
	each(t, func(h *house) {
		const chats = 200
		h.counting()
		h.stock(h.topic)
		d, composed := h.press(2)
		page, err := d.Compose(h.t.Context(), h.topic, eight.AddDate(0, 0, -1), eight)
		h.must(err)
		once := func(length string) int {
			before := h.renderings()
			bot.Split(delivery.Message(page, delivery.Options{Zone: time.UTC, Length: length}), h.network.Fits)
			return h.renderings() - before
		}
		want := once("") + once(subscriptions.Short)
		composed.Store(0)
		d, composed = h.press(2)
		for i := range chats {
			c := subscriptions.Chat{Platform: "network", ID: fmt.Sprint(100 + i)}
			h.subscribe(c, "daily 08:00", eight)
			if i%2 == 0 {
				h.must(h.store.Set(h.t.Context(), subscriptions.Settings{Chat: c, Length: subscriptions.Short}))
			}
		}
		before := h.renderings()
		h.setClock(eight)
		h.start(d)
		h.tick(d, chats)
		h.delivered(chats)
		if n := composed.Load(); n != 1 {
			h.t.Errorf("composed %d times for %d chats, want once", n, chats)
		}
		if n := h.renderings() - before; n != want {
			h.t.Errorf("rendered %d times for %d chats in two forms, want %d", n, chats, want)
		}
	})
}

// TestADigestThatFailsIsMadeAgain lets two ask for the same digest at the same
// time, of which the first attempt fails, and one that will not wait for it.
func TestADigestThatFailsIsMadeAgain(t *testing.T) {
	h := library(t)
	begun, goOn := make(chan bool, 2), make(chan bool)
	var attempts atomic.Int64
	d, err := delivery.New(delivery.Config{
		Database: h.db, Archive: h.archive, Subscriptions: h.store, Platforms: []bot.Platform{h.network}, Zone: time.UTC, Now: h.clock,
		Composers: []*digest.Composer{digest.NewComposer(language.New())}, Log: slog.New(slog.DiscardHandler),
		Refresh: func(context.Context, string) error {
			begun <- true
			<-goOn
			if attempts.Add(1) == 1 {
				return errors.New("not now")
			}
			return nil
		},
	})
	h.must(err)
	compose := func(ctx context.Context) error {
		_, err := d.Compose(ctx, h.topic, eight.AddDate(0, 0, -1), eight)
		return err
	}
	results := make(chan error, 2)
	for range 2 {
		go func() { results <- compose(t.Context()) }()
	}
	<-begun
	impatient, cancel := context.WithCancel(t.Context())
	cancel()
	if err := compose(impatient); !errors.Is(err, context.Canceled) {
		t.Errorf("who will not wait got %v", err)
	}
	close(goOn)
	first, second := <-results, <-results
	if (first == nil) == (second == nil) || attempts.Load() != 2 {
		t.Errorf("after %d attempts the results are %v and %v; want one failure and one digest", attempts.Load(), first, second)
	}
}

// TestChatsOfATopicComeTogether holds that more topics than the program keeps
// at hand are made once each, in whatever order they were subscribed to.
func TestChatsOfATopicComeTogether(t *testing.T) {
	each(t, func(h *house) {
		const topics, chats = 100, 2
		var all []digest.Topic
		for i := range topics {
			all = append(all, h.named(fmt.Sprint("Topic ", i)))
		}
		for i := range topics * chats {
			h.topic = all[i%topics]
			h.subscribe(subscriptions.Chat{Platform: "network", ID: fmt.Sprint(i)}, "daily 08:00", eight)
		}
		d, composed := h.press(2)
		h.setClock(eight)
		h.start(d)
		h.tick(d, topics*chats)
		h.delivered(topics * chats)
		if n := composed.Load(); n != topics {
			h.t.Errorf("composed %d digests of %d topics", n, topics)
		}
	})
}
