package telegram

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"tidings/bot"
	"tidings/subscriptions"
)

// said answers a message, when it is a command for this bot. The payload of a
// deep link comes as the words behind /start.
func (p *Platform) said(ctx context.Context, h bot.Handler, id int64, m *message) {
	if m.MigrateTo != 0 {
		p.moved(ctx, h, chatOf(m.Chat.ID, 0), strconv.FormatInt(m.MigrateTo, 10))
		return
	}
	command, addressee, text := readCommand(m.Text)
	if command == "" || m.Forwarded != nil || m.AutoForwarded {
		return
	}
	self := p.self.Load()
	if addressee != "" && !strings.EqualFold(addressee, self.UserName) {
		return
	}
	u, ok := p.speaker(ctx, m)
	if !ok {
		return
	}
	u.ID = strconv.FormatInt(id, 10)
	u.Command, u.Text = command, text
	p.reply(ctx, h, u, m)
}

// readCommand reads a command, the bot that it is meant for ("/name@bot"), and
// the words behind it. Without a command, the name is empty.
func readCommand(line string) (name, addressee, text string) {
	line, ok := strings.CutPrefix(line, "/")
	end := strings.IndexFunc(line+" ", unicode.IsSpace)
	name, addressee, _ = strings.Cut(line[:end], "@")
	if !ok || len(name) > 32 || !isName(name) || !isName(addressee) {
		return "", "", ""
	}
	return strings.ToLower(name), addressee, strings.TrimSpace(line[end:])
}

// isName reports whether a text, which may be empty, has only what the names of
// bots, chats and commands have.
func isName(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf || !wordByte(byte(r)) }) < 0
}

// speaker is the person behind a message, and the place. It is not ok for bots
// and for messages from nobody.
func (p *Platform) speaker(ctx context.Context, m *message) (bot.Update, bool) {
	place := placeOf(m.Chat, m.thread())
	switch {
	case m.SenderChat != nil && m.SenderChat.ID == m.Chat.ID:
		// A channel's post, or an administrator who is anonymous in a group: only
		// those who administer the place can speak in its name.
		place.Administered = true
		return bot.Update{Place: place, User: chatUser(m.SenderChat, m.Signature)}, true
	case m.SenderChat != nil:
		return bot.Update{Place: place, User: chatUser(m.SenderChat, "")}, true
	case m.From == nil || m.From.IsBot:
		return bot.Update{}, false
	}
	place.Administered = p.administers(ctx, m.Chat, m.From.ID)
	return bot.Update{Place: place, User: userOf(*m.From)}, true
}

// pressed answers a pressed button. The press itself is acknowledged first: a
// person's client waits for that.
func (p *Platform) pressed(ctx context.Context, h bot.Handler, id int64, c *callback) {
	if failed := p.call(ctx, "answerCallbackQuery", tgbotapi.Params{"callback_query_id": c.ID}, nil); failed != nil {
		p.log.Debug("a pressed button could not be acknowledged", "error", failed)
	}
	if c.Message == nil || c.Data == "" {
		return
	}
	place := placeOf(c.Message.Chat, c.Message.thread())
	place.Administered = p.administers(ctx, c.Message.Chat, c.From.ID)
	u := bot.Update{ID: strconv.FormatInt(id, 10), Place: place, User: userOf(c.From), Action: c.Data}
	p.reply(ctx, h, u, c.Message)
}

