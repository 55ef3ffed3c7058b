package terminal_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/clipperhouse/displaywidth"
	"github.com/google/go-cmp/cmp"

	"tidings/bot"
	"tidings/bot/terminal"
)

const page = "https://news.example.org/a"

// one is a message of one block.
func one(kind bot.BlockKind, runs ...bot.Run) bot.Message {
	return bot.Message{Sections: []bot.Section{{Blocks: []bot.Block{{Kind: kind, Runs: runs}}}}}
}

// pictured is a text with a picture.
func pictured(p bot.Picture) bot.Message {
	m := bot.Text("text")
	m.Picture = &p
	return m
}

func TestRender(t *testing.T) {
	for name, c := range map[string]struct {
		message bot.Message
		config  terminal.Config
		want    string
	}{
		"paragraphs": {bot.Text("one", "two"), terminal.Config{}, "one\ntwo\n"},
		"sections":   {bot.Message{Sections: append(bot.Text("a").Sections, bot.Text("b").Sections...)}, terminal.Config{}, "a\n\nb\n"},
		"width":      {bot.Text("one two three"), terminal.Config{Width: 8}, "one two\nthree\n"},
		"no room":    {bot.Text("a https://news.example.org/ b"), terminal.Config{Width: 8}, "a\nhttps://news.example.org/\nb\n"},
		"newlines":   {bot.Text("a\n\nb  c "), terminal.Config{}, "a\n\nb c\n"},
		"quote":      {one(bot.Quote, bot.Run{Text: "one two\n\nthree"}), terminal.Config{Width: 10}, "  | one\n  | two\n  | \n  | three\n"},
		"details":    {one(bot.Details, bot.Run{Text: "more"}), terminal.Config{}, "  | more\n"},
		"code":       {one(bot.Code, bot.Run{Text: "a   b\n\tc\n", Bold: true, Link: page}), terminal.Config{Width: 3, Style: true}, "a   b\n\tc\n"},
		"runs":       {one("", bot.Run{Text: "one "}, bot.Run{Text: "two"}, bot.Run{Text: ", three"}), terminal.Config{}, "one two, three\n"},
		"hanging":    {one("", bot.Run{Text: "one "}, bot.Run{Text: "two"}, bot.Run{Text: ", three"}), terminal.Config{Width: 7}, "one\ntwo,\nthree\n"},
		"picture": {pictured(bot.Picture{Alt: "A grey\n\x1b[31msky", File: []byte("\x89PNG\r\n\x1a\n"), Type: "image/png"}), terminal.Config{},
			"[Picture: A grey [31msky]\n\ntext\n"},
		"linked picture": {pictured(bot.Picture{Alt: "A sky", URL: "https://pictures.example.org/sky.jpg"}), terminal.Config{},
			"[Picture: A sky][1]\n\ntext\n\n[1] https://pictures.example.org/sky.jpg\n"},
		"bad picture": {pictured(bot.Picture{Alt: "A sky", URL: "http://pictures.example.org/sky.jpg"}), terminal.Config{}, "text\n"},
		"footnotes": {one("", bot.Run{Text: "Talks", Link: page}, bot.Run{Text: " and "}, bot.Run{Text: "more ", Link: page + "b"}, bot.Run{Text: "again", Link: page}),
			terminal.Config{}, "Talks[1] and more[2] again[1]\n\n[1] " + page + "\n[2] " + page + "b\n"},
		"hyperlinks": {one("", bot.Run{Text: "Peace talks", Link: page}), terminal.Config{Hyperlinks: true},
			"\x1b]8;;" + page + "\x1b\\Peace\x1b]8;;\x1b\\ \x1b]8;;" + page + "\x1b\\talks\x1b]8;;\x1b\\\n"},
		"style":        {one(bot.Heading, bot.Run{Text: "Talks", Italic: true}), terminal.Config{Style: true}, "\x1b[1m\x1b[3mTalks\x1b[0m\n"},
		"plain":        {one(bot.Heading, bot.Run{Text: "Talks", Italic: true}), terminal.Config{}, "Talks\n"},
		"wide letters": {bot.Text("和平谈判今天恢复。"), terminal.Config{Width: 8}, "和平谈判\n今天恢\n复。\n"},
		"emoji":        {bot.Text("👩‍👩‍👧‍👦👍🏽🇺🇦"), terminal.Config{Width: 4}, "👩‍👩‍👧‍👦👍🏽\n🇺🇦\n"},
		"to the left":  {one("", bot.Run{Text: "1. "}, bot.Run{Text: "שלום: 2"}, bot.Run{Text: " end"}), terminal.Config{}, "1. \u2068שלום: 2\u2069 end\n"},
		"turned":       {bot.Text("abc \u202egnp.exe"), terminal.Config{}, "abc gnp.exe\n"},
		"zalgo":        {bot.Text("z" + strings.Repeat("\u0335", 99)), terminal.Config{}, "z" + strings.Repeat("\u0335", 8) + "\n"},
		"controls":     {bot.Text("\x1b]0;title\x07red\x1b[31m\r"), terminal.Config{}, "]0;titlered[31m\n"},
		"bad link":     {one("", bot.Run{Text: "x", Link: "https://x.example/\x1b[31m"}), terminal.Config{Hyperlinks: true}, "x\n"},
		"with a name":  {one("", bot.Run{Text: "x", Link: "https://user:word@x.example/"}), terminal.Config{}, "x\n"},
	} {
		if diff := cmp.Diff(c.want, terminal.Render(c.message, c.config)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// escape is what a terminal obeys and does not show.
var escape = regexp.MustCompile("\x1b\\[[0-9;]*m|\x1b\\]8;;[^\x1b]*\x1b\\\\")

func FuzzRender(f *testing.F) {
	f.Add("Talks resume in Geneva", "和平谈判今天恢复。", "👩‍👩‍👧‍👦", uint8(20), uint8(3))
	f.Add("\x1b[31m", "\u202e\u2067", "ก็ שלום", uint8(1), uint8(255))
	f.Add(" a\n\n b ", "\t", "", uint8(8), uint8(70))
	f.Fuzz(func(t *testing.T, a, b, c string, width, style uint8) {
		kinds := []bot.BlockKind{bot.Paragraph, bot.Heading, bot.Quote, bot.Details}
		m := one(kinds[int(style)%len(kinds)],
			bot.Run{Text: a, Bold: style&4 > 0}, bot.Run{Text: b, Link: page}, bot.Run{Text: c, Italic: style&8 > 0})
		config := terminal.Config{Width: 10 + int(width), Style: style&16 > 0, Hyperlinks: true}
		shown := terminal.Render(m, config)
		bare := escape.ReplaceAllString(shown, "")
		if strings.ContainsRune(bare, '\x1b') || (!config.Style && strings.Contains(shown, "\x1b[")) {
			t.Errorf("the terminal is steered by %q", shown)
		}
		plain := strings.Join(strings.Fields(bot.Clean(a+b+c)), "")
		if got := strings.Join(strings.Fields(strings.NewReplacer("  | ", "", "\u2068", "", "\u2069", "").Replace(bare)), ""); got != plain && !strings.Contains(a+b+c, "|") && !strings.ContainsRune(got, '\uFFFD') {
			t.Errorf("shown %q, want %q", got, plain)
		}
		for line := range strings.SplitSeq(bare, "\n") {
			if w := displaywidth.String(line); w > config.Width && len(strings.Fields(line)) > 2 {
				t.Errorf("%q is %d wide, want at most %d", line, w, config.Width)
			}
		}
	})
}
