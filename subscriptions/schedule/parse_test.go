package schedule_test

import (
	"strings"
	"testing"
	"time"

	"tidings/subscriptions/schedule"
)

func parse(t *testing.T, text string) schedule.Schedule {
	t.Helper()
	s, err := schedule.Parse(text)
	if err != nil {
		t.Fatalf("Parse(%q): %v", text, err)
	}
	return s
}

func TestParse(t *testing.T) {
	for _, c := range []struct{ text, canonical, phrase string }{
		{"daily 08:00", "daily 08:00", "every day at 08:00"},
		{"daily 8:00", "daily 08:00", "every day at 08:00"},
		{"08:00", "daily 08:00", "every day at 08:00"},
		{"  Every DAY at 8 pm ", "daily 20:00", "every day at 20:00"},
		{"8:30 p.m.", "daily 20:30", "every day at 20:30"},
		{"12am", "daily 00:00", "every day at 00:00"},
		{"at 12 pm", "daily 12:00", "every day at 12:00"},
		{"daily", "daily 08:00", "every day at 08:00"},
		{"8:00 and 18:30", "daily 08:00,18:30", "every day at 08:00 and 18:30"},
		{"18:30 on weekdays", "weekdays 18:30", "on weekdays at 18:30"},
		{"weekdays 18:30", "weekdays 18:30", "on weekdays at 18:30"},
		{"mon-fri 18:30", "weekdays 18:30", "on weekdays at 18:30"},
		{"weekends 9:00", "weekends 09:00", "on weekends at 09:00"},
		{"sat, sun 9:00", "weekends 09:00", "on weekends at 09:00"},
		{"mondays 9:00", "mondays 09:00", "on Mondays at 09:00"},
		{"every monday at 9", "mondays 09:00", "on Mondays at 09:00"},
		{"mon,thu 09:00", "mon,thu 09:00", "on Mondays and Thursdays at 09:00"},
		{"sunday and wednesday and fri 09:00,21:00", "wed,fri,sun 09:00,21:00", "on Wednesdays, Fridays and Sundays at 09:00 and 21:00"},
		{"fri-mon 7:15", "mon,fri,sat,sun 07:15", "on Mondays, Fridays, Saturdays and Sundays at 07:15"},
		{"hourly", "hourly", "every hour"},
		{"every hour", "hourly", "every hour"},
		{"every 60 minutes", "hourly", "every hour"},
		{"every 5 hours", "every 5 hours", "every 5 hours from midnight"},
		{"every 5h", "every 5 hours", "every 5 hours from midnight"},
		{"every 12 hours", "every 12 hours", "every 12 hours from midnight"},
		{"every 15 minutes", "every 15 minutes", "every 15 minutes"},
		{"every 90 min", "every 90 minutes", "every 90 minutes from midnight"},
		{"every 900 seconds", "every 15 minutes", "every 15 minutes"},
		{"0 8 * * *", "daily 08:00", "every day at 08:00"},
		{"30 18 * * MON-FRI", "weekdays 18:30", "on weekdays at 18:30"},
		{"0 9 * * 7", "sundays 09:00", "on Sundays at 09:00"},
		{"0 9 * * 5-7", "fri,sat,sun 09:00", "on Fridays, Saturdays and Sundays at 09:00"},
		{"0 9 * * 1-7/2", "mon,wed,fri,sun 09:00", "on Mondays, Wednesdays, Fridays and Sundays at 09:00"},
		{"*/15 * * * *", "every 15 minutes", "every 15 minutes"},
		{"0 */6 ? * *", "every 6 hours", "every 6 hours from midnight"},
		{"0 0,12 * * 1-5", "weekdays 00:00,12:00", "on weekdays at 00:00 and 12:00"},
		{"0  8  1 * *", "0 8 1 * *", `at the times of the cron line "0 8 1 * *"`},
		{"0 8 13 * fri", "0 8 13 * fri", `at the times of the cron line "0 8 13 * fri"`},
		{"@hourly", "hourly", "every hour"},
		{"@daily", "daily 00:00", "every day at 00:00"},
		{"@weekly", "sundays 00:00", "on Sundays at 00:00"},
		{"@monthly", "0 0 1 * *", `at the times of the cron line "0 0 1 * *"`},
	} {
		s := parse(t, c.text)
		if got := s.String(); got != c.canonical {
			t.Errorf("Parse(%q) = %q, want %q", c.text, got, c.canonical)
		}
		if got := s.Describe(); got != c.phrase {
			t.Errorf("Parse(%q) is described as %q, want %q", c.text, got, c.phrase)
		}
		if again := parse(t, s.String()); again != s {
			t.Errorf("Parse(%q) prints %q, which reads as something else", c.text, s)
		}
	}
}

