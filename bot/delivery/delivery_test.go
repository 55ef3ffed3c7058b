package delivery_test

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidings/bot"
	"tidings/bot/delivery"
	"tidings/digest/database"
	"tidings/subscriptions"
)

func markSending(started time.Time) func(*sql.Tx) error {
	return func(tx *sql.Tx) error {
		_, err := tx.Exec(`UPDATE part SET state = 'sending', started = $1`, database.Millis(started))
		return err
	}
}

// due is a house with one story, a subscriber, and the clock at the time it is due.
func due(h *house) {
	h.file("Wire One", "s1", "Talks begin", eight.Add(-2*time.Hour))
	h.subscribe(reader, "daily 08:00", eight)
	h.setClock(eight)
}

func TestADueDigestComesOnce(t *testing.T) {
	each(t, func(h *house) {
		due(h)
		d := h.start(h.deliver())
		for range 3 {
			h.must(d.Tick(h.t.Context()))
		}
		h.settled(1)
		h.must(d.Sweep(h.t.Context()))
		h.setClock(eight.Add(time.Minute))
		h.must(d.Tick(h.t.Context()))
		shown := h.network.seen(reader)
		if len(shown) != 1 || !strings.Contains(shown[0], "Talks begin") || !strings.Contains(shown[0], "1 outlet: Wire One") {
			t.Errorf("shown %q, want one digest with the story", shown)
		}
		subs, err := h.store.Of(h.t.Context(), reader)
		h.must(err)
		if want := eight.AddDate(0, 0, 1); !subs[0].NextDue.Equal(want) || !subs[0].Covered.Equal(eight) {
			t.Errorf("next due %v, covered to %v; want %v and %v", subs[0].NextDue, subs[0].Covered, want, eight)
		}
	})
}

func TestADigestSurvivesADeathAfterTheTick(t *testing.T) {
	each(t, func(h *house) {
		due(h)
		h.must(h.deliver().Tick(h.t.Context())) // and dies
		h.start(h.deliver())
		h.settled(1)
		if shown := h.network.seen(reader); len(shown) != 1 {
			t.Errorf("shown %q, want one digest", shown)
		}
	})
}

// afterCrash delivers once, makes the part look as if the process had died
// while sending it, and starts again.
func afterCrash(h *house, arrived bool, wait time.Duration) []string {
	due(h)
	first := h.deliver()
	h.must(first.Start(h.t.Context()))
	h.must(first.Tick(h.t.Context()))
	h.settled(1)
	h.must(first.Stop(h.t.Context()))
	h.crash(eight)
	if !arrived {
		h.network.shown, h.network.keys = map[subscriptions.Chat][]string{}, map[string]string{}
	}
	h.setClock(eight.Add(wait))
	h.start(h.deliver())
	return h.settled(1)
}

func TestAfterADeathWhileSending(t *testing.T) {
	discord := bot.Limits{RepeatWithin: 2 * time.Minute, Lookup: true}
	for _, c := range []struct {
		name    string
		limits  bot.Limits
		arrived bool
		wait    time.Duration
		state   string
		shown   int
		sends   int
	}{
		{"no key, arrived: not repeated", bot.Limits{}, true, time.Second, "uncertain", 1, 1},
		{"no key, lost: not repeated", bot.Limits{}, false, time.Second, "uncertain", 0, 1},
		{"key, arrived: repeated, created once", discord, true, time.Second, "sent", 1, 2},
		{"key, lost: repeated", discord, false, time.Second, "sent", 1, 2},
		{"key too old, arrived: found", discord, true, time.Hour, "sent", 1, 1},
		{"key too old, lost: sent again", discord, false, time.Hour, "sent", 1, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			each(t, func(h *house) {
				h.network.limits = c.limits
				states := afterCrash(h, c.arrived, c.wait)
				if diff := cmp.Diff([]string{c.state}, states); diff != "" {
					h.t.Error(diff)
				}
				if shown := h.network.seen(reader); len(shown) != c.shown || h.network.sends != c.sends {
					h.t.Errorf("shown %d times with %d sends, want %d and %d", len(shown), h.network.sends, c.shown, c.sends)
				}
			})
		})
	}
}

