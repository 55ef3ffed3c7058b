package schedule

import (
	"strings"
	"time"
)

// Quiet are hours of every day in which a chat is not disturbed. The zero
// Quiet is none.
type Quiet struct {
	// From and To are minutes since midnight. To is not part of it, and may be
	// less than From: the quiet hours then last over midnight.
	From, To int
}

// ParseQuiet reads "22:00-07:00", "22:00 to 7:00" or "10pm - 7am". The error is
// a sentence for the person who typed it.
func ParseQuiet(text string) (Quiet, error) {
	from, to, ok := strings.Cut(strings.ReplaceAll(strings.ToLower(text), " to ", "-"), "-")
	var q Quiet
	if !ok || len(text) > maxText {
		return q, mistakef("Quiet hours are two times, like \"22:00-07:00\"")
	}
	var err error
	if q.From, err = parseClock(strings.Join(strings.Fields(from), ""), true); err != nil {
		return Quiet{}, mistakef("%q: %s; quiet hours look like \"22:00-07:00\"", text, err)
	}
	if q.To, err = parseClock(strings.Join(strings.Fields(to), ""), true); err != nil {
		return Quiet{}, mistakef("%q: %s; quiet hours look like \"22:00-07:00\"", text, err)
	}
	if q.From == q.To {
		return Quiet{}, mistakef("%q begins when it ends. Quiet hours look like \"22:00-07:00\"", text)
	}
	return q, nil
}

// String is the quiet hours as [ParseQuiet] reads them, or empty for none.
func (q Quiet) String() string {
	if q.From == q.To {
		return ""
	}
	return minuteText(q.From) + "-" + minuteText(q.To)
}

// Until is when a time's quiet hours end in a zone, or the time itself when it
// is not in quiet hours.
func (q Quiet) Until(t time.Time, zone *time.Location) time.Time {
	local := t.In(zone)
	now := local.Hour()*hour + local.Minute()
	end := dateOf(local).Add(time.Duration(q.To) * time.Minute)
	switch {
	case q.From == q.To, q.From < q.To && (now < q.From || now >= q.To), q.From > q.To && now < q.From && now >= q.To:
		return t
	case now >= q.To:
		end = end.AddDate(0, 0, 1)
	}
	if ends := moment(end, zone); ends.After(t) {
		return ends
	}
	return t // the clocks went back and show the quiet hours again
}
