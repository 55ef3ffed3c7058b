package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"tidings/digest/database/databasetest"
)

// TestAConfiguredModelIsAsked proves the way from the configuration to a chat:
// a model that repeats its first sentence is shown, with its source, and one
// that makes something up is not.
func TestAConfiguredModelIsAsked(t *testing.T) {
	invents := false
	model := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var question struct {
			Messages []struct{ Content string }
		}
		if err := json.NewDecoder(r.Body).Decode(&question); err != nil {
			t.Error(err)
		}
		data := question.Messages[len(question.Messages)-1].Content
		_, headline, _ := strings.Cut(data, "Headline: ")
		headline, rest, _ := strings.Cut(headline, "\n")
		_, first, _ := strings.Cut(rest, "[1] ")
		first, _, _ = strings.Cut(first, "\n")
		if invents {
			first = "President Zanzibar Quux of Lemuria resigned at 23 o'clock."
		}
		answer := map[string]any{"choices": []any{map[string]any{"message": map[string]any{
			"role": "assistant", "content": headline + "\n" + first + " [1]",
		}}}}
		if err := json.NewEncoder(w).Encode(answer); err != nil {
			t.Error(err)
		}
	}))
	defer model.Close()
	for _, c := range []struct {
		name, want string
		invents    bool
	}{
		{"what holds is shown", "in other words by a model", false},
		{"what is made up is not", "In the articles' own words", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			invents = c.invents
			w := newTown(t, databasetest.SQLite(t))
			text, err := os.ReadFile(w.config)
			if err != nil {
				t.Fatal(err)
			}
			text = append(text, "\n[model]\nbase_url = \""+model.URL+"/v1\"\nname = \"echo\"\n"...)
			if err := os.WriteFile(w.config, text, 0o600); err != nil {
				t.Fatal(err)
			}
			p := w.serve()
			w.eventually("the polls", func() bool {
				_, err := os.Stat(w.url)
				return err == nil && strings.Contains(p.printed(), "tidings serves") && w.count(`SELECT count(*) FROM feed WHERE polled = 0`) == 0
			})
			w.telegram.Say(w.telegram.Private(), "/digest Ukraine peace talks 3d")
			w.eventually("the digest", func() bool {
				return strings.Contains(last(w.telegram, w.telegram.Private()), "📰 Ukraine peace talks")
			})
			got := last(w.telegram, w.telegram.Private())
			if !strings.Contains(got, c.want) || strings.Contains(got, "Zanzibar") {
				t.Errorf("%q is not in, or an invention is:\n%s", c.want, got)
			}
			p.stop()
		})
	}
}
