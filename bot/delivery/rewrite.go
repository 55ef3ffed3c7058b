package delivery

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"tidings/digest"
	"tidings/digest/summary"
	"tidings/subscriptions"
)

// Rewriter says a headline and sentences, which are in the language from, in
// its own words in the language to. See [summary.Model.Rewrite].
type Rewriter func(ctx context.Context, headline string, sentences []string, from, to string) (summary.Rewritten, error)

const (
	// rewriteWithin bounds how long a digest waits for a model; the stories that
	// are not done by then stay in their sources' words.
	rewriteWithin = 8 * time.Second
	// rewrittenAtOnce is how many stories a model is asked about at a time.
	rewrittenAtOnce = 4
)

// Rewrite asks the model for every story of a page, in the chat's language, if
// there is a model. What a chat was told is remembered in the sources' words
// all the same.
func (d *Delivery) Rewrite(ctx context.Context, c subscriptions.Chat, page *Page) error {
	if d.Rewriter == nil || len(page.Stories) == 0 {
		return nil
	}
	settings, err := d.Subscriptions.Settings(ctx, c)
	if err != nil {
		return err
	}
	language := cmp.Or(settings.Language, d.Language)
	ctx, cancel := context.WithTimeout(ctx, rewriteWithin)
	defer cancel()
	page.Stories = slices.Clone(page.Stories)
	free := make(chan struct{}, rewrittenAtOnce)
	var all sync.WaitGroup
	for i := range page.Stories {
		s := &page.Stories[i]
		if len(s.Said()) == 0 {
			continue
		}
		all.Go(func() {
			select {
			case free <- struct{}{}:
				defer func() { <-free }()
				d.rewriteStory(ctx, s, language)
			case <-ctx.Done():
				s.OwnWords = true
			}
		})
	}
	all.Wait()
	return nil
}

func (d *Delivery) rewriteStory(ctx context.Context, s *digest.Story, language string) {
	said := s.Said()
	texts := make([]string, len(said))
	for i, sentence := range said {
		texts[i] = sentence.Text
	}
	from := said[0].Article.Language
	got, err := d.Rewriter(ctx, s.Title, texts, from, cmp.Or(language, from))
	if err != nil {
		s.OwnWords = true
		if !errors.Is(err, summary.ErrResting) && !errors.Is(err, summary.ErrBudget) {
			d.Log.Warn("a story stays in its sources' words", "story", s.ID, "why", err)
		}
		return
	}
	s.Rewritten = &digest.Rewritten{Title: got.Headline}
	for _, sentence := range got.Sentences {
		cited := digest.Cited{Text: sentence.Text}
		for _, i := range sentence.Cites {
			if a := said[i].Article; !slices.ContainsFunc(cited.Articles, func(b digest.Article) bool { return b.ID == a.ID }) {
				cited.Articles = append(cited.Articles, a)
			}
		}
		s.Rewritten.Sentences = append(s.Rewritten.Sentences, cited)
	}
}
