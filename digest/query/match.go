package query

import (
	"fmt"
	"slices"
	"strings"

	"tidings/digest/language"
)

// Article is what queries are tried against.
type Article struct {
	Title, Text []language.Word // as the analyzer read them in Language
	Language    string          // ISO 639-1, or empty when it is not known
	Outlet      string
}

// Strictness is how much of a topic must be in an article.
type Strictness uint8

// The zero value is Normal.
const (
	Normal Strictness = iota
	Strict
	Loose
)

// needed is the share of the weight of the soft words that must be there.
func (s Strictness) needed() float64 {
	switch s {
	case Strict:
		return 0.7
	case Loose:
		return 0.35
	}
	return 0.5
}

// of is the score that articles need when normally they need so much.
func (s Strictness) of(normal float64) float64 { return normal * s.needed() / Normal.needed() }

// Options are what a topic adds to its query.
type Options struct {
	Strictness Strictness
	Languages  []string // ISO 639-1; an article must be in one of them; empty means all
	// Profile is what the topic has learned, or nil.
	Profile *Profile
}

// reads says whether articles in a language can belong to the topic.
func (o Options) reads(code string) bool {
	return len(o.Languages) == 0 || slices.Contains(o.Languages, code)
}

// Match is a decision about one topic and one article.
type Match struct {
	// Topic is the id under which the query was added to the index.
	Topic string
	// Score is how much of the topic is in the article, 0 to 1; Needed is how
	// much it takes.
	Score, Needed float64
	// Terms are what counted, heaviest first.
	Terms []Term
}

// Term is something of the topic that an article has.
type Term struct {
	Text   string  // as it was typed; "talks~negotiations" for what was learned
	Weight float64 // its part of the score; 0 for what was only demanded
	Where  string  // "title", "text", "story" for other articles, "votes"
}

// Belongs says whether the article belongs to the topic.
func (m Match) Belongs() bool { return m.Score > 0 && m.Score >= m.Needed }

// String tells people why: "ukraine .41 (title) · talks .18 — 0.59 of the
// topic, 0.50 needed".
func (m Match) String() string {
	var b strings.Builder
	for i, t := range m.Terms {
		if i > 0 {
			b.WriteString(" · ")
		}
		b.WriteString(t.Text)
		if t.Weight != 0 {
			b.WriteString(" " + strings.Replace(fmt.Sprintf("%.2f", t.Weight), "0.", ".", 1))
		}
		if t.Where != "text" && t.Where != t.Text {
			b.WriteString(" (" + t.Where + ")")
		}
	}
	if len(m.Terms) > 0 {
		b.WriteString(" — ")
	}
	fmt.Fprintf(&b, "%.2f of the topic, %.2f needed", m.Score, m.Needed)
	return b.String()
}

// Match decides about one article, without an index.
func (q *Query) Match(a *Article, f *Frequencies, o Options) Match {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.reader.open(a)
	return f.reader.match(q, o, nil)
}

// match decides about the open article; plain are the words of a
// query that is a list of plain words, or nil. Only matches are explained.
func (r *reader) match(q *Query, o Options, plain []plainWord) Match {
	m := Match{Needed: o.Strictness.needed()}
	if o.Profile != nil {
		m.Needed = o.Profile.needed(o.Strictness)
	}
	if !o.reads(r.article.Language) {
		return m
	}
	own, ok := r.own(q, o, plain)
	if !ok {
		return m
	}
	share, learned := 1.0, 0.0
	if o.Profile != nil {
		learned = r.learned(o.Profile.Words, 0, nil)
		share = 1 - o.Profile.Share
	}
	m.Score = max(0, min(1, share*own+(1-share)*learned))
	if m.Belongs() {
		m.Terms = r.why(q, o, plain != nil, share)
	}
	return m
}

// own returns what the query's own words score.
func (r *reader) own(q *Query, o Options, plain []plainWord) (score float64, ok bool) {
	if plain != nil {
		return r.plainList(plain), true
	}
	return r.list(q.root, o.Strictness.needed(), nil)
}

// why returns what counted; of a plain query, own has noted it.
func (r *reader) why(q *Query, o Options, plain bool, share float64) []Term {
	var terms []Term
	if plain {
		terms = slices.Clone(r.terms)
	} else {
		r.list(q.root, o.Strictness.needed(), &terms)
	}
	if o.Profile == nil {
		sortTerms(terms)
		return terms
	}
	scale(terms, share)
	r.learned(o.Profile.Words, o.Profile.Share, &terms)
	return merge(terms)
}

func sortTerms(terms []Term) {
	slices.SortStableFunc(terms, func(a, b Term) int {
		switch {
		case a.Weight > b.Weight:
			return -1
		case a.Weight < b.Weight:
			return 1
		}
		return 0
	})
}
