// Package conversation answers every command and button, in the same words on
// every network. It decides who may do what; how an answer looks on a network
// is its adapter's matter, and what a digest says is package digest's.
package conversation

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"tidings/bot"
	"tidings/bot/delivery"
	"tidings/digest/archive"
	"tidings/digest/newsroom"
	"tidings/subscriptions"
	"tidings/subscriptions/schedule"
)

// Config is what a Conversation needs.
type Config struct {
	Archive       *archive.Archive
	Newsroom      *newsroom.Newsroom
	Subscriptions *subscriptions.Store
	Delivery      *delivery.Delivery
	Platforms     []bot.Platform
	// File names the configuration file to people, or is empty.
	File string
	// Schedule is what a subscription gets when neither the person nor the topic names a time.
	Schedule schedule.Schedule
	// Now is the clock.
	Now func() time.Time
	Log *slog.Logger
}

// Conversation answers people. It implements [bot.Handler] and is safe for
// concurrent use.
type Conversation struct {
	Config
	platforms map[string]bot.Platform
	commands  []command
	buttons   map[string]answer
	admins    atomic.Pointer[map[string]bool]
}

// New is a Conversation.
func New(c Config) *Conversation {
	v := &Conversation{Config: c, platforms: map[string]bot.Platform{}}
	for _, p := range c.Platforms {
		v.platforms[p.Name()] = p
	}
	v.commands, v.buttons = v.allCommands(), v.allButtons()
	return v
}

// answer answers a command or a button.
type answer func(context.Context, request) (bot.Reply, error)

// request is an update with the chat that it is about.
type request struct {
	bot.Update
	// target is the chat that is changed or asked about: the chat itself, or one
	// that the person named.
	target bot.Place
	// named is how the person named the target, or empty.
	named string
	// value is what stands behind the verb of a pressed button.
	value    string
	settings subscriptions.Settings
	zone     *time.Location
}

// arg is an argument: by its name, or else the text behind the command.
func (r request) arg(name string) string {
	if r.Options != nil {
		return strings.TrimSpace(r.Options[name])
	}
	return strings.TrimSpace(r.Text)
}

// maxAction is the most bytes that every network carries in a button.
const maxAction = 64

// button is a button that does something in the target of the request, or one
// without a label when that is too long to say.
func (r request) button(label, action string) bot.Button {
	if r.named != "" {
		action = "@" + r.target.Chat.ID + " " + action
	}
	if len(action) > maxAction {
		return bot.Button{}
	}
	return bot.Button{Label: label, Action: action}
}

// row is a row of those buttons that have a label.
func row(buttons ...bot.Button) (all []bot.Button) {
	for _, b := range buttons {
		if b.Label != "" {
			all = append(all, b)
		}
	}
	return all
}

// reply is a private answer to a command, or one in place of the message
// whose button was pressed.
func (r request) reply(m bot.Message) bot.Reply {
	return bot.Reply{Message: m, Edit: r.Action != "", Private: r.Place.Kind != bot.Private}
}

// Handle implements [bot.Handler].
func (v *Conversation) Handle(ctx context.Context, u bot.Update) bot.Reply {
	v.noteAdmin(ctx, u)
	reply, err := v.answer(ctx, u)
	if err == nil {
		return reply
	}
	if c, ok := errors.AsType[complaint](err); ok {
		m := bot.Text(c.text)
		m.Buttons = c.buttons
		return bot.Reply{Message: m, Private: true}
	}
	v.Log.Error("a command failed", "command", u.Command, "action", u.Action, "chat", u.Place.Chat.String(), "error", err)
	return bot.Reply{Message: bot.Text("Sorry, that went wrong on my side. Please try again; if it goes wrong again, the operator finds the reason in the log."), Private: true}
}

// complaint is an answer to a person who asked for what cannot be: a sentence
// with the remedy, and buttons that offer it.
type complaint struct {
	text    string
	buttons [][]bot.Button
}

// Error implements error.
func (c complaint) Error() string { return c.text }

