package delivery

import (
	"container/list"
	"context"
	"fmt"
	"slices"
	"sync"
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
	key := fmt.Sprintf("%s %s %d %d", topic.ID, topic.Query, since.UnixMilli(), until.UnixMilli())
	if page, ok := d.cache.get(key); ok {
		return page, nil
	}
	if d.Refresh != nil {
		if err := d.Refresh(ctx, topic.ID); err != nil {
			return digest.Digest{}, err
		}
	}
	composer, err := d.composer(ctx)
	if err != nil {
		return digest.Digest{}, err
	}
	defer func() { d.composers <- composer }()
	if page, ok := d.cache.get(key); ok {
		return page, nil
	}
	candidates, err := d.Archive.Candidates(ctx, topic.ID, since, until)
	if err != nil {
		return digest.Digest{}, err
	}
	page := composer.Compose(topic, since, until, candidates)
	if page.Failing, err = d.failing(ctx); err != nil {
		return digest.Digest{}, err
	}
	d.cache.put(key, page)
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

// cached bounds the digests that are kept to be shared.
const cached = 64

// cache keeps the digests built last.
type cache struct {
	mu    sync.Mutex
	order *list.List // of string, newest first
	pages map[string]digest.Digest
}

func newCache() *cache { return &cache{order: list.New(), pages: map[string]digest.Digest{}} }

func (c *cache) get(key string) (digest.Digest, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	page, ok := c.pages[key]
	return page, ok
}

func (c *cache) put(key string, page digest.Digest) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.pages[key]; !ok {
		c.order.PushFront(key)
	}
	c.pages[key] = page
	for c.order.Len() > cached {
		delete(c.pages, c.order.Remove(c.order.Back()).(string))
	}
}
