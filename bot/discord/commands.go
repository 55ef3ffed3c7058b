package discord

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"tidings/bot"
)

// longestRegistration is the longest pause between attempts to offer the commands.
const longestRegistration = 5 * time.Minute

// definition is a command as Discord stores it: what is sent, and what of the
// answer is compared.
type definition struct {
	Name         string   `json:"name"`
	Description  string   `json:"description"`
	Type         int      `json:"type"`
	Options      []option `json:"options,omitempty"`
	Permissions  *string  `json:"default_member_permissions"`
	Contexts     []int    `json:"contexts"`
	Integrations []int    `json:"integration_types"`
}

type option struct {
	Type         int      `json:"type"`
	Name         string   `json:"name"`
	Description  string   `json:"description"`
	Required     bool     `json:"required,omitempty"`
	Autocomplete bool     `json:"autocomplete,omitempty"`
	Choices      []choice `json:"choices,omitempty"`
	Options      []option `json:"options,omitempty"` // of a sub-command
}

type choice struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Discord's numbers for what we use of commands.
const (
	slashCommand = 1
	subCommand   = 1
	textOption   = 3
	inServer     = 0
	inBotChat    = 1
	serverApp    = 0
)

// manageGuild is the permission to manage a server, as commands write it.
const manageGuild = "32"

// definitions are commands as Discord takes them.
func definitions(commands []bot.Command) []definition {
	out := make([]definition, 0, len(commands))
	for _, c := range commands {
		d := definition{
			Name: c.Name, Description: c.Description, Type: slashCommand,
			Contexts: []int{inServer, inBotChat}, Integrations: []int{serverApp},
		}
		if c.Admin {
			permission := manageGuild
			d.Permissions = &permission
		}
		d.Options = options(c.Options)
		for _, sub := range c.Sub {
			d.Options = append(d.Options, option{Type: subCommand, Name: sub.Name, Description: sub.Description, Options: options(sub.Options)})
		}
		out = append(out, d)
	}
	slices.SortFunc(out, func(a, b definition) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// options are options as Discord takes them: those that are required stand
// before the others.
func options(all []bot.Option) []option {
	var out []option
	for _, required := range []bool{true, false} {
		for _, o := range all {
			if o.Required != required {
				continue
			}
			t := option{Type: textOption, Name: o.Name, Description: o.Description, Required: o.Required, Autocomplete: o.Suggests}
			for _, value := range o.Choices {
				t.Choices = append(t.Choices, choice{value, value})
			}
			out = append(out, t)
		}
	}
	return out
}

// offer makes Discord show the commands, and tries until it does.
func (p *Platform) offer(ctx context.Context, commands []bot.Command) {
	wait := time.Second
	for {
		err := p.register(ctx, definitions(commands))
		if err == nil || ctx.Err() != nil {
			return
		}
		if e, ok := err.(*bot.SendError); ok && (e.Class == bot.BadMessage || e.Class == bot.Refused) {
			p.log.Error("Discord refuses the commands", "error", err)
			return
		}
		p.log.Warn("the commands could not be offered to Discord", "error", err, "retry_in", wait)
		if pause(ctx, wait, nil) != nil {
			return
		}
		wait = min(2*wait, longestRegistration)
	}
}

// register replaces the commands that Discord has when they are not these.
func (p *Platform) register(ctx context.Context, want []definition) error {
	var app struct {
		ID string `json:"id"`
	}
	if err := p.call(ctx, "get application", http.MethodGet, discordgo.EndpointApplications+"/@me", nil, &app); err != nil {
		return err
	}
	endpoint := discordgo.EndpointApplicationGlobalCommands(app.ID)
	var have []definition
	if err := p.call(ctx, "list commands", http.MethodGet, endpoint, nil, &have); err != nil {
		return err
	}
	if same(have, want) {
		return nil
	}
	return p.call(ctx, "replace commands", http.MethodPut, endpoint, want, nil)
}

// same compares definitions, whatever order Discord lists them and their contexts in.
func same(have, want []definition) bool {
	slices.SortFunc(have, func(a, b definition) int { return strings.Compare(a.Name, b.Name) })
	for i := range have {
		slices.Sort(have[i].Contexts)
	}
	a, errA := json.Marshal(have)
	b, errB := json.Marshal(want)
	return errA == nil && errB == nil && string(a) == string(b)
}
