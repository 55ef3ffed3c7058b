package telegram_test

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidings/bot"
	"tidings/bot/bottest"
	"tidings/bot/telegram"
	"tidings/bot/telegram/telegramtest"
	"tidings/subscriptions"
)

// recorder is a handler that keeps what it was given.
type recorder struct {
	answer func(bot.Update) bot.Reply

	mu      sync.Mutex // guards what follows
	updates []bot.Update
	news    []string // of chats that are left or moved
}

func (r *recorder) Handle(_ context.Context, u bot.Update) bot.Reply {
	r.mu.Lock()
	r.updates = append(r.updates, u)
	r.mu.Unlock()
	if r.answer == nil {
		return bot.Reply{Message: bot.Text("heard " + u.Command + u.Action)}
	}
	return r.answer(u)
}

func (r *recorder) Suggest(context.Context, bot.Update, string, string) []string { return nil }

func (r *recorder) Left(_ context.Context, c subscriptions.Chat, why string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.news = append(r.news, c.String()+": "+why)
}

func (r *recorder) Moved(_ context.Context, from, to subscriptions.Chat) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.news = append(r.news, from.String()+" to "+to.String())
}

func (r *recorder) seen() []bot.Update {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]bot.Update(nil), r.updates...)
}

func (r *recorder) told() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.news...)
}

// run runs a platform until the test or the returned function ends it.
func run(t *testing.T, p *telegram.Platform, h bot.Handler) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx, bottest.Commands(), h) }()
	stop = sync.OnceValue(func() error {
		cancel()
		select {
		case err := <-ended:
			return err
		case <-time.After(20 * time.Second):
			t.Error("Run did not end")
			return nil
		}
	})
	t.Cleanup(func() { stop() })
	wait(t, "the connection", p.Connected)
	return stop
}

// wait polls until a condition holds.
func wait(t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(15 * time.Second)
	for !holds() {
		select {
		case <-tick.C:
		case <-limit:
			t.Fatalf("%s did not come", what)
		}
	}
}

// heard runs a platform and gives it one thing that people do.
func heard(t *testing.T, s *telegramtest.Server, do func()) bot.Update {
	t.Helper()
	p, _ := connect(t, s)
	h := &recorder{}
	run(t, p, h)
	do()
	wait(t, "the update", func() bool { return len(h.seen()) > 0 })
	return h.seen()[0]
}

