package discord

import (
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"tidings/bot"
	"tidings/bot/discord/discordtest"
)

// one is a message of one block.
func one(kind bot.BlockKind, runs ...bot.Run) bot.Message {
	return bot.Message{Sections: []bot.Section{{Blocks: []bot.Block{{Kind: kind, Runs: runs}}}}}
}

func TestMarkdown(t *testing.T) {
	const page = "https://news.example.org/a"
	for name, c := range map[string]struct {
		message bot.Message
		want    string
	}{
		"plain":            {bot.Text("one", "two"), "one\ntwo"},
		"heading":          {one(bot.Heading, bot.Run{Text: "Two\nlines"}), "**Two lines**"},
		"quote":            {one(bot.Quote, bot.Run{Text: "a\n\nb"}), "> a\n> \n> b"},
		"details":          {one(bot.Details, bot.Run{Text: "more"}), "> more"},
		"code":             {one(bot.Code, bot.Run{Text: "a *b* ```c\n", Bold: true, Link: page}), "```\na *b* `\u200b`\u200b`c\n```"},
		"styles":           {one("", bot.Run{Text: "b", Bold: true}, bot.Run{Text: " "}, bot.Run{Text: "i", Italic: true}, bot.Run{Text: " c", Code: true}), "**b** *i* `c`"},
		"marks that touch": {one("", bot.Run{Text: "b", Bold: true}, bot.Run{Text: "i", Italic: true}), "**b**\u200b*i*"},
		"spaces outside":   {one("", bot.Run{Text: "1. ", Bold: true}, bot.Run{Text: "Talks", Bold: true, Link: page}), "**1.** **[Talks](" + page + ")**"},
		"bold over lines":  {one("", bot.Run{Text: "a\n\nb", Bold: true}), "**a**\n\n**b**"},
		"same style":       {one("", bot.Run{Text: "a", Bold: true}, bot.Run{Text: "b", Bold: true}), "**ab**"},
		"graves in code":   {one("", bot.Run{Text: "`x`", Code: true}), "`` `x` ``"},
		"everyone":         {bot.Text("@everyone @here x@y"), "@\u200beveryone @\u200bhere x@y"},
		"mentions":         {bot.Text("<@1> <#2> <t:3:R>"), `\<@1> \<#2> \<t:3:R>`},
		"line starts":      {bot.Text("# a\n> b\n- c\n12. d\n  * e\n-# f\n3.5 g"), "\\# a\n\\> b\n\\- c\n12\\. d\n  \\* e\n\\-# f\n3.5 g"},
		"marks":            {bot.Text(`\*_~|` + "`" + `[x](y)`), "\\\\\\*\\_\\~\\|\\`\\[x\\](y)"},
		"link":             {one("", bot.Run{Text: "a](b", Link: "http://x.example/(1)?q=<a b>"}), `[a\](b](http://x.example/%281%29?q=%3Ca%20b%3E)`},
		"address as text":  {one("", bot.Run{Text: "https://bank.example", Link: page}), "[https:\u200b//bank.example](" + page + ")"},
		"bad link":         {one("", bot.Run{Text: "x", Link: "javascript:alert(1)"}), "x"},
		"link with a name": {one("", bot.Run{Text: "x", Link: "https://user:word@x.example/"}), "x"},
		"sections":         {bot.Message{Sections: append(bot.Text("a").Sections, bot.Text("b").Sections...)}, "a\n\nb"},
		"empty blocks":     {bot.Text("a", " ", "", "b"), "a\nb"},
		"controls":         {bot.Text("a\x00\x1b[0m\tb\xff"), "a\\[0m b\uFFFD"},
	} {
		if got, _ := markdown(c.message); got != c.want {
			t.Errorf("%s (-want +got):\n%s", name, cmp.Diff(c.want, got))
		}
	}
}

