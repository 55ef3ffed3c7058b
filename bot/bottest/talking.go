package bottest

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/google/go-cmp/cmp"

	"tidings/bot"
)

// words is all that a person typed behind a command, on any network.
func words(u bot.Update) string {
	if u.Options == nil {
		return u.Text
	}
	var all []string
	for _, c := range Commands() {
		if c.Name != u.Command {
			continue
		}
		options := c.Options
		for _, sub := range c.Sub {
			if sub.Name == u.Options[bot.SubCommand] {
				all, options = append(all, sub.Name), sub.Options
			}
		}
		for _, o := range options {
			if v := u.Options[o.Name]; v != "" {
				all = append(all, v)
			}
		}
	}
	return strings.Join(all, " ")
}

func command(b *bench) {
	b.start(func(u bot.Update) bot.Reply {
		return bot.Reply{Message: bot.Text("You receive " + words(u))}
	})
	b.Network.Say(b.Network.Private(), "/subscribe Peace talks daily 08:00")
	u := b.handled(1)
	if u.Command != "subscribe" || words(u) != "Peace talks daily 08:00" || u.Action != "" {
		b.t.Errorf("got command %q, words %q, action %q", u.Command, words(u), u.Action)
	}
	if u.ID == "" || u.User.ID == "" || u.User.Platform != b.Platform.Name() {
		b.t.Errorf("the update or its person has no identity: %+v", u)
	}
	if u.Place.Chat != b.Network.Private() || u.Place.Kind != bot.Private || !u.Place.Administered {
		b.t.Errorf("got place %+v, want the private chat, administered", u.Place)
	}
	got := b.shown(b.Network.Private(), 1)
	if got[0].Text != "You receive Peace talks daily 08:00" || got[0].ID == "" {
		b.t.Errorf("shown %+v", got[0])
	}
}

func commandAlone(b *bench) {
	b.start(nil)
	b.Network.Say(b.Network.Private(), "/topics")
	if u := b.handled(1); u.Command != "topics" || words(u) != "" {
		b.t.Errorf("got command %q, words %q", u.Command, words(u))
	}
}

func subCommand(b *bench) {
	b.start(nil)
	for i, line := range []string{"remove Peace talks", "list"} {
		b.Network.Say(b.Network.Private(), "/topic "+line)
		if u := b.handled(i + 1); u.Command != "topic" || words(u) != line {
			b.t.Errorf("got command %q, words %q, options %q; want /topic %s", u.Command, words(u), u.Options, line)
		}
	}
}

func administered(b *bench) {
	b.start(func(u bot.Update) bot.Reply {
		return bot.Reply{Message: bot.Text(fmt.Sprint("administered: ", u.Place.Administered))}
	})
	b.Network.Say(b.Network.Group(), "/topics")
	admin := b.handled(1)
	b.Network.SayAsGuest("/topics")
	guest := b.handled(2)
	if p := admin.Place; p.Chat != b.Network.Group() || p.Kind != bot.Group || !p.Administered {
		b.t.Errorf("the admin is at %+v, want the group, administered", p)
	}
	if p := guest.Place; p.Chat != b.Network.Group() || p.Kind != bot.Group || p.Administered {
		b.t.Errorf("the guest is at %+v, want the group, not administered", p)
	}
	if admin.User.ID == guest.User.ID {
		b.t.Errorf("two people have one id: %q", admin.User.ID)
	}
}

func place(b *bench) {
	b.start(nil)
	b.Network.Say(b.Network.Group(), "/topics")
	u := b.handled(1)
	got, err := b.Platform.Place(context.Background(), u.User, b.Network.Group().ID)
	if err != nil {
		b.t.Fatalf("Place: %v", b.sendError(err))
	}
	if got.Chat.ID != b.Network.Group().ID || got.Kind != bot.Group || !got.Administered || got.Obstacle != "" {
		b.t.Errorf("got %+v, want the group, administered, without an obstacle", got)
	}
	b.Network.SayAsGuest("/topics")
	got, err = b.Platform.Place(context.Background(), b.handled(2).User, b.Network.Group().ID)
	if err == nil && got.Administered {
		b.t.Errorf("a guest administers %+v", got)
	}
}

func noPlace(b *bench) {
	b.start(nil)
	b.Network.Say(b.Network.Private(), "/topics")
	_, err := b.Platform.Place(context.Background(), b.handled(1).User, "@no_such_place_at_all")
	if failed := b.sendError(err); failed == nil || failed.Class != bot.BadTarget || !strings.HasSuffix(failed.Why, ".") {
		b.t.Errorf("got %v, want a sentence of class %q", failed, bot.BadTarget)
	}
}

