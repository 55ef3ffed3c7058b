package bottest

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidings/bot"
	"tidings/subscriptions"
)

// digest is a message of n sections as long as those of a real digest.
func digest(n int) bot.Message {
	var m bot.Message
	for i := range n {
		m.Sections = append(m.Sections, bot.Section{Blocks: []bot.Block{
			{Kind: bot.Heading, Runs: []bot.Run{{Text: fmt.Sprintf("Story %d: ", i)}, {Text: "Talks resume", Link: fmt.Sprintf("https://news.example.org/story/%d", i)}}},
			{Runs: []bot.Run{{Text: strings.Repeat(fmt.Sprintf("Sentence of story %d & others. ", i), 8)}, {Text: "Wire", Italic: true}}},
			{Kind: bot.Details, Runs: []bot.Run{{Text: "Also in " + strings.Repeat("a newspaper, ", 8)}}},
		}})
	}
	m.Buttons = [][]bot.Button{{{Label: "Why", Action: "why:1"}}}
	return m
}

// whole is what several messages say together, without their numbers.
func (b *bench) whole(shown []Shown) (text string, links []string) {
	b.t.Helper()
	var all strings.Builder
	for i, s := range shown {
		page := fmt.Sprintf("%d/%d", i+1, len(shown))
		body, numbered := strings.CutSuffix(strings.TrimSpace(s.Text), page)
		if len(shown) > 1 && !numbered {
			b.t.Errorf("message %d does not end in %q: %q", i+1, page, s.Text)
		}
		if last := i == len(shown)-1; !last && len(s.Buttons) > 0 {
			b.t.Errorf("message %d of %d has buttons", i+1, len(shown))
		}
		all.WriteString(body)
		links = append(links, s.Links...)
	}
	return squash(all.String()), links
}

func long(b *bench) {
	m := digest(24)
	b.start(func(bot.Update) bot.Reply { return bot.Reply{Message: m} })
	b.Network.Say(b.Network.Private(), "/topics")
	parts := len(bot.Split(m, b.Platform.Fits))
	shown := b.shown(b.Network.Private(), parts)
	b.sameMessage(m, shown)
	if diff := cmp.Diff([]string{"Why"}, shown[parts-1].Buttons); diff != "" {
		b.t.Errorf("buttons under the last message (-want +got):\n%s", diff)
	}
}

// sameMessage fails unless the shown messages together say all that m says.
func (b *bench) sameMessage(m bot.Message, shown []Shown) {
	b.t.Helper()
	text, links := b.whole(shown)
	if diff := cmp.Diff(squash(m.Plain()), text); diff != "" {
		b.t.Errorf("text (-want +got):\n%s", diff)
	}
	var want []string
	for _, s := range m.Sections {
		for _, block := range s.Blocks {
			for _, r := range block.Runs {
				if r.Link != "" {
					want = append(want, r.Link)
				}
			}
		}
	}
	// A link that stands across a cut is there twice.
	if diff := cmp.Diff(want, slices.Compact(links)); diff != "" {
		b.t.Errorf("links (-want +got):\n%s", diff)
	}
}

func splitSend(b *bench) {
	b.start(nil)
	m := bot.Message{Sections: []bot.Section{{Blocks: []bot.Block{{Runs: []bot.Run{
		{Text: strings.Repeat("One very long line of <text> & *more*, 👩‍👩‍👧‍👦. ", 100)},
		{Text: strings.Repeat("字", 2000), Bold: true},
	}}}}}}
	parts := bot.Split(m, b.Platform.Fits)
	for i, part := range parts {
		if !b.Platform.Fits(part) {
			b.t.Fatalf("part %d of %d does not fit", i+1, len(parts))
		}
		b.send(part, fmt.Sprintf("digest/%d", i))
	}
	b.sameMessage(m, b.shown(b.Network.Private(), len(parts)))
}

// hostiles are texts that a network without care would take for markup.
var hostiles = []string{
	"<b>bold</b> <script>alert(1)</script> </b></a> <!-- -->",
	"&amp; &lt; &#60; & &unknown;",
	"@everyone @here <@123> <@&456> <#789> <t:0:R> <:a:1> </topics:1>",
	"*a* **b** _c_ __d__ ~~e~~ ||f|| `g` ```h```",
	"[x](http://evil.example/) ![y](http://evil.example/)",
	"# not a heading\n> not a quote\n>>> nor this\n- not a list\n1. nor this\n-# nor this",
	`\*\_ \\ "quoted" 'single'`,
	"مرحبا \u202eabc\u202c שלום",
	"👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 e\u0301",
	"z\u0335\u0321\u0310a\u0336\u0327\u0311l\u0337\u0328g\u0338o",
	"Z" + strings.Repeat("\u0336\u0310", 50) + "algo \u202egnp.exe \u2066",
	"\x00\x07\x1b[31mred\x1b[0m bad \xff byte",
}

