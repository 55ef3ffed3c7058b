// Package cluster groups articles into stories as they arrive: a story is the
// articles that report one event, over all outlets.
//
// It owns the vectors, the index of live stories, the recognition of copies
// and the model that decides. It reads no text (digest/language does), stores
// nothing, and does not rank: after a restart the caller restores what was
// live. The same articles in the same order give the same stories.
package cluster

import (
	"cmp"
	"slices"
	"time"

	"tidings/digest/language"
)

// Article is what the grouper looks at. It keeps no reference to the words.
type Article struct {
	// ID names the article; it becomes the id of the story that it founds.
	ID string
	// Title and Text are the words of each, as language.Analyzer gives them.
	// Either may be empty. Of the text only the beginning is read.
	Title, Text []language.Word
	// Language is ISO 639-1, or empty when unknown.
	Language string
	// Outlet published the article and Owner owns the outlet; either may be empty.
	Outlet, Owner string
	// URL is the canonical address, or empty. Articles with one URL are one text.
	URL string
	// Published is when the outlet says it was published; zero when unknown,
	// and then the time of arrival rules. A time after the arrival is not believed.
	Published time.Time
}

// Placement is where an article went.
type Placement struct {
	// Story is the id of its story: the id of the story's first article.
	Story string
	// Founded says that the article is the first of its story.
	Founded bool
	// CopyOf is the id of the article whose text this one repeats, or empty.
	CopyOf string
	// Score is the probability that the article belongs to its story: of the
	// model for a join, 1 for a copy, and for a founder one minus that of the
	// best story that was refused.
	Score float64
}

// Grouper holds the live stories. One goroutine uses it at a time.
type Grouper struct {
	model      Model
	window     int64 // seconds
	most       int   // live articles
	now        int64 // unix seconds; never goes back
	arrivals   uint64
	founded    uint64
	reader     reader
	index      index
	copies     copies
	live       queue
	stories    []*story // by number; nil where free
	free       []uint32 // numbers
	byID       map[string]*story
	alias      map[string]*story   // ids of merged stories
	names      map[string][]string // those that a story has besides its own
	dirty      []*story            // to be reconsidered
	gone       int                 // of them, those that were buried meanwhile
	candidates []candidate         // of the last call of weigh
}

// New returns a grouper with the shipped model. An article is forgotten when
// window has passed since it arrived, and a story with its last article. Of more
// than most live articles, the oldest that are alone in their stories go first.
func New(window time.Duration, most int) *Grouper { return NewWith(window, most, Shipped()) }

// NewWith is New with another model, for measuring and training.
func NewWith(window time.Duration, most int, m Model) *Grouper {
	return &Grouper{
		model:  m,
		window: int64(window / time.Second),
		most:   most,
		reader: newReader(),
		index:  newIndex(),
		copies: newCopies(),
		byID:   make(map[string]*story),
		alias:  make(map[string]*story),
		names:  make(map[string][]string),
	}
}

// Add places an article that arrived at now.
func (g *Grouper) Add(a Article, now time.Time) Placement {
	d := g.arrive(&a, now)
	defer g.live.push(d, now.Unix())
	if same := g.copies.find(d); same != nil {
		same.copied = true
		d.copyOf = cmp.Or(same.copyOf, same.id)
		s := same.story.now()
		g.join(s, d)
		return Placement{Story: s.id, CopyOf: d.copyOf, Score: 1}
	}
	best, odds := g.choose(d)
	if best == nil || odds < 0 {
		g.found(a.ID, d)
		return Placement{Story: a.ID, Founded: true, Score: 1 - probability(odds)}
	}
	g.join(best, d)
	return Placement{Story: best.id, Score: probability(odds)}
}

// Restore puts an article back where Add or Reconsider had put it: in story,
// as a copy of copyOf unless that is empty, having arrived at at. Articles are
// restored in the order of their arrival, before the first Add.
func (g *Grouper) Restore(a Article, story, copyOf string, at time.Time) {
	d := g.arrive(&a, at)
	defer g.live.push(d, at.Unix())
	d.copyOf = copyOf
	if same := g.copies.find(d); same != nil && copyOf != "" {
		same.copied = true
	}
	if s := g.story(story); s != nil {
		g.join(s, d)
	} else {
		g.found(story, d)
	}
}

