package discord

import (
	"context"
	"encoding/json"
	"runtime/debug"
	"slices"
	"strings"
	"sync"

	"github.com/bwmarrin/discordgo"

	"tidings/bot"
	"tidings/subscriptions"
)

// remembered is how many interactions are known again when they come twice.
const remembered = 1024

// updates gives what people do to the handler.
type updates struct {
	platform *Platform
	handler  bot.Handler
	ctx      context.Context
	inHand   sync.WaitGroup

	mu       sync.Mutex // guards what follows
	finished bool
	seen     map[string]bool
	order    [remembered]string // of seen, as a ring
	next     int
	lanes    map[string][]func()
	guilds   map[string][]string // the channels and threads of each server
}

func newUpdates(p *Platform, h bot.Handler, ctx context.Context) *updates {
	return &updates{
		platform: p, handler: h, ctx: ctx,
		seen: map[string]bool{}, lanes: map[string][]func(){}, guilds: map[string][]string{},
	}
}

// finish takes no more updates and waits for those in hand.
func (u *updates) finish() {
	u.mu.Lock()
	u.finished = true
	u.mu.Unlock()
	u.inHand.Wait()
}

// spawn does f beside the gateway. A panic in it is logged and ends f alone.
func (u *updates) spawn(f func()) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.finished {
		return
	}
	u.inHand.Go(func() {
		defer u.recovered()
		f()
	})
}

func (u *updates) recovered() {
	if r := recover(); r != nil {
		u.platform.log.Error("the handling of an update panicked", "panic", r, "stack", string(debug.Stack()))
	}
}

// inOrder does f after all that was given before for the same chat.
func (u *updates) inOrder(chat string, f func()) {
	u.mu.Lock()
	waiting, busy := u.lanes[chat]
	u.lanes[chat] = append(waiting, f)
	u.mu.Unlock()
	if !busy {
		u.spawn(func() { u.drain(chat) })
	}
}

func (u *updates) drain(chat string) {
	for {
		u.mu.Lock()
		waiting := u.lanes[chat]
		if len(waiting) == 0 {
			delete(u.lanes, chat)
			u.mu.Unlock()
			return
		}
		u.lanes[chat] = waiting[1:]
		u.mu.Unlock()
		func() {
			defer u.recovered()
			waiting[0]()
		}()
	}
}

// isNew reports whether an interaction was not seen before.
func (u *updates) isNew(id string) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.seen[id] {
		return false
	}
	delete(u.seen, u.order[u.next])
	u.order[u.next], u.seen[id] = id, true
	u.next = (u.next + 1) % remembered
	return true
}

// happened is what matters of the gateway's events about places.
type happened struct {
	ID          string                `json:"id"`
	GuildID     string                `json:"guild_id"`
	Unavailable bool                  `json:"unavailable"`
	Channels    []struct{ ID string } `json:"channels"`
	Threads     []struct{ ID string } `json:"threads"`
	Guilds      []struct{ ID string } `json:"guilds"`
}

// event takes an event of the gateway. It is decoded again, because discordgo
// loses an interaction whole when it does not know a part of it. It returns at
// once: the connection waits for it.
func (u *updates) event(e *discordgo.Event) {
	defer u.recovered()
	if e.Type == "INTERACTION_CREATE" {
		var i interaction
		if err := json.Unmarshal(e.RawData, &i); err != nil {
			u.platform.log.Error("an interaction could not be read", "error", err)
			return
		}
		if i.ID != "" && u.isNew(i.ID) {
			u.interaction(i)
		}
		return
	}
	switch e.Type {
	case "READY", "GUILD_CREATE", "GUILD_DELETE", "CHANNEL_CREATE", "CHANNEL_DELETE", "THREAD_CREATE", "THREAD_DELETE":
	default:
		return
	}
	var h happened
	if err := json.Unmarshal(e.RawData, &h); err != nil {
		u.platform.log.Error("an event could not be read", "event", e.Type, "error", err)
		return
	}
	for _, chat := range u.learn(e.Type, h) {
		why := "the channel was deleted"
		if strings.HasPrefix(e.Type, "GUILD") || e.Type == "READY" {
			why = "the bot was removed from the server"
		}
		u.inOrder(chat, func() {
			u.handler.Left(u.ctx, subscriptions.Chat{Platform: "discord", ID: chat}, why)
		})
	}
}

// learn keeps account of the places of each server and returns those that are gone.
func (u *updates) learn(event string, h happened) (gone []string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	switch event {
	case "READY":
		// What happened while the connection was lost.
		for id, chats := range u.guilds {
			if !slices.ContainsFunc(h.Guilds, func(g struct{ ID string }) bool { return g.ID == id }) {
				gone = append(gone, chats...)
				delete(u.guilds, id)
			}
		}
	case "GUILD_CREATE":
		var chats []string
		for _, c := range append(h.Channels, h.Threads...) {
			chats = append(chats, c.ID)
		}
		u.guilds[h.ID] = chats
	case "GUILD_DELETE":
		// An unavailable server is an outage of Discord's.
		if !h.Unavailable {
			gone = u.guilds[h.ID]
			delete(u.guilds, h.ID)
		}
	case "CHANNEL_CREATE", "THREAD_CREATE":
		if !slices.Contains(u.guilds[h.GuildID], h.ID) {
			u.guilds[h.GuildID] = append(u.guilds[h.GuildID], h.ID)
		}
	case "CHANNEL_DELETE", "THREAD_DELETE":
		u.guilds[h.GuildID] = slices.DeleteFunc(u.guilds[h.GuildID], func(id string) bool { return id == h.ID })
		gone = []string{h.ID}
	}
	return gone
}
