package terminal_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidings/bot"
	"tidings/bot/bottest"
	"tidings/bot/terminal"
	"tidings/subscriptions"
)

func TestConformance(t *testing.T) {
	bottest.Run(t, func(t *testing.T) bottest.Setup {
		s := newScreen(t)
		return bottest.Setup{
			Platform: terminal.New(terminal.Config{In: s.keys, Out: s}), Network: s, Log: func() string { return "" },
			Without: []bottest.Ability{bottest.Groups, bottest.Edits, bottest.Faults, bottest.Pictures},
		}
	})
}

// screen is the person at a terminal. It implements [bottest.Network]; each
// call of Write is a message.
type screen struct {
	t     *testing.T
	keys  io.Reader
	typed chan string

	mu    sync.Mutex // guards what follows
	shown []bottest.Shown
}

func newScreen(t *testing.T) *screen {
	keys, typing := io.Pipe()
	s := &screen{t: t, keys: keys, typed: make(chan string, 16)}
	go func() {
		for line := range s.typed {
			io.WriteString(typing, line+"\n")
		}
		typing.Close()
	}()
	t.Cleanup(func() {
		close(s.typed)
		keys.Close()
	})
	return s
}

func (s *screen) Private() subscriptions.Chat              { return terminal.Chat() }
func (s *screen) Group() subscriptions.Chat                { panic("a terminal has no group") }
func (s *screen) Say(_ subscriptions.Chat, line string)    { s.typed <- line }
func (s *screen) SayAsGuest(string)                        { panic("a terminal has no guests") }
func (s *screen) Press(_ subscriptions.Chat, label string) { s.typed <- label }
func (s *screen) Break(bottest.Fault)                      { panic("a terminal does not break") }

func (s *screen) Shown(subscriptions.Chat) []bottest.Shown {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]bottest.Shown(nil), s.shown...)
}

// What is not a message's text on the screen.
var (
	footnote = regexp.MustCompile(`(?m)^\[\d+\] (https?://\S+)\n`)
	mark     = regexp.MustCompile(`\[\d+\]`)
	choice   = regexp.MustCompile(`\[\d+: ([^\]\n]*)\]`)
	opens    = regexp.MustCompile(`(?m)^([A-Za-z ]+): https?://\S+\n`)
	quoted   = regexp.MustCompile(`(?m)^  \| `)
)

// Write implements io.Writer.
func (s *screen) Write(p []byte) (int, error) {
	text := string(p)
	if strings.ContainsAny(text, "\x1b\x07\x00\r") {
		s.t.Errorf("the terminal is steered by %q", text)
	}
	if !strings.HasSuffix(text, "\n\n") {
		s.t.Errorf("%q does not end in an empty line", text)
	}
	var shown bottest.Shown
	take := func(pattern *regexp.Regexp, into *[]string) {
		for _, m := range pattern.FindAllStringSubmatch(text, -1) {
			*into = append(*into, m[1])
		}
		text = pattern.ReplaceAllString(text, "")
	}
	take(footnote, &shown.Links)
	take(choice, &shown.Buttons)
	take(opens, &shown.Buttons)
	shown.Text = strings.TrimSpace(quoted.ReplaceAllString(mark.ReplaceAllString(text, ""), ""))
	s.mu.Lock()
	defer s.mu.Unlock()
	shown.ID = strings.Repeat("i", len(s.shown)+1)
	s.shown = append(s.shown, shown)
	return len(p), nil
}

// echo answers commands and buttons with what it got.
type echo struct{ reply func(bot.Update) bot.Message }

func (e echo) Handle(_ context.Context, u bot.Update) bot.Reply {
	if e.reply != nil {
		return bot.Reply{Message: e.reply(u)}
	}
	return bot.Reply{Message: bot.Text(u.ID + " " + u.Command + "(" + u.Text + ")" + u.Action)}
}
func (echo) Suggest(context.Context, bot.Update, string, string) []string  { return nil }
func (echo) Left(context.Context, subscriptions.Chat, string)              {}
func (echo) Moved(context.Context, subscriptions.Chat, subscriptions.Chat) {}
func choosing(rows ...[]bot.Button) func(bot.Update) bot.Message {
	return func(u bot.Update) bot.Message {
		m := bot.Text("got " + u.Command + u.Action)
		if u.Action == "" {
			m.Buttons = rows
		}
		return m
	}
}

// script runs a terminal on a script and returns what it shows.
func script(t *testing.T, c terminal.Config, h bot.Handler, lines ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	c.In, c.Out = strings.NewReader(strings.Join(lines, "\n")), &out
	p := terminal.New(c)
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	err := p.Run(ctx, nil, h)
	if ctx.Err() != nil {
		t.Error("Run did not end with the script")
	}
	if p.Connected() {
		t.Error("the terminal is connected after its end")
	}
	return out.String(), err
}

