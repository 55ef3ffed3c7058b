package discord_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tidings/bot"
	"tidings/bot/bottest"
	"tidings/bot/discord"
	"tidings/bot/discord/discordtest"
	"tidings/subscriptions"
)

// send sends within a time and gives the error as what it must be.
func send(t *testing.T, p *discord.Platform, c subscriptions.Chat, m bot.Message, key string, within time.Duration) (string, *bot.SendError) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	id, err := p.Send(ctx, c, m, key)
	if err == nil {
		return id, nil
	}
	var e *bot.SendError
	if !errors.As(err, &e) || error(e) != err {
		t.Fatalf("the error is a %T: %v", err, err)
	}
	return id, e
}

func TestBadGatewayIsNotRepeated(t *testing.T) {
	s := discordtest.New(t)
	p, _ := platform(t, s)
	s.Break(bottest.Gateway)
	_, err := send(t, p, s.Group(), bot.Text("once"), "k", 10*time.Second)
	if err == nil || err.Class != bot.Ambiguous {
		t.Errorf("got %v, want class %q", err, bot.Ambiguous)
	}
	if n := s.Sends(s.Group().ID); n != 1 {
		t.Errorf("%d requests were made, want 1", n)
	}
}

func TestLimitsOfAll(t *testing.T) {
	for _, c := range []struct {
		fault bottest.Fault
		all   bool // whether other chats wait too
	}{
		{discordtest.GlobalLimit, true},
		{discordtest.CloudflareLimit, true},
		{discordtest.SharedLimit, false},
		{bottest.RateLimit, false},
	} {
		t.Run(string(c.fault), func(t *testing.T) {
			s := discordtest.New(t)
			p, _ := platform(t, s)
			s.Break(c.fault)
			_, err := send(t, p, s.Group(), bot.Text("x"), "k1", 10*time.Second)
			if err == nil || err.Class != bot.RateLimited || err.RetryAfter != time.Second {
				t.Fatalf("got %+v, want class %q after 1s", err, bot.RateLimited)
			}
			_, err = send(t, p, s.Private(), bot.Text("y"), "k2", 100*time.Millisecond)
			if c.all != (err != nil) || (c.all && err.Class != bot.RateLimited) {
				t.Errorf("another chat: %v, want limited: %t", err, c.all)
			}
			if n := s.Sends(s.Group().ID); n != 1 {
				t.Errorf("%d requests were made, want 1", n)
			}
		})
	}
}

func TestBucketIsObeyed(t *testing.T) {
	s := discordtest.New(t)
	p, _ := platform(t, s)
	s.SetLimit(2, 300*time.Millisecond)
	if _, err := send(t, p, s.Group(), bot.Text("first"), "first", 10*time.Second); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for i := range 6 {
		all.Go(func() {
			if _, err := send(t, p, s.Group(), bot.Text(fmt.Sprint(i)), fmt.Sprint(i), 10*time.Second); err != nil {
				t.Errorf("message %d: %v", i, err)
			}
		})
	}
	all.Wait()
	if n := len(s.Shown(s.Group())); n != 7 {
		t.Errorf("%d messages arrived, want 7", n)
	}
	if n := s.Limited(); n != 0 {
		t.Errorf("%d messages were refused for their number, want 0", n)
	}
}

func TestNonce(t *testing.T) {
	s := discordtest.New(t)
	p, _ := platform(t, s)
	const within = 10 * time.Second
	first, err := send(t, p, s.Group(), bot.Text("same"), "digest/1/part/1", within)
	if err != nil {
		t.Fatal(err)
	}
	again, err := send(t, p, s.Group(), bot.Text("same"), "digest/1/part/1", within)
	if err != nil || again != first {
		t.Errorf("the same key gave %q, %v; want %q", again, err, first)
	}
	other, err := send(t, p, s.Group(), bot.Text("same"), "digest/1/part/2", within)
	if err != nil || other == first {
		t.Errorf("another key gave %q, %v", other, err)
	}
	s.Delete(s.Group().ID, first)
	if _, err = send(t, p, s.Group(), bot.Text("same"), "digest/1/part/1", within); err == nil || err.Class != bot.BadMessage {
		t.Errorf("a key whose message was deleted gave %v, want class %q", err, bot.BadMessage)
	}
}

