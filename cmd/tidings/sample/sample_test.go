package sample_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/mmcdole/gofeed"

	"tidings/cmd/tidings/sample"
)

var start = time.Date(2026, 11, 24, 12, 0, 0, 500, time.UTC)

func get(t *testing.T, h http.Handler, path string, header http.Header) (*http.Response, string) {
	t.Helper()
	r := httptest.NewRequest("GET", "http://127.0.0.1:8080"+path, nil)
	r.Header = header
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	body, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.Result(), string(body)
}

// read reads all feeds that are well, by path.
func read(t *testing.T, now func() time.Time) map[string]*gofeed.Feed {
	t.Helper()
	h := sample.Handler(now)
	feeds := map[string]*gofeed.Feed{}
	for _, f := range sample.Feeds() {
		response, body := get(t, h, f.Path, nil)
		if f.Outlet == "The Lantern" || f.Outlet == "Island Messenger" {
			continue
		}
		if response.StatusCode != http.StatusOK {
			t.Fatalf("%s answers %s", f.Path, response.Status)
		}
		parsed, err := gofeed.NewParser().ParseString(body)
		if err != nil {
			t.Fatalf("%s: %v", f.Path, err)
		}
		if parsed.Title != f.Outlet || parsed.Language != f.Language || parsed.FeedType != f.Format {
			t.Errorf("%s is %q in %q as %s; want %+v", f.Path, parsed.Title, parsed.Language, parsed.FeedType, f)
		}
		feeds[f.Path] = parsed
	}
	return feeds
}

func TestEveryFeedParses(t *testing.T) {
	articles := 0
	ids := map[string]bool{}
	titles := map[string]int{}
	for path, f := range read(t, func() time.Time { return start }) {
		if len(f.Items) < 9 {
			t.Errorf("%s has only %d articles", path, len(f.Items))
		}
		for _, item := range f.Items {
			articles++
			titles[item.Title]++
			if ids[item.GUID] || item.GUID == "" {
				t.Errorf("%s: the id %q is not its own", path, item.GUID)
			}
			ids[item.GUID] = true
			if age := start.Sub(*item.PublishedParsed); age < 0 || age > 72*time.Hour {
				t.Errorf("%s: %q is %v old", path, item.Title, age)
			}
			text := item.Content
			if n := len(strings.Fields(text)); n < 25 || n > 130 {
				t.Errorf("%s: %q has %d words", path, item.Title, n)
			}
			if item.Title == "" || !utf8.ValidString(text) || !strings.HasPrefix(item.Link, "http://127.0.0.1:8080/") {
				t.Errorf("%s: %+v", path, item)
			}
		}
	}
	if articles < 130 || articles > 170 {
		t.Errorf("there are %d articles", articles)
	}
	copies := 0
	for _, n := range titles {
		copies += n - 1
	}
	if copies < 4 {
		t.Errorf("there are only %d wire copies", copies)
	}
}

func TestWorld(t *testing.T) {
	languages, formats, owners := map[string]int{}, map[string]int{}, map[string]int{}
	for _, f := range sample.Feeds() {
		languages[f.Language]++
		formats[f.Format]++
		owners[f.Owner]++
		if len(f.Country) != 2 || f.Owner == "" {
			t.Errorf("%+v", f)
		}
	}
	if diff := cmp.Diff(map[string]int{"en": 10, "uk": 2, "de": 2, "es": 2}, languages); diff != "" {
		t.Error(diff)
	}
	if formats["rss"] < 3 || formats["atom"] < 3 || formats["json"] < 3 {
		t.Errorf("formats: %v", formats)
	}
	if owners["Halberd Media"] != 2 || owners["Wire One Group"] != 2 {
		t.Errorf("owners: %v", owners)
	}
	if len(sample.Topics()) != 3 {
		t.Errorf("topics: %v", sample.Topics())
	}
}

func TestBrokenFeeds(t *testing.T) {
	h := sample.Handler(func() time.Time { return start })
	if response, _ := get(t, h, "/lantern/feed.xml", nil); response.StatusCode != http.StatusInternalServerError {
		t.Errorf("the broken feed answers %s", response.Status)
	}
	response, body := get(t, h, "/island-messenger/feed.xml", nil)
	if response.StatusCode != http.StatusOK || strings.Contains(body, "</rss>") || strings.Count(body, "</item>") < 2 {
		t.Errorf("the truncated feed answers %s and\n%s", response.Status, body)
	}
}

func TestHostileHeadlineStaysText(t *testing.T) {
	const headline = `<b>@everyone</b> *stars* _underlined_ [click](https://example.com) ||spoiler|| & "quotes"`
	feed := read(t, func() time.Time { return start })["/evening-ledger/atom.xml"]
	for _, item := range feed.Items {
		if item.Title == headline && strings.Contains(item.Content, "&lt;script&gt;") && !strings.Contains(item.Content, "<script") {
			return
		}
	}
	t.Errorf("no article is called %s", headline)
}

func TestUnchangedFeedIsNotSentAgain(t *testing.T) {
	now := start
	h := sample.Handler(func() time.Time { return now })
	for _, f := range sample.Feeds() {
		if f.Outlet == "The Lantern" {
			continue
		}
		first, before := get(t, h, f.Path, nil)
		tag, modified := first.Header.Get("ETag"), first.Header.Get("Last-Modified")
		now = start.Add(time.Minute)
		for key, value := range map[string]string{"If-None-Match": tag, "If-Modified-Since": modified} {
			if response, body := get(t, h, f.Path, http.Header{key: {value}}); response.StatusCode != http.StatusNotModified || body != "" {
				t.Errorf("%s with %s: %s answers %s", f.Path, key, value, response.Status)
			}
		}
		now = start.Add(time.Hour)
		response, after := get(t, h, f.Path, http.Header{"If-None-Match": {tag}})
		changed := response.StatusCode == http.StatusOK
		if news := strings.Contains(after, "peace-date"); news != changed || strings.Contains(before, "peace-date") {
			t.Errorf("%s an hour later: %s, news %v", f.Path, response.Status, news)
		}
		now = start
	}
}

func TestPages(t *testing.T) {
	h := sample.Handler(func() time.Time { return start })
	response, body := get(t, h, "/evening-ledger/hostile-headline", nil)
	if response.StatusCode != http.StatusOK || !strings.Contains(body, "&lt;b&gt;@everyone") || strings.Contains(body, "<script") {
		t.Errorf("%s\n%s", response.Status, body)
	}
	if _, body := get(t, h, "/kyiv-chronicle/", nil); !strings.Contains(body, `type="application/feed&#43;json"`) &&
		!strings.Contains(body, `type="application/feed+json"`) {
		t.Error(body)
	}
	for _, path := range []string{"/", "/nobody/", "/wire-one/nothing", "/wire-one/peace-date"} {
		if response, _ := get(t, h, path, nil); response.StatusCode != http.StatusNotFound {
			t.Errorf("%s answers %s", path, response.Status)
		}
	}
}
