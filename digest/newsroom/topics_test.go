package newsroom_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidings/digest"
	"tidings/digest/archive"
	"tidings/digest/database"
	"tidings/digest/newsroom"
)

// outlets are those of a topic's articles, sorted.
func (o office) outlets(t *testing.T, topicID string) []string {
	t.Helper()
	found, err := o.archive.Matched(t.Context(), topicID, nil, noon.Add(-24*time.Hour), 10)
	if err != nil {
		t.Fatal(err)
	}
	var outlets []string
	for _, a := range found {
		outlets = append(outlets, a.Outlet)
	}
	slices.Sort(outlets)
	return outlets
}

func TestATopicHasArticlesOfItsFeedsOnly(t *testing.T) {
	each(t, func(t *testing.T, db *database.DB, p *press) {
		now := noon
		geneva(p)
		// A feed that was followed to another address keeps its name.
		three := p.URL + "/three"
		moved(t, archive.New(db), three, p.URL+"/moved")
		p.mu.Lock()
		p.items["/moved"] = p.items["/three"]
		p.mu.Unlock()
		topic := digest.Topic{Name: "Talks", Query: "ukraine peace talks", Feeds: []string{p.URL + "/one", three}, Origin: "someone", Created: noon}
		o := open(t, db, &now)
		save := func() {
			t.Helper()
			id, err := o.archive.SaveTopic(t.Context(), topic)
			if err != nil {
				t.Fatal(err)
			}
			topic.ID = id
			if err := o.TopicChanged(t.Context(), topic); err != nil {
				t.Fatal(err)
			}
		}
		save()
		check := func(when string, want ...string) {
			t.Helper()
			if diff := cmp.Diff(want, o.outlets(t, topic.ID)); diff != "" {
				t.Errorf("%s: %s", when, diff)
			}
		}
		o.poll(t)
		check("at arrival", "One", "Three")
		if err := o.Refresh(t.Context(), topic.ID); err != nil {
			t.Fatal(err)
		}
		check("decided again", "One", "Three")

		topic.Feeds = []string{p.URL + "/two"}
		save()
		check("with another feed", "Two")
		o = open(t, db, &now)
		now = noon.Add(time.Hour)
		for _, path := range []string{"/one", "/two"} {
			p.print(path, "e", "Ukraine peace talks in Geneva end the first day", "The delegations of Ukraine ended the first day of talks on peace.", now)
		}
		o.poll(t)
		check("after a restart", "Two", "Two")

		tried := topic
		tried.ID, tried.Feeds = "", []string{p.URL + "/one"}
		trial, err := o.Try(t.Context(), tried, noon.Add(-24*time.Hour))
		if err != nil || trial.Articles != 2 || trial.Owners != 1 {
			t.Errorf("tried with one feed: %+v, %v", trial, err)
		}
		tried.Query = `outlet:Two OR outlet:One`
		if trial, err = o.Try(t.Context(), tried, noon.Add(-24*time.Hour)); err != nil || trial.Articles != 3 || ofOthers(trial, "One") {
			t.Errorf("tried without words: %+v, %v", trial, err)
		}
		tried.Query, tried.Feeds = "ukraine peace talks", []string{p.URL + "/none"}
		if trial, err = o.Try(t.Context(), tried, noon.Add(-24*time.Hour)); err != nil || trial.Articles != 0 || len(trial.Nearly) != 0 {
			t.Errorf("tried with a feed that is not there: %+v, %v", trial, err)
		}
		topic.Feeds = nil
		save()
		check("with all feeds", "One", "One", "Three", "Two", "Two")
	})
}

func TestAnArticleOfSeveralFeedsIsOfEach(t *testing.T) {
	each(t, func(t *testing.T, db *database.DB, p *press) {
		now := noon
		geneva(p)
		o := open(t, db, &now)
		o.poll(t)
		topic := digest.Topic{Name: "Talks", Query: "ukraine peace talks", Feeds: []string{p.URL + "/two"}, Origin: "someone", Created: noon}
		var err error
		if topic.ID, err = o.archive.SaveTopic(t.Context(), topic); err != nil {
			t.Fatal(err)
		}
		if err := o.TopicChanged(t.Context(), topic); err != nil {
			t.Fatal(err)
		}
		now = noon.Add(time.Hour)
		p.print("/three", "f", "Ukraine peace talks go on in Geneva", "The delegations of Ukraine go on with the talks on peace.", now)
		p.mu.Lock()
		// One article is stored, the other comes from two feeds at once.
		p.items["/two"] = append(p.items["/two"], p.items["/one"][0], p.items["/three"][1])
		p.mu.Unlock()
		if got := o.poll(t); got.Articles != 1 {
			t.Errorf("polled %+v, want one new article", got)
		}
		if err := o.Refresh(t.Context(), topic.ID); err != nil {
			t.Fatal(err)
		}
		found, err := o.archive.Matched(t.Context(), topic.ID, nil, noon.Add(-24*time.Hour), 10)
		if err != nil {
			t.Fatal(err)
		}
		var titles []string
		for _, a := range found {
			titles = append(titles, a.Title)
		}
		want := []string{"Ukraine peace talks go on in Geneva", "Geneva: Ukraine peace talks open", "Ukraine peace talks open in Geneva"}
		if diff := cmp.Diff(want, titles); diff != "" {
			t.Error(diff)
		}
	})
}

// ofOthers reports whether a trial names articles of other outlets.
func ofOthers(trial newsroom.Trial, outlet string) bool {
	for _, m := range append(trial.Barely, trial.Nearly...) {
		if m.Article.Outlet != outlet {
			return true
		}
	}
	return false
}

// moved makes the archive follow a feed to another address.
func moved(t *testing.T, a *archive.Archive, from, to string) {
	t.Helper()
	feeds, err := a.Feeds(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range feeds {
		if f.URL == from {
			f.Move.To = to
			if err := a.FollowMove(t.Context(), f); err != nil {
				t.Fatal(err)
			}
		}
	}
}
