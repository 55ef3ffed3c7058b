package feed

import (
	"context"
	"log/slog"
	"net/netip"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// hosts gives out turns: few requests at a time to a registrable domain, with
// a pause between, and none while the domain wants to be left alone.
type hosts struct {
	parallel int
	pause    time.Duration
	now      func() time.Time
	log      *slog.Logger

	mu      sync.Mutex
	domains map[string]*domain
	sweepAt int
}

// domain is one registrable domain that was asked lately.
type domain struct {
	// slots has for each turn that can be had the time from which it can.
	slots  chan time.Time
	users  int       // that have a turn or wait for one
	idle   time.Time // no slot waits for a time later than this
	closed time.Time // the domain wants no request before
}

// mostDomains bounds the memory: beyond it, domains that nobody waits for are
// forgotten even while a pause is running.
const mostDomains = 1 << 16

func newHosts(parallel int, pause time.Duration, now func() time.Time, log *slog.Logger) *hosts {
	return &hosts{parallel: parallel, pause: pause, now: now, log: log, domains: map[string]*domain{}, sweepAt: 1024}
}

// turn is the right to make requests to one domain until end. The zero turn is
// for a host without limits.
type turn struct {
	hosts *hosts
	name  string
	d     *domain
}

// pass gives back t and takes a turn at host's domain; within one domain t is
// kept. It waits as long as ctx allows, but a closed domain is an error at once.
func (h *hosts) pass(ctx context.Context, t turn, host string) (turn, error) {
	name := registrable(host)
	if t.d != nil && t.name == name {
		return t, nil
	}
	t.end()
	if name == "" {
		return turn{}, ctx.Err()
	}
	t = turn{hosts: h, name: name, d: h.enter(name)}
	free, err := t.wait(ctx)
	if err != nil {
		t.leave(free)
		return turn{}, err
	}
	return t, nil
}

// wait returns when it is t's turn. With an error it also returns the time of
// the slot that it had taken, or zero.
func (t turn) wait(ctx context.Context) (time.Time, error) {
	if err := t.closed(); err != nil {
		return time.Time{}, err
	}
	var free time.Time
	select {
	case free = <-t.d.slots:
	case <-ctx.Done():
		return time.Time{}, ctx.Err()
	}
	taken := free
	if taken.IsZero() {
		taken = time.Now()
	}
	if wait := time.Until(free); wait > 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
			return taken, ctx.Err()
		}
	}
	return taken, t.closed()
}

// closed is an error while the domain wants to be left alone.
func (t turn) closed() error {
	t.hosts.mu.Lock()
	defer t.hosts.mu.Unlock()
	if wait := t.d.closed.Sub(t.hosts.now()); wait > 0 {
		return &FetchError{RetryAfter: wait, Postponed: true, Why: t.name + " asked for a pause"}
	}
	return nil
}

// end gives the turn back and begins the pause.
func (t turn) end() {
	if t.d != nil {
		t.leave(time.Now().Add(t.hosts.pause))
	}
}

// leave gives back a slot that can be had from free on; zero when none was taken.
func (t turn) leave(free time.Time) {
	t.hosts.mu.Lock()
	defer t.hosts.mu.Unlock()
	t.d.users--
	if free.IsZero() {
		return
	}
	if free.After(t.d.idle) {
		t.d.idle = free
	}
	t.d.slots <- free
}

// enter counts the caller as a user of the domain.
func (h *hosts) enter(name string) *domain {
	h.mu.Lock()
	defer h.mu.Unlock()
	d := h.domains[name]
	if d == nil {
		if len(h.domains) >= h.sweepAt {
			h.sweep()
		}
		d = &domain{slots: make(chan time.Time, h.parallel)}
		for range h.parallel {
			d.slots <- time.Time{}
		}
		h.domains[name] = d
	}
	d.users++
	return d
}

// sweep forgets the domains of which nothing need be remembered, and when that
// is not enough, half of those that nobody waits for.
func (h *hosts) sweep() {
	now := time.Now()
	for name, d := range h.domains {
		if d.users == 0 && !d.idle.After(now) && !d.closed.After(h.now()) {
			delete(h.domains, name)
		}
	}
	if len(h.domains) >= mostDomains {
		for name, d := range h.domains {
			if d.users == 0 && len(h.domains) > mostDomains/2 {
				delete(h.domains, name)
			}
		}
	}
	h.sweepAt = min(max(1024, 2*len(h.domains)), mostDomains)
}

// close keeps requests from host's domain for a time.
func (h *hosts) close(host string, wait time.Duration) {
	name := registrable(host)
	if name == "" {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	d := h.domains[name]
	if until := h.now().Add(wait); d != nil && until.After(d.closed) {
		d.closed = until
		h.log.Info("a domain asked for a pause", "domain", name, "until", until)
	}
}

// Busy reports whether a request to the URL's domain would have to wait or
// would be refused now, so that a caller with other work can do that first.
func (c *Client) Busy(rawURL string) bool {
	u, err := webURL(rawURL)
	if err != nil {
		return false
	}
	h := c.hosts
	h.mu.Lock()
	defer h.mu.Unlock()
	d := h.domains[registrable(u.Hostname())]
	return d != nil && (d.users >= h.parallel || d.idle.After(time.Now()) || d.closed.After(h.now()))
}

// Domain is the registrable domain of a URL, to which one request at a time is
// made; empty for loopback and for what is no URL.
func Domain(rawURL string) string {
	u, err := webURL(rawURL)
	if err != nil {
		return ""
	}
	return registrable(u.Hostname())
}

// registrable is the registrable domain of a host name (eTLD+1), the address
// itself for an IP address, and empty for loopback.
func registrable(host string) string {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if a, err := netip.ParseAddr(host); err == nil {
		if a.Unmap().IsLoopback() {
			return ""
		}
		return a.WithZone("").Unmap().String()
	}
	if strings.ContainsFunc(host, func(r rune) bool { return r >= utf8.RuneSelf }) {
		if ascii, err := idna.Lookup.ToASCII(host); err == nil {
			host = ascii
		}
	}
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return ""
	}
	if name, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return name
	}
	return host
}
