// Package schedule says when something is due: it reads what a person types
// ("weekdays 18:30", "every 5 hours", a cron line), and computes the next time
// in a zone. It also knows zones by name and quiet hours. It is pure: it never
// asks what time it is, and starts nothing.
package schedule

import (
	"fmt"
	"math/bits"
	"strings"
	"time"
)

// Schedule is a set of local times of day on a set of days. Its zone is given
// to [Schedule.Next]. Schedules can be compared with ==. The zero Schedule is
// never due.
type Schedule struct {
	clock                       clock
	monthdays, months, weekdays uint64 // bit n is n, as in a cron line; 0 is Sunday
	// eitherDay is cron's rule for a line that restricts both the day of the
	// month and the day of the week: one of them is enough.
	eitherDay bool
	// cron is the line that says this, where no words of ours do.
	cron string
}

// clock is a set of times of day: bit m of element h is h:m.
type clock [24]uint64

const (
	hour = 60
	day  = 24 * hour
	// shortest is the least number of minutes between two times.
	shortest = 15
	// longest is the greatest interval, in minutes.
	longest = 12 * hour
	// usual is the time of day for whom names only days.
	usual = 8 * hour
)

const (
	everyMonthday = 1<<32 - 1<<1
	everyMonth    = 1<<13 - 1<<1
	everyWeekday  = 1<<7 - 1
	workdays      = 1<<6 - 1<<1
	weekend       = 1<<0 | 1<<6
)

func (c *clock) add(minute int) { c[minute/hour] |= 1 << (minute % hour) }

// minutes are the times of day, as minutes since midnight, ascending.
func (c *clock) minutes() []int {
	var all []int
	for h, set := range c {
		for ; set != 0; set &= set - 1 {
			all = append(all, h*hour+bits.TrailingZeros64(set))
		}
	}
	return all
}

// interval is the clock that steps from midnight. The last time of a day is
// not nearer than the shortest interval to the next day.
func interval(step int) clock {
	var c clock
	for m := 0; m == 0 || m <= day-shortest; m += step {
		c.add(m)
	}
	return c
}

// step is the interval at which the schedule is due every day, or 0.
func (s Schedule) step() int {
	all := s.clock.minutes()
	if len(all) < 2 || all[1] > longest || s.weekdays != everyWeekday || interval(all[1]) != s.clock {
		return 0
	}
	return all[1]
}

// weekly reports whether the days are chosen by weekday alone.
func (s Schedule) weekly() bool {
	return !s.eitherDay && s.monthdays == everyMonthday && s.months == everyMonth
}

// String is the schedule in the shortest words that [Parse] reads as the same.
func (s Schedule) String() string {
	if s.cron != "" || s.clock == (clock{}) {
		return s.cron
	}
	if step := s.step(); step != 0 {
		return stepText(step, "hourly")
	}
	return s.dayText() + " " + clockText(s.clock, ",")
}

func stepText(step int, hourly string) string {
	switch {
	case step == hour:
		return hourly
	case step%hour == 0:
		return fmt.Sprintf("every %d hours", step/hour)
	}
	return fmt.Sprintf("every %d minutes", step)
}

func clockText(c clock, separator string) string {
	var all []string
	for _, m := range c.minutes() {
		all = append(all, minuteText(m))
	}
	return strings.Join(all, separator)
}

func minuteText(m int) string { return fmt.Sprintf("%02d:%02d", m/hour, m%hour) }

// named are the weekdays in a set, from Monday.
func named(set uint64) []time.Weekday {
	var all []time.Weekday
	for i := range 7 {
		if d := time.Weekday((i + 1) % 7); set&(1<<d) != 0 {
			all = append(all, d)
		}
	}
	return all
}

func (s Schedule) dayText() string {
	switch s.weekdays {
	case everyWeekday:
		return "daily"
	case workdays:
		return "weekdays"
	case weekend:
		return "weekends"
	}
	days := named(s.weekdays)
	if len(days) == 1 {
		return strings.ToLower(days[0].String()) + "s"
	}
	var all []string
	for _, d := range days {
		all = append(all, strings.ToLower(d.String()[:3]))
	}
	return strings.Join(all, ",")
}

// Describe is the schedule in a phrase: "every day at 08:00".
func (s Schedule) Describe() string {
	switch {
	case s.clock == (clock{}):
		return "never"
	case s.cron != "":
		return fmt.Sprintf("at the times of the cron line %q", s.cron)
	}
	if step := s.step(); step != 0 {
		text := stepText(step, "every hour")
		if step > hour {
			text += " from midnight"
		}
		return text
	}
	return s.dayPhrase() + " at " + and(strings.Split(clockText(s.clock, ","), ","))
}

func (s Schedule) dayPhrase() string {
	switch s.weekdays {
	case everyWeekday:
		return "every day"
	case workdays:
		return "on weekdays"
	case weekend:
		return "on weekends"
	}
	var all []string
	for _, d := range named(s.weekdays) {
		all = append(all, d.String()+"s")
	}
	return "on " + and(all)
}

func and(all []string) string {
	if len(all) < 2 {
		return strings.Join(all, "")
	}
	return strings.Join(all[:len(all)-1], ", ") + " and " + all[len(all)-1]
}
