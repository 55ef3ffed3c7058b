package feed

import (
	"strings"
	"time"
)

// dateReader gathers the parts of a date from its pieces, in whatever order
// they come.
type dateReader struct {
	year, month, day           int
	hour, minute, second, nano int
	zone                       int
	place                      *time.Location
	hasTime, hasZone           bool
	afternoon, morning         bool
	slashed                    bool        // the numbers are parted by slashes
	weekday                    int         // 1 is Monday; zero when not named
	doubtful                   bool        // the month may have been a weekday
	korean                     bool        // written in Korean, so without a zone it is Korean time
	numbers                    []dateToken // of the date, not yet known which
	bad                        bool
}

// read reads all pieces; the zero time means that they are no date.
func (d *dateReader) read(all []dateToken) time.Time {
	for len(all) > 0 && !d.bad {
		all = all[d.take(all):]
	}
	d.settle()
	if d.bad || d.year == 0 || d.month == 0 {
		return time.Time{}
	}
	if d.afternoon && d.hour < 12 {
		d.hour += 12
	} else if d.morning && d.hour == 12 {
		d.hour = 0
	}
	if d.korean && !d.hasZone {
		d.zone = 9 * 3600
	}
	t := date(d.year, d.month, max(d.day, 1), d.hour, d.minute, d.second, d.nano, d.zone)
	if d.place != nil && !t.IsZero() {
		t = time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), d.nano, d.place).UTC()
	}
	return t
}

// take reads one part and returns how many pieces it took.
func (d *dateReader) take(all []dateToken) int {
	t := all[0]
	switch {
	case t.sign == '(' || t.sign == '[':
		return len(all) // a remark: (Coordinated Universal Time), [Europe/Berlin]
	case t.digits > 0 && len(all) > 2 && all[1].sign == ':' && all[2].digits > 0 && !d.hasTime:
		return d.clock(all)
	case t.digits == 2 && len(all) > 2 && all[1].sign == '.' && all[2].digits == 2 && all[2].glued && d.dated() && !d.hasTime:
		for i := 1; i < min(len(all), 4); i += 2 {
			if all[i].sign == '.' {
				all[i].sign = ':'
			}
		}
		return d.clock(all)
	case t.digits > 0:
		return d.figure(all)
	case (t.sign == '+' || t.sign == '-' || t.sign == '−') && d.hasTime && len(all) > 1 && all[1].digits > 0 && all[1].glued:
		return d.shift(all)
	case t.word != "":
		return d.named(all)
	case strings.ContainsRune("-/.،−–|·", t.sign):
		d.slashed = d.slashed || t.sign == '/'
		return 1
	case t.sign == ':' && !d.hasTime:
		return 1
	}
	d.bad = true
	return 1
}

// dated says whether day, month and year are there, so that what comes is a time.
func (d *dateReader) dated() bool {
	year := d.year != 0
	for _, n := range d.numbers {
		year = year || n.digits == 4
	}
	return year && (len(d.numbers) > 2 || d.month != 0 && len(d.numbers) > 1 || d.day != 0)
}

// clock reads hh:mm, hh:mm:ss and hh:mm:ss.fff.
func (d *dateReader) clock(all []dateToken) int {
	if all[0].digits > 2 || all[2].digits > 2 {
		d.bad = true
		return 1
	}
	d.hasTime = true
	d.hour, d.minute = all[0].number, all[2].number
	if len(all) < 5 || all[3].sign != ':' || all[4].digits == 0 {
		d.bad = len(all) > 3 && all[3].sign == ':' && all[3].glued
		return 3
	}
	d.second = all[4].number
	n := 5
	if len(all) > 6 && (all[5].sign == '.') && all[6].digits > 0 && all[6].glued {
		d.nano = nanoseconds(all[6])
		n = 7
	}
	d.bad = all[4].digits > 2 || len(all) > n && all[n].sign == ':'
	return n
}

func nanoseconds(t dateToken) int {
	n := t.number
	for range 9 - min(t.digits, 9) {
		n *= 10
	}
	return n
}

// figure keeps a number of the date, with the mark that makes it a year,
// month, day or hour in Chinese, Japanese and Korean.
func (d *dateReader) figure(all []dateToken) int {
	t := all[0]
	if len(all) > 1 && all[1].glued {
		switch all[1].word {
		case "年", "년":
			d.year, d.korean = t.number, d.korean || all[1].word == "년"
			return 2
		case "月", "월":
			d.month = t.number
			return 2
		case "日", "일":
			d.day = t.number
			return 2
		case "時", "时", "點", "点", "시":
			d.hour, d.hasTime = t.number, true
			return 2
		case "分", "분":
			d.minute = t.number
			return 2
		case "秒", "초":
			d.second = t.number
			return 2
		case "st", "nd", "rd", "th", "º", "er", "e", "ª":
			d.numbers = append(d.numbers, t)
			return 2
		case "am", "pm", "h":
			if !d.hasTime && t.digits <= 2 {
				d.hour, d.hasTime = t.number, true
				if all[1].word == "h" {
					if len(all) > 2 && all[2].digits == 2 && all[2].glued {
						d.minute = all[2].number
						return 3
					}
					return 2
				}
				return 1
			}
		}
	}
	switch {
	case t.digits == 8 && d.year == 0:
		d.year, d.month, d.day = t.number/1e4, t.number/100%100, t.number%100
		return 1
	case t.digits == 6 && t.glued && d.dated() && !d.hasTime:
		d.hour, d.minute, d.second, d.hasTime = t.number/1e4, t.number/100%100, t.number%100, true
		return 1
	case d.hasTime && d.hasZone && t.glued:
		d.bad = true
	}
	d.numbers = append(d.numbers, t)
	return 1
}

