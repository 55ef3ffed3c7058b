package archive_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidings/digest"
	"tidings/digest/archive"
	"tidings/digest/database"
	"tidings/digest/database/databasetest"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// each runs f on an archive with two feeds, in each engine.
func each(t *testing.T, f func(t *testing.T, a *archive.Archive)) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		a := archive.New(db)
		reconcile(t, a, wireOne, capitalPost)
		f(t, a)
	})
}

var (
	wireOne     = archive.Feed{URL: "http://wire.example/rss", Outlet: "Wire One", Owner: "Wire", Country: "GB", Language: "en"}
	capitalPost = archive.Feed{URL: "http://post.example/rss", Outlet: "Capital Post", Owner: "Post Group"}
)

func reconcile(t *testing.T, a *archive.Archive, feeds ...archive.Feed) {
	t.Helper()
	if err := a.ReconcileFeeds(t.Context(), feeds, noon); err != nil {
		t.Fatal(err)
	}
}

func feeds(t *testing.T, a *archive.Archive) map[string]archive.Feed {
	t.Helper()
	all, err := a.Feeds(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	byURL := map[string]archive.Feed{}
	for _, f := range all {
		byURL[f.URL] = f
	}
	return byURL
}

func TestFeedsKeepTheirStateWhenTheConfigurationChanges(t *testing.T) {
	each(t, func(t *testing.T, a *archive.Archive) {
		f := feeds(t, a)[wireOne.URL]
		f.ETag, f.BodyHash, f.NextPoll, f.Polled = `"v1"`, "abc", noon.Add(time.Hour), noon
		f.Failures, f.FailingSince, f.Fault = 2, noon, "HTTP 503"
		f.Whole, f.Hub, f.HubTopic = noon, "https://hub.example/", "https://wire.example/rss"
		if err := a.SaveFeed(t.Context(), f); err != nil {
			t.Fatal(err)
		}
		renamed := wireOne
		renamed.Outlet, renamed.FullText = "Wire 1", true
		reconcile(t, a, renamed)
		got := feeds(t, a)
		if len(got) != 1 {
			t.Errorf("%d feeds are polled, want 1: %v", len(got), got)
		}
		want := f
		want.Outlet, want.FullText = "Wire 1", true
		if diff := cmp.Diff(want, got[wireOne.URL]); diff != "" {
			t.Error(diff)
		}
		reconcile(t, a, wireOne, capitalPost)
		if len(feeds(t, a)) != 2 {
			t.Error("a feed that came back is not polled")
		}
	})
}

func TestDueFeedsAreTheOnesWhoseTimeHasCome(t *testing.T) {
	each(t, func(t *testing.T, a *archive.Archive) {
		later := feeds(t, a)[wireOne.URL]
		later.NextPoll = noon.Add(time.Minute)
		gone := feeds(t, a)[capitalPost.URL]
		gone.Gone = true
		for _, f := range []archive.Feed{later, gone} {
			if err := a.SaveFeed(t.Context(), f); err != nil {
				t.Fatal(err)
			}
		}
		for now, want := range map[time.Time]int{noon: 0, noon.Add(time.Minute): 1} {
			due := 0
			err := a.Due(t.Context(), now, func(id, url string) bool {
				if id != later.ID || url != later.URL {
					t.Errorf("%s (%s) is due", id, url)
				}
				due++
				return true
			})
			if err != nil {
				t.Fatal(err)
			}
			if due != want {
				t.Errorf("at %v %d feeds are due, want %d", now, due, want)
			}
		}
	})
}

// filed is an article of a feed in a story, seen some hours after noon.
func filed(f archive.Feed, id, story string, hours int, topics ...string) archive.Filed {
	at := noon.Add(time.Duration(hours) * time.Hour)
	one := archive.Filed{FeedID: archive.ID("feed", f.URL), Article: digest.Article{
		ID: id, URL: "http://example.com/" + id, Title: "Title " + id, Text: "Text of " + id, Language: "en",
		Outlet: f.Outlet, Owner: f.Owner, Country: f.Country, Weight: 1, Published: at, Seen: at, Story: story,
	}}
	for _, topic := range topics {
		one.Topics = append(one.Topics, archive.TopicMatch{TopicID: topic, Score: 0.8, Terms: []digest.Term{{Text: "peace", Weight: 0.8, Where: "title"}}})
	}
	return one
}

func topic(t *testing.T, a *archive.Archive, name string) string {
	t.Helper()
	id, err := a.SaveTopic(t.Context(), digest.Topic{Name: name, Query: name, Origin: digest.FromConfig, Created: noon})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func file(t *testing.T, a *archive.Archive, articles ...archive.Filed) {
	t.Helper()
	if err := a.File(t.Context(), feeds(t, a)[wireOne.URL], articles); err != nil {
		t.Fatal(err)
	}
}

func TestCandidatesAreWholeStoriesWithNewsInTheWindow(t *testing.T) {
	each(t, func(t *testing.T, a *archive.Archive) {
		peace := topic(t, a, "Peace")
		old, fresh := filed(wireOne, "a1", "a1", -30, peace), filed(capitalPost, "a2", "a1", -2)
		matched := filed(wireOne, "a3", "a1", -1, peace)
		past := filed(wireOne, "b1", "b1", -40, peace)
		other := filed(wireOne, "c1", "c1", -1)
		future := filed(wireOne, "a4", "a1", 2, peace)
		file(t, a, old, fresh, matched, past, other, future)
		got, err := a.Candidates(t.Context(), peace, noon.Add(-24*time.Hour), noon)
		if err != nil {
			t.Fatal(err)
		}
		want := []digest.Candidate{{
			ID: "a1", FirstSeen: old.Article.Seen,
			Articles: []digest.Article{old.Article, fresh.Article, matched.Article},
			Fit:      map[string]float64{"a1": 0.8, "a3": 0.8},
			Terms:    []digest.Term{{Text: "peace", Weight: 0.8, Where: "title"}},
		}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestFilingTheSameArticleTwiceKeepsOne(t *testing.T) {
	each(t, func(t *testing.T, a *archive.Archive) {
		one := filed(wireOne, "a1", "a1", 0)
		file(t, a, one)
		file(t, a, one, one)
		wire, post := one.FeedID, archive.ID("feed", capitalPost.URL)
		check := func(feedID string, brought bool) {
			t.Helper()
			known, err := a.Known(t.Context(), feedID, []string{"a1", "zz"})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(map[string]bool{"a1": brought}, known); diff != "" {
				t.Error(diff)
			}
		}
		check(wire, true)
		check(post, false)
		for range 2 {
			if err := a.Brought(t.Context(), post, []string{"a1"}); err != nil {
				t.Fatal(err)
			}
		}
		check(post, true)
		n := 0
		if err := a.Articles(t.Context(), noon.Add(-time.Hour), func(digest.Article) error { n++; return nil }); err != nil {
			t.Fatal(err)
		}
		if n != 1 {
			t.Errorf("%d articles, want 1", n)
		}
	})
}

func TestManyArticlesOfOneFeed(t *testing.T) {
	each(t, func(t *testing.T, a *archive.Archive) {
		var all []archive.Filed
		var ids []string
		for i := range 130 {
			id := archive.ID("article", string(rune('a'+i)))
			all, ids = append(all, filed(wireOne, id, id, 0)), append(ids, id)
		}
		file(t, a, all...)
		known, err := a.Known(t.Context(), all[0].FeedID, ids)
		if err != nil {
			t.Fatal(err)
		}
		if len(known) != len(ids) {
			t.Errorf("%d of %d articles are known", len(known), len(ids))
		}
	})
}

func TestAStoryThatWasCutOffHasTheNamesOfTheOther(t *testing.T) {
	each(t, func(t *testing.T, a *archive.Archive) {
		peace := topic(t, a, "Peace")
		file(t, a, filed(wireOne, "a1", "a1", -3, peace), filed(capitalPost, "b1", "b1", -2, peace), filed(capitalPost, "c1", "c1", -1, peace))
		do := func(change func(ctx context.Context, from, into string) error, from, into string) {
			if err := change(t.Context(), from, into); err != nil {
				t.Fatal(err)
			}
		}
		do(a.Merge, "b1", "a1")
		do(a.Merge, "c1", "a1")
		do(a.Split, "a1", "b1") // which was a story itself
		do(a.Split, "b1", "b2")
		if err := a.MoveArticles(t.Context(), []archive.Move{{Article: "b1", Story: "b1"}}); err != nil {
			t.Fatal(err)
		}
		got, err := a.Candidates(t.Context(), peace, noon.Add(-24*time.Hour), noon)
		if err != nil || len(got) != 2 || len(got[0].Articles)+len(got[1].Articles) != 3 {
			t.Errorf("got %+v, %v, want two stories of three articles", got, err)
		}
		current, err := a.Current(t.Context(), []string{"b1", "c1", "b2"})
		if diff := cmp.Diff([]string{"b1", "a1", "b2"}, current); diff != "" || err != nil {
			t.Error("current:", diff, err)
		}
		wanted := func(what string, want map[string][]string) {
			names, err := a.Names(t.Context(), slices.Sorted(maps.Keys(want)))
			for id := range names {
				slices.Sort(names[id])
			}
			if diff := cmp.Diff(want, names); diff != "" || err != nil {
				t.Error(what, diff, err)
			}
		}
		wanted("names:", map[string][]string{"a1": {"c1"}, "b1": {"a1", "b1", "c1"}, "b2": {"a1", "b1", "c1"}})
		parts, err := a.Parts(t.Context(), []string{"a1", "b2"})
		slices.Sort(parts["a1"])
		if diff := cmp.Diff(map[string][]string{"a1": {"b1", "b2"}}, parts); diff != "" || err != nil {
			t.Error("parts:", diff, err)
		}
		file(t, a, filed(wireOne, "d1", "d1", -1, peace))
		do(a.Merge, "b2", "d1")
		wanted("names after a merge:", map[string][]string{"d1": {"a1", "b1", "b2", "c1"}})
	})
}

func TestMergedStoriesAreFoundUnderTheOlderID(t *testing.T) {
	each(t, func(t *testing.T, a *archive.Archive) {
		peace := topic(t, a, "Peace")
		file(t, a, filed(wireOne, "a1", "a1", -3, peace), filed(capitalPost, "b1", "b1", -2, peace), filed(capitalPost, "c1", "c1", -1, peace))
		for _, m := range [][2]string{{"c1", "b1"}, {"b1", "a1"}} {
			if err := a.Merge(t.Context(), m[0], m[1]); err != nil {
				t.Fatal(err)
			}
		}
		got, err := a.Candidates(t.Context(), peace, noon.Add(-24*time.Hour), noon)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != 1 || got[0].ID != "a1" || len(got[0].Articles) != 3 {
			t.Errorf("got %+v, want one story a1 of three articles", got)
		}
		names, err := a.Names(t.Context(), []string{"a1"})
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(names["a1"])
		if diff := cmp.Diff(map[string][]string{"a1": {"b1", "c1"}}, names); diff != "" {
			t.Error(diff)
		}
	})
}

func TestTopicsAreFoundInAnyCase(t *testing.T) {
	each(t, func(t *testing.T, a *archive.Archive) {
		id := topic(t, a, "Straße  zum Frieden")
		got, err := a.TopicNamed(t.Context(), "STRASSE ZUM frieden")
		if err != nil {
			t.Fatal(err)
		}
		if got.ID != id {
			t.Errorf("found %s, want %s", got.ID, id)
		}
		if _, err := a.TopicNamed(t.Context(), "Krieg"); !errors.Is(err, archive.ErrNoTopic) {
			t.Errorf("a topic that is not there: %v, want ErrNoTopic", err)
		}
	})
}

func TestConfiguredTopicsComeAndGo(t *testing.T) {
	each(t, func(t *testing.T, a *archive.Archive) {
		take := func(renamed []archive.Renamed, names ...string) []string {
			t.Helper()
			var topics []digest.Topic
			for _, n := range names {
				topics = append(topics, digest.Topic{Name: n, Query: n, Languages: []string{"en", "uk"}, Feeds: []string{wireOne.URL, "http://b.example/?a=1,2"}})
			}
			left, err := a.ReconcileTopics(t.Context(), topics, renamed, noon)
			if err != nil {
				t.Fatal(err)
			}
			var gone []string
			for _, l := range left {
				gone = append(gone, l.Name)
			}
			return gone
		}
		if gone := take(nil, "Peace", "Surfing"); gone != nil {
			t.Errorf("at first these left: %v", gone)
		}
		peace, err := a.TopicNamed(t.Context(), "Peace")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"en", "uk"}, peace.Languages); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{wireOne.URL, "http://b.example/?a=1,2"}, peace.Feeds); diff != "" {
			t.Error(diff)
		}
		made, err := a.SaveTopic(t.Context(), digest.Topic{Name: "Mine", Query: "mine", Origin: "telegram:1", Created: noon})
		if err != nil {
			t.Fatal(err)
		}
		gone := take([]archive.Renamed{{Was: "peace", Name: "Peace talks"}}, "Peace talks")
		if diff := cmp.Diff([]string{"Surfing"}, gone); diff != "" {
			t.Error(diff)
		}
		renamed, err := a.TopicNamed(t.Context(), "Peace talks")
		if err != nil || renamed.ID != peace.ID {
			t.Errorf("the renamed topic has id %s (%v), want %s", renamed.ID, err, peace.ID)
		}
		if got, err := a.Topic(t.Context(), made); err != nil || !got.Retired.IsZero() {
			t.Errorf("a topic made in a chat was retired: %+v, %v", got, err)
		}
		if gone := take(nil, "Peace talks"); gone != nil {
			t.Errorf("these left twice: %v", gone)
		}
		if take(nil, "Peace talks", "Surfing"); len(mustTopics(t, a)) != 3 {
			t.Errorf("topics: %v, want 3", mustTopics(t, a))
		}
	})
}

func mustTopics(t *testing.T, a *archive.Archive) []digest.Topic {
	t.Helper()
	topics, err := a.Topics(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return topics
}

func TestMemory(t *testing.T) {
	each(t, func(t *testing.T, a *archive.Archive) {
		for _, value := range []string{"one", "two"} {
			if err := a.Remember(t.Context(), "k", value); err != nil {
				t.Fatal(err)
			}
		}
		got, err := a.Recall(t.Context(), "k")
		none, errNone := a.Recall(t.Context(), "other")
		if got != "two" || none != "" || err != nil || errNone != nil {
			t.Errorf("recalled %q, %q (%v, %v), want two and nothing", got, none, err, errNone)
		}
	})
}
