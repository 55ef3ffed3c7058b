package feed

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// subscribed is a WebSub that has subscribed to the topic of feed f1 at a hub,
// the form that the hub got, and what has happened since.
func subscribed(t *testing.T) (w *WebSub, form url.Values, leased *time.Time, arrived *[]string) {
	leased, arrived = new(time.Time), new([]string)
	c := clientFor(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
			t.Errorf("the hub got a %s of %s", r.Method, r.Header.Get("Content-Type"))
		}
		r.ParseForm()
		form = r.PostForm
		w.WriteHeader(http.StatusAccepted)
	})
	c.config.Now = func() time.Time { return noon }
	w = &WebSub{
		Client: c, Callback: "https://me.example/websub", Key: []byte("0123456789abcdef"),
		Topic: func(_ context.Context, id string) string {
			return map[string]string{"f1": "https://a.example/feed"}[id]
		},
		Leased: func(_ context.Context, id string, until time.Time) { *leased = until },
		Arrived: func(_ context.Context, id string, body []byte, kind string) {
			*arrived = append(*arrived, id+" "+kind+" "+string(body))
		},
	}
	if err := w.Subscribe(t.Context(), "f1", "http://hub.example/", "https://a.example/feed"); err != nil {
		t.Fatal(err)
	}
	return w, form, leased, arrived
}

func TestSubscription(t *testing.T) {
	w, form, leased, _ := subscribed(t)
	callback := form.Get("hub.callback")
	if form.Get("hub.mode") != "subscribe" || form.Get("hub.topic") != "https://a.example/feed" || !strings.HasPrefix(callback, "https://me.example/websub/f1/") ||
		len(form.Get("hub.secret")) != 64 || form.Get("hub.lease_seconds") != "864000" {
		t.Errorf("the hub got %v", form)
	}
	ask := func(callback, query string) (status int, body string) {
		answer := httptest.NewRecorder()
		w.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, callback+"?"+query, nil))
		return answer.Code, answer.Body.String()
	}
	topic := "&hub.topic=https%3A%2F%2Fa.example%2Ffeed"
	for _, test := range []struct {
		name, callback, query string
		status                int
		body                  string
		lease                 time.Duration // 0 for none
	}{
		{"confirmed", callback, "hub.mode=subscribe&hub.challenge=ch&hub.lease_seconds=3600" + topic, 200, "ch", time.Hour},
		{"without a lease", callback, "hub.mode=subscribe&hub.challenge=ch" + topic, 200, "ch", lease},
		{"for ever", callback, "hub.mode=subscribe&hub.challenge=ch&hub.lease_seconds=2000000000" + topic, 200, "ch", mostLease},
		{"another topic", callback, "hub.mode=subscribe&hub.challenge=ch&hub.topic=https%3A%2F%2Fevil.example%2F", 404, "", 0},
		{"an end that was not asked for", callback, "hub.mode=unsubscribe&hub.challenge=ch" + topic, 404, "", 0},
		{"an end of what is not wanted", callback, "hub.mode=unsubscribe&hub.challenge=ch&hub.topic=other", 200, "ch", 0},
		{"denied", callback, "hub.mode=denied" + topic, 200, "", 0},
		{"another mode", callback, "hub.mode=x&hub.challenge=ch" + topic, 404, "", 0},
		{"another path", callback[:len(callback)-1] + "x", "hub.mode=subscribe&hub.challenge=ch" + topic, 404, "", 0},
		{"another feed", strings.Replace(callback, "/f1/", "/f2/", 1), "hub.mode=subscribe&hub.challenge=ch" + topic, 404, "", 0},
		{"no path", "https://me.example/", "hub.mode=subscribe&hub.challenge=ch" + topic, 404, "", 0},
	} {
		*leased = time.Time{}
		status, body := ask(test.callback, test.query)
		if status != test.status || status == 200 && body != test.body || strings.Contains(body, "ch") != strings.Contains(test.body, "ch") {
			t.Errorf("%s: %d %q, want %d %q", test.name, status, body, test.status, test.body)
		}
		if test.lease == 0 && !leased.IsZero() || test.lease > 0 && !leased.Equal(noon.Add(test.lease)) {
			t.Errorf("%s: leased until %v, want %v more", test.name, leased, test.lease)
		}
	}
}

