package discord_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidings/bot"
	"tidings/bot/discord/discordtest"
)

// slowly is a handler whose answers wait until they are released.
func slowly(reply bot.Reply) (h *recorder, release chan struct{}) {
	release = make(chan struct{})
	return &recorder{answer: func(u bot.Update) bot.Reply {
		if u.Command == "start" {
			m := bot.Text("Choose")
			m.Buttons = [][]bot.Button{{{Label: "Go", Action: "go"}}}
			return bot.Reply{Message: m}
		}
		<-release
		return reply
	}}, release
}

// callbacks counts the first responses so far.
func callbacks(s *discordtest.Server) int {
	n := 0
	for _, r := range s.Requests() {
		if strings.HasSuffix(r, "/callback") {
			n++
		}
	}
	return n
}

func TestSlowAnswers(t *testing.T) {
	long := bot.Text(strings.Repeat("word ", 1000))
	for name, c := range map[string]struct {
		reply   bot.Reply
		press   bool
		texts   int // messages besides the one with the button
		private bool
		edited  bool
	}{
		"answered":          {reply: bot.Reply{Message: bot.Text("late")}, texts: 1},
		"in several parts":  {reply: bot.Reply{Message: long}, texts: 2},
		"private":           {reply: bot.Reply{Message: bot.Text("late"), Private: true}, texts: 1, private: true},
		"nothing":           {},
		"pressed, edited":   {press: true, reply: bot.Reply{Message: bot.Text("late"), Edit: true}, edited: true},
		"pressed, anew":     {press: true, reply: bot.Reply{Message: bot.Text("late"), Private: true}, texts: 1, private: true},
		"pressed, no words": {press: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := discordtest.New(t)
			h, release := slowly(c.reply)
			start(t, s, h)
			s.Say(s.Group(), "/start")
			wait(t, "the message", func() bool { return len(s.Shown(s.Group())) == 1 })
			if c.press {
				s.Press(s.Group(), "Go")
			} else {
				s.Say(s.Group(), "/topics")
			}
			wait(t, "the acknowledgement", func() bool { return callbacks(s) == 2 })
			close(release)
			wait(t, "the answer", func() bool {
				texts, _ := s.Raw(s.Group())
				return len(texts) == 1+c.texts && (texts[0] == "late") == c.edited
			})
			_, private := s.Raw(s.Group())
			for _, hidden := range private[1:] {
				if hidden != c.private {
					t.Errorf("private: %t, want %t", hidden, c.private)
				}
			}
			if n := s.Unanswered(); n != 0 {
				t.Errorf("%d interactions were not answered", n)
			}
		})
	}
}

func TestPrivateAnswers(t *testing.T) {
	s := discordtest.New(t)
	start(t, s, &recorder{answer: func(bot.Update) bot.Reply {
		return bot.Reply{Message: bot.Text(strings.Repeat("between us ", 500)), Private: true}
	}})
	s.Say(s.Group(), "/topics")
	wait(t, "the answer", func() bool { return len(s.Shown(s.Group())) == 2 })
	if _, private := s.Raw(s.Group()); !private[0] || !private[1] {
		t.Errorf("private: %v, want all", private)
	}
	s.Say(s.Private(), "/topics")
	wait(t, "the answer", func() bool { return len(s.Shown(s.Private())) == 2 })
	if _, private := s.Raw(s.Private()); private[0] {
		t.Error("a message between two people hides from one of them")
	}
}

func TestRepeatedInteraction(t *testing.T) {
	s := discordtest.New(t)
	h := answering()
	start(t, s, h)
	s.Say(s.Group(), "/topics")
	wait(t, "the answer", func() bool { return len(s.Shown(s.Group())) == 1 })
	s.Repeat()
	works(t, s)
	if n := len(h.seen()); n != 2 {
		t.Errorf("%d updates, want 2: the repeated one counts once", n)
	}
}

func TestPanicEndsNothing(t *testing.T) {
	s := discordtest.New(t)
	start(t, s, &recorder{answer: func(u bot.Update) bot.Reply {
		if u.Command == "start" {
			panic("a fault of ours")
		}
		return bot.Reply{Message: bot.Text("well")}
	}})
	s.Say(s.Group(), "/start")
	wait(t, "the apology", func() bool { return len(s.Shown(s.Group())) == 1 })
	if text := s.Shown(s.Group())[0].Text; !strings.HasPrefix(text, "Sorry") {
		t.Errorf("shown %q", text)
	}
	works(t, s)
}

