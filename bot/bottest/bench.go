package bottest

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"tidings/bot"
	"tidings/subscriptions"
)

// patience is how long a case waits for what must come.
const patience = 15 * time.Second

// Commands are the commands that the cases offer and call.
func Commands() []bot.Command {
	return []bot.Command{
		{Name: "start", Description: "Say what this is"},
		{Name: "subscribe", Description: "Receive a topic here", Admin: true, Options: []bot.Option{
			{Name: "topic", Description: "The topic", Required: true, Suggests: true},
			{Name: "when", Description: "The time"},
		}},
		{Name: "topics", Description: "List the topics"},
		{Name: "topic", Description: "Change a topic", Sub: []bot.Command{
			{Name: "remove", Description: "Remove it", Options: []bot.Option{{Name: "topic", Description: "The topic", Required: true, Suggests: true}}},
			{Name: "test", Description: "Try words", Options: []bot.Option{
				{Name: "text", Description: "The words"}, {Name: "topic", Description: "The topic", Required: true, Suggests: true},
			}},
			{Name: "list", Description: "List all"},
		}},
	}
}

// bench is one case's platform, network and recorded people.
type bench struct {
	Setup
	t *testing.T

	mu      sync.Mutex // guards what follows
	updates []bot.Update
	answer  func(bot.Update) bot.Reply

	cancel  context.CancelFunc
	ended   chan struct{}
	failure error
}

func newBench(t *testing.T, s Setup) *bench {
	return &bench{t: t, Setup: s, ended: make(chan struct{})}
}

// start runs the platform until the case ends.
func (b *bench) start(answer func(bot.Update) bot.Reply) {
	b.t.Helper()
	b.answer = answer
	ctx, cancel := context.WithCancel(context.Background())
	b.cancel = cancel
	go func() {
		defer close(b.ended)
		b.failure = b.Platform.Run(ctx, Commands(), b)
	}()
	b.t.Cleanup(func() {
		b.stop()
		b.secret("the log", b.Log())
	})
	b.wait("the connection", b.Platform.Connected)
}

// stop ends Run and fails when it lingers.
func (b *bench) stop() {
	b.t.Helper()
	b.cancel()
	select {
	case <-b.ended:
		if b.failure != nil {
			b.t.Errorf("Run ended with %v, want nil", b.failure)
		}
	case <-time.After(patience):
		b.t.Fatal("Run did not end after its context did.")
	}
}

// Handle implements [bot.Handler].
func (b *bench) Handle(_ context.Context, u bot.Update) bot.Reply {
	b.mu.Lock()
	b.updates = append(b.updates, u)
	answer := b.answer
	b.mu.Unlock()
	if answer == nil {
		return bot.Reply{}
	}
	return answer(u)
}

// Suggest implements [bot.Handler].
func (b *bench) Suggest(context.Context, bot.Update, string, string) []string { return nil }

// Left implements [bot.Handler].
func (b *bench) Left(context.Context, subscriptions.Chat, string) {}

// Moved implements [bot.Handler].
func (b *bench) Moved(context.Context, subscriptions.Chat, subscriptions.Chat) {}

// handled waits for the n-th update and returns it.
func (b *bench) handled(n int) bot.Update {
	b.t.Helper()
	b.wait(fmt.Sprintf("update %d", n), func() bool { return b.count() >= n })
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.updates[n-1]
}

func (b *bench) count() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.updates)
}

// shown waits until a chat shows n messages and returns them.
func (b *bench) shown(c subscriptions.Chat, n int) []Shown {
	b.t.Helper()
	b.wait(fmt.Sprintf("%d messages in %s", n, c), func() bool { return len(b.Network.Shown(c)) >= n })
	shown := b.Network.Shown(c)
	if len(shown) != n {
		b.t.Fatalf("%s shows %d messages, want %d: %+v", c, len(shown), n, shown)
	}
	return shown
}

// wait polls a condition until it holds.
func (b *bench) wait(what string, holds func() bool) {
	b.t.Helper()
	deadline := time.After(patience)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline:
			b.t.Fatalf("%s did not come.", what)
		}
	}
}

// send sends to the private chat and fails when that fails.
func (b *bench) send(m bot.Message, key string) string {
	b.t.Helper()
	id, err := b.try(patience, m, key)
	if err != nil {
		b.t.Fatalf("Send: %v", err)
	}
	if id == "" {
		b.t.Fatal("Send gave no id.")
	}
	return id
}

// try sends to the private chat within a time. The error is nil or a
// *bot.SendError that shows no secret.
func (b *bench) try(within time.Duration, m bot.Message, key string) (string, *bot.SendError) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	id, err := b.Platform.Send(ctx, b.Network.Private(), m, key)
	return id, b.sendError(err)
}

func (b *bench) sendError(err error) *bot.SendError {
	b.t.Helper()
	if err == nil {
		return nil
	}
	failed, ok := err.(*bot.SendError)
	if !ok {
		b.t.Fatalf("the error is a %T, want *bot.SendError: %v", err, err)
	}
	b.secret("the error", fmt.Sprintf("%v %+v %#v %q", err, err, err, *failed))
	if failed.Method == "" || failed.Why == "" {
		b.t.Errorf("the error does not say what failed and why: %+v", failed)
	}
	return failed
}

// secret fails when a text shows one of the secrets.
func (b *bench) secret(where, text string) {
	b.t.Helper()
	for _, s := range b.Secrets {
		if strings.Contains(text, s) {
			b.t.Errorf("%s shows a secret: %s", where, strings.ReplaceAll(text, s, "SECRET"))
		}
	}
}

// squash is a text without all that a network may change unseen: white space,
// controls, marks of direction, heaps of marks on one letter, and what stands for
// broken bytes.
func squash(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r), r == unicode.ReplacementChar,
			r == '\u200b', r == '\u2060', r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
			return -1
		}
		return r
	}, bot.Clean(s))
}