// story returns the live story of an id, which may be that of a merged one, or nil.
func (g *Grouper) story(id string) *story {
	if s := g.byID[id]; s != nil {
		return s
	}
	return g.alias[id].now()
}

// Choice is a live story as the model sees it for one article.
type Choice struct {
	Story    string   // its id
	Features Features // what the model weighs
	Text     bool     // that both the article and the story have text
	Odds     float64  // log odds that the article belongs to it
}

// Choices returns the stories that Add would weigh for the article, best
// first, without placing it. A copy is weighed like any other article.
func (g *Grouper) Choices(a Article, now time.Time) []Choice {
	d := g.arrive(&a, now)
	var out []Choice
	for _, c := range g.weigh(d, nil) {
		out = append(out, Choice{Story: c.story.id, Features: c.features, Text: c.text == 1, Odds: c.odds})
	}
	return out
}

// arrive moves the clock, forgets what is too old and reads the article.
func (g *Grouper) arrive(a *Article, now time.Time) *document {
	g.now = max(g.now, now.Unix())
	g.expire()
	d := g.reader.read(a)
	g.arrivals++
	d.serial = g.arrivals
	d.time, d.timeless = g.now, a.Published.IsZero()
	if !a.Published.IsZero() {
		d.time = min(d.time, a.Published.Unix())
	}
	return d
}

// expire forgets the articles that arrived before the window, and makes room
// for one more.
func (g *Grouper) expire() {
	for d := g.live.past(g.now - g.window); d != nil; d = g.live.past(g.now - g.window) {
		g.forget(d)
	}
	for g.live.len() >= g.most {
		g.forget(g.live.least())
	}
}

// forget takes an article out of every table, and its story when it was the last.
func (g *Grouper) forget(d *document) {
	g.copies.remove(d)
	s := d.story.now()
	s.remove(d)
	if s.live == 0 {
		g.bury(s)
	}
}

func (g *Grouper) found(id string, d *document) { g.join(g.open(id, d.time), d) }

// open makes a story that has no article yet.
func (g *Grouper) open(id string, at int64) *story {
	g.founded++
	s := &story{id: id, serial: g.founded, first: at, last: at}
	if n := len(g.free); n > 0 {
		s.number = g.free[n-1]
		g.free = g.free[:n-1]
		g.stories[s.number] = s
	} else {
		s.number = uint32(len(g.stories))
		g.stories = append(g.stories, s)
	}
	g.byID[id] = s
	return s
}

func (g *Grouper) join(s *story, d *document) {
	d.story = s
	s.live++
	s.last = max(s.last, d.time)
	s.first = min(s.first, d.time)
	g.copies.add(d)
	if d.copyOf != "" && s.voices > 0 {
		d.terms = nil
		return // the same voice again moves the story's clock and nothing else
	}
	g.reader.count(d)
	s.add(d, &g.index)
	g.changed(s)
}

// changed has the story reconsidered.
func (g *Grouper) changed(s *story) {
	if !s.dirty {
		s.dirty = true
		g.dirty = append(g.dirty, s)
	}
}

// bury takes a story out of every table.
func (g *Grouper) bury(s *story) {
	for i := range s.terms {
		g.index.remove(s.terms[i].id, s.number)
	}
	for _, id := range g.names[s.id] {
		delete(g.alias, id)
	}
	delete(g.names, s.id)
	g.retire(s)
}

// retire frees the number of a story that is out of the index.
func (g *Grouper) retire(s *story) {
	s.buried, s.terms, s.members = true, nil, nil
	if s.dirty {
		g.tidy()
	}
	delete(g.byID, s.id)
	g.stories[s.number] = nil
	g.free = append(g.free, s.number)
}

// tidy notes that one more story of those to be reconsidered is buried. When
// many are, they are dropped.
func (g *Grouper) tidy() {
	if g.gone++; g.gone > maxStories && g.gone > len(g.dirty)/8 {
		g.dirty, g.gone = slices.DeleteFunc(g.dirty, func(s *story) bool { return s.buried }), 0
	}
}
