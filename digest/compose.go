package digest

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"time"

	"tidings/digest/language"
	"tidings/digest/summary"
)

// MaxStories bounds the stories of one digest.
const MaxStories = 10

// spareStories bounds the stories that are composed beyond those.
const spareStories = 3

// maxSources bounds the articles that a summary is written from.
const maxSources = 30

// summaryWords is about how long the summary of a story is.
const summaryWords = 60

// Composer builds digests. One goroutine uses one.
type Composer struct {
	writer   *summary.Writer
	analyzer *language.Analyzer
}

// NewComposer is a Composer that reads with a clone of a.
func NewComposer(a *language.Analyzer) *Composer {
	own := a.Clone()
	return &Composer{writer: summary.New(own), analyzer: own}
}

// Compose builds the digest of a topic and window out of all stories that have
// an article in it. It is the same for every chat; see [ForChat].
func (c *Composer) Compose(topic Topic, since, until time.Time, candidates []Candidate) Digest {
	d := Digest{Topic: topic, Since: since, Until: until, Owners: map[string]int{}}
	ranked := make([]rated, 0, len(candidates))
	for _, candidate := range candidates {
		if !belongs(candidate) {
			continue
		}
		ranked = append(ranked, rated{Candidate: candidate, score: score(candidate, until)})
		for _, a := range candidate.Articles {
			if a.Seen.After(since) {
				d.Articles++
				d.Owners[a.Owner]++
			}
		}
	}
	d.Outlets, d.Left = len(d.Owners), len(ranked)
	var stories []Story
	for _, r := range c.vary(ranked) {
		story := c.story(r.Candidate)
		story.Score = r.score
		stories = append(stories, story)
	}
	return d.Ranked(stories)
}

// belongs reports whether enough of a story matched the topic: a third of its
// voices, so that one article in passing does not pull in a story about
// something else.
func belongs(c Candidate) bool {
	matched, voices := 0, 0
	for _, a := range c.Articles {
		if a.CopyOf != "" {
			continue
		}
		voices++
		if _, ok := c.Fit[a.ID]; ok {
			matched++
		}
	}
	if voices == 0 {
		return len(c.Fit) > 0
	}
	return matched > 0 && 3*matched >= voices
}

// score weighs a story at the end of a window. Independent owners count by
// logarithm, freshness halves every twelve hours.
func score(c Candidate, now time.Time) Score {
	newest, recent, weight := time.Time{}, 0, 0.0
	for _, a := range Voices(c.Articles) {
		weight += cmp.Or(a.Weight, 1)
		if a.Seen.After(newest) {
			newest = a.Seen
		}
		if now.Sub(a.Seen) < 3*time.Hour {
			recent++
		}
	}
	best := 0.0
	for _, f := range c.Fit {
		best = max(best, f)
	}
	age := max(now.Sub(newest).Hours(), 0)
	return Score{
		Owners: math.Log2(1 + weight),
		Fresh:  math.Exp2(-age / 12),
		Growth: 0.5 * math.Log2(1+float64(recent)),
		Fits:   min(best, 1),
	}
}

// Voices is one article for each independent voice, in order of time: the
// first of each owner, leaving out copies of another owner's text.
func Voices(articles []Article) []Article {
	ownerOf := make(map[string]string, len(articles))
	for _, a := range articles {
		ownerOf[a.ID] = a.Owner
	}
	spoken := map[string]bool{}
	var voices []Article
	for _, a := range articles {
		if original, ok := ownerOf[a.CopyOf]; a.CopyOf != "" && ok && original != a.Owner {
			continue
		}
		if !spoken[a.Owner] {
			spoken[a.Owner] = true
			voices = append(voices, a)
		}
	}
	return voices
}

func (c *Composer) story(candidate Candidate) Story {
	s := Story{
		ID: candidate.ID, FirstSeen: candidate.FirstSeen, Articles: candidate.Articles,
		Terms: candidate.Terms, Sources: Voices(candidate.Articles),
	}
	for _, a := range s.Articles {
		if a.Seen.After(s.Updated) {
			s.Updated = a.Seen
		}
	}
	read := readable(candidate)
	sources := asSources(read)
	lead := read[c.writer.Headline(sources[:fitting(candidate, read)])]
	s.Title = lead.Title
	for _, sentence := range c.writer.Summarise(sources, summaryWords) {
		s.Summary = append(s.Summary, Sentence{Text: sentence.Text, Article: read[sentence.Source]})
	}
	s.Sources = leadFirst(s.Sources, lead)
	c.quoteAndDiffer(&s, read, sources)
	return s
}

func (c *Composer) quoteAndDiffer(s *Story, read []Article, sources []summary.Source) {
	if q, ok := c.writer.Quote(sources); ok {
		s.Quote = &Quote{Text: q.Text, Speaker: q.Speaker, Article: read[q.Source]}
	}
	for _, d := range c.writer.Differ(sources) {
		difference := Difference{What: d.What}
		for _, claim := range d.Claims {
			difference.Claims = append(difference.Claims, Claim{Number: claim.Number, Article: read[claim.Source]})
		}
		s.Differ = append(s.Differ, difference)
	}
}

