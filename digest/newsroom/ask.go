package newsroom

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"tidings/digest"
)

// Related are the ids of at most count live stories near a story, best first.
func (n *Newsroom) Related(story string, count int) []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.grouper.Related(story, count)
}

// Trial says what a topic would have matched.
type Trial struct {
	// Articles, Stories and Owners count what it would have taken.
	Articles, Stories, Owners int
	// Barely are the articles that it only just took, and Nearly those that it
	// only just did not, the nearest first; at most three of each, of as many
	// stories.
	Barely, Nearly []Match
}

// Try tells what a topic, stored or not, would have matched since a time.
func (n *Newsroom) Try(ctx context.Context, t digest.Topic, since time.Time) (Trial, error) {
	belong, nearly, _, err := n.Consider(ctx, t, since)
	if err != nil {
		return Trial{}, err
	}
	stories, owners := map[string]bool{}, map[string]bool{}
	for _, m := range belong {
		stories[m.Article.Story], owners[m.Article.Owner] = true, true
	}
	trial := Trial{Articles: len(belong), Stories: len(stories), Owners: len(owners)}
	slices.SortStableFunc(belong, func(a, b Match) int { return cmp.Compare(a.Score-a.Needed, b.Score-b.Needed) })
	trial.Barely = ofOtherStories(belong, map[string]bool{})
	trial.Nearly = ofOtherStories(nearly, stories)
	return trial, nil
}

// ofOtherStories are the first three matches of stories that are not in told,
// one of each.
func ofOtherStories(all []Match, told map[string]bool) []Match {
	var few []Match
	for _, m := range all {
		if !told[m.Article.Story] && len(few) < 3 {
			told[m.Article.Story] = true
			few = append(few, m)
		}
	}
	return few
}

// TopicChanged is [Newsroom.TopicsChanged] for one topic that was stored.
func (n *Newsroom) TopicChanged(ctx context.Context, t digest.Topic) error {
	if err := n.takeOverOne(ctx, t); err != nil {
		return err
	}
	if err := n.lookBack(ctx, t); err != nil {
		return fmt.Errorf("look back for the topic %q: %w", t.Name, err)
	}
	return nil
}

// Drop retires a topic that was made in a chat.
func (n *Newsroom) Drop(ctx context.Context, topicID string) error {
	if err := n.Archive.RetireTopic(ctx, topicID, n.Now()); err != nil {
		return err
	}
	// Should the topic come back, it looks back over what it missed.
	if err := n.Archive.Remember(ctx, "looked back for "+topicID, ""); err != nil {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.index.Remove(topicID)
	delete(n.topics, topicID)
	delete(n.matchers, topicID)
	delete(n.dirty, topicID)
	return nil
}
