package feed

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const (
	// mostFreshness bounds Cache-Control and Expires: publishers send absurd values.
	mostFreshness = 6 * time.Hour
	// mostRetryAfter bounds Retry-After.
	mostRetryAfter = 24 * time.Hour
)

// notBefore is when the server wants to be asked again, or zero.
func notBefore(h http.Header, now time.Time) time.Time {
	wait := max(retryAfter(h, now), freshness(h, now))
	if wait <= 0 {
		return time.Time{}
	}
	return now.Add(wait)
}

// retryAfter reads Retry-After (RFC 9110, 10.2.3) in seconds or as a date.
func retryAfter(h http.Header, now time.Time) time.Duration {
	value := strings.TrimSpace(h.Get("Retry-After"))
	if value == "" {
		return 0
	}
	if n, err := strconv.ParseFloat(value, 64); n > 0 || err == nil && n <= 0 { // neither is NaN
		return time.Duration(max(min(n, mostRetryAfter.Seconds()), 0)) * time.Second
	}
	return min(max(until(value, h, now), 0), mostRetryAfter)
}

// freshness is how long the answer is fresh by max-age or Expires (RFC 9111,
// 4.2), at most mostFreshness. What may not be stored at all says nothing
// about when to ask again.
func freshness(h http.Header, now time.Time) time.Duration {
	maxAge := ""
	for _, header := range h.Values("Cache-Control") {
		for directive := range strings.SplitSeq(header, ",") {
			name, value, _ := strings.Cut(strings.TrimSpace(directive), "=")
			switch strings.ToLower(name) {
			case "no-store", "no-cache":
				return 0
			case "max-age":
				maxAge = strings.Trim(value, `" `)
			}
		}
	}
	var fresh time.Duration
	if maxAge != "" {
		fresh = secondsOf(maxAge) - secondsOf(h.Get("Age"))
	} else {
		fresh = until(h.Get("Expires"), h, now)
	}
	return min(max(fresh, 0), mostFreshness)
}

// secondsOf reads a number of seconds; 0 when it is none. One that is too
// large is a day.
func secondsOf(s string) time.Duration {
	n, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || !(n > 0) {
		return 0
	}
	return time.Duration(min(n, 24*60*60)) * time.Second
}

// until is the time from the server's Date, or else now, to a date.
func until(date string, h http.Header, now time.Time) time.Duration {
	to, err := http.ParseTime(date)
	if err != nil {
		return 0
	}
	if sent, err := http.ParseTime(h.Get("Date")); err == nil {
		now = sent
	}
	return to.Sub(now)
}

// webLink is a link of a Link header.
type webLink struct{ url, rel, kind, title string }

type webLinks []webLink

// first is the URL of the first link with a relation, or empty.
func (l webLinks) first(rel string) string {
	for _, link := range l {
		for r := range strings.FieldsSeq(link.rel) {
			if strings.EqualFold(r, rel) {
				return link.url
			}
		}
	}
	return ""
}

// linkHeader reads the Link headers (RFC 8288), at most 32 links, resolved
// against base; only those to http and https.
func linkHeader(h http.Header, base *url.URL) webLinks {
	var links webLinks
	for _, header := range h.Values("Link") {
		for len(links) < 32 {
			_, rest, found := strings.Cut(header, "<")
			if !found {
				break
			}
			ref, rest, found := strings.Cut(rest, ">")
			if !found {
				break
			}
			var link webLink
			link, header = linkParameters(rest)
			u, err := base.Parse(strings.TrimSpace(ref))
			if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
				continue
			}
			link.url = plainURL(u)
			links = append(links, link)
		}
	}
	return links
}

// linkParameters reads ";name=value" up to a comma and returns what follows it.
func linkParameters(s string) (link webLink, rest string) {
	for {
		s = strings.TrimLeft(s, " \t")
		if s == "" || s[0] == ',' {
			return link, s
		}
		s = strings.TrimLeft(s, "; \t")
		end := strings.IndexAny(s, "=;,")
		if end < 0 {
			return link, ""
		}
		name := strings.ToLower(strings.TrimSpace(s[:end]))
		if s[end] != '=' {
			s = s[end:]
			continue
		}
		var value string
		value, s = linkValue(strings.TrimLeft(s[end+1:], " \t"))
		switch name {
		case "rel":
			link.rel = value
		case "type":
			link.kind = strings.ToLower(value)
		case "title":
			link.title = value
		}
	}
}

// linkValue reads a token or a quoted string.
func linkValue(s string) (value, rest string) {
	if !strings.HasPrefix(s, `"`) {
		end := strings.IndexAny(s, ";,")
		if end < 0 {
			end = len(s)
		}
		return strings.TrimSpace(s[:end]), s[end:]
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return b.String(), s[i+1:]
		case s[i] == '\\' && i+1 < len(s):
			i++
			fallthrough
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String(), ""
}
