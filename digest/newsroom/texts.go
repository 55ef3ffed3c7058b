package newsroom

import (
	"context"
	"errors"

	"tidings/digest"
	"tidings/digest/archive"
	"tidings/digest/feed"
)

// pageReaders is how many articles' pages are read at the same time.
const pageReaders = 4

// ReadInFull names the topics whose articles' pages are read for their text, in
// place of those that were named before.
func (n *Newsroom) ReadInFull(topics []string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.inFull = make(map[string]bool, len(topics))
	for _, name := range topics {
		n.inFull[archive.Fold(name)] = true
	}
}

// wantedInFull reports whether a topic wants an article's page to be read. The
// caller holds the lock.
func (n *Newsroom) wantedInFull(f archive.Filed) bool {
	if len(n.inFull) == 0 {
		return false
	}
	for _, m := range f.Topics {
		if n.inFull[archive.Fold(n.topics[m.TopicID].Name)] {
			return true
		}
	}
	return false
}

// ReadPages begins to read the pages of stored articles whose full text is
// wanted, and returns without waiting for them. Each is tried once.
func (n *Newsroom) ReadPages(ctx context.Context) error {
	begun := map[string]bool{}
	return n.Archive.WantingText(ctx, n.Now().Add(-Window), func(a digest.Article) bool {
		return n.begin(&n.readers, begun, a.ID, a.URL, func(func()) {
			if err := n.readPage(ctx, a); err != nil && ctx.Err() == nil {
				n.Log.Error("an article's page was read but could not be stored", "article", a.ID, "error", err)
			}
		})
	})
}

// readPage reads an article's page. The article stays as it is when the page
// gives no more of it than the feed did.
func (n *Newsroom) readPage(ctx context.Context, a digest.Article) error {
	page, err := n.Client.FullText(ctx, a.URL)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		if why, ok := errors.AsType[*feed.FetchError](err); ok && why.Postponed {
			return nil
		}
		n.Log.Debug("an article's page gave no text", "article", a.ID, "error", err)
		return n.Archive.TextTried(ctx, a.ID, "", "")
	}
	// What is being made findable by its words has the old text.
	n.deciding.Lock()
	defer n.deciding.Unlock()
	if len(page.Text) <= len(a.Text) || !n.sameArticle(a, page.Text) {
		return n.Archive.TextTried(ctx, a.ID, "", "")
	}
	if err := n.Archive.TextTried(ctx, a.ID, page.Text, page.Image); err != nil {
		return err
	}
	a.Text = page.Text
	n.grown(a)
	return nil
}

// sameArticle reports whether a text has at least half of the words of an
// article's title: a page may ask for consent or tell of something else.
func (n *Newsroom) sameArticle(a digest.Article, text string) bool {
	in := map[string]bool{}
	for _, w := range n.decider.Words(a.Language, text) {
		in[w.Stem] = true
	}
	all, found := 0, 0
	for _, w := range n.decider.Words(a.Language, a.Title) {
		if !w.Stop {
			all++
			if in[w.Stem] {
				found++
			}
		}
	}
	return 2*found >= all
}

// grown notes that an article has more text, so that it may belong to more topics.
func (n *Newsroom) grown(a digest.Article) {
	asked := asQueryArticle(a, n.decider.Words(a.Language, a.Title), n.decider.Words(a.Language, clip(a.Text)))
	matches := n.index.Match(asked)
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, topic := range n.carried[a.Story].topics {
		n.dirty[topic] = true
	}
	for _, m := range matches {
		n.dirty[m.Topic] = true
	}
}
