// Package feed reads feeds: it fetches them politely and safely, and makes of
// whatever arrives clean items. It keeps nothing and decides nothing about
// when a feed is asked; storing and planning belong to those who call it.
package feed

import "time"

// Feed is a feed as it was read.
type Feed struct {
	Title    string // plain text on one line
	Link     string // absolute http(s) URL of the site, or empty
	Language string // ISO 639-1, or empty when the feed does not say
	Format   string // "rss 2.0", "atom 1.0", "json 1.1" and the like
	Hints    Hints
	Items    []Item // in the order of the feed, at most 1,000
	// Problems says in words what was mended to read the feed.
	Problems []string
}

// Hints is what a feed says about being polled. Nothing in it is checked.
type Hints struct {
	TTL       time.Duration  // zero when absent
	SkipHours []int          // 0 to 23, UTC
	SkipDays  []time.Weekday // UTC
	Period    time.Duration  // from the syndication module, zero when absent
	Hub, Self string         // WebSub; absolute URLs, or empty
}

// Item is one item of a feed, cleaned.
type Item struct {
	ID         string // as the feed gives it, else the URL, else made of the content
	URL        string // canonical, absolute, http or https; empty when there is none
	Title      string // plain text on one line
	Text       string // plain text, paragraphs parted by an empty line, at most 100 KB
	Image      string // absolute URL, or empty
	Language   string // ISO 639-1, or empty when neither item nor feed says
	Authors    []string
	Categories []string
	// Published is when the feed says that the item was published, or else
	// updated; zero when it says nothing that can be read. It may lie in the
	// future: the reader has no clock.
	Published time.Time
}
