package delivery_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidings/bot"
	"tidings/bot/delivery"
	"tidings/digest"
	"tidings/subscriptions"
)

var nine = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// article is one of an outlet that is its own owner.
func article(outlet, title string, hour int) digest.Article {
	return digest.Article{
		ID: outlet + title, URL: "https://example.com/" + outlet, Title: title, Outlet: outlet, Owner: outlet,
		Seen: nine.Add(time.Duration(hour-9) * time.Hour), Published: nine.Add(time.Duration(hour-9) * time.Hour),
	}
}

// page is a digest of two stories, the second an update.
func page() delivery.Page {
	first, second := article("Wire One", "Talks end", 4), article("Capital Post", "Europe objects", 7)
	sources := []digest.Article{first}
	for _, name := range []string{"B", "C", "D", "E"} {
		sources = append(sources, article(name, "Talks end, says "+name, 5))
	}
	return delivery.Page{
		Digest: digest.Digest{
			Topic: digest.Topic{ID: "t", Name: "Peace"}, Since: nine.AddDate(0, 0, -1), Until: nine, Articles: 31, Outlets: 17, Left: 3,
			Stories: []digest.Story{
				{ID: "one", Title: "Talks end", Articles: sources, Sources: sources, FirstSeen: first.Seen,
					Summary: []digest.Sentence{{Text: "They ended.", Article: first}, {Text: "All agree.", Article: second}}},
				{ID: "two", Title: "Europe objects", Articles: []digest.Article{second}, Sources: []digest.Article{second}, FirstSeen: second.Seen,
					Update: &digest.Update{Outlets: 1, News: []digest.Sentence{{Text: "No cap, it says.", Article: second}}}},
			},
			Running: []digest.Story{{ID: "three", Title: "Prisoners", Sources: sources[:3]}},
			Failing: []string{"Daily X (HTTP 503)"},
		},
		Known: map[string]digest.Memory{"two": {Outlets: 0, At: nine.AddDate(0, 0, -1)}},
		Muted: 1,
	}
}

func TestThePage(t *testing.T) {
	for length, want := range map[string]string{
		"": `📰 Peace · Mon 23 Nov, 09:00
2 stories from 31 articles · 17 outlets · since yesterday 09:00

1. Talks end
They ended. [Wire One] All agree. [Capital Post]
5 outlets: Wire One, B, C +2 · first 5 h ago

2. ↻ Europe objects
New: No cap, it says. [Capital Post]
1 outlet (+1 since yesterday): Capital Post · first 2 h ago

Still running, nothing new: Prisoners (3 outlets)
Left out: 3 smaller stories and 1 you muted.
Could not be read: Daily X (HTTP 503).`,
		subscriptions.Short: `📰 Peace · Mon 23 Nov, 09:00
2 stories from 31 articles · 17 outlets · since yesterday 09:00

1. Talks end · 5 outlets
2. ↻ Europe objects · 1 outlet (+1 since yesterday)

Still running, nothing new: Prisoners (3 outlets)
Left out: 3 smaller stories and 1 you muted.
Could not be read: Daily X (HTTP 503).`,
		subscriptions.Long: `📰 Peace · Mon 23 Nov, 09:00
2 stories from 31 articles · 17 outlets · since yesterday 09:00

1. Talks end
They ended. [Wire One] All agree. [Capital Post]
5 outlets: Wire One, B, C, D, E · first 5 h ago
B: Talks end, says B
C: Talks end, says C
D: Talks end, says D
E: Talks end, says E

2. ↻ Europe objects
New: No cap, it says. [Capital Post]
1 outlet (+1 since yesterday): Capital Post · first 2 h ago

Still running, nothing new: Prisoners (3 outlets)
Left out: 3 smaller stories and 1 you muted.
Could not be read: Daily X (HTTP 503).`,
	} {
		got := delivery.PageMessage(page(), delivery.Options{Zone: time.UTC, Length: length}).Plain()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: %s", length, diff)
		}
	}
}

