package discord

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
	"golang.org/x/time/rate"

	"tidings/bot"
)

const (
	// lostTime is how long discordgo may take to notice that a connection was
	// lost while it opens.
	lostTime = time.Second
	// silence is how long a live connection can be quiet: Discord answers a
	// heartbeat every 41 seconds.
	silence = 100 * time.Second
	// Discord resets the token of a bot that identifies itself more than a
	// thousand times a day.
	identifiesPerDay = 500
	identifiesAtOnce = 30
	identifiesKept   = 10
	longestBackoff   = time.Minute
	// finishTime is how long updates in hand may take when the program stops.
	finishTime = 10 * time.Second
)

// fatal are the close codes after which no new attempt can succeed:
// docs.discord.com/developers/topics/opcodes-and-status-codes#gateway.
var fatal = map[int]string{
	4004: "Discord refuses the token. Copy it again from the Bot page of the Discord developer portal",
	4010: "Discord refuses the shard. This is a fault of the program",
	4011: "the bot is in too many servers for one connection. Remove it from some",
	4012: "Discord no longer speaks this version of its gateway. Update the program",
	4013: "Discord refuses the intents. This is a fault of the program",
	4014: "Discord does not allow this bot its intents. Enable them on the Bot page of the Discord developer portal",
}

// fatalError is a reason for which Run ends.
type fatalError struct{ why string }

// Error implements error.
func (e *fatalError) Error() string { return "discord: " + e.why }

// Run implements [bot.Platform].
func (p *Platform) Run(ctx context.Context, commands []bot.Command, h bot.Handler) error {
	// What is in hand when ctx ends is still answered, for a short time.
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	u := newUpdates(p, h, work)
	var offering sync.WaitGroup
	offering.Go(func() { p.offer(ctx, commands) })
	err := p.supervise(ctx, u)
	stop()
	patience := time.AfterFunc(finishTime, cancel)
	defer patience.Stop()
	u.finish()
	offering.Wait()
	return err
}

// supervise keeps one connection open until ctx ends or a fault is final.
func (p *Platform) supervise(ctx context.Context, u *updates) error {
	budget := rate.NewLimiter(rate.Every(24*time.Hour/identifiesPerDay), identifiesAtOnce)
	backoff := p.times.backoff
	for {
		began := time.Now()
		err := p.connect(ctx, u, budget)
		if ctx.Err() != nil {
			return nil
		}
		if final, ok := errors.AsType[*fatalError](err); ok {
			return final
		}
		if time.Since(began) > longestBackoff {
			backoff = p.times.backoff
		}
		wait := backoff + rand.N(backoff/2)
		p.log.Warn("the Discord gateway is not connected", "error", err, "retry_in", wait.Round(time.Millisecond))
		if pause(ctx, wait, nil) != nil {
			<-ctx.Done()
			return nil
		}
		backoff = min(2*backoff, longestBackoff)
	}
}

// connect is one attempt: a session of its own, from the greeting to its end.
// A discordgo session that was closed, or asked to reconnect while it opens, is
// of no further use.
func (p *Platform) connect(ctx context.Context, u *updates, budget *rate.Limiter) error {
	if err := p.mayIdentify(ctx); err != nil {
		return err
	}
	if err := budget.Wait(ctx); err != nil {
		return err
	}
	s := p.session()
	line := &line{lost: make(chan struct{}), goodbye: make(chan struct{})}
	s.Dialer = line.dialer(ctx)
	ready, gone := make(chan struct{}), make(chan struct{})
	var once, onceReady sync.Once
	s.AddHandler(func(*discordgo.Session, *discordgo.Disconnect) { once.Do(func() { close(gone) }) })
	s.AddHandler(func(_ *discordgo.Session, e *discordgo.Event) {
		if e.Type == "READY" {
			onceReady.Do(func() { close(ready) })
		}
		u.event(e)
	})
	defer line.hangUp()
	opened := make(chan error, 1)
	go func() { opened <- s.Open() }()
	limit := time.NewTimer(p.times.open)
	defer limit.Stop()
	lost := line.lost
	for isReady := false; ; {
		select {
		case err := <-opened:
			if err != nil {
				return openError(err)
			}
			opened = nil
		case <-ready:
			p.connected.Store(true)
			defer p.connected.Store(false)
			p.log.Info("the Discord gateway is connected")
			ready, isReady = nil, true
		case <-limit.C:
			if !isReady || opened != nil {
				return errors.New("discord: the gateway was not ready in time")
			}
		case <-lost:
			if opened == nil {
				return errors.New("discord: the connection to the gateway was lost")
			}
			// Open knows better why, if it returns.
			lost = nil
			limit.Reset(lostTime)
		case <-gone:
			return errors.New("discord: the gateway closed the connection")
		case <-ctx.Done():
			if opened == nil {
				// It says goodbye, so that the bot is shown as offline at once.
				go s.Close()
				line.waitGoodbye()
			}
			return nil
		}
	}
}

