package conversation_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tidings/bot"
	"tidings/bot/conversation"
	"tidings/bot/delivery"
	"tidings/digest"
	"tidings/digest/archive"
	"tidings/digest/database"
	"tidings/digest/database/databasetest"
	"tidings/digest/feed"
	"tidings/digest/language"
	"tidings/digest/newsroom"
	"tidings/subscriptions"
	"tidings/subscriptions/schedule"
)

// noon is when the tests talk: a Monday.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// network is a chat network. One that is named "discord" has options.
type network struct {
	bot.Platform
	name string

	mu    sync.Mutex
	shown map[subscriptions.Chat][]bot.Message
}

func (n *network) Name() string          { return n.name }
func (n *network) Fits(bot.Message) bool { return true }
func (n *network) Limits() bot.Limits    { return bot.Limits{Rows: 5, RowButtons: 5, Label: 80} }

func (n *network) Send(_ context.Context, c subscriptions.Chat, m bot.Message, _ string) (string, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.shown[c] = append(n.shown[c], m)
	return fmt.Sprint(len(n.shown[c])), nil
}

func (n *network) seen(c subscriptions.Chat) []bot.Message {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.shown[c])
}

// Place knows one channel, which ann administers.
func (n *network) Place(_ context.Context, u bot.User, target string) (bot.Place, error) {
	if target != "@news" && target != "-55" {
		return bot.Place{}, &bot.SendError{Class: bot.BadTarget, Why: "I know no place " + target + "."}
	}
	return bot.Place{Chat: n.chat("-55"), Kind: bot.Channel, Title: "The News", Administered: u.ID == "ann"}, nil
}

func (n *network) chat(id string) subscriptions.Chat {
	return subscriptions.Chat{Platform: n.name, ID: id}
}

// house is a program without feeds, and a person who talks to it.
type house struct {
	*testing.T
	*conversation.Conversation
	db       *database.DB
	archive  *archive.Archive
	store    *subscriptions.Store
	delivery *delivery.Delivery
	newsroom *newsroom.Newsroom
	network  *network
	place    bot.Place
	user     bot.User

	mu   sync.Mutex
	now  time.Time
	last bot.Reply
}

// each runs f on a network without options and on one with them, each on one
// of the databases.
func each(t *testing.T, f func(h *house)) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		name := "telegram"
		if db.Engine() == database.Postgres {
			name = "discord"
		}
		f(newHouse(t, db, name))
	})
}

// both runs f on both kinds of network, on SQLite.
func both(t *testing.T, f func(h *house)) {
	for _, name := range []string{"telegram", "discord"} {
		t.Run(name, func(t *testing.T) {
			db, err := database.Open(t.Context(), databasetest.SQLite(t))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { db.Close() })
			f(newHouse(t, db, name))
		})
	}
}

func newHouse(t *testing.T, db *database.DB, name string) *house {
	h := &house{T: t, db: db, archive: archive.New(db), store: subscriptions.New(db), now: noon,
		network: &network{name: name, shown: map[subscriptions.Chat][]bot.Message{}}}
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	var feeds []archive.Feed
	for i, outlet := range []string{"Wire One", "Capital Post", "Kyiv Chronicle", "Evening Star", "Morning Sun"} {
		feeds = append(feeds, archive.Feed{URL: "http://example.com/" + outlet, Outlet: outlet, Owner: outlet + " Ltd", Country: []string{"GB", "UA"}[i%2], Language: "en"})
	}
	h.must(h.archive.ReconcileFeeds(t.Context(), feeds, noon))
	_, err := h.archive.ReconcileTopics(t.Context(), []digest.Topic{
		{Name: "Ukraine peace talks", Query: "ukraine peace talks"}, {Name: "World daily", Query: "world", Schedule: "weekdays 07:00"},
	}, nil, noon.AddDate(0, 0, -1))
	h.must(err)
	h.newsroom = newsroom.New(newsroom.Config{
		Archive: h.archive, Client: feed.NewClient(feed.Config{AllowPrivate: true}, log), Analyzer: language.New(), Interval: time.Hour, Workers: 1, Votes: h.topicVotes, Now: h.clock, Log: log,
	})
	h.delivery, err = delivery.New(delivery.Config{
		Database: db, Archive: h.archive, Subscriptions: h.store, Platforms: []bot.Platform{h.network},
		Composers: []*digest.Composer{digest.NewComposer(language.New())}, Zone: time.UTC, Now: h.clock, Log: log,
	})
	h.must(err)
	standard, err := schedule.Parse("daily 08:00")
	h.must(err)
	h.Conversation = conversation.New(conversation.Config{
		Archive: h.archive, Newsroom: h.newsroom, Subscriptions: h.store, Delivery: h.delivery,
		Platforms: []bot.Platform{h.network}, Schedule: standard, Now: h.clock, Log: log,
	})
	h.SetAdmins(map[string]bool{name + ":boss": true})
	h.news()
	h.must(h.newsroom.Start(t.Context()))
	h.as("ann", bot.Place{Chat: h.network.chat("7"), Kind: bot.Private, Title: "Ann", Administered: true})
	return h
}

// topicVotes are the ids of the articles that were voted on for everyone.
func (h *house) topicVotes(ctx context.Context, topicID string) (more, less []string, err error) {
	votes, err := h.store.TopicVotes(ctx, topicID)
	more, less = subscriptions.Divide(votes)
	return more, less, err
}

