package archive_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidings/digest"
	"tidings/digest/archive"
)

// fileStory stores an article of a feed in a story.
func fileStory(t *testing.T, a *archive.Archive, feed archive.Feed, story, title string, at time.Time) {
	t.Helper()
	f := feeds(t, a)[feed.URL]
	err := a.File(t.Context(), f, []archive.Filed{{FeedID: f.ID, Article: digest.Article{
		ID: archive.ID(feed.URL, title), Story: story, URL: "http://example.com/" + archive.ID(title), Title: title, Published: at, Seen: at,
	}}})
	if err != nil {
		t.Fatal(err)
	}
}

func TestStoriesAreFoundByAliasSizeAndTitle(t *testing.T) {
	each(t, func(t *testing.T, a *archive.Archive) {
		fileStory(t, a, wireOne, "s1", "Ceasefire “announced”, monitors named", noon.Add(-3*time.Hour))
		fileStory(t, a, wireOne, "s2", "Surfing: Moore wins gold", noon.Add(-2*time.Hour))
		fileStory(t, a, capitalPost, "s2", "Gold for Moore", noon.Add(-time.Hour))
		fileStory(t, a, capitalPost, "s3", "An old story", noon.Add(-50*time.Hour))
		ids, err := a.Biggest(t.Context(), noon.Add(-24*time.Hour), 5)
		if diff := cmp.Diff([]string{"s2", "s1"}, ids); diff != "" || err != nil {
			t.Error("biggest:", diff, err)
		}
		for words, want := range map[string][]string{"moore GOLD": {"s2"}, "announce": {"s1"}, "nounced": nil, "": nil, "old": nil} {
			ids, err := a.Titled(t.Context(), words, noon.Add(-24*time.Hour), 5)
			if diff := cmp.Diff(want, ids); diff != "" || err != nil {
				t.Errorf("titled %q: %s %v", words, diff, err)
			}
		}
		if err := a.Merge(t.Context(), "s2", "s1"); err != nil {
			t.Fatal(err)
		}
		current, err := a.Current(t.Context(), []string{"s2", "s3", "none"})
		if diff := cmp.Diff([]string{"s1", "s3", "none"}, current); diff != "" || err != nil {
			t.Error("current:", diff, err)
		}
		stories, err := a.Stories(t.Context(), "", []string{"s2", "s1", "none"}, noon)
		if err != nil || len(stories) != 1 || stories[0].ID != "s1" || len(stories[0].Articles) != 3 {
			t.Errorf("stories: %+v, %v; want s1 with 3 articles", stories, err)
		}
	})
}

func TestARetiredTopicIsNotOffered(t *testing.T) {
	each(t, func(t *testing.T, a *archive.Archive) {
		id, err := a.SaveTopic(t.Context(), digest.Topic{Name: "Surfing", Query: "surfing", Created: noon})
		if err != nil {
			t.Fatal(err)
		}
		if topics, err := a.TopicsOf(t.Context(), []string{"nobody"}, []string{id}); err != nil || len(topics) != 1 {
			t.Errorf("topics %v, %v; want the one of that id", topics, err)
		}
		if err := a.RetireTopic(t.Context(), id, noon); err != nil {
			t.Fatal(err)
		}
		topics, err := a.TopicsOf(t.Context(), []string{""}, []string{id})
		if err != nil || len(topics) != 0 {
			t.Errorf("topics %v, %v; want none", topics, err)
		}
	})
}
