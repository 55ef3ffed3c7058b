package delivery

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tidings/digest"
	"tidings/subscriptions"
)

// known is what a chat was shown of the stories, also under the ids of stories
// that were merged into them.
func (d *Delivery) known(ctx context.Context, c subscriptions.Chat, stories []digest.Story) (map[string]digest.Memory, error) {
	ids := make([]string, len(stories))
	for i, s := range stories {
		ids[i] = s.ID
	}
	aliases, err := d.Archive.Aliases(ctx, ids)
	if err != nil {
		return nil, err
	}
	for alias := range aliases {
		ids = append(ids, alias)
	}
	shown, err := d.Subscriptions.Shown(ctx, c, ids)
	if err != nil {
		return nil, err
	}
	for alias, id := range aliases {
		old, ok := shown[alias]
		if !ok {
			continue
		}
		delete(shown, alias)
		m := shown[id]
		m.Sentences = append(old.Sentences, m.Sentences...)
		m.Outlets = max(m.Outlets, old.Outlets)
		if old.At.After(m.At) {
			m.At = old.At
		}
		shown[id] = m
	}
	return shown, nil
}

func (d *Delivery) composer(ctx context.Context) (*digest.Composer, error) {
	select {
	case c := <-d.composers:
		return c, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Compose builds the digest of a topic and window, or returns the one that was
// built for another chat.
func (d *Delivery) Compose(ctx context.Context, topic digest.Topic, since, until time.Time) (digest.Digest, error) {
	key := fmt.Sprintf("%s %q %q %s %q %d %d", topic.ID, topic.Query, topic.Strictness, topic.Languages, topic.Feeds, since.UnixMilli(), until.UnixMilli())
	return d.cache.once(ctx, key, func() (digest.Digest, error) { return d.compose(ctx, topic, since, until) })
}

func (d *Delivery) compose(ctx context.Context, topic digest.Topic, since, until time.Time) (digest.Digest, error) {
	if d.Refresh != nil {
		if err := d.Refresh(ctx, topic.ID); err != nil {
			return digest.Digest{}, err
		}
	}
	candidates, err := d.Archive.Candidates(ctx, topic.ID, since, until)
	if err != nil {
		return digest.Digest{}, err
	}
	failing, err := d.failing(ctx)
	if err != nil {
		return digest.Digest{}, err
	}
	composer, err := d.composer(ctx)
	if err != nil {
		return digest.Digest{}, err
	}
	defer func() { d.composers <- composer }()
	page := composer.Compose(topic, since, until, candidates)
	page.Failing = failing
	return page, nil
}

func (d *Delivery) failing(ctx context.Context) ([]string, error) {
	feeds, err := d.Archive.Feeds(ctx)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, f := range feeds {
		if f.Failures > 0 || f.Gone {
			names = append(names, fmt.Sprintf("%s (%s)", f.Outlet, f.Fault))
		}
	}
	slices.Sort(names)
	return names, nil
}