// reply lets the handler answer and shows the answer: instead of the message
// at hand, or below it.
func (p *Platform) reply(ctx context.Context, h bot.Handler, u bot.Update, m *message) {
	answer := h.Handle(ctx, u)
	if len(answer.Message.Sections) == 0 {
		return
	}
	replyTo := 0
	if u.Place.Kind == bot.Group && u.Action == "" {
		replyTo = m.ID
	}
	for i, part := range bot.Split(answer.Message, p.Fits) {
		if i == 0 && answer.Edit && u.Action != "" {
			err := p.persist(ctx, func() error { return p.edit(ctx, u.Place.Chat, part, m.ID) })
			if err == nil {
				continue
			}
			// A message that is old or gone cannot be edited; a new one can be sent.
			if failed := (*bot.SendError)(nil); !errors.As(err, &failed) || failed.Class != bot.BadMessage {
				p.log.Warn("an answer could not be shown", "chat", u.Place.Chat.String(), "error", err)
				return
			}
		}
		err := p.persist(ctx, func() error {
			_, err := p.create(ctx, u.Place.Chat, part, replyTo)
			return err
		})
		if failed := (*bot.SendError)(nil); errors.As(err, &failed) && failed.Class == bot.Moved {
			p.moved(ctx, h, u.Place.Chat, failed.Target.ID)
			u.Place.Chat, replyTo = failed.Target, 0
			_, err = p.create(ctx, u.Place.Chat, part, 0)
		}
		if err != nil {
			p.log.Warn("an answer could not be shown", "chat", u.Place.Chat.String(), "error", err)
			return
		}
		replyTo = 0
	}
}

// persist repeats a call that certainly did nothing, a few times within ctx.
func (p *Platform) persist(ctx context.Context, call func() error) error {
	for attempt := 1; ; attempt++ {
		err := call()
		failed := (*bot.SendError)(nil)
		again := errors.As(err, &failed) && (failed.Class == bot.NotSent || failed.Class == bot.RateLimited)
		if !again || attempt == 5 || ctx.Err() != nil {
			return err
		}
		wait := max(backoff(attempt), failed.RetryAfter)
		if deadline, ok := ctx.Deadline(); ok && time.Now().Add(wait).After(deadline) {
			return err
		}
		sleep(ctx, wait)
	}
}

func (p *Platform) moved(ctx context.Context, h bot.Handler, from subscriptions.Chat, to string) {
	from.Thread = ""
	h.Moved(ctx, from, subscriptions.Chat{Platform: name, ID: to})
}

// memberChanged hears what became of the bot itself in a chat.
func (p *Platform) memberChanged(ctx context.Context, h bot.Handler, c *memberChange) {
	p.members.forget(c.Chat.ID)
	why := ""
	switch {
	case c.New.Status != "left" && c.New.Status != "kicked":
		return
	case c.Chat.IsPrivate():
		why = "The person has blocked the bot."
	case c.Chat.IsChannel():
		why = "The bot was removed from the channel."
	default:
		why = "The bot was removed from the group."
	}
	h.Left(ctx, chatOf(c.Chat.ID, 0), why)
}

// thread is the forum topic of a message, or 0. Replies outside forums carry a
// thread id too, which is none to send to.
func (m *message) thread() int {
	if !m.Topic {
		return 0
	}
	return m.Thread
}

func chatOf(id int64, thread int) subscriptions.Chat {
	c := subscriptions.Chat{Platform: name, ID: strconv.FormatInt(id, 10)}
	if thread != 0 {
		c.Thread = strconv.Itoa(thread)
	}
	return c
}

func placeOf(c tgbotapi.Chat, thread int) bot.Place {
	place := bot.Place{Chat: chatOf(c.ID, thread), Kind: bot.Group, Title: c.Title}
	switch {
	case c.IsPrivate():
		place.Kind, place.Title = bot.Private, strings.TrimSpace(c.FirstName+" "+c.LastName)
	case c.IsChannel():
		place.Kind = bot.Channel
	}
	return place
}

func userOf(u tgbotapi.User) bot.User {
	language, _, _ := strings.Cut(u.LanguageCode, "-")
	return bot.User{
		Platform: name, ID: strconv.FormatInt(u.ID, 10),
		Name: strings.TrimSpace(u.FirstName + " " + u.LastName), Language: language,
	}
}

// chatUser is a person who speaks in a chat's name.
func chatUser(c *tgbotapi.Chat, signature string) bot.User {
	u := bot.User{Platform: name, ID: strconv.FormatInt(c.ID, 10), Name: signature}
	if u.Name == "" {
		u.Name = c.Title
	}
	return u
}
