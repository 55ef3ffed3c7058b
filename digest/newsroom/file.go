package newsroom

import (
	"context"
	"hash/maphash"
	"slices"
	"time"

	"tidings/digest"
	"tidings/digest/archive"
	"tidings/digest/feed"
	"tidings/digest/language"
)

// file reads the items of a feed that are not known, oldest first, and finds
// out what each belongs to.
func (n *Newsroom) file(ctx context.Context, f archive.Feed, parsed *feed.Feed, now time.Time) ([]archive.Filed, error) {
	articles := make([]digest.Article, 0, len(parsed.Items))
	ids := make([]string, 0, len(parsed.Items))
	seen := make(map[string]bool, len(parsed.Items))
	for _, item := range parsed.Items {
		a := article(f, parsed, item, now)
		if a.Title == "" || seen[a.ID] {
			continue
		}
		seen[a.ID] = true
		articles, ids = append(articles, a), append(ids, a.ID)
	}
	known, err := n.Archive.Known(ctx, f.ID, ids)
	if err != nil {
		return nil, err
	}
	var again []string
	articles = slices.DeleteFunc(articles, func(a digest.Article) bool {
		brought, stored := known[a.ID]
		if stored && !brought {
			again = append(again, a.ID)
		}
		return stored
	})
	slices.SortStableFunc(articles, func(a, b digest.Article) int { return a.Published.Compare(b.Published) })
	filed, twice := n.fileAll(f, parsed, articles, now)
	return filed, n.brought(ctx, f, append(again, twice...))
}

// fileAll finds out what each of some new articles belongs to. twice are the
// ids of those that another feed brought a moment ago and did not store yet.
func (n *Newsroom) fileAll(f archive.Feed, parsed *feed.Feed, articles []digest.Article, now time.Time) (filed []archive.Filed, twice []string) {
	cut := n.cut(f.ID, articles)
	filed = make([]archive.Filed, 0, len(articles))
	n.mu.Lock()
	defer n.mu.Unlock()
	for i, a := range articles {
		key := maphash.String(n.seed, a.ID)
		if n.filed[key] {
			twice = append(twice, a.ID)
			continue
		}
		n.filed[key] = true
		one := n.fileOne(f, a, cut[i])
		// Without an address of its own, an article has the site's.
		one.FullText = a.URL != parsed.Link && now.Sub(a.Published) < Window && (f.FullText || n.wantedInFull(one))
		filed = append(filed, one)
	}
	return filed, twice
}

