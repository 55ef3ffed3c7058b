package newsroom

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"tidings/digest"
	"tidings/digest/archive"
	"tidings/digest/language"
	"tidings/digest/query"
)

const (
	// mostConsidered bounds the articles among which a topic's are chosen;
	// mostFound, those of them that are found by their words.
	mostConsidered = 2000
	mostFound      = 500
)

// Match is an article and how much of a topic is in it.
type Match struct {
	Article digest.Article
	query.Match
}

// Consider chooses, among the articles seen after a time, those that belong to
// a topic, stored or not: with all of them at hand, the articles of a story
// complete each other, and what the best have in common finds the rest.
// nearly are some that have words of it and do not belong.
func (n *Newsroom) Consider(ctx context.Context, t digest.Topic, since time.Time) (belong, nearly []Match, profile *query.Profile, err error) {
	q, err := query.Parse(t.Query)
	if err != nil {
		return nil, nil, nil, err
	}
	if err := n.IndexAll(ctx); err != nil {
		return nil, nil, nil, err
	}
	articles, err := n.candidates(ctx, t, q, since)
	if err != nil {
		return nil, nil, nil, err
	}
	more, less, err := n.voted(ctx, t)
	if err != nil {
		return nil, nil, nil, err
	}
	n.deciding.Lock()
	defer n.deciding.Unlock()
	asked, stories := n.asked(articles), make([]string, len(articles))
	for i, a := range articles {
		stories[i] = a.Story
	}
	options := optionsOf(t)
	window := query.NewWindow(asked, stories, n.words, n.decider)
	results, profile := window.Decide(q, options, query.Feedback{More: n.asked(more), Less: n.asked(less)})
	in := make(map[int]bool, len(results))
	for _, r := range results {
		in[r.Article] = true
		belong = append(belong, Match{Article: articles[r.Article], Match: r.Match})
	}
	for i := range asked {
		if in[i] {
			continue
		}
		if m := q.Match(&asked[i], n.words, query.Options{Strictness: query.Loose, Languages: t.Languages}); m.Score > 0 {
			nearly = append(nearly, Match{Article: articles[i], Match: m})
		}
	}
	slices.SortStableFunc(nearly, func(a, b Match) int { return cmp.Compare(b.Score, a.Score) })
	return belong, nearly[:min(len(nearly), mostNearly)], profile, nil
}

// voted are the articles that were voted to be more and less of a topic.
func (n *Newsroom) voted(ctx context.Context, t digest.Topic) (more, less []digest.Article, err error) {
	if n.Votes == nil || t.ID == "" {
		return nil, nil, nil
	}
	liked, disliked, err := n.Votes(ctx, t.ID)
	if err != nil {
		return nil, nil, err
	}
	if more, err = n.Archive.ByID(ctx, liked); err != nil {
		return nil, nil, err
	}
	less, err = n.Archive.ByID(ctx, disliked)
	return more, less, err
}

// mostNearly bounds the articles that are named as nearly belonging.
const mostNearly = 20

// optionsOf are what a topic adds to its query.
func optionsOf(t digest.Topic) query.Options {
	o := query.Options{Languages: t.Languages}
	switch t.Strictness {
	case "strict":
		o.Strictness = query.Strict
	case "loose":
		o.Strictness = query.Loose
	}
	return o
}

