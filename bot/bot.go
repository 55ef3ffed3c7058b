// Package bot owns what every chat network has in common: messages, commands,
// updates, errors, and [Platform], the seam that each network's adapter fills.
// It does not know news: digests become messages in bot/delivery, and commands
// are answered in bot/conversation.
package bot

import (
	"context"
	"time"

	"tidings/subscriptions"
)

// Platform is one chat network. An implementation is safe for concurrent use,
// obeys its context in every call, waits for its network's rate limits itself,
// and lets no token and no private URL into an error or a log line. The kit in
// bot/bottest holds every implementation to this.
type Platform interface {
	// Name is "telegram", "discord" or "terminal": the Platform of its chats.
	Name() string
	// Limits are the network's limits that callers must plan for.
	Limits() Limits
	// Fits reports whether Send would send m as one message.
	Fits(m Message) bool
	// Run connects, offers the commands to people, and gives what they do to h
	// until ctx ends; then it returns nil after the updates in hand are
	// answered. It reconnects by itself after every passing fault. An error is
	// final: a refused token, a second program with the same token. Run is
	// called once.
	Run(ctx context.Context, commands []Command, h Handler) error
	// Connected reports whether the network was reached lately: after Run has
	// connected and until it knows that the connection is lost.
	Connected() bool
	// Send sends m, which Fits, to a chat and returns the network's id of the
	// message. key is the same for every attempt at the same part and different
	// for every other; a network that can (see [Limits.RepeatWithin]) uses it to
	// create the message once. Send makes at most one attempt to create the
	// message. It waits for rate limits within ctx's deadline; a longer wait is
	// returned at once as [RateLimited]. Every error is a [*SendError].
	Send(ctx context.Context, c subscriptions.Chat, m Message, key string) (id string, err error)
	// Find looks for m among what the bot itself sent to the chat since a time
	// and returns its id, or "" when it is not there. Networks whose
	// [Limits.Lookup] is false always return an error.
	Find(ctx context.Context, c subscriptions.Chat, m Message, since time.Time) (id string, err error)
	// Place says what is known of the chat that a person names ("@channel", a
	// channel mention, an id), and whether that person administers it. An error
	// of class [BadTarget] says, in a sentence for that person, why there is none.
	Place(ctx context.Context, u User, target string) (Place, error)
}

// Limits are a network's limits as data.
type Limits struct {
	// Rows and RowButtons bound the buttons under one message.
	Rows, RowButtons int
	// Label is the longest button label in UTF-16 units.
	Label int
	// RepeatWithin is how long after a first attempt Send may be repeated with
	// the same key without creating a second message. 0 means never.
	RepeatWithin time.Duration
	// Lookup reports whether Find works.
	Lookup bool
}

// Handler answers what people do. It is safe for concurrent use. The updates
// of one chat are given to it one after another.
type Handler interface {
	// Handle answers a command or a pressed button. The reply may be empty.
	Handle(ctx context.Context, u Update) Reply
	// Suggest completes an option's value while it is typed: at most 25 values,
	// best first. It must answer within a second.
	Suggest(ctx context.Context, u Update, option, typed string) []string
	// Left says that the bot can no longer write to the chat (removed, blocked,
	// deleted), and why, in words for an admin.
	Left(ctx context.Context, c subscriptions.Chat, why string)
	// Moved says that a chat has a new id and that nothing else changed. The
	// chats' Thread is empty: all threads of the chat moved with it.
	Moved(ctx context.Context, from, to subscriptions.Chat)
}

// Command is a command that people can call, in the same words on every network.
type Command struct {
	Name        string // a to z, 0 to 9, _; 1 to 32 characters
	Description string // at most 100 characters
	Options     []Option
	// Sub are the command's sub-commands, of which one must be chosen; then the
	// command has no Options of its own, and they have neither Sub nor Admin.
	Sub []Command
	// Admin marks a command that is offered only to those who administer a place.
	Admin bool
}

// SubCommand is the name in [Update.Options] under which the name of the chosen
// sub-command is given, beside the sub-command's own options, of which none has
// this name. Where there are no options, it is the first word of [Update.Text].
const SubCommand = "action"

// Option is a named argument, where the network has named arguments. Elsewhere
// the whole argument text is given in [Update.Text].
type Option struct {
	Name        string
	Description string // at most 100 characters
	Required    bool
	// Choices are the only values allowed; empty means any text.
	Choices []string
	// Suggests marks an option that [Handler.Suggest] completes.
	Suggests bool
}

// Kind says what sort of place a chat is.
type Kind string

// The kinds of place.
const (
	Private Kind = "private" // one person and the bot
	Group   Kind = "group"   // people talk: a Telegram group, forum topic; a Discord channel, thread
	Channel Kind = "channel" // a few write, many read: a Telegram channel, a Discord announcement channel
)

// Place is a chat as one person sees it.
type Place struct {
	Chat  subscriptions.Chat
	Kind  Kind
	Title string
	// Administered reports whether the person may decide what the place
	// receives. It is true in a private chat with the bot.
	Administered bool
	// Obstacle is a sentence that says why the bot cannot write here and what
	// would mend it, or empty.
	Obstacle string
}

// User is a person on a network.
type User struct {
	Platform string
	ID       string
	Name     string
	Language string // what the person's client says, ISO 639-1, or empty
}

// Update is a command that a person gave, or a button that a person pressed.
type Update struct {
	// ID is the network's id of the update, the same when it is given again.
	ID string
	// Place is where it happened; the answer goes there.
	Place Place
	User  User
	// Command is the command's name without the slash; empty for a pressed button.
	Command string
	// Text is all that was typed behind the command, on networks without options.
	Text string
	// Options are the arguments by name, on networks that have them; else nil.
	// A sub-command is one of them: see [SubCommand].
	Options map[string]string
	// Action is the pressed button's Action; empty for a command.
	Action string
}

// Reply is the answer to an update.
type Reply struct {
	// Message is split by the adapter where it does not fit. Without sections,
	// nothing is answered (a pressed button is still acknowledged).
	Message Message
	// Edit asks to put the message in place of the one whose button was pressed.
	Edit bool
	// Private asks that only the person sees it, where the network can do so.
	Private bool
}

// Secret is a token or a key. It prints as "[redacted]" in every way of
// printing; convert it to string to use it.
type Secret string

// String implements fmt.Stringer.
func (Secret) String() string { return "[redacted]" }

// GoString implements fmt.GoStringer.
func (Secret) GoString() string { return "[redacted]" }

// MarshalText implements encoding.TextMarshaler, and so covers JSON and slog.
func (Secret) MarshalText() ([]byte, error) { return []byte("[redacted]"), nil }
