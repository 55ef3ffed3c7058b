package conversation_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidings/bot"
	"tidings/digest/feed"
)

// press serves two sites: /one is a feed, /site names two of them, /none names none.
func press(t *testing.T) *httptest.Server {
	of := func(title string) string {
		return `<rss version="2.0"><channel><title>` + title + `</title><link>http://a.example/</link>` +
			`<item><title>Floods in ` + title + `</title><link>http://a.example/` + title + `</link><pubDate>` +
			noon.Add(-time.Hour).Format(time.RFC1123Z) + `</pubDate></item></channel></rss>`
	}
	pages := map[string]string{
		"/one": of("Harbour Post"), "/two": of("Harbour Sport"),
		"/site": `<html><head><link rel="alternate" type="application/rss+xml" href="/one"><link rel="alternate" type="application/rss+xml" href="/two?key=secret"></head></html>`,
		"/none": `<html><body>nothing</body></html>`,
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page, ok := pages[r.URL.Path]
		if !ok {
			w.WriteHeader(http.StatusNotFound)
		}
		io.WriteString(w, page)
	}))
	t.Cleanup(server.Close)
	return server
}

// feedCommand gives /feed as the network has it.
func (h *house) feedCommand(action, address, text string) string {
	h.Helper()
	if h.network.name == "discord" {
		return h.says("feed", bot.SubCommand+"="+action, "url="+address, "text="+text)
	}
	return h.says("feed", "="+action, "="+address, "="+text)
}

// polled are the outlets of the feeds, with who added them.
func (h *house) polled() map[string]string {
	h.Helper()
	feeds, err := h.archive.Feeds(h.Context())
	h.must(err)
	all := map[string]string{}
	for _, f := range feeds {
		if f.AddedBy != "" {
			all[f.Outlet] = f.Owner + ", " + f.AddedBy
		}
	}
	return all
}

// poll polls the feed of one outlet; the others are not due.
func (h *house) poll(outlet string) {
	h.Helper()
	feeds, err := h.archive.Feeds(h.Context())
	h.must(err)
	for _, f := range feeds {
		if f.Outlet != outlet {
			f.NextPoll = noon.Add(time.Hour)
			h.must(h.archive.SaveFeed(h.Context(), f))
		}
	}
	h.must(h.newsroom.PollDue(h.Context()))
	h.newsroom.Wait()
}

func TestAnAdminAddsAndRemovesFeeds(t *testing.T) {
	each(t, func(h *house) {
		site := press(h.T)
		boss := h.network.name + ":boss"
		h.want(h.feedCommand("add", site.URL+"/one", ""), "Only the admins that the configuration names change the feeds.")
		h.as("boss", h.place)
		h.want(h.feedCommand("list", "", ""), "5 feeds · 5 not read yet", "Wire One — not read yet")

		h.want(h.feedCommand("add", site.URL+"/one", ""), "Added: Harbour Post.")
		added := h.last
		if diff := cmp.Diff(map[string]string{"Harbour Post": "Harbour Post, " + boss}, h.polled()); diff != "" {
			h.Error(diff)
		}
		h.poll("Harbour Post")
		h.want(h.feedCommand("list", "", "harbour"), "6 feeds", "Harbour Post — ok, read just now, last news just now · added in a chat")
		h.unwanted(h.last.Message.Plain(), "Wire One")
		h.want(h.feedCommand("add", site.URL+"/one", ""), "That feed is read already.")
		h.last = added
		h.want(h.presses("Undo"), "Removed again: 1 feed.")

		h.want(h.feedCommand("discover", site.URL+"/site", ""), "Found: 2 feeds", "1. Harbour Post · 1 article, some of today or yesterday", "/two")
		h.unwanted(h.last.Message.Plain(), "secret")
		found := h.last
		h.want(h.presses("Add 2"), "Added: Harbour Sport.")
		h.last = found
		h.want(h.presses("Add all"), "Added: Harbour Post. 1 other was read already.")
		h.want(h.feedCommand("remove", "", "harbour"), "No feed is named “harbour”. Did you mean one of these?", "Harbour Post: http://")
		h.want(h.feedCommand("remove", "", "harbour sport"), "Removed: Harbour Sport.")
		h.want(h.presses("Undo"), "Added: Harbour Sport.")
		h.want(h.feedCommand("remove", "", site.URL+"/one"), "Removed: Harbour Post.")
		h.want(h.feedCommand("remove", "", "Wire One"), "Wire One stands in the configuration file, so it is removed there: [[feed]]")

		// Another feed of an outlet is of the same owner.
		h.want(h.feedCommand("add", site.URL+"/one", "wire one"), "Added: Wire One.")
		if got := h.polled()["Wire One"]; got != "Wire One Ltd, "+boss {
			h.Errorf("the owner is %q", got)
		}
		h.want(h.feedCommand("remove", "", "Wire One"), "That outlet has several feeds. Which one?")
		h.want(h.presses("Remove "+site.URL+"/one"), "Removed: Wire One.")
	})
}