func TestTargets(t *testing.T) {
	const within = 10 * time.Second
	for name, c := range map[string]struct {
		prepare func(*discordtest.Server)
		chat    func(*discordtest.Server) subscriptions.Chat
		class   bot.Class
	}{
		"thread":        {nil, (*discordtest.Server).Thread, ""},
		"announcements": {nil, (*discordtest.Server).Announcements, ""},
		"forum":         {nil, (*discordtest.Server).Forum, bot.BadTarget},
		"unknown":       {nil, func(*discordtest.Server) subscriptions.Chat { return subscriptions.Chat{Platform: "discord", ID: "1"} }, bot.BadTarget},
		"no id": {nil, func(*discordtest.Server) subscriptions.Chat {
			return subscriptions.Chat{Platform: "discord", ID: "../x"}
		}, bot.BadTarget},
		"deleted":   {func(s *discordtest.Server) { s.DeleteChannel(s.Group().ID) }, (*discordtest.Server).Group, bot.BadTarget},
		"removed":   {func(s *discordtest.Server) { s.Remove(false) }, (*discordtest.Server).Group, bot.BadTarget},
		"forbidden": {func(s *discordtest.Server) { s.Deny(s.Group().ID, discordtest.SendMessages) }, (*discordtest.Server).Group, bot.BadTarget},
		"unseen":    {func(s *discordtest.Server) { s.Deny(s.Group().ID, discordtest.ViewChannel) }, (*discordtest.Server).Group, bot.BadTarget},
		"blocked":   {func(s *discordtest.Server) { s.Deny(s.Private().ID, discordtest.SendMessages) }, (*discordtest.Server).Private, bot.BadTarget},
		"locked":    {func(s *discordtest.Server) { s.Lock(s.Thread().ID) }, (*discordtest.Server).Thread, bot.BadTarget},
		"channel of thread closed to talk": {
			func(s *discordtest.Server) { s.Deny(s.Group().ID, discordtest.SendMessages) }, (*discordtest.Server).Thread, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := discordtest.New(t)
			p, _ := platform(t, s)
			if c.prepare != nil {
				c.prepare(s)
			}
			_, err := send(t, p, c.chat(s), bot.Text("x"), name, within)
			if (err == nil) != (c.class == "") || (err != nil && err.Class != c.class) {
				t.Errorf("got %v, want class %q", err, c.class)
			}
		})
	}
}

func TestEmptyIsNotSent(t *testing.T) {
	s := discordtest.New(t)
	p, _ := platform(t, s)
	for _, m := range []bot.Message{{}, bot.Text(" \n"), bot.Text("\u200b")} {
		if _, err := send(t, p, s.Group(), m, "k", 10*time.Second); err == nil || err.Class != bot.BadMessage {
			t.Errorf("%+v gave %v, want class %q", m, err, bot.BadMessage)
		}
	}
	if n := s.Sends(s.Group().ID); n != 0 {
		t.Errorf("%d requests were made", n)
	}
}

func TestFindNeedsHistory(t *testing.T) {
	s := discordtest.New(t)
	p, _ := platform(t, s)
	ctx := context.Background()
	if id, err := p.Find(ctx, s.Group(), bot.Text("x"), time.Now()); id != "" || err != nil {
		t.Errorf("in an empty channel: %q, %v", id, err)
	}
	s.Deny(s.Group().ID, discordtest.ReadHistory)
	if _, err := send(t, p, s.Group(), bot.Text("x"), "k", 10*time.Second); err != nil {
		t.Fatal(err)
	}
	if id, err := p.Find(ctx, s.Group(), bot.Text("x"), time.Now().Add(-time.Minute)); err == nil {
		t.Errorf("without the permission, a message was found not to be there: %q", id)
	}
}

