package bot_test

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"github.com/google/go-cmp/cmp"

	"tidings/bot"
	"tidings/bot/discord"
	"tidings/bot/telegram"
)

// measures are the ways of counting that messages are split for: those of the
// networks, and a small one that cuts often.
func measures(t testing.TB) map[string]func(bot.Message) bool {
	t.Helper()
	tg, err := telegram.New(telegram.Config{Token: "1:abcdefghijklmnop"}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	dc, err := discord.New(discord.Config{Token: "abc"}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return map[string]func(bot.Message) bool{
		"telegram": tg.Fits,
		"discord":  dc.Fits,
		"small":    func(m bot.Message) bool { return len(utf16.Encode([]rune(m.Plain()))) <= 60 },
	}
}

// stretch is text of one style.
type stretch struct {
	Kind  bot.BlockKind
	Style bot.Run // without its text
	Text  string
}

// text is all that messages say.
func text(messages []bot.Message) []stretch {
	var out []stretch
	for _, m := range messages {
		for _, s := range m.Sections {
			for _, b := range s.Blocks {
				for _, r := range b.Runs {
					next := stretch{Kind: b.Kind, Style: r, Text: r.Text}
					next.Style.Text = ""
					last := len(out) - 1
					switch {
					case r.Text == "":
					case last >= 0 && out[last].Kind == next.Kind && out[last].Style == next.Style:
						out[last].Text += r.Text
					default:
						out = append(out, next)
					}
				}
			}
		}
	}
	return out
}

// whole fails unless the parts are m, divided as Split promises.
func whole(t *testing.T, m bot.Message, fits func(bot.Message) bool) {
	t.Helper()
	parts := bot.Split(m, fits)
	for i, part := range parts {
		if !fits(part) {
			t.Errorf("part %d of %d does not fit: %q", i+1, len(parts), part.Plain())
		}
		if part.Silent != m.Silent {
			t.Errorf("part %d of %d: silent %t, want %t", i+1, len(parts), part.Silent, m.Silent)
		}
		want := m.Buttons
		if i < len(parts)-1 {
			want = nil
		}
		if diff := cmp.Diff(want, part.Buttons); diff != "" {
			t.Errorf("buttons of part %d of %d (-want +got):\n%s", i+1, len(parts), diff)
		}
		if has := part.Picture != nil; has != (m.Picture != nil && i == 0) {
			t.Errorf("part %d of %d: picture %t", i+1, len(parts), has)
		}
	}
	if len(parts) > 1 {
		parts = slices.Clone(parts)
		for i := range parts {
			last := len(parts[i].Sections) - 1
			if number := parts[i].Sections[last].Blocks[0].Runs[0].Text; number != fmt.Sprintf("%d/%d", i+1, len(parts)) {
				t.Errorf("part %d of %d ends in %q", i+1, len(parts), number)
			}
			parts[i].Sections = parts[i].Sections[:last]
		}
	}
	if diff := cmp.Diff(text([]bot.Message{m}), text(parts)); diff != "" {
		t.Errorf("joined again (-want +got):\n%s", diff)
	}
	for _, c := range cuts(m, parts) {
		c.check(t, func(alone bot.Message) bool {
			if c.part == 0 {
				alone.Picture = m.Picture
			}
			return fits(alone)
		})
	}
}

// place is where a block was cut.
type place struct {
	block bot.Block
	at    int // byte of its text
	part  int // the part that ends there
}

// cuts are the places where the parts cut a block of m.
func cuts(m bot.Message, parts []bot.Message) []place {
	var blocks []bot.Block
	for _, s := range m.Sections {
		for _, b := range s.Blocks {
			if length(b) > 0 {
				blocks = append(blocks, b)
			}
		}
	}
	var out []place
	at := 0
	for i, part := range parts {
		for _, s := range part.Sections {
			for _, b := range s.Blocks {
				for n := length(b); n > 0 && len(blocks) > 0; {
					step := min(n, length(blocks[0])-at)
					n, at = n-step, at+step
					if at == length(blocks[0]) {
						blocks, at = blocks[1:], 0
					}
				}
			}
		}
		if at > 0 && len(blocks) > 0 {
			out = append(out, place{blocks[0], at, i})
		}
	}
	return out
}

func length(b bot.Block) int {
	n := 0
	for _, r := range b.Runs {
		n += len(r.Text)
	}
	return n
}

// check fails when the place stands inside a link or a grapheme that would fit
// into a message of its own.
func (p place) check(t *testing.T, fits func(bot.Message) bool) {
	t.Helper()
	alone := func(runs ...bot.Run) bool {
		return fits(bot.Message{Sections: []bot.Section{
			{Blocks: []bot.Block{{Kind: p.block.Kind, Runs: runs}}}, bot.Text("8888/8888").Sections[0]}})
	}
	all, at := "", p.at
	for _, r := range p.block.Runs {
		if at > 0 && at < len(r.Text) && r.Link != "" && alone(r) && p.at-at > 0 {
			t.Errorf("the link %q is cut at byte %d", r.Text, at)
		}
		at -= len(r.Text)
		all += r.Text
	}
	for g := graphemes.FromString(all); g.Next(); {
		if g.Start() < p.at && p.at < g.End() && alone(bot.Run{Text: g.Value()}) && !linked(p.block, g.Start(), g.End()) {
			t.Errorf("%q is cut inside %q", all, g.Value())
		}
	}
}

// linked reports whether a stretch of the block's text touches a link: then the
// link decides.
func linked(b bot.Block, from, to int) bool {
	for _, r := range b.Runs {
		if r.Link != "" && from < len(r.Text) && to > 0 {
			return true
		}
		from, to = from-len(r.Text), to-len(r.Text)
	}
	return false
}

// words are what random messages are made of.
var words = []string{
	"talks ", "peace. ", "«так» ", "переговори ", "和平谈判。", "字", "محادثات ", "שלום ", "\u202eabc\u202c", "👩‍👩‍👧‍👦", "🏳️‍🌈", "👍🏽", "🇺🇦", "e\u0301",
	"z" + strings.Repeat("\u0335", 40), "\n", "\n\n", " ", "\t", "<b>", "&amp;", "*_~|`[](\\", "```", "@everyone ", "#tag ", "/cmd ", "a.b.c ", "",
	"https://news.example.org/a?b=1 ", strings.Repeat("x", 70), "\x00", "\xff", "각", "\u1100\u1161\u11a8", "ก็", "क्षि", "\u200d", "\u2028",
}

// message is a random message.
func message(r *rand.Rand, most int) bot.Message {
	var m bot.Message
	kinds := []bot.BlockKind{bot.Paragraph, bot.Paragraph, bot.Heading, bot.Quote, bot.Details, bot.Code}
	for range 1 + r.IntN(4) {
		var s bot.Section
		for range r.IntN(5) {
			b := bot.Block{Kind: kinds[r.IntN(len(kinds))]}
			for range r.IntN(5) {
				run := bot.Run{Bold: r.IntN(4) == 0, Italic: r.IntN(4) == 0, Code: r.IntN(6) == 0}
				if r.IntN(4) == 0 {
					run.Link = fmt.Sprintf("https://news.example.org/%d", r.IntN(5))
				}
				for range r.IntN(most) {
					run.Text += words[r.IntN(len(words))]
				}
				b.Runs = append(b.Runs, run)
			}
			s.Blocks = append(s.Blocks, b)
		}
		m.Sections = append(m.Sections, s)
	}
	if r.IntN(2) == 0 {
		m.Buttons = [][]bot.Button{{{Label: "Why", Action: "why:1"}}}
	}
	if r.IntN(3) == 0 {
		m.Picture = &bot.Picture{Alt: "a chart", File: []byte("\x89PNG\r\n\x1a\n"), Type: "image/png"}
	}
	m.Silent = r.IntN(2) == 0
	return m
}

func TestSplitLosesNothing(t *testing.T) {
	all := measures(t)
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		m := message(r, 1+r.IntN(1<<r.IntN(9)))
		for name, fits := range all {
			whole(t, m, fits)
			if t.Failed() {
				t.Fatalf("seed %d, %s", seed, name)
			}
		}
	}
}

func FuzzSplit(f *testing.F) {
	f.Add("Talks resume. ", "in Geneva", "\n", uint16(300), uint8(1))
	f.Add("👩‍👩‍👧‍👦", "👍\u200d", "字", uint16(2000), uint8(255))
	f.Add("<b>&amp;", "*_~`|[]()", "@everyone", uint16(999), uint8(7))
	f.Add("z\u0335\u0321", "\u0335", "\u202e", uint16(5000), uint8(60))
	f.Add("\xf0\x9f", "\xff", "\x00", uint16(77), uint8(130))
	all := measures(f)
	f.Fuzz(func(t *testing.T, a, b, c string, times uint16, style uint8) {
		if len(a)+len(b)+len(c) > 300 {
			t.Skip("long enough when repeated")
		}
		n := int(times) % 1500
		names := []string{"telegram", "discord", "small"}
		name := names[int(style)%len(names)]
		if long := n * (len(a) + len(c)); long > 20_000 || long > 2_000 && name == "small" {
			t.Skip("long enough with less")
		}
		kinds := []bot.BlockKind{bot.Paragraph, bot.Heading, bot.Quote, bot.Details, bot.Code}
		block := bot.Block{Kind: kinds[int(style>>5)%len(kinds)], Runs: []bot.Run{
			{Text: strings.Repeat(a, n), Bold: style&1 > 0},
			{Text: strings.Repeat(b, n%50), Link: "https://news.example.org/"},
			{Text: strings.Repeat(c, n), Italic: style&2 > 0, Code: style&4 > 0},
		}}
		m := bot.Message{Sections: []bot.Section{{Blocks: []bot.Block{block}}, bot.Text(c).Sections[0]}}
		whole(t, m, all[name])
	})
}

func TestSplitWhere(t *testing.T) {
	small := measures(t)["small"]
	link := bot.Run{Text: "the whole text of a link", Link: "https://news.example.org/"}
	for name, c := range map[string]struct {
		blocks []bot.Block
		want   []string // without the numbers
	}{
		"lines before sentences": {[]bot.Block{{Runs: []bot.Run{{Text: "The first line is here, to see,\nand a second. It goes on and on and on."}}}},
			[]string{"The first line is here, to see,\n", "and a second. It goes on and on and on."}},
		"sentences before words": {[]bot.Block{{Runs: []bot.Run{{Text: `He said: "It is done there." And then some more words followed it, as ever.`}}}},
			[]string{`He said: "It is done there." `, "And then some more words followed it, as ever."}},
		"scripts without spaces": {[]bot.Block{{Runs: []bot.Run{{Text: strings.Repeat("字", 30) + "。" + strings.Repeat("字", 45)}}}},
			[]string{strings.Repeat("字", 30) + "。", strings.Repeat("字", 45)}},
		"before a link": {[]bot.Block{{Runs: []bot.Run{{Text: "Some thirty letters before it "}, link, {Text: " and after"}}}},
			[]string{"Some thirty letters before it ", "the whole text of a link and after"}},
		"heading with its text": {[]bot.Block{{Kind: bot.Heading, Runs: []bot.Run{{Text: "A heading"}}}, {Runs: []bot.Run{{Text: "Words of the first. And of the second sentence, long."}}}},
			[]string{"A heading\nWords of the first. ", "And of the second sentence, long."}},
		"between blocks": {[]bot.Block{{Runs: []bot.Run{{Text: "A paragraph of thirty letters."}}}, {Runs: []bot.Run{{Text: "Another, not to be cut. Short."}}}},
			[]string{"A paragraph of thirty letters.", "Another, not to be cut. Short."}},
	} {
		m := bot.Message{Sections: []bot.Section{{Blocks: c.blocks}}}
		var got []string
		for _, part := range bot.Split(m, small) {
			part.Sections = part.Sections[:len(part.Sections)-1]
			got = append(got, part.Plain())
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestSplitOfWhatNeverFits(t *testing.T) {
	m := bot.Text(strings.Repeat("word ", 100))
	if got := bot.Split(m, func(bot.Message) bool { return false }); len(got) != 1 {
		t.Errorf("%d parts, want the message as it is", len(got))
	}
	m.Buttons = [][]bot.Button{{{Label: strings.Repeat("x", 200), Action: "a"}}}
	got := bot.Split(m, measures(t)["discord"])
	if diff := cmp.Diff([]bot.Message{m}, got); diff != "" {
		t.Errorf("a message whose buttons do not fit (-want +got):\n%s", diff)
	}
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"plain\ttext\n":                  "plain\ttext\n",
		"a\x00\x1b[31mb\u0085":           "a[31mb",
		"\xffx":                          "\uFFFDx",
		"abc \u202egnp.exe\u202c \u2066": "abc gnp.exe ",
		"👩‍👩‍👧‍👦 🏳️‍🌈":                                 "👩‍👩‍👧‍👦 🏳️‍🌈",
		"z" + strings.Repeat("\u0335", 50) + "a\u0301": "z" + strings.Repeat("\u0335", 8) + "a\u0301",
		"e\u0323\u0302\u0301":                          "e\u0323\u0302\u0301",
		"a\u2028b":                                     "a b",
	} {
		if got := bot.Clean(in); got != want {
			t.Errorf("%q is cleaned to %q, want %q", in, got, want)
		}
	}
}

func TestIsolated(t *testing.T) {
	b := bot.Block{Runs: []bot.Run{{Text: "1. "}, {Text: " שלום\nabc ", Bold: true}, {Text: ": 2"}}}
	want := []bot.Run{{Text: "1. "}, {Text: " \u2068שלום\u2069\nabc ", Bold: true}, {Text: ": 2"}}
	if diff := cmp.Diff(want, b.Isolated()); diff != "" {
		t.Errorf("between others (-want +got):\n%s", diff)
	}
	alone := bot.Block{Runs: []bot.Run{{Text: "שלום 1."}}}
	if diff := cmp.Diff(alone.Runs, alone.Isolated()); diff != "" {
		t.Errorf("alone (-want +got):\n%s", diff)
	}
}

func FuzzClean(f *testing.F) {
	for _, w := range words {
		f.Add(w)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := bot.Clean(s)
		if !utf8.ValidString(once) || bot.Clean(once) != once {
			t.Errorf("%q is cleaned to %q, and that to %q", s, once, bot.Clean(once))
		}
	})
}

func BenchmarkSplit(b *testing.B) {
	fits := measures(b)["telegram"]
	var m bot.Message
	for i := range 60 {
		m.Sections = append(m.Sections, bot.Section{Blocks: []bot.Block{
			{Runs: []bot.Run{{Text: fmt.Sprintf("%d. ", i), Bold: true}, {Text: "Talks resume in Geneva", Bold: true, Link: "https://news.example.org/story/1"}}},
			{Runs: []bot.Run{{Text: strings.Repeat("A sentence of news. ", 10)}, {Text: "[Wire]", Link: "https://news.example.org/story/2"}}},
		}})
	}
	for b.Loop() {
		bot.Split(m, fits)
	}
}