func press(b *bench) {
	b.start(func(u bot.Update) bot.Reply {
		if u.Action != "" {
			return bot.Reply{Message: bot.Text("You chose " + u.Action)}
		}
		m := bot.Text("Choose")
		m.Buttons = [][]bot.Button{
			{{Label: "One", Action: "pick:1"}, {Label: "Two <&>", Action: "pick:2"}},
			{{Label: "Read", URL: "https://news.example.org/a?b=1&c=2"}},
		}
		return bot.Reply{Message: m}
	})
	b.Network.Say(b.Network.Private(), "/topics")
	got := b.shown(b.Network.Private(), 1)
	if diff := cmp.Diff([]string{"One", "Two <&>", "Read"}, got[0].Buttons); diff != "" {
		b.t.Errorf("buttons (-want +got):\n%s", diff)
	}
	b.Network.Press(b.Network.Private(), "Two <&>")
	u := b.handled(2)
	if u.Action != "pick:2" || u.Command != "" || u.User.ID == "" || u.Place.Chat != b.Network.Private() {
		b.t.Errorf("got %+v", u)
	}
	if got := b.shown(b.Network.Private(), 2); got[1].Text != "You chose pick:2" {
		b.t.Errorf("shown %+v", got)
	}
}

func edit(b *bench) {
	b.start(func(u bot.Update) bot.Reply {
		page := 1
		if u.Action != "" {
			page, _ = strconv.Atoi(strings.TrimPrefix(u.Action, "page:"))
		}
		m := bot.Text(fmt.Sprintf("Page %d", min(page, 2)))
		m.Buttons = [][]bot.Button{{{Label: "Next", Action: fmt.Sprintf("page:%d", min(page+1, 2))}}}
		return bot.Reply{Message: m, Edit: u.Action != ""}
	})
	b.Network.Say(b.Network.Private(), "/topics")
	first := b.shown(b.Network.Private(), 1)[0]
	// The second press changes nothing, which is no failure.
	for n := range 2 {
		b.Network.Press(b.Network.Private(), "Next")
		b.handled(n + 2)
		b.wait("the edit", func() bool { return b.Network.Shown(b.Network.Private())[0].Text == "Page 2" })
	}
	b.Network.Say(b.Network.Private(), "/topics")
	got := b.shown(b.Network.Private(), 2)
	if got[0].ID != first.ID || got[0].Text != "Page 2" || got[1].Text != "Page 1" {
		b.t.Errorf("shown %+v, want the first message edited", got)
	}
}

func silence(b *bench) {
	b.start(func(u bot.Update) bot.Reply {
		if u.Command == "topics" {
			return bot.Reply{}
		}
		return bot.Reply{Message: bot.Text("here")}
	})
	b.Network.Say(b.Network.Private(), "/topics")
	b.Network.Say(b.Network.Private(), "/start")
	if got := b.shown(b.Network.Private(), 1); got[0].Text != "here" {
		b.t.Errorf("shown %+v", got)
	}
}

func order(b *bench) {
	var busy, most atomic.Int32
	b.start(func(u bot.Update) bot.Reply {
		most.Store(max(most.Load(), busy.Add(1)))
		defer busy.Add(-1)
		return bot.Reply{Message: bot.Text(words(u))}
	})
	for _, word := range []string{"first", "second", "third"} {
		b.Network.Say(b.Network.Private(), "/subscribe "+word)
	}
	var got []string
	for _, s := range b.shown(b.Network.Private(), 3) {
		got = append(got, s.Text)
	}
	if diff := cmp.Diff([]string{"first", "second", "third"}, got); diff != "" {
		b.t.Errorf("answers (-want +got):\n%s", diff)
	}
	if most.Load() != 1 {
		b.t.Errorf("%d updates of one chat were answered at once", most.Load())
	}
}

func parallel(b *bench) {
	release := make(chan struct{})
	free := sync.OnceFunc(func() { close(release) })
	b.start(func(u bot.Update) bot.Reply {
		if u.Place.Kind == bot.Group {
			<-release
		}
		return bot.Reply{Message: bot.Text("done")}
	})
	b.t.Cleanup(free)
	b.Network.Say(b.Network.Group(), "/topics")
	b.handled(1)
	b.Network.Say(b.Network.Private(), "/topics")
	b.shown(b.Network.Private(), 1)
	if n := len(b.Network.Shown(b.Network.Group())); n != 0 {
		b.t.Errorf("the group shows %d messages before its answer was made", n)
	}
	free()
	b.shown(b.Network.Group(), 1)
}

func end(b *bench) {
	entered, release := make(chan struct{}), make(chan struct{})
	b.start(func(bot.Update) bot.Reply {
		close(entered)
		<-release
		return bot.Reply{Message: bot.Text("the last word")}
	})
	b.Network.Say(b.Network.Private(), "/topics")
	<-entered
	b.cancel()
	close(release)
	b.stop()
	if got := b.shown(b.Network.Private(), 1); got[0].Text != "the last word" {
		b.t.Errorf("shown %+v", got)
	}
	b.wait("the end of the connection", func() bool { return !b.Platform.Connected() })
}
