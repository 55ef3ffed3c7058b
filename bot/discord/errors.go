package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"tidings/bot"
)

// longestWhy bounds what is repeated of the network's words, in bytes.
const longestWhy = 300

// busyWait is how long to wait when the network names no time.
const busyWait = 10 * time.Second

// refusal is the network's answer to a request that it did not take.
type refusal struct {
	Code       int             `json:"code"`
	Message    string          `json:"message"`
	RetryAfter float64         `json:"retry_after"` // seconds
	Global     bool            `json:"global"`
	Errors     json.RawMessage `json:"errors"`
}

// refused turns an answer with an error status into an error, and reports
// whether the refusal is for every request alike. A body that is not the
// network's own JSON comes from Cloudflare or another proxy in between.
func refused(status int, header http.Header, body []byte, authorized bool) (e *bot.SendError, everything bool) {
	var r refusal
	fromNetwork := json.Unmarshal(body, &r) == nil
	everything = r.Global || !fromNetwork || header.Get("X-RateLimit-Scope") == "global"
	e = &bot.SendError{Class: classOf(status, r.Code, fromNetwork, authorized), Why: r.why(status)}
	if e.Class == bot.RateLimited {
		e.RetryAfter = time.Duration(min(r.RetryAfter, 86400) * float64(time.Second))
		if e.RetryAfter <= 0 {
			e.RetryAfter = seconds(header.Get("Retry-After"))
		}
		if e.RetryAfter <= 0 {
			e.RetryAfter = busyWait
		}
	}
	return e, everything
}

// classOf says what an answer means for the caller. The codes are those of
// docs.discord.com/developers/topics/opcodes-and-status-codes#json.
func classOf(status, code int, fromNetwork, authorized bool) bot.Class {
	switch code {
	case 10003, 10004, // unknown channel, server
		50001, 50013, // missing access, permission
		50007, 50278, // the person takes no messages, shares no server
		50008, 50024, // not a place for text
		50083, 160005: // archived, locked thread
		return bot.BadTarget
	case 20016, 20028, 20029, 40003, 40062, 130000: // slow mode, write limits, overload
		return bot.RateLimited
	case 40333: // blocked before the API was reached
		return bot.NotSent
	}
	switch {
	case status == http.StatusTooManyRequests:
		return bot.RateLimited
	case status == http.StatusUnauthorized && authorized:
		return bot.Refused
	case status >= 500:
		return bot.Ambiguous
	case !fromNetwork || code == 0:
		return bot.NotSent
	case status == http.StatusForbidden && code != 200000: // 200000: a filter refused these words
		return bot.BadTarget
	}
	return bot.BadMessage
}

// why puts the refusal into words: what the network said, and the first detail of it.
func (r refusal) why(status int) string {
	why := fmt.Sprintf("HTTP %d", status)
	if r.Message != "" {
		why = fmt.Sprintf("%s (code %d, HTTP %d)", r.Message, r.Code, status)
	}
	if detail := firstDetail(r.Errors); detail != "" {
		why += ": " + detail
	}
	if len(why) > longestWhy {
		why = strings.ToValidUTF8(why[:longestWhy], "") + "…"
	}
	return why
}

// firstDetail finds the first message in the nested errors of a refused form.
func firstDetail(raw json.RawMessage) string {
	decoder := json.NewDecoder(strings.NewReader(string(raw)))
	for {
		token, err := decoder.Token()
		if err != nil {
			return ""
		}
		if token == "message" {
			if value, err := decoder.Token(); err == nil {
				text, _ := value.(string)
				return text
			}
		}
	}
}

// failed turns an exchange that broke into an error. Its words are our own:
// those of package net hold addresses, and those of net/http tokens.
func failed(err error, written bool) *bot.SendError {
	var wait *tooLong
	if errors.As(err, &wait) {
		return &bot.SendError{Class: bot.RateLimited, RetryAfter: wait.wait, Why: "Discord asks for a pause"}
	}
	e := &bot.SendError{Class: bot.NotSent, Why: "the connection could not be opened"}
	if written {
		e.Class, e.Why = bot.Ambiguous, "the connection broke before the answer came"
	}
	switch {
	case errors.Is(err, context.Canceled):
		e.Why = "the call was given up"
	case errors.Is(err, context.DeadlineExceeded):
		e.Why = "no answer came in time"
	}
	return e
}

// sendError is err as the error of a named method, without what must not be shown.
func sendError(method string, err error) *bot.SendError {
	var e *bot.SendError
	if !errors.As(err, &e) {
		e = failed(err, true)
	}
	named := *e
	named.Method = method
	return &named
}
