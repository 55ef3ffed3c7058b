package telegram

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"tidings/bot"
)

const (
	pollSeconds = 50 // the longest that the server allows
	// An update in hand is answered within answerTime, and within graceTime once
	// Run's context has ended.
	answerTime = time.Minute
	graceTime  = 10 * time.Second
	// atOnce bounds the chats that are answered at the same time.
	atOnce = 32
)

// update is what the program reads of the Bot API's Update.
type update struct {
	ID          int64         `json:"update_id"`
	Message     *message      `json:"message"`
	ChannelPost *message      `json:"channel_post"`
	Callback    *callback     `json:"callback_query"`
	Member      *memberChange `json:"my_chat_member"`
}

// message adds to the library's Message what it does not know; of the rest
// only what is used is decoded.
type message struct {
	ID            int             `json:"message_id"`
	Thread        int             `json:"message_thread_id"`
	Topic         bool            `json:"is_topic_message"`
	Chat          tgbotapi.Chat   `json:"chat"`
	From          *tgbotapi.User  `json:"from"`
	SenderChat    *tgbotapi.Chat  `json:"sender_chat"`
	Signature     string          `json:"author_signature"`
	Text          string          `json:"text"`
	Forwarded     json.RawMessage `json:"forward_origin"`
	AutoForwarded bool            `json:"is_automatic_forward"`
	MigrateTo     int64           `json:"migrate_to_chat_id"`
}

type callback struct {
	ID      string        `json:"id"`
	From    tgbotapi.User `json:"from"`
	Message *message      `json:"message"`
	Data    string        `json:"data"`
}

type memberChange struct {
	Chat tgbotapi.Chat       `json:"chat"`
	From tgbotapi.User       `json:"from"`
	New  tgbotapi.ChatMember `json:"new_chat_member"`
}

// chat is the chat that the update belongs to; 0 when there is none.
func (u *update) chat() int64 {
	switch {
	case u.Message != nil:
		return u.Message.Chat.ID
	case u.ChannelPost != nil:
		return u.ChannelPost.Chat.ID
	case u.Callback != nil && u.Callback.Message != nil:
		return u.Callback.Message.Chat.ID
	case u.Member != nil:
		return u.Member.Chat.ID
	}
	return 0
}

// inbox holds the updates that were received and not yet confirmed. The
// updates of one chat are handled in order, chats beside one another.
type inbox struct {
	handle func(*update)
	closed <-chan struct{} // no further update is begun
	slots  chan struct{}
	change chan struct{} // holds one token after something was handled
	wait   sync.WaitGroup

	mu     sync.Mutex // guards what follows
	offset int64      // the first update that is not confirmed
	done   map[int64]bool
	queues map[int64][]*update
}

func newInbox(closed <-chan struct{}, handle func(*update)) *inbox {
	return &inbox{
		handle: handle, closed: closed,
		slots: make(chan struct{}, atOnce), change: make(chan struct{}, 1),
		done: map[int64]bool{}, queues: map[int64][]*update{},
	}
}

// add takes an update in, unless it is here already.
func (b *inbox) add(u *update) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, known := b.done[u.ID]; known || u.ID < b.offset {
		return
	}
	b.done[u.ID] = false
	chat := u.chat()
	queue, busy := b.queues[chat]
	b.queues[chat] = append(queue, u)
	if !busy {
		b.wait.Go(func() { b.work(chat) })
	}
}

// skip confirms an update that cannot be handled.
func (b *inbox) skip(id int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if id >= b.offset {
		b.done[id] = true
	}
}

// work handles the updates of one chat until there is none.
func (b *inbox) work(chat int64) {
	for {
		b.mu.Lock()
		queue := b.queues[chat]
		if len(queue) == 0 {
			delete(b.queues, chat)
			b.mu.Unlock()
			return
		}
		b.queues[chat] = queue[1:]
		b.mu.Unlock()
		select {
		case <-b.closed:
			return
		case b.slots <- struct{}{}:
		}
		b.handle(queue[0])
		<-b.slots
		b.skip(queue[0].ID)
		select {
		case b.change <- struct{}{}:
		default:
		}
	}
}

// next is the offset to ask from: it confirms all that stands before the first
// update that is not handled. idle reports whether there is none.
func (b *inbox) next() (offset int64, idle bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	first, last := int64(-1), b.offset-1
	for id, done := range b.done {
		last = max(last, id)
		if !done && (first < 0 || id < first) {
			first = id
		}
	}
	b.offset = last + 1
	if first >= 0 {
		b.offset = first
	}
	for id := range b.done {
		if id < b.offset {
			delete(b.done, id)
		}
	}
	return b.offset, first < 0
}

