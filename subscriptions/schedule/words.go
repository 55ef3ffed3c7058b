package schedule

import (
	"strconv"
	"strings"
	"time"
)

// maxTimes is how many times of day can be named.
const maxTimes = 6

// divide cuts words at commas, joins "8" and "pm", and writes "p.m." as "pm"
// and "noon" as "12:00".
func divide(words []string) []string {
	var all []string
	for w := range strings.FieldsSeq(strings.ReplaceAll(strings.Join(words, " "), ",", " ")) {
		switch w {
		case "a.m.", "p.m.":
			w = w[:1] + "m"
		case "noon":
			w = "12:00"
		case "midnight":
			w = "00:00"
		}
		if last := len(all) - 1; (w == "am" || w == "pm") && last >= 0 && startsWithDigit(all[last]) {
			all[last] += w
			continue
		}
		all = append(all, w)
	}
	return all
}

func startsWithDigit(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

// phrase is what was read of days and times of day.
type phrase struct {
	days  uint64
	times clock
	count int
	// order has a d for each run of days and a t for each run of times.
	order string
}

// parsePhrase reads days and times of day, one after the other. Without days
// it is every day; without times the clock is empty.
func parsePhrase(words []string) (days uint64, times clock, err error) {
	var p phrase
	bare, before := false, ""
	for i, w := range words {
		if isFiller(w) && i < len(words)-1 && (w != "and" || i > 0) {
			bare = bare || w == "at"
		} else if err := p.add(w, before, bare); err != nil {
			return 0, times, err
		}
		before = w
	}
	switch {
	case len(p.order) > 2:
		return 0, times, mistake("name all days first and then all times")
	case p.count > maxTimes:
		return 0, times, mistakef("at most %d times of day can be named", maxTimes)
	case p.days == 0:
		p.days = everyWeekday
	}
	return p.days, p.times, nil
}

func (p *phrase) add(w, before string, bare bool) error {
	now := "d"
	if startsWithDigit(w) {
		minute, err := parseClock(w, bare)
		if err != nil {
			return err
		}
		p.times.add(minute)
		p.count++
		now = "t"
	} else {
		set := daySet(w, before)
		if set == 0 {
			return unknown(w)
		}
		p.days |= set
	}
	if !strings.HasSuffix(p.order, now) {
		p.order += now
	}
	return nil
}

// isFiller reports whether a word only joins others.
func isFiller(w string) bool {
	switch w {
	case "and", "at", "on", "every", "each":
		return true
	}
	return false
}

// parseClock reads "8:00", "18:30", "8pm", "8:30pm"; "8" only when bare.
func parseClock(w string, bare bool) (minute int, err error) {
	text, half := w, ""
	if n := len(w) - 2; n > 0 && (w[n:] == "am" || w[n:] == "pm") {
		text, half = w[:n], w[n:]
	}
	hours, minutes, colon := strings.Cut(text, ":")
	h, err1 := strconv.Atoi(hours)
	m, err2 := 0, error(nil)
	if colon {
		m, err2 = strconv.Atoi(minutes)
	}
	switch {
	case err1 != nil || err2 != nil || len(hours) > 2 || colon && len(minutes) != 2 || m < 0:
		return 0, mistakef("%q is not a time of day", w)
	case !colon && half == "" && !bare:
		return 0, mistakef("%q is not a time of day; did you mean \"%d:00\"?", w, min(h, 23))
	case half != "" && (h < 1 || h > 12):
		return 0, mistakef("hour %d is out of range 1-12 with %s", h, half)
	case h > 23:
		return 0, mistakef("hour %d is out of range 0-23", h)
	case m > 59:
		return 0, mistakef("minute %d is out of range 0-59", m)
	case half != "":
		h %= 12
	}
	if half == "pm" {
		h += 12
	}
	return h*hour + m, nil
}

// daySet is the set of weekdays that a word names, or 0.
func daySet(w, before string) uint64 {
	switch w {
	case "daily", "everyday":
		return everyWeekday
	case "day":
		if before == "every" || before == "each" {
			return everyWeekday
		}
		return 0
	case "weekday", "weekdays", "workdays":
		return workdays
	case "weekend", "weekends":
		return weekend
	}
	first, last, isRange := strings.Cut(w, "-")
	from, ok := weekday(first)
	if !isRange || !ok {
		if !ok || isRange {
			return 0
		}
		return 1 << from
	}
	to, ok := weekday(last)
	if !ok {
		return 0
	}
	set := uint64(1) << to
	for d := from; d != to; d = (d + 1) % 7 {
		set |= 1 << d
	}
	return set
}

// weekday reads "monday", "mondays" and every beginning of three letters or more.
func weekday(w string) (time.Weekday, bool) {
	w = strings.TrimSuffix(w, "s")
	for d := time.Sunday; d <= time.Saturday; d++ {
		if name := strings.ToLower(d.String()); len(w) >= 3 && strings.HasPrefix(name, w) {
			return d, true
		}
	}
	return 0, false
}

// unknown says that a word is not known, and which one is near.
func unknown(w string) error {
	known := []string{"daily", "weekdays", "weekends", "hourly", "every",
		"mondays", "tuesdays", "wednesdays", "thursdays", "fridays", "saturdays", "sundays"}
	if like := Near(w, known, 1); len(like) > 0 {
		return mistakef("%q is not a time; did you mean %q?", w, known[like[0]])
	}
	return mistakef("%q is not a time", w)
}
