package bot

import (
	"fmt"
	"time"

	"tidings/subscriptions"
)

// Class says what a failed call to a network means for the caller.
type Class string

// The classes of failure.
const (
	// NotSent: the message was certainly not sent, and the same call may succeed later.
	NotSent Class = "not sent"
	// RateLimited: the message was certainly not sent; repeat after RetryAfter.
	RateLimited Class = "rate limited"
	// Ambiguous: the message may or may not have been sent.
	Ambiguous Class = "ambiguous"
	// BadTarget: this chat cannot be written to, now and later; nothing was sent.
	BadTarget Class = "bad target"
	// BadMessage: this message is refused, now and later; others may pass.
	BadMessage Class = "bad message"
	// Moved: the chat has a new id, in Target; nothing was sent.
	Moved Class = "moved"
	// Refused: the network refuses the bot itself (a revoked token); stop.
	Refused Class = "refused"
)

// SendError is the error of every call to a network. Its text is a sentence
// without tokens or URLs.
type SendError struct {
	Class Class
	// RetryAfter is how long to wait, for RateLimited.
	RetryAfter time.Duration
	// Target is the chat's new id, for Moved.
	Target subscriptions.Chat
	// Method is what was called, such as "sendMessage".
	Method string
	// Why is what the network said, or what happened, in words.
	Why string
}

// Error implements error.
func (e *SendError) Error() string {
	return fmt.Sprintf("%s: %s: %s", e.Method, e.Class, e.Why)
}
