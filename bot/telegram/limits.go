package telegram

import (
	"context"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"tidings/bot"
)

// What Telegram asks of bots (core.telegram.org/bots/faq): about 30 messages a
// second over all, about one a second in a chat, 20 a minute in a group.
const (
	overallInterval = time.Second / 25
	overallBurst    = 5
	chatInterval    = time.Second
	chatBurst       = 3
	groupMessages   = 20
	groupWindow     = time.Minute
)

// limits spaces out what is written. In each chat one caller at a time waits for
// its turn, the others behind it in their order; so a chat that waits long keeps
// nothing from other chats, and what counts is when a call really goes.
type limits struct {
	mu     sync.Mutex // guards what follows
	all    pace
	chats  map[string]*chatPace
	frozen time.Time // until then nothing is written anywhere
	// refusedChat was told at refusedAt that it is too fast.
	refusedChat string
	refusedAt   time.Time
}

// pace is a token bucket, kept as the moment at which it will be full again
// (the generic cell rate algorithm).
type pace struct{ full time.Time }

// next is the first moment from now on that the bucket allows.
func (p *pace) next(now time.Time, interval time.Duration, burst int) time.Time {
	at := p.full.Add(-time.Duration(burst-1) * interval)
	if at.Before(now) {
		return now
	}
	return at
}

// take takes a token at a moment that next gave.
func (p *pace) take(at time.Time, interval time.Duration) {
	if p.full.Before(at) {
		p.full = at
	}
	p.full = p.full.Add(interval)
}

type chatPace struct {
	group bool
	gate  chan struct{} // holds a token while a caller waits for its turn

	// The mutex of the limits guards what follows.
	callers int
	goes    time.Time // when the caller in the gate goes, as far as is known
	pace    pace
	frozen  time.Time
	// recent are the moments of the last groupMessages calls in a group, a ring
	// whose oldest stands at turn.
	recent [groupMessages]time.Time
	turn   int
}

func newLimits() *limits { return &limits{chats: map[string]*chatPace{}} }

// wait returns when the chat may be written to, or says at once that this is
// not within ctx's deadline.
func (l *limits) wait(ctx context.Context, chat string) *bot.SendError {
	c, goes := l.enter(chat)
	defer l.leave(c)
	if failed := inTime(ctx, goes); failed != nil {
		return failed
	}
	select {
	case c.gate <- struct{}{}:
		defer func() { <-c.gate }()
	case <-ctx.Done():
		return &bot.SendError{Class: bot.NotSent, Why: describe(ctx.Err())}
	}
	for {
		if failed := until(ctx, l.chatTurn(c)); failed != nil {
			return failed
		}
		if failed := until(ctx, l.overallTurn(ctx)); failed != nil {
			return failed
		}
		if l.take(c) {
			return nil
		}
	}
}

// inTime says that a moment is after ctx's end, or that ctx has ended.
func inTime(ctx context.Context, at time.Time) *bot.SendError {
	if ctx.Err() != nil {
		return &bot.SendError{Class: bot.NotSent, Why: describe(ctx.Err())}
	}
	if deadline, limited := ctx.Deadline(); limited && at.After(deadline) {
		return &bot.SendError{Class: bot.RateLimited, RetryAfter: time.Until(at), Why: "this chat has had as many messages as Telegram allows for now"}
	}
	return nil
}

// until waits for a moment, unless it is after ctx's end.
func until(ctx context.Context, at time.Time) *bot.SendError {
	if failed := inTime(ctx, at); failed != nil {
		return failed
	}
	sleep(ctx, time.Until(at))
	return inTime(ctx, at)
}

// enter counts a caller in, and says when the one before it goes. Chats that
// have been quiet are forgotten now and then.
func (l *limits) enter(chat string) (c *chatPace, goes time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c = l.chat(chat)
	c.callers++
	return c, c.goes
}

func (l *limits) leave(c *chatPace) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c.callers--
}

func (l *limits) chat(chat string) *chatPace {
	c, ok := l.chats[chat]
	if ok {
		return c
	}
	if len(l.chats) >= 1024 {
		now := time.Now()
		for id, c := range l.chats {
			newest := c.recent[(c.turn+groupMessages-1)%groupMessages]
			if c.callers == 0 && c.pace.full.Before(now) && c.frozen.Before(now) && newest.Add(groupWindow).Before(now) {
				delete(l.chats, id)
			}
		}
	}
	c = &chatPace{group: strings.HasPrefix(chat, "-"), gate: make(chan struct{}, 1)}
	l.chats[chat] = c
	return c
}

// chatTurn is the moment at which the chat's own limits and all refusals allow
// a call.
func (l *limits) chatTurn(c *chatPace) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	c.goes = l.allowed(c, time.Now())
	return c.goes
}

// allowed is chatTurn. l.mu is held.
func (l *limits) allowed(c *chatPace, now time.Time) time.Time {
	at := c.pace.next(now, chatInterval, chatBurst)
	if oldest := c.recent[c.turn]; c.group && !oldest.IsZero() {
		at = later(at, oldest.Add(groupWindow))
	}
	return later(at, later(c.frozen, l.frozen))
}

// overallTurn books the moment at which the limit over all chats allows a call,
// when it is before ctx's end.
func (l *limits) overallTurn(ctx context.Context) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := l.all.next(time.Now(), overallInterval, overallBurst)
	if inTime(ctx, at) == nil {
		l.all.take(at, overallInterval)
	}
	return at
}

// take notes a call that goes now, unless a refusal has come meanwhile.
func (l *limits) take(c *chatPace) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if l.allowed(c, now).After(now) {
		return false
	}
	c.pace.take(now, chatInterval)
	c.recent[c.turn] = now
	c.turn = (c.turn + 1) % groupMessages
	return true
}

// freeze holds a chat that was refused, for a little longer than it was told.
// When two chats are refused within a second, it is the bot that is too fast.
func (l *limits) freeze(chat string, wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	until := now.Add(wait + rand.N(wait/10+time.Millisecond))
	c := l.chat(chat)
	c.frozen = later(c.frozen, until)
	if l.refusedChat != "" && l.refusedChat != chat && now.Sub(l.refusedAt) < time.Second {
		l.frozen = later(l.frozen, until)
	}
	l.refusedChat, l.refusedAt = chat, now
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
