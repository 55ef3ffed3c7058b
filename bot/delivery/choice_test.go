package delivery_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tidings/bot/delivery"
	"tidings/digest"
	"tidings/digest/archive"
	"tidings/subscriptions"
)

// subjects are headlines that have nothing in common.
var subjects = strings.Fields("Avalanche Brewery Cathedral Dolphin Elevator Ferry Glacier Harvest Iceberg Jubilee Kangaroo Lighthouse Monsoon")

// fill files a story on each of the first subjects, under its name, the first
// with six outlets and the others with three.
func (h *house) fill(stories int) {
	h.t.Helper()
	for i, subject := range subjects[:stories] {
		for k, f := range outlets() {
			if i == 0 || k < 3 {
				h.file(f.Outlet, subject, subject, eight.Add(-time.Duration(i+4)*time.Hour))
			}
		}
	}
}

// asked is the digest of the last day for the reader.
func (h *house) asked(d *delivery.Delivery) delivery.Page {
	h.t.Helper()
	p, err := d.Asked(h.t.Context(), reader, h.topic, eight.AddDate(0, 0, -1), eight)
	h.must(err)
	return p
}

// vote is the reader's on the article of an outlet in a story.
func (h *house) vote(outlet, story string, more bool, at time.Time) {
	h.t.Helper()
	h.must(h.store.Vote(h.t.Context(), reader, subscriptions.Vote{Topic: h.topic.ID, Article: archive.ID(outlet, story, story), More: more, At: at}))
}

// tasting is a delivery that likes articles as it is told.
func (h *house) tasting(like func(digest.Article) float64) *delivery.Delivery {
	d := h.deliver()
	d.Taste = func(context.Context, []subscriptions.Vote) (func(digest.Article) float64, error) { return like, nil }
	return d
}

func stories(p delivery.Page) (ids []string) {
	for _, s := range p.Stories {
		ids = append(ids, s.ID)
	}
	return ids
}

func TestAVoteOnAnArticleMovesItsStory(t *testing.T) {
	each(t, func(h *house) {
		h.fill(3)
		h.subscribe(reader, "daily 08:00", eight)
		d := h.tasting(func(digest.Article) float64 { return 0 })
		if got := stories(h.asked(d)); got[0] != "Avalanche" {
			h.t.Fatalf("without votes the order is %q", got)
		}
		h.vote("Wire One", "Avalanche", false, eight.Add(-2*time.Hour))
		p := h.asked(d)
		if got := stories(p); got[0] != "Brewery" || got[2] != "Avalanche" || p.Stories[2].Score.Yours != -1.5 {
			h.t.Errorf("after a vote against it the order is %q, with %.2f for the vote", got, p.Stories[2].Score.Yours)
		}
		h.vote("Daily Moon", "Avalanche", true, eight.Add(-time.Hour))
		if p := h.asked(d); p.Stories[0].ID != "Avalanche" || p.Stories[0].Score.Yours != 1.5 {
			h.t.Errorf("after a later vote for it the order is %q", stories(p))
		}
	})
}

func TestALikedStoryComesIntoTheDigest(t *testing.T) {
	each(t, func(h *house) {
		h.fill(13)
		h.subscribe(reader, "daily 08:00", eight)
		d := h.tasting(func(a digest.Article) float64 {
			if a.Title == "Monsoon" {
				return 1
			}
			return 0
		})
		if got := stories(h.asked(d)); slices.Contains(got, "Monsoon") {
			h.t.Fatalf("without votes there is %q", got)
		}
		h.vote("Wire One", "elsewhere", true, eight.Add(-time.Hour))
		p := h.asked(d)
		if got := stories(p); !slices.Contains(got, "Monsoon") || len(got) != digest.MaxStories || p.Left != 3 {
			h.t.Errorf("what the chat likes is left out: %q, %d left", got, p.Left)
		}
	})
}

func TestTheNextStoryTakesTheMutedOnesPlace(t *testing.T) {
	each(t, func(h *house) {
		h.fill(12)
		h.subscribe(reader, "daily 08:00", eight)
		d := h.deliver()
		if p := h.asked(d); p.Articles != 39 || p.Outlets != 6 || p.Left != 2 || len(p.Stories) != digest.MaxStories {
			h.t.Fatalf("without a mute there are %q of %d articles of %d outlets, %d left", stories(p), p.Articles, p.Outlets, p.Left)
		}
		h.must(h.store.MarkStory(h.t.Context(), reader, subscriptions.Mark{Story: "Avalanche", Topic: h.topic.ID, Mark: subscriptions.Mute, At: eight}))
		p := h.asked(d)
		if p.Articles != 33 || p.Outlets != 3 || p.Left != 1 || p.Muted != 1 || len(p.Stories) != digest.MaxStories || slices.Contains(stories(p), "Avalanche") {
			h.t.Errorf("after it there are %q of %d articles of %d outlets, %d left and %d muted", stories(p), p.Articles, p.Outlets, p.Left, p.Muted)
		}
		h.setClock(eight)
		h.must(h.store.Pick(h.t.Context(), "Avalanche", "admin", eight))
		top, err := d.Top(h.t.Context(), reader)
		h.must(err)
		if got := stories(top); len(got) != digest.MaxStories || slices.Contains(got, "Avalanche") || top.Articles != 33 {
			h.t.Errorf("the top stories are %q of %d articles", got, top.Articles)
		}
		other, err := d.Top(h.t.Context(), subscriptions.Chat{Platform: "network", ID: "8"})
		h.must(err)
		if got := stories(other); got[0] != "Avalanche" || other.Articles != 39 {
			h.t.Errorf("for another chat they are %q of %d articles", got, other.Articles)
		}
	})
}

func TestRelatedStoriesShareAWord(t *testing.T) {
	each(t, func(h *house) {
		for _, title := range []string{"Geneva talks end with a framework", "Night train to Barcelona returns", "Europe has changes for Geneva"} {
			h.file("Wire One", strings.Fields(title)[0], title, eight.Add(-time.Hour))
		}
		h.setClock(eight)
		report, err := h.deliver().Report(h.t.Context(), h.topic, "Geneva", []string{"Night", "Europe", "Geneva"})
		h.must(err)
		if got := fmt.Sprint(stories(delivery.Page{Digest: digest.Digest{Stories: report.Related}})); got != "[Europe]" {
			h.t.Errorf("related are %s", got)
		}
	})
}
