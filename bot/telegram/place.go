package telegram

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"tidings/bot"
)

// Administrators change rarely; my_chat_member tells when the bot's own rights do.
const (
	memberFor  = time.Minute
	maxMembers = 4096
)

// members remembers for a minute what somebody may do in a chat.
type members struct {
	mu    sync.Mutex
	known map[member]memberState
}

type member struct{ chat, user int64 }

type memberState struct {
	tgbotapi.ChatMember
	until time.Time
}

func newMembers() *members { return &members{known: map[member]memberState{}} }

func (m *members) get(key member, now time.Time) (tgbotapi.ChatMember, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.known[key]
	return s.ChatMember, ok && now.Before(s.until)
}

func (m *members) put(key member, c tgbotapi.ChatMember, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.known) >= maxMembers {
		clear(m.known)
	}
	m.known[key] = memberState{ChatMember: c, until: now.Add(memberFor)}
}

// forget drops what is known of a chat.
func (m *members) forget(chat int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for key := range m.known {
		if key.chat == chat {
			delete(m.known, key)
		}
	}
}

// member asks what somebody may do in a chat.
func (p *Platform) member(ctx context.Context, chat, user int64) (tgbotapi.ChatMember, *bot.SendError) {
	key := member{chat, user}
	if m, ok := p.members.get(key, time.Now()); ok {
		return m, nil
	}
	var m tgbotapi.ChatMember
	failed := p.call(ctx, "getChatMember", tgbotapi.Params{
		"chat_id": strconv.FormatInt(chat, 10), "user_id": strconv.FormatInt(user, 10),
	}, &m)
	if failed == nil {
		p.members.put(key, m, time.Now())
	}
	return m, failed
}

// administers reports whether a person administers a chat. Whoever cannot be
// asked about does not.
func (p *Platform) administers(ctx context.Context, c tgbotapi.Chat, user int64) bool {
	if c.IsPrivate() {
		return c.ID == user
	}
	m, failed := p.member(ctx, c.ID, user)
	if failed != nil {
		p.log.Warn("telegram did not say who administers a chat", "chat", c.ID, "error", failed)
		return false
	}
	return m.IsCreator() || m.IsAdministrator()
}

// chatID is what the Bot API calls a place by that people call by its @name, a
// link to it, or its id; or "".
func chatID(target string) string {
	target = strings.TrimSpace(target)
	if digits := strings.TrimPrefix(target, "-"); digits != "" && len(digits) < 20 && strings.Trim(digits, "0123456789") == "" {
		return target
	}
	name, named := strings.CutPrefix(target, "@")
	if !named {
		for _, prefix := range []string{"https://", "http://", "www."} {
			name = strings.TrimPrefix(name, prefix)
		}
		name, named = strings.CutPrefix(name, "t.me/")
		name = strings.TrimSuffix(name, "/")
	}
	if !named || len(name) < 4 || len(name) > 32 || !isName(name) {
		return ""
	}
	return "@" + name
}

// Place implements [bot.Platform].
func (p *Platform) Place(ctx context.Context, u bot.User, target string) (bot.Place, error) {
	id := chatID(target)
	if id == "" {
		return bot.Place{}, noPlace("%q is not the name of a channel or group: write @name, or its id.", target)
	}
	var c tgbotapi.Chat
	if failed := p.call(ctx, "getChat", tgbotapi.Params{"chat_id": id}, &c); failed != nil {
		if failed.Class == bot.BadTarget || failed.Class == bot.BadMessage {
			return bot.Place{}, noPlace("The bot sees no channel or group %q: add the bot to it, as an administrator if it is a channel, and try again.", target)
		}
		return bot.Place{}, failed
	}
	if c.IsPrivate() && strconv.FormatInt(c.ID, 10) != u.ID {
		return bot.Place{}, noPlace("%q is a person: name a channel or a group.", target)
	}
	place := placeOf(c, 0)
	place.Administered = p.speaksFor(ctx, c, u)
	obstacle, failed := p.obstacle(ctx, c)
	if failed != nil {
		return bot.Place{}, failed
	}
	place.Obstacle = obstacle
	return place, nil
}

func noPlace(format, target string) error {
	return &bot.SendError{Class: bot.BadTarget, Method: "getChat", Why: fmt.Sprintf(format, target)}
}

// speaksFor reports whether a person, or whoever speaks in a chat's name, administers c.
func (p *Platform) speaksFor(ctx context.Context, c tgbotapi.Chat, u bot.User) bool {
	id, err := strconv.ParseInt(u.ID, 10, 64)
	if err != nil || u.Platform != name {
		return false
	}
	return id == c.ID || id > 0 && p.administers(ctx, c, id)
}

// obstacle is a sentence that says why the bot cannot write to a chat, or "".
func (p *Platform) obstacle(ctx context.Context, c tgbotapi.Chat) (string, *bot.SendError) {
	if c.IsPrivate() {
		return "", nil
	}
	self, failed := p.me(ctx)
	if failed != nil {
		return "", failed
	}
	m, failed := p.member(ctx, c.ID, self.ID)
	if failed != nil && failed.Class != bot.BadTarget && failed.Class != bot.BadMessage {
		return "", failed
	}
	absent := failed != nil || m.Status == "left" || m.Status == "kicked"
	switch {
	case c.IsChannel() && (absent || !m.IsAdministrator() || !m.CanPostMessages):
		return fmt.Sprintf("The bot may not post in %s: make it an administrator there with the right to post messages.", c.Title), nil
	case c.IsChannel():
		return "", nil
	case absent:
		return fmt.Sprintf("The bot is not a member of %s: add it there.", c.Title), nil
	case m.Status == "restricted" && !m.CanSendMessages, m.Status == "member" && c.Permissions != nil && !c.Permissions.CanSendMessages:
		return fmt.Sprintf("The bot may not write in %s: allow it to send messages there, or make it an administrator.", c.Title), nil
	}
	return "", nil
}