func hostile(b *bench) {
	b.start(nil)
	var m bot.Message
	for _, text := range hostiles {
		m.Sections = append(m.Sections, bot.Section{Blocks: []bot.Block{
			{Runs: []bot.Run{{Text: text}, {Text: text, Bold: true, Italic: true}}},
			{Kind: bot.Quote, Runs: []bot.Run{{Text: text, Code: true}}},
			{Kind: bot.Code, Runs: []bot.Run{{Text: text}}},
		}})
	}
	for _, kind := range []bot.BlockKind{bot.Heading, bot.Details} {
		m.Sections = append(m.Sections, bot.Section{Blocks: []bot.Block{{Kind: kind, Runs: []bot.Run{{Text: strings.Join(hostiles, "\n")}}}}})
	}
	parts := bot.Split(m, b.Platform.Fits)
	for i, part := range parts {
		b.send(part, fmt.Sprintf("hostile/%d", i))
	}
	shown := b.shown(b.Network.Private(), len(parts))
	b.sameMessage(m, shown)
	isolates := strings.NewReplacer("\u2068", "", "\u2069", "")
	for _, s := range shown {
		if text := isolates.Replace(s.Text); bot.Clean(text) != text {
			b.t.Errorf("the message turns what follows it, or covers it: %q", s.Text)
		}
		if n, m := strings.Count(s.Text, "\u2068"), strings.Count(s.Text, "\u2069"); n != m {
			b.t.Errorf("%d isolates begin and %d end: %q", n, m, s.Text)
		}
	}
}

func links(b *bench) {
	b.start(nil)
	bad := []string{
		"javascript:alert(1)", "JaVaScRiPt:alert(1)", "file:///etc/passwd", "/relative", "relative", "//news.example.org/x",
		"http://", "https:///path", "data:text/html,x", "tg://resolve?domain=x", "discord://-/x", "http://a b/", "http://x.example/\x00",
	}
	good := `https://news.example.org/a(b)?c=1&d="2"`
	runs := []bot.Run{{Text: "good", Link: good}}
	for _, link := range bad {
		runs = append(runs, bot.Run{Text: " bad", Link: link})
	}
	m := bot.Message{Sections: []bot.Section{{Blocks: []bot.Block{{Runs: runs}}}}}
	m.Buttons = [][]bot.Button{{{Label: "Open", URL: "https://news.example.org/"}, {Label: "Steal", URL: "javascript:alert(1)"}}}
	b.send(m, "links")
	got := b.shown(b.Network.Private(), 1)[0]
	if squash(got.Text) != squash(m.Plain()) {
		b.t.Errorf("text %q, want %q", got.Text, m.Plain())
	}
	if len(got.Links) != 1 {
		b.t.Fatalf("links %q, want the good one only", got.Links)
	}
	if link, err := url.PathUnescape(got.Links[0]); err != nil || link != good {
		b.t.Errorf("link %q, want %q", got.Links[0], good)
	}
	if diff := cmp.Diff([]string{"Open"}, got.Buttons); diff != "" {
		b.t.Errorf("buttons (-want +got):\n%s", diff)
	}
}

func find(b *bench) {
	b.start(nil)
	m, ctx := digest(2), context.Background()
	since := time.Now().Add(-time.Minute)
	id := b.send(m, "find")
	got, err := b.Platform.Find(ctx, b.Network.Private(), m, since)
	if !b.Platform.Limits().Lookup {
		if b.sendError(err) == nil {
			b.t.Error("Find gave no error, though the network cannot look messages up")
		}
		return
	}
	if err != nil || got != id {
		b.t.Errorf("Find: %q, %v; want %q", got, err, id)
	}
	if got, err := b.Platform.Find(ctx, b.Network.Private(), digest(3), since); err != nil || got != "" {
		b.t.Errorf("Find of what was never sent: %q, %v", got, err)
	}
	if got, err := b.Platform.Find(ctx, b.Network.Private(), m, time.Now().Add(time.Hour)); err != nil || got != "" {
		b.t.Errorf("Find of what was sent before the time: %q, %v", got, err)
	}
}

func concurrent(b *bench) {
	b.start(nil)
	chats := []subscriptions.Chat{b.Network.Private()}
	if !slices.Contains(b.Without, Groups) {
		chats = append(chats, b.Network.Group())
	}
	var wait sync.WaitGroup
	errs := make(chan error, 3*len(chats))
	for i := range cap(errs) {
		wait.Go(func() {
			ctx, cancel := context.WithTimeout(context.Background(), patience)
			defer cancel()
			_, err := b.Platform.Send(ctx, chats[i%len(chats)], bot.Text(fmt.Sprint("message ", i)), fmt.Sprint("key/", i))
			errs <- err
		})
	}
	wait.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			b.t.Errorf("Send: %v", b.sendError(err))
		}
	}
	for _, c := range chats {
		b.shown(c, 3)
	}
}

func cancelled(b *bench) {
	b.start(nil)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	begun := time.Now()
	_, err := b.Platform.Send(ctx, b.Network.Private(), bot.Text("never"), "cancelled")
	if failed := b.sendError(err); failed == nil || failed.Class != bot.NotSent {
		b.t.Errorf("got %v, want class %q", failed, bot.NotSent)
	}
	if took := time.Since(begun); took > 2*time.Second {
		b.t.Errorf("Send returned after %s", took)
	}
	b.shown(b.Network.Private(), 0)
}
