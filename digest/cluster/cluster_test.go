package cluster_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidings/digest/cluster"
	"tidings/digest/language"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// desk reads titles and texts and adds them to a grouper, a minute apart.
type desk struct {
	*cluster.Grouper
	analyzer *language.Analyzer
	now      time.Time
	serial   int
}

func newDesk() *desk {
	return &desk{Grouper: cluster.New(72*time.Hour, math.MaxInt), analyzer: language.New(), now: noon}
}

func (d *desk) article(code, title, text string) cluster.Article {
	d.serial++
	d.now = d.now.Add(time.Minute)
	return cluster.Article{
		ID: fmt.Sprintf("a%d", d.serial), Language: code, Published: d.now,
		Title: d.analyzer.Words(code, title), Text: d.analyzer.Words(code, text),
	}
}

func (d *desk) read(code, title, text string) cluster.Placement {
	return d.Add(d.article(code, title, text), d.now)
}

func TestNamesAndNumbersTellStoriesApart(t *testing.T) {
	for _, test := range []struct {
		first, second string
		together      bool
	}{
		{"Day 2 of the Harrow trial: witness takes the stand", "Day 21 of the Harrow trial: witness takes the stand", false},
		{"Day 2 of the Harrow trial: witness takes the stand", "Harrow trial, day 2: first witness takes the stand", true},
		{"Democrats win the Senate race in Ohio", "Democrats win the Senate race in Iowa", false},
		{"Seven killed as tram derails in Croydon tunnel", "Tram derails in Croydon tunnel, seven killed", true},
		{"At least 5 killed as tram derails in Croydon tunnel", "At least 7 killed as tram derails in Croydon tunnel", true},
		{"Central bank of Norway raises interest rates", "Volcano on Iceland forces town to evacuate", false},
	} {
		d := newDesk()
		d.read("en", test.first, "")
		if got := d.read("en", test.second, ""); got.Founded == test.together {
			t.Errorf("%q after %q: %+v, want together %v", test.second, test.first, got, test.together)
		}
	}
}

func TestTheNextOfItsKindIsAnotherStory(t *testing.T) {
	for _, test := range []struct {
		first, second string
		later         time.Duration
		together      bool
	}{
		{"Magnitude 6.1 earthquake shakes northern Chile", "Magnitude 5.8 earthquake shakes northern Chile", 37 * time.Hour, false},
		{"Magnitude 6.1 earthquake shakes northern Chile", "Magnitude 6.2 earthquake shakes northern Chile", time.Hour, true},
		{"Powerball numbers for Nov. 23 are drawn", "Powerball numbers for Nov. 25 are drawn", 48 * time.Hour, false},
	} {
		d := newDesk()
		d.read("en", test.first, "")
		d.now = d.now.Add(test.later)
		if got := d.read("en", test.second, ""); got.Founded == test.together {
			t.Errorf("%q %v after %q: %+v, want together %v", test.second, test.later, test.first, got, test.together)
		}
	}
}

const wire = `The harbour authority closed the northern pier on Tuesday after divers found cracks
in eleven of its pillars, and said that repairs would take at least until autumn. Ferries to the islands
will leave from the fish market until then, the authority's director told reporters.`

func TestCopiesAreMarked(t *testing.T) {
	d := newDesk()
	first := d.read("en", "Harbour closes northern pier after divers find cracks", wire)
	for _, test := range []struct{ name, title, text, want string }{
		{"same title and text", "Harbour closes northern pier after divers find cracks", wire, "a1"},
		{"same title, no text", "HARBOUR CLOSES NORTHERN PIER AFTER DIVERS FIND CRACKS", "", "a1"},
		{"same text, other title", "Ferries move to the fish market", wire, "a1"},
		{"the outlet's name behind the title", "Harbour closes northern pier after divers find cracks | Coast Gazette", "", "a1"},
		{"another report", "Divers find cracks, harbour authority closes northern pier", "Nobody may enter the northern pier since this morning. Engineers examine what the divers saw under water, and the mayor wants to know why nobody looked there since the storm of last winter.", ""},
	} {
		got := d.read("en", test.title, test.text)
		if got.CopyOf != test.want || got.Story != first.Story {
			t.Errorf("%s: %+v, want a copy of %q in %s", test.name, got, test.want, first.Story)
		}
	}
}

func TestSameURLIsSameText(t *testing.T) {
	d := newDesk()
	a, b := d.article("en", "Pier closed", ""), d.article("en", "Northern pier will not open before autumn", "")
	a.URL, b.URL = "https://example.org/pier", "https://example.org/pier"
	d.Add(a, d.now)
	if got := d.Add(b, d.now); got.CopyOf != a.ID {
		t.Errorf("second version of one page: %+v, want a copy of %s", got, a.ID)
	}
}

