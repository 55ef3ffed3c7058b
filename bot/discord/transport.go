package discord

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

// The times that an exchange may take, once the rate limits let it begin.
const (
	dialTime     = 5 * time.Second
	exchangeTime = 30 * time.Second
)

// largestAnswer bounds what is read of an answer.
const largestAnswer = 8 << 20

// transport stands between discordgo and the network. It sends requests to
// the configured base, obeys the rate limits, and returns every answer that is
// no success as a bot.SendError, against the custom of http.RoundTripper:
// discordgo would repeat a 502 without regard to what was created, sleep through
// a 429 without regard to the context, and keep the token in its errors.
type transport struct {
	base   *url.URL
	limits *limiter
	next   http.RoundTripper
	secret string
}

func newTransport(base *url.URL, secret string) *transport {
	return &transport{base: base, limits: newLimiter(), secret: secret, next: &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: dialTime}).DialContext,
		TLSHandshakeTimeout: dialTime,
		ForceAttemptHTTP2:   true,
		MaxIdleConnsPerHost: 8,
		IdleConnTimeout:     90 * time.Second,
	}}
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(original *http.Request) (*http.Response, error) {
	r := routeOf(original.Method, original.URL.Path)
	b, err := t.limits.acquire(original.Context(), r)
	if err != nil {
		return nil, failed(err, false)
	}
	resp, body, err := t.exchange(original)
	if err != nil {
		t.limits.release(r, b, nil)
		return nil, err
	}
	t.limits.release(r, b, resp.Header)
	if resp.StatusCode >= 300 {
		// An interaction's token may have ended; the bot's own is then not meant.
		e, everything := refused(resp.StatusCode, resp.Header, body, !r.interaction)
		e.Why = strings.ReplaceAll(e.Why, t.secret, "[redacted]")
		t.learn(b, resp, e.RetryAfter, everything)
		return nil, e
	}
	for name := range resp.Header {
		if strings.HasPrefix(name, "X-Ratelimit-") {
			delete(resp.Header, name)
		}
	}
	// The only other successes that discordgo knows are as good.
	resp.StatusCode, resp.Body = http.StatusOK, io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// learn draws the consequences of a refusal for the requests that follow.
func (t *transport) learn(b *bucket, resp *http.Response, wait time.Duration, everything bool) {
	switch resp.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden:
		t.limits.countInvalid(time.Now())
	case http.StatusTooManyRequests:
		if resp.Header.Get("X-RateLimit-Scope") != "shared" {
			t.limits.countInvalid(time.Now())
		}
		t.limits.freeze(b, wait, everything)
	}
}

// exchange sends a request and reads the whole answer, so that an answer which
// breaks off is an error like any other.
func (t *transport) exchange(original *http.Request) (*http.Response, []byte, error) {
	ctx, cancel := context.WithTimeout(original.Context(), exchangeTime)
	defer cancel()
	var written atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteHeaders: func() { written.Store(true) },
	})
	req := original.Clone(ctx)
	req.URL.Scheme, req.URL.Host, req.Host = t.base.Scheme, t.base.Host, ""
	req.URL.Path = t.base.Path + req.URL.Path
	resp, err := t.next.RoundTrip(req)
	if err != nil {
		return nil, nil, failed(orContext(ctx, err), written.Load())
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, largestAnswer))
	if err != nil && resp.StatusCode < 300 {
		return nil, nil, failed(orContext(ctx, err), true)
	}
	return resp, body, nil
}

// orContext prefers the reason for which a context ended.
func orContext(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}
