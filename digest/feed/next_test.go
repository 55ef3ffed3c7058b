package feed

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) // a Sunday

func TestNextFollowsTheRate(t *testing.T) {
	for _, test := range []struct {
		name     string
		rate     float64
		interval time.Duration
		want     time.Duration
	}{
		{"unknown", 0, 15 * time.Minute, 15 * time.Minute},
		{"one an hour", 1, 15 * time.Minute, 15 * time.Minute},
		{"four an hour", 4, 15 * time.Minute, 7*time.Minute + 30*time.Second},
		{"a hundred an hour", 100, 15 * time.Minute, 5 * time.Minute},
		{"one in four hours", 0.25, 15 * time.Minute, 30 * time.Minute},
		{"one a day", 1.0 / 24, 15 * time.Minute, 73*time.Minute + 29*time.Second},
		{"nearly nothing", smallestRate, 15 * time.Minute, 12 * time.Hour},
		{"no number", math.NaN(), 15 * time.Minute, 15 * time.Minute},
		{"infinite", math.Inf(1), 15 * time.Minute, 5 * time.Minute},
		{"a daily poll is wanted", smallestRate, 24 * time.Hour, 24 * time.Hour},
		{"a quick poll is wanted", 1, time.Second, time.Second},
	} {
		got := Next(noon, Plan{Interval: test.interval, Rate: test.rate}).Sub(noon)
		if (got - test.want).Abs() > time.Second {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}

func TestNextObeysFeedAndServer(t *testing.T) {
	hour := func(hours ...int) Hints { return Hints{SkipHours: hours} }
	for _, test := range []struct {
		name string
		plan Plan
		want time.Duration
	}{
		{"ttl", Plan{Hints: Hints{TTL: time.Hour}}, time.Hour},
		{"ttl under the interval", Plan{Hints: Hints{TTL: time.Minute}}, 15 * time.Minute},
		{"absurd ttl", Plan{Hints: Hints{TTL: 1e6 * time.Hour}}, 24 * time.Hour},
		{"negative ttl", Plan{Hints: Hints{TTL: -time.Hour}}, 15 * time.Minute},
		{"period", Plan{Rate: 1, Hints: Hints{Period: time.Hour}}, time.Hour},
		{"period that the feed outruns", Plan{Rate: 4, Hints: Hints{Period: time.Hour}}, 450 * time.Second},
		{"server", Plan{NotBefore: noon.Add(2 * time.Hour)}, 2 * time.Hour},
		{"server, long ago", Plan{NotBefore: noon.Add(-2 * time.Hour)}, 15 * time.Minute},
		{"hours", Plan{Hints: hour(12, 13, 14)}, 3*time.Hour + 15*time.Minute},
		{"other hours", Plan{Hints: hour(11, 13)}, 15 * time.Minute},
		{"all hours", Plan{Hints: hour(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23)}, 15 * time.Minute},
		{"days", Plan{Hints: Hints{SkipDays: []time.Weekday{time.Sunday}}}, 12*time.Hour + 15*time.Minute},
		{"all days", Plan{Hints: Hints{SkipDays: []time.Weekday{0, 1, 2, 3, 4, 5, 6}}}, 15 * time.Minute},
		{"days and hours", Plan{Hints: Hints{SkipDays: []time.Weekday{time.Sunday}, SkipHours: []int{0, 1}}}, 14*time.Hour + 15*time.Minute},
	} {
		test.plan.Interval = 15 * time.Minute
		test.plan.Jitter = -1 // a floor is one for the earliest, too
		got := Next(noon, test.plan).Sub(noon)
		if got < test.want-2*time.Minute || got > test.want+time.Minute {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}

func TestNextIsFreshForADigest(t *testing.T) {
	plan := Plan{Interval: 15 * time.Minute, Rate: 1.0 / 100, Needed: noon.Add(time.Hour)}
	for _, jitter := range []float64{-1, 0, 1} {
		plan.Jitter = jitter
		if got := Next(noon, plan).Sub(noon); got < 54*time.Minute || got > 57*time.Minute {
			t.Errorf("jitter %v: asked %v from now for a digest in an hour", jitter, got)
		}
	}
	plan.NotBefore = noon.Add(2 * time.Hour)
	if got := Next(noon, plan).Sub(noon); got < 2*time.Hour {
		t.Errorf("asked %v from now though the server wants two hours", got)
	}
	for _, soon := range []time.Duration{-time.Hour, 0, time.Minute, 4 * time.Minute, 48 * time.Hour} {
		plan = Plan{Interval: 15 * time.Minute, Rate: 1.0 / 100, Needed: noon.Add(soon)}
		if got := Next(noon, plan).Sub(noon); got != 150*time.Minute {
			t.Errorf("a digest in %v: asked %v from now, want 150m", soon, got)
		}
	}
}

// FuzzNext: whatever a feed says, it is asked again, neither at once nor never.
func FuzzNext(f *testing.F) {
	f.Add(0.5, int64(time.Hour), int64(0), 3, 4, 0.3, int64(time.Hour))
	f.Fuzz(func(t *testing.T, rate float64, ttl, period int64, hour, day int, jitter float64, needed int64) {
		plan := Plan{
			Interval: 15 * time.Minute, Rate: rate, Jitter: math.Mod(jitter, 1), Needed: noon.Add(time.Duration(needed)),
			Hints: Hints{TTL: time.Duration(ttl), Period: time.Duration(period), SkipHours: []int{hour, hour + 1}, SkipDays: []time.Weekday{time.Weekday(day)}},
		}
		if math.IsNaN(plan.Jitter) {
			plan.Jitter = 0
		}
		if got := Next(noon, plan).Sub(noon); got < 30*time.Second || got > 75*time.Hour {
			t.Errorf("asked %v from now: %+v", got, plan)
		}
	})
}

func TestRate(t *testing.T) {
	every := func(gap, span time.Duration) (dates []time.Time) {
		for age := gap; age <= span; age += gap {
			dates = append(dates, noon.Add(-age))
		}
		return dates
	}
	for _, test := range []struct {
		name     string
		dates    []time.Time
		from, to float64
	}{
		{"no dates", nil, 0, 0},
		{"no known dates", make([]time.Time, 3), 0, 0},
		{"only future dates", []time.Time{noon.Add(time.Hour)}, 0, 0},
		{"one an hour for a day", every(time.Hour, 24*time.Hour), 0.8, 1.1},
		{"one an hour for a month", every(time.Hour, 720*time.Hour), 0.9, 1.1},
		{"twelve an hour for two hours", every(5*time.Minute, 2*time.Hour), 10, 13},
		{"one a day", every(24*time.Hour, 240*time.Hour), 0.02, 0.05},
		{"one long ago", []time.Time{noon.Add(-9000 * time.Hour)}, smallestRate, smallestRate},
		{"one just now", []time.Time{noon}, 0.1, 1.1},
	} {
		if got := SeedRate(noon, test.dates); got < test.from || got > test.to {
			t.Errorf("%s: seeded with %v an hour, want %v to %v", test.name, got, test.from, test.to)
		}
	}
}

func TestRateLearns(t *testing.T) {
	run := func(rate float64, articles int, gap, span time.Duration) float64 {
		for at := gap; at <= span; at += gap {
			rate = UpdateRate(rate, articles, gap)
		}
		return rate
	}
	week := 7 * 24 * time.Hour
	if got := run(0, 1, 30*time.Minute, week); got < 1.9 || got > 2.1 {
		t.Errorf("two an hour are taken for %v", got)
	}
	if got := run(5, 0, 15*time.Minute, week); got > 0.2 {
		t.Errorf("a week of silence is taken for %v an hour", got)
	}
	if got := run(5, 0, time.Hour, 1000*week); got < smallestRate || got > 2*smallestRate {
		t.Errorf("a silence of years is taken for %v an hour", got)
	}
	// How often the feed was asked changes nothing.
	often, seldom := run(1, 1, 10*time.Minute, 24*time.Hour), run(1, 36, 6*time.Hour, 24*time.Hour)
	if math.Abs(often-seldom) > 0.2*often {
		t.Errorf("the same news is taken for %v or for %v an hour", often, seldom)
	}
	for _, odd := range []float64{math.NaN(), math.Inf(1), -1} {
		if got := UpdateRate(odd, -1, -time.Hour); !(got > 0) || math.IsInf(got, 0) {
			t.Errorf("from a rate of %v came %v", odd, got)
		}
	}
}

func TestBackoff(t *testing.T) {
	for failures, want := range map[int]time.Duration{
		0: 15 * time.Minute, 1: 15 * time.Minute, 2: 30 * time.Minute, 5: 4 * time.Hour, 8: 24 * time.Hour, 1_000_000: 24 * time.Hour,
	} {
		if got := Backoff(failures, 15*time.Minute); got != want {
			t.Errorf("after %d failures %v, want %v", failures, got, want)
		}
	}
}

func TestAMoveMustLast(t *testing.T) {
	var m Move
	step := 6 * time.Hour
	for i := range 20 {
		at := noon.Add(time.Duration(i) * step)
		m = m.Seen("https://b.example/", at)
		if want := i >= 9; m.Proven(at) != want {
			t.Errorf("after %d times in %v: proven is %v", i+1, time.Duration(i)*step, !want)
		}
	}
	at := noon
	for m = (Move{}); m.Times < 50; m = m.Seen("https://b.example/", at) {
		at = at.Add(time.Minute)
	}
	if m.Proven(at) {
		t.Error("proven within an hour")
	}
	if m = m.Seen("", at); m != (Move{}) {
		t.Errorf("an answer without a redirect leaves %+v", m)
	}
	m = Move{To: "https://b.example/", Times: 9, Since: noon}.Seen("https://c.example/", at)
	if m.Times != 1 || m.To != "https://c.example/" {
		t.Errorf("another target leaves %+v", m)
	}
}

// simulate plays ten days of feeds that bring from one article in three days to
// twenty an hour, fewer at night, and returns the polls of a feed and day and
// the mean time from an article's publication to its poll. interval says how
// long to wait after a poll that brought so many articles.
func simulate(interval func(feed int, now time.Time, articles int) time.Time) (polls float64, delay time.Duration) {
	const feeds, days = 40, 10
	random := rand.New(rand.NewPCG(1, 2))
	var count, articles int
	var waited time.Duration
	for feed := range feeds {
		rate := 0.014 * math.Pow(20/0.014, float64(feed)/(feeds-1))
		end := noon.AddDate(0, 0, days)
		poll := interval(feed, noon, 0)
		var fresh []time.Time
		for at := noon; at.Before(end); {
			at = at.Add(time.Duration(random.ExpFloat64() / rate / 1.6 * float64(time.Hour)))
			for !poll.After(at) {
				for _, published := range fresh {
					waited += poll.Sub(published)
				}
				count, articles = count+1, articles+len(fresh)
				next := interval(feed, poll, len(fresh))
				poll, fresh = next, nil
			}
			if day := at.Hour() >= 6 && at.Hour() < 20; day || random.IntN(10) == 0 {
				fresh = append(fresh, at)
			}
		}
	}
	return float64(count) / feeds / days, waited / time.Duration(articles)
}

// adaptive are the polls and the delay of Next and UpdateRate, and the delay of
// a fixed interval with as many polls.
func adaptive() (polls float64, delay, fixed time.Duration) {
	rates, last := map[int]float64{}, map[int]time.Time{}
	random := rand.New(rand.NewPCG(3, 4))
	polls, delay = simulate(func(feed int, now time.Time, articles int) time.Time {
		if before, ok := last[feed]; ok {
			rates[feed] = UpdateRate(rates[feed], articles, now.Sub(before))
		}
		last[feed] = now
		return Next(now, Plan{Interval: 15 * time.Minute, Rate: rates[feed], Jitter: 2*random.Float64() - 1})
	})
	_, fixed = simulate(func(_ int, now time.Time, _ int) time.Time {
		return now.Add(time.Duration(24 / polls * float64(time.Hour)))
	})
	return polls, delay, fixed
}

func TestAdaptiveIntervalsFindNewsSooner(t *testing.T) {
	if polls, delay, fixed := adaptive(); delay > fixed*6/10 {
		t.Errorf("with %.0f polls a day news is found after %v; after %v with a fixed interval", polls, delay, fixed)
	}
}

// BenchmarkAdaptiveIntervals prints the polls of a feed and day, and the minutes
// from publication to poll with adaptive intervals and with a fixed one of as
// many polls.
func BenchmarkAdaptiveIntervals(b *testing.B) {
	for b.Loop() {
		polls, delay, fixed := adaptive()
		b.ReportMetric(polls, "polls/day")
		b.ReportMetric(delay.Minutes(), "min-adaptive")
		b.ReportMetric(fixed.Minutes(), "min-fixed")
	}
	b.ReportMetric(0, "ns/op")
}