// run adds n synthetic articles, reconsidering every hundred, and returns what happened.
func run(g *cluster.Grouper, source *synthetic, from time.Time, n int) (placements []cluster.Placement, changes []cluster.Changes) {
	for i := range n {
		now := from.Add(time.Duration(i) * time.Second)
		placements = append(placements, g.Add(source.article(), now))
		if i%100 == 99 {
			changes = append(changes, g.Reconsider(now))
		}
	}
	return placements, changes
}

func TestSameArticlesSameStories(t *testing.T) {
	first, firstChanges := run(cluster.New(time.Hour, math.MaxInt), newSynthetic(), noon, 3000)
	second, secondChanges := run(cluster.New(time.Hour, math.MaxInt), newSynthetic(), noon, 3000)
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("placements differ (-first +second):\n%s", diff)
	}
	if diff := cmp.Diff(firstChanges, secondChanges); diff != "" {
		t.Errorf("second thoughts differ (-first +second):\n%s", diff)
	}
}

func TestMergesKeepTheOlderStory(t *testing.T) {
	source, g := newSynthetic(), cluster.New(time.Hour, math.MaxInt)
	founded, gone := make(map[string]int), make(map[string]bool)
	merges := 0
	for i := range 3000 {
		now := noon.Add(time.Duration(i) * time.Second)
		p := g.Add(source.article(), now)
		if gone[p.Story] {
			t.Fatalf("article %d joined %s, which was merged into another story", i, p.Story)
		}
		if p.Founded {
			founded[p.Story] = i
		}
		if i%100 != 99 {
			continue
		}
		for _, m := range g.Reconsider(now).Merges {
			merges++
			if founded[m.Into] >= founded[m.From] || gone[m.From] || gone[m.Into] {
				t.Fatalf("merge %+v: founded %d and %d", m, founded[m.From], founded[m.Into])
			}
			gone[m.From] = true
			if cmp.Diff(g.Related(m.From, 3), g.Related(m.Into, 3)) != "" {
				t.Fatalf("%s does not answer to its old name %s", m.Into, m.From)
			}
		}
	}
	if merges == 0 {
		t.Error("nothing was merged, so nothing was tested")
	}
}

func TestRestoreContinuesTheSameStories(t *testing.T) {
	source, g := newSynthetic(), cluster.New(time.Hour, math.MaxInt)
	restored := cluster.New(time.Hour, math.MaxInt)
	for i := range 2000 {
		a, now := source.article(), noon.Add(time.Duration(i)*time.Second)
		p := g.Add(a, now)
		restored.Restore(a, p.Story, p.CopyOf, now)
	}
	differ := 0
	for i := range 1000 {
		a, now := source.article(), noon.Add(time.Duration(2000+i)*time.Second)
		if p, q := g.Add(a, now), restored.Add(a, now); p != q {
			differ++
		}
	}
	if differ > 0 {
		t.Errorf("%d of 1000 articles went elsewhere after a restart", differ)
	}
}

// TestRestoreAfterSecondThoughts restores what a caller stored: every article
// with the story it has after all moves and merges.
func TestRestoreAfterSecondThoughts(t *testing.T) {
	const before, after = 2000, 1000
	source, g := newSynthetic(), cluster.New(time.Hour, math.MaxInt)
	articles, stored := make([]cluster.Article, before), make(map[string]cluster.Placement)
	for i := range articles {
		articles[i] = source.article()
		now := noon.Add(time.Duration(i) * time.Second)
		stored[articles[i].ID] = g.Add(articles[i], now)
		if i%100 == 99 {
			store(stored, g.Reconsider(now))
		}
	}
	restored := cluster.New(time.Hour, math.MaxInt)
	for i, a := range articles {
		restored.Restore(a, stored[a.ID].Story, stored[a.ID].CopyOf, noon.Add(time.Duration(i)*time.Second))
	}
	differ := 0
	for i := range after {
		a, now := source.article(), noon.Add(time.Duration(before+i)*time.Second)
		if p, q := g.Add(a, now), restored.Add(a, now); p.Story != q.Story || p.CopyOf != q.CopyOf {
			differ++
		}
	}
	if differ > after/50 {
		t.Errorf("%d of %d articles went elsewhere after a restart", differ, after)
	}
}

// store does to the stored placements what changes say.
func store(stored map[string]cluster.Placement, changes cluster.Changes) {
	for _, m := range changes.Moves {
		p := stored[m.Article]
		p.Story = m.To
		stored[m.Article] = p
	}
	for _, m := range changes.Merges {
		for id, p := range stored {
			if p.Story == m.From {
				p.Story = m.Into
				stored[id] = p
			}
		}
	}
}

