package discord_test

import (
	"bytes"
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"tidings/bot"
	"tidings/bot/bottest"
	"tidings/bot/discord"
	"tidings/bot/discord/discordtest"
	"tidings/subscriptions"
)

// logged is a log that can be read while it is written.
type logged struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// platform is an adapter of a fake, with its log.
func platform(t *testing.T, s *discordtest.Server) (*discord.Platform, *logged) {
	t.Helper()
	log := &logged{}
	p, err := discord.New(discord.Config{Token: bot.Secret(s.Token), APIURL: s.URL},
		slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	if err != nil {
		t.Fatal(err)
	}
	return p, log
}

func TestConformance(t *testing.T) {
	if !discordtest.Checked() {
		t.Log("Requests are not held to the specification: set TIDINGS_SHARED to the folder that has specs/discord.")
	}
	bottest.Run(t, func(t *testing.T) bottest.Setup {
		s := discordtest.New(t)
		p, log := platform(t, s)
		return bottest.Setup{Platform: p, Network: s, Secrets: []string{s.Token, "aW50ZXJhY3Rpb246"}, Log: log.String}
	})
}

// recorder is a handler that keeps what it was given.
type recorder struct {
	mu      sync.Mutex
	updates []bot.Update
	left    []string
	answer  func(bot.Update) bot.Reply
	suggest []string
}

func (r *recorder) Handle(_ context.Context, u bot.Update) bot.Reply {
	r.mu.Lock()
	r.updates = append(r.updates, u)
	r.mu.Unlock()
	if r.answer == nil {
		return bot.Reply{}
	}
	return r.answer(u)
}

func (r *recorder) Suggest(context.Context, bot.Update, string, string) []string { return r.suggest }

func (r *recorder) Left(_ context.Context, c subscriptions.Chat, why string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.left = append(r.left, c.ID+" "+why)
}

func (r *recorder) Moved(context.Context, subscriptions.Chat, subscriptions.Chat) {}

func (r *recorder) seen() []bot.Update {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]bot.Update(nil), r.updates...)
}

func (r *recorder) gone() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.left...)
}

// run runs an adapter until the test or the returned function ends it.
func run(t *testing.T, p *discord.Platform, h bot.Handler) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx, bottest.Commands(), h) }()
	stop = sync.OnceValue(func() error {
		cancel()
		select {
		case err := <-ended:
			return err
		case <-time.After(20 * time.Second):
			t.Error("Run did not end")
			return nil
		}
	})
	t.Cleanup(func() { stop() })
	return stop
}

// ends is the error with which Run ends by itself.
func ends(t *testing.T, p *discord.Platform) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	err := p.Run(ctx, bottest.Commands(), &recorder{})
	if ctx.Err() != nil {
		t.Error("Run did not end by itself")
	}
	return err
}

// wait polls until a condition holds.
func wait(t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(15 * time.Second)
	for !holds() {
		select {
		case <-tick.C:
		case <-limit:
			t.Fatalf("%s did not come", what)
		}
	}
}