func TestWhoSpeaksWhere(t *testing.T) {
	const forum, other int64 = -1001000000009, -1001000000010
	person := func(id int64) map[string]any {
		return map[string]any{"id": id, "is_bot": false, "first_name": "Ada", "last_name": "Byron", "language_code": "pt-br"}
	}
	said := func(chat map[string]any, more map[string]any) map[string]any {
		m := map[string]any{"message_id": 7, "date": 1, "chat": chat, "text": "/topics"}
		maps.Copy(m, more)
		return m
	}
	group := map[string]any{"id": telegramtest.GroupID, "type": "supergroup", "title": "Test group"}
	for name, c := range map[string]struct {
		do           func(*telegramtest.Server)
		chat         subscriptions.Chat
		kind         bot.Kind
		administered bool
		user         string
	}{
		"topic of a forum": {func(s *telegramtest.Server) {
			s.Say(subscriptions.Chat{Platform: "telegram", ID: fmt.Sprint(forum), Thread: "5"}, "/topics")
		}, subscriptions.Chat{Platform: "telegram", ID: fmt.Sprint(forum), Thread: "5"}, bot.Group, true, "1001"},
		"general topic": {func(s *telegramtest.Server) { s.Say(telegramtest.At(forum), "/topics") },
			telegramtest.At(forum), bot.Group, true, "1001"},
		"reply outside forums": {func(s *telegramtest.Server) {
			s.Push("message", said(group, map[string]any{"from": person(telegramtest.Person), "message_thread_id": 3}))
		}, telegramtest.At(telegramtest.GroupID), bot.Group, true, "1001"},
		"channel post": {func(s *telegramtest.Server) { s.Say(telegramtest.At(telegramtest.ChannelID), "/topics") },
			telegramtest.At(telegramtest.ChannelID), bot.Channel, true, fmt.Sprint(telegramtest.ChannelID)},
		"anonymous admin": {func(s *telegramtest.Server) { s.SayAnonymously(s.Group(), "/topics") },
			telegramtest.At(telegramtest.GroupID), bot.Group, true, fmt.Sprint(telegramtest.GroupID)},
		"in another channel's name": {func(s *telegramtest.Server) {
			s.Push("message", said(group, map[string]any{"from": map[string]any{"id": 136817688, "is_bot": true, "first_name": "Channel"},
				"sender_chat": map[string]any{"id": other, "type": "channel", "title": "Other"}}))
		}, telegramtest.At(telegramtest.GroupID), bot.Group, false, fmt.Sprint(other)},
		"guest": {func(s *telegramtest.Server) { s.SayAsGuest("/topics") },
			telegramtest.At(telegramtest.GroupID), bot.Group, false, "1002"},
		"stranger": {func(s *telegramtest.Server) { s.SayAs(77, s.Group(), "/topics") },
			telegramtest.At(telegramtest.GroupID), bot.Group, false, "77"},
		"private chat": {func(s *telegramtest.Server) { s.Say(s.Private(), "/topics") },
			telegramtest.At(telegramtest.Person), bot.Private, true, "1001"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := telegramtest.New(t, telegramtest.Hooks{})
			s.AddChat(telegramtest.Chat{ID: forum, Type: "supergroup", Title: "Forum", Topics: []int{5}, Bot: "member",
				Members: map[int64]string{telegramtest.Person: "administrator"}})
			u := heard(t, s, func() { c.do(s) })
			if u.Place.Chat != c.chat || u.Place.Kind != c.kind || u.Place.Administered != c.administered || u.User.ID != c.user {
				t.Errorf("got %+v by %+v", u.Place, u.User)
			}
			// The answer goes where the command came from.
			wait(t, "the answer", func() bool { return len(s.Shown(c.chat)) == 1 })
		})
	}
}

func TestWhatIsNoCommand(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Hooks{})
	group := map[string]any{"id": telegramtest.GroupID, "type": "supergroup", "title": "Test group"}
	ada := map[string]any{"id": telegramtest.Person, "is_bot": false, "first_name": "Ada"}
	u := heard(t, s, func() {
		for _, m := range []map[string]any{
			{"text": "hello"}, {"text": "/"}, {"text": "see /topics"}, {"text": "/topics@another_bot"}, {"text": ""}, {},
			{"text": "/topics", "forward_origin": map[string]any{"type": "hidden_user", "date": 1, "sender_user_name": "Eve"}},
			{"text": "/topics", "is_automatic_forward": true},
			{"text": "/topics", "from": map[string]any{"id": 5, "is_bot": true, "first_name": "Robot"}},
		} {
			m["message_id"], m["date"], m["chat"] = 1, 1, group
			if m["from"] == nil {
				m["from"] = ada
			}
			s.Push("message", m)
		}
		s.Say(s.Group(), "/SUBSCRIBE@"+strings.ToUpper(telegramtest.BotName)+"  Peace\n talks ")
	})
	if u.Command != "subscribe" || u.Text != "Peace\n talks" || u.User.Name != "Ada" || u.User.Language != "en" {
		t.Errorf("got %+v, want the one command", u)
	}
}

func TestChatsThatAreGone(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Hooks{})
	p, _ := connect(t, s)
	h := &recorder{}
	run(t, p, h)
	s.Member(s.Private(), "kicked")
	s.Member(s.Private(), "member")
	s.Member(s.Group(), "left")
	s.Member(telegramtest.At(telegramtest.ChannelID), "kicked")
	wait(t, "the news", func() bool { return len(h.told()) == 3 })
	for _, want := range []string{
		"telegram:1001: The person has blocked the bot.",
		"telegram:-1001000000001: The bot was removed from the group.",
		"telegram:-1001000000002: The bot was removed from the channel.",
	} {
		if !strings.Contains(strings.Join(h.told(), "\n"), strings.TrimPrefix(want, "telegram:")) {
			t.Errorf("told %q, want %q", h.told(), want)
		}
	}
}

