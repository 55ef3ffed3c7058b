package delivery

import (
	"fmt"
	"time"
)

// Moment is a time as people say it from now: "today 08:00", "tomorrow 08:00",
// "Mon 23 Nov, 08:00".
func Moment(t, now time.Time, zone *time.Location) string {
	t, now = t.In(zone), now.In(zone)
	clock := t.Format("15:04")
	switch days := dayNumber(t) - dayNumber(now); {
	case days == 0:
		return "today " + clock
	case days == 1:
		return "tomorrow " + clock
	case days == -1:
		return "yesterday " + clock
	case t.Year() != now.Year():
		return t.Format("Mon 2 Jan 2006, 15:04")
	}
	return t.Format("Mon 2 Jan, 15:04")
}

// dayNumber counts the days of the calendar, whatever the length of each.
func dayNumber(t time.Time) int64 {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC).Unix() / 86400
}

// Ago is a time span as people say it: "just now", "5 min ago", "3 h ago", "2 days ago".
func Ago(d time.Duration) string {
	switch {
	case d < 2*time.Minute:
		return "just now"
	case d < time.Hour:
		return fmt.Sprintf("%d min ago", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h ago", int(d.Hours()))
	}
	return fmt.Sprintf("%d days ago", int(d.Hours()/24))
}

// day is the day of an earlier time as people say it: "08:00" of the same day,
// "yesterday", "Mon 23 Nov".
func day(t, now time.Time, zone *time.Location) string {
	t, now = t.In(zone), now.In(zone)
	switch dayNumber(now) - dayNumber(t) {
	case 0:
		return t.Format("15:04")
	case 1:
		return "yesterday"
	}
	return t.Format("Mon 2 Jan")
}