// shift reads +hhmm, +hh:mm, +hh and the like.
func (d *dateReader) shift(all []dateToken) int {
	h, m, n := all[1].number, 0, 2
	switch {
	case len(all) > 2 && all[2].sign == ':':
		if len(all) < 4 || all[3].digits != 2 {
			d.bad = true
			return 1
		}
		m, n = all[3].number, 4
	case all[1].digits > 2:
		h, m = h/100, h%100
	}
	// After a time with no zone, "- 2020" and the like are a year.
	if all[1].digits > 4 || h > 14 || m > 59 {
		d.bad = true
		return 1
	}
	d.zone = h*3600 + m*60
	if all[0].sign != '+' {
		d.zone = -d.zone
	}
	d.hasZone, d.place = true, nil
	return n
}

// named reads a word: a month, a weekday, a zone, am or pm.
func (d *dateReader) named(all []dateToken) int {
	t := all[0]
	word := t.word
	if len(all) > 2 && len(word) == 1 && all[1].sign == '.' && all[2].word == "m" {
		d.half(word + "m")
		return 3 // a.m.
	}
	if d.half(word) {
		return 1
	}
	if word == "t" && len(all) > 1 && all[1].digits > 0 && !d.hasTime {
		return 1
	}
	if zone, ok := zones[word]; ok && (d.hasTime || word == "gmt" || word == "utc") {
		if !d.hasZone {
			d.zone, d.hasZone = int(zone*3600), true
		}
		return 1
	}
	if len(all) > 2 && all[1].sign == '/' && all[2].word != "" {
		return d.located(all)
	}
	if m, ok := months[word]; ok {
		d.bad = d.month != 0 && !d.doubtful
		// "mar" is March, and Tuesday in three languages.
		d.doubtful = weekdays[word] != 0 && d.month == 0 && len(d.numbers) == 0
		d.month = m
		return 1
	}
	if day := weekdays[word]; day != 0 || fillers[word] {
		d.weekday = max(d.weekday, day)
		return 1
	}
	if d.hasTime && t.glued {
		d.bad = true // 11:30:00-06:00Textra
	}
	if !t.glued && len(d.numbers) == 0 && d.month == 0 && !d.hasTime {
		return 1 // a weekday in some other language stands first
	}
	d.bad = true
	return 1
}

// half takes note of morning or afternoon.
func (d *dateReader) half(word string) bool {
	switch word {
	case "pm", "μμ", "오후", "下午":
		d.afternoon, d.korean = true, d.korean || word == "오후"
	case "am", "πμ", "오전", "上午":
		d.morning, d.korean = true, d.korean || word == "오전"
	default:
		return false
	}
	return true
}

// located reads the name of a place, as in Europe/Brussels.
func (d *dateReader) located(all []dateToken) int {
	parts := strings.Split(all[2].word, "_")
	for i, part := range parts {
		parts[i] = capital(part)
	}
	name := capital(all[0].word) + "/" + strings.Join(parts, "_")
	if name == "Etc/Gmt" || name == "Etc/Utc" {
		d.hasZone = true
		return 3
	}
	place, err := time.LoadLocation(name)
	if err != nil {
		d.bad = true
		return 3
	}
	d.place, d.hasZone = place, true
	return 3
}

func capital(word string) string {
	if word == "" || word == "of" {
		return word
	}
	return strings.ToUpper(word[:1]) + word[1:]
}

// settle finds out which number is the year, the month and the day.
func (d *dateReader) settle() {
	n := d.numbers
	for i, t := range n {
		if d.year == 0 && t.digits == 4 {
			d.year = t.number
			n = append(n[:i:i], n[i+1:]...)
			if i == 0 && len(n) == 2 && d.month == 0 {
				d.month, d.day = n[0].number, n[1].number
				n = nil
			}
			break
		}
	}
	switch {
	case len(n) == 0:
	case d.month != 0:
		d.afterMonth(n)
	case len(n) == 3 && d.year == 0:
		d.year = century(n[2].number)
		d.dayAndMonth(n[0], n[1])
	case len(n) == 2 && d.year != 0:
		d.dayAndMonth(n[0], n[1])
	case len(n) == 1 && d.year != 0 && d.day == 0:
		d.month = n[0].number
	default:
		d.bad = true
	}
}

// afterMonth takes the numbers when the month is known by name.
func (d *dateReader) afterMonth(n []dateToken) {
	switch {
	case len(n) == 1 && d.day == 0 && d.year != 0:
		d.day = n[0].number
	case len(n) == 1 && d.year == 0 && d.day != 0:
		d.year = century(n[0].number)
	case len(n) == 2 && d.year == 0 && d.day == 0 && n[1].digits == 2:
		d.day, d.year = n[0].number, century(n[1].number)
	default:
		d.bad = true
	}
}

// dayAndMonth takes two numbers of which one is the day. Where both can be the
// month, the weekday tells; without it the month comes first between slashes,
// and the day elsewhere.
func (d *dateReader) dayAndMonth(a, b dateToken) {
	d.day, d.month = a.number, b.number
	swap := d.slashed
	if d.weekday != 0 {
		fits := func(month, day int) bool {
			t := date(d.year, month, day, 0, 0, 0, 0, 0)
			return t.Day() == day && int(t.Month()) == month && (int(t.Weekday())+6)%7+1 == d.weekday
		}
		if x, y := fits(d.month, d.day), fits(d.day, d.month); x != y {
			swap = y
		}
	}
	if d.month > 12 || swap && d.day <= 12 {
		d.month, d.day = d.day, d.month
	}
}
