package cluster

import (
	"cmp"
	"math"
	"slices"
)

// Features is what the model weighs of one article and one story.
type Features [nFeatures]float64

// The features. Cosines are of vectors of (1 + ln tf) idf; cover is the share
// of the article's squared weights that the story knows, back the converse.
const (
	fBias = iota
	fCosine
	fTitle      // cosine of the titles
	fCover      // of the title
	fBack       // of the titles
	fNearest    // greatest cosine to one of the newest voices
	fSize       // ln of the number of voices
	fHours      // ln(1 + hours outside the time of the story)
	fNear       // ln(1 + hours from the nearest voice)
	fNameMiss   // weight of the title's names that the story lacks
	fNumberMiss // the same of numbers, when the story's titles have any
	fText       // 1 when the article has a text
	fTextCosine // the cosine again when it has
	fForeign    // 1 when the story has no article in the language
	fBackAll    // back of titles and texts
	fLoose      // cosine of the story's voices to their sum
	nFeatures
)

// FeatureNames says what each number of Features is.
func FeatureNames() []string {
	return []string{"bias", "cosine", "title cosine", "title cover", "title back", "nearest", "log size", "log hours", "log hours nearest",
		"names missing", "numbers missing", "text", "text cosine", "foreign", "back", "typical cosine"}
}

// Model is the weights of the logistic regression that decides.
type Model Features

// Shipped returns the model that the program uses.
func Shipped() Model {
	return shipped
}

// odds is the log odds that the article belongs to the story.
func (m *Model) odds(f *Features) float64 {
	var sum float64
	for i := range f {
		sum += m[i] * f[i]
	}
	return sum
}

func probability(odds float64) float64 { return 1 / (1 + math.Exp(-odds)) }

// candidates is how many stories are weighed for one article.
const candidates = 12

// refused is the log odds of a story that the article contradicts.
const refused = -6

type candidate struct {
	story    *story
	features Features
	odds     float64
}

// weigh returns the stories near the article in the reader's table, best
// first. It holds until the next call.
func (g *Grouper) weigh(d *document) []candidate {
	own := d.story.now()
	identity := g.identity()
	out := g.candidates[:0]
	for _, number := range g.index.near(d.terms, len(g.stories), candidates) {
		c := candidate{story: g.stories[number]}
		c.features = g.compare(d, c.story, c.story == own, identity)
		c.odds = g.model.odds(&c.features)
		if c.odds > 0 && contradicts(d, c.story) {
			c.odds = refused
		}
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b candidate) int {
		if a.odds != b.odds {
			return cmp.Compare(b.odds, a.odds)
		}
		return cmp.Compare(a.story.serial, b.story.serial)
	})
	g.candidates = out
	return out
}

// choose returns the story that the article most probably belongs to.
func (g *Grouper) choose(d *document) (*story, float64) {
	if all := g.weigh(d); len(all) > 0 {
		return all[0].story, all[0].odds
	}
	return nil, math.Inf(-1)
}

// identity is the squared weight by kind in the title of the article in the table.
func (g *Grouper) identity() (weight [kinds]float64) {
	for i := range g.reader.terms {
		t := &g.reader.terms[i]
		weight[t.kind] += float64(t.title * t.title)
	}
	return weight
}

// compare computes the features of the article in the reader's table and s;
// member says that s holds the article, which is then left out of it.
func (g *Grouper) compare(d *document, s *story, member bool, identity [kinds]float64) Features {
	var dot, dotTitle, cover, back, backAll, norm, normTitle float64
	var known [kinds]float64
	numbers := false
	for i := range s.terms {
		t := s.terms[i]
		a := g.reader.get(t.id)
		if a != nil && member {
			t.all, t.title = max(0, t.all-a.all), max(0, t.title-a.title)
		}
		norm += float64(t.all * t.all)
		normTitle += float64(t.title * t.title)
		numbers = numbers || t.kind >= number && t.title > 0
		if a == nil || t.all == 0 {
			continue
		}
		dot += float64(t.all * a.all)
		dotTitle += float64(t.title * a.title)
		cover += float64(a.title * a.title)
		back += float64(t.title * t.title)
		backAll += float64(t.all * t.all)
		known[a.kind] += float64(a.title * a.title)
	}
	voices := s.voices
	if member {
		voices--
	}
	voices = max(1, voices)
	f := Features{
		fBias:     1,
		fCosine:   dot * unit(norm),
		fTitle:    dotTitle * unit(normTitle),
		fCover:    cover,
		fBack:     back / max(normTitle, 1e-9),
		fBackAll:  backAll / max(norm, 1e-9),
		fSize:     math.Log(float64(voices)),
		fHours:    math.Log1p(float64(max(0, s.first-d.time, d.time-s.last)) / 3600),
		fNameMiss: identity[name] - known[name],
		fLoose:    math.Sqrt(norm) / float64(voices),
	}
	if f[fNearest], f[fNear] = dot, math.Log1p(math.Abs(float64(d.time-s.last))/3600); s.voices > 1 {
		f[fNearest], f[fNear] = g.nearest(s, d)
	}
	if numbers {
		f[fNumberMiss] = identity[number] + identity[label] - known[number] - known[label]
	}
	if d.hasText {
		f[fText] = 1
		f[fTextCosine] = f[fCosine]
	}
	if d.tongue != 0 && len(s.tongues) > 0 && !slices.Contains(s.tongues, d.tongue) {
		f[fForeign] = 1
	}
	return f
}

// newest is how many voices of a story nearest looks at.
const newest = 4

// nearest is the greatest cosine to one of the newest voices, and ln(1 + the
// hours between the two).
func (g *Grouper) nearest(s *story, d *document) (cosine, hours float64) {
	best, at := float32(-1), s.last
	for i, left := len(s.members)-1, newest; i >= 0 && left > 0; i, left = i-1, left-1 {
		m := s.members[i]
		if m == d {
			continue
		}
		var dot float32
		for k := range m.terms {
			if a := g.reader.get(m.terms[k].id); a != nil {
				dot += m.terms[k].all * a.all
			}
		}
		if dot > best {
			best, at = dot, m.time
		}
	}
	return float64(max(0, best)), math.Log1p(math.Abs(float64(d.time-at)) / 3600)
}
