// Package terminal is the chat of one person at a terminal, or of a script on
// standard input: the adapter that tidings demo uses. It knows no news.
package terminal

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"tidings/bot"
	"tidings/subscriptions"
)

const (
	usualWidth  = 80
	longestLine = 1 << 20 // bytes
	// graceTime is how long the line in hand may be answered once Run's context
	// has ended.
	graceTime = 5 * time.Second
)

// Config says where the terminal is and what it can show.
type Config struct {
	In  io.Reader
	Out io.Writer
	// Width is the number of columns; 0 means 80.
	Width int
	// Style allows bold text and colour.
	Style bool
	// Hyperlinks says that the terminal shows links; otherwise they are footnotes.
	Hyperlinks bool
	// Prompt is shown before each line is read; empty for scripts.
	Prompt string
}

// Platform implements [bot.Platform].
type Platform struct {
	config Config

	mu       sync.Mutex   // guards what follows, and writing
	choices  []bot.Button // of the message shown last that has any
	count    int
	ready    bool
	prompted bool // the cursor stands behind the prompt
}

// Chat is the one chat that a terminal has.
func Chat() subscriptions.Chat { return subscriptions.Chat{Platform: "terminal", ID: "you"} }

// New is a terminal.
func New(c Config) *Platform { return &Platform{config: c} }

// Name implements [bot.Platform].
func (p *Platform) Name() string { return "terminal" }

// Limits implements [bot.Platform].
func (p *Platform) Limits() bot.Limits { return bot.Limits{Rows: 9, RowButtons: 9, Label: 80} }

// Fits implements [bot.Platform]: a terminal takes any message.
func (p *Platform) Fits(bot.Message) bool { return true }

// Connected implements [bot.Platform].
func (p *Platform) Connected() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ready
}

// Run implements [bot.Platform]: it answers the lines of the input one after
// another. It also returns when the input ends or says /quit. Reading a terminal
// cannot be given up: when ctx ends first, one goroutine waits for the next line.
func (p *Platform) Run(ctx context.Context, _ []bot.Command, h bot.Handler) error {
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(graceTime, cancel) })()
	lines, failed := make(chan string), make(chan error, 1)
	go func() {
		defer close(lines)
		failed <- p.read(ctx, lines)
	}()
	p.connected(true)
	defer p.connected(false)
	for number := 1; ; number++ {
		p.prompt()
		select {
		case <-ctx.Done():
			return nil
		case line, more := <-lines:
			switch {
			case !more:
				return <-failed
			case strings.TrimSpace(line) == "/quit":
				return nil
			}
			if err := p.answer(work, h, strconv.Itoa(number), line); err != nil {
				return err
			}
		}
	}
}

// read gives the input's lines to a channel until the input or ctx ends.
func (p *Platform) read(ctx context.Context, lines chan<- string) error {
	scanner := bufio.NewScanner(p.config.In)
	scanner.Buffer(nil, longestLine)
	for scanner.Scan() {
		select {
		case lines <- scanner.Text():
		case <-ctx.Done():
			return nil
		}
	}
	switch err := scanner.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return errors.New("a line of the input is longer than a million bytes")
	case err != nil:
		return fmt.Errorf("read the input: %w", err)
	}
	return nil
}

func (p *Platform) connected(ready bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ready = ready
}

func (p *Platform) prompt() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.config.Prompt != "" {
		io.WriteString(p.config.Out, p.config.Prompt)
		p.prompted = true
	}
}

// answer answers a line: a command, or what presses a button.
func (p *Platform) answer(ctx context.Context, h bot.Handler, id, line string) error {
	p.mu.Lock()
	p.prompted = false
	p.mu.Unlock()
	u := bot.Update{ID: id, Place: place(), User: person()}
	line = strings.TrimSpace(strings.ToValidUTF8(line, "\uFFFD"))
	if line == "" {
		return nil
	}
	if command, ok := strings.CutPrefix(line, "/"); ok {
		end := strings.IndexFunc(command+" ", unicode.IsSpace)
		u.Command, u.Text = strings.ToLower(command[:end]), strings.TrimSpace(command[end:])
	} else {
		u.Action = p.pressed(line)
	}
	reply := bot.Text("Commands begin with a slash: /help lists them, /quit ends. A button is pressed by its number or its words.")
	if u.Command != "" || u.Action != "" {
		reply = h.Handle(ctx, u).Message
	}
	_, err := p.show(reply)
	return err
}

func place() bot.Place {
	return bot.Place{Chat: Chat(), Kind: bot.Private, Title: "this terminal", Administered: true}
}

func person() bot.User { return bot.User{Platform: "terminal", ID: "you", Name: "you"} }

// pressed is the action of the button that a line means, by its label or its
// number, or "".
func (p *Platform) pressed(line string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, b := range p.choices {
		if strings.EqualFold(bareLabel(b.Label), bareLabel(line)) {
			return b.Action
		}
	}
	if n, err := strconv.Atoi(strings.Trim(line, "[]")); err == nil && n >= 1 && n <= len(p.choices) {
		return p.choices[n-1].Action
	}
	return ""
}

// bareLabel is a label without the signs around its words, which few people can
// type; a label of signs alone stays.
func bareLabel(s string) string {
	bare := strings.TrimFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if bare == "" {
		return oneLine(s)
	}
	return oneLine(bare)
}

// show writes a message and an empty line in one call of Write, and returns the
// message's number.
func (p *Platform) show(m bot.Message) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(m.Sections) == 0 {
		return p.count, nil
	}
	if len(m.Buttons) > 0 {
		p.choices = nil
		for _, row := range m.Buttons {
			for _, b := range row {
				if b.Action != "" {
					p.choices = append(p.choices, b)
				}
			}
		}
	}
	text := Render(m, p.config) + "\n"
	if p.prompted {
		// It comes while a line is awaited.
		text = "\n" + text + p.config.Prompt
	}
	p.count++
	if _, err := io.WriteString(p.config.Out, text); err != nil {
		return 0, fmt.Errorf("write to the terminal: %w", err)
	}
	return p.count, nil
}

// Send implements [bot.Platform].
func (p *Platform) Send(ctx context.Context, c subscriptions.Chat, m bot.Message, _ string) (string, error) {
	refused := func(class bot.Class, why string) error {
		return &bot.SendError{Class: class, Method: "write", Why: why}
	}
	switch {
	case ctx.Err() != nil:
		return "", refused(bot.NotSent, "the call was given up")
	case c != Chat():
		return "", refused(bot.BadTarget, "a terminal has one chat only")
	case len(m.Sections) == 0:
		return "", refused(bot.BadMessage, "the message is empty")
	}
	number, err := p.show(m)
	if err != nil {
		return "", refused(bot.Ambiguous, err.Error())
	}
	return strconv.Itoa(number), nil
}

// Find implements [bot.Platform]: a terminal cannot be searched.
func (p *Platform) Find(context.Context, subscriptions.Chat, bot.Message, time.Time) (string, error) {
	return "", &bot.SendError{Class: bot.NotSent, Method: "find", Why: "a terminal cannot be searched"}
}

// Place implements [bot.Platform]: there is no other place.
func (p *Platform) Place(_ context.Context, _ bot.User, target string) (bot.Place, error) {
	return bot.Place{}, &bot.SendError{Class: bot.BadTarget, Method: "place", Why: fmt.Sprintf("A terminal has no place %q: leave it out.", target)}
}
