package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidings/bot"
	"tidings/digest"
	"tidings/digest/archive"
	"tidings/digest/feed"
	"tidings/subscriptions"
	"tidings/subscriptions/schedule"
)

// postbox is a chat network that only keeps what it is given.
type postbox struct {
	bot.Platform
	mu   sync.Mutex
	sent []string
}

func (*postbox) Name() string          { return "telegram" }
func (*postbox) Fits(bot.Message) bool { return true }
func (*postbox) Limits() bot.Limits    { return bot.Limits{Rows: 5, RowButtons: 5, Label: 80} }
func (*postbox) Connected() bool       { return true }

func (p *postbox) Send(_ context.Context, c subscriptions.Chat, m bot.Message, _ string) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent = append(p.sent, c.ID+": "+m.Plain())
	return fmt.Sprint(len(p.sent)), nil
}

func (p *postbox) all() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string{}, p.sent...)
}

// moody are feeds that answer as long as they are well.
func moody(t *testing.T, now func() time.Time) (url string, well *atomic.Bool) {
	well = new(atomic.Bool)
	well.Store(true)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !well.Load() {
			http.Error(w, "no", http.StatusBadGateway)
			return
		}
		title := map[string]string{"/wire": "Ukraine peace talks open in Geneva", "/sport": "Surfer wins gold medal"}[r.URL.Path]
		fmt.Fprintf(w, `<rss version="2.0"><channel><title>F</title><item><title>%s</title><link>https://news.example%s</link><pubDate>%s</pubDate></item></channel></rss>`,
			title, r.URL.Path, now().Add(-time.Hour).Format(time.RFC1123Z))
	}))
	t.Cleanup(server.Close)
	return server.URL, well
}

func TestAdminsAreToldOnceThatAFeedFailsAndOnceThatItIsWell(t *testing.T) {
	ahead := &clock{}
	url, well := moody(t, ahead.now)
	network := &postbox{}
	standard, err := schedule.Parse("daily 08:00")
	if err != nil {
		t.Fatal(err)
	}
	p := plan{
		database: filepath.Join(t.TempDir(), "t.db"), zone: time.UTC, schedule: standard, polling: feed.Config{AllowPrivate: true},
		interval: 15 * time.Minute, workers: 2, admins: map[string]bool{"telegram:boss": true},
		topics: []digest.Topic{{Name: "Peace", Query: "ukraine peace talks"}},
		feeds:  []archive.Feed{{URL: url + "/wire", Outlet: "Wire One", Owner: "Wire"}, {URL: url + "/sport", Outlet: "Sport Day", Owner: "Sport"}},
	}
	g, err := newProgram(t.Context(), p, []bot.Platform{network}, world{now: ahead.now}, slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatal(err)
	}
	defer g.close()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(g.takeOver(t.Context(), p))
	must(g.newsroom.Start(t.Context()))
	must(g.delivery.Start(t.Context()))
	defer g.delivery.Stop(context.WithoutCancel(t.Context()))
	g.conversation.Handle(t.Context(), bot.Update{ID: "1", Command: "help", User: bot.User{Platform: "telegram", ID: "boss", Name: "Boss"},
		Place: bot.Place{Chat: subscriptions.Chat{Platform: "telegram", ID: "7"}, Kind: bot.Private}})

	// after polls all feeds so many hours from the beginning on, and returns what
	// the admin has been told until then.
	after := func(hours int) []string {
		t.Helper()
		ahead.ahead.Store(int64(time.Duration(hours) * time.Hour))
		_, err := g.newsroom.PollAll(t.Context(), nil)
		must(err)
		must(g.tellOfFeeds(t.Context()))
		must(g.tellOfFeeds(t.Context()))
		for deadline := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
			var open int
			must(g.database.Reader().QueryRow(`SELECT count(*) FROM part WHERE state <> 'sent'`).Scan(&open))
			if open == 0 {
				return network.all()
			}
			if time.Now().After(deadline) {
				t.Fatal("a notice was not sent")
			}
		}
	}
	told := func(got []string, parts ...string) {
		t.Helper()
		if len(got) != len(parts) {
			t.Fatalf("the admin was told %q, want %d messages", got, len(parts))
		}
		for i, part := range parts {
			if !strings.HasPrefix(got[i], "7: ") || !strings.Contains(got[i], part) {
				t.Errorf("message %d is %q, want %q in it", i, got[i], part)
			}
		}
	}
	const fails, isWell = "The feed of Wire One has failed since", "The feed of Wire One is well again."
	told(after(0))
	well.Store(false)
	told(after(1))
	told(after(24))
	told(after(26), fails)
	if got := network.all()[0]; !strings.Contains(got, "HTTP 502") || strings.Contains(got, url) {
		t.Errorf("the admin was told %q", got)
	}
	told(after(50), fails)
	well.Store(true)
	told(after(51), fails, isWell)
	told(after(52), fails, isWell)
	well.Store(false)
	told(after(53), fails, isWell)
	told(after(78), fails, isWell, fails)

	feeds, err := g.archive.Feeds(t.Context())
	must(err)
	states := map[string]string{}
	for _, f := range feeds {
		states[f.Outlet] = f.State()
	}
	if diff := cmp.Diff(map[string]string{"Wire One": "failing", "Sport Day": "failing"}, states); diff != "" {
		t.Error(diff)
	}
	config := write(t, "config.toml", fmt.Sprintf("[database]\nurl = %q\n[[feed]]\nurl = %q\noutlet = \"Wire One\"\n[[feed]]\nurl = %q\noutlet = \"New Voice\"\n",
		p.database, url+"/wire", url+"/new"))
	got := invoke(t, "", "feeds", "list", "-config", config)
	if got.code != 0 || !strings.Contains(got.stdout, "HTTP 502") || !strings.Contains(got.stdout, "failing since") ||
		!strings.Contains(got.stdout, "new") || strings.Contains(got.stdout, "Sport Day") {
		t.Errorf("code %d: %s%s", got.code, got.stdout, got.stderr)
	}
}
