package main

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"testing"
	"time"
)

// TestThePublicAddressTakesWebhooksAndNothingElse has a hub ask back under the
// public URL of a configuration.
func TestThePublicAddressTakesWebhooksAndNothingElse(t *testing.T) {
	var g *program
	asked := make(chan url.Values, 1)
	web := http.NewServeMux()
	site := httptest.NewServer(web)
	t.Cleanup(site.Close)
	web.HandleFunc("/feed", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>F</title>
			<atom:link rel="hub" href="%s/hub"/><atom:link rel="self" href="%s/feed"/><item><title>News</title></item></channel></rss>`, site.URL, site.URL)
	})
	web.HandleFunc("/hub", func(w http.ResponseWriter, r *http.Request) {
		r.ParseForm()
		asked <- r.PostForm
		w.WriteHeader(http.StatusAccepted)
	})
	c, problems := load(t, fmt.Sprintf("[database]\nurl = %q\n[polling]\nallow_private = true\n[http]\npublic_addr = \"127.0.0.1:0\"\npublic_url = \"%s/bot/\"\n[[feed]]\nurl = \"%s/feed\"\noutlet = \"F\"\n",
		filepath.Join(t.TempDir(), "t.db"), "http://bot.example", site.URL), noEnv)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	p := c.plan()
	g, err := newProgram(t.Context(), p, nil, world{now: time.Now}, slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatal(err)
	}
	defer g.close()
	for _, err := range []error{g.takeOver(t.Context(), p), g.newsroom.Start(t.Context())} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := g.newsroom.PollAll(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if err := g.newsroom.Subscribe(t.Context()); err != nil {
		t.Fatal(err)
	}
	ask := <-asked
	public := g.webhooks(c.HTTP.PublicURL)
	get := func(path string) (int, string) {
		answer := httptest.NewRecorder()
		public.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, path, nil))
		body, _ := io.ReadAll(answer.Body)
		return answer.Code, string(body)
	}
	challenge := url.Values{"hub.mode": {"subscribe"}, "hub.topic": {ask.Get("hub.topic")}, "hub.challenge": {"echo me"}}
	if status, body := get(ask.Get("hub.callback") + "?" + challenge.Encode()); status != http.StatusOK || body != "echo me" {
		t.Errorf("the hub asked back at %s, and the answer is %d %q", ask.Get("hub.callback"), status, body)
	}
	for _, path := range []string{"/", "/healthz", "/readyz", "/metrics", "/bot/", "/bot/websub/", "/bot/websub/a/b", "/bot/metrics"} {
		if status, _ := get("http://bot.example" + path); status != http.StatusNotFound {
			t.Errorf("%s is answered with %d", path, status)
		}
	}
}
