package cluster

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidings/digest/language"
)

func TestAPartTakesNoNameThatIsTaken(t *testing.T) {
	g, analyzer := New(time.Hour, math.MaxInt), language.New()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, a := range [...]struct{ id, story, title string }{
		{"a1", "a1", "Seven killed as tram derails in Croydon tunnel"},
		{"a2", "a1", "Tram derails in Croydon tunnel, seven killed"},
		{"b1", "b1", "Volcano on Iceland forces town to evacuate"},
		{"b2", "b1", "Iceland town evacuated as volcano erupts"},
	} {
		g.Restore(Article{ID: a.id, Title: analyzer.Words("en", a.title), Language: "en"}, a.story, "", now)
	}
	g.merge(g.byID["b1"], g.byID["a1"])
	got := g.Reconsider(now).Splits
	if diff := cmp.Diff([]Split{{From: "a1", Into: "b2"}}, got); diff != "" {
		t.Error(diff)
	}
	if s := g.story("b1"); s == nil || s.id != "a1" {
		t.Errorf("the name of the merged story is that of %+v, want a1", s)
	}
}