func TestStoriesAreForgotten(t *testing.T) {
	d := newDesk()
	title := "Seven killed as tram derails in Croydon tunnel"
	old := d.read("en", title, "")
	d.now = d.now.Add(71 * time.Hour)
	if got := d.read("en", title, ""); got.Story != old.Story {
		t.Errorf("after 71 hours: %+v, want story %s", got, old.Story)
	}
	d.now = d.now.Add(73 * time.Hour)
	if got := d.read("en", title, ""); !got.Founded {
		t.Errorf("after the window: %+v, want a new story", got)
	}
	if got := d.Related(old.Story, 3); got != nil {
		t.Errorf("a forgotten story is related to %v", got)
	}
}

func TestRelated(t *testing.T) {
	d := newDesk()
	storm := d.read("en", "Storm Ottilie floods the harbour of Cuxhaven", "")
	after := d.read("en", "Opera house of Cuxhaven names a director for the coming season", "")
	d.read("en", "Chess champion resigns after twelve moves", "")
	if !after.Founded {
		t.Fatal("two events of one town are one story")
	}
	if diff := cmp.Diff([]string{after.Story}, d.Related(storm.Story, 5)); diff != "" {
		t.Errorf("related (-want +got):\n%s", diff)
	}
}

func TestExtremes(t *testing.T) {
	d := newDesk()
	if !d.read("", "", "").Founded || !d.read("xx", "", "").Founded {
		t.Error("articles without a word do not found stories of their own")
	}
	long := d.read("en", "A novel in one article", strings.Repeat(wire, 1200))
	if !long.Founded {
		t.Errorf("50,000 words: %+v", long)
	}
	for _, title := range []string{"Weather", "Morning briefing from the northern harbour district"} {
		first := d.read("en", title, "")
		for i := range 5000 {
			if got := d.read("en", title, ""); got.Story != first.Story {
				t.Fatalf("copy %d of %q: %+v, want story %s", i, title, got, first.Story)
			}
		}
	}
	if got := d.read("en", "Chess champion resigns after twelve moves", ""); !got.Founded {
		t.Errorf("after 10,000 copies another title is not a story: %+v", got)
	}
}

// TestFloodOfOneOutlet has one outlet publish 10,000 items in an hour, all cut
// from a few patterns, and others report an event meanwhile.
func TestFloodOfOneOutlet(t *testing.T) {
	d := newDesk()
	first := d.read("en", "Seven killed as tram derails in Croydon tunnel", "")
	flood := make(map[string]bool)
	for i := range 10_000 {
		a := d.article("en", fmt.Sprintf("Share price of company K%d closes %d points higher", i, i%90+2), "")
		d.now = noon.Add(time.Duration(i) * 360 * time.Millisecond)
		a.Outlet, a.Owner, a.Published = "ticker", "ticker", d.now
		flood[d.Add(a, d.now).Story] = true
		if i%500 == 499 {
			d.Reconsider(d.now)
		}
	}
	if flood[first.Story] {
		t.Error("the flood joined the story of another outlet")
	}
	if got := d.read("en", "Tram derails in Croydon tunnel, seven killed", ""); got.Story != first.Story {
		t.Errorf("a report after the flood: %+v, want story %s", got, first.Story)
	}
	if got := d.read("en", "Volcano on Iceland forces town to evacuate", ""); !got.Founded {
		t.Errorf("another event after the flood: %+v, want a story of its own", got)
	}
}

func TestNoStorySwallowsTheRest(t *testing.T) {
	sizes := make(map[string]int)
	placements, _ := run(cluster.New(time.Hour, math.MaxInt), newSynthetic(), noon, 3000)
	for _, p := range placements {
		sizes[p.Story]++
	}
	for id, n := range sizes {
		if n > 300 {
			t.Errorf("story %s has %d of 3000 articles", id, n)
		}
	}
}

func TestFutureDatesAreNotBelieved(t *testing.T) {
	d := newDesk()
	a := d.article("en", "Seven killed as tram derails in Croydon tunnel", "")
	a.Published = noon.AddDate(10, 0, 0)
	d.Add(a, d.now)
	if got := d.read("en", "Tram derails in Croydon tunnel, seven killed", ""); got.Story != a.ID {
		t.Errorf("%+v, want story %s", got, a.ID)
	}
}

func FuzzAdd(f *testing.F) {
	f.Add("Day 2 of the trial", wire, "en", int64(0))
	f.Add("", "一二三", "zh", int64(-1<<40))
	f.Add("| - | X", "\xff\xfe", "", int64(1<<40))
	analyzer := language.New()
	f.Fuzz(func(t *testing.T, title, text, code string, published int64) {
		g := cluster.New(time.Hour, math.MaxInt)
		for i := range 3 {
			p := g.Add(cluster.Article{
				ID: fmt.Sprint(i), Language: code, Published: time.Unix(published, 0),
				Title: analyzer.Words(code, title), Text: analyzer.Words(code, text),
			}, noon)
			if p.Story == "" || !(p.Score >= 0 && p.Score <= 1) || p.Founded != (p.Story == fmt.Sprint(i)) {
				t.Fatalf("%+v", p)
			}
		}
		g.Reconsider(noon)
	})
}
