package telegram_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"

	"tidings/bot"
	"tidings/bot/telegram"
	"tidings/bot/telegram/telegramtest"
)

// seen is a text without what nobody sees.
func seen(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\u2068' || r == '\u2069' {
			return -1
		}
		return r
	}, s)
}

func FuzzPreview(f *testing.F) {
	f.Add("plain", "<b>bold</b> & &amp;", "</blockquote>", uint8(0), uint8(1))
	f.Add("\x00\xff", "\"><script>", "</pre>&#60;", uint8(77), uint8(1))
	f.Add("שלום", "@name #tag /command a.example.org ", "👍", uint8(130), uint8(40))
	f.Add("talks ", "link", "😀", uint8(255), uint8(200))
	f.Fuzz(func(t *testing.T, a, b, c string, style, times uint8) {
		if len(a)+len(b)+len(c) > 200 {
			t.Skip("long enough when repeated")
		}
		const page = "https://news.example.org/?a=\"b\"&c=<d>"
		kinds := []bot.BlockKind{bot.Paragraph, bot.Heading, bot.Quote, bot.Details, bot.Code}
		block := bot.Block{Kind: kinds[int(style>>5)%len(kinds)]}
		for range times {
			block.Runs = append(block.Runs,
				bot.Run{Text: a, Bold: style&1 > 0, Italic: style&2 > 0},
				bot.Run{Text: b, Code: style&4 > 0, Link: map[bool]string{true: page}[style&8 > 0]},
				bot.Run{Text: c, Code: style&16 > 0, Italic: style&2 > 0})
		}
		m := bot.Message{Sections: []bot.Section{{Blocks: []bot.Block{block}}, bot.Text("end").Sections[0]}}
		var all strings.Builder
		parts := telegram.Preview(m)
		for i, part := range parts {
			text, links, complaint := telegramtest.Plain(part)
			if complaint != "" {
				t.Errorf("part %d, %q: %s", i, part, complaint)
			}
			if n := len(utf16.Encode([]rune(text))); n > 4096 || len(part) > 32768 {
				t.Errorf("part %d has %d units in %d bytes", i, n, len(part))
			}
			for _, link := range links {
				if link != "https://news.example.org/?a=%22b%22&c=%3Cd%3E" && link != page {
					t.Errorf("%q links to %q", part, link)
				}
			}
			if len(parts) > 1 {
				text = text[:strings.LastIndex(text, "\n")]
			}
			all.WriteString(text)
		}
		var want strings.Builder
		for _, r := range block.Runs {
			want.WriteString(bot.Clean(r.Text))
		}
		// A cut can stand between bytes that are no text, each of which is then shown.
		if strings.ContainsRune(want.String(), unicode.ReplacementChar) {
			return
		}
		if got := seen(all.String()); got != seen(want.String()+"end") {
			t.Errorf("shown %q, want %q", got, seen(want.String()+"end"))
		}
	})
}
