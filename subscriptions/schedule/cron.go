package schedule

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// field is a field of a cron line.
type field struct {
	name     string
	min, max int
	names    []string // of the values from min
}

var fields = [5]field{
	{name: "minute", max: 59},
	{name: "hour", max: 23},
	{name: "day of the month", min: 1, max: 31},
	{name: "month", min: 1, max: 12, names: []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}},
	{name: "day of the week", max: 7, names: []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}},
}

// looksLikeCron reports whether words are meant as a cron line.
func looksLikeCron(words []string) bool {
	first := words[0]
	switch {
	case strings.HasPrefix(first, "@"), strings.HasPrefix(first, "tz="), strings.HasPrefix(first, "cron_tz="),
		slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, "*") }):
		return true
	}
	return len(words) >= 4 && strings.Trim(first+words[1], "0123456789,/-?") == ""
}

// parseCron reads a cron line in lower case with single spaces.
func parseCron(line string) (Schedule, error) {
	wrong := func(err error) (Schedule, error) {
		return Schedule{}, mistakef("%q: %s; %s", line, err, examples)
	}
	text, err := withoutName(line)
	if err != nil {
		return wrong(err)
	}
	parts := strings.Fields(text)
	if len(parts) != len(fields) {
		return wrong(fmt.Errorf("a cron line has 5 fields (minute, hour, day of the month, month, day of the week; no seconds), not %d", len(parts)))
	}
	for i := range parts {
		if parts[i], err = fields[i].check(parts[i]); err != nil {
			return wrong(err)
		}
	}
	text = strings.Join(parts, " ")
	parsed, err := cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow).Parse(text)
	if err != nil {
		return wrong(err)
	}
	spec, ok := parsed.(*cron.SpecSchedule)
	if !ok {
		return wrong(mistake("this cron line is not understood"))
	}
	s := fromSpec(spec, text)
	if !s.yearly() {
		return wrong(mistake("that day does not come every year"))
	}
	if err := s.clock.check(); err != nil {
		return Schedule{}, err
	}
	return s, nil
}

// withoutName is the line that a name like @daily stands for.
func withoutName(line string) (string, error) {
	switch {
	case line == "@hourly":
		return "0 * * * *", nil
	case line == "@daily", line == "@midnight":
		return "0 0 * * *", nil
	case line == "@weekly":
		return "0 0 * * 0", nil
	case line == "@monthly":
		return "0 0 1 * *", nil
	case line == "@yearly", line == "@annually":
		return "0 0 1 1 *", nil
	case strings.HasPrefix(line, "@"):
		return "", mistake("of the names with @ only @hourly, @daily, @weekly, @monthly and @yearly are known")
	case strings.Contains(line, "tz="):
		return "", mistake("a cron line has no zone of its own; it is the zone of the chat")
	}
	return line, nil
}

// check returns the field as cron understands it: with numbers in range, and
// Sunday as 0.
func (f field) check(text string) (string, error) {
	items := strings.Split(text, ",")
	for i, item := range items {
		span, step, stepped := strings.Cut(item, "/")
		if n, err := strconv.Atoi(step); stepped && (err != nil || n < 1 || n > f.max) {
			return "", mistakef("the step %q of the %s is not a number from 1 to %d", step, f.name, f.max)
		}
		if span == "*" || span == "?" {
			continue
		}
		first, last, isRange := strings.Cut(span, "-")
		from, err := f.number(first)
		if err != nil {
			return "", err
		}
		to := from
		if isRange {
			if to, err = f.number(last); err != nil {
				return "", err
			}
		}
		if from > to {
			return "", mistakef("the %s range %s ends before it begins", f.name, span)
		}
		if to == 7 && f.max == 7 {
			items[i] = untilSunday(from, max(1, atoi(step)))
		}
	}
	return strings.Join(items, ","), nil
}

// untilSunday are the weekdays from one to 7, with Sunday as 0.
func untilSunday(from, step int) string {
	var days []string
	for d := from; d <= 7; d += step {
		days = append(days, strconv.Itoa(d%7))
	}
	return strings.Join(days, ",")
}

// atoi is the number that a checked text is, 0 when empty.
func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

func (f field) number(text string) (int, error) {
	if i := slices.Index(f.names, text); i >= 0 {
		return f.min + i, nil
	}
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return 0, mistakef("the %s %q is not a number", f.name, text)
	}
	if int(n) < f.min || int(n) > f.max {
		return 0, mistakef("%s %d is out of range %d-%d", f.name, n, f.min, f.max)
	}
	return int(n), nil
}

// star is the bit that cron sets for a field that restricts nothing.
const star = 1 << 63

func fromSpec(spec *cron.SpecSchedule, text string) Schedule {
	s := Schedule{
		monthdays: spec.Dom & everyMonthday, months: spec.Month & everyMonth, weekdays: spec.Dow & everyWeekday,
		eitherDay: spec.Dom&star == 0 && spec.Dow&star == 0,
	}
	for h := range s.clock {
		if spec.Hour&(1<<h) != 0 {
			s.clock[h] = spec.Minute & (1<<hour - 1)
		}
	}
	simple := s.weekly() && (s.step() != 0 || len(s.clock.minutes()) <= maxTimes)
	if !simple {
		s.cron = text
	}
	return s
}

// yearly reports whether the schedule is due in every year, leap year or not.
func (s Schedule) yearly() bool {
	for i := range 365 {
		if s.on(time.Date(2025, time.January, 1+i, 0, 0, 0, 0, time.UTC)) {
			return true
		}
	}
	return false
}