func TestMigration(t *testing.T) {
	const old, to int64 = -55, -1001000000055
	s := telegramtest.New(t, telegramtest.Hooks{})
	s.AddChat(telegramtest.Chat{ID: old, Type: "group", Title: "Old", Bot: "member", Members: map[int64]string{telegramtest.Person: "creator"}})
	p, _ := connect(t, s)
	release := make(chan struct{})
	h := &recorder{answer: func(bot.Update) bot.Reply {
		<-release
		return bot.Reply{Message: bot.Text("answer")}
	}}
	run(t, p, h)
	s.Say(telegramtest.At(old), "/topics")
	wait(t, "the command", func() bool { return len(h.seen()) == 1 })
	s.Migrate(telegramtest.At(old), to)
	close(release)
	wait(t, "the answer in the new chat", func() bool { return len(s.Shown(telegramtest.At(to))) == 1 })
	if s.Sends(telegramtest.At(old)) != 0 {
		t.Error("something was sent to the old chat")
	}
	// The refused send says so, and the service message again.
	wait(t, "the news", func() bool { return len(h.told()) == 2 })
	for _, news := range h.told() {
		if want := telegramtest.At(old).String() + " to " + telegramtest.At(to).String(); news != want {
			t.Errorf("told %q, want %q", news, want)
		}
	}
	_, err := p.Send(t.Context(), telegramtest.At(old), bot.Text("x"), "k")
	want := &bot.SendError{Class: bot.Moved, Target: telegramtest.At(to), Method: "sendMessage", Why: "group chat was upgraded to a supergroup chat"}
	if diff := cmp.Diff(error(want), err); diff != "" {
		t.Errorf("Send (-want +got):\n%s", diff)
	}
}

func TestMenus(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Hooks{})
	p, _ := connect(t, s)
	run(t, p, &recorder{})
	names := func(scope string) (out []string) {
		for _, c := range s.Commands(scope) {
			out = append(out, c.Command)
		}
		return out
	}
	all := []string{"start", "subscribe", "topics", "topic"}
	for scope, want := range map[string][]string{
		"all_private_chats": all, "all_chat_administrators": all, "all_group_chats": {"start", "topics", "topic"},
	} {
		if diff := cmp.Diff(want, names(scope)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", scope, diff)
		}
	}
}

func TestPanicEndsNothing(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Hooks{})
	p, log := connect(t, s)
	run(t, p, &recorder{answer: func(u bot.Update) bot.Reply {
		if u.Command == "start" {
			panic("a fault of ours")
		}
		return bot.Reply{Message: bot.Text("well")}
	}})
	s.Say(s.Private(), "/start")
	s.Say(s.Private(), "/topics")
	wait(t, "the answer", func() bool { return len(s.Shown(s.Private())) == 1 })
	if !strings.Contains(log.String(), "a fault of ours") {
		t.Error("the panic is not in the log")
	}
	wait(t, "the confirmation", func() bool { return s.Pending() == 0 })
}

func TestPresses(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Hooks{})
	p, _ := connect(t, s)
	h := &recorder{answer: func(u bot.Update) bot.Reply {
		if u.Action != "" {
			return bot.Reply{}
		}
		m := bot.Text("Choose")
		m.Buttons = [][]bot.Button{{{Label: "Go", Action: "go"}}}
		return bot.Reply{Message: m}
	}}
	run(t, p, h)
	s.Say(s.Group(), "/topics")
	wait(t, "the message", func() bool { return len(s.Shown(s.Group())) == 1 })
	s.Press(s.Group(), "Go")
	s.PressAs(telegramtest.Guest, s.Group(), "Go")
	wait(t, "the presses", func() bool { return len(h.seen()) == 3 })
	if by := h.seen(); by[1].Action != "go" || !by[1].Place.Administered || by[2].Place.Administered {
		t.Errorf("got %+v, want the admin's press and the guest's", by[1:])
	}
	if n := s.Unanswered(); n != 0 {
		t.Errorf("%d presses were not acknowledged", n)
	}
	if reply := s.Requests("sendMessage")[0].Get("reply_parameters"); !strings.Contains(reply, "allow_sending_without_reply") {
		t.Errorf("an answer in a group is no reply to its command: %q", reply)
	}
}
