package archive

import (
	"strconv"
	"testing"
	"time"

	"tidings/digest"
	"tidings/digest/database"
	"tidings/digest/database/databasetest"
)

// TestWhatIsStoredIsAlwaysKnown stores more articles than their filter has room
// for, and asks for them there and in a program that starts anew.
func TestWhatIsStoredIsAlwaysKnown(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		a, feedID := New(db), ID("feed", "http://wire.example/rss")
		at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
		err := a.ReconcileFeeds(t.Context(), []Feed{{URL: "http://wire.example/rss", Outlet: "Wire", Owner: "Wire"}}, at)
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		check := func(a *Archive) {
			t.Helper()
			known, err := a.Known(t.Context(), feedID, append([]string{"never stored"}, ids...))
			if err != nil {
				t.Fatal(err)
			}
			if len(known) != len(ids) {
				t.Fatalf("%d of %d stored articles are known", len(known), len(ids))
			}
		}
		check(a)
		a.stored.most = 100
		for i := range 4 {
			var batch []Filed
			for k := range 60 {
				id := ID("article", strconv.Itoa(i), strconv.Itoa(k))
				ids = append(ids, id)
				batch = append(batch, Filed{FeedID: feedID, Article: digest.Article{ID: id, Story: id, Title: id, Published: at, Seen: at}})
			}
			if err := a.File(t.Context(), Feed{}, batch); err != nil {
				t.Fatal(err)
			}
			check(a)
			check(New(db))
		}
		if a.stored.most == 100 {
			t.Error("the filter was never made anew")
		}
	})
}

func TestFewNewArticlesLookStored(t *testing.T) {
	db, err := database.Open(t.Context(), databasetest.SQLite(t))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var s stored
	if _, err := s.maybe(t.Context(), db, nil); err != nil {
		t.Fatal(err)
	}
	for i := range s.most {
		s.put(ID("article", strconv.Itoa(i)))
	}
	wrong := 0
	for i := range 10_000 {
		if s.has(ID("another", strconv.Itoa(i))) {
			wrong++
		}
	}
	if wrong > 200 {
		t.Errorf("%d of 10,000 new articles look stored", wrong)
	}
}
