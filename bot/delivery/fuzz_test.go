package delivery_test

import (
	"strings"
	"testing"
	"time"

	"tidings/bot"
	"tidings/bot/delivery"
	"tidings/digest"
	"tidings/subscriptions"
)

// FuzzPage makes a digest of any text: it has every story, and split for a
// narrow network it can be put together again.
func FuzzPage(f *testing.F) {
	f.Add("Talks end", "They ended.", "Wire One", uint8(3), uint8(1))
	f.Add(strings.Repeat("long title ", 500), strings.Repeat("Sentence. ", 300), "😀", uint8(30), uint8(12))
	f.Add("", "", "", uint8(0), uint8(0))
	f.Add("<b>@everyone</b> *x*", "\u202eevil\u202c Z\u0351\u036b\u0343a", "[x](y)", uint8(2), uint8(1))
	f.Fuzz(func(t *testing.T, title, text, outlet string, stories, sources uint8) {
		p := delivery.Page{Digest: digest.Digest{Topic: digest.Topic{Name: "Peace"}, Since: nine.AddDate(0, 0, -1), Until: nine}}
		for i := range int(stories % 12) {
			a := article(outlet, title, 8)
			s := digest.Story{ID: string(rune('a' + i)), Title: title, Articles: []digest.Article{a}, Sources: []digest.Article{a}, FirstSeen: a.Seen}
			for range sources % 12 {
				s.Sources = append(s.Sources, a)
			}
			s.Summary = []digest.Sentence{{Text: text, Article: a}}
			p.Stories = append(p.Stories, s)
			p.Running = append(p.Running, s)
		}
		for _, length := range []string{subscriptions.Short, "", subscriptions.Long} {
			m := delivery.PageMessage(p, delivery.Options{Zone: time.UTC, Length: length})
			if len(m.Sections) == 0 || !strings.HasPrefix(m.Plain(), "📰 Peace") {
				t.Fatalf("the page begins with %.60q", m.Plain())
			}
			whole := squeezed(m)
			var parts strings.Builder
			for _, part := range bot.Split(m, func(m bot.Message) bool { return len(m.Plain()) < 1500 }) {
				if n := len(part.Sections); n > 1 && len(part.Sections[n-1].Blocks) == 1 && part.Sections[n-1].Blocks[0].Runs[0].Italic && isNumber(part.Sections[n-1]) {
					part.Sections = part.Sections[:n-1]
				}
				parts.WriteString(squeezed(part))
			}
			if parts.String() != whole {
				t.Errorf("split and put together again it differs:\n%q\n%q", whole, parts.String())
			}
		}
	})
}

// isNumber reports whether a section is the number of a part.
func isNumber(s bot.Section) bool {
	text := s.Blocks[0].Runs[0].Text
	return strings.Contains(text, "/") && strings.Trim(text, "0123456789/") == ""
}

// squeezed is a message's text without white space.
func squeezed(m bot.Message) string { return strings.Join(strings.Fields(m.Plain()), "") }