func TestAQuietPage(t *testing.T) {
	p := page()
	p.Stories = nil
	got := delivery.PageMessage(p, delivery.Options{Zone: time.UTC, Next: nine.AddDate(0, 0, 1)}).Plain()
	want := "📰 Peace · Mon 23 Nov, 09:00 — nothing new since yesterday 09:00 (1 story still running). Next: tomorrow 09:00.\n" +
		"Could not be read: Daily X (HTTP 503)."
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestButtonsFitTheNetwork(t *testing.T) {
	entries := make([]subscriptions.Entry, 10)
	for i := range entries {
		entries[i] = subscriptions.Entry{Topic: "topictopictopict", Story: fmt.Sprintf("storystorystory%d", i)}
	}
	for _, limits := range []bot.Limits{{Rows: 5, RowButtons: 5}, {Rows: 12, RowButtons: 8}, {Rows: 9, RowButtons: 9}, {Rows: 2, RowButtons: 3}, {}} {
		rows := delivery.Buttons(entries, 1, limits)
		if len(rows) > limits.Rows {
			t.Errorf("%+v: %d rows", limits, len(rows))
		}
		var labels []string
		for _, row := range rows {
			if len(row) > limits.RowButtons || len(row) == 0 {
				t.Errorf("%+v: a row of %d", limits, len(row))
			}
			for _, b := range row {
				if len(b.Action) == 0 || len(b.Action) > 64 {
					t.Errorf("action %q", b.Action)
				}
				labels = append(labels, b.Label)
			}
		}
		if n := len(labels); limits.Rows == 5 && n != 12 || limits.Rows == 0 && n != 0 {
			t.Errorf("%+v: %q", limits, labels)
		}
	}
}

// morning delivers what is due at eight to a chat with settings, and gives the
// message, or none.
func (h *house) morning(s subscriptions.Settings) (bot.Message, bool) {
	h.t.Helper()
	s.Chat = reader
	h.must(h.store.Set(h.t.Context(), s))
	h.setClock(eight)
	d := h.start(h.deliver())
	h.must(d.Tick(h.t.Context()))
	h.await("the edition", func() bool {
		records, err := d.History(h.t.Context(), reader, 1)
		return err == nil && len(records) == 1 && records[0].State != "queued" && records[0].State != "pending" && records[0].State != "sending"
	})
	h.network.mu.Lock()
	defer h.network.mu.Unlock()
	if len(h.network.messages) == 0 {
		return bot.Message{}, false
	}
	return h.network.messages[0], true
}

func TestQuietHoursAreSilent(t *testing.T) {
	for hours, silent := range map[string]bool{"": false, "22:00-09:00": true, "22:00-07:00": false} {
		t.Run(hours, func(t *testing.T) {
			each(t, func(h *house) {
				due(h)
				m, ok := h.morning(subscriptions.Settings{Quiet: hours})
				if !ok || m.Silent != silent {
					h.t.Errorf("sent %v, silent %v; want sent and %v", ok, m.Silent, silent)
				}
			})
		})
	}
}

func TestSilenceOnQuietDays(t *testing.T) {
	for _, silence := range []bool{false, true} {
		t.Run(fmt.Sprint(silence), func(t *testing.T) {
			each(t, func(h *house) {
				h.subscribe(reader, "daily 08:00", eight)
				m, ok := h.morning(subscriptions.Settings{Silence: silence})
				if ok == silence || ok && !strings.Contains(m.Plain(), "nothing new since yesterday 08:00. Next: tomorrow 08:00.") {
					h.t.Errorf("sent %v: %q", ok, m.Plain())
				}
			})
		})
	}
}

func TestADeliveredDigestHasNumbersThatMeanItsStories(t *testing.T) {
	each(t, func(h *house) {
		h.network.limits = bot.Limits{Rows: 5, RowButtons: 5, Label: 80}
		due(h)
		m, _ := h.morning(subscriptions.Settings{Length: subscriptions.Short})
		if !strings.Contains(m.Plain(), "1. Talks begin · 1 outlet") {
			h.t.Errorf("the short form is %q", m.Plain())
		}
		want := [][]bot.Button{
			{{Label: "1", Action: "story " + h.topic.ID + " s1"}},
			{{Label: "⚙ Settings", Action: "settings"}, {Label: "🔕 Pause", Action: "pause"}},
		}
		if diff := cmp.Diff(want, m.Buttons); diff != "" {
			h.t.Error(diff)
		}
		entries, err := h.store.Page(context.Background(), reader)
		h.must(err)
		wantEntries := []subscriptions.Entry{{Topic: h.topic.ID, Story: "s1", Title: "Talks begin", Since: eight.AddDate(0, 0, -1), Until: eight}}
		if diff := cmp.Diff(wantEntries, entries); diff != "" {
			h.t.Error(diff)
		}
	})
}

func TestAChannelHasNoButtons(t *testing.T) {
	each(t, func(h *house) {
		h.network.limits = bot.Limits{Rows: 5, RowButtons: 5, Label: 80}
		due(h)
		h.must(h.store.Meet(h.t.Context(), reader, string(bot.Channel), "News", eight))
		if m, ok := h.morning(subscriptions.Settings{}); !ok || len(m.Buttons) != 0 {
			h.t.Errorf("sent %v with %v", ok, m.Buttons)
		}
	})
}

func TestASmallFollowedStoryComesAllTheSame(t *testing.T) {
	each(t, func(h *house) {
		for i := range 12 {
			for _, outlet := range []string{"Capital Post", "Kyiv Chronicle"} {
				h.file(outlet, fmt.Sprintf("big%d", i), fmt.Sprintf("Big story %s number %d", outlet, i), eight.Add(-time.Hour))
			}
		}
		h.file("Wire One", "small", "A small story", eight.Add(-20*time.Hour))
		h.subscribe(reader, "daily 08:00", eight)
		h.must(h.store.MarkStory(h.t.Context(), reader, subscriptions.Mark{Story: "small", Topic: h.topic.ID, Mark: subscriptions.Follow, At: eight}))
		h.must(h.store.MarkStory(h.t.Context(), reader, subscriptions.Mark{Story: "big0", Mark: subscriptions.Mute, At: eight}))
		m, _ := h.morning(subscriptions.Settings{})
		if got := m.Plain(); !strings.Contains(got, "🔔 A small story") || strings.Contains(got, "number 0\n") {
			h.t.Errorf("the followed story is missing, or the muted is not:\n%s", got)
		}
	})
}

func TestAReport(t *testing.T) {
	first := article("Wire One", "Talks begin in Geneva", 4)
	copied := article("Market Bell", "Talks begin in Geneva", 5)
	copied.CopyOf, copied.Country = first.ID, "GB"
	first.Country, first.Owner = "GB", "Wire Group"
	articles := []digest.Article{first, copied}
	for i := range 20 {
		articles = append(articles, article(fmt.Sprintf("Paper %02d", i), fmt.Sprintf("Step%d of%d them%d", i, i, i), 6))
	}
	r := delivery.Report{
		Story: digest.Story{ID: "one", Title: "Talks begin", Articles: articles, Sources: articles[:1],
			Summary: []digest.Sentence{{Text: "They began.", Article: first}}},
		Says:    []digest.Sentence{{Text: "Not yet.", Article: articles[2]}},
		Related: []digest.Story{{ID: "two", Title: "Another", Sources: articles[2:4]}},
		At:      nine,
	}
	got := delivery.ReportMessage(r, time.UTC).Plain()
	for _, want := range []string{
		"Talks begin\n22 articles from 1 outlet · first: Wire One, today 04:00",
		"They began. [Wire One]", "Who says what\nPaper 00: Not yet.", "GB: Market Bell (repeats another's text), Wire One (Wire Group)",
		"Related\nAnother · 2 outlets",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("there is no %q in\n%s", want, got)
		}
	}
	_, timeline, _ := strings.Cut(got, "Timeline\n")
	timeline, _, _ = strings.Cut(timeline, "\n\n")
	if n := strings.Count(timeline, "\n") + 1; n != 6 {
		t.Errorf("the timeline has %d lines, want 6:\n%s", n, timeline)
	}
}
