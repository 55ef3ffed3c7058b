package delivery

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tidings/digest"
	"tidings/subscriptions"
)

// known is what a chat was shown of the stories, also under other names.
func (d *Delivery) known(ctx context.Context, c subscriptions.Chat, stories []digest.Story) (map[string]digest.Memory, error) {
	ids := make([]string, len(stories))
	for i, s := range stories {
		ids[i] = s.ID
	}
	names, err := d.Archive.Names(ctx, ids)
	if err != nil {
		return nil, err
	}
	all := ids
	for _, others := range names {
		all = append(all, others...)
	}
	shown, err := d.Subscriptions.Shown(ctx, c, all)
	if err != nil {
		return nil, err
	}
	known := map[string]digest.Memory{}
	for _, id := range ids {
		for _, name := range append(names[id], id) {
			if m, ok := shown[name]; ok {
				known[id] = together(known[id], m)
			}
		}
	}
	return known, nil
}

// together are two memories as one.
func together(a, b digest.Memory) digest.Memory {
	if a.At.Before(b.At) {
		a.At = b.At
	}
	return digest.Memory{Outlets: max(a.Outlets, b.Outlets), Sentences: slices.Concat(a.Sentences, b.Sentences), At: a.At}
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

// Forget has the digests of a topic built anew, because other articles belong to
// it now.
func (d *Delivery) Forget(topicID string) { d.cache.drop(topicID + " ") }

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
