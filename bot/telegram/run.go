package telegram

import (
	"context"
	"errors"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"tidings/bot"
)

// The faults that end Run, in words for the operator.
var (
	errRefused  = errors.New("the bot's token is refused by Telegram: ask @BotFather for the token and put it into telegram.token")
	errConflict = errors.New("another program receives updates with the same Telegram token: stop it, or give each program a bot of its own")
)

const (
	// conflict is in every description of status 409 that means a second program
	// or a webhook.
	conflict = "Conflict:"
	// maxConflicts is how often in a row another program may be met. The pauses
	// between them add up to about a minute, more than a restart overlaps.
	maxConflicts = 6
)

// Run implements [bot.Platform].
func (p *Platform) Run(ctx context.Context, commands []bot.Command, h bot.Handler) error {
	defer p.connected.Store(false)
	for faults := 1; ; faults++ {
		failed := p.begin(ctx, commands)
		switch {
		case ctx.Err() != nil:
			return nil
		case failed == nil:
			p.online(true, nil)
			return p.poll(ctx, h)
		case failed.Class == bot.Refused:
			return errRefused
		}
		p.log.Warn("telegram cannot be reached yet", "error", failed)
		sleep(ctx, max(backoff(faults), failed.RetryAfter))
	}
}

// begin learns who the bot is and makes the server ready.
func (p *Platform) begin(ctx context.Context, commands []bot.Command) *bot.SendError {
	self, failed := p.me(ctx)
	if failed != nil {
		return failed
	}
	p.log.Info("telegram knows the bot", "username", self.UserName)
	p.deleteWebhook(ctx)
	p.offer(ctx, commands)
	return nil
}

// me is the bot itself, asked once.
func (p *Platform) me(ctx context.Context) (*tgbotapi.User, *bot.SendError) {
	if self := p.self.Load(); self != nil {
		return self, nil
	}
	self := &tgbotapi.User{}
	if failed := p.call(ctx, "getMe", nil, self); failed != nil {
		return nil, failed
	}
	p.self.Store(self)
	return self, nil
}

// deleteWebhook makes polling possible. Where it fails, polling says so.
func (p *Platform) deleteWebhook(ctx context.Context) {
	if failed := p.call(ctx, "deleteWebhook", nil, nil); failed != nil {
		p.log.Warn("telegram kept its webhook, if there is one", "error", failed)
	}
}

// offer shows the commands in people's menus: all of them to those who may
// give them all. Without it people have to type them.
func (p *Platform) offer(ctx context.Context, commands []bot.Command) {
	type entry struct {
		Command     string `json:"command"`
		Description string `json:"description"`
	}
	everyone, admins := []entry{}, []entry{}
	for _, c := range commands {
		e := entry{Command: c.Name, Description: c.Description}
		admins = append(admins, e)
		if !c.Admin {
			everyone = append(everyone, e)
		}
	}
	for _, scope := range []struct {
		name    string
		entries []entry
	}{{"all_private_chats", admins}, {"all_chat_administrators", admins}, {"all_group_chats", everyone}} {
		params := tgbotapi.Params{"scope": `{"type":"` + scope.name + `"}`}
		if err := params.AddInterface("commands", scope.entries); err != nil {
			continue // a slice of strings always marshals
		}
		if failed := p.call(ctx, "setMyCommands", params, nil); failed != nil {
			p.log.Warn("telegram did not take the list of commands", "scope", scope.name, "error", failed)
		}
	}
}
