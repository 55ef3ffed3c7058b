package feed

import (
	"math"
	"slices"
	"time"
)

// Plan is what decides when a feed is asked next.
type Plan struct {
	// Interval is the configured one: how often a feed is asked that brings one
	// article an hour.
	Interval time.Duration
	// Rate is the articles an hour that the feed brings, as [SeedRate] and
	// [UpdateRate] tell; 0 when unknown.
	Rate float64
	// Hints are the feed's own, NotBefore is its server's.
	Hints     Hints
	NotBefore time.Time
	// Needed is when a digest next wants the feed to be fresh; zero for never.
	Needed time.Time
	// Jitter, from -1 to 1, moves the time by up to a tenth, so that feeds do
	// not come due together. It is drawn anew for each call.
	Jitter float64
}

const (
	// quickest and slowest bound the interval in units of the configured one:
	// of 15 minutes they are 5 minutes and 12 hours.
	quickest = 1.0 / 3
	slowest  = 48.0
	// longest bounds the interval in any case, unless a longer one is configured.
	longest = 12 * time.Hour
	// longestHint bounds what a feed may ask for.
	longestHint = 24 * time.Hour
	// freshFor is how long before a digest its feeds are asked at the latest.
	freshFor = 3 * time.Minute
)

// Next is when a feed is asked next. The interval shrinks with the square root
// of the rate, which finds news soonest for a given number of polls (Sia, Cho
// and Cho, "Efficient monitoring algorithm for fast news alerts", 2007). What
// feed and server ask for is a floor under it, and the hours and days that the
// feed wants skipped are skipped.
func Next(now time.Time, p Plan) time.Time {
	wait := p.interval()
	next := now.Add(time.Duration(float64(wait) * (1 + p.Jitter/10)))
	if fresh := p.Needed.Add(-freshFor); fresh.After(now.Add(wait/8)) && fresh.Before(next) {
		// Up to as long again before it, so that a digest's feeds are not all asked at once.
		spread := time.Duration(float64(freshFor) * (1 - p.Jitter) / 2)
		next = later(fresh.Add(-spread), now)
	}
	if floor := later(now.Add(p.floor()), p.NotBefore); next.Before(floor) {
		// Not sooner than asked for, and not all at that moment.
		next = floor.Add(time.Duration(float64(wait) * (1 + p.Jitter) / 20))
	}
	return p.Hints.unskipped(next)
}

// interval is the time between two polls that the rate suggests.
func (p Plan) interval() time.Duration {
	factor := 1.0
	if p.Rate > 0 {
		factor = min(max(1/math.Sqrt(p.Rate), quickest), slowest)
	}
	wait := time.Duration(float64(p.Interval) * factor)
	return min(wait, max(longest, p.Interval))
}

// floor is the shortest interval that the feed asks for. A period (sy:) does
// not count when the feed brings several articles in one: weblogs say "hourly"
// because their software does.
func (p Plan) floor() time.Duration {
	floor := p.Hints.TTL
	if p.Rate*p.Hints.Period.Hours() < 2 {
		floor = max(floor, p.Hints.Period)
	}
	return min(max(floor, 0), longestHint)
}

// unskipped is the first time from t on in an hour and on a day that the feed
// does not want skipped; t itself when it wants all skipped.
func (h Hints) unskipped(t time.Time) time.Time {
	if len(h.SkipHours) == 0 && len(h.SkipDays) == 0 {
		return t
	}
	for try, hours := t, 0; hours <= 8*24; hours++ {
		utc := try.UTC()
		if !slices.Contains(h.SkipHours, utc.Hour()) && !slices.Contains(h.SkipDays, utc.Weekday()) {
			return try
		}
		// Every feed with such hours comes due after them: keep the minutes apart.
		try = try.Add(time.Hour)
	}
	return t
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// memory is the time over which a feed's past counts: what is as long ago
// counts 1/e of what is now.
const memory = 48 * time.Hour

// UpdateRate is the rate, in articles an hour, after a poll that brought so
// many new ones, the one before it being so long ago: an exponentially
// weighted mean in which the present silence counts too. A rate of 0 is
// unknown and begins at one an hour.
func UpdateRate(rate float64, articles int, since time.Duration) float64 {
	if !(rate > 0) || math.IsInf(rate, 0) {
		rate = 1
	}
	hours := max(since, time.Second).Hours()
	kept := math.Exp(-hours / memory.Hours())
	return max(rate*kept+float64(max(articles, 0))/hours*(1-kept), smallestRate)
}

// smallestRate keeps a feed that is silent for long from being unknown.
const smallestRate = 1.0 / (24 * 365)

// SeedRate is the rate of a feed that was read for the first time, from the
// dates of its articles; 0 when none has one. It is the same mean as
// UpdateRate's over the time that the feed shows.
func SeedRate(now time.Time, published []time.Time) float64 {
	var ages []float64
	for _, t := range published {
		if !t.IsZero() && !t.After(now) {
			ages = append(ages, now.Sub(t).Hours())
		}
	}
	if len(ages) == 0 {
		return 0
	}
	// The oldest article only says where the time that the feed shows begins.
	slices.Sort(ages)
	span := max(ages[len(ages)-1], 1)
	if len(ages) > 1 {
		ages = ages[:len(ages)-1]
	}
	var sum float64
	for _, age := range ages {
		sum += math.Exp(-age / memory.Hours())
	}
	return max(sum/memory.Hours()/(1-math.Exp(-span/memory.Hours())), smallestRate)
}

// Backoff is the time from a failure to the next try: the interval after the
// first, twice as long after each further one, at most 24 h.
func Backoff(failures int, interval time.Duration) time.Duration {
	const most = 24 * time.Hour
	wait := interval
	for range min(failures-1, 32) {
		if wait *= 2; wait >= most {
			return most
		}
	}
	return min(wait, most)
}

// Move is what is known of a permanent redirect that a feed answers with.
// The zero Move is none.
type Move struct {
	To    string    // the target
	Times int       // how often it was seen in a row
	Since time.Time // the first of these times
}

const (
	moveTimes = 10
	moveAfter = 48 * time.Hour
)

// Seen is m after one more answer, whose [Response.MovedTo] is to. Another
// target, or none, begins anew.
func (m Move) Seen(to string, now time.Time) Move {
	switch {
	case to == "":
		return Move{}
	case to != m.To:
		return Move{To: to, Times: 1, Since: now}
	}
	m.Times++
	return m
}

// Proven reports whether the target has lasted long enough, 10 answers over
// two days, to take the place of the feed's URL.
func (m Move) Proven(now time.Time) bool {
	return m.Times >= moveTimes && now.Sub(m.Since) >= moveAfter
}