// openError is why a session could not be opened, in our own words: those of
// discordgo and of package net hold addresses.
func openError(err error) error {
	if closed, ok := errors.AsType[*websocket.CloseError](err); ok {
		if why := fatal[closed.Code]; why != "" {
			return &fatalError{why}
		}
		return fmt.Errorf("discord: the gateway closed the connection with code %d", closed.Code)
	}
	if e, ok := errors.AsType[*bot.SendError](err); ok {
		return sendError("get gateway", e)
	}
	if errors.Is(err, errIdentified) {
		return errIdentified
	}
	return errors.New("discord: the gateway could not be reached, or did not answer as a gateway does")
}

// mayIdentify asks Discord whether there are connections left today, and waits
// until there are.
func (p *Platform) mayIdentify(ctx context.Context) error {
	var gateway struct {
		Limit *struct {
			Remaining  int   `json:"remaining"`
			ResetAfter int64 `json:"reset_after"` // milliseconds
		} `json:"session_start_limit"`
	}
	err := p.call(ctx, "get gateway", http.MethodGet, discordgo.EndpointGatewayBot, nil, &gateway)
	if e, ok := errors.AsType[*bot.SendError](err); ok && e.Class == bot.Refused {
		return &fatalError{fatal[4004]}
	}
	if err != nil {
		return err
	}
	if gateway.Limit == nil || gateway.Limit.Remaining > identifiesKept {
		return nil
	}
	wait := time.Duration(gateway.Limit.ResetAfter) * time.Millisecond
	p.log.Error("Discord allows this bot hardly any more connections today; is it running elsewhere with the same token?", "wait", wait)
	return pause(ctx, wait, nil)
}

// errIdentified stops discordgo from answering an invalid session with one
// Identify after the other.
var errIdentified = errors.New("discord: the gateway refused the session")

// line is the network connection under a session, which discordgo gives no
// hold of.
type line struct {
	lost    chan struct{} // closed when reading fails
	goodbye chan struct{} // closed when the session has said that it closes

	mu   sync.Mutex // guards what follows
	conn net.Conn
	hung bool
}

// dialer opens the connection. Behind a proxy what is written is encrypted
// already, so that the guard against repeated Identifies does not see it.
func (l *line) dialer(ctx context.Context) *websocket.Dialer {
	plain := &net.Dialer{Timeout: dialTime}
	keep := func(c net.Conn, err error) (net.Conn, error) {
		if err != nil {
			return nil, err
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		l.conn = c
		if l.hung {
			c.Close()
		}
		return &guarded{
			Conn:    c,
			lost:    sync.OnceFunc(func() { close(l.lost) }),
			goodbye: sync.OnceFunc(func() { close(l.goodbye) }),
		}, nil
	}
	d := &websocket.Dialer{
		HandshakeTimeout: dialTime,
		Proxy:            http.ProxyFromEnvironment,
		NetDialContext: func(dialing context.Context, network, address string) (net.Conn, error) {
			stop := context.AfterFunc(ctx, l.hangUp)
			defer stop()
			return keep(plain.DialContext(dialing, network, address))
		},
	}
	if proxy, _ := http.ProxyFromEnvironment(&http.Request{URL: &url.URL{Scheme: "https", Host: "gateway.discord.gg"}}); proxy == nil {
		d.NetDialTLSContext = func(dialing context.Context, network, address string) (net.Conn, error) {
			return keep((&tls.Dialer{NetDialer: plain}).DialContext(dialing, network, address))
		}
	}
	return d
}

// hangUp closes the connection, now or as soon as there is one.
func (l *line) hangUp() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.hung = true
	if l.conn != nil {
		l.conn.Close()
	}
}

// waitGoodbye waits until the session has said that it closes.
func (l *line) waitGoodbye() {
	select {
	case <-l.goodbye:
	case <-time.After(time.Second):
	}
}

// The first bytes of the frames that matter (RFC 6455, section 5.2).
const (
	textFrame  = 0x81
	closeFrame = 0x88
	// longFrame is the length code from which on a frame holds more than 125
	// bytes. Of what discordgo sends here, only an Identify does.
	longFrame = 126
)

// guarded is a connection that ends when nothing comes, and on which a session
// identifies itself once.
type guarded struct {
	net.Conn
	identified    atomic.Bool
	lost, goodbye func()
}

// Read implements net.Conn.
func (g *guarded) Read(b []byte) (int, error) {
	if err := g.SetReadDeadline(time.Now().Add(silence)); err != nil {
		return 0, err
	}
	n, err := g.Conn.Read(b)
	if err != nil {
		g.lost()
	}
	return n, err
}

// Write implements net.Conn. gorilla/websocket writes a frame at once.
func (g *guarded) Write(b []byte) (int, error) {
	if len(b) > 1 && b[0] == textFrame && b[1]&0x7f >= longFrame && g.identified.Swap(true) {
		g.Close()
		return 0, errIdentified
	}
	n, err := g.Conn.Write(b)
	if len(b) > 0 && b[0] == closeFrame {
		g.goodbye()
	}
	return n, err
}