func TestFeedMistakes(t *testing.T) {
	both(t, func(h *house) {
		site := press(h.T)
		h.as("boss", h.place)
		h.want(h.feedCommand("add", "", ""), "Add which?", "/feed add https://")
		h.want(h.feedCommand("discover", "", ""), "Of which site?")
		h.want(h.feedCommand("remove", "", ""), "Which feed?")
		h.want(h.feedCommand("remove", "", "xqzvw"), "No feed is named “xqzvw”. /feed list lists them.")
		h.want(h.feedCommand("list", "", "xqzvw"), "No feed has “xqzvw” in its name or address.")
		h.want(h.feedCommand("add", site.URL+"/none", ""), "No feed was found at 127.0.0.1. If you know the address of the feed itself, try that.")
		h.want(h.feedCommand("add", "ftp://example.com", ""), "No feed was found: ")
		h.want(h.feedCommand("add", site.URL+"/one", strings.Repeat("x", 65)), "at most 64 characters")
		h.want(h.feedCommand("nonsense", "", ""), "I do not know /feed nonsense. It is one of: list, discover, add, remove, packs.")
		if h.network.name == "telegram" {
			h.want(h.says("feed", "="+site.URL+"/site"), "Found: 2 feeds")
		}
		h.want(h.answer(bot.Update{Place: h.place, User: h.user, Action: "addfeed gone 0"}), "That was too long ago.")
		h.want(h.answer(bot.Update{Place: h.place, User: h.user, Action: "cutfeed gone"}), "That feed is no longer read.")
		if len(h.polled()) != 0 {
			h.Errorf("added: %v", h.polled())
		}
		h.as("ann", h.place)
		for _, action := range []string{"addfeed gone 0", "cutfeed gone", "undofeed gone", "packs", "addpack world en"} {
			h.want(h.answer(bot.Update{Place: h.place, User: h.user, Action: action}), "Only the admins")
		}
	})
}

func TestHowFeedsFare(t *testing.T) {
	h := telegram(t)
	h.as("boss", h.place)
	feeds, err := h.archive.Feeds(t.Context())
	h.must(err)
	for i, f := range feeds {
		f.Polled = noon.Add(-5 * time.Minute)
		switch i {
		case 0:
			f.Gone, f.Fault = true, "HTTP 410: it is gone for good"
		case 1:
			f.Failures, f.FailingSince, f.Fault, f.NextPoll = 3, noon.Add(-6*time.Hour), "HTTP 503", noon.Add(time.Hour)
		case 2:
			f.Took = 14 * time.Second
		case 3:
			f.Changed = noon.Add(-2 * time.Hour)
		}
		h.must(h.archive.SaveFeed(t.Context(), f))
	}
	got := h.says("feed", "=list")
	h.want(got, "5 feeds · 1 gone · 1 failing · 1 slow", " — gone: its server says that it has ended, so it is no longer asked\n",
		" — failing since today 06:00: HTTP 503; next try today 13:00\n", " — slow: its last answer took 14 s, 5 min ago, nothing new so far\n",
		" — ok, read 5 min ago, last news 2 h ago")
	if strings.Index(got, "gone: ") > strings.Index(got, "failing since") || strings.Index(got, "slow: ") > strings.Index(got, "ok, ") {
		t.Errorf("those that fail do not come first:\n%s", got)
	}
}

func TestStarterPacks(t *testing.T) {
	each(t, func(h *house) {
		h.as("boss", h.place)
		h.want(h.feedCommand("packs", "", ""), "Starter packs", "world")
		english := 0
		for _, f := range feed.Packs() {
			if f.Pack == "world" && f.Language == "en" {
				english++
			}
		}
		for _, label := range h.labels() {
			if strings.HasPrefix(label, "World ") {
				h.want(h.presses(label), "World: in which language?", "English (en)")
				break
			}
		}
		h.want(h.presses(fmt.Sprint("English ", english)), fmt.Sprintf("World, English: %d feeds", english), "BBC")
		h.want(h.presses("Add all"), "Added: ", "BBC")
		if n := len(h.polled()); n == 0 || n > english {
			h.Errorf("%d outlets were added from %d feeds", n, english)
		}
		h.want(h.presses("Undo"), fmt.Sprintf("Removed again: %d feeds.", english))
		h.want(h.feedCommand("packs", "", "world English"), "World, English")
		h.want(h.feedCommand("packs", "", "world xx"), "The pack world has nothing in “xx”.")
		h.want(h.feedCommand("packs", "", "cats"), "There is no pack “cats”.")
		h.want(h.answer(bot.Update{Place: h.place, User: h.user, Action: "addpack cats en"}), "no longer there")
	})
}
