package schedule

import (
	"strconv"
	"strings"
	"time"
)

// longestSpan bounds how far ahead a pause may end.
const longestSpan = 366 * 24 * time.Hour

// Until reads a time to come: "3 days", "12h", "2 weeks", "tomorrow", "monday",
// "monday 08:00", "18:00", "2026-12-24". A day without a time of day means when
// it begins. The error is a sentence for the person who typed it.
func Until(text string, now time.Time, zone *time.Location) (time.Time, error) {
	words := strings.Fields(strings.ToLower(text))
	for len(words) > 1 && (words[0] == "until" || words[0] == "till" || words[0] == "for") {
		words = words[1:]
	}
	if len(words) == 0 || len(text) > maxText {
		return time.Time{}, unclear(text)
	}
	if d, ok := span(strings.Join(words, "")); ok {
		if d > longestSpan {
			return time.Time{}, mistake("That is more than a year. Without a time, it lasts until you end it")
		}
		return now.Add(d), nil
	}
	local := now.In(zone)
	date, rest, ok := dateAhead(words, dateOf(local))
	minute := 0
	if len(rest) > 0 {
		var err error
		if minute, err = parseClock(strings.Join(rest, ""), true); err != nil {
			return time.Time{}, unclear(text)
		}
	}
	t := moment(date.Add(time.Duration(minute)*time.Minute), zone)
	if !ok && !t.After(now) {
		t = moment(date.AddDate(0, 0, 1).Add(time.Duration(minute)*time.Minute), zone)
	}
	switch {
	case !t.After(now):
		return time.Time{}, mistakef("%q is already past", text)
	case t.Sub(now) > longestSpan:
		return time.Time{}, mistakef("%q is more than a year away", text)
	}
	return t, nil
}

func unclear(text string) error {
	return mistakef("%q is no time to come; examples: 3 days, 2 weeks, tomorrow, monday 08:00, 2026-12-24", text)
}

// span reads "3days", "12h", "aweek".
func span(text string) (time.Duration, bool) {
	name := strings.TrimLeft(text, "0123456789")
	digits := text[:len(text)-len(name)]
	if digits == "" {
		name, digits = strings.TrimPrefix(strings.TrimPrefix(name, "an"), "a"), "1"
		if name == text {
			return 0, false
		}
	}
	n, err := strconv.Atoi(digits)
	size := unit(name)
	switch strings.TrimSuffix(name, "s") {
	case "d", "day":
		size = 24 * time.Hour
	case "w", "week":
		size = 7 * 24 * time.Hour
	case "month":
		size = 30 * 24 * time.Hour
	}
	if err != nil || n <= 0 || n > 1_000_000 || size < time.Minute {
		return 0, false
	}
	return time.Duration(n) * size, true
}

// dateAhead reads a day in front of the words; ok is false when there is none,
// and the date is then today.
func dateAhead(words []string, today time.Time) (date time.Time, rest []string, ok bool) {
	if d, err := time.Parse(time.DateOnly, words[0]); err == nil {
		return d, words[1:], true
	}
	switch words[0] {
	case "today":
		return today, words[1:], true
	case "tomorrow":
		return today.AddDate(0, 0, 1), words[1:], true
	case "next":
		if len(words) > 1 && words[1] == "week" {
			return dateAhead(append([]string{"monday"}, words[2:]...), today)
		}
	}
	if day, found := weekday(words[0]); found {
		ahead := (int(day) - int(today.Weekday()) + 7) % 7
		if ahead == 0 {
			ahead = 7
		}
		return today.AddDate(0, 0, ahead), words[1:], true
	}
	return today, words, false
}
