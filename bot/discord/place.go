package discord

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"tidings/bot"
	"tidings/subscriptions"
)

// administers are the permissions any of which makes a person decide what a
// place receives.
const administers = discordgo.PermissionManageGuild | discordgo.PermissionManageChannels | discordgo.PermissionAdministrator

// bits is a set of permissions; Discord writes it as a string.
type bits int64

// UnmarshalJSON implements json.Unmarshaler.
func (b *bits) UnmarshalJSON(raw []byte) error {
	n, err := strconv.ParseInt(strings.Trim(string(raw), `"`), 10, 64)
	if err == nil || string(raw) == "null" {
		*b = bits(n)
		return nil
	}
	return err
}

// channel is what is asked of a channel or thread.
type channel struct {
	ID         string                `json:"id"`
	GuildID    string                `json:"guild_id"`
	ParentID   string                `json:"parent_id"`
	Name       string                `json:"name"`
	Type       discordgo.ChannelType `json:"type"`
	Overwrites []struct {
		ID    string `json:"id"`
		Allow bits   `json:"allow"`
		Deny  bits   `json:"deny"`
	} `json:"permission_overwrites"`
	Thread *struct {
		Locked bool `json:"locked"`
	} `json:"thread_metadata"`
}

func (c channel) isThread() bool {
	switch c.Type {
	case discordgo.ChannelTypeGuildNewsThread, discordgo.ChannelTypeGuildPublicThread, discordgo.ChannelTypeGuildPrivateThread:
		return true
	}
	return false
}

// place is a channel as a person sees it who has those permissions in it,
// while the bot has these.
func (c channel) place(person, self bits) bot.Place {
	p := bot.Place{
		Chat: subscriptions.Chat{Platform: "discord", ID: c.ID}, Kind: bot.Group, Title: "#" + c.Name,
		Administered: person&administers != 0, Obstacle: c.obstacle(self),
	}
	switch c.Type {
	case discordgo.ChannelTypeDM:
		p.Kind, p.Title, p.Administered, p.Obstacle = bot.Private, "our direct messages", true, ""
	case discordgo.ChannelTypeGuildNews:
		p.Kind = bot.Channel
	}
	if c.Name == "" && p.Kind != bot.Private {
		p.Title = "this channel"
	}
	return p
}

// obstacle says what the bot lacks to write in a channel.
func (c channel) obstacle(self bits) string {
	if c.Thread != nil && c.Thread.Locked && self&discordgo.PermissionManageThreads == 0 {
		return "This thread is locked; a moderator can unlock it."
	}
	send, sendName := bits(discordgo.PermissionSendMessages), "Send Messages"
	if c.isThread() {
		send, sendName = discordgo.PermissionSendMessagesInThreads, "Send Messages in Threads"
	}
	var missing []string
	for _, need := range []struct {
		bit  bits
		name string
	}{
		{discordgo.PermissionViewChannel, "View Channel"},
		{send, sendName},
		{discordgo.PermissionEmbedLinks, "Embed Links"},
	} {
		if self&need.bit == 0 && self&discordgo.PermissionAdministrator == 0 {
			missing = append(missing, need.name)
		}
	}
	if len(missing) == 0 {
		return ""
	}
	return fmt.Sprintf("I may not write in #%s: give me the permission %s there (channel settings, Permissions).", c.Name, strings.Join(missing, ", "))
}

// Place implements [bot.Platform]. A target is a channel mention, a link to a
// channel, or an id.
func (p *Platform) Place(ctx context.Context, u bot.User, target string) (bot.Place, error) {
	id := target[strings.LastIndexByte(target, '/')+1:]
	id = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(id), "<#"), ">")
	if !snowflake(id) {
		return bot.Place{}, noPlace("Name a channel by its mention, such as #news chosen from the list that appears, or by its link (Copy Link in the channel's menu).")
	}
	unseen := noPlace("I cannot see that channel. Invite me to its server and give me the permission View Channel there.")
	var c channel
	if err := p.call(ctx, "get channel", http.MethodGet, discordgo.EndpointChannel(id), nil, &c); err != nil {
		return bot.Place{}, orIfGone(err, unseen)
	}
	switch {
	case c.GuildID == "":
		return bot.Place{}, noPlace("That is no channel of a server. In a private chat, leave the channel out.")
	case c.Type == discordgo.ChannelTypeGuildForum, c.Type == discordgo.ChannelTypeGuildMedia:
		return bot.Place{}, noPlace("A forum takes no messages of its own. Name one of its posts.")
	case c.Type == discordgo.ChannelTypeGuildCategory:
		return bot.Place{}, noPlace("A category takes no messages. Name one of its channels.")
	}
	self, err := p.selfID(ctx)
	if err != nil {
		return bot.Place{}, err
	}
	permitted, err := p.permissions(ctx, c, u.ID, self)
	if err != nil {
		return bot.Place{}, orIfGone(err, noPlace("You and I must both be members of the server of that channel."))
	}
	// Who may not see a channel learns nothing of it, not even its name.
	if permitted[0]&discordgo.PermissionViewChannel == 0 {
		return bot.Place{}, unseen
	}
	return c.place(permitted[0], permitted[1]), nil
}