// candidates are the articles that may belong to a topic: those that matched
// when they arrived, those that have its words or what it learned, and the
// other articles of their stories; of all of them, those from its feeds.
func (n *Newsroom) candidates(ctx context.Context, t digest.Topic, q *query.Query, since time.Time) ([]digest.Article, error) {
	tokens, err := n.tokensOf(ctx, t, q)
	if err != nil {
		return nil, err
	}
	var found []digest.Article
	if len(tokens) == 0 {
		if found, err = n.Archive.Newest(ctx, t.Feeds, since, mostConsidered); err != nil {
			return nil, err
		}
	} else if found, err = n.Archive.Search(ctx, tokens, t.Feeds, since, mostFound); err != nil {
		return nil, err
	}
	matched, err := n.Archive.Matched(ctx, t.ID, t.Feeds, since, mostConsidered)
	if err != nil {
		return nil, err
	}
	all, stories := map[string]digest.Article{}, map[string]bool{}
	for _, a := range append(matched, found...) {
		all[a.ID], stories[a.Story] = a, true
	}
	related, err := n.Archive.OfStories(ctx, slices.Collect(maps.Keys(stories)), t.Feeds, since)
	if err != nil {
		return nil, err
	}
	for _, a := range related {
		if len(all) < mostConsidered {
			all[a.ID] = a
		}
	}
	articles := slices.Collect(maps.Values(all))
	slices.SortFunc(articles, func(a, b digest.Article) int {
		if c := a.Seen.Compare(b.Seen); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return articles, nil
}

// tokensOf are what a topic's articles are found by.
func (n *Newsroom) tokensOf(ctx context.Context, t digest.Topic, q *query.Query) ([]string, error) {
	languages := t.Languages
	if len(languages) == 0 {
		var err error
		if languages, err = n.Archive.Languages(ctx); err != nil {
			return nil, err
		}
	}
	profile, err := n.profile(ctx, t)
	if err != nil {
		return nil, err
	}
	var tokens []string
	for _, code := range languages {
		for _, stem := range n.words.Lookup(q, profile, code) {
			tokens = append(tokens, token(code, stem))
		}
	}
	return tokens, nil
}

// token is a word as articles are found by it.
func token(code, stem string) string {
	h := fnv.New64a()
	h.Write([]byte(code))
	h.Write([]byte{0})
	h.Write([]byte(stem))
	return "x" + strconv.FormatUint(h.Sum64()>>16, 36)
}

// indexAtOnce bounds the articles that one transaction makes findable.
const indexAtOnce = 50

// IndexAll makes all articles be found by their words that are not yet.
func (n *Newsroom) IndexAll(ctx context.Context) error {
	n.deciding.Lock()
	defer n.deciding.Unlock()
	for {
		articles, err := n.Archive.Unindexed(ctx, indexAtOnce)
		if err != nil || len(articles) == 0 {
			return err
		}
		words := make([]archive.Words, len(articles))
		for i, a := range articles {
			words[i] = archive.Words{ArticleID: a.ID, Tokens: tokens(n.decider, a)}
		}
		if err := n.Archive.Index(ctx, words); err != nil {
			return err
		}
	}
}

// tokens are an article's words, each once.
func tokens(a *language.Analyzer, article digest.Article) []string {
	var all []string
	seen := map[string]bool{}
	for _, text := range []string{article.Title, clip(article.Text)} {
		for _, w := range a.Words(article.Language, text) {
			if !w.Stop && !seen[w.Stem] {
				seen[w.Stem] = true
				all = append(all, token(article.Language, w.Stem))
			}
		}
	}
	return all
}

// Refresh decides again which articles of the last days a topic has, if
// something new may belong to it.
func (n *Newsroom) Refresh(ctx context.Context, topicID string) error {
	n.mu.Lock()
	t, ok := n.topics[topicID]
	dirty := n.dirty[topicID]
	delete(n.dirty, topicID)
	n.mu.Unlock()
	if !ok || !dirty {
		return nil
	}
	if err := n.decide(ctx, t, n.Now().Add(-Window)); err != nil {
		n.mu.Lock()
		n.dirty[topicID] = true
		n.mu.Unlock()
		return fmt.Errorf("decide what belongs to the topic %q: %w", t.Name, err)
	}
	return nil
}

// RefreshSince decides again which articles seen after a time a topic has.
func (n *Newsroom) RefreshSince(ctx context.Context, topicID string, since time.Time) error {
	n.mu.Lock()
	t, ok := n.topics[topicID]
	n.mu.Unlock()
	if !ok {
		return archive.ErrNoTopic
	}
	return n.decide(ctx, t, since)
}

// RefreshAll is [Newsroom.Refresh] for every topic.
func (n *Newsroom) RefreshAll(ctx context.Context) error {
	n.mu.Lock()
	dirty := slices.Collect(maps.Keys(n.dirty))
	n.mu.Unlock()
	for _, id := range dirty {
		if err := n.Refresh(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// decide stores which articles seen after a time belong to a topic, and what
// the topic learned from them.
func (n *Newsroom) decide(ctx context.Context, t digest.Topic, since time.Time) error {
	belong, _, profile, err := n.Consider(ctx, t, since)
	if err != nil {
		return err
	}
	matches := make([]archive.TopicMatch, len(belong))
	for i, m := range belong {
		matches[i] = topicMatch(t.ID, m.Article, m.Match)
	}
	if err := n.Archive.SaveMatches(ctx, t.ID, since, matches); err != nil {
		return err
	}
	return n.learn(ctx, t, profile)
}

// Taste learns from articles that are liked and disliked, by their ids, and
// tells how much another is like them: from 1 to -1.
func (n *Newsroom) Taste(ctx context.Context, liked, disliked []string) (func(digest.Article) float64, error) {
	more, err := n.Archive.ByID(ctx, liked)
	if err != nil {
		return nil, err
	}
	less, err := n.Archive.ByID(ctx, disliked)
	if err != nil {
		return nil, err
	}
	n.deciding.Lock()
	taste := n.words.Taste(query.Feedback{More: n.asked(more), Less: n.asked(less)})
	n.deciding.Unlock()
	return func(a digest.Article) float64 {
		n.deciding.Lock()
		defer n.deciding.Unlock()
		score, _ := taste.Score(&n.asked([]digest.Article{a})[0])
		return score
	}, nil
}

// asked cuts articles into words. The caller holds deciding.
func (n *Newsroom) asked(articles []digest.Article) []query.Article {
	asked := make([]query.Article, len(articles))
	for i, a := range articles {
		title, text := n.decider.Words(a.Language, a.Title), n.decider.Words(a.Language, clip(a.Text))
		asked[i] = asQueryArticle(a, title, text)
	}
	return asked
}

// learn makes what a topic learned count for the articles that come next.
func (n *Newsroom) learn(ctx context.Context, t digest.Topic, profile *query.Profile) error {
	text := ""
	if profile != nil {
		b, err := json.Marshal(profile)
		if err != nil {
			return fmt.Errorf("store what the topic %q learned: %w", t.Name, err)
		}
		text = string(b)
	}
	if err := n.Archive.Remember(ctx, profileName(t.ID), text); err != nil {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if q, ok := n.matchers[t.ID]; ok && fingerprint(n.topics[t.ID]) == fingerprint(t) {
		options := optionsOf(t)
		options.Profile = profile
		n.index.Add(t.ID, q, options)
	}
	return nil
}

func profileName(topicID string) string { return "learned by " + topicID }

// profile is what a topic has learned, or nil.
func (n *Newsroom) profile(ctx context.Context, t digest.Topic) (*query.Profile, error) {
	if t.ID == "" {
		return nil, nil
	}
	text, err := n.Archive.Recall(ctx, profileName(t.ID))
	if err != nil || text == "" {
		return nil, err
	}
	p := new(query.Profile)
	if err := json.Unmarshal([]byte(text), p); err != nil {
		return nil, fmt.Errorf("read what the topic %q learned: %w", t.Name, err)
	}
	return p, nil
}

// Save stores how common each word is.
func (n *Newsroom) Save(ctx context.Context) error {
	b, err := n.words.MarshalBinary()
	if err != nil {
		return fmt.Errorf("store how common words are: %w", err)
	}
	return n.Archive.Remember(ctx, wordsName, base64.StdEncoding.EncodeToString(b))
}

const wordsName = "how common words are"

// recallWords reads what Save stored and reports whether there was anything.
func (n *Newsroom) recallWords(ctx context.Context) (bool, error) {
	text, err := n.Archive.Recall(ctx, wordsName)
	if err != nil || text == "" {
		return false, err
	}
	b, err := base64.StdEncoding.DecodeString(text)
	if err == nil {
		err = n.words.UnmarshalBinary(b)
	}
	// Counts of another version are counted anew.
	return err == nil, nil
}
