package discord

import (
	"context"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// What the documentation allows, and what is used of it.
const (
	// globalRate and globalBurst together stay below 50 requests in any second.
	globalRate  = 40
	globalBurst = 5
	// invalidLimit of refused requests in invalidWindow minutes closes the line,
	// long before the 10,000 for which the address is banned.
	invalidLimit  = 2000
	invalidWindow = 10
	// resetMargin is more than the network rounds off the times that it tells.
	resetMargin = 5 * time.Millisecond
	// bucketsKept is how many buckets are remembered before idle ones are dropped.
	bucketsKept = 512
)

// limiter holds requests back until the network would accept them. The
// network's rules are learned from the headers of its answers.
type limiter struct {
	overall *rate.Limiter

	mu      sync.Mutex
	frozen  time.Time // nothing is sent before it
	hashes  map[string]string
	buckets map[string]*bucket
	invalid [invalidWindow]invalidCount
}

// bucket is a rate limit that some routes share. What is not yet known of it
// lets one request pass at a time.
type bucket struct {
	limit, remaining, inFlight int
	reset                      time.Time
	changed                    chan struct{} // closed and replaced when a request is done
}

type invalidCount struct {
	minute int64
	n      int
}

func newLimiter() *limiter {
	return &limiter{
		overall: rate.NewLimiter(globalRate, globalBurst),
		hashes:  map[string]string{},
		buckets: map[string]*bucket{},
	}
}

// tooLong says that a wait would outlast the caller's deadline.
type tooLong struct{ wait time.Duration }

// Error implements error.
func (e *tooLong) Error() string { return "the rate limit lasts longer than there is time" }

// acquire waits until a request of the route may be sent. Interactions do not
// count for the overall limit. release must follow.
func (l *limiter) acquire(ctx context.Context, r route) (*bucket, error) {
	for {
		b, wait, changed := l.try(r, time.Now())
		if b != nil {
			if r.interaction {
				return b, nil
			}
			err := l.wait(ctx)
			if err != nil {
				l.release(r, b, nil)
			}
			return b, err
		}
		if err := pause(ctx, wait, changed); err != nil {
			return nil, err
		}
	}
}

// wait passes the limit of all requests together.
func (l *limiter) wait(ctx context.Context) error {
	reservation := l.overall.Reserve()
	err := pause(ctx, reservation.Delay(), nil)
	if err != nil {
		reservation.Cancel()
	}
	return err
}

// pause waits for a time or until changed is closed, or says at once that
// there is no time to wait so long. A negative time waits for changed alone.
func pause(ctx context.Context, wait time.Duration, changed <-chan struct{}) error {
	if wait == 0 {
		return ctx.Err()
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < wait {
		return &tooLong{wait}
	}
	var elapsed <-chan time.Time
	if wait > 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		elapsed = timer.C
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-elapsed:
	case <-changed:
	}
	return nil
}

// try takes a place in the route's bucket, or says how long to wait for one.
func (l *limiter) try(r route, now time.Time) (b *bucket, wait time.Duration, changed <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if wait := l.closedFor(now); wait > 0 {
		return nil, wait, nil
	}
	key := l.key(r)
	b = l.buckets[key]
	if b == nil {
		l.forget(now)
		b = &bucket{limit: 1, remaining: 1, changed: make(chan struct{})}
		l.buckets[key] = b
	}
	if !now.Before(b.reset) {
		b.remaining = max(b.remaining, b.limit-b.inFlight)
	}
	if b.remaining <= 0 {
		if wait := b.reset.Sub(now); wait > 0 {
			return nil, wait, b.changed
		}
		return nil, -1, b.changed
	}
	b.remaining--
	b.inFlight++
	return b, 0, nil
}

// key names the bucket of a route: the network's name for it once it is known,
// and the chat, server or webhook for which it counts.
func (l *limiter) key(r route) string {
	if hash, ok := l.hashes[r.template]; ok {
		return hash + " " + r.major
	}
	return r.template + " " + r.major
}

// release gives the place back and learns from the answer's headers, which are
// nil when there was none.
func (l *limiter) release(r route, b *bucket, header http.Header) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b.inFlight--
	if limit, err := strconv.Atoi(header.Get("X-RateLimit-Limit")); err == nil {
		remaining, _ := strconv.Atoi(header.Get("X-RateLimit-Remaining"))
		b.limit = max(limit, 1)
		left, now := max(remaining-b.inFlight, 0), time.Now()
		if now.Before(b.reset) {
			// Answers of one window may come in any order.
			left = min(left, b.remaining)
		}
		b.remaining = left
		b.reset = now.Add(seconds(header.Get("X-RateLimit-Reset-After")) + resetMargin)
		if hash := header.Get("X-RateLimit-Bucket"); hash != "" && l.hashes[r.template] != hash {
			l.hashes[r.template] = hash
			l.join(l.key(r), b)
		}
	} else {
		b.remaining++
	}
	close(b.changed)
	b.changed = make(chan struct{})
}

