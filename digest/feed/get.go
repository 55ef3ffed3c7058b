package feed

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// question is one GET; redirects are followed.
type question struct {
	url, accept string
	limit       int64 // bytes of the body, as sent and as decoded
	// conditionFor is the only URL that is sent the validators.
	conditionFor       string
	etag, lastModified string
}

// answer is what came: a body with a status of 2xx, or 304.
type answer struct {
	status  int
	header  http.Header
	url     *url.URL
	movedTo string
	body    []byte
	partial bool
}

// get asks and follows redirects by hand: net/http would send the validators
// and a Referer to every host on the way.
func (c *Client) get(ctx context.Context, q question) (*answer, error) {
	u, err := webURL(q.url)
	if err != nil {
		return nil, err
	}
	left := c.limits.total
	stable := true
	seen := map[string]bool{u.String(): true}
	var t turn
	defer func() { t.end() }()
	for {
		if t, err = c.hosts.pass(ctx, t, u.Hostname()); err != nil {
			return nil, err
		}
		started := time.Now()
		a, err := c.hop(ctx, q, u, left)
		if err != nil {
			return nil, c.settleFault(ctx, err, u.Hostname())
		}
		if !redirects(a.status) {
			if stable && len(seen) > 1 {
				a.movedTo = u.String()
			}
			return a, nil
		}
		left -= time.Since(started)
		next, err := target(u, a.header)
		switch {
		case err != nil:
			return nil, err
		case seen[next.String()]:
			return nil, &FetchError{Status: a.status, Why: "a redirect loop"}
		case len(seen) > c.limits.redirects:
			return nil, &FetchError{Status: a.status, Why: fmt.Sprintf("more than %d redirects", c.limits.redirects)}
		}
		stable = stable && permanent(a.status) && (u.Scheme == "http" || next.Scheme == "https")
		seen[next.String()] = true
		u = next
	}
}

// settleFault closes the domain if it asked for a pause.
func (c *Client) settleFault(ctx context.Context, err error, host string) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if f, ok := errors.AsType[*FetchError](err); ok && f.RetryAfter > 0 {
		c.hosts.close(host, f.RetryAfter)
	}
	return err
}

// hop makes one request within the time that is left.
func (c *Client) hop(ctx context.Context, q question, u *url.URL, left time.Duration) (*answer, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	late := time.AfterFunc(left, func() {
		cancel(&FetchError{Why: "no answer within " + seconds(c.limits.total)})
	})
	defer late.Stop()
	resp, err := c.transport.RoundTrip(c.request(ctx, q, u))
	if err != nil && brokeHTTP2(err) && ctx.Err() == nil {
		resp, err = c.http1.RoundTrip(c.request(ctx, q, u))
	}
	if err != nil {
		return nil, c.fault(ctx, err, u.Hostname())
	}
	defer resp.Body.Close()
	a := &answer{status: resp.StatusCode, header: resp.Header, url: u}
	switch {
	case a.status == http.StatusNotModified && conditional(q, u):
		return a, nil
	case redirects(a.status):
		// A short body is read so that the connection can be used again.
		io.CopyN(io.Discard, resp.Body, 2<<10)
		return a, nil
	case a.status < 200 || a.status > 299 || a.status == http.StatusNoContent || a.status == http.StatusResetContent || a.status == http.StatusPartialContent:
		return nil, refusal(resp, c.config.Now())
	}
	body := &steady{body: resp.Body, limits: c.limits, since: time.Now()}
	a.body, a.partial, err = c.decoders.read(body, resp.Header.Values("Content-Encoding"), q.limit)
	if err != nil {
		return nil, c.fault(ctx, err, u.Hostname())
	}
	return a, nil
}

func (c *Client) request(ctx context.Context, q question, u *url.URL) *http.Request {
	h := http.Header{
		"User-Agent": {c.config.UserAgent}, "Accept": {q.accept}, "Accept-Encoding": {"gzip, br, zstd"},
	}
	if conditional(q, u) {
		if q.etag != "" {
			h["If-None-Match"] = []string{q.etag}
		}
		if q.lastModified != "" {
			h["If-Modified-Since"] = []string{q.lastModified}
		}
	}
	r := &http.Request{Method: http.MethodGet, URL: u, Host: u.Host, Header: h, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}
	if u.User != nil {
		password, _ := u.User.Password()
		r.SetBasicAuth(u.User.Username(), password)
	}
	return r.WithContext(ctx)
}

// conditional reports whether the validators belong to this URL.
func conditional(q question, u *url.URL) bool {
	if q.etag == "" && q.lastModified == "" {
		return false
	}
	from, err := webURL(q.conditionFor)
	return err == nil && plainURL(from) == plainURL(u)
}

// steady fails when a body comes by the trickle. One that does not come at all
// is ended by the time limit of the whole.
type steady struct {
	body   io.Reader
	limits limits
	since  time.Time // when the present window began
	got    int64     // in it
}

func (s *steady) Read(p []byte) (int, error) {
	n, err := s.body.Read(p)
	s.got += int64(n)
	if time.Since(s.since) >= s.limits.window {
		if s.got < s.limits.trickle && err == nil {
			return n, &FetchError{Why: "the body comes too slowly"}
		}
		s.since, s.got = time.Now(), 0
	}
	return n, err
}

func redirects(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

func permanent(status int) bool {
	return status == http.StatusMovedPermanently || status == http.StatusPermanentRedirect
}

// target is where a redirect leads.
func target(u *url.URL, h http.Header) (*url.URL, error) {
	location := strings.TrimSpace(h.Get("Location"))
	if location == "" {
		return nil, &FetchError{Why: "a redirect without a target"}
	}
	next, err := u.Parse(location)
	if err != nil {
		return nil, &FetchError{Why: "a redirect to something that is not a URL"}
	}
	return webURL(next.String())
}

// webURL parses an absolute http or https URL and drops its fragment.
func webURL(raw string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil {
		return nil, &FetchError{Why: "the URL cannot be read"}
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
	case "":
		return nil, &FetchError{Why: "the URL does not begin with http:// or https://"}
	default:
		return nil, &FetchError{Why: "only http and https addresses are read, not " + clipWord(u.Scheme)}
	}
	if u.Hostname() == "" {
		return nil, &FetchError{Why: "the URL names no host"}
	}
	if _, err := strconv.ParseUint(cmp.Or(u.Port(), "80"), 10, 16); err != nil {
		return nil, &FetchError{Why: "the URL names no port that there is"}
	}
	u.Fragment, u.RawFragment = "", ""
	return u, nil
}

func clipWord(s string) string { return s[:min(len(s), 20)] }

// plainURL is a URL without user and password.
func plainURL(u *url.URL) string {
	if u.User == nil {
		return u.String()
	}
	v := *u
	v.User = nil
	return v.String()
}
