package feed

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"
)

// FetchError is why something was not fetched. Its text is one short sentence
// for a reader of the feed's state; it never has a path, a query, a user or a
// password in it.
type FetchError struct {
	// Status is the HTTP status, 0 when there was no answer.
	Status int
	// Gone says that the feed has ended (410) and need not be asked for again.
	Gone bool
	// RetryAfter is how long the server wants to be left alone; 0 when it did
	// not say.
	RetryAfter time.Duration
	// Postponed says that no request was made, because the domain had asked
	// for a pause; it is no fault of the feed.
	Postponed bool
	// Why is the text.
	Why string
}

// Error implements error.
func (e *FetchError) Error() string { return e.Why }

// tooManyPause is the pause after a 429 that names none.
const tooManyPause = time.Minute

// refusal is the error for an answer without a feed in it.
func refusal(r *http.Response, now time.Time) *FetchError {
	e := &FetchError{Status: r.StatusCode, Why: fmt.Sprintf("HTTP %d", r.StatusCode)}
	switch {
	case strings.EqualFold(r.Header.Get("Cf-Mitigated"), "challenge"):
		e.Why += ": Cloudflare wants a browser here, not a program"
	case r.StatusCode >= 400 && (r.Header.Get("X-Datadome") != "" || r.Header.Get("X-Dd-B") != ""):
		e.Why += ": DataDome wants a browser here, not a program"
	case r.StatusCode == http.StatusUnauthorized:
		e.Why += ": it wants a password"
	case r.StatusCode == http.StatusGone:
		e.Gone = true
		e.Why += ": it is gone for good"
	case r.StatusCode == http.StatusTooManyRequests:
		e.RetryAfter = max(retryAfter(r.Header, now), tooManyPause)
		e.Why += ": it was asked too often"
	case r.StatusCode == http.StatusServiceUnavailable:
		e.RetryAfter = retryAfter(r.Header, now)
		e.Why += ": it is not available at the moment"
	default:
		e.Why += ": " + statusInWords(r.StatusCode)
	}
	return e
}

// statusInWords says what the statuses mean that need nothing done.
func statusInWords(status int) string {
	switch {
	case status == http.StatusPartialContent:
		return "only a part of the feed came"
	case status < 300:
		return "an answer without a body"
	case status == http.StatusNotModified:
		return "nothing has changed, it says, but it was asked for all"
	case status < 400:
		return "a redirect of a kind that is not followed"
	case status == http.StatusNotFound:
		return "there is nothing at this address"
	case status == http.StatusUnavailableForLegalReasons:
		return "it is withheld for legal reasons"
	case status < 500:
		return "the server refuses it"
	}
	return "the server is in trouble"
}

// fault says in words what went wrong with a connection.
func (c *Client) fault(ctx context.Context, err error, host string) error {
	if why, ok := errors.AsType[*FetchError](cmp.Or(context.Cause(ctx), err)); ok {
		return why
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return &FetchError{Why: c.inWords(err, host)}
}

func (c *Client) inWords(err error, host string) string {
	if e, ok := errors.AsType[*net.DNSError](err); ok {
		if e.IsNotFound {
			return "there is no host named " + host
		}
		return "the name " + host + " cannot be looked up at the moment"
	}
	if why := certificateInWords(err); why != "" {
		return why
	}
	text := err.Error()
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return "the connection is refused"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "the server broke the connection"
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "the host cannot be reached"
	case isTimeout(err) && isDial(err):
		return "no connection within " + seconds(c.limits.connect)
	case isTimeout(err) && strings.Contains(text, "TLS handshake"):
		return "no TLS connection within " + seconds(c.limits.connect)
	case isTimeout(err):
		return "no answer within " + seconds(c.limits.header)
	case strings.Contains(text, "headers exceeded"), strings.Contains(text, "response header"):
		return "the answer's header is too large"
	case strings.Contains(text, "malformed"), strings.Contains(text, "HTTP response to HTTPS"), strings.Contains(text, "chunk"),
		strings.Contains(text, "Content-Length"), strings.Contains(text, "transfer encoding"):
		return "the answer is not HTTP as it should be"
	case brokeHTTP2(err):
		return "the server broke off over HTTP/2"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the server broke off its answer"
	}
	return "the connection failed"
}

// brokeHTTP2 reports whether it was the other side's HTTP/2 that failed; some
// servers do well over HTTP/1.1 only.
func brokeHTTP2(err error) bool {
	text := err.Error()
	return !isTimeout(err) && (strings.Contains(text, "http2: ") || strings.Contains(text, "stream error: "))
}

// certificateInWords is empty when TLS is not what went wrong.
func certificateInWords(err error) string {
	if e, ok := errors.AsType[x509.CertificateInvalidError](err); ok && e.Reason == x509.Expired {
		return "the certificate is not valid: it has expired or is not valid yet"
	}
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return "the certificate is not valid: it is for another host"
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return "the certificate is not valid: it is signed by an unknown authority"
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return "the certificate is not valid"
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return "the server does not speak TLS"
	}
	if _, ok := errors.AsType[tls.AlertError](err); ok {
		return "the server refuses the TLS connection"
	}
	return ""
}

func isTimeout(err error) bool {
	e, ok := errors.AsType[net.Error](err)
	return ok && e.Timeout()
}

func isDial(err error) bool {
	e, ok := errors.AsType[*net.OpError](err)
	return ok && e.Op == "dial"
}

// seconds writes a limit for a reader.
func seconds(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%g s", d.Round(time.Second/10).Seconds())
}
