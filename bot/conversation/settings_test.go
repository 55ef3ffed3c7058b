package conversation_test

import (
	"strings"
	"testing"
	"time"
)

func TestZones(t *testing.T) {
	each(t, func(h *house) {
		h.want(h.says("settings"), "Time zone: UTC, where it is 12:00", "Length: normal", "Quiet hours: none", "When nothing is new: one line says so", "Pictures: off")
		h.says("subscribe", "topic=Ukraine peace talks", "when=daily 08:00")
		h.want(setting(h, "zone", "kyiv"), "Time zone: Europe/Kyiv, where it is 14:00")
		h.want(h.says("subscriptions"), "(Europe/Kyiv)", "Next: tomorrow 08:00.")
		subs, err := h.store.Of(h.Context(), h.place.Chat)
		h.must(err)
		if want := noon.Add(18 * time.Hour); !subs[0].NextDue.Equal(want) {
			h.Errorf("next due %v, want %v", subs[0].NextDue, want)
		}
		h.want(setting(h, "zone", "Europe/Kiyv"), "There is no time zone", `"Europe/Kyiv"`)
		h.want(setting(h, "zone", "UTC+2"), "knows no summer time")
		if h.network.name == "telegram" {
			h.want(h.says("settings", "zone=America/New_York"), "Time zone: America/New_York")
			h.want(h.says("settings", "=Londn"), `There is no time zone "Londn". Did you mean "Europe/London"? Other settings are length,`)
			h.want(h.says("settings", `=zone "`), `There is no time zone "\"". Names look like`)
			h.want(h.says("settings", "=zone Kiev"), "where it is 14:00")
		}
	})
}

// setting changes a setting by command.
func setting(h *house, name, value string) string {
	h.Helper()
	if h.network.name == "telegram" {
		return h.says("settings", name+"="+name+" "+value)
	}
	return h.says("settings", name+"="+value)
}

func TestSettingsByCommandAndButton(t *testing.T) {
	each(t, func(h *house) {
		h.want(setting(h, "length", "short"), "Length: short")
		h.want(h.presses("Long"), "Length: long")
		h.want(h.presses("Quiet hours"), "Quiet hours: 22:00-07:00; digests then come without a sound")
		h.want(h.presses("✓ Quiet hours"), "Quiet hours: none")
		h.want(h.presses("Silence when nothing is new"), "When nothing is new: nothing is sent")
		h.want(h.presses("Pictures"), "Pictures: on")
		h.want(setting(h, "quiet", "23:00 to 6:30"), "Quiet hours: 23:00-06:30")
		h.want(setting(h, "quiet", "late"), "Quiet hours")
		h.want(setting(h, "language", "ukrainian"), "Language: Ukrainian; but no model is set up here")
		h.want(setting(h, "language", "klingon"), "I know no language “klingon”.")
		settings, err := h.store.Settings(h.Context(), h.place.Chat)
		h.must(err)
		if settings.Length != "long" || settings.Language != "uk" || settings.Quiet != "23:00-06:30" || !settings.Silence || !settings.Pictures {
			h.Errorf("stored: %+v", settings)
		}
	})
}

