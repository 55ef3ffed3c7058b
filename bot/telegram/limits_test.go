package telegram

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"tidings/bot"
)

// pass passes the limits within a time, or says why not.
func pass(l *limits, chat string, within time.Duration) *bot.SendError {
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	return l.wait(ctx, chat)
}

// most is how many of the moments, which are in order, lie within one span.
func most(moments []time.Time, span time.Duration) int {
	n, first := 0, 0
	for i, at := range moments {
		for at.Sub(moments[first]) >= span {
			first++
		}
		n = max(n, i-first+1)
	}
	return n
}

func TestPaces(t *testing.T) {
	for name, c := range map[string]struct {
		chat            func(i int) string
		messages        int
		perSecond, each int           // the most in any second and in any minute
		took            time.Duration // at most
	}{
		"private chat": {func(int) string { return "1" }, 100, 4, 63, 100 * time.Second},
		"group":        {func(int) string { return "-1" }, 100, 4, 20, 5 * time.Minute},
		"over all":     {func(i int) string { return fmt.Sprint(i) }, 1000, 30, 1505, 41 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l, begun := newLimits(), time.Now()
				var sent []time.Time
				for i := range c.messages {
					if failed := pass(l, c.chat(i), time.Hour); failed != nil {
						t.Fatal(failed)
					}
					sent = append(sent, time.Now())
				}
				if n := most(sent, time.Second); n > c.perSecond {
					t.Errorf("%d messages within a second, want at most %d", n, c.perSecond)
				}
				if n := most(sent, time.Minute); n > c.each {
					t.Errorf("%d messages within a minute, want at most %d", n, c.each)
				}
				if took := time.Since(begun); took > c.took {
					t.Errorf("%d messages took %s, want at most %s", c.messages, took, c.took)
				}
			})
		})
	}
}

// TestGroupBehindOthers has a group's messages wait for those of other chats:
// what counts is when they went, not when the group allowed them.
func TestGroupBehindOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimits()
		var sent []time.Time
		for round := range 3 {
			for range 250 {
				chat := fmt.Sprint(round*1000 + len(l.chats))
				go pass(l, chat, time.Hour)
				synctest.Wait()
			}
			for range groupMessages {
				if failed := pass(l, "-1", time.Hour); failed != nil {
					t.Fatal(failed)
				}
				sent = append(sent, time.Now())
			}
		}
		if n := most(sent, groupWindow); n > groupMessages {
			t.Errorf("%d messages within a minute, want at most %d", n, groupMessages)
		}
	})
}

func TestDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, begun := newLimits(), time.Now()
		for range groupMessages {
			if failed := pass(l, "-1", time.Hour); failed != nil {
				t.Fatal(failed)
			}
		}
		used := time.Since(begun)
		failed := pass(l, "-1", 10*time.Second)
		if failed == nil || failed.Class != bot.RateLimited || failed.RetryAfter != groupWindow-used {
			t.Errorf("got %+v, want class %q after %s", failed, bot.RateLimited, groupWindow-used)
		}
		if waited := time.Since(begun) - used; waited != 0 {
			t.Errorf("the limit was told after %s, want at once", waited)
		}
		if failed := pass(l, "1", time.Second); failed != nil {
			t.Errorf("another chat waits: %v", failed)
		}
		if failed := pass(l, "-1", groupWindow); failed != nil || time.Since(begun) < groupWindow {
			t.Errorf("after %s: %v", time.Since(begun), failed)
		}
	})
}

func TestFreeze(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimits()
		l.freeze("1", 5*time.Second)
		if failed := pass(l, "1", time.Second); failed == nil || failed.Class != bot.RateLimited || failed.RetryAfter < 5*time.Second {
			t.Errorf("a refused chat: %+v", failed)
		}
		if failed := pass(l, "2", time.Second); failed != nil {
			t.Errorf("another chat: %+v", failed)
		}
		l.freeze("2", 5*time.Second)
		if failed := pass(l, "3", time.Second); failed == nil || failed.Class != bot.RateLimited {
			t.Errorf("after two chats were refused at once: %+v", failed)
		}
		begun := time.Now()
		if failed := pass(l, "3", time.Minute); failed != nil || time.Since(begun) < 5*time.Second {
			t.Errorf("after %s: %+v", time.Since(begun), failed)
		}
	})
}

func TestCallerGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimits()
		l.freeze("1", time.Minute)
		ctx, cancel := context.WithCancel(context.Background())
		time.AfterFunc(time.Second, cancel)
		begun := time.Now()
		if failed := l.wait(ctx, "1"); failed == nil || failed.Class != bot.NotSent || time.Since(begun) != time.Second {
			t.Errorf("after %s: %+v", time.Since(begun), failed)
		}
	})
}

func TestQuietChatsAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimits()
		for i := range 3000 {
			if failed := pass(l, fmt.Sprint(-i), time.Hour); failed != nil {
				t.Fatal(failed)
			}
		}
		if n := len(l.chats); n > 1700 {
			t.Errorf("%d chats are remembered", n)
		}
	})
}
