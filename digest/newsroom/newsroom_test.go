package newsroom_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidings/digest"
	"tidings/digest/archive"
	"tidings/digest/database"
	"tidings/digest/database/databasetest"
	"tidings/digest/feed"
	"tidings/digest/language"
	"tidings/digest/newsroom"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// press is a server of feeds that the test fills.
type press struct {
	*httptest.Server
	mu       sync.Mutex
	items    map[string][]string // by path
	status   map[string]int
	requests map[string]int
}

func newPress(t *testing.T) *press {
	p := &press{items: map[string][]string{}, status: map[string]int{}, requests: map[string]int{}}
	p.Server = httptest.NewServer(p)
	t.Cleanup(p.Close)
	return p
}

func (p *press) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.requests[r.URL.Path]++
	if status := p.status[r.URL.Path]; status != 0 {
		http.Error(w, "no", status)
		return
	}
	etag := fmt.Sprintf(`"%d"`, len(p.items[r.URL.Path]))
	if r.Header.Get("If-None-Match") == etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("ETag", etag)
	w.Header().Set("Content-Type", "application/rss+xml")
	fmt.Fprintf(w, `<rss version="2.0"><channel><title>Feed</title>%s</channel></rss>`, strings.Join(p.items[r.URL.Path], ""))
}

// print adds an article to a feed.
func (p *press) print(path, id, title, text string, at time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.items[path] = append(p.items[path], fmt.Sprintf(`<item><guid isPermaLink="false">%s</guid><link>https://news.example%s/%s</link>
		<title>%s</title><description>%s</description><pubDate>%s</pubDate></item>`, id, path, id, title, text, at.Format(time.RFC1123Z)))
}

// fail makes a feed answer with a status; 0 mends it.
func (p *press) fail(path string, status int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.status[path] = status
}

// office is a newsroom on a database that may outlive it.
type office struct {
	*newsroom.Newsroom
	archive *archive.Archive
	now     *time.Time
}

func open(t *testing.T, db *database.DB, now *time.Time) office {
	t.Helper()
	return openAt(t, db, now, "")
}

// openAt is open with an address at which hubs reach the office.
func openAt(t *testing.T, db *database.DB, now *time.Time, callback string) office {
	t.Helper()
	a := archive.New(db)
	n := newsroom.New(newsroom.Config{
		Archive: a, Client: feed.NewClient(feed.Config{AllowPrivate: true, Now: func() time.Time { return *now }}, slog.New(slog.DiscardHandler)), Analyzer: language.New(),
		Callback: callback, Interval: 15 * time.Minute, Workers: 4, Now: func() time.Time { return *now }, Log: slog.New(slog.DiscardHandler),
	})
	if err := n.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return office{n, a, now}
}

func (o office) poll(t *testing.T) newsroom.Progress {
	t.Helper()
	p, err := o.PollAll(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func each(t *testing.T, f func(t *testing.T, db *database.DB, p *press)) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		p := newPress(t)
		a := archive.New(db)
		feeds := []archive.Feed{
			{URL: p.URL + "/one", Outlet: "One", Owner: "One"}, {URL: p.URL + "/two", Outlet: "Two", Owner: "Two"},
			{URL: p.URL + "/three", Outlet: "Three", Owner: "Three"},
		}
		if err := a.ReconcileFeeds(t.Context(), feeds, noon); err != nil {
			t.Fatal(err)
		}
		_, err := a.ReconcileTopics(t.Context(), []digest.Topic{{Name: "Peace", Query: "ukraine peace talks"}}, nil, noon)
		if err != nil {
			t.Fatal(err)
		}
		f(t, db, p)
	})
}

// geneva prints one story in three outlets, and another in one.
func geneva(p *press) {
	p.print("/one", "a", "Ukraine peace talks open in Geneva", "Delegations of Ukraine and the US met in Geneva for talks on peace.", noon.Add(-3*time.Hour))
	p.print("/two", "b", "Geneva: Ukraine peace talks open", "In Geneva the talks on peace in Ukraine began with delegations of the US.", noon.Add(-2*time.Hour))
	p.print("/three", "c", "Peace talks on Ukraine open in Geneva", "Ukraine and US delegations began talks on peace in Geneva.", noon.Add(-time.Hour))
	p.print("/one", "d", "Surfer wins gold medal off the reef", "A wave of ten feet carried her to the gold medal on the last day.", noon.Add(-4*time.Hour))
}

