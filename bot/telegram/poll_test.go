package telegram_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tidings/bot"
	"tidings/bot/bottest"
	"tidings/bot/telegram/telegramtest"
)

const page502 = "<html><head><title>502 Bad Gateway</title></head></html>"

func TestUpdatesAreConfirmedWhenHandled(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Hooks{})
	p, _ := connect(t, s)
	release := make(chan struct{})
	h := &recorder{answer: func(u bot.Update) bot.Reply {
		if u.Place.Kind == bot.Group {
			<-release
		}
		return bot.Reply{Message: bot.Text("done")}
	}}
	run(t, p, h)
	s.Say(s.Group(), "/topics")
	wait(t, "the command", func() bool { return len(h.seen()) == 1 })
	s.Say(s.Private(), "/topics")
	s.Say(s.Private(), "/topics")
	wait(t, "the other chat's answers", func() bool { return len(s.Shown(s.Private())) == 2 })
	polls := len(s.Requests("getUpdates"))
	wait(t, "another poll", func() bool { return len(s.Requests("getUpdates")) > polls+1 })
	if n := s.Pending(); n != 3 {
		t.Errorf("%d updates are left when the first is not handled, want 3", n)
	}
	close(release)
	wait(t, "the confirmation", func() bool { return s.Pending() == 0 })
	if n := len(h.seen()); n != 3 {
		t.Errorf("%d updates were handled, want each once", n)
	}
}

func TestUnhandledUpdatesComeAgain(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Hooks{})
	first, _ := connect(t, s)
	h := &recorder{}
	stop := run(t, first, h)
	s.Say(s.Private(), "/start")
	wait(t, "the answer", func() bool { return len(s.Shown(s.Private())) == 1 })
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	s.Say(s.Private(), "/topics")
	second, _ := connect(t, s)
	run(t, second, h)
	wait(t, "the answer", func() bool { return len(s.Shown(s.Private())) == 2 })
	if seen := h.seen(); len(seen) != 2 || seen[1].Command != "topics" {
		t.Errorf("handled %+v, want each command once", seen)
	}
}

func TestBadUpdates(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Hooks{})
	p, log := connect(t, s)
	h := &recorder{}
	run(t, p, h)
	bad := []int64{s.Push("message", "no object"), s.Push("message", map[string]any{"chat": 5}), s.Push("callback_query", []int{1})}
	s.Push("message", map[string]any{})
	s.Push("callback_query", map[string]any{"id": "1"})
	s.Push("my_chat_member", map[string]any{})
	s.Say(s.Private(), "/topics")
	wait(t, "the answer", func() bool { return len(s.Shown(s.Private())) == 1 })
	wait(t, "the confirmation", func() bool { return s.Pending() == 0 })
	for _, id := range bad {
		if !strings.Contains(log.String(), fmt.Sprint("update=", id)) {
			t.Errorf("the log does not name the update %d", id)
		}
	}
	if n := len(h.seen()); n != 1 {
		t.Errorf("%d updates were handled, want 1", n)
	}
}

func TestPollingGoesOn(t *testing.T) {
	for name, fail := range map[string]func(*telegramtest.Server){
		"bad gateway": func(s *telegramtest.Server) { s.Fail("getUpdates", 502, page502) },
		"restart": func(s *telegramtest.Server) {
			s.Fail("getUpdates", 500, `{"ok":false,"error_code":500,"description":"Internal Server Error: restart"}`)
		},
		"nonsense": func(s *telegramtest.Server) { s.Fail("getUpdates", 200, `{"ok":true,"result":{}}`) },
		"too fast": func(s *telegramtest.Server) {
			s.Fail("getUpdates", 429, `{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 1","parameters":{"retry_after":1}}`)
		},
		"another poller": func(s *telegramtest.Server) {
			s.Fail("getUpdates", 409, `{"ok":false,"error_code":409,"description":"Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"}`)
		},
		"no names yet": func(s *telegramtest.Server) { s.Fail("getMe", 502, page502) },
		"menus refused": func(s *telegramtest.Server) {
			s.Fail("setMyCommands", 400, `{"ok":false,"error_code":400,"description":"Bad Request: BOT_COMMAND_INVALID"}`)
		},
		"webhook is set": func(s *telegramtest.Server) { s.Webhook() },
		"webhook is set, and stays at first": func(s *telegramtest.Server) {
			s.Webhook()
			s.Fail("deleteWebhook", 502, page502)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := telegramtest.New(t, telegramtest.Hooks{})
			fail(s)
			p, _ := connect(t, s)
			run(t, p, &recorder{})
			s.Say(s.Private(), "/topics")
			wait(t, "the answer", func() bool { return len(s.Shown(s.Private())) == 1 })
			wait(t, "the connection", p.Connected)
		})
	}
}

