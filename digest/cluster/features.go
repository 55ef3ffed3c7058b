package cluster

import (
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
	fTitle       // cosine of the titles
	fCover       // of the title
	fBack        // of the titles
	fCoverAll    // cover of title and text
	fBackAll     // back of titles and texts
	fNearest     // greatest cosine to one of the newest voices
	fRival       // greatest cosine of another story
	fShared      // ln(1 + words that the title shares)
	fMass        // idf of those words, in units of that of a new word
	fSize        // ln of the number of voices
	fHours       // ln(1 + hours outside the time of the story)
	fNear        // ln(1 + hours from the nearest voice)
	fTimeless    // 1 when the article does not say when it was published
	fNameMiss    // weight of the title's names that the story lacks
	fNameMissAll // of title and text
	fNameBack    // share of the story's weight in names that the article lacks
	fLacks       // weight of the heaviest term of the article that the story lacks
	fLacked      // the same of the story and the article
	fNumberMiss  // weight of numbers, when the story's titles have any
	fNameless    // 1 when neither has a name: not all scripts and outlets show them
	fYears       // 1 when both name years and none is the same
	fForeign     // 1 when the story has no article in the language
	fLoose       // cosine of the story's voices to their sum
	fCrowd       // ln(1 + live stories) as a part of that of [crowd], at most 1
	nFeatures
)

// crowd is how many live stories are as good as any number: the more there
// are, the sooner one is like an article by chance.
const crowd = 12

// FeatureNames says what each number of Features is.
func FeatureNames() []string {
	return []string{"bias", "cosine", "title cosine", "title cover", "title back", "cover", "back", "nearest", "rival", "shared words", "shared idf",
		"log size", "log hours", "log hours nearest", "timeless", "title names missing", "names missing", "story names missing", "heaviest missing", "heaviest of story missing", "numbers missing", "nameless", "years clash", "foreign", "typical cosine", "crowd"}
}

// byKind is squared weight by kind of term.
type byKind [kinds]float64

// overlap is what an article and a story have in common: sums over terms,
// squared unless they say otherwise.
type overlap struct {
	dot, titleDot    float64
	norm, titleNorm  float64 // of all the story's terms
	back, titleBack  float64 // the story's weight in terms that both have
	all, title       byKind  // the article's weight in terms that both have
	names, namesBack float64 // the story's weight in names, and in those that both have
	mass             float64 // not squared: the title's weight in words that both titles have
	words            int     // that both titles have
	lacked           float32 // not squared: the heaviest word of the story that the article lacks
	numbers          bool    // the story's titles have some
	years, sameYear  bool    // the story names some, and one that the article names
}

// whole is the weight by kind of the article in the table, in all and in its title.
func (g *Grouper) whole() (o overlap) {
	for i := range g.reader.terms {
		t := &g.reader.terms[i]
		o.title[t.kind] += float64(t.title * t.title)
		o.all[t.kind] += float64(t.all * t.all)
	}
	return o
}

// overlap compares the article in the table with s; member says that s holds
// the article, which is then left out of it.
func (g *Grouper) overlap(s *story, member bool) (o overlap) {
	for i := range s.terms {
		t := s.terms[i]
		a := g.reader.get(t.id)
		if a != nil && member {
			t.all, t.title = max(0, t.all-a.all), max(0, t.title-a.title)
		}
		square := float64(t.all * t.all)
		o.norm += square
		o.titleNorm += float64(t.title * t.title)
		o.numbers = o.numbers || t.kind >= number && t.title > 0
		o.years = o.years || t.kind == year && t.all > 0
		if t.kind == name {
			o.names += square
		}
		switch {
		case a != nil && t.all > 0:
			o.share(a, &t, square)
		case t.kind != pair:
			o.lacked = max(o.lacked, t.all)
		}
	}
	return o
}

// share adds a term that the article and the story both have.
func (o *overlap) share(article, story *term, square float64) {
	o.dot += float64(story.all * article.all)
	o.titleDot += float64(story.title * article.title)
	o.back += square
	o.titleBack += float64(story.title * story.title)
	o.all[article.kind] += float64(article.all * article.all)
	o.title[article.kind] += float64(article.title * article.title)
	o.sameYear = o.sameYear || article.kind == year
	if story.kind == name {
		o.namesBack += square
	}
	if article.kind != pair && article.title > 0 && story.title > 0 {
		o.words++
		o.mass += float64(article.title)
	}
}

// compare computes the features of the article in the table and s.
func (g *Grouper) compare(d *document, s *story, member bool, whole *overlap) Features {
	o := g.overlap(s, member)
	voices := s.voices
	if member {
		voices--
	}
	voices = max(1, voices)
	f := Features{
		fBias:        1,
		fCosine:      o.dot * unit(o.norm),
		fTitle:       o.titleDot * unit(o.titleNorm),
		fCover:       sum(o.title),
		fBack:        o.titleBack / max(o.titleNorm, 1e-9),
		fCoverAll:    sum(o.all),
		fBackAll:     o.back / max(o.norm, 1e-9),
		fShared:      math.Log1p(float64(o.words)),
		fMass:        o.mass * float64(d.mass),
		fSize:        math.Log(float64(voices)),
		fNameMiss:    whole.title[name] - o.title[name],
		fNameMissAll: whole.all[name] - o.all[name],
		fNameBack:    (o.names - o.namesBack) / max(o.norm, 1e-9),
		fLacks:       lacks(d, s),
		fLacked:      float64(o.lacked) * unit(o.norm),
		fLoose:       math.Sqrt(o.norm) / float64(voices),
		fCrowd:       min(1, math.Log1p(float64(len(g.byID)))/math.Log1p(crowd)),
	}
	f[fNearest], f[fNear] = o.dot, hours(d.time-s.last)
	if s.voices > 1 {
		f[fNearest], f[fNear] = g.nearest(s, d)
	}
	f[fHours] = hours(max(0, s.first-d.time, d.time-s.last))
	if d.timeless {
		f[fTimeless], f[fHours], f[fNear] = 1, 0, 0
	}
	if o.numbers {
		f[fNumberMiss] = whole.title[number] + whole.title[measure] + whole.title[label] - o.title[number] - o.title[measure] - o.title[label]
	}
	if whole.all[name] == 0 && o.names == 0 {
		f[fNameless] = 1
	}
	if o.years && !o.sameYear && whole.all[year] > 0 {
		f[fYears] = 1
	}
	if d.tongue != 0 && len(s.tongues) > 0 && !slices.Contains(s.tongues, d.tongue) {
		f[fForeign] = 1
	}
	return f
}

func sum(w byKind) (s float64) {
	for _, v := range w {
		s += v
	}
	return s
}

// hours is ln(1 + hours), of seconds either way.
func hours(seconds int64) float64 { return math.Log1p(math.Abs(float64(seconds)) / 3600) }

// lacks is the weight of the heaviest word of the article that the story lacks.
func lacks(d *document, s *story) float64 {
	for _, t := range d.terms[:min(probes, len(d.terms))] {
		if t.kind == pair {
			continue
		}
		if _, ok := slices.BinarySearchFunc(s.terms, t, byID); !ok {
			return float64(t.all)
		}
	}
	return 0
}

// newest is how many voices of a story nearest looks at.
const newest = 6

// nearest is the greatest cosine to one of the newest voices, and ln(1 + the
// hours between the two).
func (g *Grouper) nearest(s *story, d *document) (cosine, apart float64) {
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
	return float64(max(0, best)), hours(d.time - at)
}