func complain(text string, buttons ...[]bot.Button) error {
	c := complaint{text: text}
	for _, row := range buttons {
		if len(row) > 0 {
			c.buttons = append(c.buttons, row)
		}
	}
	return c
}

// sentence ends a text with a full stop when it ends with no mark.
func sentence(text string) string {
	if strings.HasSuffix(text, ".") || strings.HasSuffix(text, "?") {
		return text
	}
	return text + "."
}

func (v *Conversation) answer(ctx context.Context, u bot.Update) (bot.Reply, error) {
	r, err := v.request(ctx, u)
	if err != nil {
		return bot.Reply{}, err
	}
	if u.Action != "" {
		verb, value, _ := strings.Cut(r.value, " ")
		if press := v.buttons[verb]; press != nil {
			r.value = value
			return press(ctx, r)
		}
		return bot.Reply{}, complain("That button is from an older version. Please give the command again.")
	}
	for _, c := range v.commands {
		if c.Name == u.Command {
			return c.answer(ctx, r)
		}
	}
	return bot.Reply{}, v.noCommand(u.Command)
}

// noCommand says that there is no such command, and which may be meant.
func (v *Conversation) noCommand(name string) error {
	known := make([]string, len(v.commands))
	for i, c := range v.commands {
		known[i] = c.Name
	}
	text := "There is no /" + clip(name, 32) + "."
	if near := schedule.Near(clip(name, 32), known, 1); len(near) > 0 {
		return complain(text + " Did you mean /" + known[near[0]] + "? /help lists all commands.")
	}
	return complain(text + " /help lists what there is.")
}

// request finds out which chat an update is about. On networks without
// options, a leading word that begins with @ names it, and so in a button.
func (v *Conversation) request(ctx context.Context, u bot.Update) (request, error) {
	r := request{Update: u, target: u.Place, value: u.Action}
	switch first, rest, _ := strings.Cut(strings.TrimSpace(u.Action+u.Text), " "); {
	case u.Action == "" && u.Options != nil:
		r.named = strings.TrimSpace(u.Options["channel"])
	case strings.HasPrefix(first, "@"):
		r.named, r.Text, r.value = first, strings.TrimSpace(rest), rest
		if u.Action != "" {
			r.named = first[1:]
		}
	}
	if r.named != "" {
		place, err := v.platforms[u.Place.Chat.Platform].Place(ctx, u.User, r.named)
		if failed, ok := errors.AsType[*bot.SendError](err); ok && failed.Class == bot.BadTarget {
			return r, complain(failed.Why)
		}
		if err != nil {
			return r, err
		}
		r.target = place
	}
	r.target.Administered = r.target.Administered || v.admin(u.User)
	if r.named != "" && !r.target.Administered {
		return r, complain("Only someone who administers " + r.target.Title + " can ask that of it.")
	}
	var err error
	if r.settings, err = v.Subscriptions.Settings(ctx, r.target.Chat); err != nil {
		return r, err
	}
	r.zone, err = v.Delivery.ZoneOf(ctx, r.target.Chat)
	return r, err
}

// meet refuses what only someone who administers the target may do, and
// stores that the target is there.
func (v *Conversation) meet(ctx context.Context, r request) error {
	switch {
	case !r.target.Administered:
		return complain("Only someone who administers this place can change what comes here. In a private chat with me you can subscribe for yourself.")
	case r.target.Obstacle != "":
		return complain(r.target.Obstacle)
	}
	return v.Subscriptions.Meet(ctx, r.target.Chat, string(r.target.Kind), r.target.Title, v.Now())
}

// Left implements [bot.Handler].
func (v *Conversation) Left(ctx context.Context, c subscriptions.Chat, why string) {
	v.Delivery.Left(ctx, c, why)
}

// Moved implements [bot.Handler].
func (v *Conversation) Moved(ctx context.Context, from, to subscriptions.Chat) {
	v.Delivery.Moved(ctx, from, to)
}
