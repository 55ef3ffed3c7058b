package feed

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// dateToken is a piece of a date: a number, a word or a sign.
type dateToken struct {
	word   string // lower case, empty for a number or sign
	number int
	digits int  // how many digits the number has, zero for none
	sign   rune // of a single other character
	glued  bool // nothing stands between it and the token before
}

// parseDate reads a date as feeds write them: RFC 3339, RFC 822 and the many
// ways between, month names in some twenty languages, seconds since 1970. It
// returns the zero time for what it cannot read or what cannot be a date.
// Without a zone, a date is taken to be UTC; 7/8/2020 is a day in July unless
// only August can be meant.
func parseDate(s string) time.Time {
	if s = strings.TrimSuffix(strings.TrimSpace(s), `\n`); len(s) < 4 || len(s) > 120 {
		return time.Time{}
	}
	if t, ok := rfc822(s); ok {
		return t
	}
	if len(s) > 4 && s[4] == '-' {
		if t, err := time.Parse(time.RFC3339, s); err == nil {
			return t
		}
	}
	if t, ok := compact(s); ok {
		return t
	}
	var d dateReader
	return d.read(tokens(s))
}

// rfc822 reads the usual form, "Mon, 02 Jan 2006 15:04:05 GMT", quickly.
func rfc822(s string) (time.Time, bool) {
	if i := strings.IndexByte(s, ','); i == 3 {
		s = strings.TrimSpace(s[4:])
	}
	if len(s) < 23 || s[2] != ' ' || s[6] != ' ' || s[11] != ' ' || s[14] != ':' || s[17] != ':' || s[20] != ' ' {
		return time.Time{}, false
	}
	month, ok := months[strings.ToLower(s[3:6])]
	day, a := digits(s[:2])
	year, b := digits(s[7:11])
	hour, c := digits(s[12:14])
	minute, d := digits(s[15:17])
	second, e := digits(s[18:20])
	if !ok || !a || !b || !c || !d || !e {
		return time.Time{}, false
	}
	zone, ok := 0, true
	switch z := s[21:]; z {
	case "GMT", "UTC", "+0000", "Z":
	default:
		if zone, ok = offset(z); !ok {
			return time.Time{}, false
		}
	}
	t := date(year, month, day, hour, minute, second, 0, zone)
	return t, !t.IsZero()
}

// offset reads +hhmm.
func offset(s string) (int, bool) {
	if len(s) != 5 || s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	hhmm, ok := digits(s[1:])
	if !ok || hhmm > 1459 || hhmm%100 > 59 {
		return 0, false
	}
	seconds := hhmm/100*3600 + hhmm%100*60
	if s[0] == '-' {
		seconds = -seconds
	}
	return seconds, true
}

func digits(s string) (int, bool) {
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, len(s) > 0
}

// date is a time, or the zero time. A part that is a little too large runs over
// into the next: the 31st of June is the first of July, and that is nearer to
// what was meant than no date.
func date(year, month, day, hour, minute, second, nano, zone int) time.Time {
	if year < 1 || month < 1 || month > 13 || day < 1 || day > 32 || hour > 25 || minute > 61 || second > 61 {
		return time.Time{}
	}
	t := time.Date(year, time.Month(month), day, hour, minute, second, nano, time.UTC)
	return t.Add(-time.Duration(zone) * time.Second)
}

// compact reads the forms of digits alone: seconds or milliseconds since 1970,
// and those of ISO 8601, in which the century may be left out.
func compact(s string) (time.Time, bool) {
	short := strings.TrimPrefix(s, "-")
	n, ok := digits(strings.ReplaceAll(short, "-", ""))
	if !ok || strings.Count(short, "-") > 2 {
		return time.Time{}, false
	}
	year, month, day := 0, 1, 1
	switch {
	case len(short) == 8 && short[4] == '-':
		return ordinal(n/1000, n%1000), true
	case strings.Contains(short, "-"):
		parts := strings.Split(short, "-")
		if len(parts[0]) != 2 || s != short && len(parts) != 2 || len(parts[1]) != 2 || len(parts) == 3 && len(parts[2]) != 2 || len(parts) == 2 && s == short {
			return time.Time{}, false
		}
		year, month = n/10000, n/100%100
		day = n % 100
		if len(parts) == 2 {
			year, month, day = n/100, n%100, 1
		}
		year = century(year)
	case len(s) == 14:
		return date(n/1e10, n/1e8%100, n/1e6%100, n/1e4%100, n/100%100, n%100, 0, 0), true
	case len(s) == 13:
		return time.UnixMilli(int64(n)).UTC(), true
	case len(s) == 9 || len(s) == 10:
		return time.Unix(int64(n), 0).UTC(), true
	case len(s) == 8:
		year, month, day = n/10000, n/100%100, n%100
	case len(s) == 7:
		return ordinal(n/1000, n%1000), true
	case len(s) == 6:
		year, month, day = century(n/10000), n/100%100, n%100
	case len(s) == 5 && s != short:
		year, month = century(n/100), n%100
	case len(s) == 5:
		return ordinal(century(n/1000), n%1000), true
	case len(s) == 4 && s == short:
		year = n
	default:
		return time.Time{}, false
	}
	return date(year, month, day, 0, 0, 0, 0, 0), true
}

// ordinal is the nth day of a year.
func ordinal(year, n int) time.Time {
	if n < 1 || n > 366 || year < 1900 || year > 2100 {
		return time.Time{}
	}
	return time.Date(year, 1, n, 0, 0, 0, 0, time.UTC)
}

// century completes a year of two digits, as RFC 2822 does.
func century(year int) int {
	switch {
	case year < 50:
		return 2000 + year
	case year < 100:
		return 1900 + year
	}
	return year
}

// tokens takes a date apart.
func tokens(s string) []dateToken {
	var all []dateToken
	glued := false
	for len(s) > 0 && len(all) < 40 {
		r, size := utf8.DecodeRuneInString(s)
		switch {
		case unicode.IsSpace(r) || r == ',' || r == 0x200F || r == 0x200E:
			s, glued = s[size:], false
			continue
		case r >= '0' && r <= '9':
			n := 0
			for n < len(s) && s[n] >= '0' && s[n] <= '9' {
				n++
			}
			value, _ := digits(s[:min(n, 9)])
			all = append(all, dateToken{number: value, digits: n, glued: glued})
			s = s[n:]
		case unicode.IsLetter(r) || unicode.IsMark(r):
			n := strings.IndexFunc(s, func(r rune) bool {
				return !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '\'' && r != '’' && r != '_'
			})
			if n < 0 {
				n = len(s)
			}
			all = append(all, dateToken{word: strings.ToLower(s[:n]), glued: glued})
			s = s[n:]
		default:
			all = append(all, dateToken{sign: r, glued: glued})
			s = s[size:]
		}
		glued = true
	}
	return all
}
