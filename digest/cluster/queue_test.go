package cluster

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tidings/digest/language"
)

// desk adds articles, a minute apart, to a grouper that keeps only few.
type desk struct {
	*Grouper
	t        *testing.T
	analyzer *language.Analyzer
	now      time.Time
	serial   int
}

func newDesk(t *testing.T, most int) *desk {
	g := New(72*time.Hour, most)
	return &desk{Grouper: g, t: t, analyzer: language.New(), now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
}

// add adds an article that arrives now and checks that the tables agree.
func (d *desk) add(title string) Placement {
	d.t.Helper()
	d.now = d.now.Add(time.Minute)
	return d.arrives(title, d.now)
}

func (d *desk) arrives(title string, at time.Time) Placement {
	d.t.Helper()
	d.serial++
	p := d.Add(Article{ID: fmt.Sprint("a", d.serial), Language: "en", Title: d.analyzer.Words("en", title), URL: fmt.Sprint("https://news.example/", d.serial)}, at)
	d.check()
	return p
}

// check checks that no more is kept than may be, and nothing of what is gone.
func (d *desk) check() {
	d.t.Helper()
	live := 0
	for _, s := range d.byID {
		live += int(s.live)
	}
	if n := d.live.len(); n != live || n > d.most {
		d.t.Fatalf("%d articles are live, %d in stories; want at most %d", n, live, d.most)
	}
	for _, table := range []map[uint32]uint32{d.copies.addresses, d.copies.headings} {
		if len(table) > live {
			d.t.Fatalf("a table of copies has %d of %d articles", len(table), live)
		}
	}
	if len(d.index.stories) > maxTerms*len(d.byID)+keep*len(d.byID) {
		d.t.Fatalf("%d terms of %d stories", len(d.index.stories), len(d.byID))
	}
}

// other is a title that is like no other.
func (d *desk) other() string {
	n := d.serial + 1
	return fmt.Sprintf("Quarp%d zelim%d vortan%d mobrec%d dastil%d", n, n, n, n, n)
}

var tram = []string{
	"Seven killed as tram derails in Croydon tunnel", "Tram derails in Croydon tunnel, seven killed",
	"Croydon tram derails in tunnel and kills seven", "Seven dead after tram derails in Croydon tunnel",
}

func TestOldestLoneArticlesLeaveFirst(t *testing.T) {
	const most = 50
	d := newDesk(t, most)
	alone := d.other()
	d.add(alone)
	story := d.add(tram[0])
	for _, title := range tram[1:3] {
		if got := d.add(title); got.Story != story.Story {
			t.Fatalf("%q: %+v, want story %s", title, got, story.Story)
		}
	}
	var titles []string
	for range 4 * most {
		titles = append(titles, d.other())
		d.add(titles[len(titles)-1])
	}
	d.Reconsider(d.now)
	d.check()
	if got := d.add(tram[3]); got.Story != story.Story {
		t.Errorf("a report of an old story of several voices: %+v, want story %s", got, story.Story)
	}
	if got := d.add(titles[len(titles)-10]); got.CopyOf == "" {
		t.Errorf("a copy of a young lone article: %+v, want it to be known as one", got)
	}
	if got := d.add(alone); !got.Founded {
		t.Errorf("a copy of the oldest lone article: %+v, want a new story", got)
	}
}

func TestCopiesLeaveBeforeVoices(t *testing.T) {
	const most = 50
	d := newDesk(t, most)
	story := d.add(tram[0])
	d.add(tram[1])
	for i := range 4 * most {
		if got := d.add(tram[i%2]); got.CopyOf == "" {
			t.Fatalf("copy %d: %+v", i, got)
		}
	}
	lone := d.other()
	d.add(lone)
	if s := d.story(story.Story); s == nil || len(s.members) != 2 {
		t.Fatalf("after a flood of copies the story is %+v, want it with both voices", s)
	}
	if got := d.add(lone); got.CopyOf == "" {
		t.Errorf("after a flood of copies a lone article is forgotten: %+v", got)
	}
}

func TestAmongStoriesTheOldestArticleLeaves(t *testing.T) {
	const most = 20
	d := newDesk(t, most)
	var stories []string
	for range 2 * most {
		words := strings.Fields(d.other())
		story := d.add(strings.Join(words, " ")).Story
		slices.Reverse(words)
		if got := d.add(strings.Join(words, " ")); got.Story != story || got.CopyOf != "" {
			t.Fatalf("%+v, want a voice of %s", got, story)
		}
		stories = append(stories, story)
	}
	for i, id := range stories[len(stories)-most/2+1:] {
		if d.story(id) == nil {
			t.Errorf("of the newest stories, number %d is gone", i)
		}
	}
	if d.story(stories[0]) != nil {
		t.Error("the oldest story is still there although there is no room")
	}
}

// TestOldNewsGoesWithItsTime has a new feed bring what is as old as it says.
func TestOldNewsGoesWithItsTime(t *testing.T) {
	d := newDesk(t, 1000)
	d.add(d.other())
	old := d.arrives(tram[0], d.now.Add(-71*time.Hour))
	if got := d.arrives(tram[1], d.now.Add(-70*time.Hour)); got.Story != old.Story {
		t.Errorf("another report of the time: %+v, want story %s", got, old.Story)
	}
	d.now = d.now.Add(3 * time.Hour)
	if got := d.add(tram[2]); !got.Founded {
		t.Errorf("a report long after: %+v, want a new story", got)
	}
	older := d.arrives("Storm Ottilie floods the harbour of Cuxhaven", d.now.Add(-100*time.Hour))
	d.add(d.other())
	if !older.Founded || d.story(older.Story) != nil {
		t.Errorf("an article from before the window: %+v, want it placed and then forgotten", older)
	}
}

func TestNothingIsLeftOfWhatIsGone(t *testing.T) {
	d := newDesk(t, 100)
	for i := range 1000 {
		if i%3 == 0 {
			d.add(tram[i%4] + fmt.Sprintf(" near Hamlet%d", i/60))
		} else {
			d.add(d.other())
		}
		if i%50 == 49 {
			d.Reconsider(d.now)
			d.check()
		}
	}
	d.Reconsider(d.now.Add(73 * time.Hour))
	left := len(d.byID) + len(d.alias) + len(d.names) + d.live.len() + len(d.index.stories) +
		len(d.copies.addresses) + len(d.copies.headings) + len(d.copies.shingles) +
		len(d.stories) - len(d.free) + len(d.copies.documents) - len(d.copies.free) + len(d.index.lists) - len(d.index.free)
	if left != 0 {
		t.Errorf("when all articles are forgotten, %d entries are left of them", left)
	}
}
