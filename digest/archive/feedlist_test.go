package archive_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidings/digest/archive"
)

func TestFeedsComeAndGoInChats(t *testing.T) {
	each(t, func(t *testing.T, a *archive.Archive) {
		ctx := t.Context()
		now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
		reconcile(t, a, archive.Feed{URL: "http://example.com/configured", Outlet: "Configured", Owner: "Configured"})
		add := func(url string) (string, bool) {
			t.Helper()
			id, added, err := a.AddFeed(ctx, archive.Feed{URL: url, Outlet: "Wire", Owner: "Wire Group", Country: "GB", AddedBy: "telegram:1"})
			if err != nil {
				t.Fatal(err)
			}
			return id, added
		}
		states := func() map[string]string {
			t.Helper()
			all := map[string]string{}
			for url, f := range feeds(t, a) {
				all[url] = f.Outlet + " " + f.AddedBy + " " + f.State()
			}
			return all
		}
		want := map[string]string{"http://example.com/configured": "Configured  new", "http://example.com/wire": "Wire telegram:1 new"}

		configured, added := add("http://example.com/configured")
		if added {
			t.Error("a configured feed was added again")
		}
		id, added := add("http://example.com/wire")
		if again, twice := add("http://example.com/wire"); !added || twice || again != id {
			t.Errorf("added %v, then %v; ids %s and %s", added, twice, id, again)
		}
		if diff := cmp.Diff(want, states()); diff != "" {
			t.Error(diff)
		}
		if err := a.RemoveFeed(ctx, configured, now); !errors.Is(err, archive.ErrNoFeed) {
			t.Errorf("removing a configured feed: %v", err)
		}

		// One that failed for good and is removed comes back as if it were new.
		f, err := a.Feed(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		f.Gone, f.Failures, f.Fault, f.NextPoll, f.Polled = true, 3, "HTTP 410", now.Add(time.Hour), now
		if err := a.SaveFeed(ctx, f); err != nil {
			t.Fatal(err)
		}
		if err := a.RemoveFeed(ctx, id, now); err != nil {
			t.Fatal(err)
		}
		if _, err := a.Feed(ctx, id); !errors.Is(err, archive.ErrNoFeed) {
			t.Errorf("a removed feed: %v", err)
		}
		if back, added := add("http://example.com/wire"); !added || back != id {
			t.Errorf("it came back: %v, as %s instead of %s", added, back, id)
		}
		if f, err = a.Feed(ctx, id); err != nil || f.State() != "ok" || !f.NextPoll.IsZero() {
			t.Errorf("it came back %s, due %v: %v", f.State(), f.NextPoll, err)
		}

		// One that the configuration names too is the configuration's, and a feed that moved is known by both addresses.
		reconcile(t, a, archive.Feed{URL: "http://example.com/wire", Outlet: "The Wire", Owner: "Wire Group"})
		if got := states()["http://example.com/wire"]; got != "The Wire  ok" {
			t.Errorf("taken over as %q", got)
		}
		f.Move.To = "http://example.com/moved"
		if err := a.FollowMove(ctx, f); err != nil {
			t.Fatal(err)
		}
		for _, url := range []string{"http://example.com/wire", "http://example.com/moved"} {
			if other, added := add(url); added || other != id {
				t.Errorf("%s was added as another feed", url)
			}
		}
	})
}
