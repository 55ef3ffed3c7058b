package discord_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidings/bot"
	"tidings/bot/bottest"
	"tidings/bot/discord"
	"tidings/bot/discord/discordtest"
)

func TestFatalCloseCodes(t *testing.T) {
	for _, code := range []int{4004, 4010, 4011, 4012, 4013, 4014} {
		s := discordtest.New(t)
		p, _ := platform(t, s)
		s.SetTrouble(discordtest.Trouble{CloseAfterIdentify: code})
		err := ends(t, p)
		if err == nil || !strings.Contains(err.Error(), ". ") {
			t.Errorf("code %d: Run ended with %v, want a sentence with a remedy", code, err)
		}
		if n := s.Connects(); n != 1 {
			t.Errorf("code %d: %d connections, want 1", code, n)
		}
	}
}

// start runs an adapter until it is connected.
func start(t *testing.T, s *discordtest.Server, h bot.Handler) *discord.Platform {
	t.Helper()
	p, _ := platform(t, s)
	p.Hurry(10*time.Second, 50*time.Millisecond, 200*time.Millisecond)
	run(t, p, h)
	wait(t, "the connection", func() bool { return p.Connected() && s.Connected() })
	return p
}

// answering answers every command with its name.
func answering() *recorder {
	return &recorder{answer: func(u bot.Update) bot.Reply { return bot.Reply{Message: bot.Text(u.Command)} }}
}

// works fails unless a command is answered.
func works(t *testing.T, s *discordtest.Server) {
	t.Helper()
	n := len(s.Shown(s.Private()))
	s.Say(s.Private(), "/topics")
	wait(t, "an answer", func() bool { return len(s.Shown(s.Private())) == n+1 })
}

func TestReconnects(t *testing.T) {
	for name, trouble := range map[string]func(*discordtest.Server){
		"closed with a code":  func(s *discordtest.Server) { s.Disconnect(4000) },
		"session timed out":   func(s *discordtest.Server) { s.Disconnect(4009) },
		"broken":              func(s *discordtest.Server) { s.Disconnect(0) },
		"asked to reconnect":  func(s *discordtest.Server) { s.AskReconnect() },
		"session invalidated": func(s *discordtest.Server) { s.Invalidate() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := discordtest.New(t)
			p := start(t, s, answering())
			works(t, s)
			trouble(s)
			wait(t, "the loss", func() bool { return !p.Connected() })
			wait(t, "the connection", func() bool { return p.Connected() && s.Connected() })
			works(t, s)
			if diff := cmp.Diff([]int{1, 1}, s.Identifies()); diff != "" {
				t.Errorf("the intents of each Identify (-want +got):\n%s", diff)
			}
		})
	}
}

func TestConnectionThatDoesNotOpen(t *testing.T) {
	for name, trouble := range map[string]discordtest.Trouble{
		"no greeting":                      {Mute: true},
		"asked to reconnect before ready":  {ReconnectFirst: true},
		"session invalid before ready":     {InvalidSession: true},
		"heartbeats without an answer":     {Deaf: true, Heartbeat: 20 * time.Millisecond},
		"closed with a passing close code": {CloseAfterIdentify: 4008},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := discordtest.New(t)
			s.SetTrouble(trouble)
			p, _ := platform(t, s)
			p.Hurry(time.Second, 50*time.Millisecond, time.Second)
			run(t, p, answering())
			wait(t, "a second attempt", func() bool { return s.Connects() >= 2 })
			if n, m := len(s.Identifies()), s.Connects(); n > m {
				t.Errorf("%d Identifies over %d connections", n, m)
			}
			s.SetTrouble(discordtest.Trouble{})
			s.Disconnect(0)
			wait(t, "the connection", func() bool { return p.Connected() && s.Connected() })
			works(t, s)
		})
	}
}

func TestStopsWhileItReconnects(t *testing.T) {
	s := discordtest.New(t)
	p, _ := platform(t, s)
	stop := run(t, p, answering())
	wait(t, "the connection", p.Connected)
	s.Break(bottest.Refuse)
	wait(t, "the loss", func() bool { return !p.Connected() })
	if err := stop(); err != nil {
		t.Errorf("Run ended with %v", err)
	}
	connects := s.Connects()
	s.Break(bottest.Mend)
	again, _ := platform(t, s)
	run(t, again, answering())
	wait(t, "another program's connection", func() bool { return again.Connected() && s.Connected() })
	if n := s.Connects(); n != connects+1 || p.Connected() {
		t.Errorf("the ended program came back: %d connections", n-connects)
	}
}

func TestFewConnectionsLeft(t *testing.T) {
	s := discordtest.New(t)
	left := 3
	s.SetTrouble(discordtest.Trouble{Remaining: &left})
	p, log := platform(t, s)
	stop := run(t, p, answering())
	wait(t, "a line in the log", func() bool { return strings.Contains(log.String(), "hardly any more connections") })
	if err := stop(); err != nil || s.Connects() != 0 {
		t.Errorf("Run ended with %v after %d connections", err, s.Connects())
	}
}

func TestCommandsAreReplacedWhenTheyChange(t *testing.T) {
	s := discordtest.New(t)
	for range 2 {
		p, _ := platform(t, s)
		stop := run(t, p, answering())
		wait(t, "the connection", p.Connected)
		wait(t, "the commands", func() bool { return len(s.Commands()) > 0 })
		listed := func() bool {
			return slices.Contains(s.Requests(), "GET applications/1100000000000000001/commands")
		}
		wait(t, "the list of commands", listed)
		if err := stop(); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"start", "subscribe", "topic", "topics"}, s.Commands()); diff != "" {
		t.Errorf("commands (-want +got):\n%s", diff)
	}
	if n := s.Replaced(); n != 1 {
		t.Errorf("the commands were replaced %d times, want 1", n)
	}
}

func TestPlacesThatAreGone(t *testing.T) {
	s := discordtest.New(t)
	h := answering()
	p := start(t, s, h)
	works(t, s)
	s.Outage()
	s.DeleteChannel(s.Thread().ID)
	wait(t, "word of the thread", func() bool { return len(h.gone()) == 1 })
	if got, want := h.gone()[0], s.Thread().ID+" the channel was deleted"; got != want {
		t.Errorf("left %q, want %q: an outage is no removal", got, want)
	}
	s.Remove(false)
	s.Disconnect(0)
	wait(t, "the loss", func() bool { return !p.Connected() })
	wait(t, "word of the channels", func() bool { return len(h.gone()) > 1 })
	if !slices.Contains(h.gone(), s.Group().ID+" the bot was removed from the server") {
		t.Errorf("left %q, want the group among them", h.gone())
	}
}

func TestRemoved(t *testing.T) {
	s := discordtest.New(t)
	h := answering()
	start(t, s, h)
	works(t, s)
	s.Remove(true)
	wait(t, "word of the channels", func() bool {
		return slices.Contains(h.gone(), s.Announcements().ID+" the bot was removed from the server")
	})
}
