package main

import (
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"tidings/bot/bottest"
	"tidings/digest/database/databasetest"
	"tidings/subscriptions"
)

// last is the text that a chat shows last.
func last(n bottest.Network, c subscriptions.Chat) string {
	all := n.Shown(c)
	if len(all) == 0 {
		return ""
	}
	return all[len(all)-1].Text
}

func TestAConfigurationIsReadAgainWhenAsked(t *testing.T) {
	w := newTown(t, databasetest.SQLite(t))
	p := w.serve()
	w.subscribe()
	text, err := os.ReadFile(w.config)
	if err != nil {
		t.Fatal(err)
	}
	change := func(to string) {
		t.Helper()
		if err := os.WriteFile(w.config, []byte(to), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := p.command.Process.Signal(syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
	}

	change(string(text) + "[[topic]]\nname = \"Bridges\"\n")
	w.eventually("the new topic", func() bool { return w.count(`SELECT count(*) FROM topic WHERE name = 'Bridges' AND retired = 0`) == 1 })
	feed := regexp.MustCompile(`(?m)^url = ("http.*")$`).FindStringSubmatch(string(text))[1]
	change(string(text) + "[[topic]]\nname = \"Bridges\"\nstrictness = \"loose\"\nfeeds = [" + feed + "]\n")
	w.eventually("the topic's feeds", func() bool {
		return w.count(`SELECT count(*) FROM topic WHERE name = 'Bridges' AND strictness = 'loose' AND feeds = '`+strings.Trim(feed, `"`)+`'`) == 1
	})

	change("this is no TOML")
	w.eventually("the complaint", func() bool { return strings.Contains(p.printed(), "all stays as it was") })
	w.telegram.Say(w.telegram.Private(), "/topics")
	w.eventually("the topics", func() bool { return strings.Contains(last(w.telegram, w.telegram.Private()), "Bridges") })

	gone := strings.ReplaceAll(string(text), "Ukraine peace talks", "Other talks")
	change(gone)
	for c, network := range w.chats() {
		w.eventually("the notice in "+c.String(), func() bool {
			return strings.Contains(last(network, c), "The topic Ukraine peace talks is no longer offered here")
		})
	}
	p.stop()
}

func TestOperatorsCanAsk(t *testing.T) {
	w := newTown(t, databasetest.SQLite(t))
	p := w.serve()
	address := regexp.MustCompile(`operators=(127\.0\.0\.1:\d+)`)
	w.eventually("the address", func() bool { return address.MatchString(p.printed()) })
	base := "http://" + address.FindStringSubmatch(p.printed())[1]
	get := func(path string) (int, string) {
		response, err := http.Get(base + path)
		if err != nil {
			return 0, err.Error()
		}
		defer response.Body.Close()
		body, _ := io.ReadAll(response.Body)
		return response.StatusCode, string(body)
	}
	w.eventually("readiness", func() bool { code, _ := get("/readyz"); return code == http.StatusOK })
	if code, body := get("/healthz"); code != http.StatusOK {
		t.Errorf("/healthz: %d %s", code, body)
	}
	code, body := get("/metrics")
	for _, want := range []string{`tidings_feeds{state="ok"}`, `tidings_parts{state="sent"} 0`, `tidings_connected{network="telegram"} 1`, `tidings_connected{network="discord"} 1`} {
		if code != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("/metrics: %d, %q is not in:\n%s", code, want, body)
		}
	}
	w.telegram.Break(bottest.Refuse)
	w.eventually("a network that is away", func() bool {
		code, body := get("/readyz")
		return code == http.StatusServiceUnavailable && strings.Contains(body, "telegram")
	})

	second := start(t, 0, "run", "-config", w.config)
	err := <-second.ended
	second.ended <- nil
	if err == nil || !strings.Contains(second.printed(), "another tidings already serves from this database") {
		t.Errorf("a second program ended with %v and printed %s", err, second.printed())
	}
	p.stop()
}
