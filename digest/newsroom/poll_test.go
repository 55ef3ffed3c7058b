package newsroom_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"tidings/digest/archive"
	"tidings/digest/database"
	"tidings/digest/database/databasetest"
)

func TestAServerThatSaysForEverThatNothingChangedIsSeenThrough(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		var changed atomic.Bool
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("If-None-Match") != "" {
				w.WriteHeader(http.StatusNotModified)
				return
			}
			w.Header().Set("ETag", `"always"`)
			items := hubItem("Peace talks on Ukraine open")
			if changed.Load() {
				items += hubItem("Peace talks on Ukraine go on")
			}
			io.WriteString(w, hubFeed(items))
		}))
		t.Cleanup(server.Close)
		now := noon
		if err := archive.New(db).ReconcileFeeds(t.Context(), []archive.Feed{{URL: server.URL, Outlet: "One", Owner: "One"}}, noon); err != nil {
			t.Fatal(err)
		}
		o := open(t, db, &now)
		o.poll(t)
		changed.Store(true)
		for _, step := range []struct {
			days     int
			articles int
		}{{1, 0}, {6, 0}, {7, 1}, {8, 0}} {
			now = noon.Add(time.Duration(step.days) * 24 * time.Hour)
			if got := o.poll(t); got.Articles != step.articles || got.Failed != 0 {
				t.Errorf("after %d days polled %+v, want %d articles", step.days, got, step.articles)
			}
		}
	})
}

func TestABodyThatBreaksOffIsAskedForAgain(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		var whole atomic.Bool
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("If-None-Match") != "" {
				w.WriteHeader(http.StatusNotModified)
				return
			}
			body := hubFeed(hubItem("Peace talks on Ukraine open") + hubItem("Peace talks on Ukraine go on"))
			w.Header().Set("ETag", `"one"`)
			if whole.Load() {
				io.WriteString(w, body)
				return
			}
			w.Header().Set("Content-Length", "100000")
			io.WriteString(w, body[:len(body)*2/3])
		}))
		t.Cleanup(server.Close)
		now := noon
		if err := archive.New(db).ReconcileFeeds(t.Context(), []archive.Feed{{URL: server.URL, Outlet: "One", Owner: "One"}}, noon); err != nil {
			t.Fatal(err)
		}
		o := open(t, db, &now)
		o.poll(t)
		if _, ok := o.texts(t)["Peace talks on Ukraine open"]; !ok {
			t.Errorf("of what came only this is read: %v", o.texts(t))
		}
		whole.Store(true)
		now = noon.Add(time.Hour)
		o.poll(t)
		if _, ok := o.texts(t)["Peace talks on Ukraine go on"]; !ok {
			t.Errorf("the whole has %v", o.texts(t))
		}
	})
}