// brought stores that a feed brought articles that another brought first, and
// notes that they may belong to the topics of this feed.
func (n *Newsroom) brought(ctx context.Context, f archive.Feed, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	if err := n.Archive.Brought(ctx, f.ID, ids); err != nil {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	for id, t := range n.topics {
		if len(t.Feeds) > 0 && takes(t, f) {
			n.dirty[id] = true
		}
	}
	return nil
}

// words are an article's, cut.
type words struct{ title, text []language.Word }

func cutWords(a *language.Analyzer, article digest.Article) words {
	return words{a.Words(article.Language, article.Title), a.Words(article.Language, clip(article.Text))}
}

// cut finds out in which language each article of a feed is and cuts it into words.
func (n *Newsroom) cut(feedID string, articles []digest.Article) []words {
	if len(articles) == 0 {
		return nil
	}
	n.mu.Lock()
	right := n.right[feedID]
	n.mu.Unlock()
	analyzer := <-n.analyzers
	right = checkLanguages(analyzer, articles, right)
	cut := make([]words, len(articles))
	for i, a := range articles {
		cut[i] = cutWords(analyzer, a)
	}
	n.analyzers <- analyzer
	n.mu.Lock()
	n.right[feedID] = right
	n.mu.Unlock()
	return cut
}

const (
	// certain is the confidence from which on an article's own words count more
	// than what its feed says of the language.
	certain = 0.95
	// trusted is how many articles in a row that read as their feed says it are
	// enough to believe the feed, and checkEvery, for how many others.
	trusted    = 3
	checkEvery = 20
)

// checkLanguages says in which language each article of a feed is. The feed may
// say nothing of it, or the wrong one. right is how many in a row were in the
// language that it said; the new count is returned.
func checkLanguages(analyzer *language.Analyzer, articles []digest.Article, right int) int {
	for i := range articles {
		a := &articles[i]
		if a.Language != "" && right >= trusted && right%checkEvery != 0 {
			right++
			continue
		}
		switch code, sure := analyzer.Detect(a.Title + "\n" + clip(a.Text)); {
		case code == a.Language:
			right++
		case code != "" && (a.Language == "" || sure >= certain):
			a.Language, right = code, 0
		}
	}
	return right
}

// fileOne finds out what an article belongs to.
func (n *Newsroom) fileOne(f archive.Feed, a digest.Article, cut words) archive.Filed {
	asked := asQueryArticle(a, cut.title, cut.text)
	n.words.Observe(asked)
	placement := n.grouper.Add(asClusterArticle(a, cut.title, cut.text), a.Seen)
	a.Story = placement.Story
	if placement.CopyOf != a.ID { // else it was grouped before and could not be stored
		a.CopyOf = placement.CopyOf
	}
	filed := archive.Filed{FeedID: f.ID, Article: a}
	for _, m := range n.index.Match(asked) {
		if takes(n.topics[m.Topic], f) {
			filed.Topics = append(filed.Topics, topicMatch(m.Topic, a, m))
			n.touch(m.Topic, a.Story, f.ID)
		}
	}
	for _, topic := range n.carried[a.Story].topics {
		if takes(n.topics[topic], f) {
			n.touch(topic, a.Story, f.ID)
		}
	}
	return filed
}

// carried is which topics a story has, as far as they were decided lately.
type carried struct {
	topics []string
	at     time.Time
}

// touch notes that something new may belong to a topic.
func (n *Newsroom) touch(topic, story, feedID string) {
	n.dirty[topic] = true
	now := n.Now()
	c := n.carried[story]
	if !slices.Contains(c.topics, topic) {
		c.topics = append(c.topics, topic)
	}
	c.at = now
	n.carried[story] = c
	feeds := n.feedTopics[feedID]
	if feeds == nil {
		feeds = map[string]time.Time{}
		n.feedTopics[feedID] = feeds
	}
	feeds[topic] = now
}

// forget drops what is remembered of stories that are long past, and of
// articles: nothing is being stored. The caller holds both locks.
func (n *Newsroom) forget(now time.Time) {
	n.filed = map[uint64]bool{}
	for story, c := range n.carried {
		if now.Sub(c.at) > Window {
			delete(n.carried, story)
		}
	}
	for id, topics := range n.feedTopics {
		for topic, at := range topics {
			if now.Sub(at) > feedMemory {
				delete(topics, topic)
			}
		}
		if len(topics) == 0 {
			delete(n.feedTopics, id)
		}
	}
}

// feedMemory is how long a feed counts as one of a topic that it had an
// article of.
const feedMemory = 7 * 24 * time.Hour

// needed is when a digest next wants a feed to be fresh, or zero.
func (n *Newsroom) needed(ctx context.Context, feedID string) time.Time {
	if n.NextDue == nil {
		return time.Time{}
	}
	n.mu.Lock()
	topics := make([]string, 0, len(n.feedTopics[feedID]))
	for topic := range n.feedTopics[feedID] {
		topics = append(topics, topic)
	}
	n.mu.Unlock()
	if len(topics) == 0 {
		return time.Time{}
	}
	due, err := n.NextDue(ctx)
	if err != nil {
		n.Log.Warn("it is not known when the next digests are due", "error", err)
		return time.Time{}
	}
	var first time.Time
	for _, topic := range topics {
		if at, ok := due[topic]; ok && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	return first
}

// article is what an item says, as far as it can be trusted.
func article(f archive.Feed, parsed *feed.Feed, item feed.Item, now time.Time) digest.Article {
	key := feed.Key(item.URL)
	if item.URL == "" {
		key = f.URL + "\x00" + item.ID
	}
	a := digest.Article{
		ID: archive.ID("article", key), URL: item.URL, Title: item.Title, Text: item.Text, Language: f.Language,
		Image: item.Image, Outlet: f.Outlet, Owner: f.Owner, Country: f.Country, Published: item.Published, Seen: now,
	}
	if a.URL == "" {
		a.URL = parsed.Link
	}
	if a.Language == "" {
		a.Language = item.Language
	}
	if a.Published.IsZero() || a.Published.After(now) {
		a.Published = now
	}
	if f.Changed.IsZero() {
		// What a new feed brings is as old as it says, not as new as the feed.
		a.Seen = a.Published
	}
	return a
}
