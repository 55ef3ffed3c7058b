package newsroom_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"tidings/digest"
	"tidings/digest/archive"
	"tidings/digest/database"
	"tidings/digest/database/databasetest"
)

// site is a server with a feed of teasers and the pages that they lead to.
type site struct {
	*httptest.Server
	mu    sync.Mutex
	asked map[string]int
}

const (
	ferryTitle  = "Ferry captain rescues swimmers in the bay"
	ferryTeaser = "A captain turned back when swimmers called from the bay."
)

// ferryPage is the whole article; only here is the lighthouse named.
var ferryPage = "<html><body><nav>Home Sport</nav><article><h1>" + ferryTitle + "</h1>" +
	strings.Repeat("<p>The ferry captain turned back on Monday evening when three swimmers called for help in the bay, below the old lighthouse of Skagen, "+
		"and took them on board within minutes, although the waves were two metres high and the wind grew stronger every minute.</p>", 4) + "</article></body></html>"

var consentPage = "<html><body><article><h1>Before you go on</h1>" +
	strings.Repeat("<p>We and our 941 partners store information on your device, such as cookies, to show you advertisements that fit you, "+
		"to measure them, and to learn about our audience, and we ask for your consent to that here.</p>", 4) + "</article></body></html>"

func newSite(t *testing.T) *site {
	s := &site{asked: map[string]int{}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked[r.URL.Path]++
		s.mu.Unlock()
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		switch r.URL.Path {
		case "/feed":
			w.Header().Set("Content-Type", "application/rss+xml")
			fmt.Fprint(w, `<rss version="2.0"><channel><title>Bay News</title><link>https://bay.example/</link>`)
			for path, title := range map[string]string{"/ferry": ferryTitle, "/consent": "Harbour wall cost more than was planned", "/gone": "Mayor opens the fish market again"} {
				text := ferryTeaser
				if path != "/ferry" {
					text = "What the town council said about it on Monday."
				}
				fmt.Fprintf(w, `<item><title>%s</title><link>%s%s</link><description>%s</description><pubDate>%s</pubDate></item>`,
					title, s.URL, path, text, noon.Add(-time.Hour).Format(time.RFC1123Z))
			}
			fmt.Fprint(w, `<item><title>No page of its own</title><guid isPermaLink="false">x</guid><description>Only words.</description></item></channel></rss>`)
		case "/ferry":
			fmt.Fprint(w, ferryPage)
		case "/consent":
			fmt.Fprint(w, consentPage)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *site) times(path string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[path]
}

// readPages reads the pages that are wanted, and looks again whether there are
// still any.
func (o office) readPages(t *testing.T) {
	t.Helper()
	for range 3 {
		if err := o.ReadPages(t.Context()); err != nil {
			t.Fatal(err)
		}
		o.Wait()
	}
}

// texts are the texts of all articles, by title.
func (o office) texts(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	err := o.archive.Articles(t.Context(), noon.Add(-24*time.Hour), func(a digest.Article) error {
		texts[a.Title] = a.Text
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

func TestPagesAreReadOnceAndMakeArticlesLonger(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		s, now := newSite(t), noon
		feeds := []archive.Feed{{URL: s.URL + "/feed", Outlet: "Bay News", Owner: "Bay", Language: "en", FullText: true}}
		if err := archive.New(db).ReconcileFeeds(t.Context(), feeds, noon); err != nil {
			t.Fatal(err)
		}
		o := open(t, db, &now)
		if got := o.poll(t); got.Articles != 4 || s.times("/ferry") != 0 {
			t.Fatalf("polled %+v and asked for a page %d times; want 4 articles, without waiting for pages", got, s.times("/ferry"))
		}
		if err := o.IndexAll(t.Context()); err != nil {
			t.Fatal(err)
		}
		o.readPages(t)
		texts := o.texts(t)
		if !strings.Contains(texts[ferryTitle], "lighthouse of Skagen") || strings.Contains(texts[ferryTitle], "Home Sport") {
			t.Errorf("the article's text is %q", texts[ferryTitle])
		}
		for title, text := range texts {
			if strings.Contains(text, "cookies") {
				t.Errorf("%s has the text %q", title, text)
			}
		}
		for path, want := range map[string]int{"/feed": 1, "/ferry": 1, "/consent": 1, "/gone": 1, "/": 0} {
			if got := s.times(path); got != want {
				t.Errorf("%s was asked for %d times, want %d", path, got, want)
			}
		}
		// The words of the page are found.
		id, err := o.archive.SaveTopic(t.Context(), digest.Topic{Name: "Lighthouses", Query: "lighthouse skagen", Origin: "someone", Created: noon})
		if err != nil {
			t.Fatal(err)
		}
		if err := o.TopicsChanged(t.Context()); err != nil {
			t.Fatal(err)
		}
		found, err := o.archive.Matched(t.Context(), id, nil, noon.Add(-24*time.Hour), 10)
		if err != nil || len(found) != 1 || found[0].Title != ferryTitle {
			t.Errorf("found %+v, %v", found, err)
		}
	})
}

func TestOnlyThePagesOfATopicAreRead(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		s, now := newSite(t), noon
		a := archive.New(db)
		if err := a.ReconcileFeeds(t.Context(), []archive.Feed{{URL: s.URL + "/feed", Outlet: "Bay News", Owner: "Bay", Language: "en"}}, noon); err != nil {
			t.Fatal(err)
		}
		topics := []digest.Topic{{Name: "Ferries", Query: "ferry captain"}, {Name: "Markets", Query: "fish market"}}
		if _, err := a.ReconcileTopics(t.Context(), topics, nil, noon); err != nil {
			t.Fatal(err)
		}
		o := open(t, db, &now)
		o.ReadInFull([]string{"FERRIES"})
		o.poll(t)
		// What is wanted outlives the program.
		o = open(t, db, &now)
		o.readPages(t)
		if s.times("/ferry") != 1 || s.times("/gone")+s.times("/consent") != 0 {
			t.Errorf("asked for %v", s.asked)
		}
		if text := o.texts(t)[ferryTitle]; !strings.Contains(text, "lighthouse of Skagen") {
			t.Errorf("the article's text is %q", text)
		}
	})
}