// join puts a bucket under the network's name for it, or tells the one that is
// there already what was learnt.
func (l *limiter) join(key string, b *bucket) {
	if there := l.buckets[key]; there != nil {
		there.limit, there.reset = b.limit, b.reset
		there.remaining = min(there.remaining, b.remaining)
		return
	}
	l.buckets[key] = b
}

// freeze stops a bucket, or everything, after the network refused a request.
func (l *limiter) freeze(b *bucket, wait time.Duration, everything bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	until := time.Now().Add(wait)
	if everything {
		l.frozen = until
		return
	}
	b.remaining, b.reset = 0, until
}

// countInvalid counts an answer for which the network bans addresses.
func (l *limiter) countInvalid(now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	minute := now.Unix() / 60
	c := &l.invalid[minute%invalidWindow]
	if c.minute != minute {
		*c = invalidCount{minute: minute}
	}
	c.n++
}

// closedFor is how long nothing at all may be sent.
func (l *limiter) closedFor(now time.Time) time.Duration {
	wait := l.frozen.Sub(now)
	minute, n := now.Unix()/60, 0
	for _, c := range l.invalid {
		if minute-c.minute < invalidWindow {
			n += c.n
		}
	}
	if n >= invalidLimit {
		wait = max(wait, time.Minute)
	}
	return wait
}

// forget drops buckets that have nothing to say any more.
func (l *limiter) forget(now time.Time) {
	if len(l.buckets) < bucketsKept {
		return
	}
	for key, b := range l.buckets {
		if b.inFlight == 0 && now.After(b.reset) {
			delete(l.buckets, key)
		}
	}
}

// seconds reads a header such as "1.25"; what cannot be read is 0.
func seconds(s string) time.Duration {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(f) || f < 0 {
		return 0
	}
	return time.Duration(min(f, 86400) * float64(time.Second))
}

// route is what the network counts a request for.
type route struct {
	template    string // method and path, with the ids left out
	major       string // the chat, server or webhook
	interaction bool   // exempt from the overall limit
}

// routeOf reads a route from a method and a path such as /api/v9/channels/1/messages/2.
func routeOf(method, path string) route {
	_, path, _ = strings.Cut(strings.TrimPrefix(path, "/api/"), "/")
	parts := strings.Split(path, "/")
	var r route
	switch parts[0] {
	case "channels", "guilds":
		if len(parts) > 1 {
			r.major = parts[1]
		}
	case "webhooks", "interactions":
		r.interaction = true
		if len(parts) > 2 {
			r.major = parts[1] + "/" + parts[2]
			parts[2] = "token"
		}
	}
	for i, part := range parts {
		if part != "" && strings.Trim(part, "0123456789") == "" {
			parts[i] = "id"
		}
	}
	r.template = method + " " + strings.Join(parts, "/")
	return r
}
