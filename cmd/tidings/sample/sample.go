// Package sample is an invented world of news for the demo and for tests: the
// feeds of outlets that do not exist, about three days on which none of this
// happened. It serves them over HTTP and knows nothing of what is done with
// them.
//
// A file of data is one outlet: its keys, and its articles, each under a line
// "= STORY AGE" with the headline on the next line and then the text. AGE is
// how long before the start of the program the article appeared, or "in 3m"
// for one that is still to come. "copy OUTLET" in place of headline and text
// makes it a wire copy of that outlet's article. Articles of one story have
// the same STORY, with a number behind it from an outlet's second on.
package sample

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"
)

//go:embed data
var data embed.FS

// Feed is one feed that [Handler] serves.
type Feed struct {
	Path     string // on the server, such as "/wire-one/feed.xml"
	Outlet   string
	Owner    string // outlets of one owner are not independent voices
	Country  string // ISO 3166-1 alpha-2
	Language string // ISO 639-1
	Format   string // "rss", "atom" or "json"
}

// Topic is a topic that the feeds have stories of.
type Topic struct {
	Name        string
	Query       string // in the language of digest/query
	Description string
}

// Topics are three topics with several stories each.
func Topics() []Topic {
	return []Topic{
		{"Ukraine peace talks", "ukraine (peace OR truce OR talks)", "Negotiations to end the war, and what the parties say of them"},
		{"Olympic surfing", "olympic surfing", "Medals, waves and the reef at Punta Brava"},
		{"Climate summit", "climate summit", "What is negotiated in Port Meridian, and who walks out"},
	}
}

// Feeds are all feeds, two of which are broken: one answers with an error, and
// one ends too early.
func Feeds() []Feed {
	var feeds []Feed
	for _, o := range outlets() {
		feeds = append(feeds, o.feed())
	}
	return feeds
}

// outlet is what one file of data says.
type outlet struct {
	slug, name, owner, country, language, format string
	// fault is "500", "truncated" or empty.
	fault    string
	articles []article
}

type article struct {
	story string
	// after is when it appears, counted from the start of the program; most
	// are negative.
	after time.Duration
	title string
	text  []string // paragraphs
	// copyOf is the slug of the outlet whose article this repeats, or empty.
	copyOf string
}

func (o outlet) feed() Feed {
	file := map[string]string{"rss": "feed.xml", "atom": "atom.xml", "json": "feed.json"}[o.format]
	return Feed{Path: "/" + o.slug + "/" + file, Outlet: o.name, Owner: o.owner,
		Country: o.country, Language: o.language, Format: o.format}
}

// outlets reads the data. What is wrong with them is a programming error.
func outlets() []outlet {
	files, err := fs.Glob(data, "data/*.txt")
	if err != nil {
		panic(err)
	}
	var all []outlet
	for _, file := range files {
		text, err := data.ReadFile(file)
		if err != nil {
			panic(err)
		}
		o, err := parseOutlet(string(text))
		if err != nil {
			panic(fmt.Sprintf("%s: %v", file, err))
		}
		o.slug = strings.TrimSuffix(path.Base(file), ".txt")
		all = append(all, o)
	}
	for i, o := range all {
		for j, a := range o.articles {
			if a.copyOf != "" {
				original := find(all, a.copyOf, a.story)
				all[i].articles[j].title, all[i].articles[j].text = original.title, original.text
			}
		}
	}
	return all
}

func find(all []outlet, slug, story string) article {
	for _, o := range all {
		for _, a := range o.articles {
			if o.slug == slug && a.story == story && a.copyOf == "" {
				return a
			}
		}
	}
	panic(fmt.Sprintf("%s has no article of its own on %s", slug, story))
}

func parseOutlet(text string) (outlet, error) {
	head, rest, _ := strings.Cut(text, "\n= ")
	var o outlet
	keys := map[string]*string{"outlet": &o.name, "owner": &o.owner, "country": &o.country,
		"language": &o.language, "format": &o.format, "fault": &o.fault}
	for line := range strings.Lines(head) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		if into := keys[key]; into != nil {
			*into = value
		} else if key != "" {
			return o, fmt.Errorf("unknown key %q", key)
		}
	}
	for block := range strings.SplitSeq(rest, "\n= ") {
		a, err := parseArticle(block)
		if err != nil {
			return o, err
		}
		o.articles = append(o.articles, a)
	}
	return o, nil
}

func parseArticle(block string) (article, error) {
	line, rest, _ := strings.Cut(block, "\n")
	story, when, _ := strings.Cut(line, " ")
	a := article{story: story}
	when, a.copyOf, _ = strings.Cut(when, " copy ")
	age, comes := strings.CutPrefix(when, "in ")
	after, err := time.ParseDuration(age)
	if err != nil {
		return a, fmt.Errorf("article %s: %w", story, err)
	}
	if a.after = after; !comes {
		a.after = -after
	}
	title, text, _ := strings.Cut(strings.TrimSpace(rest), "\n")
	a.title = strings.TrimSpace(title)
	for p := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		a.text = append(a.text, strings.Join(strings.Fields(p), " "))
	}
	return a, nil
}