func noPlace(why string) *bot.SendError {
	return &bot.SendError{Class: bot.BadTarget, Method: "place", Why: why}
}

// orIfGone puts other in place of an error that says that something is not
// there or not for us to see.
func orIfGone(err error, other *bot.SendError) error {
	if e, ok := err.(*bot.SendError); ok && (e.Class == bot.BadTarget || e.Class == bot.BadMessage) {
		return other
	}
	return err
}

// guild is what is asked of a server.
type guild struct {
	ID      string `json:"id"`
	OwnerID string `json:"owner_id"`
	Roles   []struct {
		ID          string `json:"id"`
		Permissions bits   `json:"permissions"`
	} `json:"roles"`
}

// member is what is asked of a member.
type member struct {
	Roles    []string   `json:"roles"`
	TimedOut *time.Time `json:"communication_disabled_until"`
}

// permissions are what members of a channel's server may do in the channel.
func (p *Platform) permissions(ctx context.Context, c channel, users ...string) ([]bits, error) {
	if c.isThread() {
		// A thread has the permissions of its channel.
		if err := p.call(ctx, "get channel", http.MethodGet, discordgo.EndpointChannel(c.ParentID), nil, &c); err != nil {
			return nil, err
		}
	}
	var g guild
	if err := p.call(ctx, "get server", http.MethodGet, discordgo.EndpointGuild(c.GuildID), nil, &g); err != nil {
		return nil, err
	}
	out := make([]bits, len(users))
	for i, id := range users {
		var m member
		if err := p.call(ctx, "get member", http.MethodGet, discordgo.EndpointGuildMember(g.ID, id), nil, &m); err != nil {
			return nil, err
		}
		out[i] = permitted(g, c, id, m, time.Now())
	}
	return out, nil
}

// permitted computes permissions in the order that the documentation gives:
// docs.discord.com/developers/topics/permissions#permission-overwrites.
func permitted(g guild, c channel, user string, m member, now time.Time) bits {
	var base bits
	for _, role := range g.Roles {
		// The role of everyone has the id of the server.
		if role.ID == g.ID || slices.Contains(m.Roles, role.ID) {
			base |= role.Permissions
		}
	}
	if g.OwnerID == user || base&discordgo.PermissionAdministrator != 0 {
		return ^bits(0)
	}
	var roleAllow, roleDeny, ownAllow, ownDeny bits
	for _, o := range c.Overwrites {
		switch {
		case o.ID == g.ID:
			base = base&^o.Deny | o.Allow
		case slices.Contains(m.Roles, o.ID):
			roleAllow, roleDeny = roleAllow|o.Allow, roleDeny|o.Deny
		case o.ID == user:
			ownAllow, ownDeny = o.Allow, o.Deny
		}
	}
	base = base&^roleDeny | roleAllow
	base = base&^ownDeny | ownAllow
	if base&discordgo.PermissionViewChannel == 0 {
		return 0
	}
	if m.TimedOut != nil && m.TimedOut.After(now) {
		base &= discordgo.PermissionViewChannel | discordgo.PermissionReadMessageHistory
	}
	return base
}

// mayRead says why an empty history means nothing: without the permission,
// Discord shows none.
func (p *Platform) mayRead(ctx context.Context, id string) error {
	var c channel
	if err := p.call(ctx, "get channel", http.MethodGet, discordgo.EndpointChannel(id), nil, &c); err != nil {
		return err
	}
	if c.GuildID == "" {
		return nil
	}
	self, err := p.selfID(ctx)
	if err != nil {
		return err
	}
	permitted, err := p.permissions(ctx, c, self)
	if err != nil {
		return err
	}
	if permitted[0]&discordgo.PermissionReadMessageHistory == 0 {
		return &bot.SendError{Class: bot.NotSent, Method: "list messages", Why: "I lack the permission Read Message History in that channel"}
	}
	return nil
}
