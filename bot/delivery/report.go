package delivery

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"tidings/bot"
	"tidings/digest"
	"tidings/digest/archive"
)

// Report is all that is told of one story.
type Report struct {
	digest.Story
	// Says is one sentence for each outlet that adds something.
	Says []digest.Sentence
	// Related are near stories, best first.
	Related []digest.Story
	At      time.Time
}

// How much of each a report has.
const (
	reportSays     = 5
	reportTimeline = 6
	reportSources  = 40
)

// Story is a story as a topic has it, or, with an empty topic, by itself.
func (d *Delivery) Story(ctx context.Context, topic digest.Topic, id string) (digest.Story, error) {
	now := d.Now()
	stories, err := d.stories(ctx, topic, []string{id}, now.Add(-topWindow), now)
	if err != nil {
		return digest.Story{}, err
	}
	if len(stories) == 0 {
		return digest.Story{}, ErrNoStory
	}
	return stories[0], nil
}

// ErrNoStory says that nothing is known of a story, or no longer.
var ErrNoStory = errors.New("no such story")

// Report tells all of a story as a topic has it; related are the ids of near
// ones, of which those stay that have a word of their titles in common with it.
func (d *Delivery) Report(ctx context.Context, topic digest.Topic, id string, related []string) (Report, error) {
	story, err := d.Story(ctx, topic, id)
	if err != nil {
		return Report{}, err
	}
	r := Report{Story: story, At: d.Now()}
	near, err := d.stories(ctx, digest.Topic{}, related, r.At.Add(-topWindow), r.At)
	if err != nil {
		return Report{}, err
	}
	composer, err := d.composer(ctx)
	if err != nil {
		return Report{}, err
	}
	defer func() { d.composers <- composer }()
	for _, s := range near {
		if s.ID != story.ID && composer.Related(story, s) {
			r.Related = append(r.Related, s)
		}
	}
	r.Says = composer.WhoSays(story, reportSays)
	return r, nil
}

// ReportMessage is a report as a chat sees it.
func ReportMessage(r Report, zone *time.Location) bot.Message {
	first := r.Articles[0]
	head := bot.Section{Blocks: []bot.Block{
		{Kind: bot.Heading, Runs: []bot.Run{{Text: headline(r.Title, longTitle), Link: r.Sources[0].URL}}},
		{Runs: []bot.Run{{Text: fmt.Sprintf("%s from %s · first: %s, %s", count(len(r.Articles), "article", "articles"),
			count(len(r.Sources), "outlet", "outlets"), first.Outlet, Moment(first.Seen, r.At, zone))}}},
	}}
	m := bot.Message{Sections: []bot.Section{head}}
	if len(r.Summary) > 0 {
		said := bot.Section{Blocks: append([]bot.Block{{Runs: attributed(r.Summary)}}, differing(r.Story)...)}
		if r.Quote != nil {
			said.Blocks = append(said.Blocks, quotation(*r.Quote))
		}
		m.Sections = append(m.Sections, said)
	}
	if len(r.Says) > 0 {
		says := titled("Who says what")
		for _, s := range r.Says {
			says.Blocks = append(says.Blocks, bot.Block{Runs: []bot.Run{
				{Text: s.Article.Outlet, Link: s.Article.URL}, {Text: ": " + s.Text},
			}})
		}
		m.Sections = append(m.Sections, says)
	}
	if line := timeline(r.Articles); len(line) > 1 {
		m.Sections = append(m.Sections, timelineSection(line, r.At, zone))
	}
	m.Sections = append(m.Sections, sourcesSection(r.Story))
	if len(r.Related) > 0 {
		related := titled("Related")
		for _, s := range r.Related {
			related.Blocks = append(related.Blocks, bot.Block{Runs: []bot.Run{
				{Text: headline(s.Title, shortTitle), Link: s.Sources[0].URL}, {Text: " · " + count(len(s.Sources), "outlet", "outlets")},
			}})
		}
		m.Sections = append(m.Sections, related)
	}
	return m
}

