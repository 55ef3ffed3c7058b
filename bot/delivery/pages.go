package delivery

import (
	"cmp"
	"context"
	"slices"
	"time"

	"tidings/digest"
	"tidings/subscriptions"
)

// Page is a digest as one chat gets it. Its maps are by story id.
type Page struct {
	digest.Digest
	// Known is what the chat was shown of the stories before.
	Known map[string]digest.Memory
	// Followed are the stories that the chat follows, Pinned those that an
	// admin has picked.
	Followed, Pinned map[string]bool
	// Muted is how many stories are left out because the chat muted them.
	Muted int
}

// Entries are what the numbers of the page stand for.
func (p Page) Entries() []subscriptions.Entry {
	entries := make([]subscriptions.Entry, len(p.Stories))
	for i, s := range p.Stories {
		_, known := p.Known[s.ID]
		entries[i] = subscriptions.Entry{
			Topic: p.Topic.ID, Story: s.ID, Title: headline(s.Title, shortTitle), Since: p.Since, Until: p.Until, Known: known,
		}
	}
	return entries
}

// ForChat is the digest of a topic and window for a chat: without the stories
// it muted, those it follows however small, and of what it was shown before
// only what is new.
func (d *Delivery) ForChat(ctx context.Context, c subscriptions.Chat, topic digest.Topic, since, until time.Time) (Page, error) {
	p, err := d.Asked(ctx, c, topic, since, until)
	if err != nil {
		return Page{}, err
	}
	if err := d.addFollowed(ctx, &p); err != nil {
		return Page{}, err
	}
	if p.Known, err = d.known(ctx, c, slices.Concat(p.Stories, p.Spare)); err != nil {
		return Page{}, err
	}
	composer, err := d.composer(ctx)
	if err != nil {
		return Page{}, err
	}
	defer func() { d.composers <- composer }()
	p.Digest = composer.ForChat(p.Digest, p.Known)
	p.keepFollowed()
	return p, nil
}

// Asked is the digest of a topic and window for a chat that asks for it,
// whatever it was shown before.
func (d *Delivery) Asked(ctx context.Context, c subscriptions.Chat, topic digest.Topic, since, until time.Time) (Page, error) {
	whole, err := d.Compose(ctx, topic, since, until)
	if err != nil {
		return Page{}, err
	}
	p := Page{Digest: whole}
	if _, err := d.mark(ctx, c, &p); err != nil {
		return Page{}, err
	}
	return p, d.personal(ctx, c, &p)
}

const (
	// tasteWeight is what a story gains that is wholly to a chat's taste.
	tasteWeight = 1.5
	// tasted bounds the articles of a story that are looked at for it.
	tasted = 8
)

// personal puts the stories in the order that suits a chat's votes, and one
// that it likes better in place of another.
func (d *Delivery) personal(ctx context.Context, c subscriptions.Chat, p *Page) error {
	all := slices.Concat(p.Stories, p.Spare)
	if d.Taste == nil || len(all) < 2 {
		return nil
	}
	votes, err := d.Subscriptions.Votes(ctx, c, p.Topic.ID)
	if err != nil || len(votes) == 0 {
		return err
	}
	taste, err := d.Taste(ctx, votes)
	if err != nil {
		return err
	}
	for i := range all {
		all[i].Score.Yours = tasteWeight * liking(all[i], votes, taste)
	}
	slices.SortStableFunc(all, func(a, b digest.Story) int { return cmp.Compare(b.Score.Total(), a.Score.Total()) })
	p.Digest = p.Ranked(all)
	return nil
}

// liking is how much a chat likes a story, from 1 to -1: what it last said of
// one of its articles, else how its first voices suit its taste.
func liking(s digest.Story, votes []subscriptions.Vote, taste func(digest.Article) float64) float64 {
	for _, v := range slices.Backward(votes) {
		if slices.ContainsFunc(s.Articles, func(a digest.Article) bool { return a.ID == v.Article }) {
			if v.More {
				return 1
			}
			return -1
		}
	}
	voices := s.Sources[:min(len(s.Sources), tasted)]
	sum := 0.0
	for _, a := range voices {
		sum += taste(a)
	}
	return sum / float64(max(len(voices), 1))
}

// mark takes the muted stories out of a page, notes which are followed, and
// tells which are muted.
func (d *Delivery) mark(ctx context.Context, c subscriptions.Chat, p *Page) (muted map[string]bool, err error) {
	marks, err := d.Marks(ctx, c)
	if err != nil || len(marks) == 0 {
		return nil, err
	}
	subs, err := d.Subscriptions.Of(ctx, c)
	if err != nil {
		return nil, err
	}
	subscribed := func(topic string) bool {
		return slices.ContainsFunc(subs, func(s subscriptions.Subscription) bool { return s.TopicID == topic })
	}
	p.Followed, muted = map[string]bool{}, map[string]bool{}
	for _, m := range slices.Backward(marks) {
		delete(muted, m.Story)
		delete(p.Followed, m.Story)
		switch {
		case m.Said.Mark == subscriptions.Mute:
			muted[m.Story] = true
		case m.Said.Topic == p.Topic.ID || !subscribed(m.Said.Topic):
			p.Followed[m.Story] = true
		}
	}
	all := len(p.Stories) + len(p.Spare)
	p.Digest = p.Without(muted)
	p.Muted = all - len(p.Stories) - len(p.Spare)
	return muted, nil
}

// Mark is what a chat wants of a story.
type Mark struct {
	Story string             // under the id that it has now
	Said  subscriptions.Mark // of that, or of what it was merged with or is a part of
	Part  bool               // it was cut off from the story that was marked
}

