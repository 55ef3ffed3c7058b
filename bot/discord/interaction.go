package discord

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"tidings/bot"
)

// Discord takes answers for 15 minutes, and suggestions for 3 seconds.
const (
	answerTime  = 14 * time.Minute
	suggestTime = 2 * time.Second
)

// interaction is a command, a pressed button or a question for suggestions.
type interaction struct {
	ID          string                    `json:"id"`
	AppID       string                    `json:"application_id"`
	Type        discordgo.InteractionType `json:"type"`
	Token       string                    `json:"token"`
	GuildID     string                    `json:"guild_id"`
	ChannelID   string                    `json:"channel_id"`
	Channel     channel                   `json:"channel"`
	Locale      string                    `json:"locale"`
	Permissions bits                      `json:"app_permissions"`
	User        person                    `json:"user"` // in a private chat
	Member      struct {                  // elsewhere
		User        person `json:"user"`
		Permissions bits   `json:"permissions"`
	} `json:"member"`
	Data struct {
		Name     string     `json:"name"`
		CustomID string     `json:"custom_id"`
		Options  []argument `json:"options"`
	} `json:"data"`
}

// argument is the value of an option, or a sub-command with its arguments.
type argument struct {
	Type    int        `json:"type"`
	Name    string     `json:"name"`
	Value   any        `json:"value"`
	Focused bool       `json:"focused"`
	Options []argument `json:"options"`
}

// arguments are those of the command, or of the sub-command that was chosen.
func (i interaction) arguments() (sub string, all []argument) {
	if all = i.Data.Options; len(all) == 1 && all[0].Type == subCommand {
		return all[0].Name, all[0].Options
	}
	return "", all
}

type person struct {
	ID       string `json:"id"`
	Username string `json:"username"`
	Name     string `json:"global_name"`
}

// update is the interaction as the handler sees it.
func (i interaction) update() bot.Update {
	who := i.User
	if who.ID == "" {
		who = i.Member.User
	}
	c := i.Channel
	c.ID = i.ChannelID
	if i.GuildID == "" {
		c.Type = discordgo.ChannelTypeDM
	}
	language, _, _ := strings.Cut(i.Locale, "-")
	u := bot.Update{
		ID: i.ID, Place: c.place(i.Member.Permissions, i.Permissions),
		User: bot.User{Platform: "discord", ID: who.ID, Name: who.Name, Language: language},
	}
	if u.User.Name == "" {
		u.User.Name = who.Username
	}
	if i.Type == discordgo.InteractionMessageComponent {
		u.Action = actionOf(i.Data.CustomID)
		return u
	}
	u.Command, u.Options = i.Data.Name, map[string]string{}
	sub, arguments := i.arguments()
	for _, a := range arguments {
		u.Options[a.Name] = fmt.Sprint(a.Value)
	}
	if sub != "" {
		u.Options[bot.SubCommand] = sub
	}
	return u
}

// interaction answers in time whatever the handler takes: the reply as the
// first response when it comes soon, else after one that shows the bot at work.
func (u *updates) interaction(i interaction) {
	switch i.Type {
	case discordgo.InteractionApplicationCommandAutocomplete:
		u.spawn(func() { u.suggest(i) })
	case discordgo.InteractionApplicationCommand, discordgo.InteractionMessageComponent:
		r := responder{u.platform, i}
		ctx, cancel := context.WithTimeout(u.ctx, answerTime)
		acknowledged := make(chan error, 1)
		timer := time.AfterFunc(u.platform.times.acknowledge, func() { acknowledged <- r.acknowledge(ctx, 0) })
		u.inOrder(i.ChannelID, func() {
			defer cancel()
			reply, err := u.handle(ctx, i), error(nil)
			if timer.Stop() {
				err = r.respond(ctx, reply)
			} else if err = <-acknowledged; err == nil {
				err = r.late(ctx, reply)
			}
			if err != nil {
				u.platform.log.Error("an answer could not be given", "chat", i.ChannelID, "error", err)
			}
		})
	}
}

// handle asks the handler; of a panic in it, the person is told too.
func (u *updates) handle(ctx context.Context, i interaction) (reply bot.Reply) {
	reply = bot.Reply{Message: bot.Text("Sorry, that went wrong here. The operator finds the reason in the log."), Private: true}
	defer u.recovered()
	return u.handler.Handle(ctx, i.update())
}

// suggest answers what is typed. An answer that comes late is of no use.
func (u *updates) suggest(i interaction) {
	ctx, cancel := context.WithTimeout(u.ctx, suggestTime)
	defer cancel()
	choices := []choice{}
	_, arguments := i.arguments()
	for _, a := range arguments {
		if !a.Focused {
			continue
		}
		for _, value := range u.handler.Suggest(ctx, i.update(), a.Name, fmt.Sprint(a.Value)) {
			if strings.TrimSpace(value) != "" && units(value) <= 100 && len(choices) < 25 {
				choices = append(choices, choice{value, value})
			}
		}
	}
	r := responder{u.platform, i}
	err := r.callback(ctx, discordgo.InteractionApplicationCommandAutocompleteResult, map[string]any{"choices": choices})
	if err != nil {
		u.platform.log.Warn("a suggestion could not be given", "error", err)
	}
}