func TestContentOrEmbed(t *testing.T) {
	for name, c := range map[string]struct {
		message bot.Message
		embed   bool
	}{
		"short":     {bot.Text("short"), false},
		"2000":      {bot.Text(strings.Repeat("x", 2000)), false},
		"2001":      {bot.Text(strings.Repeat("x", 2001)), true},
		"astral":    {bot.Text(strings.Repeat("👍", 1001)), true},
		"with link": {one("", bot.Run{Text: "x", Link: "https://x.example/"}), true},
		"bad link":  {one("", bot.Run{Text: "x", Link: "ftp://x.example/"}), false},
	} {
		b := render(c.message)
		if got := len(b.Embeds) == 1; got != c.embed || (b.Content == "") != c.embed {
			t.Errorf("%s: embed %t, want %t", name, got, c.embed)
		}
	}
	silent := bot.Text("x")
	silent.Silent = true
	if b := render(silent); b.Flags != 1<<12|1<<2 {
		t.Errorf("a silent message has flags %b", b.Flags)
	}
}

func TestFits(t *testing.T) {
	buttons := func(rows, each int, label, action string) bot.Message {
		m := bot.Text("x")
		for range rows {
			row := make([]bot.Button, each)
			for i := range row {
				row[i] = bot.Button{Label: label, Action: action}
			}
			m.Buttons = append(m.Buttons, row)
		}
		return m
	}
	for name, c := range map[string]struct {
		message bot.Message
		want    bool
	}{
		"4096":        {bot.Text(strings.Repeat("x", 4096)), true},
		"4097":        {bot.Text(strings.Repeat("x", 4097)), false},
		"escaped":     {bot.Text(strings.Repeat("*", 2048)), true},
		"too escaped": {bot.Text(strings.Repeat("*", 2049)), false},
		"all buttons": {buttons(5, 5, strings.Repeat("x", 80), strings.Repeat("y", 64)), true},
		"rows":        {buttons(6, 1, "x", "y"), false},
		"row":         {buttons(1, 6, "x", "y"), false},
		"label":       {buttons(1, 1, strings.Repeat("x", 81), "y"), false},
		"no label":    {buttons(1, 1, " ", "y"), false},
		"action":      {buttons(1, 1, "x", strings.Repeat("y", 65)), false},
	} {
		if got := fits(c.message); got != c.want {
			t.Errorf("%s: fits %t, want %t", name, got, c.want)
		}
	}
}

// seen is a text without what nobody sees.
func seen(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) || r == unicode.ReplacementChar || r == '\u200b' || r == '\u2068' || r == '\u2069' {
			return -1
		}
		return r
	}, s)
}

func FuzzMarkdown(f *testing.F) {
	f.Add("plain", "**bold** _x_", "`a`", uint8(0))
	f.Add("# a\n> b", "[x](http://y)", "```", uint8(77))
	f.Add("@everyone <@1>", "||s||~~t~~", "1. a\n- b", uint8(255))
	f.Fuzz(func(t *testing.T, a, b, c string, style uint8) {
		a, b, c = bot.Clean(a), bot.Clean(b), bot.Clean(c)
		kinds := []bot.BlockKind{bot.Paragraph, bot.Heading, bot.Quote, bot.Details, bot.Code}
		runs := []bot.Run{
			{Text: a, Bold: style&1 > 0, Italic: style&2 > 0},
			{Text: b, Code: style&4 > 0, Italic: style&8 > 0},
			{Text: c, Bold: style&16 > 0, Link: map[bool]string{true: "https://x.example/"}[style&32 > 0]},
		}
		m := one(kinds[int(style>>5)%len(kinds)], runs...)
		text, _ := markdown(m)
		shown, links := discordtest.Plain(text)
		if got, want := seen(shown), seen(m.Plain()); got != want {
			t.Errorf("%q is shown as %q, want %q", text, got, want)
		}
		for _, link := range links {
			if link != "https://x.example/" {
				t.Errorf("%q links to %q", text, link)
			}
		}
	})
}

func BenchmarkRender(b *testing.B) {
	story := bot.Section{Blocks: []bot.Block{
		{Runs: []bot.Run{{Text: "1. ", Bold: true}, {Text: "Talks resume in Geneva", Bold: true, Link: "https://news.example.org/story/1"}}},
		{Runs: []bot.Run{{Text: strings.Repeat("A sentence of news. ", 10)}, {Text: "[Wire]", Link: "https://news.example.org/story/2"}}},
	}}
	m := bot.Message{Sections: []bot.Section{story, story, story, story, story, story}}
	b.ReportAllocs()
	for b.Loop() {
		fits(m)
	}
}
