package schedule_test

import (
	"testing"
	"time"

	"tidings/subscriptions/schedule"
)

func TestUntil(t *testing.T) {
	kyiv, err := schedule.Zone("Europe/Kyiv")
	if err != nil {
		t.Fatal(err)
	}
	// A Monday, 12:30 in Kyiv.
	now := time.Date(2026, 11, 23, 10, 30, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"3 days":           "2026-11-26 12:30",
		"for 2 weeks":      "2026-12-07 12:30",
		"a week":           "2026-11-30 12:30",
		"12h":              "2026-11-24 00:30",
		"90 minutes":       "2026-11-23 14:00",
		"tomorrow":         "2026-11-24 00:00",
		"until tomorrow 9": "2026-11-24 09:00",
		"monday":           "2026-11-30 00:00",
		"fri 18:00":        "2026-11-27 18:00",
		"next week":        "2026-11-30 00:00",
		"18:00":            "2026-11-23 18:00",
		"8:00":             "2026-11-24 08:00",
		"today 13:00":      "2026-11-23 13:00",
		"2026-12-24":       "2026-12-24 00:00",
		"2026-12-24 7 pm":  "2026-12-24 19:00",
	} {
		got, err := schedule.Until(text, now, kyiv)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if s := got.In(kyiv).Format("2006-01-02 15:04"); s != want {
			t.Errorf("%q is %s, want %s", text, s, want)
		}
	}
	for _, text := range []string{"", "soon", "yesterday", "today 08:00", "2026-11-22", "2030-01-01", "400 days", "0 days", "until", "monday 25:00", "5 seconds"} {
		if got, err := schedule.Until(text, now, kyiv); err == nil {
			t.Errorf("%q was read as %v", text, got)
		}
	}
}

func FuzzUntil(f *testing.F) {
	for _, s := range []string{"3 days", "monday 08:00", "2026-12-24", "99999999999999999999d", "until until"} {
		f.Add(s)
	}
	now := time.Date(2026, 11, 23, 10, 30, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, s string) {
		got, err := schedule.Until(s, now, time.UTC)
		if err == nil && (!got.After(now) || got.Sub(now) > 367*24*time.Hour) {
			t.Errorf("%q is %v", s, got)
		}
	})
}

func TestOffers(t *testing.T) {
	for text, want := range map[string][]string{
		"every 5 secs":    {"every 5 hours", "every 15 minutes"},
		"every 1 minute":  {"hourly", "every 15 minutes"},
		"every 30 secs":   {"every 30 minutes", "every 15 minutes"},
		"every 20 hours":  {"daily 08:00"},
		"every 0 minutes": {"every 15 minutes"},
		"at noonish":      nil,
	} {
		_, err := schedule.Parse(text)
		got := schedule.Offers(err)
		if err == nil || len(got) != len(want) {
			t.Errorf("%q: %v offers %q, want %q", text, err, got, want)
			continue
		}
		for i := range got {
			if _, err := schedule.Parse(got[i]); got[i] != want[i] || err != nil {
				t.Errorf("%q offers %q, want %q; %v", text, got, want, err)
			}
		}
	}
}