// responder answers one interaction.
type responder struct {
	platform *Platform
	interaction
}

// respond is the first response to an interaction.
func (r responder) respond(ctx context.Context, reply bot.Reply) error {
	parts := r.parts(reply)
	switch {
	case len(parts) == 0:
		if err := r.acknowledge(ctx, discordgo.MessageFlagsEphemeral); err != nil || r.pressed() {
			return err
		}
		return r.remove(ctx)
	case r.pressed() && reply.Edit:
		parts[0].Flags &^= discordgo.MessageFlagsEphemeral
		if err := r.answer(ctx, discordgo.InteractionResponseUpdateMessage, parts[0]); err != nil {
			return err
		}
	default:
		if err := r.answer(ctx, discordgo.InteractionResponseChannelMessageWithSource, parts[0]); err != nil {
			return err
		}
	}
	return r.follow(ctx, parts[1:])
}

// late is the reply after the interaction was acknowledged. Where everyone
// sees the bot at work, a private reply takes the place of that by a new message.
func (r responder) late(ctx context.Context, reply bot.Reply) error {
	parts := r.parts(reply)
	switch {
	case r.pressed() && (len(parts) == 0 || !reply.Edit):
		return r.follow(ctx, parts)
	case len(parts) == 0, !r.pressed() && r.hides(reply):
		if err := r.remove(ctx); err != nil {
			return err
		}
		return r.follow(ctx, parts)
	}
	parts[0].Flags &^= discordgo.MessageFlagsEphemeral
	err := r.repeat(ctx, func() error {
		return r.platform.show(ctx, "edit answer", http.MethodPatch, r.original(), parts[0], itself, nil)
	})
	if err != nil {
		return err
	}
	return r.follow(ctx, parts[1:])
}

// parts are a reply's messages as they are sent.
func (r responder) parts(reply bot.Reply) []body {
	m := reply.Message
	if !buttonsFit(m.Buttons) {
		r.platform.log.Error("an answer has buttons that Discord does not take; they are left out", "command", r.Data.Name)
		m.Buttons = nil
	}
	var out []body
	for _, part := range bot.Split(m, fits) {
		b := render(part)
		b.Flags &= discordgo.MessageFlagsSuppressEmbeds
		if r.hides(reply) {
			b.Flags |= discordgo.MessageFlagsEphemeral
		}
		if !b.empty() {
			out = append(out, b)
		}
	}
	return out
}

func (r responder) pressed() bool { return r.Type == discordgo.InteractionMessageComponent }

// hides reports whether the reply is for the person's eyes alone, and others are there.
func (r responder) hides(reply bot.Reply) bool { return reply.Private && r.GuildID != "" }

// acknowledge is a response without a message.
func (r responder) acknowledge(ctx context.Context, flags discordgo.MessageFlags) error {
	if r.pressed() {
		return r.callback(ctx, discordgo.InteractionResponseDeferredMessageUpdate, nil)
	}
	var data any
	if flags != 0 {
		data = map[string]any{"flags": flags}
	}
	return r.callback(ctx, discordgo.InteractionResponseDeferredChannelMessageWithSource, data)
}

// answer is callback with a message.
func (r responder) answer(ctx context.Context, kind discordgo.InteractionResponseType, b body) error {
	return r.repeat(ctx, func() error {
		in := func(b body) any { return map[string]any{"type": kind, "data": b} }
		return r.platform.show(ctx, "answer", http.MethodPost, discordgo.EndpointInteractionResponse(r.ID, r.Token), b, in, nil)
	})
}

// callback sends the one response that an interaction has.
func (r responder) callback(ctx context.Context, kind discordgo.InteractionResponseType, data any) error {
	response := map[string]any{"type": kind}
	if data != nil {
		response["data"] = data
	}
	return r.repeat(ctx, func() error {
		return r.platform.call(ctx, "answer", http.MethodPost, discordgo.EndpointInteractionResponse(r.ID, r.Token), response, nil)
	})
}

// remove takes the first response away.
func (r responder) remove(ctx context.Context) error {
	return r.repeat(ctx, func() error {
		return r.platform.call(ctx, "remove answer", http.MethodDelete, r.original(), nil, nil)
	})
}

// follow sends more messages. One whose outcome is not known is not repeated.
func (r responder) follow(ctx context.Context, parts []body) error {
	for _, part := range parts {
		err := r.repeat(ctx, func() error {
			return r.platform.show(ctx, "answer further", http.MethodPost, discordgo.EndpointWebhookToken(r.AppID, r.Token), part, itself, nil)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (r responder) original() string {
	return discordgo.EndpointWebhookMessage(r.AppID, r.Token, "@original")
}

// attempts bounds how often an answer is tried.
const attempts = 4

// repeat does f again while that is sure to do nothing twice.
func (r responder) repeat(ctx context.Context, f func() error) error {
	for n := 1; ; n++ {
		err := f()
		e, ok := err.(*bot.SendError)
		if !ok || n == attempts || (e.Class != bot.NotSent && e.Class != bot.RateLimited) {
			return err
		}
		if pause(ctx, max(e.RetryAfter, time.Duration(n)*200*time.Millisecond), nil) != nil {
			return err
		}
	}
}