func TestWhatANetworkSays(t *testing.T) {
	fail := func(class bot.Class) error { return &bot.SendError{Class: class, Method: "send", Why: string(class)} }
	for _, c := range []struct {
		name   string
		script []error
		limits bot.Limits
		state  string
		shown  int
	}{
		{"not sent: again", []error{fail(bot.NotSent), fail(bot.NotSent)}, bot.Limits{}, "sent", 1},
		{"rate limit: later", []error{&bot.SendError{Class: bot.RateLimited, RetryAfter: time.Second}}, bot.Limits{}, "sent", 1},
		{"ambiguous without key: given up", []error{fail(bot.Ambiguous)}, bot.Limits{}, "uncertain", 1},
		{"ambiguous with key: again", []error{fail(bot.Ambiguous), fail(bot.Ambiguous)}, bot.Limits{RepeatWithin: 2 * time.Minute}, "sent", 1},
		{"bad message: given up", []error{fail(bot.BadMessage)}, bot.Limits{}, "failed", 0},
		{"bad target: given up", []error{fail(bot.BadTarget)}, bot.Limits{}, "failed", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			each(t, func(h *house) {
				h.network.limits, h.network.script = c.limits, c.script
				due(h)
				h.must(h.start(h.deliver()).Tick(h.t.Context()))
				states := h.settled(1)
				if shown := h.network.seen(reader); len(shown) != c.shown || !slices.Equal(states, []string{c.state}) {
					h.t.Errorf("shown %d, states %v; want %d, %s", len(shown), states, c.shown, c.state)
				}
			})
		})
	}
}

func TestAClosedChatWaits(t *testing.T) {
	each(t, func(h *house) {
		h.network.script = []error{&bot.SendError{Class: bot.BadTarget, Why: "bot was blocked by the user"}}
		due(h)
		d := h.start(h.deliver())
		h.must(d.Tick(h.t.Context()))
		h.settled(1)
		settings, err := h.store.Settings(h.t.Context(), reader)
		if err != nil || settings.Closed != "bot was blocked by the user" {
			h.t.Errorf("settings %+v, %v: want the reason", settings, err)
		}
		h.setClock(eight.AddDate(0, 0, 3))
		h.must(d.Tick(h.t.Context()))
		h.must(h.store.Meet(h.t.Context(), reader, "private", "Ann", h.clock()))
		h.file("Wire One", "s2", "Talks end", eight.AddDate(0, 0, 2))
		h.must(d.Tick(h.t.Context()))
		h.settled(2)
		shown := h.network.seen(reader)
		if len(shown) != 1 || !strings.Contains(shown[0], "Talks end") {
			h.t.Errorf("after it opened again: %q, want one digest that goes back to the last", shown)
		}
	})
}

func TestAMovedChatGetsItsDigestAtTheNewPlace(t *testing.T) {
	each(t, func(h *house) {
		to := subscriptions.Chat{Platform: "network", ID: "-1007"}
		h.network.script = []error{&bot.SendError{Class: bot.Moved, Target: to, Why: "upgraded"}}
		due(h)
		h.must(h.start(h.deliver()).Tick(h.t.Context()))
		h.settled(1)
		if old, now := h.network.seen(reader), h.network.seen(to); len(old) != 0 || len(now) != 1 {
			h.t.Errorf("shown %d at the old and %d at the new place, want 0 and 1", len(old), len(now))
		}
	})
}

func TestPartsComeInOrderAndGoOnWhereTheyStopped(t *testing.T) {
	each(t, func(h *house) {
		h.network.fits = func(m bot.Message) bool { return len(m.Sections) <= 2 }
		h.network.script = []error{nil, &bot.SendError{Class: bot.NotSent, Why: "no connection"}}
		for i := range 3 {
			h.file("Wire One", fmt.Sprint("s", i), fmt.Sprintf("Story %d", i), eight.Add(-time.Duration(i+2)*time.Hour))
		}
		h.subscribe(reader, "daily 08:00", eight)
		h.setClock(eight)
		h.must(h.start(h.deliver()).Tick(h.t.Context()))
		h.settled(4)
		shown := h.network.seen(reader)
		for i, s := range shown {
			if want := fmt.Sprintf("%d/%d", i+1, len(shown)); !strings.HasSuffix(s, want) {
				h.t.Errorf("part %d ends in %q, want %q", i+1, s[max(len(s)-10, 0):], want)
			}
		}
		if n := strings.Count(strings.Join(shown, ""), "Story 0"); n != 1 {
			h.t.Errorf("a story was shown %d times, want once", n)
		}
	})
}

