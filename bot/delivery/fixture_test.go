package delivery_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"tidings/bot"
	"tidings/bot/delivery"
	"tidings/digest"
	"tidings/digest/archive"
	"tidings/digest/database"
	"tidings/digest/database/databasetest"
	"tidings/digest/language"
	"tidings/subscriptions"
)

// eight is when the tests' digests are due.
var eight = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

var reader = subscriptions.Chat{Platform: "network", ID: "7"}

// network is a chat network that does what the test says.
type network struct {
	limits bot.Limits
	fits   func(bot.Message) bool

	mu       sync.Mutex
	script   []error // what the next sends meet; nil is success
	before   func()  // called in every Send before anything else
	shown    map[subscriptions.Chat][]string
	keys     map[string]string
	sends    int
	created  int
	rendered int
	// messages are all that were created, in order.
	messages []bot.Message
}

func newNetwork() *network {
	return &network{shown: map[subscriptions.Chat][]string{}, keys: map[string]string{}, fits: func(bot.Message) bool { return true }}
}

func (n *network) Name() string            { return "network" }
func (n *network) Limits() bot.Limits      { return n.limits }
func (n *network) Fits(m bot.Message) bool { return n.fits(m) }
func (n *network) Connected() bool         { return true }

func (n *network) Run(context.Context, []bot.Command, bot.Handler) error { return nil }

func (n *network) Place(context.Context, bot.User, string) (bot.Place, error) {
	return bot.Place{}, nil
}

func (n *network) Send(_ context.Context, c subscriptions.Chat, m bot.Message, key string) (string, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.sends++
	if n.before != nil {
		n.before()
	}
	var err error
	if len(n.script) > 0 {
		err, n.script = n.script[0], n.script[1:]
	}
	failed, _ := err.(*bot.SendError)
	if failed != nil && failed.Class != bot.Ambiguous {
		return "", err
	}
	if id, ok := n.keys[key]; ok && n.limits.RepeatWithin > 0 {
		return id, err
	}
	n.created++
	id := fmt.Sprint("m", n.created)
	n.keys[key] = id
	n.shown[c] = append(n.shown[c], m.Plain())
	n.messages = append(n.messages, m)
	return id, err
}

func (n *network) Find(_ context.Context, c subscriptions.Chat, m bot.Message, _ time.Time) (string, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if slices.Contains(n.shown[c], m.Plain()) {
		return "found", nil
	}
	return "", nil
}

func (n *network) seen(c subscriptions.Chat) []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.shown[c])
}

// house is everything that a delivery needs, on a database that outlives it.
type house struct {
	t       testing.TB
	db      *database.DB
	archive *archive.Archive
	store   *subscriptions.Store
	network *network
	topic   digest.Topic

	mu  sync.Mutex
	now time.Time
}

func each(t *testing.T, f func(h *house)) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) { f(newHouse(t, db)) })
}

func newHouse(t testing.TB, db *database.DB) *house {
	h := &house{t: t, db: db, archive: archive.New(db), store: subscriptions.New(db), network: newNetwork(), now: eight.Add(-time.Hour)}
	h.must(h.archive.ReconcileFeeds(t.Context(), outlets(), h.now))
	h.topic = h.named("Peace")
	return h
}

// named is a new topic of a name.
func (h *house) named(name string) digest.Topic {
	h.t.Helper()
	id, err := h.archive.SaveTopic(h.t.Context(), digest.Topic{Name: name, Query: name, Origin: digest.FromConfig, Created: h.now})
	h.must(err)
	topic, err := h.archive.Topic(h.t.Context(), id)
	h.must(err)
	return topic
}

func outlets() []archive.Feed {
	var feeds []archive.Feed
	for _, name := range []string{"Wire One", "Capital Post", "Kyiv Chronicle", "Evening Star", "Morning Sun", "Daily Moon"} {
		feeds = append(feeds, archive.Feed{URL: "http://example.com/" + name, Outlet: name, Owner: name + " Ltd", Language: "en"})
	}
	return feeds
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *house) setClock(t time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = t
}

// file stores an article of the topic in a story, seen at a time.
func (h *house) file(outlet, story, title string, at time.Time) {
	h.t.Helper()
	feeds, err := h.archive.Feeds(h.t.Context())
	h.must(err)
	i := slices.IndexFunc(feeds, func(f archive.Feed) bool { return f.Outlet == outlet })
	f := feeds[i]
	h.must(h.archive.File(h.t.Context(), f, []archive.Filed{{
		FeedID: f.ID,
		Article: digest.Article{
			ID: archive.ID(outlet, story, title), URL: "http://example.com/" + archive.ID(outlet, title), Title: title,
			Text: "", Language: "en", Outlet: f.Outlet, Owner: f.Owner, Story: story, Published: at, Seen: at,
		},
		Topics: []archive.TopicMatch{{TopicID: h.topic.ID, Score: 1}},
	}}))
}

func (h *house) subscribe(c subscriptions.Chat, when string, due time.Time) {
	h.t.Helper()
	h.must(h.store.Meet(h.t.Context(), c, "private", "Ann", h.clock()))
	_, _, err := h.store.Subscribe(h.t.Context(), subscriptions.Subscription{
		Chat: c, TopicID: h.topic.ID, Schedule: when, NextDue: due, Created: h.clock(),
	})
	h.must(err)
}

// deliver is a delivery on the house; it works only after start.
func (h *house) deliver() *delivery.Delivery {
	h.t.Helper()
	d, err := delivery.New(delivery.Config{
		Database: h.db, Archive: h.archive, Subscriptions: h.store, Platforms: []bot.Platform{h.network},
		Composers: []*digest.Composer{digest.NewComposer(language.New())}, Zone: time.UTC, Now: h.clock,
		Log: slog.New(slog.NewTextHandler(h.t.Output(), nil)),
	})
	h.must(err)
	return d
}

// start starts a delivery and stops it when the test ends.
func (h *house) start(d *delivery.Delivery) *delivery.Delivery {
	h.t.Helper()
	h.must(d.Start(h.t.Context()))
	h.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := d.Stop(ctx); err != nil {
			h.t.Error(err)
		}
	})
	return d
}

// await polls until a condition holds.
func (h *house) await(what string, condition func() bool) {
	h.t.Helper()
	deadline := time.Now().Add(60 * time.Second)
	for !condition() {
		if time.Now().After(deadline) {
			h.t.Fatalf("waited too long for: %s; shown: %q; parts: %v", what, h.network.seen(reader), h.parts())
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// parts are the states of the outbox, in order.
func (h *house) parts() []string {
	rows, err := h.db.Reader().Query(`SELECT state FROM part ORDER BY position`)
	if err != nil {
		return []string{err.Error()}
	}
	defer rows.Close()
	var states []string
	for rows.Next() {
		var s string
		rows.Scan(&s)
		states = append(states, s)
	}
	return states
}

// settled waits until no part is open and returns their states.
func (h *house) settled(parts int) []string {
	h.t.Helper()
	h.await(fmt.Sprint(parts, " settled parts"), func() bool {
		states := h.parts()
		return len(states) >= parts && !slices.Contains(states, "pending") && !slices.Contains(states, "sending")
	})
	return h.parts()
}

// crash makes the parts look as if the process had died while sending them, at a time.
func (h *house) crash(started time.Time) {
	h.t.Helper()
	_, err := h.db.Reader().Exec(`SELECT 1`)
	h.must(err)
	h.must(h.db.Write(h.t.Context(), markSending(started)))
}
