package main

import (
	"database/sql"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"tidings/bot/bottest"
	"tidings/bot/discord/discordtest"
	"tidings/bot/telegram/telegramtest"
	"tidings/cmd/tidings/sample"
	"tidings/digest/database"
	"tidings/digest/database/databasetest"
	"tidings/subscriptions"
)

// town is the two networks, the feeds and a database, which outlive the program.
type town struct {
	tb       testing.TB
	telegram *telegramtest.Server
	discord  *discordtest.Server
	clock    clock
	config   string
	url      string
}

func newTown(t *testing.T, url string) *town { return newTownWith(t, url, telegramtest.Hooks{}) }

func newTownWith(t *testing.T, url string, hooks telegramtest.Hooks) *town {
	w := &town{tb: t, telegram: telegramtest.New(t, hooks), discord: discordtest.New(t), url: url}
	feeds := httptest.NewServer(sample.Handler(w.clock.now))
	t.Cleanup(feeds.Close)
	var b strings.Builder
	fmt.Fprintf(&b, "[database]\nurl = %q\n[polling]\ninterval = \"1h\"\nallow_private = true\n", url)
	fmt.Fprintf(&b, "[telegram]\ntoken = %q\napi_url = %q\n", telegramtest.Token, w.telegram.URL)
	fmt.Fprintf(&b, "[discord]\ntoken = %q\napi_url = %q\n", w.discord.Token, w.discord.URL)
	fmt.Fprintf(&b, "[http]\naddr = \"127.0.0.1:0\"\n")
	for _, f := range sample.Feeds() {
		fmt.Fprintf(&b, "[[feed]]\nurl = %q\noutlet = %q\nowner = %q\n", feeds.URL+f.Path, f.Outlet, f.Owner)
	}
	for _, topic := range sample.Topics() {
		fmt.Fprintf(&b, "[[topic]]\nname = %q\nquery = %q\n", topic.Name, topic.Query)
	}
	w.config = filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(w.config, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return w
}

// serve starts the program.
func (w *town) serve() *process {
	p := start(w.tb, time.Duration(w.clock.ahead.Load()), "run", "-config", w.config)
	w.tb.Cleanup(func() {
		for _, secret := range []string{telegramtest.Token, w.discord.Token} {
			if strings.Contains(p.printed(), secret) {
				w.tb.Error("a token was printed")
			}
		}
	})
	return p
}

// chats are the places that subscribe, and who shows what is in them.
func (w *town) chats() map[subscriptions.Chat]bottest.Network {
	return map[subscriptions.Chat]bottest.Network{
		w.telegram.Private():                    w.telegram,
		w.telegram.Group():                      w.telegram,
		telegramtest.At(telegramtest.ChannelID): w.telegram,
		w.discord.Private():                     w.discord,
		w.discord.Group():                       w.discord,
		w.discord.Thread():                      w.discord,
	}
}

// subscribe subscribes every chat to a topic, and returns how many messages
// each has then.
func (w *town) subscribe() map[subscriptions.Chat]int {
	w.tb.Helper()
	shown := map[subscriptions.Chat]int{}
	for c, network := range w.chats() {
		line := "/subscribe Ukraine peace talks daily 08:00"
		if c.Platform == "discord" {
			line = `/subscribe topic:"Ukraine peace talks" when:"daily 08:00"`
		}
		network.Say(c, line)
		w.eventually("the answer in "+c.String(), func() bool {
			all := network.Shown(c)
			return len(all) > 0 && strings.Contains(all[len(all)-1].Text, "Done: Ukraine peace talks")
		})
		shown[c] = len(network.Shown(c))
	}
	return shown
}

// untilEight is how far the clock must be ahead for the next eight o'clock.
func (w *town) untilEight() time.Duration {
	now := w.clock.now().UTC()
	eight := time.Date(now.Year(), now.Month(), now.Day(), 8, 0, 0, 0, time.UTC)
	if !eight.After(now) {
		eight = eight.AddDate(0, 0, 1)
	}
	return time.Duration(w.clock.ahead.Load()) + eight.Sub(now) + time.Second
}

// toEight moves every clock to the next eight o'clock.
func (w *town) toEight(p *process) {
	w.clock.ahead.Store(int64(w.untilEight()))
	p.advance(time.Duration(w.clock.ahead.Load()))
}

// count asks the database, from outside.
func (w *town) count(query string) int {
	w.tb.Helper()
	driver, source := "sqlite", "file:"+w.url+"?mode=ro&_pragma=busy_timeout(5000)"
	if database.EngineOf(w.url) == database.Postgres {
		driver, source = "pgx", w.url
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		w.tb.Fatal(err)
	}
	defer db.Close()
	n := 0
	if err := db.QueryRow(query).Scan(&n); err != nil {
		w.tb.Fatal(err)
	}
	return n
}

const (
	unfinished = `SELECT (SELECT count(*) FROM edition WHERE state = 'queued') + (SELECT count(*) FROM part WHERE state <> 'sent')`
	unsent     = `SELECT count(*) FROM part WHERE state = 'pending' AND attempts > 0`
	editions   = `SELECT count(*) FROM edition`
)

// exactlyOne waits until all that is due is sent and proves that each chat got
// one digest more than it had.
func (w *town) exactlyOne(had map[subscriptions.Chat]int, rounds int) {
	w.tb.Helper()
	w.eventually("the editions", func() bool { return w.count(editions) == rounds*len(had) })
	w.eventually("the end of all deliveries", func() bool { return w.count(unfinished) == 0 })
	for c, network := range w.chats() {
		digests := 0
		for _, m := range network.Shown(c)[had[c]:] {
			if strings.Contains(m.Text, "📰 Ukraine peace talks") {
				digests++
			}
		}
		if digests != rounds {
			w.tb.Errorf("%s got %d digests, want %d: %+v", c, digests, rounds, network.Shown(c)[had[c]:])
		}
	}
}

func TestOneDigestInEachChatWhateverBreaks(t *testing.T) {
	databasetest.EachURL(t, func(t *testing.T, url string) {
		w := newTown(t, url)
		p := w.serve()
		had := w.subscribe()

		w.toEight(p)
		w.exactlyOne(had, 1)

		// The next day both networks are away when the digests are due, and the
		// program dies before any could be sent.
		w.telegram.Break(bottest.Refuse)
		w.discord.Break(bottest.Refuse)
		w.toEight(p)
		w.eventually("attempts that could not connect", func() bool { return w.count(unsent) == len(had) })
		p.kill()
		w.telegram.Break(bottest.Mend)
		w.discord.Break(bottest.Mend)
		p = w.serve()
		w.exactlyOne(had, 2)

		// Dying after everything was sent repeats nothing either.
		p.kill()
		p = w.serve()
		w.toEight(p)
		w.exactlyOne(had, 3)
		p.stop()
	})
}

// eventually polls a condition until it holds.
func (w *town) eventually(what string, holds func() bool) {
	w.tb.Helper()
	deadline := time.Now().Add(patience)
	for !holds() {
		if time.Now().After(deadline) {
			w.tb.Fatalf("%s did not come", what)
		}
		time.Sleep(20 * time.Millisecond)
	}
}