func TestSuggestions(t *testing.T) {
	s := discordtest.New(t)
	start(t, s, &recorder{suggest: []string{"Peace talks", "", strings.Repeat("x", 101), "Peace prize"}})
	for _, command := range []string{"subscribe", "topic test"} {
		got := s.Suggest(s.Group(), command, "topic", "pea")
		if diff := cmp.Diff([]string{"Peace talks", "Peace prize"}, got); diff != "" {
			t.Errorf("suggestions for /%s (-want +got):\n%s", command, diff)
		}
	}
}

func TestUpdate(t *testing.T) {
	s := discordtest.New(t)
	h := answering()
	start(t, s, h)
	s.Say(s.Announcements(), `/subscribe when:"daily 08:00" topic:"Peace talks"`)
	wait(t, "the update", func() bool { return len(h.seen()) == 1 })
	u := h.seen()[0]
	want := bot.Update{
		ID: u.ID, Command: "subscribe", Options: map[string]string{"topic": "Peace talks", "when": "daily 08:00"},
		User:  bot.User{Platform: "discord", ID: s.Admin(), Name: "Ada", Language: "en"},
		Place: bot.Place{Chat: s.Announcements(), Kind: bot.Channel, Title: "#wire", Administered: true},
	}
	if diff := cmp.Diff(want, u); diff != "" {
		t.Errorf("update (-want +got):\n%s", diff)
	}
}

func TestSubCommand(t *testing.T) {
	s := discordtest.New(t)
	h := answering()
	start(t, s, h)
	s.Say(s.Group(), `/topic test topic:"Peace talks" text:"peace geneva"`)
	wait(t, "the update", func() bool { return len(h.seen()) == 1 })
	want := map[string]string{bot.SubCommand: "test", "topic": "Peace talks", "text": "peace geneva"}
	if u := h.seen()[0]; u.Command != "topic" || !cmp.Equal(want, u.Options) {
		t.Errorf("got /%s with %q, want /topic with %q", u.Command, u.Options, want)
	}
}

func TestObstacles(t *testing.T) {
	s := discordtest.New(t)
	h := answering()
	start(t, s, h)
	s.Deny(s.Group().ID, discordtest.SendMessages|discordtest.EmbedLinks)
	s.Say(s.Group(), "/topics")
	s.Say(s.Thread(), "/topics")
	wait(t, "the updates", func() bool { return len(h.seen()) == 2 })
	for _, u := range h.seen() {
		want := "I may not write in #news: give me the permission Send Messages, Embed Links there (channel settings, Permissions)."
		if u.Place.Chat == s.Thread() {
			want = "I may not write in #a thread: give me the permission Embed Links there (channel settings, Permissions)."
		}
		if u.Place.Obstacle != want {
			t.Errorf("obstacle %q, want %q", u.Place.Obstacle, want)
		}
	}
}

func TestSameActionTwice(t *testing.T) {
	s := discordtest.New(t)
	h := &recorder{answer: func(u bot.Update) bot.Reply {
		m := bot.Text("Choose " + u.Action)
		m.Buttons = [][]bot.Button{{{Label: "One", Action: "a:b"}, {Label: "Other", Action: "a:b"}}}
		return bot.Reply{Message: m, Edit: true}
	}}
	start(t, s, h)
	s.Say(s.Group(), "/topics")
	wait(t, "the message", func() bool { return len(s.Shown(s.Group())) == 1 })
	s.Press(s.Group(), "Other")
	wait(t, "the edit", func() bool { return s.Shown(s.Group())[0].Text == "Choose a:b" })
}

// TestEditOfAnotherSize turns a short message, which shows no previews, into a
// long one, which is an embed, and back.
func TestEditOfAnotherSize(t *testing.T) {
	s := discordtest.New(t)
	start(t, s, &recorder{answer: func(u bot.Update) bot.Reply {
		m := bot.Text("short, at https://news.example.org/")
		next := "long"
		if u.Action == "long" {
			m, next = bot.Text(strings.Repeat("long ", 600)), "short"
		}
		m.Buttons = [][]bot.Button{{{Label: "Turn", Action: next}}}
		return bot.Reply{Message: m, Edit: true, Private: true}
	}})
	s.Say(s.Group(), "/topics")
	for _, want := range []string{"short", "long", "short"} {
		wait(t, want, func() bool {
			shown := s.Shown(s.Group())
			return len(shown) == 1 && strings.HasPrefix(shown[0].Text, want)
		})
		s.Press(s.Group(), "Turn")
	}
}

func TestManySuggestions(t *testing.T) {
	s := discordtest.New(t)
	h := answering()
	h.suggest = slices.Repeat([]string{"Peace talks"}, 30)
	start(t, s, h)
	if n := len(s.Suggest(s.Group(), "subscribe", "topic", "")); n != 25 {
		t.Errorf("%d suggestions, want 25", n)
	}
	works(t, s)
}
