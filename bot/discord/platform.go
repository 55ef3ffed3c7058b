// Package discord is the adapter for Discord: it turns a message into what
// Discord accepts, and what people do there into updates. It knows no news. It
// speaks through discordgo, whose own reconnecting, retrying, rate limiting and
// logging it replaces: see transport and gateway.
package discord

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"

	"tidings/bot"
	"tidings/subscriptions"
)

// defaultAPI is where Discord is.
const defaultAPI = "https://discord.com"

// repeatWithin is how long a nonce surely counts; Discord says "a few minutes".
const repeatWithin = 2 * time.Minute

// Config says which bot this is and where its network is.
type Config struct {
	// Token is the bot's token, without "Bot" before it.
	Token bot.Secret
	// APIURL is the base to which /api/v9/... is added; empty means Discord's own.
	APIURL string
}

// Platform implements [bot.Platform].
type Platform struct {
	rest      *discordgo.Session
	session   func() *discordgo.Session // a new one; the token is in it alone
	log       *slog.Logger
	times     times
	connected atomic.Bool
	self      atomic.Pointer[string] // the bot's own user id, once it is known
}

// times are what a platform waits for; tests shorten them.
type times struct {
	open        time.Duration // until a connection is ready
	backoff     time.Duration // before the second attempt to connect; it doubles
	acknowledge time.Duration // until an interaction is acknowledged without an answer
}

// usualTimes are well within Discord's own: it shows a failure when nothing is
// answered to an interaction within 3 seconds.
var usualTimes = times{open: 20 * time.Second, backoff: time.Second, acknowledge: 1500 * time.Millisecond}

// New is a Platform that has not connected yet. The error is a sentence for
// the operator.
func New(c Config, log *slog.Logger) (*Platform, error) {
	token := string(c.Token)
	if token == "" || strings.ContainsAny(token, " \t\r\n") {
		return nil, errors.New("the Discord token is empty or has a space in it; copy it from the Bot page of the Discord developer portal")
	}
	if c.APIURL == "" {
		c.APIURL = defaultAPI
	}
	base, err := url.Parse(strings.TrimRight(c.APIURL, "/"))
	if err != nil || (base.Scheme != "http" && base.Scheme != "https") || base.Host == "" {
		return nil, errors.New("the Discord api_url is no address; write one such as " + defaultAPI + ", or leave it out")
	}
	client := &http.Client{Transport: newTransport(base, token)}
	newSession := func() *discordgo.Session { return session(token, client) }
	return &Platform{log: log, times: usualTimes, session: newSession, rest: newSession()}, nil
}

// session is a discordgo session that does nothing by itself and logs nothing.
func session(token string, client *http.Client) *discordgo.Session {
	s, _ := discordgo.New("Bot " + token) // the error is always nil
	s.Client = client
	s.LogLevel = -1 // below discordgo.LogError: its messages hold tokens
	s.MaxRestRetries = 0
	s.ShouldRetryOnRateLimit = false
	s.ShouldReconnectOnError = false
	s.StateEnabled = false
	s.SyncEvents = true
	s.Compress = false
	s.Identify.Intents = discordgo.IntentsGuilds
	return s
}

// Name implements [bot.Platform].
func (p *Platform) Name() string { return "discord" }

// Limits implements [bot.Platform].
func (p *Platform) Limits() bot.Limits {
	return bot.Limits{Rows: rows, RowButtons: rowButtons, Label: labelLimit, RepeatWithin: repeatWithin, Lookup: true}
}

// Fits implements [bot.Platform].
func (p *Platform) Fits(m bot.Message) bool { return fits(m) }

// Connected implements [bot.Platform].
func (p *Platform) Connected() bool { return p.connected.Load() }

// call makes one request and decodes the answer into out, which may be nil.
func (p *Platform) call(ctx context.Context, name, method, endpoint string, in, out any) error {
	var payload []byte
	if in != nil {
		var err error
		if payload, err = json.Marshal(in); err != nil {
			return &bot.SendError{Class: bot.BadMessage, Method: name, Why: "the request cannot be written as JSON"}
		}
	}
	return p.request(ctx, name, method, endpoint, "application/json", payload, out)
}

