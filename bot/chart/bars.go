package chart

import (
	"cmp"
	"slices"
	"time"
)

const (
	// mostBars and fewestBars bound the bars of a chart.
	mostBars   = 24
	fewestBars = 8
	day        = 24 * time.Hour
)

// bars are the counts of the stretches of time that a chart shows.
type bars struct {
	labels []string
	// owners counts the owners whose first article this is, further all other articles.
	owners, further []float64
}

func newBars(points []Point, zone *time.Location) bars {
	points = slices.Clone(points)
	slices.SortStableFunc(points, func(a, b Point) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Owner, b.Owner)) })
	newest := points[len(points)-1].At
	points = slices.DeleteFunc(points, func(p Point) bool { return p.At.Before(newest.AddDate(-1, 0, 0)) })
	starts, step := stretches(points[0].At, newest, zone)
	b := bars{owners: make([]float64, len(starts)), further: make([]float64, len(starts))}
	known, at := map[string]bool{}, 0
	for _, p := range points {
		for at+1 < len(starts) && !p.At.Before(starts[at+1]) {
			at++
		}
		if known[p.Owner] {
			b.further[at]++
		} else {
			b.owners[at]++
		}
		known[p.Owner] = true
	}
	layout := "Mon 15:04"
	switch {
	case step >= day:
		layout = "2 Jan"
	case starts[0].YearDay() == starts[len(starts)-1].YearDay() && step*mostBars <= day:
		layout = "15:04"
	}
	for _, start := range starts {
		b.labels = append(b.labels, start.Format(layout))
	}
	return b
}

// stretches are the beginnings of the stretches of time from the first article
// to the last, at round times of the zone, and how long each is. Of a short
// time there are some before it, which are empty.
func stretches(first, last time.Time, zone *time.Location) ([]time.Time, time.Duration) {
	first, last = first.In(zone), last.In(zone)
	step := stepFor(last.Sub(first))
	next := func(t time.Time, n int) time.Time {
		if step >= day {
			return t.AddDate(0, 0, n*int(step/day))
		}
		return t.Add(time.Duration(n) * step)
	}
	start := time.Date(first.Year(), first.Month(), first.Day(), 0, 0, 0, 0, zone)
	if step < day {
		start = start.Add(first.Sub(start).Truncate(step))
	}
	var starts []time.Time
	for t := start; !t.After(last); t = next(t, 1) {
		starts = append(starts, t)
	}
	for len(starts) < fewestBars {
		starts = slices.Insert(starts, 0, next(starts[0], -1))
	}
	return starts, step
}

// stepFor is a round stretch of which mostBars hold a time.
func stepFor(span time.Duration) time.Duration {
	steps := []time.Duration{
		10 * time.Minute, 20 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, day,
	}
	for _, step := range steps {
		if span/step < mostBars-1 {
			return step
		}
	}
	step := 2 * day
	for span/step >= mostBars-1 {
		step *= 2
	}
	return step
}

// top is a round number that the highest bar does not pass, in four whole parts.
func (b bars) top() float64 {
	highest := 1.0
	for i := range b.owners {
		highest = max(highest, b.owners[i]+b.further[i])
	}
	top := 4.0
	for i := 0; top < highest; i++ {
		top *= []float64{2, 2.5, 2}[i%3] // 4, 8, 20, 40, 80, 200
	}
	return top
}