// Marks are a chat's marks, newest first. What was said of a story holds for those
// that were cut off from it, until something is said of them.
func (d *Delivery) Marks(ctx context.Context, c subscriptions.Chat) ([]Mark, error) {
	said, err := d.Subscriptions.Marks(ctx, c)
	if err != nil || len(said) == 0 {
		return nil, err
	}
	ids := make([]string, len(said))
	for i, m := range said {
		ids[i] = m.Story
	}
	parts, err := d.Archive.Parts(ctx, ids)
	if err != nil {
		return nil, err
	}
	var marks []Mark
	ids = ids[:0]
	for _, m := range said {
		for _, id := range append(parts[m.Story], m.Story) {
			marks, ids = append(marks, Mark{Said: m, Part: id != m.Story}), append(ids, id)
		}
	}
	if ids, err = d.Archive.Current(ctx, ids); err != nil {
		return nil, err
	}
	for i := range marks {
		marks[i].Story = ids[i]
	}
	return marks, nil
}

// addFollowed puts the followed stories on a page that have an article in its
// window and are too small, or otherwise not found, to be there.
func (d *Delivery) addFollowed(ctx context.Context, p *Page) error {
	var missing []string
	for id := range p.Followed {
		if !slices.ContainsFunc(p.Stories, func(s digest.Story) bool { return s.ID == id }) {
			missing = append(missing, id)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	slices.Sort(missing)
	stories, err := d.stories(ctx, p.Topic, missing, p.Since, p.Until)
	if err != nil {
		return err
	}
	p.Stories = slices.Clone(p.Stories)
	for _, s := range stories {
		if s.Updated.After(p.Since) {
			p.Stories = append(p.Stories, s)
		}
	}
	p.Spare = slices.DeleteFunc(slices.Clone(p.Spare), func(s digest.Story) bool { return p.Followed[s.ID] })
	return nil
}

// keepFollowed brings back the followed stories that more outlets report,
// though hardly more.
func (p *Page) keepFollowed() {
	var running []digest.Story
	for _, s := range p.Running {
		if more := len(s.Sources) - p.Known[s.ID].Outlets; p.Followed[s.ID] && more > 0 {
			s.Update = &digest.Update{Outlets: more}
			p.Stories = append(p.Stories, s)
		} else {
			running = append(running, s)
		}
	}
	p.Running = running
}

// stories composes these stories each by itself, in the given order.
func (d *Delivery) stories(ctx context.Context, topic digest.Topic, ids []string, since, until time.Time) ([]digest.Story, error) {
	candidates, err := d.Archive.Stories(ctx, topic.ID, ids, until)
	if err != nil {
		return nil, err
	}
	composer, err := d.composer(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { d.composers <- composer }()
	var stories []digest.Story
	for _, c := range candidates {
		one := composer.Compose(topic, since, until, []digest.Candidate{c}).Stories
		if len(one) == 0 {
			one = composer.Compose(topic, since, until, []digest.Candidate{fitting(c)}).Stories
		}
		stories = append(stories, one...)
	}
	return stories, nil
}

// fitting is a story of which every article belongs, whatever the topic says.
func fitting(c digest.Candidate) digest.Candidate {
	c.Fit = map[string]float64{}
	for _, a := range c.Articles {
		c.Fit[a.ID] = 1
	}
	return c
}

const (
	// topWindow is how far back top stories go.
	topWindow = 24 * time.Hour
	// topStories bounds the stories that are looked at for it.
	topStories = 30
	// keepPicks is how long a pick stays above.
	keepPicks = 72 * time.Hour
)

// Top are the stories that most outlets report lately, over all topics, under
// those that admins have picked.
func (d *Delivery) Top(ctx context.Context, c subscriptions.Chat) (Page, error) {
	until := d.Now().Truncate(time.Minute).Add(time.Minute)
	since := until.Add(-topWindow)
	whole, err := d.top(ctx, since, until)
	if err != nil {
		return Page{}, err
	}
	picks, err := d.Subscriptions.Picks(ctx, until.Add(-keepPicks))
	if err != nil {
		return Page{}, err
	}
	pinned, err := d.stories(ctx, whole.Topic, picks, since, until)
	if err != nil {
		return Page{}, err
	}
	p := Page{Digest: whole, Pinned: map[string]bool{}}
	muted, err := d.mark(ctx, c, &p)
	if err != nil {
		return Page{}, err
	}
	pinned = slices.DeleteFunc(pinned, func(s digest.Story) bool { return muted[s.ID] })
	for _, s := range pinned {
		p.Pinned[s.ID] = true
	}
	for _, s := range slices.Concat(p.Stories, p.Spare) {
		if !p.Pinned[s.ID] && len(pinned) < digest.MaxStories {
			pinned = append(pinned, s)
		}
	}
	p.Stories, p.Left = pinned, 0
	return p, nil
}

// top is the same for every chat.
func (d *Delivery) top(ctx context.Context, since, until time.Time) (digest.Digest, error) {
	key := "top " + until.String()
	if page, ok := d.cache.get(key); ok {
		return page, nil
	}
	ids, err := d.Archive.Biggest(ctx, since, topStories)
	if err != nil {
		return digest.Digest{}, err
	}
	candidates, err := d.Archive.Stories(ctx, "", ids, until)
	if err != nil {
		return digest.Digest{}, err
	}
	for i, c := range candidates {
		candidates[i] = fitting(c)
	}
	composer, err := d.composer(ctx)
	if err != nil {
		return digest.Digest{}, err
	}
	page := composer.Compose(digest.Topic{Name: "Top stories"}, since, until, candidates)
	d.composers <- composer
	d.cache.put(key, page)
	return page, nil
}
