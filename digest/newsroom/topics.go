package newsroom

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tidings/digest"
	"tidings/digest/archive"
	"tidings/digest/query"
)

// TopicsChanged takes over the topics as the archive has them. A topic whose
// query is new finds its articles in the archive.
func (n *Newsroom) TopicsChanged(ctx context.Context) error {
	topics, err := n.Archive.Topics(ctx)
	if err != nil {
		return err
	}
	if err := n.takeOver(ctx, topics); err != nil {
		return err
	}
	for _, t := range topics {
		if err := n.lookBack(ctx, t); err != nil {
			return fmt.Errorf("look back for the topic %q: %w", t.Name, err)
		}
	}
	return nil
}

func (n *Newsroom) takeOver(ctx context.Context, topics []digest.Topic) error {
	stays := map[string]bool{}
	for _, t := range topics {
		stays[t.ID] = true
		if err := n.takeOverOne(ctx, t); err != nil {
			return err
		}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	for id := range n.topics {
		if !stays[id] {
			n.index.Remove(id)
			delete(n.topics, id)
			delete(n.matchers, id)
			delete(n.dirty, id)
		}
	}
	return nil
}

func (n *Newsroom) takeOverOne(ctx context.Context, t digest.Topic) error {
	n.mu.Lock()
	had, ok := n.topics[t.ID]
	n.mu.Unlock()
	if ok && fingerprint(had) == fingerprint(t) {
		return nil
	}
	q, err := query.Parse(t.Query)
	if err != nil {
		return fmt.Errorf("the query of the topic %q: %w", t.Name, err)
	}
	options := optionsOf(t)
	if options.Profile, err = n.profile(ctx, t); err != nil {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.index.Add(t.ID, q, options)
	n.topics[t.ID], n.matchers[t.ID] = t, q
	return nil
}

// fingerprint is what decides which articles a topic has.
func fingerprint(t digest.Topic) string {
	return strings.Join(append([]string{t.Query, strings.Join(t.Languages, ","), t.Strictness}, t.Feeds...), "\x00")
}

// takes reports whether a topic may have the articles of a feed.
func takes(t digest.Topic, f archive.Feed) bool {
	return len(t.Feeds) == 0 || slices.Contains(t.Feeds, f.URL) || f.Origin != "" && slices.Contains(t.Feeds, f.Origin)
}

// lookBack finds a topic's articles in the archive, once for each query.
func (n *Newsroom) lookBack(ctx context.Context, t digest.Topic) error {
	key := "looked back for " + t.ID
	done, err := n.Archive.Recall(ctx, key)
	if err != nil || done == fingerprintID(t) {
		return err
	}
	// What it learned was learned for another query.
	if err := n.Archive.Remember(ctx, profileName(t.ID), ""); err != nil {
		return err
	}
	if err := n.decide(ctx, t, n.Now().Add(-LookBack)); err != nil {
		return err
	}
	return n.Archive.Remember(ctx, key, fingerprintID(t))
}

func fingerprintID(t digest.Topic) string { return archive.ID(fingerprint(t)) }

func topicMatch(topicID string, a digest.Article, m query.Match) archive.TopicMatch {
	match := archive.TopicMatch{TopicID: topicID, ArticleID: a.ID, Seen: a.Seen, Score: m.Score, Needed: m.Needed}
	for _, t := range m.Terms {
		match.Terms = append(match.Terms, digest.Term{Text: t.Text, Weight: t.Weight, Where: t.Where})
	}
	return match
}