func TestAStoryReturnsOnlyWithAReason(t *testing.T) {
	each(t, func(h *house) {
		due(h)
		d := h.start(h.deliver())
		h.must(d.Tick(h.t.Context()))
		h.settled(1)
		next := func(days, parts int) string {
			h.setClock(eight.AddDate(0, 0, days))
			h.must(d.Tick(h.t.Context()))
			h.settled(parts)
			shown := h.network.seen(reader)
			return shown[len(shown)-1]
		}
		h.file("Wire One", "s1", "Talks go on", eight.Add(time.Hour))
		if got := next(1, 2); !strings.Contains(got, "nothing new since") || !strings.Contains(got, "1 story still running") {
			h.t.Errorf("without news: %q", got)
		}
		for _, outlet := range []string{"Capital Post", "Kyiv Chronicle", "Evening Star"} {
			h.file(outlet, "s1", "Talks: "+outlet, eight.AddDate(0, 0, 1).Add(time.Hour))
		}
		if got := next(2, 3); !strings.Contains(got, "4 outlets (+3 since Mon 23 Nov)") {
			h.t.Errorf("with three more outlets: %q", got)
		}
	})
}

// nothingNewOnTheNextDay expects that the second digest has no story.
func (h *house) nothingNewOnTheNextDay(d *delivery.Delivery) {
	h.t.Helper()
	h.setClock(eight.AddDate(0, 0, 1))
	h.must(d.Tick(h.t.Context()))
	h.settled(2)
	shown := h.network.seen(reader)
	if got := shown[len(shown)-1]; !strings.Contains(got, "nothing new") {
		h.t.Errorf("a story came as new: %q", got)
	}
}

func TestAMergedStoryIsNotNew(t *testing.T) {
	each(t, func(h *house) {
		due(h)
		d := h.start(h.deliver())
		h.must(d.Tick(h.t.Context()))
		h.settled(1)
		h.file("Wire One", "s0", "Talks begin today", eight.Add(-3*time.Hour))
		h.must(h.archive.Merge(h.t.Context(), "s1", "s0"))
		h.file("Wire One", "s0", "Talks resume", eight.Add(time.Hour))
		h.nothingNewOnTheNextDay(d)
	})
}

func TestAStoryThatWasCutOffIsNotNew(t *testing.T) {
	each(t, func(h *house) {
		h.file("Capital Post", "s1", "Harvest begins", eight.Add(-2*time.Hour))
		due(h)
		d := h.start(h.deliver())
		h.must(d.Tick(h.t.Context()))
		h.settled(1)
		h.must(h.archive.Split(h.t.Context(), "s1", "s5"))
		h.file("Evening Star", "s5", "Harvest goes on", eight.Add(time.Hour))
		h.nothingNewOnTheNextDay(d)
	})
}

func TestAfterALongSleepOneDigestComes(t *testing.T) {
	each(t, func(h *house) {
		due(h)
		h.file("Wire One", "s2", "Later news", eight.AddDate(0, 0, 2))
		h.setClock(eight.AddDate(0, 0, 3).Add(2 * time.Hour))
		d := h.start(h.deliver())
		h.must(d.Tick(h.t.Context()))
		h.must(d.Tick(h.t.Context()))
		h.settled(1)
		shown := h.network.seen(reader)
		if len(shown) != 1 || !strings.Contains(shown[0], "Talks begin") || !strings.Contains(shown[0], "Later news") {
			h.t.Errorf("shown %q, want one digest of all that was missed", shown)
		}
	})
}

func TestAFrequentDigestIsSilentWithoutNews(t *testing.T) {
	each(t, func(h *house) {
		h.subscribe(reader, "every 2 hours", eight)
		h.setClock(eight)
		d := h.start(h.deliver())
		h.must(d.Tick(h.t.Context()))
		h.await("a silent edition", func() bool {
			records, err := d.History(h.t.Context(), reader, 1)
			return err == nil && len(records) == 1 && records[0].State == "silent"
		})
		if shown := h.network.seen(reader); len(shown) != 0 {
			h.t.Errorf("shown %q, want nothing", shown)
		}
	})
}

func TestANoticeComesOnce(t *testing.T) {
	each(t, func(h *house) {
		d := h.start(h.deliver())
		for range 2 {
			h.must(d.Notice(h.t.Context(), reader, "retired topic", bot.Text("The topic is gone.")))
		}
		h.settled(1)
		if shown := h.network.seen(reader); len(shown) != 1 {
			h.t.Errorf("shown %q, want it once", shown)
		}
	})
}

func TestHistoryTellsWhatBecame(t *testing.T) {
	each(t, func(h *house) {
		due(h)
		d := h.start(h.deliver())
		h.must(d.Tick(h.t.Context()))
		h.settled(1)
		records, err := d.History(h.t.Context(), reader, 5)
		h.must(err)
		if len(records) != 1 || records[0].State != "sent" || records[0].Stories != 1 || !records[0].Due.Equal(eight) || records[0].At.IsZero() {
			h.t.Errorf("got %+v, want one sent edition of one story", records)
		}
	})
}