func TestWhatAHubBrings(t *testing.T) {
	w, form, _, arrived := subscribed(t)
	sign := func(name string, kind func() hash.Hash, secret string) string {
		mac := hmac.New(kind, []byte(secret))
		io.WriteString(mac, "<rss/>")
		return name + "=" + hex.EncodeToString(mac.Sum(nil))
	}
	secret := form.Get("hub.secret")
	for _, test := range []struct {
		name, signature, body string
		status                int
		taken                 bool
	}{
		{"sha1", sign("sha1", sha1.New, secret), "<rss/>", 202, true},
		{"sha256", sign("SHA256", sha256.New, secret), "<rss/>", 202, true},
		{"changed on the way", sign("sha256", sha256.New, secret), "<rss>", 202, false},
		{"another secret", sign("sha256", sha256.New, "guess"), "<rss/>", 202, false},
		{"another method", sign("md5", sha256.New, secret), "<rss/>", 202, false},
		{"no signature", "", "<rss/>", 202, false},
		{"half a signature", sign("sha256", sha256.New, secret)[:40], "<rss/>", 202, false},
		{"no hex", "sha256=xyz", "<rss/>", 202, false},
		{"too large", "", strings.Repeat("x", 9<<20), 413, false},
	} {
		*arrived = nil
		r := httptest.NewRequest(http.MethodPost, form.Get("hub.callback"), strings.NewReader(test.body))
		r.Header.Set("X-Hub-Signature", test.signature)
		r.Header.Set("Content-Type", "application/rss+xml")
		answer := httptest.NewRecorder()
		w.ServeHTTP(answer, r)
		want := "[]"
		if test.taken {
			want = "[f1 application/rss+xml <rss/>]"
		}
		if got := fmt.Sprint(*arrived); got != want || answer.Code != test.status {
			t.Errorf("%s: %d, arrived %s; want %d, %s", test.name, answer.Code, got, test.status, want)
		}
	}
}

func TestAHubThatRefuses(t *testing.T) {
	c := clientFor(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	w := &WebSub{Client: c, Callback: "https://me.example/websub", Key: []byte("0123456789abcdef")}
	if err := w.Subscribe(t.Context(), "f1", "http://hub.example/", "x"); err == nil || err.Error() != "HTTP 503: it is not available at the moment" {
		t.Errorf("%v", err)
	}
	inside := &WebSub{Client: NewClient(Config{}, discard()), Key: w.Key}
	if err := inside.Subscribe(t.Context(), "f1", "http://127.0.0.1/", "x"); err == nil || !strings.Contains(err.Error(), "private") {
		t.Errorf("a hub on the inside: %v", err)
	}
}

func TestHubOf(t *testing.T) {
	for _, test := range []struct {
		url        string
		r          Response
		h          Hints
		hub, topic string
	}{
		{"http://a.example/", Response{FinalURL: "http://a.example/x"}, Hints{}, "", ""},
		{"http://a.example/", Response{FinalURL: "http://a.example/x"}, Hints{Hub: "http://h.example/"}, "http://h.example/", "http://a.example/x"},
		{"http://a.example/", Response{Hub: "http://g.example/"}, Hints{Hub: "http://h.example/", Self: "http://a.example/s"}, "http://g.example/", "http://a.example/s"},
		{"https://www.youtube.com/feeds/videos.xml?channel_id=UC1", Response{}, Hints{}, "https://pubsubhubbub.appspot.com/", "https://www.youtube.com/xml/feeds/videos.xml?channel_id=UC1"},
	} {
		if hub, topic := HubOf(test.url, &test.r, test.h); hub != test.hub || topic != test.topic {
			t.Errorf("%s: hub %q, topic %q; want %q, %q", test.url, hub, topic, test.hub, test.topic)
		}
	}
}