func TestFindLooksThroughPages(t *testing.T) {
	s := discordtest.New(t)
	p, _ := platform(t, s)
	s.SetLimit(1000, time.Minute)
	m := bot.Message{Sections: []bot.Section{{Blocks: []bot.Block{
		{Kind: bot.Heading, Runs: []bot.Run{{Text: "Talks *resume*"}}},
		{Runs: []bot.Run{{Text: "in Geneva", Link: "https://news.example.org/1"}}},
	}}}}
	id, err := send(t, p, s.Group(), m, "wanted", 10*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 120 {
		s.Post(s.Group(), fmt.Sprint("chatter ", i))
	}
	got, failed := p.Find(context.Background(), s.Group(), m, time.Now().Add(-time.Minute))
	if failed != nil || got != id {
		t.Errorf("got %q, %v; want %q", got, failed, id)
	}
}

func TestRefusedToken(t *testing.T) {
	s := discordtest.New(t)
	s.Token += "x"
	p, log := platform(t, s)
	s.Token = strings.TrimSuffix(s.Token, "x")
	_, err := send(t, p, s.Group(), bot.Text("x"), "k", 10*time.Second)
	if err == nil || err.Class != bot.Refused {
		t.Errorf("got %v, want class %q", err, bot.Refused)
	}
	failed := ends(t, p)
	if failed == nil || !strings.Contains(failed.Error(), "token") {
		t.Errorf("Run ended with %v, want a sentence about the token", failed)
	}
	if strings.Contains(log.String(), s.Token) {
		t.Error("the log shows the token")
	}
}

func TestConfig(t *testing.T) {
	for _, c := range []discord.Config{
		{}, {Token: "two words"}, {Token: "new\nline"},
		{Token: "t", APIURL: "discord.example"}, {Token: "t", APIURL: "ftp://discord.example"},
	} {
		if p, err := discord.New(c, nil); err == nil || p != nil {
			t.Errorf("%+v was taken", c)
		} else if !strings.Contains(err.Error(), ";") {
			t.Errorf("%v names no remedy", err)
		}
	}
}

// TestPictureWhereFilesAreForbidden has a channel in which the bot may write,
// and attach nothing.
func TestPictureWhereFilesAreForbidden(t *testing.T) {
	s := discordtest.New(t)
	p, _ := platform(t, s)
	s.Deny(s.Group().ID, discordtest.AttachFiles)
	m := bot.Text("the text")
	m.Picture = &bot.Picture{Alt: "a chart", File: pixel(t), Type: "image/png"}
	if _, err := send(t, p, s.Group(), m, "k", 10*time.Second); err != nil {
		t.Fatal(err)
	}
	if got := s.Shown(s.Group()); len(got) != 1 || got[0].Text != "the text" || got[0].Picture != "" {
		t.Errorf("shown %+v, want the text alone", got)
	}
	s.Deny(s.Group().ID, discordtest.SendMessages)
	if _, err := send(t, p, s.Group(), m, "k2", 10*time.Second); err == nil || err.Class != bot.BadTarget {
		t.Errorf("got %v, want class %q", err, bot.BadTarget)
	}
}

// pixel is a small PNG file.
func pixel(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestPictureInAnswers has a picture in an answer that comes after the bot was
// shown at work, with a further message behind it.
func TestPictureInAnswers(t *testing.T) {
	s := discordtest.New(t)
	release := make(chan struct{})
	m := bot.Text(strings.Repeat("a long text. ", 500))
	m.Picture = &bot.Picture{Alt: strings.Repeat("👍", 600), File: pixel(t), Type: "image/png"}
	start(t, s, &recorder{answer: func(bot.Update) bot.Reply {
		<-release
		return bot.Reply{Message: m}
	}})
	s.Say(s.Group(), "/topics")
	wait(t, "the sign of work", func() bool {
		return slices.ContainsFunc(s.Requests(), func(r string) bool { return strings.HasSuffix(r, "/callback") })
	})
	close(release)
	wait(t, "two messages", func() bool { return len(s.Shown(s.Group())) == 2 })
	if got := s.Shown(s.Group()); got[0].Picture != "image/png" || got[1].Picture != "" {
		t.Errorf("the pictures are %q and %q, want one with the first part", got[0].Picture, got[1].Picture)
	}
}