// candidates are the stories of the topic, by the titles of their articles.
func candidates(t *testing.T, o office) [][]string {
	t.Helper()
	topic, err := o.archive.TopicNamed(t.Context(), "peace")
	if err != nil {
		t.Fatal(err)
	}
	if err := o.Refresh(t.Context(), topic.ID); err != nil {
		t.Fatal(err)
	}
	found, err := o.archive.Candidates(t.Context(), topic.ID, noon.Add(-24*time.Hour), o.now.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	var stories [][]string
	for _, c := range found {
		var titles []string
		for _, a := range c.Articles {
			titles = append(titles, a.Title)
		}
		stories = append(stories, titles)
	}
	return stories
}

func TestOneStoryOfThreeOutletsAlsoAfterARestart(t *testing.T) {
	each(t, func(t *testing.T, db *database.DB, p *press) {
		now := noon
		geneva(p)
		o := open(t, db, &now)
		if got := o.poll(t); got != (newsroom.Progress{Feeds: 3, Of: 3, Articles: 4}) {
			t.Errorf("polled %+v", got)
		}
		want := [][]string{{"Ukraine peace talks open in Geneva", "Geneva: Ukraine peace talks open", "Peace talks on Ukraine open in Geneva"}}
		if diff := cmp.Diff(want, candidates(t, o)); diff != "" {
			t.Error(diff)
		}

		// The program starts again, and the story goes on.
		o = open(t, db, &now)
		now = noon.Add(time.Hour)
		p.print("/two", "e", "Ukraine peace talks in Geneva end the first day", "The delegations of Ukraine and the US ended the first day of talks on peace.", now)
		if got := o.poll(t); got.Articles != 1 {
			t.Errorf("polled %+v, want one new article", got)
		}
		want[0] = append(want[0], "Ukraine peace talks in Geneva end the first day")
		if diff := cmp.Diff(want, candidates(t, o)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAFailingFeedCostsOnlyItself(t *testing.T) {
	each(t, func(t *testing.T, db *database.DB, p *press) {
		now := noon
		geneva(p)
		p.fail("/two", http.StatusServiceUnavailable)
		o := open(t, db, &now)
		if got := o.poll(t); got.Failed != 1 || got.Articles != 3 {
			t.Errorf("polled %+v", got)
		}
		state := func() archive.Feed {
			feeds, err := o.archive.Feeds(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range feeds {
				if f.Outlet == "Two" {
					return f
				}
			}
			return archive.Feed{}
		}
		if f := state(); f.State() != "failing" || f.Fault != "HTTP 503: it is not available at the moment" || !f.FailingSince.Equal(noon) || !f.NextPoll.After(noon) {
			t.Errorf("the failing feed is %+v", f)
		}
		first := state().NextPoll
		now = first
		o.poll(t)
		if wait := state().NextPoll.Sub(now); wait <= first.Sub(noon) {
			t.Errorf("after a second failure it is asked again in %v, which is no longer than before", wait)
		}
		p.fail("/two", 0)
		o.poll(t)
		if f := state(); f.State() != "ok" || f.Failures != 0 || f.Fault != "" {
			t.Errorf("the feed that is well again is %+v", f)
		}
	})
}

func TestUnchangedFeedsAreNotReadAgain(t *testing.T) {
	each(t, func(t *testing.T, db *database.DB, p *press) {
		now := noon
		geneva(p)
		o := open(t, db, &now)
		o.poll(t)
		if err := o.PollDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		o.Wait()
		if p.requests["/one"] != 1 {
			t.Errorf("a feed that is not due was asked %d times", p.requests["/one"])
		}
		now = noon.Add(13 * time.Hour)
		if err := o.PollDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		o.Wait()
		feeds, err := o.archive.Feeds(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range feeds {
			if !f.Polled.Equal(now) || f.State() != "ok" {
				t.Errorf("%s was polled %v and is %s", f.Outlet, f.Polled, f.State())
			}
		}
	})
}

func TestATopicThatIsNewLooksBack(t *testing.T) {
	each(t, func(t *testing.T, db *database.DB, p *press) {
		now := noon
		geneva(p)
		o := open(t, db, &now)
		o.poll(t)
		id, err := o.archive.SaveTopic(t.Context(), digest.Topic{Name: "Surfing", Query: "surfer gold medal", Origin: "someone", Created: noon})
		if err != nil {
			t.Fatal(err)
		}
		if err := o.TopicsChanged(t.Context()); err != nil {
			t.Fatal(err)
		}
		found, err := o.archive.Matched(t.Context(), id, nil, noon.Add(-24*time.Hour), 10)
		if err != nil || len(found) != 1 || found[0].Title != "Surfer wins gold medal off the reef" {
			t.Errorf("found %+v, %v", found, err)
		}
	})
}

func TestAnEndedContextStoresNothing(t *testing.T) {
	each(t, func(t *testing.T, db *database.DB, p *press) {
		now := noon
		geneva(p)
		o := open(t, db, &now)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := o.PollAll(ctx, nil); err == nil {
			t.Error("polling with an ended context gave no error")
		}
		if got := o.poll(t); got.Articles != 4 {
			t.Errorf("polled %+v afterwards", got)
		}
	})
}
