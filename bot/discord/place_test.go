package discord_test

import (
	"context"
	"strings"
	"testing"

	"tidings/bot"
	"tidings/bot/discord/discordtest"
)

func TestPlace(t *testing.T) {
	s := discordtest.New(t)
	p, _ := platform(t, s)
	admin, guest := bot.User{Platform: "discord", ID: s.Admin()}, bot.User{Platform: "discord", ID: s.Guest()}
	stranger := bot.User{Platform: "discord", ID: "42"}
	for name, c := range map[string]struct {
		user         bot.User
		target       string
		title        string
		kind         bot.Kind
		administered bool
		refused      string // in the sentence
	}{
		"mention":        {admin, "<#" + s.Group().ID + ">", "#news", bot.Group, true, ""},
		"id":             {admin, s.Group().ID, "#news", bot.Group, true, ""},
		"link":           {admin, "https://discord.com/channels/" + s.Guild() + "/" + s.Announcements().ID, "#wire", bot.Channel, true, ""},
		"thread":         {admin, s.Thread().ID, "#a thread", bot.Group, true, ""},
		"guest":          {guest, s.Group().ID, "#news", bot.Group, false, ""},
		"hidden, admin":  {admin, s.Hidden().ID, "#staff", bot.Group, true, ""},
		"hidden, guest":  {guest, s.Hidden().ID, "", "", false, "cannot see that channel"},
		"stranger":       {stranger, s.Group().ID, "", "", false, "members of the server"},
		"forum":          {admin, s.Forum().ID, "", "", false, "forum"},
		"private chat":   {admin, s.Private().ID, "", "", false, "no channel of a server"},
		"unknown":        {admin, "123", "", "", false, "cannot see that channel"},
		"name":           {admin, "#news", "", "", false, "mention"},
		"empty":          {admin, "", "", "", false, "mention"},
		"path":           {admin, "1/../../users/@me", "", "", false, "mention"},
		"another server": {admin, "https://discord.com/channels/1/2", "", "", false, "cannot see that channel"},
	} {
		got, err := p.Place(context.Background(), c.user, c.target)
		e, _ := err.(*bot.SendError)
		switch {
		case c.refused != "" && (e == nil || e.Class != bot.BadTarget || !strings.Contains(e.Why, c.refused)):
			t.Errorf("%s: got %+v, %v; want a sentence with %q", name, got, err, c.refused)
		case c.refused == "" && (err != nil || got.Title != c.title || got.Kind != c.kind || got.Administered != c.administered || got.Obstacle != ""):
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
}

func TestObstacleOfPlace(t *testing.T) {
	s := discordtest.New(t)
	p, _ := platform(t, s)
	s.Deny(s.Group().ID, discordtest.SendInThreads)
	s.Deny(s.Announcements().ID, discordtest.ViewChannel)
	admin := bot.User{Platform: "discord", ID: s.Admin()}
	got, err := p.Place(context.Background(), admin, s.Thread().ID)
	if want := "Send Messages in Threads there"; err != nil || !strings.Contains(got.Obstacle, want) {
		t.Errorf("a thread of a channel that forbids it: %+v, %v; want %q", got, err, want)
	}
	if got, err = p.Place(context.Background(), admin, s.Group().ID); err != nil || got.Obstacle != "" {
		t.Errorf("the channel itself: %+v, %v", got, err)
	}
	if _, err = p.Place(context.Background(), admin, s.Announcements().ID); err == nil {
		t.Error("a channel that the bot cannot see was found")
	}
	s.Lock(s.Thread().ID)
	if got, err = p.Place(context.Background(), admin, s.Thread().ID); err != nil || !strings.Contains(got.Obstacle, "locked") {
		t.Errorf("a locked thread: %+v, %v", got, err)
	}
}