// readable are the articles that a summary is written from: no copies, those
// that matched the topic first, then the newest, in the language that most of
// them share, so that a summary is in one language.
func readable(c Candidate) []Article {
	languages := map[string]int{}
	var read []Article
	for _, a := range c.Articles {
		if a.CopyOf == "" {
			read = append(read, a)
			weight := 1
			if _, ok := c.Fit[a.ID]; ok {
				weight = 3
			}
			languages[a.Language] += weight
		}
	}
	if len(read) == 0 {
		return c.Articles[:min(len(c.Articles), 1)]
	}
	main := slices.MaxFunc(slices.Sorted(maps.Keys(languages)), func(a, b string) int {
		return cmp.Compare(languages[a], languages[b])
	})
	read = slices.DeleteFunc(read, func(a Article) bool { return a.Language != main })
	slices.SortStableFunc(read, func(a, b Article) int {
		_, fitsA := c.Fit[a.ID]
		_, fitsB := c.Fit[b.ID]
		if fitsA != fitsB {
			if fitsA {
				return -1
			}
			return 1
		}
		return b.Seen.Compare(a.Seen)
	})
	return read[:min(len(read), maxSources)]
}

// fitting is how many of the articles may give the headline: those that matched
// the topic, which come first, or all when none did. What a story says beside
// the topic, and what a vote took out of it, is not what its line says.
func fitting(c Candidate, read []Article) int {
	if n := slices.IndexFunc(read, func(a Article) bool { _, fits := c.Fit[a.ID]; return !fits }); n > 0 {
		return n
	}
	return len(read)
}

func asSources(articles []Article) []summary.Source {
	sources := make([]summary.Source, len(articles))
	for i, a := range articles {
		sources[i] = summary.Source{Title: a.Title, Text: a.Text, Language: a.Language, Outlet: a.Outlet, Owner: a.Owner, Published: a.Published}
	}
	return sources
}

// leadFirst puts the article that gave the headline in place of its owner's
// other articles, first; the others follow in order of time.
func leadFirst(sources []Article, lead Article) []Article {
	out := append(make([]Article, 0, len(sources)+1), lead)
	for _, a := range sources {
		if a.Owner != lead.Owner {
			out = append(out, a)
		}
	}
	return out
}

// Outlets are the names of a story's outlets, one for each independent voice,
// the source of the headline first.
func (s Story) Outlets() []string {
	names := make([]string, len(s.Sources))
	for i, a := range s.Sources {
		names[i] = a.Outlet
	}
	return names
}

// Memory is what a chat was last shown of a story.
type Memory struct {
	Outlets   int       // how many independent owners it had then
	Sentences []string  // what it said
	At        time.Time // when that was
}

// ForChat is the digest for a chat that remembers what it was shown, by story
// id. A story that the chat knows stays only with a reason: sentences that say
// something new, or many more outlets. It is then marked as an update and
// shows only the news. The others go to Running, and the next ones that the
// chat does not know take their places.
func (c *Composer) ForChat(d Digest, known map[string]Memory) Digest {
	all, most := slices.Concat(d.Stories, d.Spare), len(d.Stories)
	d.Stories, d.Spare, d.Running = nil, nil, nil
	for i, s := range all {
		memory, seen := known[s.ID]
		if len(d.Stories) == most {
			d.Spare = all[i:]
			break
		}
		fresh := !seen
		if seen {
			var update Update
			if update, fresh = c.update(s, memory); fresh {
				s.Update = &update
			}
		}
		switch {
		case fresh:
			d.Stories = append(d.Stories, s)
			if i >= most {
				d.Left--
			}
		case i < most:
			d.Running = append(d.Running, s)
		}
	}
	return d
}

// update is what is new of a story since a chat was shown it, and whether that
// is reason enough to show it again: news in a later article in the language
// that the story is told in, or half as many outlets again and at least three.
func (c *Composer) update(s Story, m Memory) (Update, bool) {
	u := Update{Outlets: max(len(s.Sources)-m.Outlets, 0)}
	later := slices.DeleteFunc(slices.Clone(s.Articles), func(a Article) bool { return !a.Seen.After(m.At) })
	if len(later) == 0 {
		return u, false
	}
	many := u.Outlets >= max(3, m.Outlets/2)
	// What is said in another language cannot be compared with what was told.
	later = slices.DeleteFunc(later, func(a Article) bool { return a.Language != s.Sources[0].Language })
	if len(later) == 0 {
		return u, many
	}
	read := readable(Candidate{Articles: later})
	sources := asSources(read)
	for _, sentence := range c.writer.New(m.Sentences, sources, summaryWords) {
		u.News = append(u.News, Sentence{Text: sentence.Text, Article: read[sentence.Source]})
	}
	for _, correction := range c.writer.Corrections(m.Sentences, sources) {
		u.Corrected = append(u.Corrected, Correction{
			Was: correction.Was, Now: correction.Now, What: correction.What, Article: read[correction.Sentence.Source],
		})
		u.News = withSentence(u.News, Sentence{Text: correction.Sentence.Text, Article: read[correction.Sentence.Source]})
	}
	return u, len(u.News) > 0 || many
}

// withSentence adds a sentence that is not there yet.
func withSentence(sentences []Sentence, add Sentence) []Sentence {
	if slices.ContainsFunc(sentences, func(s Sentence) bool { return s.Text == add.Text }) {
		return sentences
	}
	return append(sentences, add)
}
