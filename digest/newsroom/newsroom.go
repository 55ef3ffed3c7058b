// Package newsroom takes news from the feeds into the archive, for as long as
// the program runs: poll -> read -> match -> group. It owns what is kept in
// memory for it: the standing queries, how common each word is, and the
// stories of the last days. How a feed is read, a query matched, or a story
// recognised is decided in digest/feed, digest/query and digest/cluster.
package newsroom

import (
	"context"
	"fmt"
	"hash/maphash"
	"log/slog"
	"runtime"
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

// mostLive is how many articles are live in the grouper at most: about 1.2 KB
// each. With them the program stays below 250 MB however many feeds it has.
const mostLive = 60_000

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
	// Callback is the public URL under which hubs reach [Newsroom.ServeHTTP],
	// without a slash at its end; empty when they cannot.
	Callback string
	// NextDue tells when a digest of each topic is due next, so that its feeds
	// are polled just before. It may be nil, and is asked often.
	NextDue func(context.Context) (map[string]time.Time, error)
	// Votes are the ids of the articles that were voted to be more and less of a
	// topic for everyone. It may be nil.
	Votes func(ctx context.Context, topicID string) (more, less []string, err error)
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
	// inFull are the folded names of the topics whose articles' pages are read.
	inFull map[string]bool
	// filed are the hashes of the ids of articles that may not be stored yet.
	filed map[uint64]bool
	seed  maphash.Seed

	// deciding guards decider, which reads articles when topics are decided.
	deciding sync.Mutex
	decider  *language.Analyzer

	// analyzers cut new articles into words; whoever takes one gives it back.
	analyzers chan *language.Analyzer
	// right is how many articles in a row were in the language that their feed says.
	right map[string]int

	// storing is held for reading between grouping articles and storing them, so
	// that second thoughts find in the archive what they are about.
	storing sync.RWMutex

	pollers crew // of feeds
	readers crew // of articles' pages
	// stores has one element for each poll that is being stored.
	stores  chan struct{}
	running sync.WaitGroup

	// hubs is nil without a Callback and before Start.
	hubs *feed.WebSub
}

// New is a Newsroom that knows nothing before Start.
func New(c Config) *Newsroom {
	words := query.NewFrequencies(c.Analyzer.Clone())
	n := &Newsroom{
		Config: c, words: words, index: query.NewIndex(words, c.Analyzer.Clone()), grouper: cluster.New(Window, mostLive),
		topics: map[string]digest.Topic{}, matchers: map[string]*query.Query{}, dirty: map[string]bool{},
		carried: map[string]carried{}, feedTopics: map[string]map[string]time.Time{}, filed: map[uint64]bool{}, seed: maphash.MakeSeed(),
		pollers: crew{places: make(chan struct{}, c.Workers)}, readers: crew{places: make(chan struct{}, pageReaders)}, stores: make(chan struct{}, mostStores),
		decider: c.Analyzer.Clone(), right: map[string]int{},
	}
	cutters := min(runtime.GOMAXPROCS(0), mostCutters)
	n.analyzers = make(chan *language.Analyzer, cutters)
	for range cutters {
		n.analyzers <- c.Analyzer.Clone()
	}
	return n
}

// mostStores bounds how many polls wait for the disk; their workers go on.
const mostStores = 256

// mostCutters bounds how many articles are cut into words at the same time: each
// analyzer has 4 MB.
const mostCutters = 4

// Start reads back what the archive holds: the stories of the last days and
// the topics.
func (n *Newsroom) Start(ctx context.Context) error {
	counted, err := n.recallWords(ctx)
	if err != nil {
		return err
	}
	if err := n.restore(ctx, !counted); err != nil {
		return fmt.Errorf("read back the last days: %w", err)
	}
	if err := n.openHubs(ctx); err != nil {
		return err
	}
	return n.TopicsChanged(ctx)
}

// read is articles in the order of their arrival, cut into words.
type read struct {
	articles []digest.Article
	cut      []words
}

// restore reads back the stories of the last days, and counts their words if
// nobody did. While some articles are read, others are cut and others grouped.
func (n *Newsroom) restore(ctx context.Context, count bool) error {
	parts := make(chan chan read, 2*cap(n.analyzers))
	var err error
	go func() {
		defer close(parts)
		err = n.readBack(ctx, parts)
	}()
	n.mu.Lock()
	defer n.mu.Unlock()
	for part := range parts {
		r := <-part
		for i, a := range r.articles {
			if count {
				n.words.Observe(asQueryArticle(a, r.cut[i].title, r.cut[i].text))
			}
			n.grouper.Restore(asClusterArticle(a, r.cut[i].title, r.cut[i].text), a.Story, a.CopyOf, a.Seen)
		}
	}
	return err
}

// readBack gives the articles of the last days, in parts that are being cut.
func (n *Newsroom) readBack(ctx context.Context, parts chan<- chan read) error {
	const atOnce = 200
	var articles []digest.Article
	give := func() {
		part, r := make(chan read, 1), read{articles: articles}
		articles = nil
		go func() {
			analyzer := <-n.analyzers
			defer func() { n.analyzers <- analyzer }()
			for _, a := range r.articles {
				r.cut = append(r.cut, cutWords(analyzer, a))
			}
			part <- r
		}()
		parts <- part
	}
	err := n.Archive.Articles(ctx, n.Now().Add(-Window), func(a digest.Article) error {
		if articles = append(articles, a); len(articles) == atOnce {
			give()
		}
		return ctx.Err()
	})
	if len(articles) > 0 {
		give()
	}
	return err
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
	for _, split := range changes.Splits {
		if err := n.Archive.Split(ctx, split.From, split.Into); err != nil {
			return err
		}
	}
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

// Wait returns when nothing is being fetched or stored.
func (n *Newsroom) Wait() { n.running.Wait() }
