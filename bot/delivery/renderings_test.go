package delivery_test

import (
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"

	"tidings/bot"
	"tidings/bot/bottest"
	"tidings/bot/delivery"
	"tidings/bot/discord"
	"tidings/bot/telegram"
	"tidings/bot/terminal"
	"tidings/digest"
	"tidings/subscriptions"
)

var update = flag.Bool("update", false, "write what is rendered now to testdata")

// TestRenderings holds digests of ordinary and of bad input, as every network is
// given them, to the files in testdata. After a change that is meant:
//
//	go test ./bot/delivery -run Renderings -update
func TestRenderings(t *testing.T) {
	for name, m := range rendered() {
		t.Run(name, func(t *testing.T) {
			bottest.Golden(t, name, *update,
				bottest.Rendering{Network: "telegram", Parts: telegram.Preview(m)},
				bottest.Rendering{Network: "discord", Parts: discord.Preview(m)},
				bottest.Rendering{Network: "terminal", Parts: []string{terminal.Render(m, terminal.Config{})}},
			)
		})
	}
}

// told is a digest of a few stories, at nine.
func told(stories ...digest.Story) delivery.Page {
	d := digest.Digest{Topic: digest.Topic{ID: "peace", Name: "Peace"}, Since: nine.AddDate(0, 0, -1), Until: nine, Stories: stories}
	for _, s := range stories {
		d.Articles += len(s.Articles)
		d.Outlets += len(s.Sources)
	}
	return delivery.Page{Digest: d}
}

// reported is a story that outlets report one after another, with a sentence of
// each of the first three.
func reported(title, sentence string, outlets ...string) digest.Story {
	s := digest.Story{ID: "s" + title, Title: title}
	for i, name := range outlets {
		a := article(name, title, 4)
		a.URL = fmt.Sprintf("https://news.example.org/%d", i+1)
		a.Seen = a.Seen.Add(time.Duration(i) * time.Minute)
		s.Articles = append(s.Articles, a)
		if i < 3 && sentence != "" {
			s.Summary = append(s.Summary, digest.Sentence{Text: sentence, Article: a})
		}
	}
	s.Sources, s.FirstSeen, s.Updated = s.Articles, s.Articles[0].Seen, s.Articles[len(outlets)-1].Seen
	return s
}

// outletNames are n names.
func outletNames(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprint("Outlet ", i+1)
	}
	return names
}

// rendered are the messages by the names of their files.
func rendered() map[string]bot.Message {
	few := []string{"Wire One", "Capital Post"}
	bad := func(title, sentence string) bot.Message {
		return delivery.PageMessage(told(reported(title, sentence, few...)), delivery.Options{Zone: time.UTC})
	}
	usual := told(
		reported("Delegations agree on a first draft", "Both sides call the text a beginning.", "Wire One", "Capital Post", "Kyiv Chronicle", "Evening Star"),
		reported("Europe objects to the plan", "Three governments reject the cap.", few...))
	usual.Stories[1].Update = &digest.Update{Outlets: 1, News: usual.Stories[1].Summary[:1]}
	usual.Left, usual.Muted, usual.Failing = 3, 1, []string{"Daily Moon (HTTP 503)"}
	crowd := reported("Talks end", "They ended.", outletNames(300)...)
	var many []digest.Story
	for i := range 40 {
		many = append(many, reported(fmt.Sprint("Story number ", i+1), "It goes on.", few...))
	}
	return map[string]bot.Message{
		"usual":         delivery.PageMessage(usual, delivery.Options{Zone: time.UTC}),
		"usual short":   delivery.PageMessage(usual, delivery.Options{Zone: time.UTC, Length: subscriptions.Short}),
		"usual long":    delivery.PageMessage(usual, delivery.Options{Zone: time.UTC, Length: subscriptions.Long}),
		"nothing new":   delivery.PageMessage(told(), delivery.Options{Zone: time.UTC, Next: nine.AddDate(0, 0, 1)}),
		"empty summary": bad("Talks end", ""),
		"long title":    bad(strings.Repeat("Delegations agree on a first draft and ", 128), "They agree."),
		"long word":     bad(strings.Repeat("x", 5000), "They agree."),
		"only emoji":    bad("👩‍👩‍👧‍👦🏳️‍🌈👍🏽🇺🇦", "😀😀😀"),
		"zalgo":         bad("Z"+strings.Repeat("\u0336\u0321\u0310", 30)+"algo", "It "+strings.Repeat("\u0351", 60)+"comes."),
		"overrides":     bad("Not \u202egnp.exe\u202c what \u2066it seems", "\u202eThey\u202d end."),
		"right to left": bad("محادثات السلام تستأنف في جنيف", "تبدأ الجولة الثانية غدا في 12 نوفمبر."),
		"no spaces":     bad("和平谈判在日内瓦恢复", strings.Repeat("双方代表周一在日内瓦重新开始会谈。", 4)),
		"html":          bad("<b>Talks</b> &amp; <script>alert(1)</script>", `</blockquote><a href="https://evil.example/">x</a> & <br>`),
		"markdown":      bad("**Talks** _end_ `now` ||x|| [y](https://evil.example/)", "# Heading\n> quote\n- list ```code``` @everyone <@1> <#2>"),
		"300 sources":   delivery.PageMessage(told(crowd), delivery.Options{Zone: time.UTC, Length: subscriptions.Long}),
		"40 stories":    delivery.PageMessage(told(many...), delivery.Options{Zone: time.UTC}),
		"report":        delivery.ReportMessage(delivery.Report{Story: usual.Stories[0], At: nine}, time.UTC),
		"report of 300": delivery.ReportMessage(delivery.Report{Story: crowd, At: nine}, time.UTC),
	}
}
