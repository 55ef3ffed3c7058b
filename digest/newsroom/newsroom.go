// Package newsroom takes news from the feeds into the archive, for as long as
// the program runs: poll -> read -> match -> group. It owns what is kept in
// memory for it: the standing queries, how common each word is, and the
// stories of the last days. How a feed is read, a query matched, or a story
// recognised is decided in digest/feed, digest/query and digest/cluster.
package newsroom

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"tidings/digest"
	"tidings/digest/archive"
	"tidings/digest/cluster"
	"tidings/digest/feed"
	"tidings/digest/language"
	"tidings/digest/query"
)

// Window is how long a story takes in further articles.
const Window = 72 * time.Hour

// LookBack is how far back a new topic finds its articles.
const LookBack = 30 * 24 * time.Hour

// Config is what a Newsroom needs.
type Config struct {
	Archive *archive.Archive
	Client  *feed.Client
	// Analyzer belongs to the newsroom from then on.
	Analyzer *language.Analyzer
	// Interval is the time between two polls of a feed of which nothing better is known.
	Interval time.Duration
	// Workers is how many feeds are polled at the same time, at least one.
	Workers int
	// NextDue tells when a digest of each topic is due next, so that its feeds
	// are polled just before. It may be nil, and is asked often.
	NextDue func(context.Context) (map[string]time.Time, error)
	// Now is the clock.
	Now func() time.Time
	Log *slog.Logger
}

// Newsroom is safe for concurrent use.
type Newsroom struct {
	Config

	// mu guards what reading an article uses and changes.
	mu       sync.Mutex
	words    *query.Frequencies
	index    *query.Index
	grouper  *cluster.Grouper
	topics   map[string]digest.Topic
	matchers map[string]*query.Query
	// dirty are the topics to which something new may belong since they were decided.
	dirty map[string]bool
	// carried is which topics a story has; feedTopics, which a feed had articles of.
	carried    map[string]carried
	feedTopics map[string]map[string]time.Time
	// filed are the articles of the last hour, which may not be stored yet.
	filed map[string]time.Time

	// deciding guards decider, which reads articles when topics are decided.
	deciding sync.Mutex
	decider  *language.Analyzer

	// detecting guards detector, which tells in which language articles are.
	detecting sync.Mutex
	detector  *language.Analyzer

	// storing is held for reading between grouping articles and storing them, so
	// that second thoughts find in the archive what they are about.
	storing sync.RWMutex

	// polling has the ids of the feeds that are being polled.
	polling sync.Map
	busy    chan struct{}
	running sync.WaitGroup
}

// New is a Newsroom that knows nothing before Start.
func New(c Config) *Newsroom {
	words := query.NewFrequencies(c.Analyzer.Clone())
	return &Newsroom{
		Config: c, words: words, index: query.NewIndex(words, c.Analyzer.Clone()), grouper: cluster.New(Window),
		topics: map[string]digest.Topic{}, matchers: map[string]*query.Query{}, dirty: map[string]bool{},
		carried: map[string]carried{}, feedTopics: map[string]map[string]time.Time{}, filed: map[string]time.Time{},
		busy: make(chan struct{}, c.Workers), decider: c.Analyzer.Clone(), detector: c.Analyzer.Clone(),
	}
}

// Start reads back what the archive holds: the stories of the last days and
// the topics.
func (n *Newsroom) Start(ctx context.Context) error {
	counted, err := n.recallWords(ctx)
	if err != nil {
		return err
	}
	n.mu.Lock()
	err = n.Archive.Articles(ctx, n.Now().Add(-Window), func(a digest.Article) error {
		title, text := n.read(a)
		if !counted {
			n.words.Observe(asQueryArticle(a, title, text))
		}
		n.grouper.Restore(asClusterArticle(a, title, text), a.Story, a.CopyOf, a.Seen)
		return ctx.Err()
	})
	n.mu.Unlock()
	if err != nil {
		return fmt.Errorf("read back the last days: %w", err)
	}
	return n.TopicsChanged(ctx)
}

// read cuts an article into words.
func (n *Newsroom) read(a digest.Article) (title, text []language.Word) {
	return n.Analyzer.Words(a.Language, a.Title), n.Analyzer.Words(a.Language, clip(a.Text))
}

// readBytes bounds how much of an article's text is looked at; the event is in
// its beginning.
const readBytes = 2000

func clip(text string) string {
	if len(text) <= readBytes {
		return text
	}
	end := readBytes
	for end > 0 && text[end]&0xC0 == 0x80 {
		end--
	}
	return text[:end]
}

func asQueryArticle(a digest.Article, title, text []language.Word) query.Article {
	return query.Article{Title: title, Text: text, Language: a.Language, Outlet: a.Outlet}
}

func asClusterArticle(a digest.Article, title, text []language.Word) cluster.Article {
	return cluster.Article{
		ID: a.ID, Title: title, Text: text, Language: a.Language, Outlet: a.Outlet, Owner: a.Owner,
		URL: a.URL, Published: a.Published,
	}
}

// Reconsider gives the stories second thoughts and stores what they changed.
func (n *Newsroom) Reconsider(ctx context.Context) error {
	n.storing.Lock()
	defer n.storing.Unlock()
	n.mu.Lock()
	changes := n.grouper.Reconsider(n.Now())
	n.forget(n.Now())
	n.mu.Unlock()
	moves := make([]archive.Move, len(changes.Moves))
	for i, m := range changes.Moves {
		moves[i] = archive.Move{Article: m.Article, Story: m.To}
	}
	if err := n.Archive.MoveArticles(ctx, moves); err != nil {
		return err
	}
	for _, m := range changes.Merges {
		if err := n.Archive.Merge(ctx, m.From, m.Into); err != nil {
			return err
		}
	}
	return nil
}

// Wait returns when no feed is being polled.
func (n *Newsroom) Wait() { n.running.Wait() }
