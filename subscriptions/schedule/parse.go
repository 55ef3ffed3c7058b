package schedule

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxText is the longest text that is read, in bytes.
const maxText = 200

const examples = `examples: "daily 8:00", "weekdays 18:30", "0 8 * * *"`

// mistake is what is wrong with a text, in a sentence for whom typed it.
type mistake string

// Error implements error.
func (m mistake) Error() string { return string(m) }

// better is a mistake with what may have been meant.
type better struct {
	mistake
	offers []string
}

// Offers are the schedules that an error of [Parse] offers instead of what was
// typed, the likest first; most errors offer none.
func Offers(err error) []string {
	b, _ := errors.AsType[better](err)
	return b.offers
}

func mistakef(format string, args ...any) error { return mistake(fmt.Sprintf(format, args...)) }

// Parse reads when something is due: "daily 08:00", "8:30 pm", "weekdays
// 18:30", "mon,thu 09:00", "8:00 and 18:00", "hourly", "every 5 hours" (counted
// from midnight), or a cron line of five fields without a zone. Days without a
// time of day mean 08:00. The error is a sentence for the person who typed it.
func Parse(text string) (Schedule, error) {
	s, _, err := parse(text)
	return s, err
}

// parse also reports whether the text names a time of day or an interval, and
// not only days.
func parse(text string) (s Schedule, timed bool, err error) {
	if len(text) > maxText {
		return s, false, mistakef("That is too long for a time; %s", examples)
	}
	words := strings.Fields(strings.ToLower(text))
	switch {
	case len(words) == 0:
		return s, false, mistakef("No time is named; %s", examples)
	case looksLikeCron(words):
		s, err = parseCron(strings.Join(words, " "))
		return s, true, err
	case slices.Equal(words, []string{"hourly"}):
		return weekly(everyWeekday, interval(hour)), true, nil
	case words[0] == "every" && slices.ContainsFunc(words[1:], isUnit):
		s, err = parseInterval(strings.Join(words[1:], " "))
		return s, true, err
	}
	days, times, err := parsePhrase(divide(words))
	if err != nil {
		return s, false, mistakef("%q: %s; %s", text, err, examples)
	}
	if timed = times != (clock{}); !timed {
		times.add(usual)
	}
	if err := times.check(); err != nil {
		return Schedule{}, false, err
	}
	return weekly(days, times), timed, nil
}

func weekly(days uint64, c clock) Schedule {
	return Schedule{clock: c, monthdays: everyMonthday, months: everyMonth, weekdays: days}
}

// check refuses times that are nearer to each other than the shortest interval.
func (c *clock) check() error {
	all := c.minutes()
	all = append(all, all[0]+day)
	for i := range len(all) - 1 {
		if all[i+1]-all[i] < shortest {
			return offer([]string{stepText(shortest, "")}, "The shortest is every %d minutes, and %s and %s are nearer to each other.",
				shortest, minuteText(all[i]), minuteText(all[i+1]%day))
		}
	}
	return nil
}

func unit(word string) time.Duration {
	switch strings.TrimSuffix(word, "s") {
	case "second", "sec":
		return time.Second
	case "minute", "min":
		return time.Minute
	case "hour", "hr", "h":
		return time.Hour
	}
	return 0
}

func isUnit(word string) bool { return unit(strings.TrimLeft(word, "0123456789")) != 0 }

// parseInterval reads "5 hours", "5hours" or "hour".
func parseInterval(text string) (Schedule, error) {
	name := strings.TrimLeft(text, "0123456789")
	digits := text[:len(text)-len(name)]
	size := unit(strings.TrimSpace(name))
	if size == 0 {
		return Schedule{}, mistakef("%q is not a time; %s", "every "+text, examples)
	}
	n := 1
	if digits != "" {
		var err error
		if n, err = strconv.Atoi(digits); err != nil || n > day*60 {
			n = day * 60 // a day of seconds: too long in any unit
		}
	}
	length := time.Duration(n) * size
	minutes := int(length / time.Minute)
	switch {
	case length < shortest*time.Minute:
		least := stepText(shortest, "")
		return Schedule{}, offer(slices.Compact([]string{longer(n), least}), "The shortest is %s.", least)
	case length > longest*time.Minute:
		return Schedule{}, offer([]string{"daily 08:00"}, "The longest is every %d hours.", longest/hour)
	case length%time.Minute != 0:
		return Schedule{}, offer([]string{stepText(minutes, "hourly")}, "An interval is a number of whole minutes.")
	}
	return weekly(everyWeekday, interval(minutes)), nil
}

// offer is a mistake that ends in a question for the first of the offers.
func offer(offers []string, format string, args ...any) error {
	return better{mistake(fmt.Sprintf(format, args...) + fmt.Sprintf(" Did you mean %q?", offers[0])), offers}
}

// longer is the nearest interval with the same number that is long enough.
func longer(n int) string {
	switch {
	case n >= shortest:
		return stepText(n, "hourly")
	case n > 0 && n <= longest/hour:
		return stepText(n*hour, "hourly")
	}
	return stepText(shortest, "")
}
