package bottest

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"slices"
	"strings"
	"testing"

	"tidings/bot"
)

// drawn is a picture with a file.
func drawn(b *bench) *bot.Picture {
	b.t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, 80, 40))); err != nil {
		b.t.Fatal(err)
	}
	return &bot.Picture{Alt: "A grey sky & no bird", File: out.Bytes(), Type: "image/png"}
}

// linked is a picture with an address.
func linked() *bot.Picture {
	return &bot.Picture{Alt: "A grey sky", URL: "https://pictures.example.org/sky.jpg?w=1&h=2"}
}

// shows fails unless a message shows a picture, or tells of it where pictures
// cannot be shown.
func (b *bench) shows(got Shown, p *bot.Picture) {
	b.t.Helper()
	switch {
	case p == nil && got.Picture != "":
		b.t.Errorf("shows the picture %q, want none", got.Picture)
	case p != nil && slices.Contains(b.Without, Pictures):
		if !strings.Contains(got.Text, p.Alt) {
			b.t.Errorf("%q does not tell what is in the picture: %s", got.Text, p.Alt)
		}
	case p != nil && got.Picture != p.Type+p.URL:
		b.t.Errorf("shows the picture %q, want %q", got.Picture, p.Type+p.URL)
	}
}

func picture(b *bench) {
	p := drawn(b)
	m := bot.Text("What <covers> it & *how*")
	m.Picture = p
	m.Buttons = [][]bot.Button{{{Label: "Why", Action: "why:1"}}}
	b.start(func(bot.Update) bot.Reply { return bot.Reply{Message: m} })
	b.send(m, "picture/1")
	m.Picture = linked()
	b.send(m, "picture/2")
	m.Picture = p
	b.Network.Say(b.Network.Private(), "/topics")
	for i, got := range b.shown(b.Network.Private(), 3) {
		want := p
		if i == 1 {
			want = linked()
		}
		b.shows(got, want)
		if !strings.Contains(got.Text, m.Plain()) || !slices.Equal(got.Buttons, []string{"Why"}) {
			b.t.Errorf("shown %+v, want %q and the button", got, m.Plain())
		}
	}
}

func longPicture(b *bench) {
	b.start(nil)
	m := digest(24)
	m.Picture = drawn(b)
	parts := bot.Split(m, b.Platform.Fits)
	for i, part := range parts {
		if !b.Platform.Fits(part) {
			b.t.Fatalf("part %d of %d does not fit", i+1, len(parts))
		}
		b.send(part, fmt.Sprintf("long picture/%d", i))
	}
	shown := b.shown(b.Network.Private(), len(parts))
	for i, got := range shown {
		want := m.Picture
		if i > 0 {
			want = nil
		}
		b.shows(got, want)
	}
	if !slices.Contains(b.Without, Pictures) {
		b.sameMessage(m, shown)
	}
}

func badPicture(b *bench) {
	b.start(nil)
	good := drawn(b)
	for i, bad := range []bot.Picture{
		{Alt: "not a picture", File: []byte("<svg/>"), Type: "image/png"},
		{Alt: "of another type", File: good.File, Type: "image/svg+xml"},
		{Alt: "half a picture", File: good.File[:12], Type: "image/png"},
		{Alt: "too wide", File: wide(b), Type: "image/png"},
		{Alt: "too large", File: append(slices.Clone(good.File), make([]byte, bot.MaxPicture)...), Type: "image/png"},
		{Alt: "nothing"},
		{Alt: "not https", URL: "http://pictures.example.org/sky.jpg"},
		{Alt: "no address", URL: "javascript:alert(1)"},
		{Alt: "a secret", URL: "https://user:word@pictures.example.org/sky.jpg"},
		{Alt: "a near place", URL: "https://localhost/sky.jpg"},
		{Alt: "too long", URL: "https://pictures.example.org/" + strings.Repeat("x", 4000)},
	} {
		m := bot.Text("the text of " + bad.Alt)
		m.Picture = &bad
		if !b.Platform.Fits(m) {
			b.t.Errorf("a text does not fit because of its picture, which is %s", bad.Alt)
		}
		b.send(m, fmt.Sprintf("bad picture/%d", i))
		got := b.shown(b.Network.Private(), i+1)[i]
		if got.Text != m.Plain() {
			b.t.Errorf("shown %q, want %q", got.Text, m.Plain())
		}
		if bad.Alt != "too wide" && bad.Alt != "half a picture" {
			b.shows(got, nil) // what the others become is up to the network
		}
	}
	n := len(b.Network.Shown(b.Network.Private()))
	b.Network.Break(NoPictures)
	m := bot.Text("where no pictures may be")
	m.Picture = good
	b.send(m, "bad picture/forbidden")
	got := b.shown(b.Network.Private(), n+1)[n]
	b.Network.Break(Mend)
	if got.Text != m.Plain() || got.Picture != "" {
		b.t.Errorf("shown %+v, want the text alone", got)
	}
}

