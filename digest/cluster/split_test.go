package cluster_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidings/digest/cluster"
)

// welded restores these titles as one story, the first of which names it.
func welded(titles ...string) *desk {
	d := newDesk()
	for _, title := range titles {
		d.Restore(d.article("en", title, ""), "a1", "", d.now)
	}
	return d
}

var tram = []string{
	"Seven killed as tram derails in Croydon tunnel", "Tram derails in Croydon tunnel, seven killed",
	"Croydon tram crash: seven killed in tunnel",
}

var volcano = []string{
	"Volcano on Iceland forces town to evacuate", "Iceland town evacuated as volcano erupts",
	"Eruption on Iceland: volcano forces town to evacuate",
}

func TestTwoEventsInOneStoryAreCutApart(t *testing.T) {
	d := welded(tram[0], volcano[0], tram[1], volcano[1], volcano[2])
	want := cluster.Changes{
		Splits: []cluster.Split{{From: "a1", Into: "a2"}},
		Moves:  []cluster.Move{{Article: "a2", From: "a1", To: "a2"}, {Article: "a4", From: "a1", To: "a2"}, {Article: "a5", From: "a1", To: "a2"}},
	}
	if diff := cmp.Diff(want, d.Reconsider(d.now)); diff != "" {
		t.Error(diff)
	}
	if got := d.read("en", tram[2], ""); got.Story != "a1" {
		t.Errorf("another report of the first event: %+v, want it in a1", got)
	}
	if got := d.read("en", "Town on Iceland evacuated: volcano erupts", ""); got.Story != "a2" {
		t.Errorf("another report of the second event: %+v, want it in a2", got)
	}
}

func TestOneEventIsNotCut(t *testing.T) {
	d := welded(append(tram, "Croydon tunnel: seven killed, tram derails")...)
	if got := d.Reconsider(d.now); len(got.Splits) > 0 {
		t.Errorf("%+v, want nothing cut", got)
	}
}

func TestWhatIsCopiedIsNotCutOff(t *testing.T) {
	d := welded(tram[0], tram[1], volcano[0], volcano[1])
	d.Restore(d.article("en", volcano[0], ""), "a1", "a3", d.now)
	for _, m := range d.Reconsider(d.now).Moves {
		if m.Article == "a3" {
			t.Errorf("%+v, though a5 repeats it in a1", m)
		}
	}
}
