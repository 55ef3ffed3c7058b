package newsroom_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"tidings/digest/archive"
	"tidings/digest/database"
	"tidings/digest/database/databasetest"
)

// hub is a WebSub hub, and the feed whose news it brings.
type hub struct {
	*httptest.Server
	t    *testing.T
	mu   sync.Mutex
	asks []url.Values // the subscriptions that it was asked for
}

func newHub(t *testing.T) *hub {
	h := &hub{t: t}
	h.Server = httptest.NewServer(h)
	t.Cleanup(h.Close)
	return h
}

func hubItem(title string) string {
	return fmt.Sprintf(`<item><title>%s</title><link>https://news.example/%s</link><description>The delegations met in Geneva.</description><pubDate>%s</pubDate></item>`,
		title, url.PathEscape(title), noon.Add(-time.Hour).Format(time.RFC1123Z))
}

func hubFeed(items string) string {
	return `<rss version="2.0"><channel><title>Feed</title>` + items + `</channel></rss>`
}

func (h *hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/feed":
		w.Header().Set("Link", fmt.Sprintf(`<%s/hub>; rel="hub", <%s/feed>; rel="self"`, h.URL, h.URL))
		w.Header().Set("Content-Type", "application/rss+xml")
		io.WriteString(w, hubFeed(hubItem("Peace talks on Ukraine open")))
	case "/hub":
		r.ParseForm()
		h.mu.Lock()
		h.asks = append(h.asks, r.PostForm)
		h.mu.Unlock()
		w.WriteHeader(http.StatusAccepted)
	default:
		http.NotFound(w, r)
	}
}

// asked is the last subscription of so many.
func (h *hub) asked(times int) url.Values {
	h.t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.asks) != times {
		h.t.Fatalf("the hub was asked %d times, want %d: %v", len(h.asks), times, h.asks)
	}
	return h.asks[len(h.asks)-1]
}

// verify asks whether the subscription is meant.
func (h *hub) verify(ask url.Values, lease time.Duration) {
	h.t.Helper()
	q := url.Values{"hub.mode": {"subscribe"}, "hub.topic": {ask.Get("hub.topic")}, "hub.challenge": {"echo me"}, "hub.lease_seconds": {fmt.Sprint(int(lease.Seconds()))}}
	resp, err := http.Get(ask.Get("hub.callback") + "?" + q.Encode())
	if err != nil {
		h.t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, _ := io.ReadAll(resp.Body); resp.StatusCode != http.StatusOK || string(body) != "echo me" {
		h.t.Fatalf("asked whether it is meant, the answer is %d %q", resp.StatusCode, body)
	}
}

// push brings news, signed with a secret.
func (h *hub) push(ask url.Values, secret, body string) (status int) {
	h.t.Helper()
	mac := hmac.New(sha256.New, []byte(secret))
	io.WriteString(mac, body)
	r, err := http.NewRequest(http.MethodPost, ask.Get("hub.callback"), strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/rss+xml")
	r.Header.Set("X-Hub-Signature", "sha256="+hex.EncodeToString(mac.Sum(nil)))
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

func TestHubsBringNewsAndTheFeedIsPolledSlowly(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		h, now := newHub(t), noon
		a := archive.New(db)
		if err := a.ReconcileFeeds(t.Context(), []archive.Feed{{URL: h.URL + "/feed", Outlet: "One", Owner: "One", Language: "en"}}, noon); err != nil {
			t.Fatal(err)
		}
		var o office
		public := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { o.ServeHTTP(w, r) }))
		t.Cleanup(public.Close)
		o = openAt(t, db, &now, public.URL+"/websub")
		state := func() archive.Feed {
			t.Helper()
			feeds, err := a.Feeds(t.Context())
			if err != nil || len(feeds) != 1 {
				t.Fatalf("feeds %v, %v", feeds, err)
			}
			return feeds[0]
		}
		subscribe := func() {
			t.Helper()
			if err := o.Subscribe(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		titles := func() int { t.Helper(); o.Wait(); return len(o.texts(t)) }

		o.poll(t)
		if f := state(); f.Hub != h.URL+"/hub" || f.HubTopic != h.URL+"/feed" || !f.Leased.IsZero() {
			t.Fatalf("the feed's hub is %q for %q until %v", f.Hub, f.HubTopic, f.Leased)
		}
		subscribe()
		ask := h.asked(1)
		subscribe()
		h.asked(1) // it has not answered yet, and is not pressed
		h.verify(ask, 10*24*time.Hour)
		if f := state(); !f.Leased.Equal(now.Add(10 * 24 * time.Hour)) {
			t.Errorf("the hub brings news until %v", f.Leased)
		}

		before := state()
		if status := h.push(ask, ask.Get("hub.secret"), hubFeed(hubItem("Peace talks on Ukraine go on"))); status != http.StatusAccepted || titles() != 2 {
			t.Errorf("what the hub brought was answered with %d, and there are %d articles, want 2", status, titles())
		}
		if got := state(); !got.NextPoll.Equal(before.NextPoll) || got.BodyHash != before.BodyHash {
			t.Error("what a hub brought changed when and how the feed is polled")
		}
		h.push(ask, "a guess", hubFeed(hubItem("Aliens land in Geneva")))
		h.push(ask, ask.Get("hub.secret"), "this is no feed")
		if n := titles(); n != 2 {
			t.Errorf("%d articles after a wrong signature and a wrong body, want 2", n)
		}

		// Nothing is new at the feed: the hub does what it promised.
		quick := before.NextPoll.Sub(now)
		now = now.Add(time.Hour)
		o.poll(t)
		if slow := state().NextPoll.Sub(now); slow < 3*quick {
			t.Errorf("the feed is polled in %v, and without the hub in %v", slow, quick)
		}

		// The subscription is renewed before it ends, and lasts over a restart.
		now = noon.Add(9*24*time.Hour + time.Hour)
		o = openAt(t, db, &now, public.URL+"/websub")
		subscribe()
		again := h.asked(2)
		if again.Get("hub.secret") != ask.Get("hub.secret") || again.Get("hub.callback") != ask.Get("hub.callback") {
			t.Error("the hub was told another secret or address after a restart")
		}
		h.verify(again, 24*time.Hour)
		h.push(again, again.Get("hub.secret"), hubFeed(hubItem("Peace talks on Ukraine end")))
		if n := titles(); n != 3 {
			t.Errorf("%d articles after the restart, want 3", n)
		}

		// A feed that left is not wanted any more.
		if err := a.ReconcileFeeds(t.Context(), nil, now); err != nil {
			t.Fatal(err)
		}
		if status := h.push(again, again.Get("hub.secret"), hubFeed(hubItem("Too late"))); status != http.StatusGone {
			t.Errorf("news of a feed that left were answered with %d, want 410", status)
		}
		subscribe()
		h.asked(2)
	})
}

func TestWithoutAPublicAddressHubsAreNotAsked(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		h, now := newHub(t), noon
		if err := archive.New(db).ReconcileFeeds(t.Context(), []archive.Feed{{URL: h.URL + "/feed", Outlet: "One", Owner: "One"}}, noon); err != nil {
			t.Fatal(err)
		}
		o := open(t, db, &now)
		o.poll(t)
		if err := o.Subscribe(t.Context()); err != nil {
			t.Fatal(err)
		}
		answer := httptest.NewRecorder()
		o.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/websub/a/b", nil))
		if len(h.asks) != 0 || answer.Code != http.StatusNotFound {
			t.Errorf("the hub was asked %v, and a call is answered with %d", h.asks, answer.Code)
		}
	})
}
