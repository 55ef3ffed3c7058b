package bottest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"tidings/bot"
)

// want is the class that a fault must have, and how many messages it leaves behind.
var want = []struct {
	fault   Fault
	class   bot.Class
	created int
}{
	{Refuse, bot.NotSent, 0},
	{Drop, bot.Ambiguous, 1},
	{Gateway, bot.Ambiguous, 0},
	{Forbidden, bot.BadTarget, 0},
	{BadRequest, bot.BadMessage, 0},
	{Unauthorized, bot.Refused, 0},
}

func faults(b *bench) {
	b.start(nil)
	shown := 0
	for i, w := range want {
		b.t.Run(string(w.fault), func(t *testing.T) {
			b.Network.Break(w.fault)
			_, failed := b.try(patience, bot.Text("about to break"), fmt.Sprint("fault/", i))
			b.Network.Break(Mend)
			if failed == nil || failed.Class != w.class {
				t.Errorf("got %v, want class %q", failed, w.class)
			}
			shown += w.created
			if got := len(b.Network.Shown(b.Network.Private())); got != shown {
				t.Errorf("%d messages were created, want %d", got, shown)
			}
		})
	}
	b.secret("the platform", fmt.Sprintf("%v %+v %#v", b.Platform, b.Platform, b.Platform))
}

func rateLimit(b *bench) {
	b.start(nil)
	b.Network.Break(RateLimit)
	_, failed := b.try(patience, bot.Text("too fast"), "limited")
	if failed == nil || failed.Class != bot.RateLimited {
		b.t.Fatalf("got %v, want class %q", failed, bot.RateLimited)
	}
	if failed.RetryAfter < 500*time.Millisecond || failed.RetryAfter > 5*time.Second {
		b.t.Errorf("RetryAfter is %s, want about a second", failed.RetryAfter)
	}
	begun := time.Now()
	_, failed = b.try(50*time.Millisecond, bot.Text("too fast"), "limited")
	if failed == nil || failed.Class != bot.RateLimited || failed.RetryAfter <= 0 {
		b.t.Errorf("within a short deadline got %+v, want class %q", failed, bot.RateLimited)
	}
	if took := time.Since(begun); took > 500*time.Millisecond {
		b.t.Errorf("the limit was told after %s, want at once", took)
	}
	b.send(bot.Text("too fast"), "limited")
	if since := time.Since(begun); since < 500*time.Millisecond {
		b.t.Errorf("the next message was sent after %s, want about a second", since)
	}
	b.shown(b.Network.Private(), 1)
}

func repeat(b *bench) {
	b.start(nil)
	b.Network.Break(Refuse)
	if _, failed := b.try(patience, bot.Text("first"), "repeat/1"); failed == nil || failed.Class != bot.NotSent {
		b.t.Errorf("got %v, want class %q", failed, bot.NotSent)
	}
	b.Network.Break(Mend)
	b.send(bot.Text("first"), "repeat/1")
	b.shown(b.Network.Private(), 1)
	if b.Platform.Limits().RepeatWithin <= 0 {
		return
	}
	b.Network.Break(Drop)
	if _, failed := b.try(patience, bot.Text("second"), "repeat/2"); failed == nil || failed.Class != bot.Ambiguous {
		b.t.Errorf("got %v, want class %q", failed, bot.Ambiguous)
	}
	id := b.send(bot.Text("second"), "repeat/2")
	if got := b.shown(b.Network.Private(), 2); got[1].ID != id {
		b.t.Errorf("the repeat has id %q, want that of the message, %q", id, got[1].ID)
	}
	b.send(bot.Text("second"), "repeat/3")
	b.shown(b.Network.Private(), 3)
}

func slow(b *bench) {
	b.start(nil)
	b.Network.Break(Slow)
	begun := time.Now()
	_, failed := b.try(300*time.Millisecond, bot.Text("slow"), "slow/1")
	if failed == nil || failed.Class != bot.Ambiguous {
		b.t.Errorf("got %v, want class %q", failed, bot.Ambiguous)
	}
	if took := time.Since(begun); took > 2*time.Second {
		b.t.Errorf("Send returned after %s, want 300ms", took)
	}
	b.shown(b.Network.Private(), 1)

	b.Network.Break(Slow)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() {
		_, err := b.Platform.Send(ctx, b.Network.Private(), bot.Text("slow"), "slow/2")
		ended <- err
	}()
	b.shown(b.Network.Private(), 2)
	cancel()
	select {
	case err := <-ended:
		if failed := b.sendError(err); failed == nil || failed.Class != bot.Ambiguous {
			b.t.Errorf("got %v, want class %q", failed, bot.Ambiguous)
		}
	case <-time.After(patience):
		b.t.Error("Send did not return after its context ended.")
	}
}

func reconnect(b *bench) {
	b.start(func(bot.Update) bot.Reply { return bot.Reply{Message: bot.Text("back")} })
	b.Network.Break(Refuse)
	b.wait("the news that the connection is lost", func() bool { return !b.Platform.Connected() })
	b.Network.Break(Mend)
	b.Network.Say(b.Network.Private(), "/topics")
	if got := b.shown(b.Network.Private(), 1); got[0].Text != "back" {
		b.t.Errorf("shown %+v", got)
	}
	b.wait("the connection", b.Platform.Connected)
}
