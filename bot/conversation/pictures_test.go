package conversation_test

import (
	"slices"
	"testing"
	"time"

	"tidings/bot"
	"tidings/digest"
	"tidings/digest/archive"
)

// TestPicturesWhenWanted has the chart of a story and the lead image of a
// digest, for those who have asked for pictures.
func TestPicturesWhenWanted(t *testing.T) {
	both(t, func(h *house) {
		h.file("Morning Sun", "framework", "Peace talks on Ukraine end, a framework stays", noon.Add(-90*time.Minute))
		h.fileWithImage("Wire One", "framework", "Ukraine peace talks end with a framework, and an image", "https://wire.example.org/a.jpg")
		for _, wanted := range []bool{false, true} {
			settings, err := h.store.Settings(h.Context(), h.place.Chat)
			h.must(err)
			settings.Pictures = wanted
			h.must(h.store.Meet(h.Context(), h.place.Chat, "private", "Ann", noon))
			h.must(h.store.Set(h.Context(), settings))
			h.says("digest", "topic=Ukraine peace talks")
			if has := h.last.Message.Picture.Address() != ""; has && !wanted {
				t.Error("the digest has an image that nobody wants")
			}
			h.want(h.says("story", "story=1"), "5 articles from 4 outlets")
			if has := h.last.Message.Picture.Uploads(); has != wanted {
				t.Errorf("the story has a chart: %t, want %t", has, wanted)
			}
			h.says("digest", "topic=Ukraine peace talks", "since=7d")
			if has := h.last.Message.Picture.Uploads(); has != wanted {
				t.Errorf("the digest of a week has a chart: %t, want %t", has, wanted)
			}
			h.says("top")
			if has := h.last.Message.Picture != nil; has && !wanted {
				t.Error("the top stories have an image that nobody wants")
			}
		}
	})
}

// fileWithImage is file for the newest article of an outlet, which has an image.
func (h *house) fileWithImage(outlet, story, title, image string) {
	h.Helper()
	feeds, err := h.archive.Feeds(h.Context())
	h.must(err)
	f := feeds[slices.IndexFunc(feeds, func(f archive.Feed) bool { return f.Outlet == outlet })]
	h.must(h.archive.File(h.Context(), f, []archive.Filed{{FeedID: f.ID, Article: digest.Article{
		ID: archive.ID(outlet, title), URL: "http://example.com/" + archive.ID(outlet, title), Title: title, Image: image,
		Text: title, Language: "en", Outlet: f.Outlet, Owner: f.Owner, Story: story, Published: noon.Add(-time.Hour), Seen: noon.Add(-time.Hour),
	}}}))
}

// TestSubCommandsAreOffered holds /topic and /feed to sub-commands only, each of
// which is answered.
func TestSubCommandsAreOffered(t *testing.T) {
	both(t, func(h *house) {
		h.as("boss", h.place)
		for _, c := range h.Commands() {
			if c.Name != "topic" && c.Name != "feed" {
				if len(c.Sub) > 0 {
					t.Errorf("/%s has sub-commands", c.Name)
				}
				continue
			}
			if len(c.Sub) == 0 || len(c.Options) > 0 {
				t.Errorf("/%s has %d sub-commands and %d options beside them", c.Name, len(c.Sub), len(c.Options))
			}
			for _, sub := range c.Sub {
				if slices.ContainsFunc(sub.Options, func(o bot.Option) bool { return o.Name == bot.SubCommand }) {
					t.Errorf("/%s %s has an option %q, which is the name of the sub-command", c.Name, sub.Name, bot.SubCommand)
				}
				h.unwanted(h.says(c.Name, bot.SubCommand+"="+sub.Name), "not know", "not known", "went wrong")
			}
		}
	})
}
