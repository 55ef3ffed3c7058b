package telegram

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"tidings/bot"
	"tidings/subscriptions"
)

// errUnreadable is a result that says yes in a shape that is not known.
var errUnreadable = errors.New("the answer cannot be read")

// gone are the descriptions of status 400 that mean the chat and not the
// message. Those of status 403 all do.
var gone = []string{
	"chat not found",
	"user not found",
	"peer_id_invalid",
	"chat_id_invalid",
	"channel_private",
	"not enough rights",
	"need administrator rights",
	"have no rights to send",
	"chat_write_forbidden",
	"chat_restricted",
	"chat_admin_required",
	"chat_guest_send_forbidden",
	"user_banned_in_channel",
	"chat_send_plain_forbidden",
	"user_is_blocked",
	"user_deactivated",
	"input_user_deactivated",
	"user_is_bot",
	"bot was kicked",
	"bot is not a member",
	"group chat was deactivated",
	"group chat was deleted",
	"message thread not found",
	"topic_closed",
	"topic_deleted",
}

// classify says what a failed call means. written reports whether the request
// may have reached the server.
func classify(err error, written bool) *bot.SendError {
	if answer := (*tgbotapi.Error)(nil); errors.As(err, &answer) {
		return classifyAnswer(answer)
	}
	failed := &bot.SendError{Class: bot.NotSent, Why: describe(err)}
	status := statusError(0)
	switch {
	case errors.As(err, &status) && status == http.StatusTooManyRequests:
		failed.Class, failed.RetryAfter = bot.RateLimited, 5*time.Second
	case errors.As(err, &status) && status >= 300 && status < 500:
		// Whatever stands before the server did not let the request through.
	case written:
		failed.Class = bot.Ambiguous
	}
	return failed
}

func classifyAnswer(answer *tgbotapi.Error) *bot.SendError {
	why := answer.Message
	for _, prefix := range []string{"Bad Request: ", "Forbidden: "} {
		why = strings.TrimPrefix(why, prefix)
	}
	if why == "" {
		why = "status " + strconv.Itoa(answer.Code)
	}
	failed := &bot.SendError{Class: bot.BadMessage, Why: why}
	switch {
	case answer.MigrateToChatID != 0:
		failed.Class = bot.Moved
		failed.Target = subscriptions.Chat{Platform: name, ID: strconv.FormatInt(answer.MigrateToChatID, 10)}
	case answer.Code == http.StatusTooManyRequests:
		failed.Class = bot.RateLimited
		failed.RetryAfter = time.Duration(max(answer.RetryAfter, 1)) * time.Second
	case answer.Code == http.StatusUnauthorized, answer.Code == http.StatusNotFound:
		// An unknown token and an unknown method are both "Not Found".
		failed.Class = bot.Refused
	case answer.Code == http.StatusConflict:
		failed.Class = bot.NotSent
	case answer.Code >= 500:
		failed.Class = bot.Ambiguous
	case answer.Code == http.StatusForbidden || containsAny(strings.ToLower(why), gone):
		failed.Class = bot.BadTarget
	}
	return failed
}

func containsAny(s string, parts []string) bool {
	for _, part := range parts {
		if strings.Contains(s, part) {
			return true
		}
	}
	return false
}

// describe says what happened to a connection, in words that hold no address.
func describe(err error) string {
	var timeout net.Error
	var certificate *tls.CertificateVerificationError
	var dns *net.DNSError
	var errno syscall.Errno
	var status statusError
	switch {
	case errors.Is(err, context.Canceled):
		return "the call was given up"
	case errors.As(err, &dns):
		return "the server's name cannot be resolved"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return "no answer came in time"
	case errors.As(err, &certificate):
		return "the server's certificate is not valid"
	case errors.As(err, &status):
		return status.Error()
	case errors.As(err, &errno):
		return errno.Error()
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection was closed before the answer"
	case errors.Is(err, errUnreadable):
		return err.Error()
	}
	return "the connection failed"
}