// wide is a picture of a shape that a network may refuse.
func wide(b *bench) []byte {
	b.t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, 900, 2))); err != nil {
		b.t.Fatal(err)
	}
	return out.Bytes()
}

func editPicture(b *bench) {
	for _, p := range []*bot.Picture{drawn(b), linked()} {
		b.t.Run(p.Alt, func(*testing.T) {
			n := len(b.Network.Shown(b.Network.Private()))
			if n == 0 {
				b.start(nil)
			}
			b.mu.Lock()
			b.answer = func(u bot.Update) bot.Reply {
				m := bot.Text("step " + u.Action)
				switch u.Action {
				case "":
					m.Buttons = [][]bot.Button{{{Label: "Show", Action: "show"}}}
				case "show":
					m.Picture = p
					m.Buttons = [][]bot.Button{{{Label: "Hide", Action: "hide"}}}
				}
				return bot.Reply{Message: m, Edit: true}
			}
			b.mu.Unlock()
			last := func() Shown {
				shown := b.Network.Shown(b.Network.Private())
				if len(shown) == n {
					return Shown{}
				}
				return shown[len(shown)-1]
			}
			b.Network.Say(b.Network.Private(), "/topics")
			b.wait("the first step", func() bool { return last().Text == "step " })
			b.Network.Press(b.Network.Private(), "Show")
			b.wait("the picture", func() bool { return last().Text == "step show" })
			b.shows(last(), p)
			b.Network.Press(b.Network.Private(), "Hide")
			b.wait("the last step", func() bool { return last().Text == "step hide" })
			b.shows(last(), nil)
		})
	}
}

func pictureFaults(b *bench) {
	b.start(nil)
	m, shown := bot.Text("about to break"), 0
	m.Picture = drawn(b)
	for i, w := range want {
		b.t.Run(string(w.fault), func(t *testing.T) {
			b.Network.Break(w.fault)
			if w.class == bot.BadTarget || w.class == bot.BadMessage {
				b.Network.Break(w.fault) // also for the text alone
			}
			_, failed := b.try(patience, m, fmt.Sprint("picture fault/", i))
			b.Network.Break(Mend)
			if failed == nil || failed.Class != w.class {
				t.Errorf("got %v, want class %q", failed, w.class)
			}
			shown += w.created
			if got := len(b.Network.Shown(b.Network.Private())); got != shown {
				t.Errorf("%d messages were created, want %d", got, shown)
			}
		})
	}
	b.Network.Break(RateLimit)
	if _, failed := b.try(patience, m, "picture/limited"); failed == nil || failed.Class != bot.RateLimited || failed.RetryAfter <= 0 {
		b.t.Errorf("got %v, want class %q", failed, bot.RateLimited)
	}
	if b.Platform.Limits().RepeatWithin > 0 {
		b.Network.Break(Drop)
		if _, failed := b.try(patience, m, "picture/repeat"); failed == nil || failed.Class != bot.Ambiguous {
			b.t.Errorf("got %v, want class %q", failed, bot.Ambiguous)
		}
		b.send(m, "picture/repeat")
		b.shown(b.Network.Private(), shown+1)
	}
}