func TestScript(t *testing.T) {
	for name, c := range map[string]struct {
		lines []string
		want  string
	}{
		"to its end":            {[]string{"/help", "", "/digest  Ukraine\tpeace talks "}, "1 help()\n\n3 digest(Ukraine peace talks)\n\n"},
		"to /quit":              {[]string{"/help", " /quit ", "/never"}, "1 help()\n\n"},
		"empty":                 {nil, ""},
		"capitals, other space": {[]string{"/HELP\tme"}, "1 help(me)\n\n"},
		"invalid bytes":         {[]string{"/find \xff\x1b[31m"}, "1 find(\uFFFD[31m)\n\n"},
	} {
		got, err := script(t, terminal.Config{}, echo{}, c.lines...)
		if err != nil || got != c.want {
			t.Errorf("%s: got %q, %v; want %q", name, got, err, c.want)
		}
	}
	for _, line := range []string{"hello", "1", "/", "/ x"} {
		if got, err := script(t, terminal.Config{}, echo{}, line); err != nil || !strings.Contains(got, "/help lists them") {
			t.Errorf("%q is answered with %q, %v", line, got, err)
		}
	}
}

func TestButtons(t *testing.T) {
	rows := [][]bot.Button{
		{{Label: "1", Action: "story:1"}, {Label: "2", Action: "story:2"}, {Label: "Read", URL: "https://news.example.org/"}},
		{{Label: "⚙ Settings", Action: "settings"}, {Label: "👍", Action: "more"}},
	}
	shown, _ := script(t, terminal.Config{}, echo{choosing(rows...)}, "/topics")
	if want := "got topics\n\n[1] [2]\n[3: ⚙ Settings] [4: 👍]\n\nRead: https://news.example.org/\n\n"; shown != want {
		t.Errorf("shown %q, want %q", shown, want)
	}
	for typed, want := range map[string]string{
		"1": "got story:1", "[2]": "got story:2", "3": "got settings", "settings": "got settings", "⚙ Settings": "got settings",
		"👍": "got more", "4": "got more", "5": "Commands", "0": "Commands", "Read": "Commands",
	} {
		got, err := script(t, terminal.Config{}, echo{choosing(rows...)}, "/topics", typed)
		if err != nil || !strings.HasPrefix(got[len(shown):], want) {
			t.Errorf("typing %q shows %q, %v; want %q", typed, got[len(shown):], err, want)
		}
	}
}

func TestBadInput(t *testing.T) {
	if _, err := script(t, terminal.Config{}, echo{}, "/find "+strings.Repeat("x", 2<<20)); err == nil || strings.Contains(err.Error(), "bufio") {
		t.Errorf("a line without an end gave %v, want a sentence", err)
	}
	broken := errors.New("broken")
	p := terminal.New(terminal.Config{In: strings.NewReader("/help\n"), Out: failing{broken}})
	if err := p.Run(t.Context(), nil, echo{}); !errors.Is(err, broken) {
		t.Errorf("Run ended with %v, want that nothing could be written", err)
	}
	_, err := p.Send(t.Context(), terminal.Chat(), bot.Text("x"), "k")
	if e, ok := errors.AsType[*bot.SendError](err); !ok || e.Class != bot.Ambiguous {
		t.Errorf("Send gave %v", err)
	}
	_, err = p.Send(t.Context(), subscriptions.Chat{Platform: "terminal", ID: "other"}, bot.Text("x"), "k")
	if e, ok := errors.AsType[*bot.SendError](err); !ok || e.Class != bot.BadTarget {
		t.Errorf("another chat gave %v", err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// TestPrompt has a message come while a line is awaited.
func TestPrompt(t *testing.T) {
	keys, typing := io.Pipe()
	out := &written{}
	p := terminal.New(terminal.Config{In: keys, Out: out, Prompt: "> "})
	ended := make(chan error, 1)
	go func() { ended <- p.Run(t.Context(), nil, echo{}) }()
	out.wait(t, "> ")
	if _, err := p.Send(t.Context(), terminal.Chat(), bot.Text("news"), "k"); err != nil {
		t.Fatal(err)
	}
	io.WriteString(typing, "/help\n/quit\n")
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff("> \nnews\n\n> 1 help()\n\n> ", out.String()); diff != "" {
		t.Errorf("screen (-want +got):\n%s", diff)
	}
}

// written is what was written so far.
type written struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (w *written) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.Write(p)
}

func (w *written) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.String()
}

func (w *written) wait(t *testing.T, text string) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !strings.Contains(w.String(), text); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%q was never written", text)
		}
	}
}
