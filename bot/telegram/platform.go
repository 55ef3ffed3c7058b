// Package telegram is the adapter of Telegram's Bot API: it turns a
// [bot.Message] into HTML that the Bot API takes, and updates into commands.
// It polls; it has no webhook. It owns the network's limits and the meaning of
// its errors, and knows no news.
package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"tidings/bot"
	"tidings/subscriptions"
)

// DefaultAPIURL is the public Bot API server.
const DefaultAPIURL = "https://api.telegram.org"

// name is the Platform of every chat here.
const name = "telegram"

// Config says which bot this is.
type Config struct {
	// Token is the bot's token from @BotFather.
	Token bot.Secret
	// APIURL is the base to which /bot<token>/<method> is added. Empty means
	// [DefaultAPIURL].
	APIURL string
}

// Platform implements [bot.Platform].
type Platform struct {
	// config stands behind a pointer so that no way of printing a Platform shows
	// the token.
	config    *Config
	log       *slog.Logger
	client    *http.Client
	limits    *limits
	members   *members
	self      atomic.Pointer[tgbotapi.User]
	connected atomic.Bool
}

// looksLikeToken reports whether a text has the shape of every token: the bot's
// id and a secret.
func looksLikeToken(s string) bool {
	id, secret, _ := strings.Cut(s, ":")
	return id != "" && strings.Trim(id, "0123456789") == "" && len(secret) >= 10 && isName(strings.ReplaceAll(secret, "-", "_"))
}

// New is a Platform that has not connected yet. It fails when the
// configuration cannot be right.
func New(c Config, log *slog.Logger) (*Platform, error) {
	if !looksLikeToken(string(c.Token)) {
		return nil, errors.New("telegram.token does not look like a token from @BotFather, such as 123456:ABC-DEF")
	}
	if c.APIURL == "" {
		c.APIURL = DefaultAPIURL
	}
	u, err := url.Parse(c.APIURL)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return nil, errors.New("telegram.api_url is not an http or https address")
	}
	c.APIURL = strings.TrimRight(c.APIURL, "/")
	return &Platform{config: &c, log: log, client: newClient(), limits: newLimits(), members: newMembers()}, nil
}

// Name implements [bot.Platform].
func (p *Platform) Name() string { return name }

// Limits implements [bot.Platform]. Telegram has no key that makes a repeated
// send harmless, and a bot cannot read what it has sent.
func (p *Platform) Limits() bot.Limits { return bot.Limits{Rows: 12, RowButtons: 8, Label: maxLabel} }

// Fits implements [bot.Platform].
func (p *Platform) Fits(m bot.Message) bool { return fits(m) }

func fits(m bot.Message) bool {
	r := renderMessage(m)
	return r.units <= maxUnits && r.out.Len() <= maxBytes && r.links <= maxLinks && r.entities <= maxEntities
}

// Connected implements [bot.Platform].
func (p *Platform) Connected() bool { return p.connected.Load() }

// Send implements [bot.Platform].
func (p *Platform) Send(ctx context.Context, c subscriptions.Chat, m bot.Message, _ string) (string, error) {
	return p.create(ctx, c, m, 0)
}

// Find implements [bot.Platform]: a bot cannot look at a chat's messages.
func (p *Platform) Find(context.Context, subscriptions.Chat, bot.Message, time.Time) (string, error) {
	return "", &bot.SendError{Class: bot.NotSent, Method: "find", Why: "Telegram does not let a bot look up what it has sent."}
}

// create sends a message, as a reply to another one when replyTo is not 0.
func (p *Platform) create(ctx context.Context, c subscriptions.Chat, m bot.Message, replyTo int) (string, error) {
	params := messageParams(c, m)
	if c.Thread != "" {
		params["message_thread_id"] = c.Thread
	}
	params.AddBool("disable_notification", m.Silent)
	if replyTo != 0 {
		params["reply_parameters"] = fmt.Sprintf(`{"message_id":%d,"allow_sending_without_reply":true}`, replyTo)
	}
	var sent struct {
		ID int `json:"message_id"`
	}
	if err := p.write(ctx, "sendMessage", c, m, params, &sent); err != nil {
		return "", err
	}
	return strconv.Itoa(sent.ID), nil
}

// edit puts m in place of a message.
func (p *Platform) edit(ctx context.Context, c subscriptions.Chat, m bot.Message, id int) error {
	params := messageParams(c, m)
	params["message_id"] = strconv.Itoa(id)
	err := p.write(ctx, "editMessageText", c, m, params, nil)
	if failed := (*bot.SendError)(nil); errors.As(err, &failed) && strings.Contains(failed.Why, "message is not modified") {
		return nil
	}
	return err
}

func messageParams(c subscriptions.Chat, m bot.Message) tgbotapi.Params {
	params := tgbotapi.Params{
		"chat_id":              c.ID,
		"text":                 renderMessage(m).out.String(),
		"parse_mode":           "HTML",
		"link_preview_options": `{"is_disabled":true}`,
	}
	if markup := keyboard(m.Buttons); markup != nil {
		// The keyboard holds strings only, which always marshal.
		text, _ := json.Marshal(markup)
		params["reply_markup"] = string(text)
	}
	return params
}

// write waits for the limits and calls a method that shows m in c. HTML that
// the server cannot read, which is refused before anything is sent, is tried
// once more as plain text.
func (p *Platform) write(ctx context.Context, method string, c subscriptions.Chat, m bot.Message, params tgbotapi.Params, result any) error {
	for {
		if failed := p.limits.wait(ctx, c.ID); failed != nil {
			failed.Method = method
			return failed
		}
		failed := p.call(ctx, method, params, result)
		switch {
		case failed == nil:
			return nil
		case failed.Class == bot.RateLimited:
			p.limits.freeze(c.ID, failed.RetryAfter)
		case failed.Class == bot.Moved:
			failed.Target.Thread = c.Thread
		case failed.Class == bot.BadMessage && params["parse_mode"] != "" && strings.Contains(failed.Why, "can't parse entities"):
			p.log.Error("telegram could not read the markup; sending it as plain text", "why", failed.Why)
			delete(params, "parse_mode")
			params["text"] = bot.Clean(m.Plain())
			continue
		}
		return failed
	}
}