func TestPauseAndResume(t *testing.T) {
	each(t, func(h *house) {
		h.want(h.says("resume"), "Nothing is paused here.")
		h.says("subscribe", "topic=Ukraine peace talks", "when=daily 08:00")
		if answer := h.says("pause", "when="+strings.Repeat("word ", 1000)); len(answer) > 300 {
			h.Errorf("an answer of %d characters to a long time", len(answer))
		}
		h.want(h.says("pause", "when=forever"), "Paused: no digests until you want them again.")
		h.want(h.says("pause"), "Paused: no digests until you want them again.")
		h.want(h.says("subscriptions"), "Paused: no digests until you want them again.", "Next: when you /resume.")
		h.want(h.says("status"), "/resume ends the pause.")
		h.says("pause")
		h.want(h.presses("3 days"), "Paused until Thu 26 Nov, 12:00.")
		h.want(h.says("subscriptions"), "Next: Fri 27 Nov, 08:00.")
		h.want(h.says("subscribe", "topic=World daily"), "Digests are paused here; /resume brings them.")
		h.says("unsubscribe", "topic=World daily")
		h.want(h.says("pause", "when=soon"), "is no time to come")
		h.says("pause", "when=monday 08:00")
		h.want(h.presses("Resume"), "Digests go on.", "Next: Ukraine peace talks, tomorrow 08:00.")

		// What was due in the pause is passed over, and then told in one.
		h.start()
		h.says("pause", "when=3 days")
		for days := range 3 {
			h.setClock(noon.AddDate(0, 0, days+1))
			h.must(h.delivery.Tick(h.Context()))
		}
		subs, err := h.store.Of(h.Context(), h.place.Chat)
		h.must(err)
		if want := noon.AddDate(0, 0, 4).Add(-4 * time.Hour); !subs[0].NextDue.Equal(want) || !subs[0].Covered.IsZero() {
			h.Errorf("after the pause it is due at %v and covers from %v; want %v and zero", subs[0].NextDue, subs[0].Covered, want)
		}
		if n := len(h.network.seen(h.place.Chat)); n != 0 {
			h.Errorf("%d digests came in the pause", n)
		}
	})
}

func TestStatus(t *testing.T) {
	each(t, func(h *house) {
		h.want(h.says("status"), "Nothing is subscribed here yet.", "Feeds: all 5 well.")
		h.start()
		h.says("subscribe", "topic=Ukraine peace talks", "when=daily 08:00")
		h.want(h.says("status"), "All well. Next: Ukraine peace talks, tomorrow 08:00 (in 20 h).")
		morning := noon.Add(20 * time.Hour)
		h.setClock(morning)
		h.must(h.delivery.Tick(h.Context()))
		h.await(h.place.Chat, 1)
		h.settled()
		setting(h, "silence", "on")
		h.setClock(morning.Add(24 * time.Hour))
		h.must(h.delivery.Tick(h.Context()))
		h.settled()
		h.fail("Evening Star", "HTTP 503")
		got := h.says("status")
		h.want(got, "Next: Ukraine peace talks, tomorrow 08:00 (in 1 day).",
			"Last: today 08:00: nothing new, so nothing was sent (you chose silence when nothing is new).",
			"yesterday 08:00, 2 stories, delivered 08:00:00.",
			"Feeds: 4 of 5 well; Evening Star has not answered since 06:10 (HTTP 503, next try 16:40).")
		h.unwanted(got, "All well")
		h.must(h.store.Close(h.Context(), h.place.Chat, "the bot was blocked"))
		h.want(h.says("status"), "Nothing can be sent here: the bot was blocked.")
	})
}

// settled waits until every edition was written and every part is done.
func (h *house) settled() {
	h.Helper()
	deadline := time.Now().Add(60 * time.Second)
	for open := 1; open > 0; {
		err := h.db.Reader().QueryRow(`SELECT (SELECT count(*) FROM edition WHERE state = 'queued')
			+ (SELECT count(*) FROM part WHERE state = 'pending' OR state = 'sending')`).Scan(&open)
		h.must(err)
		if time.Now().After(deadline) {
			h.Fatal("waited too long for the deliveries")
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// fail makes a feed be one that has failed since 06:10.
func (h *house) fail(outlet, fault string) {
	h.Helper()
	feeds, err := h.archive.Feeds(h.Context())
	h.must(err)
	for _, f := range feeds {
		if f.Outlet == outlet {
			day := h.clock().Truncate(24 * time.Hour)
			f.Failures, f.Fault, f.FailingSince, f.NextPoll = 3, fault, day.Add(6*time.Hour+10*time.Minute), day.Add(16*time.Hour+40*time.Minute)
			h.must(h.archive.SaveFeed(h.Context(), f))
		}
	}
}
