package newsroom

import (
	"context"
	"slices"
	"time"

	"tidings/digest"
	"tidings/digest/query"
)

// Check says why the query of a topic makes none: as a [*query.SyntaxError] or
// a [*query.UselessError]. Its words are read in English, in its languages and
// in one more, which may be empty.
func (n *Newsroom) Check(t digest.Topic, language string) error {
	q, err := query.Parse(t.Query)
	if err != nil {
		return err
	}
	n.deciding.Lock()
	defer n.deciding.Unlock()
	return q.Useful(n.decider, append(slices.Clone(t.Languages), language)...)
}

const (
	// mostUnheard bounds the words of a topic that are looked for one by one;
	// fewFound, the articles that are read for most of them.
	mostUnheard = 20
	fewFound    = 10
)

// Unheard are the words that a topic wants and that no article has which was
// seen after a time, as they were typed.
func (n *Newsroom) Unheard(ctx context.Context, t digest.Topic, since time.Time) ([]string, error) {
	q, err := query.Parse(t.Query)
	if err != nil {
		return nil, err
	}
	languages := t.Languages
	if len(languages) == 0 {
		if languages, err = n.Archive.Languages(ctx); err != nil {
			return nil, err
		}
	}
	if err := n.IndexAll(ctx); err != nil {
		return nil, err
	}
	var unheard []string
	words := n.tokensByWord(q, languages)
	for _, w := range words[:min(len(words), mostUnheard)] {
		heard, err := n.heard(ctx, t, w, since)
		if err != nil {
			return nil, err
		}
		if !heard {
			unheard = append(unheard, w.text)
		}
	}
	return unheard, nil
}

// heard tells whether an article seen after a time has a word. What is found
// comes in no order of time, so of a word that is rare or old more are asked for.
func (n *Newsroom) heard(ctx context.Context, t digest.Topic, w sought, since time.Time) (bool, error) {
	for _, limit := range []int{fewFound, mostFound} {
		found, err := n.Archive.Search(ctx, w.tokens, t.Feeds, since, limit)
		if err != nil || len(found) > 0 {
			return len(found) > 0, err
		}
	}
	return false, nil
}

// sought is a word as it was typed, and what articles that have it are found by.
type sought struct {
	text   string
	tokens []string
}

// tokensByWord are the words of a query, without those that are function words
// in one of the languages.
func (n *Newsroom) tokensByWord(q *query.Query, languages []string) []sought {
	n.deciding.Lock()
	defer n.deciding.Unlock()
	var all []sought
	stop := map[string]bool{}
	for _, text := range q.Words() {
		for _, code := range languages {
			for _, w := range n.decider.Words(code, text) {
				i := slices.IndexFunc(all, func(s sought) bool { return s.text == w.Text })
				if i < 0 {
					i = len(all)
					all = append(all, sought{text: w.Text})
				}
				all[i].tokens = append(all[i].tokens, token(code, w.Stem))
				stop[w.Text] = stop[w.Text] || w.Stop
			}
		}
	}
	return slices.DeleteFunc(all, func(s sought) bool { return stop[s.text] })
}
