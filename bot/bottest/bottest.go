// Package bottest is the conformance kit that every adapter of [bot.Platform]
// passes: the same cases on every network, against a fake that refuses what
// the real network refuses. Only tests import it.
package bottest

import (
	"slices"
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
	// Break makes the next call that would create a message meet a fault. Refuse
	// lasts until Break is called with Mend, so that nothing can be missed.
	Break(f Fault)
}

// Shown is a message as people see it: text without markup, links beside it.
type Shown struct {
	ID      string
	Text    string
	Links   []string
	Buttons []string // labels
	// Picture is the MIME type of the file, or the address of the picture, that
	// stands with the text; empty without a picture.
	Picture string
}

// Fault is what goes wrong with one call.
type Fault string

// The faults that every fake knows.
const (
	RateLimit    Fault = "rate limit"   // refused with a time to wait of 1 second; nothing is created
	Drop         Fault = "drop"         // the connection breaks after the message was created
	Refuse       Fault = "refuse"       // no connection can be opened, and all that were open are closed
	Gateway      Fault = "bad gateway"  // an HTML page with status 502; nothing is created
	Forbidden    Fault = "forbidden"    // the chat no longer takes messages
	BadRequest   Fault = "bad request"  // the message is refused
	Unauthorized Fault = "unauthorized" // the token is refused
	Slow         Fault = "slow"         // no answer until the caller gives up; the message was created
	NoPictures   Fault = "no pictures"  // until Mend, a message with a file is refused, and any other taken
	Mend         Fault = "mend"         // nothing: whatever was broken works again
)

// Ability is what a chat network can do and a terminal may not.
type Ability string

// The abilities that a [Setup] may lack.
const (
	Groups   Ability = "groups"   // there is a group, and guests in it
	Edits    Ability = "edits"    // a message can be changed after it was sent
	Faults   Ability = "faults"   // there is a connection that can break
	Pictures Ability = "pictures" // pictures are shown
)

// Setup is a fresh platform with its fake. The platform is not running yet.
type Setup struct {
	Platform bot.Platform
	Network  Network
	// Secrets are the strings that must never show in an error or a log line.
	Secrets []string
	// Log gives all that was logged so far.
	Log func() string
	// Without lists what the network cannot do; cases that need it are skipped.
	Without []Ability
}

// Run runs every case, each with a fresh Setup. The commands that it offers are
// those of [Commands].
func Run(t *testing.T, setup func(t *testing.T) Setup) {
	t.Helper()
	cases := []struct {
		name  string
		needs []Ability
		run   func(*bench)
	}{
		{"a command arrives and is answered", nil, command},
		{"a command without words arrives", nil, commandAlone},
		{"a sub-command arrives", nil, subCommand},
		{"who administers a group is known", []Ability{Groups}, administered},
		{"a place is found by its id", []Ability{Groups}, place},
		{"a place that is not there is explained", nil, noPlace},
		{"a pressed button arrives", nil, press},
		{"a pressed button edits in place", []Ability{Edits}, edit},
		{"an empty reply says nothing", nil, silence},
		{"one chat is answered in order", nil, order},
		{"a slow chat stops no other", []Ability{Groups}, parallel},
		{"a long reply is split and nothing is lost", nil, long},
		{"what is split can be sent", nil, splitSend},
		{"hostile text is shown as text", nil, hostile},
		{"hostile links are dropped", nil, links},
		{"a picture stands with its text", nil, picture},
		{"a long text has its picture first", nil, longPicture},
		{"a picture that cannot be shown loses no text", []Ability{Pictures}, badPicture},
		{"a picture comes and goes with an edit", []Ability{Pictures, Edits}, editPicture},
		{"a fault has the same class with a picture", []Ability{Pictures, Faults}, pictureFaults},
		{"sent messages can be looked up", nil, find},
		{"many sends at once all arrive", nil, concurrent},
		{"a send that is given up returns at once", nil, cancelled},
		{"the end waits for the updates in hand", nil, end},
		{"a fault has the class that its consequence needs", []Ability{Faults}, faults},
		{"a rate limit is waited for or told", []Ability{Faults}, rateLimit},
		{"a repeat with the same key creates nothing twice", []Ability{Faults}, repeat},
		{"a send without an answer ends with its context", []Ability{Faults}, slow},
		{"a lost connection comes back", []Ability{Faults}, reconnect},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, setup(t))
			for _, need := range c.needs {
				if slices.Contains(b.Without, need) {
					t.Skipf("This network has no %s.", need)
				}
			}
			c.run(b)
		})
	}
}