// over answers requests without a network, so that a test's time can be that
// of a bubble.
type over struct{ s *telegramtest.Server }

func (o over) RoundTrip(r *http.Request) (*http.Response, error) { return o.s.Handler(r), nil }

// TestSecondPoller meets another program for good: about a minute passes, more
// than a restart overlaps.
func TestSecondPoller(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Hooks{})
	for range 100 {
		s.Fail("getUpdates", 409, `{"ok":false,"error_code":409,"description":"Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"}`)
	}
	p, log := connect(t, s)
	p.Over(over{s})
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		err := p.Run(t.Context(), bottest.Commands(), &recorder{})
		if err == nil || !strings.Contains(err.Error(), "stop it") || p.Connected() {
			t.Errorf("Run ended with %v, want a sentence with the remedy", err)
		}
		if took := time.Since(begun); took < 30*time.Second || took > 3*time.Minute {
			t.Errorf("Run ended after %s, want about a minute", took)
		}
	})
	secretless(t, "the log", log.String())
}

func TestRefusedToken(t *testing.T) {
	for name, refuse := range map[string]func(*telegramtest.Server){
		"revoked": func(s *telegramtest.Server) { s.Revoke() },
		"never known": func(s *telegramtest.Server) {
			s.Fail("getMe", 404, `{"ok":false,"error_code":404,"description":"Not Found"}`)
		},
		"revoked while it is polled": func(s *telegramtest.Server) {
			s.Fail("getUpdates", 401, `{"ok":false,"error_code":401,"description":"Unauthorized"}`)
		},
	} {
		s := telegramtest.New(t, telegramtest.Hooks{})
		refuse(s)
		p, log := connect(t, s)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		err := p.Run(ctx, bottest.Commands(), &recorder{})
		cancel()
		if err == nil || !strings.Contains(err.Error(), "@BotFather") {
			t.Errorf("%s: Run ended with %v, want a sentence with the remedy", name, err)
		}
		secretless(t, name, fmt.Sprint(err, log.String()))
	}
}

// TestEndIsPrompt ends Run and Send while they wait for the server. The best of
// some tries counts: the machine may be busy.
func TestEndIsPrompt(t *testing.T) {
	prompt := func(what string, try func(*testing.T) time.Duration) {
		best := time.Hour
		for range 5 {
			if best = min(best, try(t)); best < 200*time.Millisecond {
				return
			}
		}
		t.Errorf("%s ended %s after its context, want 200ms at most", what, best)
	}
	s := telegramtest.New(t, telegramtest.Hooks{})
	prompt("Run", func(t *testing.T) time.Duration {
		p, _ := connect(t, s)
		stop := run(t, p, &recorder{})
		polls := len(s.Requests("getUpdates"))
		s.Say(s.Private(), "/topics")
		wait(t, "the next poll", func() bool { return len(s.Requests("getUpdates")) > polls && s.Pending() == 0 })
		begun := time.Now()
		if err := stop(); err != nil {
			t.Error(err)
		}
		return time.Since(begun)
	})
	prompt("Send", func(t *testing.T) time.Duration {
		p, _ := connect(t, s)
		s.Break(bottest.Slow)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		n := len(s.Shown(s.Group()))
		go func() {
			_, err := p.Send(ctx, s.Group(), bot.Text("slow"), "k")
			ended <- err
		}()
		wait(t, "the message", func() bool { return len(s.Shown(s.Group())) > n })
		begun := time.Now()
		cancel()
		<-ended
		return time.Since(begun)
	})
}