func TestParseSaysWhatIsWrong(t *testing.T) {
	const examples = `; examples: "daily 8:00", "weekdays 18:30", "0 8 * * *"`
	for _, c := range []struct{ text, want string }{
		{"every 5 secs", `The shortest is every 15 minutes. Did you mean "every 5 hours"?`},
		{"every 1 second", `The shortest is every 15 minutes. Did you mean "hourly"?`},
		{"every 14 minutes", `The shortest is every 15 minutes. Did you mean "every 15 minutes"?`},
		{"every 30 seconds", `The shortest is every 15 minutes. Did you mean "every 30 minutes"?`},
		{"every 0 hours", `The shortest is every 15 minutes. Did you mean "every 15 minutes"?`},
		{"every 24 hours", `The longest is every 12 hours. Did you mean "daily 08:00"?`},
		{"every 99999999999999999999 hours", `The longest is every 12 hours. Did you mean "daily 08:00"?`},
		{"every 1000 seconds", `An interval is a number of whole minutes. Did you mean "every 16 minutes"?`},
		{"* * * * *", `The shortest is every 15 minutes, and 00:00 and 00:01 are nearer to each other. Did you mean "every 15 minutes"?`},
		{"0:05, 23:55", `The shortest is every 15 minutes, and 23:55 and 00:05 are nearer to each other. Did you mean "every 15 minutes"?`},
		{"0 25 * * *", `"0 25 * * *": hour 25 is out of range 0-23` + examples},
		{"60 8 * * *", `"60 8 * * *": minute 60 is out of range 0-59` + examples},
		{"0 8 * * 8", `"0 8 * * 8": day of the week 8 is out of range 0-7` + examples},
		{"0 8 * foo *", `"0 8 * foo *": the month "foo" is not a number` + examples},
		{"0 8-5 * * *", `"0 8-5 * * *": the hour range 8-5 ends before it begins` + examples},
		{"0 */0 * * *", `"0 */0 * * *": the step "0" of the hour is not a number from 1 to 23` + examples},
		{"0 , * * *", `"0 , * * *": the hour "" is not a number` + examples},
		{"0 0 8 * * *", `"0 0 8 * * *": a cron line has 5 fields (minute, hour, day of the month, month, day of the week; no seconds), not 6` + examples},
		{"0 0 30 2 *", `"0 0 30 2 *": that day does not come every year` + examples},
		{"0 0 29 2 *", `"0 0 29 2 *": that day does not come every year` + examples},
		{"TZ=0", `"tz=0": a cron line has no zone of its own; it is the zone of the chat` + examples},
		{"CRON_TZ=UTC 0 8 * * *", `"cron_tz=utc 0 8 * * *": a cron line has no zone of its own; it is the zone of the chat` + examples},
		{"@every 5h", `"@every 5h": of the names with @ only @hourly, @daily, @weekly, @monthly and @yearly are known` + examples},
		{"daily 25:00", `"daily 25:00": hour 25 is out of range 0-23` + examples},
		{"8:61", `"8:61": minute 61 is out of range 0-59` + examples},
		{"13pm", `"13pm": hour 13 is out of range 1-12 with pm` + examples},
		{"daily 8", `"daily 8": "8" is not a time of day; did you mean "8:00"?` + examples},
		{"mon 8:00 tue 9:00", `"mon 8:00 tue 9:00": name all days first and then all times` + examples},
		{"1:00,2:00,3:00,4:00,5:00,6:00,7:00", `"1:00,2:00,3:00,4:00,5:00,6:00,7:00": at most 6 times of day can be named` + examples},
		{"dayly 8:00", `"dayly 8:00": "dayly" is not a time; did you mean "daily"?` + examples},
		{"fortnightly", `"fortnightly": "fortnightly" is not a time` + examples},
		{"and 8:00", `"and 8:00": "and" is not a time` + examples},
		{"", `No time is named` + examples},
		{strings.Repeat("8", 300), `That is too long for a time` + examples},
	} {
		_, err := schedule.Parse(c.text)
		if err == nil {
			t.Errorf("Parse(%q) accepts it", c.text)
		} else if err.Error() != c.want {
			t.Errorf("Parse(%q)\n got %s\nwant %s", c.text, err, c.want)
		}
	}
}

