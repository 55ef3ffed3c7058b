package delivery_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"tidings/bot"
	"tidings/bot/delivery"
	"tidings/bot/discord"
	"tidings/bot/discord/discordtest"
	"tidings/bot/telegram"
	"tidings/bot/telegram/telegramtest"
	"tidings/bot/terminal"
	"tidings/digest"
	"tidings/subscriptions"
)

// scraps are what the texts of random digests are made of.
var scraps = []string{
	"talks ", "peace. ", "«так» ", "переговори ", "和平谈判。", "محادثات ", "שלום ", "\u202eabc\u202c", "👩‍👩‍👧‍👦", "🇺🇦", "e\u0301", "\n", " ", "",
	"z" + strings.Repeat("\u0335", 40), "<b>", "</blockquote>", "&amp;", "*_~|`[](\\", "```", "@everyone ", "<@1>", "#tag ", "/cmd ", "a.b.c ",
	"https://news.example.org/a?b=1 ", strings.Repeat("x", 300), "\x00", "\xff", "\u2068", "1. ", "# ",
}

// scraped is a random text.
func scraped(r *rand.Rand) string {
	var out strings.Builder
	for range r.IntN(1 << r.IntN(9)) {
		out.WriteString(scraps[r.IntN(len(scraps))])
	}
	return out.String()
}

// anyStory is a story of random text with any number of outlets.
func anyStory(r *rand.Rand) digest.Story {
	var articles []digest.Article
	for i := range 1 + r.IntN(1<<r.IntN(9)) {
		a := article(scraped(r), scraped(r), 8)
		a.URL = fmt.Sprintf("https://news.example.org/%d", i+1)
		articles = append(articles, a)
	}
	any := func() digest.Article { return articles[r.IntN(len(articles))] }
	s := digest.Story{ID: fmt.Sprint(r.Uint32()), Title: scraped(r), Articles: articles, Sources: articles, FirstSeen: nine.Add(-time.Hour)}
	for range r.IntN(4) {
		s.Summary = append(s.Summary, digest.Sentence{Text: scraped(r), Article: any()})
	}
	switch r.IntN(4) {
	case 0:
		s.Quote = &digest.Quote{Text: scraped(r), Speaker: scraped(r), Article: any()}
	case 1:
		s.Differ = []digest.Difference{{What: scraped(r), Claims: []digest.Claim{{Number: "12", Article: any()}, {Number: scraped(r), Article: any()}}}}
	case 2:
		s.Update = &digest.Update{Outlets: r.IntN(4), News: s.Summary}
	}
	return s
}

// anyMessage is the digest of random stories, or the report of one.
func anyMessage(r *rand.Rand) bot.Message {
	var stories []digest.Story
	for range r.IntN(digest.MaxStories + 1) {
		stories = append(stories, anyStory(r))
	}
	if len(stories) > 0 && r.IntN(4) == 0 {
		return delivery.ReportMessage(delivery.Report{Story: stories[0], Related: stories[1:], At: nine}, time.UTC)
	}
	p := told(stories...)
	p.Topic.Name = scraped(r)
	for range r.IntN(5) {
		p.Running = append(p.Running, anyStory(r))
		p.Failing = append(p.Failing, scraped(r))
	}
	return delivery.PageMessage(p, delivery.Options{Zone: time.UTC, Length: []string{subscriptions.Short, "", subscriptions.Long}[r.IntN(3)]})
}

// number is that of a part, at its end.
var number = regexp.MustCompile(`\s*\d+/\d+\s*$`)

// Marks of the terminal that are not text: the addresses of links, styles, and
// the bars beside quotes.
var (
	escapes = regexp.MustCompile("\x1b\\]8;;[^\x1b]*\x1b\\\\|\x1b\\[[0-9;]*m")
	bars    = regexp.MustCompile(`(?m)^  \| `)
)

// people is what people see of a text, in which white space may fall anywhere.
func people(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) || r == unicode.ReplacementChar || r == '\u200b' || r >= '\u2066' && r <= '\u2069' {
			return -1
		}
		return r
	}, bot.Clean(s))
}

// joined is what parts say together, as show reads each.
func joined(parts []string, show func(string) string) string {
	var all strings.Builder
	for _, part := range parts {
		text := show(part)
		if len(parts) > 1 {
			text = number.ReplaceAllString(text, "")
		}
		all.WriteString(text)
	}
	return people(all.String())
}

func wide(s string) int { return len(utf16.Encode([]rune(s))) }

// TestAnyDigestIsWhole has digests of any text: each part is within the limits
// of its network, and together the parts say all that the digest says.
func TestAnyDigestIsWhole(t *testing.T) {
	for seed := range uint64(60) {
		m := anyMessage(rand.New(rand.NewPCG(seed, 5)))
		want := people(m.Plain())
		onTelegram := joined(telegram.Preview(m), func(html string) string {
			text, _, complaint := telegramtest.Plain(html)
			if complaint != "" || wide(text) > 4096 || len(html) > 32768 {
				t.Errorf("a part for Telegram has %d letters in %d bytes, and %s", wide(text), len(html), complaint)
			}
			return text
		})
		onDiscord := joined(discord.Preview(m), func(markup string) string {
			text, _ := discordtest.Plain(markup)
			if wide(markup) > 4096 {
				t.Errorf("a part for Discord has %d letters", wide(markup))
			}
			return text
		})
		inTerminal := people(bars.ReplaceAllString(escapes.ReplaceAllString(terminal.Render(m, terminal.Config{Hyperlinks: true, Style: true}), ""), ""))
		for network, got := range map[string]string{"telegram": onTelegram, "discord": onDiscord, "terminal": inTerminal} {
			if got != want {
				t.Errorf("put together again on %s (-want +got):\n%s", network, cmp.Diff(want, got))
			}
		}
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}