// request is call with a body that is already written.
func (p *Platform) request(ctx context.Context, name, method, endpoint, kind string, payload []byte, out any) error {
	// A bucket of its own for every call: those that discordgo keeps are locked
	// without regard to the context, and never freed.
	bucket := discordgo.NewRatelimiter().LockBucket("")
	answer, err := p.rest.RequestWithLockedBucket(method, endpoint, kind, payload, bucket, 0, discordgo.WithContext(ctx))
	if err != nil {
		return sendError(name, err)
	}
	if out != nil && json.Unmarshal(answer, out) != nil {
		return &bot.SendError{Class: bot.Ambiguous, Method: name, Why: "the answer is not what Discord answers"}
	}
	return nil
}

// Send implements [bot.Platform].
func (p *Platform) Send(ctx context.Context, c subscriptions.Chat, m bot.Message, key string) (string, error) {
	const method = "create message"
	b := render(m)
	if b.empty() || !fits(m) {
		return "", &bot.SendError{Class: bot.BadMessage, Method: method, Why: "the message is empty or does not fit"}
	}
	if !snowflake(c.ID) {
		return "", &bot.SendError{Class: bot.BadTarget, Method: method, Why: "that is no Discord channel"}
	}
	b.Nonce, b.Enforce = nonce(key), true
	var created struct {
		ID string `json:"id"`
	}
	err := p.show(ctx, method, http.MethodPost, discordgo.EndpointChannelMessages(c.ID), b, itself, &created)
	return created.ID, err
}

// nonce is what Discord knows an attempt by: within a few minutes, a message
// with the nonce of another is not created but the other returned.
func nonce(key string) string {
	sum := sha256.Sum256([]byte(key))
	return base32.StdEncoding.EncodeToString(sum[:])[:24]
}

// snowflake reports whether s can be an id of Discord.
func snowflake(s string) bool {
	return s != "" && len(s) <= 20 && strings.Trim(s, "0123456789") == ""
}

// The clock of ids: https://docs.discord.com/developers/reference#snowflakes.
const epoch = 1420070400000

// created is when the thing with an id was made.
func created(id string) time.Time {
	n, _ := strconv.ParseInt(id, 10, 64)
	return time.UnixMilli(n>>22 + epoch)
}

// pageSize and pages bound how far back Find looks: a thousand messages.
const (
	pageSize = 100
	pages    = 10
)

// clockError is how far the clocks of this machine and of Discord may differ.
const clockError = time.Minute

// posted is a message as Discord lists it.
type posted struct {
	ID      string                    `json:"id"`
	Author  struct{ ID string }       `json:"author"`
	Content string                    `json:"content"`
	Embeds  []*discordgo.MessageEmbed `json:"embeds"`
}

// Find implements [bot.Platform].
func (p *Platform) Find(ctx context.Context, c subscriptions.Chat, m bot.Message, since time.Time) (string, error) {
	self, err := p.selfID(ctx)
	if err != nil {
		return "", err
	}
	want, before := normal(render(m).text()), ""
	for range pages {
		query := "?limit=" + strconv.Itoa(pageSize)
		if before != "" {
			query += "&before=" + before
		}
		var page []posted
		err := p.call(ctx, "list messages", http.MethodGet, discordgo.EndpointChannelMessages(c.ID)+query, nil, &page)
		if err != nil {
			return "", err
		}
		if before == "" && len(page) == 0 {
			return "", p.mayRead(ctx, c.ID)
		}
		for _, message := range page {
			if created(message.ID).Before(since.Add(-clockError)) {
				return "", nil
			}
			said := body{Content: message.Content, Embeds: message.Embeds}
			if message.Author.ID == self && normal(said.text()) == want {
				return message.ID, nil
			}
			before = message.ID
		}
		if len(page) < pageSize {
			return "", nil
		}
	}
	return "", &bot.SendError{Class: bot.NotSent, Method: "list messages", Why: "there are too many messages to look through"}
}

// normal is a text without what Discord trims.
func normal(text string) string { return strings.Join(strings.Fields(text), " ") }

// selfID is the bot's own user id.
func (p *Platform) selfID(ctx context.Context) (string, error) {
	if id := p.self.Load(); id != nil {
		return *id, nil
	}
	var self struct {
		ID string `json:"id"`
	}
	if err := p.call(ctx, "get own user", http.MethodGet, discordgo.EndpointUser("@me"), nil, &self); err != nil {
		return "", err
	}
	p.self.Store(&self.ID)
	return self.ID, nil
}