func TestTail(t *testing.T) {
	for _, c := range []struct{ text, head, when string }{
		{"ukraine peace talks weekdays 18:30", "ukraine peace talks", "weekdays 18:30"},
		{"ukraine peace talks", "ukraine peace talks", ""},
		{"ukraine every monday at 9", "ukraine", "mondays 09:00"},
		{"ukraine daily", "ukraine", "daily 08:00"},
		{"ukraine every day", "ukraine", "daily 08:00"},
		{"independence day", "independence day", ""},
		{"super bowl sunday", "super bowl sunday", ""},
		{"super bowl sunday 9:00", "super bowl", "sundays 09:00"},
		{"catch 22 8 pm", "catch 22", "daily 20:00"},
		{"apollo 13", "apollo 13", ""},
		{"apollo 11 0 8 * * 1", "apollo 11", "mondays 08:00"},
		{"black friday every 5 hours", "black friday", "every 5 hours"},
		{"daily 8:00", "", "daily 08:00"},
		{`"the world at 9:00" daily 8:00`, "the world at 9:00", "daily 08:00"},
		{`"ukraine weekdays 18:30"`, "ukraine weekdays 18:30", ""},
		{`“ukraine daily” hourly`, "ukraine daily", "hourly"},
		{`"peace talks" +ukraine -football weekdays 18:30`, `"peace talks" +ukraine -football`, "weekdays 18:30"},
		{`ukraine "daily 8:00"`, `ukraine "daily 8:00"`, ""},
		{"", "", ""},
	} {
		head, s, ok := schedule.Tail(c.text)
		if head != c.head || s.String() != c.when || ok != (c.when != "") {
			t.Errorf("Tail(%q) = %q, %q, %v; want %q, %q", c.text, head, s, ok, c.head, c.when)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{"daily 08:00", "mon,thu 9pm", "every 5 hours", "0 8 * * 1-7/2", "TZ=0", "@every 1h",
		"0 0 30 2 *", "5/3 */4 1,15 jan-dec/2 ?", "+1 8 * * *", "0 8 * * 99999999999999999999", `"a" at 8`, "\x00é 8:00"} {
		f.Add(text)
	}
	now := time.Date(2026, 3, 8, 6, 59, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		schedule.Tail(text)
		s, err := schedule.Parse(text)
		if err != nil {
			if err.Error() == "" || s != (schedule.Schedule{}) {
				t.Errorf("Parse(%q) = %v, %q", text, s, err)
			}
			return
		}
		if again, err := schedule.Parse(s.String()); err != nil || again != s {
			t.Errorf("Parse(%q) prints %q, which reads as %q, %v", text, s, again, err)
		}
		next := s.Next(now, time.UTC)
		if !next.After(now) || next.After(now.AddDate(1, 0, 1)) {
			t.Errorf("Parse(%q): after %v comes %v", text, now, next)
		}
		if after := s.Next(next, time.UTC); after.Sub(next) < 15*time.Minute {
			t.Errorf("Parse(%q): %v and %v are too near", text, next, after)
		}
	})
}