// news files what the tests' archive has: two stories of the peace talks, one
// of surfing.
func (h *house) news() {
	for _, a := range []struct {
		outlet, story, title string
		ago                  time.Duration
	}{
		{"Wire One", "framework", "Ukraine peace talks end with a framework", 5 * time.Hour},
		{"Capital Post", "framework", "Peace talks on Ukraine bring a framework of 19 points", 4 * time.Hour},
		{"Kyiv Chronicle", "framework", "Talks on peace in Ukraine keep red lines", 2 * time.Hour},
		{"Evening Star", "europe", "Europe wants changes to the peace talks on Ukraine", 3 * time.Hour},
		{"Morning Sun", "surfing", "Moore wins Olympic surfing gold medal", 60 * time.Hour},
	} {
		h.file(a.outlet, a.story, a.title, noon.Add(-a.ago))
	}
}

// file stores an article. Its text repeats what the title says.
func (h *house) file(outlet, story, title string, at time.Time) {
	h.Helper()
	feeds, err := h.archive.Feeds(h.Context())
	h.must(err)
	f := feeds[slices.IndexFunc(feeds, func(f archive.Feed) bool { return f.Outlet == outlet })]
	h.must(h.archive.File(h.Context(), f, []archive.Filed{{FeedID: f.ID, Article: digest.Article{
		ID: archive.ID(outlet, title), URL: "http://example.com/" + archive.ID(outlet, title), Title: title,
		Text: title + ", " + outlet + " reports from Geneva on Monday.", Language: "en", Outlet: f.Outlet, Owner: f.Owner, Story: story, Published: at, Seen: at,
	}}}))
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
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

// as makes another person talk, in another place.
func (h *house) as(user string, p bot.Place) {
	h.user, h.place = bot.User{Platform: h.network.name, ID: user, Name: user}, p
}

func (h *house) group(administered bool) bot.Place {
	return bot.Place{Chat: h.network.chat("-9"), Kind: bot.Group, Title: "Our group", Administered: administered}
}

// says gives a command with arguments in order, "name=value", as the network
// has them, and returns the answer in plain text.
func (h *house) says(command string, arguments ...string) string {
	h.Helper()
	u := bot.Update{ID: "1", Place: h.place, User: h.user, Command: command}
	if h.network.name == "discord" {
		u.Options = map[string]string{}
	}
	var words []string
	for _, a := range arguments {
		name, value, _ := strings.Cut(a, "=")
		if u.Options != nil {
			u.Options[name] = value
		}
		words = append(words, value)
	}
	if u.Options == nil {
		u.Text = strings.Join(words, " ")
	}
	return h.answer(u)
}

func (h *house) answer(u bot.Update) string {
	h.Helper()
	reply := h.Handle(h.Context(), u)
	for _, row := range reply.Message.Buttons {
		if len(row) == 0 || len(row) > 5 {
			h.Errorf("a row of %d buttons under %q", len(row), reply.Message.Plain())
		}
		for _, b := range row {
			if b.Label == "" || b.Action == "" || len(b.Action) > 64 {
				h.Errorf("a button %+v under %q", b, reply.Message.Plain())
			}
		}
	}
	text := reply.Message.Plain()
	if strings.Contains(text, "went wrong on my side") {
		h.Errorf("/%s %s%v %s failed", u.Command, u.Text, u.Options, u.Action)
	}
	h.last = reply
	return text
}

// presses presses the button of a label under the last answer.
func (h *house) presses(label string) string {
	h.Helper()
	for _, row := range h.last.Message.Buttons {
		for _, b := range row {
			if b.Label == label {
				return h.answer(bot.Update{ID: "2", Place: h.place, User: h.user, Action: b.Action})
			}
		}
	}
	h.Fatalf("there is no button %q under %q: %q", label, h.last.Message.Plain(), h.labels())
	return ""
}

func (h *house) labels() (labels []string) {
	for _, row := range h.last.Message.Buttons {
		for _, b := range row {
			labels = append(labels, b.Label)
		}
	}
	return labels
}

// want proves that an answer has all these texts.
func (h *house) want(answer string, texts ...string) {
	h.Helper()
	for _, text := range texts {
		if !strings.Contains(answer, text) {
			h.Errorf("the answer has no %q:\n%s", text, answer)
		}
	}
}

// unwanted proves that an answer has none of these texts.
func (h *house) unwanted(answer string, texts ...string) {
	h.Helper()
	for _, text := range texts {
		if strings.Contains(answer, text) {
			h.Errorf("the answer has %q:\n%s", text, answer)
		}
	}
}

// scheduled are a chat's subscriptions as "topic: schedule".
func (h *house) scheduled(c subscriptions.Chat) []string {
	h.Helper()
	subs, err := h.store.Of(h.Context(), c)
	h.must(err)
	var all []string
	for _, s := range subs {
		t, err := h.archive.Topic(h.Context(), s.TopicID)
		h.must(err)
		all = append(all, t.Name+": "+s.Schedule)
	}
	slices.Sort(all)
	return all
}

// start lets the house deliver until the test ends.
func (h *house) start() {
	h.Helper()
	h.must(h.delivery.Start(h.Context()))
	h.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := h.delivery.Stop(ctx); err != nil {
			h.Error(err)
		}
	})
}

// await polls until a chat was sent a number of messages, and returns the last.
func (h *house) await(c subscriptions.Chat, n int) bot.Message {
	h.Helper()
	deadline := time.Now().Add(60 * time.Second)
	for len(h.network.seen(c)) < n {
		if time.Now().After(deadline) {
			h.Fatalf("waited too long for message %d; there are %d", n, len(h.network.seen(c)))
		}
		time.Sleep(5 * time.Millisecond)
	}
	return h.network.seen(c)[n-1]
}

// telegram is a house on a network without options.
func telegram(t *testing.T) *house {
	t.Helper()
	db, err := database.Open(t.Context(), databasetest.SQLite(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return newHouse(t, db, "telegram")
}
