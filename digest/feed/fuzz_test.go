package feed

import (
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

// presentable says what is wrong with a text that goes to a chat, or nothing.
func presentable(s string, lines bool) string {
	switch {
	case !utf8.ValidString(s):
		return "is not UTF-8"
	case !lines && strings.ContainsAny(s, "\n\r"):
		return "has more than one line"
	case s != strings.TrimSpace(s):
		return "begins or ends with a blank"
	}
	marks := 0
	for _, r := range s {
		if unicode.IsControl(r) && r != '\n' || unseen(r) && r > 0x9F {
			return "holds a character that is not shown"
		}
		if marks++; !unicode.In(r, unicode.Mn, unicode.Me) {
			marks = 0
		}
		if marks > 2*maxMarks {
			return "holds a flood of marks"
		}
	}
	return ""
}

func sound(t *testing.T, f *Feed) {
	t.Helper()
	if len(f.Items) > maxItems {
		t.Errorf("%d items", len(f.Items))
	}
	say := func(what, s string, lines bool) {
		if why := presentable(s, lines); why != "" {
			t.Errorf("%s %q %s", what, s, why)
		}
	}
	say("feed title", f.Title, false)
	for _, p := range f.Problems {
		say("problem", p, false)
	}
	for _, it := range f.Items {
		say("title", it.Title, false)
		say("text", it.Text, true)
		say("id", it.ID, false)
		say("url", it.URL, false)
		if it.ID == "" || len(it.Text) > 2*maxText || len(it.Title) > 2*maxTitle {
			t.Errorf("id %q, title of %d bytes, text of %d", it.ID, len(it.Title), len(it.Text))
		}
		for _, s := range append(it.Authors, it.Categories...) {
			say("name", s, false)
		}
		if u, err := url.Parse(it.URL); it.URL != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.User != nil) {
			t.Errorf("url %q", it.URL)
		}
		if it.Image != "" && canonical(it.Image) == "" {
			t.Errorf("image %q", it.Image)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, q := range quirks() {
		f.Add([]byte(q.body), q.contentType)
	}
	for _, b := range bombs() {
		f.Add([]byte(b.body[:min(len(b.body), 2000)]), "")
	}
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		start := time.Now()
		feed, err := Read(body, contentType, "http://example.com/feed.xml")
		if took := time.Since(start); took > 2*time.Second {
			t.Errorf("it took %v", took)
		}
		if err != nil {
			if why := presentable(err.Error(), false); why != "" {
				t.Errorf("the error %q %s", err, why)
			}
			return
		}
		sound(t, feed)
	})
}

func FuzzCanonical(f *testing.F) {
	for _, s := range []string{
		"http://user:pass@Example.com:80/a//b/?utm_source=x&b=2&a=1#c", "https://www.google.com/url?q=https%3A%2F%2Fexample.com%2Fa&sa=D",
		"https://m.example.co.uk/amp/", "//example.com", "http://[::1]:8080/", "javascript:alert(1)", "http://例え.jp/%zz", "http://a.b/#!/x",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		once := canonical(raw)
		if once == "" {
			return
		}
		if twice := canonical(once); twice != once {
			t.Errorf("%q becomes %q, and that %q", raw, once, twice)
		}
		if u, err := url.Parse(once); err != nil || u.User != nil || u.Host == "" {
			t.Errorf("%q becomes %q", raw, once)
		}
		if Key(once) == "" {
			t.Errorf("%q has no key", once)
		}
	})
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{
		"Tue, 03 Feb 2026 04:05:06 GMT", "2026-02-03T04:05:06+01:00", "2004년 05월 28일  01:31:15", "Jan. 4, 2016, 12:37 p.m.",
		"30.10.23", "Thu Nov 12 2020 17:00:00 GMT+0000 (x)", "1520932969", "Wed, 19 Aug 2009 18:28:00 Etc/GMT",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		at := parseDate(s)
		if again := parseDate(at.Format(time.RFC3339)); !at.IsZero() && at.Year() > 0 && at.Year() < 10000 && !again.Equal(at.Truncate(time.Second)) {
			t.Errorf("%q is %v, and that %v", s, at, again)
		}
	})
}
