package bot_test

import (
	"flag"
	"fmt"
	"strings"
	"testing"

	"tidings/bot"
	"tidings/bot/bottest"
	"tidings/bot/discord"
	"tidings/bot/telegram"
	"tidings/bot/terminal"
)

var update = flag.Bool("update", false, "write what is rendered now to testdata")

// TestRenderings holds the same messages, as every network is given them, to
// the files in testdata. After a change that is meant:
//
//	go test ./bot -run Renderings -update
func TestRenderings(t *testing.T) {
	for name, m := range shown() {
		t.Run(name, func(t *testing.T) {
			bottest.Golden(t, name, *update,
				bottest.Rendering{Network: "telegram", Parts: telegram.Preview(m)},
				bottest.Rendering{Network: "discord", Parts: discord.Preview(m)},
				bottest.Rendering{Network: "terminal", Parts: []string{terminal.Render(m, terminal.Config{})}},
			)
		})
	}
}

// shown are the messages by the names of their files.
func shown() map[string]bot.Message {
	return map[string]bot.Message{
		"digest":      digest(3),
		"long digest": digest(28),
		"quiet": {Sections: []bot.Section{{Blocks: []bot.Block{{Runs: []bot.Run{
			{Text: "📰 Ukraine peace talks · Tue 24 Nov, 08:00", Bold: true},
			{Text: " — nothing new since yesterday (2 stories still running). Next: tomorrow 08:00."}}}}}}},
		"story": {
			Sections: []bot.Section{
				{Blocks: []bot.Block{
					{Kind: bot.Heading, Runs: []bot.Run{{Text: "Negotiators agree on a first draft"}}},
					{Runs: []bot.Run{{Text: "Both sides call the text a beginning. "}, {Text: "[Wire One]", Link: "https://wire.example.org/draft"}}},
				}},
				{Blocks: []bot.Block{
					{Kind: bot.Heading, Runs: []bot.Run{{Text: "Who says what"}}},
					{Kind: bot.Quote, Runs: []bot.Run{{Text: "\"A beginning\", says one.\n\"Too little\", says the other."}}},
					{Kind: bot.Details, Runs: []bot.Run{{Text: "08:10 Talks open\n11:30 The draft leaks\n14:00 Both capitals confirm it"}}},
					{Kind: bot.Code, Runs: []bot.Run{{Text: "Mon ▁▂▅▇\nTue ▇▅▂▁"}}},
				}},
			},
			Buttons: [][]bot.Button{{{Label: "👍 more like this", Action: "more:1"}, {Label: "🙈 mute", Action: "mute:1"}}, {{Label: "Read", URL: "https://wire.example.org/draft"}}},
		},
		"right to left": {Sections: []bot.Section{{Blocks: []bot.Block{
			{Runs: []bot.Run{{Text: "1. ", Bold: true}, {Text: "محادثات السلام تستأنف في جنيف", Bold: true, Link: "https://news.example.org/ar"}}},
			{Runs: []bot.Run{{Text: "3 outlets: "}, {Text: "חדשות אחת", Link: "https://news.example.org/he"}, {Text: ", "}, {Text: "Wire One", Link: "https://wire.example.org/"}, {Text: " · first 5 h ago"}}},
			{Runs: []bot.Run{{Text: "تبدأ الجولة الثانية غدا."}}},
		}}}},
		"wide letters": {Sections: []bot.Section{{Blocks: []bot.Block{
			{Kind: bot.Heading, Runs: []bot.Run{{Text: "和平谈判在日内瓦恢复"}}},
			{Runs: []bot.Run{{Text: strings.Repeat("双方代表周一在日内瓦重新开始会谈，讨论安全保障问题。", 3)}}},
		}}}},
		"strange letters": bot.Text(
			"👩‍👩‍👧‍👦🏳️‍🌈👍🏽🇺🇦",
			"Z"+strings.Repeat("\u0336\u0321\u0310", 20)+"algo",
			"Not \u202egnp.exe\u202c what it seems",
			"bad \xff\xfe bytes, \x1b[31mred\x1b[0m and \x07"),
		"markup in text": {Sections: []bot.Section{{Blocks: []bot.Block{
			{Kind: bot.Heading, Runs: []bot.Run{{Text: "<b>bold</b> & **bold** _it_ `code`"}}},
			{Runs: []bot.Run{{Text: "@everyone @here <@1> <#2> [x](http://evil.example/) </b></a>"}}},
			{Runs: []bot.Run{{Text: "# no heading\n> no quote\n- no list\n1. nor this"}}},
			{Runs: []bot.Run{{Text: "bad links: "}, {Text: "one", Link: "javascript:alert(1)"}, {Text: " "}, {Text: "two", Link: "https://user:word@evil.example/"}, {Text: " "},
				{Text: "three](https://evil.example/)", Link: "https://news.example.org/a(b)?c=\"d\"&e=<f>"}}},
			{Kind: bot.Code, Runs: []bot.Run{{Text: "``` </pre> <b>"}}},
		}}}},
	}
}

// digest is a digest of n stories, set as digests are.
func digest(n int) bot.Message {
	m := bot.Message{Sections: []bot.Section{{Blocks: []bot.Block{
		{Kind: bot.Heading, Runs: []bot.Run{{Text: "📰 Ukraine peace talks · Mon 23 Nov, 08:00"}}},
		{Runs: []bot.Run{{Text: fmt.Sprintf("%d stories from %d articles · 17 outlets · since yesterday 08:00", n, 8*n)}}},
	}}}}
	for i := range n {
		at := fmt.Sprintf("https://wire.example.org/%d", i+1)
		m.Sections = append(m.Sections, bot.Section{Blocks: []bot.Block{
			{Runs: []bot.Run{{Text: fmt.Sprintf("%d. ", i+1), Bold: true}, {Text: "Delegations draw up an “updated and refined” framework in Geneva", Bold: true, Link: at}}},
			{Runs: []bot.Run{{Text: "One minister said that the talks “moved faster in recent days than in previous weeks”. Guarantees stay open. "},
				{Text: "[Wire One]", Link: at}, {Text: " "}, {Text: "[Capital Post]", Link: at + "/post"}}},
			{Runs: []bot.Run{{Text: "11 outlets: "}, {Text: "Wire One", Link: at}, {Text: ", "}, {Text: "Capital Post", Link: at + "/post"}, {Text: " +9 · first 5 h ago"}}},
		}})
	}
	m.Sections = append(m.Sections, bot.Section{Blocks: []bot.Block{{Runs: []bot.Run{{Text: "Could not be read: Daily X", Italic: true}}}}})
	m.Buttons = [][]bot.Button{{{Label: "1", Action: "story:1"}, {Label: "2", Action: "story:2"}}, {{Label: "⚙ Settings", Action: "settings"}, {Label: "🔕 Pause", Action: "pause"}}}
	return m
}
