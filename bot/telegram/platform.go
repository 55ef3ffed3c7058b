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
	r, most := renderMessage(m), maxUnits
	if m.Picture.Uploads() {
		most = maxCaption
	}
	return r.units <= most && r.out.Len() <= maxBytes && r.links <= maxLinks && r.entities <= maxEntities
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
	r := requestFor(c, m)
	if c.Thread != "" {
		r.params["message_thread_id"] = c.Thread
	}
	r.params.AddBool("disable_notification", m.Silent)
	if replyTo != 0 {
		r.params["reply_parameters"] = fmt.Sprintf(`{"message_id":%d,"allow_sending_without_reply":true}`, replyTo)
	}
	var sent struct {
		ID int `json:"message_id"`
	}
	if err := p.write(ctx, c, m, r, &sent); err != nil {
		return "", err
	}
	return strconv.Itoa(sent.ID), nil
}

// edit puts m in place of a message of text. Photos stay photos, and text stays text.
func (p *Platform) edit(ctx context.Context, c subscriptions.Chat, m bot.Message, id int) error {
	r := requestFor(c, m)
	if r.photo != nil {
		return &bot.SendError{Class: bot.BadMessage, Method: "editMessageText", Why: "a message of text cannot become a photo"}
	}
	r.method = "editMessageText"
	r.params["message_id"] = strconv.Itoa(id)
	err := p.write(ctx, c, m, r, nil)
	if failed := (*bot.SendError)(nil); errors.As(err, &failed) && strings.Contains(failed.Why, "message is not modified") {
		return nil
	}
	return err
}

// request shows a message in a chat.
type request struct {
	method  string
	params  tgbotapi.Params
	photo   []byte // uploaded with it, or nil
	preview string // the address of the text's preview, or empty
}

// requestFor is the request that sends m: a photo with a caption when it has a
// file, else a text. The address of a picture becomes the text's preview, which
// is missing, and nothing else, when the picture cannot be fetched.
func requestFor(c subscriptions.Chat, m bot.Message) request {
	r := request{method: "sendMessage", preview: m.Picture.Address(), params: tgbotapi.Params{"chat_id": c.ID, "parse_mode": "HTML"}}
	if m.Picture.Uploads() {
		r.method, r.photo = "sendPhoto", m.Picture.File
	}
	r.say(renderMessage(m).out.String())
	if markup := keyboard(m.Buttons); markup != nil {
		// The keyboard holds strings only, which always marshal.
		text, _ := json.Marshal(markup)
		r.params["reply_markup"] = string(text)
	}
	return r
}

// say sets the text, with its preview.
func (r request) say(text string) {
	if r.photo != nil {
		r.params["caption"] = text
		return
	}
	r.params["text"] = text
	options := linkPreview{Disabled: true}
	if r.preview != "" {
		options = linkPreview{URL: r.preview, Large: true, Above: true}
	}
	encoded, _ := json.Marshal(options) // strings and booleans always marshal
	r.params["link_preview_options"] = string(encoded)
}

// linkPreview is the Bot API's LinkPreviewOptions.
type linkPreview struct {
	Disabled bool   `json:"is_disabled,omitempty"`
	URL      string `json:"url,omitempty"`
	Large    bool   `json:"prefer_large_media,omitempty"`
	Above    bool   `json:"show_above_text,omitempty"`
}

// write waits for the limits and makes a request. What is refused before
// anything is sent, and could be so for its markup or its picture, is tried once
// more without these.
func (p *Platform) write(ctx context.Context, c subscriptions.Chat, m bot.Message, r request, result any) error {
	for {
		if failed := p.limits.wait(ctx, c.ID); failed != nil {
			failed.Method = r.method
			return failed
		}
		failed := p.make(ctx, r, result)
		switch {
		case failed == nil:
			return nil
		case failed.Class == bot.RateLimited:
			p.limits.freeze(c.ID, failed.RetryAfter)
		case failed.Class == bot.Moved:
			failed.Target.Thread = c.Thread
		case failed.Class == bot.BadMessage && r.params["parse_mode"] != "" && strings.Contains(failed.Why, "can't parse entities"):
			p.log.Error("telegram could not read the markup; sending it as plain text", "why", failed.Why)
			delete(r.params, "parse_mode")
			r.say(bot.Clean(m.Plain()))
			continue
		case r.aboutPicture(failed):
			p.log.Warn("telegram refused a picture; sending the text alone", "chat", c.String(), "why", failed.Why)
			text := r.params["caption"] + r.params["text"] // of which there is one
			if r.photo != nil {
				delete(r.params, "caption")
				r.method = "sendMessage"
			}
			r.photo, r.preview = nil, ""
			r.say(text)
			continue
		}
		return failed
	}
}

// make makes a request once.
func (p *Platform) make(ctx context.Context, r request, result any) *bot.SendError {
	if r.photo != nil {
		return p.upload(ctx, r.method, r.params, r.photo, result)
	}
	return p.call(ctx, r.method, r.params, result)
}

// aboutPicture reports whether a picture was refused where its text may pass.
func (r request) aboutPicture(failed *bot.SendError) bool {
	why := strings.ToLower(failed.Why)
	switch {
	case r.photo != nil:
		return failed.Class == bot.BadMessage || failed.Class == bot.BadTarget && containsAny(why, []string{"photo", "media"})
	case r.preview != "":
		return failed.Class == bot.BadMessage && containsAny(why, []string{"preview", "url", "web page", "webpage"})
	}
	return false
}
