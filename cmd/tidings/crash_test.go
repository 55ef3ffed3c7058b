package main

import (
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"tidings/bot/bottest"
	"tidings/bot/telegram/telegramtest"
	"tidings/digest/database/databasetest"
	"tidings/subscriptions"
)

// How often the program is killed, and for how long at most.
const (
	crashes     = 10
	crashWithin = 60 * time.Second
)

// TestKilledAtAnyMoment kills the program again and again about the time when
// digests are due. No chat ever gets one twice, and one that does not come is
// marked as uncertain.
func TestKilledAtAnyMoment(t *testing.T) {
	if testing.Short() || underRace() {
		t.Skip("ten crashes are left out of a short run and of one with the race detector")
	}
	// A network takes its time, before and after it shows the message.
	far := func(string) { time.Sleep(rand.N(300 * time.Millisecond)) }
	w := newTownWith(t, databasetest.SQLite(t), telegramtest.Hooks{BeforeSend: far, AfterSend: far})
	p := w.serve()
	had := w.subscribe()
	days, begun := 0, time.Now()
	for days < crashes && time.Since(begun) < crashWithin {
		days++
		w.discord.Break(bottest.Slow)
		w.toEight(p)
		if days%2 == 0 {
			time.Sleep(rand.N(1500 * time.Millisecond)) // within a second comes the tick
			p.kill()
			p = w.serve()
		}
		w.eventually("a digest that is due", func() bool { return w.count(editions) > (days-1)*len(had) })
		time.Sleep(rand.N(700 * time.Millisecond))
		p.kill()
		w.discord.Break(bottest.Mend)
		p = w.serve()
		w.eventually("the editions", func() bool { return w.count(editions) == days*len(had) })
		w.eventually("the end of all deliveries", func() bool { return w.count(open) == 0 })
	}
	uncertain := 0
	for c, network := range w.chats() {
		uncertain += w.atMostOnce(c, network.Shown(c)[had[c]:])
	}
	t.Logf("killed on %d days: of %d parts %d are uncertain", days, w.count(`SELECT count(*) FROM part`), uncertain)
}

// underRace reports whether the race detector makes everything slow.
func underRace() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

// open counts what is still to be done.
const open = `SELECT (SELECT count(*) FROM edition WHERE state = 'queued') + (SELECT count(*) FROM part WHERE state IN ('pending', 'sending'))`

// atMostOnce proves that a chat got every part that is marked as sent once, and
// those that are uncertain at most once, and returns how many these are.
func (w *town) atMostOnce(c subscriptions.Chat, shown []bottest.Shown) (uncertain int) {
	w.tb.Helper()
	of := func(state string) int {
		return w.count(fmt.Sprintf(`SELECT count(*) FROM part WHERE chat_id = '%s' AND state = '%s'`, c, state))
	}
	sent, uncertain := of("sent"), of("uncertain")
	if len(shown) < sent || len(shown) > sent+uncertain {
		w.tb.Errorf("%s was shown %d messages; %d were sent and %d are uncertain", c, len(shown), sent, uncertain)
	}
	if failed := of("failed"); failed > 0 {
		w.tb.Errorf("%d parts to %s failed", failed, c)
	}
	if uncertain > 0 && c.Platform != "telegram" {
		w.tb.Errorf("%d parts to %s are uncertain, though it could be found out", uncertain, c)
	}
	seen := map[string]bool{}
	for _, m := range shown {
		_, title, isFirst := strings.Cut(m.Text, "📰 Ukraine peace talks · ")
		title, _, _ = strings.Cut(strings.Replace(title, " — ", "\n", 1), "\n")
		if isFirst && seen[title] {
			w.tb.Errorf("%s got the digest of %s twice", c, title)
		}
		seen[title] = isFirst
	}
	return uncertain
}
