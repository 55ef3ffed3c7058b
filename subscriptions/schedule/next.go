package schedule

import "time"

// horizon is how many days Next looks ahead. A weekly or yearly day that a
// zone skipped altogether comes once more within it.
const horizon = 2*366 + 1

// Next is the first time after a time at which the schedule is due in a zone;
// the zero time when there is none within two years. Each local time of the
// schedule comes once on each of its days: one that the clocks skip comes at
// the first moment after the gap, or, when the gap ends the day, in the last
// minute before it; one that they repeat comes the first time. A day that a
// zone leaves out has none.
func (s Schedule) Next(after time.Time, zone *time.Location) time.Time {
	if s.clock == (clock{}) {
		return time.Time{}
	}
	minutes := s.clock.minutes()
	year, month, today := after.In(zone).Date()
	for i := range horizon {
		date := time.Date(year, month, today+i, 0, 0, 0, 0, time.UTC)
		if !s.on(date) {
			continue
		}
		for _, m := range minutes {
			if t := due(date, m, zone); t.After(after) {
				return t
			}
		}
	}
	return time.Time{}
}

// on reports whether the schedule has times on a date.
func (s Schedule) on(date time.Time) bool {
	monthday := s.monthdays&(1<<date.Day()) != 0
	weekday := s.weekdays&(1<<date.Weekday()) != 0
	return s.months&(1<<date.Month()) != 0 && (monthday && weekday || s.eitherDay && (monthday || weekday))
}

// due is when the minute of a date comes in a zone, or the zero time when the
// zone has no such date.
func due(date time.Time, minute int, zone *time.Location) time.Time {
	t := moment(date.Add(time.Duration(minute)*time.Minute), zone)
	if dateOf(t).After(date) {
		t = t.Add(-time.Minute)
	}
	if !dateOf(t).Equal(date) {
		return time.Time{}
	}
	return t
}

// dateOf is midnight of a time's local date, written as if it were UTC.
func dateOf(t time.Time) time.Time {
	year, month, today := t.Date()
	return time.Date(year, month, today, 0, 0, 0, 0, time.UTC)
}

// moment is the first time at which the clocks of a zone show wall, a local
// time written as if it were UTC, or anything later.
func moment(wall time.Time, zone *time.Location) time.Time {
	// No zone is 16 hours from UTC, so at first its clocks show less than wall.
	for t := wall.Add(-16 * time.Hour).In(zone); ; {
		_, offset := t.Zone()
		at := wall.Add(-time.Duration(offset) * time.Second).In(zone)
		if at.Before(t) {
			at = t
		}
		_, end := t.ZoneBounds()
		if end.IsZero() || at.Before(end) {
			return at
		}
		t = end
	}
}
