package feed

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestParseDate(t *testing.T) {
	const none = "0001-01-01T00:00:00Z"
	for _, c := range []struct{ date, want string }{
		{"Tue, 03 Feb 2026 04:05:06 GMT", "2026-02-03T04:05:06Z"},
		{"03 Feb 2026 04:05:06 -0500", "2026-02-03T09:05:06Z"},
		{"2026-02-03T04:05:06.789+01:00", "2026-02-03T03:05:06.789Z"},
		{"Tue, 3 Feb 26 04:05 EST", "2026-02-03T09:05:00Z"},
		{"Tue Feb  3 04:05:06 2026", "2026-02-03T04:05:06Z"},
		{"Tue, 3rd February 2026 at 4:05 pm CET", "2026-02-03T15:05:00Z"},
		{"Feb. 3, 2026, 12:05 a.m.", "2026-02-03T00:05:00Z"},
		{"2026-02-03 04:05", "2026-02-03T04:05:00Z"},
		{"20260203T040506Z", "2026-02-03T04:05:06Z"},
		{"2026/02/03", "2026-02-03T00:00:00Z"},
		{"3.2.2026", "2026-02-03T00:00:00Z"},
		{"02/03/2026 4:05 PM", "2026-02-03T16:05:00Z"},
		{"Tue, 03/02/2026", "2026-02-03T00:00:00Z"}, // of both readings, this is a Tuesday
		{"23/02/2026", "2026-02-23T00:00:00Z"},
		{"1770091506", "2026-02-03T04:05:06Z"},
		{"1770091506000", "2026-02-03T04:05:06Z"},
		{"Di, 03 Feb 2026 04:05:06 +0100", "2026-02-03T03:05:06Z"},
		{"mardi 3 février 2026, 4h05", "2026-02-03T04:05:00Z"},
		{"mar, 03 mar 2026 04:05:06 +0000", "2026-03-03T04:05:06Z"},
		{"3 de febrero de 2026", "2026-02-03T00:00:00Z"},
		{"вт, 03 фев 2026 04:05:06 +0300", "2026-02-03T01:05:06Z"},
		{"3 лютого 2026, 04:05", "2026-02-03T04:05:00Z"},
		{"3 lutego 2026 04:05", "2026-02-03T04:05:00Z"},
		{"2026年2月3日 04:05", "2026-02-03T04:05:00Z"},
		{"2026년 2월 3일 오후 4:05", "2026-02-03T07:05:00Z"},
		{"3 فبراير 2026 04:05", "2026-02-03T04:05:00Z"},
		{"Tue, 03 Feb 2026 24:00:00 GMT", "2026-02-04T00:00:00Z"},
		{"Sat, 31 Dec 2016 23:59:60 GMT", "2017-01-01T00:00:00Z"},
		{"Tue, 32 Jul 2026 04:05:06 GMT", "2026-08-01T04:05:06Z"},
		{"2026-02-30", "2026-03-02T00:00:00Z"},
		{"2026-02-03T25:05:06Z", "2026-02-04T01:05:06Z"},
		{"2026-02-03T04:61:61+01:00", "2026-02-03T04:02:01Z"},
		{"Tue, 40 Jul 2026 04:05:06 GMT", none},
		{"2026-14-03", none},
		{"2026-02-03T45:05:06Z", none},
		{"2026-02-03T040506+01:00", "2026-02-03T03:05:06Z"},
		{"2026-034", "2026-02-03T00:00:00Z"},
		{"Tue, 03 Feb 2026 04.05.06 GMT", "2026-02-03T04:05:06Z"},
		{"3 Şubat 2026 Salı 04:05", "2026-02-03T04:05:00Z"},
		{"2026年2月3日 下午4時05分", "2026-02-03T16:05:00Z"},
		{"2026-02-03T04:05:06+01:00[Europe/Berlin]", "2026-02-03T03:05:06Z"},
		{"2026-02-03T04:05:06+99:00", none},
		{"yesterday", none},
		{"12", none},
		{"", none},
	} {
		if got := parseDate(c.date).UTC().Format(time.RFC3339Nano); got != c.want {
			t.Errorf("%q is %s, want %s", c.date, got, c.want)
		}
	}
}

// sampleDates counts the sample dates that are read right. Where the sample
// says no time, those of miniflux must be read, and those of feedparser are no
// dates. Three of these run over into the next hour or minute here, as they do
// where feedparser reads a whole feed.
func sampleDates(tb testing.TB) (right, all int) {
	shared := os.Getenv("TIDINGS_SHARED")
	if shared == "" {
		tb.Skip("TIDINGS_SHARED is not set: the sample dates were not read")
	}
	data, err := os.ReadFile(filepath.Join(shared, "feeds/lists/date_samples.json"))
	if err != nil {
		tb.Skip("the sample dates are not there: ", err)
	}
	var samples []struct {
		Source string `json:"src"`
		Date   string `json:"d"`
		Unix   *int64 `json:"u"`
	}
	if err := json.Unmarshal(data, &samples); err != nil {
		tb.Fatal(err)
	}
	for _, s := range samples {
		got := parseDate(s.Date)
		ok := got.IsZero() != (s.Source == "miniflux:weird")
		if s.Unix != nil {
			ok = !got.IsZero() && got.Unix() == *s.Unix
		}
		if ok {
			right++
		} else {
			tb.Logf("%s: %q is read as %v", s.Source, s.Date, got.UTC())
		}
	}
	return right, len(samples)
}

func TestSampleDates(t *testing.T) {
	if right, all := sampleDates(t); right < all-4 {
		t.Errorf("%d of %d dates are right", right, all)
	}
}

// BenchmarkSampleDates prints how many of the sample dates are read right.
func BenchmarkSampleDates(b *testing.B) {
	var right, all int
	for b.Loop() {
		right, all = sampleDates(b)
	}
	b.ReportMetric(float64(right), "right")
	b.ReportMetric(float64(all), "dates")
}

func BenchmarkParseDate(b *testing.B) {
	for b.Loop() {
		parseDate("Tue, 03 Feb 2026 04:05:06 GMT")
	}
}
