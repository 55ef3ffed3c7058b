package archive_test

import (
	"testing"
	"time"

	"tidings/digest/archive"
)

func TestALeaseLastsUntilTheFeedNamesAnotherHub(t *testing.T) {
	each(t, func(t *testing.T, a *archive.Archive) {
		save := func(f archive.Feed) archive.Feed {
			t.Helper()
			if err := a.SaveFeed(t.Context(), f); err != nil {
				t.Fatal(err)
			}
			return feeds(t, a)[wireOne.URL]
		}
		due := func(want int) {
			t.Helper()
			got, err := a.ToSubscribe(t.Context(), noon.Add(time.Hour), noon, 10)
			if err != nil || len(got) != want {
				t.Errorf("%d feeds are to be subscribed to (%v), want %d", len(got), err, want)
			}
		}
		f := feeds(t, a)[wireOne.URL]
		due(0)
		f.Hub, f.HubTopic = "https://hub.example/", "https://wire.example/rss"
		f = save(f)
		due(1)
		if err := a.HubAsked(t.Context(), f.ID, noon); err != nil {
			t.Fatal(err)
		}
		due(0)
		if err := a.Lease(t.Context(), f.ID, noon.Add(2*time.Hour)); err != nil {
			t.Fatal(err)
		}
		// A poll that began before the lease does not undo it.
		if f = save(f); !f.Leased.Equal(noon.Add(2 * time.Hour)) {
			t.Errorf("leased until %v", f.Leased)
		}
		due(0)
		f.Hub = "https://other.example/"
		if f = save(f); !f.Leased.IsZero() {
			t.Errorf("leased until %v from a hub that was not asked", f.Leased)
		}
		due(1)
	})
}
