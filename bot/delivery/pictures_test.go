package delivery_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"tidings/bot"
	"tidings/bot/delivery"
	"tidings/digest"
	"tidings/digest/archive"
)

// TestPagePictures has the picture of a page, by its window and what its
// stories have.
func TestPagePictures(t *testing.T) {
	each(t, func(h *house) {
		d := h.deliver()
		image := func(url string) delivery.Page {
			p := told(reported("Talks end", "They ended.", "Wire One", "Capital Post"))
			p.Stories[0].Sources[0].Image = url
			return p
		}
		lead := d.PagePicture(h.t.Context(), image("https://wire.example.org/a.jpg"), time.UTC)
		if lead == nil || lead.URL != "https://wire.example.org/a.jpg" || lead.Alt != "Talks end" {
			t.Errorf("the lead image is %+v", lead)
		}
		for _, url := range []string{"", "http://wire.example.org/a.jpg", "https://user:word@wire.example.org/a.jpg", "data:image/png;base64,AAAA", "/a.jpg"} {
			if p := d.PagePicture(h.t.Context(), image(url), time.UTC); p != nil {
				t.Errorf("the image %q is given to networks: %+v", url, p)
			}
		}
		if p := d.PagePicture(h.t.Context(), told(), time.UTC); p != nil {
			t.Errorf("a page without stories has the picture %+v", p)
		}
		week := image("https://wire.example.org/a.jpg")
		week.Since = week.Until.AddDate(0, 0, -7)
		if p := d.PagePicture(h.t.Context(), week, time.UTC); p == nil || p.URL == "" {
			t.Errorf("two articles in a week have the picture %+v, want the lead image", p)
		}
		week.Stories = append(week.Stories, reported("Europe objects", "", outletNames(6)...))
		chart := d.PagePicture(h.t.Context(), week, time.UTC)
		if !chart.Uploads() || chart.Alt != "8 articles from 8 outlets over time: the first today 04:00, the newest today 04:05" {
			t.Fatalf("the chart of a week is %.200v", chart)
		}
		if again := d.PagePicture(h.t.Context(), week, time.UTC); !bytes.Equal(again.File, chart.File) {
			t.Error("the same page has another chart")
		}
	})
}

func TestReportPictures(t *testing.T) {
	each(t, func(h *house) {
		d := h.deliver()
		few := delivery.Report{Story: reported("Talks end", "", outletNames(3)...), At: nine}
		if p := d.ReportPicture(h.t.Context(), few, time.UTC); p != nil {
			t.Errorf("three articles have a chart: %s", p.Alt)
		}
		crowd := delivery.Report{Story: reported("Talks end", "", outletNames(300)...), At: nine}
		if p := d.ReportPicture(h.t.Context(), crowd, time.UTC); !p.Uploads() || !strings.HasPrefix(p.Alt, "300 articles from 300 outlets") {
			t.Errorf("the chart of a crowd is %.200v", p)
		}
		for i := range crowd.Articles[1:] {
			crowd.Articles[i+1].CopyOf = crowd.Articles[0].ID
		}
		if p := d.ReportPicture(h.t.Context(), crowd, time.UTC); !strings.HasPrefix(p.Alt, "300 articles from 1 outlet ") {
			t.Errorf("the chart of copies is %.200v", p)
		}
	})
}

// TestPicturesAreSentToThoseWhoWantThem has two chats with the same digest.
func TestPicturesAreSentToThoseWhoWantThem(t *testing.T) {
	each(t, func(h *house) {
		feeds, err := h.archive.Feeds(h.t.Context())
		h.must(err)
		lead := digest.Article{
			ID: "a1", URL: "https://wire.example.org/a", Title: "Talks begin", Image: "https://wire.example.org/a.jpg", Language: "en", Story: "s1",
			Published: eight.Add(-8 * time.Hour), Seen: eight.Add(-8 * time.Hour),
		}
		h.must(h.archive.File(h.t.Context(), feeds[0], []archive.Filed{{FeedID: feeds[0].ID, Article: lead, Topics: []archive.TopicMatch{{TopicID: h.topic.ID, Score: 1}}}}))
		h.subscribe(reader, "daily 08:00", eight)
		set, err := h.store.Settings(h.t.Context(), reader)
		h.must(err)
		set.Pictures = true
		h.must(h.store.Set(h.t.Context(), set))
		other := reader
		other.ID = "8"
		h.subscribe(other, "daily 08:00", eight)
		h.setClock(eight)
		d := h.start(h.deliver())
		h.must(d.Tick(h.t.Context()))
		h.settled(2)
		var pictures []*bot.Picture
		h.network.mu.Lock()
		defer h.network.mu.Unlock()
		for _, m := range h.network.messages {
			if m.Picture != nil {
				pictures = append(pictures, m.Picture)
			}
		}
		if len(pictures) != 1 || pictures[0].URL != "https://wire.example.org/a.jpg" {
			t.Errorf("the pictures sent are %+v, want the lead image in one of two chats", pictures)
		}
	})
}