// settle waits until all is handled, but not longer than a second: then other
// chats' new updates are fetched over those in hand.
func (b *inbox) settle(ctx context.Context) {
	timer := time.NewTimer(time.Second)
	defer timer.Stop()
	for {
		if _, idle := b.next(); idle {
			return
		}
		select {
		case <-b.change:
		case <-timer.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

// poll receives updates until ctx ends or the bot is refused for good.
func (p *Platform) poll(ctx context.Context, h bot.Handler) error {
	// Updates in hand outlive ctx, by graceTime at most.
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(graceTime, cancel) })
	defer stop()
	box := newInbox(ctx.Done(), func(u *update) { p.handle(work, h, u) })
	err := p.receive(ctx, box)
	box.wait.Wait()
	if err == nil {
		p.confirm(work, box)
	}
	return err
}

func (p *Platform) receive(ctx context.Context, box *inbox) error {
	faults, conflicts := 0, 0
	for ctx.Err() == nil {
		offset, _ := box.next()
		seconds := pollSeconds
		if faults > 0 {
			seconds = 0 // an answer at once tells that the connection is back
		}
		batch, failed := p.getUpdates(ctx, offset, seconds)
		if failed == nil {
			p.online(true, nil)
			faults, conflicts = 0, 0
			for _, raw := range batch {
				p.take(box, raw)
			}
			box.settle(ctx)
			continue
		}
		if ctx.Err() != nil {
			return nil
		}
		p.online(false, failed)
		faults++
		if strings.Contains(failed.Why, conflict) {
			conflicts++
			if strings.Contains(failed.Why, "webhook") {
				p.deleteWebhook(ctx)
			}
		}
		if failed.Class == bot.Refused {
			return errRefused
		}
		if conflicts > maxConflicts {
			return errConflict
		}
		sleep(ctx, max(backoff(faults), failed.RetryAfter))
	}
	return nil
}

func (p *Platform) getUpdates(ctx context.Context, offset int64, seconds int) ([]json.RawMessage, *bot.SendError) {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(seconds+10)*time.Second)
	defer cancel()
	var batch []json.RawMessage
	failed := p.callFor(ctx, "getUpdates", tgbotapi.Params{
		"offset":          strconv.FormatInt(offset, 10),
		"timeout":         strconv.Itoa(seconds),
		"allowed_updates": `["message","channel_post","callback_query","my_chat_member"]`,
	}, &batch)
	return batch, failed
}

// take decodes one update by itself: one that cannot be read is passed over
// and holds up no other.
func (p *Platform) take(box *inbox, raw json.RawMessage) {
	var u update
	if err := json.Unmarshal(raw, &u); err != nil {
		var id struct {
			ID int64 `json:"update_id"`
		}
		// Even this may fail; then the server's next answer begins behind it.
		_ = json.Unmarshal(raw, &id)
		p.log.Error("telegram sent an update that cannot be read", "update", id.ID)
		box.skip(id.ID)
		return
	}
	box.add(&u)
}

// confirm tells the server what was handled after the last poll, so that it is
// not given again. It may fail: then it is given again.
func (p *Platform) confirm(ctx context.Context, box *inbox) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	if offset, _ := box.next(); offset > 0 {
		if _, failed := p.getUpdates(ctx, offset, 0); failed != nil {
			p.log.Debug("telegram was not told which updates were handled", "error", failed)
		}
	}
}

// handle answers one update. A panic is that update's end and no other's:
// were the program to end by it, the same update would be given again at once.
func (p *Platform) handle(ctx context.Context, h bot.Handler, u *update) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	defer func() {
		if r := recover(); r != nil {
			p.log.Error("an update could not be answered", "update", u.ID, "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
		}
	}()
	switch {
	case u.Callback != nil:
		p.pressed(ctx, h, u.ID, u.Callback)
	case u.Member != nil:
		p.memberChanged(ctx, h, u.Member)
	case u.Message != nil:
		p.said(ctx, h, u.ID, u.Message)
	case u.ChannelPost != nil:
		p.said(ctx, h, u.ID, u.ChannelPost)
	}
}

// online notes whether the server is reached, and logs every change.
func (p *Platform) online(now bool, failed *bot.SendError) {
	if p.connected.Swap(now) == now {
		return
	}
	if now {
		p.log.Info("telegram is connected")
		return
	}
	p.log.Warn("the connection to telegram is lost", slog.Any("error", failed))
}

// backoff is the pause after a number of faults in a row: 1 s growing to 1 min,
// give or take a quarter.
func backoff(faults int) time.Duration {
	d := min(time.Second<<min(faults-1, 6), time.Minute)
	return d*3/4 + rand.N(d/2)
}

func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
