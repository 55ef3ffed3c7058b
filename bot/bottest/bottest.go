// Package bottest is the conformance kit that every adapter of [bot.Platform]
// passes: the same cases on every network, against a fake that refuses what
// the real network refuses. Only tests import it.
package bottest

import (
	"testing"

	"tidings/bot"
	"tidings/subscriptions"
)

// Network is a fake of one chat network as the kit sees it: what people do
// there, what they see there, and what breaks there.
type Network interface {
	// Private and Group are the chats of one person with the bot, and of a group
	// which that person administers.
	Private() subscriptions.Chat
	Group() subscriptions.Chat
	// Say makes the person give a command ("/subscribe Peace talks daily 08:00").
	// A network with options fills them from the words in their order.
	Say(c subscriptions.Chat, line string)
	// SayAsGuest does the same in the group as someone who administers nothing.
	SayAsGuest(line string)
	// Press presses the button with a label under the newest message that has it.
	Press(c subscriptions.Chat, label string)
	// Shown are the messages of a chat that people see now, oldest first.
	Shown(c subscriptions.Chat) []Shown
	// Break makes the next call that would create a message meet a fault.
	Break(f Fault)
}

// Shown is a message as people see it: text without markup, links beside it.
type Shown struct {
	ID      string
	Text    string
	Links   []string
	Buttons []string // labels
}

// Fault is what goes wrong with one call.
type Fault string

// The faults that every fake knows.
const (
	RateLimit    Fault = "rate limit"   // refused with a time to wait of 1 second; nothing is created
	Drop         Fault = "drop"         // the connection breaks after the message was created
	Refuse       Fault = "refuse"       // the connection cannot be opened
	Gateway      Fault = "bad gateway"  // an HTML page with status 502; nothing is created
	Forbidden    Fault = "forbidden"    // the chat no longer takes messages
	BadRequest   Fault = "bad request"  // the message is refused
	Unauthorized Fault = "unauthorized" // the token is refused
	Slow         Fault = "slow"         // no answer until the caller gives up; the message was created
)

// Setup is a fresh platform with its fake. Secrets are the strings that must
// never show in an error or a log line; Log gives all that was logged so far.
type Setup struct {
	Platform bot.Platform
	Network  Network
	Secrets  []string
	Log      func() string
}

// Run runs every case, each with a fresh Setup.
func Run(t *testing.T, setup func(t *testing.T) Setup) {
	t.Helper()
}