// titled is a section with a bold first line.
func titled(title string) bot.Section {
	return bot.Section{Blocks: []bot.Block{{Kind: bot.Heading, Runs: []bot.Run{{Text: title}}}}}
}

func timelineSection(line []digest.Article, now time.Time, zone *time.Location) bot.Section {
	s := titled("Timeline")
	for _, a := range line {
		s.Blocks = append(s.Blocks, bot.Block{Runs: []bot.Run{
			{Text: Moment(a.Seen, now, zone) + " · "}, {Text: headline(a.Title, shortTitle), Link: a.URL}, {Text: " · " + a.Outlet},
		}})
	}
	return s
}

// timeline is how a story went on: its first article, its last, and between
// them those whose titles say most that no earlier one said.
func timeline(articles []digest.Article) []digest.Article {
	said := map[string]bool{}
	type step struct {
		at   int
		news float64
	}
	var steps []step
	for i, a := range articles {
		if a.CopyOf != "" && i > 0 {
			continue
		}
		words := strings.Fields(archive.Fold(a.Title))
		fresh := 0
		for _, w := range words {
			if !said[w] {
				fresh++
			}
			said[w] = true
		}
		if share := float64(fresh) / float64(max(len(words), 1)); share >= 0.3 {
			steps = append(steps, step{i, share})
		}
	}
	slices.SortStableFunc(steps, func(a, b step) int { return cmp.Compare(b.news, a.news) })
	steps = steps[:min(len(steps), reportTimeline)]
	slices.SortFunc(steps, func(a, b step) int { return cmp.Compare(a.at, b.at) })
	var line []digest.Article
	for _, s := range steps {
		line = append(line, articles[s.at])
	}
	return line
}

// sourcesSection lists the sources by country, each owner with its outlets.
func sourcesSection(s digest.Story) bot.Section {
	byCountry := map[string][]digest.Article{}
	seen := map[string]bool{}
	for _, a := range s.Articles {
		if !seen[a.Outlet] && len(seen) < reportSources {
			seen[a.Outlet] = true
			byCountry[a.Country] = append(byCountry[a.Country], a)
		}
	}
	outlets := map[string]bool{}
	for _, a := range s.Articles {
		outlets[a.Outlet] = true
	}
	section := titled("Sources")
	countries := slices.SortedFunc(maps.Keys(byCountry), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(byCountry[b]), len(byCountry[a])), cmp.Compare(a, b))
	})
	var lines bot.Block
	lines.Kind = bot.Details
	for i, country := range countries {
		if i > 0 {
			lines.Runs = append(lines.Runs, bot.Run{Text: "\n"})
		}
		if country != "" {
			lines.Runs = append(lines.Runs, bot.Run{Text: country + ": ", Bold: true})
		} else if len(countries) > 1 {
			lines.Runs = append(lines.Runs, bot.Run{Text: "Elsewhere: ", Bold: true})
		}
		lines.Runs = append(lines.Runs, byOwner(byCountry[country])...)
	}
	if more := len(outlets) - len(seen); more > 0 {
		lines.Runs = append(lines.Runs, bot.Run{Text: fmt.Sprintf(" and %d more", more)})
	}
	section.Blocks = append(section.Blocks, lines)
	return section
}

// byOwner lists outlets, those of one owner together and with its name.
func byOwner(articles []digest.Article) []bot.Run {
	var runs []bot.Run
	slices.SortStableFunc(articles, func(a, b digest.Article) int { return cmp.Compare(a.Owner, b.Owner) })
	for i, a := range articles {
		if i > 0 {
			runs = append(runs, bot.Run{Text: ", "})
		}
		runs = append(runs, bot.Run{Text: a.Outlet, Link: a.URL})
		last := i+1 == len(articles) || articles[i+1].Owner != a.Owner
		if copied := a.CopyOf != ""; copied {
			runs = append(runs, bot.Run{Text: " (repeats another's text)"})
		} else if last && a.Owner != "" && a.Owner != a.Outlet {
			runs = append(runs, bot.Run{Text: " (" + a.Owner + ")"})
		}
	}
	return runs
}
