package newsroom

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"time"

	"tidings/digest/archive"
	"tidings/digest/feed"
)

const (
	// renewBefore is how long before its end a lease is renewed.
	renewBefore = 24 * time.Hour
	// askEvery is the time between two requests to a hub for one feed.
	askEvery = 6 * time.Hour
	// askAtOnce bounds the requests to hubs of one call.
	askAtOnce = 20
	// hubKey is the name under which the key of the secrets is remembered.
	hubKey = "the key of the secrets that hubs sign with"
)

// openHubs makes hubs able to bring news.
func (n *Newsroom) openHubs(ctx context.Context) error {
	if n.Callback == "" {
		return nil
	}
	text, err := n.Archive.Recall(ctx, hubKey)
	if err != nil {
		return err
	}
	if text == "" {
		text = rand.Text()
		if err := n.Archive.Remember(ctx, hubKey, text); err != nil {
			return err
		}
	}
	n.hubs = &feed.WebSub{
		Client: n.Client, Callback: n.Callback, Key: []byte(text),
		Topic: n.hubTopic, Leased: n.leased, Arrived: n.arrived,
	}
	return nil
}

// ServeHTTP answers hubs (WebSub).
func (n *Newsroom) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if n.hubs == nil {
		http.NotFound(w, r)
		return
	}
	n.hubs.ServeHTTP(w, r)
}

// Subscribe asks hubs to bring the news of the feeds that name one, and again
// before what was agreed ends.
func (n *Newsroom) Subscribe(ctx context.Context) error {
	if n.hubs == nil {
		return nil
	}
	now := n.Now()
	feeds, err := n.Archive.ToSubscribe(ctx, now.Add(renewBefore), now.Add(-askEvery), askAtOnce)
	if err != nil {
		return err
	}
	for _, f := range feeds {
		// It is stored first: a hub may ask back before it answers.
		if err := n.Archive.HubAsked(ctx, f.ID, now); err != nil {
			return err
		}
		if err := n.hubs.Subscribe(ctx, f.ID, f.Hub, f.HubTopic); err != nil && ctx.Err() == nil {
			n.Log.Info("a hub does not bring the news of a feed, which is polled as before", "feed", f.ID, "error", err)
		}
	}
	return ctx.Err()
}

// hubTopic is the topic that is subscribed to for a feed, or empty.
func (n *Newsroom) hubTopic(ctx context.Context, id string) string {
	f, err := n.Archive.Feed(ctx, id)
	if err != nil && !errors.Is(err, archive.ErrNoFeed) {
		n.Log.Error("it is not known what is subscribed to at a hub", "feed", id, "error", err)
	}
	return f.HubTopic
}

func (n *Newsroom) leased(ctx context.Context, id string, until time.Time) {
	if err := n.Archive.Lease(ctx, id, until); err != nil {
		n.Log.Error("it could not be stored that a hub brings a feed's news", "feed", id, "error", err)
	}
}

// arrived takes what a hub brought of a feed. The hub does not wait for it.
func (n *Newsroom) arrived(ctx context.Context, id string, body []byte, contentType string) {
	n.running.Go(func() {
		if err := n.takeIn(context.WithoutCancel(ctx), id, body, contentType); err != nil {
			n.Log.Error("what a hub brought of a feed could not be taken in", "feed", id, "error", err)
		}
	})
}

// takeIn reads and stores what is new of a body. The feed's own state stays, as
// nothing was asked of it.
func (n *Newsroom) takeIn(ctx context.Context, id string, body []byte, contentType string) error {
	f, err := n.Archive.Feed(ctx, id)
	if err != nil {
		return err
	}
	fresh, _ := feed.Fresh(body, f.Marks)
	parsed, err := feed.Read(fresh, contentType, f.FinalURL)
	if err != nil {
		return fmt.Errorf("read it: %w", err)
	}
	n.storing.RLock()
	defer n.storing.RUnlock()
	filed, err := n.file(ctx, f, parsed, n.Now())
	if err != nil || len(filed) == 0 {
		return err
	}
	return n.Archive.File(ctx, archive.Feed{}, filed)
}
