package discord

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
)

// TestPermitted computes permissions as the documentation does, from what
// Discord answers: a server whose everyone may read and write, an editor's role
// that manages it, and a channel's overwrites.
func TestPermitted(t *testing.T) {
	const (
		view, send, history = discordgo.PermissionViewChannel, discordgo.PermissionSendMessages, discordgo.PermissionReadMessageHistory
		manage, admin       = discordgo.PermissionManageGuild, discordgo.PermissionAdministrator
	)
	now := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	later, earlier := now.Add(time.Minute), now.Add(-time.Minute)
	for name, c := range map[string]struct {
		channel string
		user    string
		member  member
		want    bits
		all     bool
	}{
		"everyone":             {`{}`, "7", member{}, view | send | history, false},
		"editor":               {`{}`, "7", member{Roles: []string{"20"}}, view | send | history | manage, false},
		"administrator":        {`{"permission_overwrites":[{"id":"1","deny":"1024"}]}`, "7", member{Roles: []string{"30"}}, 0, true},
		"owner":                {`{"permission_overwrites":[{"id":"9","deny":"1024"}]}`, "9", member{}, 0, true},
		"closed to everyone":   {`{"permission_overwrites":[{"id":"1","deny":"2048"}]}`, "7", member{}, view | history, false},
		"opened to a role":     {`{"permission_overwrites":[{"id":"1","deny":"2048"},{"id":"20","allow":"2048"}]}`, "7", member{Roles: []string{"20"}}, view | send | history | manage, false},
		"opened to one person": {`{"permission_overwrites":[{"id":"7","allow":"2048","deny":"0"},{"id":"1","deny":"2048"}]}`, "7", member{}, view | send | history, false},
		"closed to one person": {`{"permission_overwrites":[{"id":"20","allow":"2048"},{"id":"7","deny":"2048"}]}`, "7", member{Roles: []string{"20"}}, view | history | manage, false},
		"one role of two":      {`{"permission_overwrites":[{"id":"20","deny":"2048"},{"id":"21","allow":"2048"}]}`, "7", member{Roles: []string{"20", "21"}}, view | send | history | manage, false},
		"hidden":               {`{"permission_overwrites":[{"id":"1","deny":"1024"}]}`, "7", member{}, 0, false},
		"timed out":            {`{}`, "7", member{TimedOut: &later}, view | history, false},
		"was timed out":        {`{}`, "7", member{TimedOut: &earlier}, view | send | history, false},
	} {
		var ch channel
		if err := json.Unmarshal([]byte(c.channel), &ch); err != nil {
			t.Fatal(err)
		}
		var g guild
		if err := json.Unmarshal([]byte(`{"id":"1","owner_id":"9","roles":[{"id":"1","permissions":"68608"},
			{"id":"20","permissions":"32"},{"id":"21","permissions":"0"},{"id":"30","permissions":"8"}]}`), &g); err != nil {
			t.Fatal(err)
		}
		got := permitted(g, ch, c.user, c.member, now)
		if c.all {
			c.want = got | admin | view | send
		}
		if got != c.want {
			t.Errorf("%s: %b, want %b", name, got, c.want)
		}
	}
}

func TestKindsOfPlace(t *testing.T) {
	for kind, want := range map[discordgo.ChannelType]string{
		discordgo.ChannelTypeGuildText: "group", discordgo.ChannelTypeGuildNews: "channel", discordgo.ChannelTypeDM: "private",
		discordgo.ChannelTypeGuildPublicThread: "group", discordgo.ChannelTypeGuildNewsThread: "group", discordgo.ChannelTypeGuildPrivateThread: "group",
	} {
		c := channel{ID: "5", Name: "news", Type: kind}
		if got := c.place(0, ^bits(0)); string(got.Kind) != want || got.Obstacle != "" || got.Administered != (want == "private") {
			t.Errorf("type %d: %+v, want kind %q", kind, got, want)
		}
		inThreads := bits(discordgo.PermissionViewChannel | discordgo.PermissionEmbedLinks | discordgo.PermissionSendMessagesInThreads)
		if got := c.place(0, inThreads); (got.Obstacle == "") != (c.isThread() || want == "private") {
			t.Errorf("type %d with the permissions of threads alone: obstacle %q", kind, got.Obstacle)
		}
	}
}
