package schedule_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidings/subscriptions/schedule"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := schedule.Zone(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// times are the next n times in a zone, as its clocks show them.
func times(t *testing.T, text, place, after string, n int) []string {
	t.Helper()
	at, err := time.Parse(time.RFC3339, after)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	s := parse(t, text)
	for range n {
		at = s.Next(at, zone(t, place))
		all = append(all, at.Format("Mon 2006-01-02 15:04 -0700"))
	}
	return all
}

func TestNext(t *testing.T) {
	for _, c := range []struct {
		name, text, zone, after string
		want                    []string
	}{
		{"daily", "daily 08:00", "Europe/Kyiv", "2026-11-24T06:00:00Z",
			[]string{"Wed 2026-11-25 08:00 +0200", "Thu 2026-11-26 08:00 +0200"}},
		{"one second before", "daily 08:00", "UTC", "2026-11-24T07:59:59Z", []string{"Tue 2026-11-24 08:00 +0000"}},
		{"weekdays", "weekdays 18:30", "UTC", "2026-11-27T18:00:00Z",
			[]string{"Fri 2026-11-27 18:30 +0000", "Mon 2026-11-30 18:30 +0000"}},
		{"every 5 hours", "every 5 hours", "UTC", "2026-11-24T15:00:00Z",
			[]string{"Tue 2026-11-24 20:00 +0000", "Wed 2026-11-25 00:00 +0000", "Wed 2026-11-25 05:00 +0000"}},
		{"every 17 minutes keeps its distance at midnight", "every 17 minutes", "UTC", "2026-11-24T23:20:00Z",
			[]string{"Tue 2026-11-24 23:31 +0000", "Wed 2026-11-25 00:00 +0000"}},
		{"day of the month or of the week", "0 8 13 * fri", "UTC", "2026-11-10T00:00:00Z",
			[]string{"Fri 2026-11-13 08:00 +0000", "Fri 2026-11-20 08:00 +0000", "Fri 2026-11-27 08:00 +0000",
				"Fri 2026-12-04 08:00 +0000", "Fri 2026-12-11 08:00 +0000", "Sun 2026-12-13 08:00 +0000"}},
		{"the last day of long months", "0 8 31 * *", "UTC", "2027-01-31T08:00:00Z",
			[]string{"Wed 2027-03-31 08:00 +0000", "Mon 2027-05-31 08:00 +0000"}},
		{"skipped in New York", "daily 02:30", "America/New_York", "2026-03-07T12:00:00Z",
			[]string{"Sun 2026-03-08 03:00 -0400", "Mon 2026-03-09 02:30 -0400"}},
		{"doubled in New York", "daily 01:30", "America/New_York", "2026-10-31T12:00:00Z",
			[]string{"Sun 2026-11-01 01:30 -0400", "Mon 2026-11-02 01:30 -0500"}},
		{"between the two of a doubled time", "daily 01:30", "America/New_York", "2026-11-01T05:45:00Z",
			[]string{"Mon 2026-11-02 01:30 -0500"}},
		{"skipped and named at once", "2:30, 3:00", "America/New_York", "2026-03-08T00:00:00Z",
			[]string{"Sun 2026-03-08 03:00 -0400", "Mon 2026-03-09 02:30 -0400"}},
		{"hourly over a gap", "hourly", "America/New_York", "2026-03-08T05:30:00Z",
			[]string{"Sun 2026-03-08 01:00 -0500", "Sun 2026-03-08 03:00 -0400", "Sun 2026-03-08 04:00 -0400"}},
		{"half an hour skipped on Lord Howe", "daily 02:15", "Australia/Lord_Howe", "2026-10-02T20:00:00Z",
			[]string{"Sun 2026-10-04 02:30 +1100", "Mon 2026-10-05 02:15 +1100"}},
		{"half an hour doubled on Lord Howe", "daily 01:45", "Australia/Lord_Howe", "2026-04-04T00:00:00Z",
			[]string{"Sun 2026-04-05 01:45 +1100", "Mon 2026-04-06 01:45 +1030"}},
		{"midnight skipped", "daily 00:00", "Africa/Cairo", "2026-04-23T12:00:00Z",
			[]string{"Fri 2026-04-24 01:00 +0300", "Sat 2026-04-25 00:00 +0300"}},
		{"the gap ends the day", "daily 23:30", "America/Nuuk", "2026-03-28T12:00:00Z",
			[]string{"Sat 2026-03-28 22:59 -0200", "Sun 2026-03-29 23:30 -0100"}},
		{"a day that never was", "daily 08:00", "Pacific/Apia", "2011-12-29T12:00:00Z",
			[]string{"Thu 2011-12-29 08:00 -1000", "Sat 2011-12-31 08:00 +1400"}},
		{"a Friday that never was", "fridays 08:00", "Pacific/Apia", "2011-12-25T12:00:00Z",
			[]string{"Fri 2012-01-06 08:00 +1400"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, times(t, c.text, c.zone, c.after, len(c.want))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestDaily proves that a daily digest comes exactly once on every local day.
func TestDaily(t *testing.T) {
	clocks := []string{"00:00", "00:30", "01:30", "02:00", "02:30", "03:00", "08:00", "23:01", "23:45"}
	for _, place := range []string{"UTC", "Europe/Kyiv", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia",
		"Africa/Cairo", "America/Sao_Paulo", "America/St_Johns", "America/Nuuk", "Asia/Tehran", "Asia/Kathmandu",
		"Africa/Casablanca", "Antarctica/Troll", "America/Havana", "Asia/Gaza", "Pacific/Kiritimati"} {
		z := zone(t, place)
		for _, year := range []int{2010, 2024} {
			from := time.Date(year, 12, 31, 12, 0, 0, 0, z)
			days := localDays(from, from.AddDate(2, 0, 0))
			for _, clock := range clocks {
				daily(t, clock, from, days)
			}
		}
	}
}

// daily checks that a daily time comes once on each of the days behind from.
func daily(t *testing.T, clock string, from time.Time, days []string) {
	s, z := parse(t, "daily "+clock), from.Location()
	var got []string
	for at := s.Next(from, z); at.Format(time.DateOnly) <= days[len(days)-1]; at = s.Next(at, z) {
		if date := at.Format(time.DateOnly); date >= days[0] {
			got = append(got, date)
		}
		if shown := at.Format("15:04"); shown != clock && exists(at, clock) {
			t.Fatalf("%s in %s: due at %v, though that day has a %s", clock, z, at, clock)
		}
	}
	if diff := cmp.Diff(days, got); diff != "" {
		t.Fatalf("daily %s in %s: the days differ:\n%s", clock, z, diff)
	}
}

// localDays are the dates that a zone has after one noon and before another,
// found by walking the clock.
func localDays(from, until time.Time) []string {
	var days []string
	last := from.Format(time.DateOnly)
	for t := from; t.Before(until); t = t.Add(15 * time.Minute) {
		if d := t.Format(time.DateOnly); d > last {
			days, last = append(days, d), d
		}
	}
	return days[:len(days)-1]
}

// exists reports whether the clocks show a time on the local day of t.
func exists(t time.Time, clock string) bool {
	date := t.Format(time.DateOnly)
	for at := t.Add(-26 * time.Hour); at.Before(t.Add(26 * time.Hour)); at = at.Add(time.Minute) {
		if at.Format("2006-01-02 15:04") == date+" "+clock {
			return true
		}
	}
	return false
}

func TestZeroScheduleIsNeverDue(t *testing.T) {
	var s schedule.Schedule
	if next := s.Next(time.Now(), time.UTC); !next.IsZero() || s.String() != "" || s.Describe() != "never" {
		t.Errorf("the zero schedule is %q (%s), next %v", s, s.Describe(), next)
	}
}

func TestQuiet(t *testing.T) {
	for _, c := range []struct{ quiet, zone, at, want string }{
		{"22:00-07:00", "Europe/Kyiv", "2026-11-24T21:30:00Z", "2026-11-25T05:00:00Z"},
		{"22:00-07:00", "Europe/Kyiv", "2026-11-25T04:59:59Z", "2026-11-25T05:00:00Z"},
		{"22:00-07:00", "Europe/Kyiv", "2026-11-25T05:00:00Z", "2026-11-25T05:00:00Z"},
		{"22:00-07:00", "Europe/Kyiv", "2026-11-25T12:00:00Z", "2026-11-25T12:00:00Z"},
		{"1pm to 2:30 pm", "UTC", "2026-11-25T13:00:00Z", "2026-11-25T14:30:00Z"},
		{"1pm to 2:30 pm", "UTC", "2026-11-25T14:30:00Z", "2026-11-25T14:30:00Z"},
		{"22:00-02:30", "America/New_York", "2026-03-08T04:00:00Z", "2026-03-08T07:00:00Z"},
		{"22:00-01:30", "America/New_York", "2026-11-01T05:00:00Z", "2026-11-01T05:30:00Z"},
		{"22:00-01:30", "America/New_York", "2026-11-01T06:15:00Z", "2026-11-01T06:15:00Z"},
	} {
		q, err := schedule.ParseQuiet(c.quiet)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := schedule.ParseQuiet(q.String()); err != nil || again != q {
			t.Errorf("ParseQuiet(%q) prints %q, which reads as %v, %v", c.quiet, q, again, err)
		}
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := q.Until(at, zone(t, c.zone)).UTC().Format(time.RFC3339); got != c.want {
			t.Errorf("%s in %s: at %s until %s, want %s", c.quiet, c.zone, c.at, got, c.want)
		}
	}
	for _, text := range []string{"", "22:00", "22:00-22:00", "25:00-7:00", "a-b", "22:00-7:77"} {
		if q, err := schedule.ParseQuiet(text); err == nil || q != (schedule.Quiet{}) {
			t.Errorf("ParseQuiet(%q) = %v, %v", text, q, err)
		}
	}
	now := time.Now()
	if got := (schedule.Quiet{}).Until(now, time.UTC); !got.Equal(now) {
		t.Errorf("no quiet hours last until %v", got)
	}
}

func TestZone(t *testing.T) {
	for name, want := range map[string]string{
		"UTC": "UTC", "utc": "UTC", "Europe/Kyiv": "Europe/Kyiv", "europe/kyiv": "Europe/Kyiv", "Kyiv": "Europe/Kyiv",
		"Europe/Kiev": "Europe/Kiev", "new york": "America/New_York", " New_York ": "America/New_York",
		"Louisville": "America/Louisville", "CET": "CET",
	} {
		if z, err := schedule.Zone(name); err != nil || z.String() != want {
			t.Errorf("Zone(%q) = %v, %v; want %s", name, z, err, want)
		}
	}
	const names = `Names look like "Europe/Kyiv", "America/New_York" or "UTC"`
	for name, want := range map[string]string{
		"kiyv":            `There is no time zone "kiyv". Did you mean "Europe/Kiev" or "Europe/Kyiv"?`,
		"America/NewYork": `There is no time zone "America/NewYork". Did you mean "America/New_York"?`,
		"Atlantis":        `There is no time zone "Atlantis". ` + names,
		"UTC+2":           `"UTC+2" knows no summer time. Name a city instead, like "Europe/Kyiv" or "America/New_York"`,
		"+02:00":          `"+02:00" knows no summer time. Name a city instead, like "Europe/Kyiv" or "America/New_York"`,
		"":                `A time zone has a name like "Europe/Kyiv", "America/New_York" or "UTC"`,
		"Local":           `There is no time zone "Local". ` + names,
		"../etc/passwd":   `There is no time zone "../etc/passwd". ` + names,
		"\n":              `A time zone has a name like "Europe/Kyiv", "America/New_York" or "UTC"`,
	} {
		if z, err := schedule.Zone(name); err == nil || err.Error() != want {
			t.Errorf("Zone(%q) = %v, %v\nwant %s", name, z, err, want)
		}
	}
}

func BenchmarkNext(b *testing.B) {
	kyiv := zone(b, "Europe/Kyiv")
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	for _, text := range []string{"daily 08:00", "every 15 minutes", "0 8 1 1 *"} {
		s, err := schedule.Parse(text)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s.Next(now, kyiv)
			}
		})
	}
}

func BenchmarkZone(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		zone(b, "Europe/Kyiv")
	}
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := schedule.Parse("weekdays 18:30"); err != nil {
			b.Fatal(err)
		}
	}
}
