// Package digest owns what a digest is made of (articles, topics, stories) and
// how it is made: the articles of a topic and window are picked, grouped by
// story, ranked, and summarised. Everything here is pure: what is known comes
// in as values. Reading feeds, storing, and telling chats belong elsewhere.
package digest

import (
	"maps"
	"slices"
	"time"
)

// Article is one item of a feed, cleaned.
type Article struct {
	ID       string
	URL      string // canonical, absolute
	Title    string // plain text on one line
	Text     string // plain text, possibly empty
	Language string // ISO 639-1, or empty when unknown
	Image    string // absolute URL, or empty
	Outlet   string
	// Owner is who owns the outlet; independence is counted by it.
	Owner   string
	Country string // ISO 3166-1 alpha-2, or empty
	// Weight is how much the owner's voice counts in ranking; 1 is usual.
	Weight float64
	// Published is when the outlet says that it was published, never after Seen.
	Published time.Time
	// Seen is when it reached us; of a feed's first poll, when it was published.
	Seen time.Time
	// Story is the id of the story it belongs to.
	Story string
	// CopyOf is the id of the article whose text this repeats, or empty. A copy
	// is an article, but not another voice.
	CopyOf string
}

// Topic is a named standing query.
type Topic struct {
	ID          string
	Name        string // at most 64 characters
	Query       string // in the language of digest/query
	Description string
	Languages   []string // ISO 639-1; empty means all
	// Feeds are the URLs, as they are configured, of the feeds of which one must
	// have brought an article of the topic; empty means all.
	Feeds []string
	// Strictness is how much of the query must be in an article: "strict",
	// "loose", or empty for normal.
	Strictness string
	// Schedule is what a subscription gets that names no time, or empty.
	Schedule string
	// Origin is "config", or the chat that made the topic.
	Origin  string
	Created time.Time
	// Retired is when the topic left the configuration, or zero.
	Retired time.Time
}

// FromConfig is the Origin of a topic that the configuration file defines.
const FromConfig = "config"

// MaxName is the greatest length of a topic's name, in characters.
const MaxName = 64

// Term is a word that counted when an article was matched with a topic.
type Term struct {
	Text   string  `json:"text"`
	Weight float64 `json:"weight"` // its share of the topic, 0 to 1
	Where  string  `json:"where"`  // "title" or "text"
}

// Candidate is a story with all its articles, as they are known at the end of
// a window, and how well it fits the topic.
type Candidate struct {
	ID        string
	FirstSeen time.Time
	Articles  []Article // oldest first
	// Fit has, by article id, the score of every article that matched the topic.
	Fit map[string]float64
	// Terms are the words that counted in the best match.
	Terms []Term
}

// Digest is the ranked stories of one topic in one window.
type Digest struct {
	Topic        Topic
	Since, Until time.Time
	// Articles and Outlets count what was read for it: articles in the window
	// that belong to its stories, and the independent owners behind them.
	Articles, Outlets int
	// Owners is how many of the articles each owner has.
	Owners  map[string]int
	Stories []Story // best first
	// Spare are the stories that come next, for a chat that does not get all of
	// Stories or likes another order.
	Spare []Story
	// Running are the stories that this chat knows and that bring nothing new.
	Running []Story
	// Left is how many stories are not told because there were more than MaxStories.
	Left int
	// Failing names the outlets whose feeds did not answer.
	Failing []string
}

// Ranked is the digest with these stories, best first, of which as many as it
// may have are told and the others are spare.
func (d Digest) Ranked(all []Story) Digest {
	n := min(len(all), MaxStories)
	d.Left += len(d.Stories) - n
	d.Stories, d.Spare = all[:n:n], all[n:]
	return d
}

// Without is the digest of which some stories, by id, and their articles are
// not counted, and the next ones stand in their place.
func (d Digest) Without(ids map[string]bool) Digest {
	all := slices.Concat(d.Stories, d.Spare)
	d.Owners = maps.Clone(d.Owners)
	for _, s := range all {
		if !ids[s.ID] {
			continue
		}
		d.Left--
		for _, a := range s.Articles {
			if !a.Seen.After(d.Since) {
				continue
			}
			d.Articles--
			if d.Owners[a.Owner]--; d.Owners[a.Owner] == 0 {
				delete(d.Owners, a.Owner)
			}
		}
	}
	d.Outlets = len(d.Owners)
	return d.Ranked(slices.DeleteFunc(all, func(s Story) bool { return ids[s.ID] }))
}

// Story is what the digest says of one event.
type Story struct {
	ID    string
	Title string
	// Summary is two or three sentences of the articles, in reading order.
	Summary []Sentence
	// Quote is a good quotation with its speaker, or nil.
	Quote *Quote
	// Differ are the numbers on which outlets differ.
	Differ []Difference
	// Articles are all of its articles, oldest first.
	Articles []Article
	// Sources is one article for each independent voice, the one to read first.
	Sources   []Article
	FirstSeen time.Time
	Updated   time.Time
	Score     Score
	Terms     []Term
	// Rewritten is the summary or news in the words of a model, or nil.
	Rewritten *Rewritten
	// OwnWords says that a model was asked and that its text could not be used.
	OwnWords bool
	// Update says why a story that the chat was shown before comes again, or is nil.
	Update *Update
}

// Said is what the digest says of the story: its news when it is an update,
// else its summary.
func (s Story) Said() []Sentence {
	if s.Update != nil {
		return s.Update.News
	}
	return s.Summary
}

// Sentence is a sentence that stands in an article.
type Sentence struct {
	Text    string
	Article Article
}

// Rewritten is what a model made of a story's headline and sentences.
type Rewritten struct {
	Title     string
	Sentences []Cited
}

// Cited is a sentence with the articles that it rests on, at least one.
type Cited struct {
	Text     string
	Articles []Article
}

// Quote is what somebody said.
type Quote struct {
	Text, Speaker string // without quotation marks
	Article       Article
}

// Difference is a number that outlets tell differently.
type Difference struct {
	What   string // what is counted: "dead"
	Claims []Claim
}

// Claim is the number that an article gives.
type Claim struct {
	Number  string
	Article Article
}

// Correction is a number that was told and is now another.
type Correction struct {
	Was, Now, What string
	Article        Article
}

// Update is what is new of a story since a chat was shown it.
type Update struct {
	// Outlets is how many independent owners joined.
	Outlets int
	// News are the sentences that say something new.
	News []Sentence
	// Corrected are numbers that the chat was told and that are others now.
	Corrected []Correction
}

// Score is why a story stands where it stands. The parts add up to Total.
type Score struct {
	Owners float64 // how many independent owners report it, and how early they usually are
	Fresh  float64 // how lately
	Growth float64 // how fast it grows
	Fits   float64 // how well it fits the topic
	Yours  float64 // what the chat liked and disliked before
	Same   float64 // what it takes off that a story above tells much the same; 0 or less
}

// Total is the sum of the parts.
func (s Score) Total() float64 { return s.Owners + s.Fresh + s.Growth + s.Fits + s.Yours + s.Same }
