package delivery

import (
	"fmt"
	"strings"
	"time"

	"github.com/clipperhouse/uax29/v2/graphemes"

	"tidings/bot"
	"tidings/digest"
	"tidings/subscriptions"
)

// Options say how a digest is told.
type Options struct {
	// Zone is the zone of the times.
	Zone *time.Location
	// Length is as [subscriptions.Settings] has it.
	Length string
	// Next is when the next digest comes, or zero.
	Next time.Time
	// First is the number of the first story; 0 is 1.
	First int
	// Buttons are put under it.
	Buttons [][]bot.Button
}

// How many outlets a story names, and how many further headlines a long digest
// has of each story; the others are counted.
const (
	outletNames     = 3
	longOutletNames = 8
	longHeadlines   = 5
)

// Message is a digest as any chat sees it.
func Message(d digest.Digest, o Options) bot.Message { return PageMessage(Page{Digest: d}, o) }

// PageMessage is a digest as its chat sees it.
func PageMessage(p Page, o Options) bot.Message {
	m := bot.Message{Buttons: o.Buttons}
	if len(p.Stories) == 0 {
		quiet := bot.Section{Blocks: []bot.Block{{Runs: []bot.Run{
			{Text: title(p.Digest, o.Zone), Bold: true}, {Text: " — " + quietLine(p.Digest, o)},
		}}}}
		if failing := failingLine(p.Failing); failing != "" {
			quiet.Blocks = append(quiet.Blocks, bot.Block{Runs: []bot.Run{{Text: failing, Italic: true}}})
		}
		m.Sections = []bot.Section{quiet}
		return m
	}
	m.Sections = append(m.Sections, head(p.Digest, o.Zone))
	first := max(o.First, 1)
	for i, s := range p.Stories {
		m.Sections = append(m.Sections, p.story(first+i, s, o))
	}
	if o.Length == subscriptions.Short {
		m.Sections = []bot.Section{m.Sections[0], joined(m.Sections[1:])}
	}
	if foot := p.foot(); len(foot.Blocks) > 0 {
		m.Sections = append(m.Sections, foot)
	}
	return m
}

// joined is the blocks of several sections in one.
func joined(sections []bot.Section) (all bot.Section) {
	for _, s := range sections {
		all.Blocks = append(all.Blocks, s.Blocks...)
	}
	return all
}

func title(d digest.Digest, zone *time.Location) string {
	return fmt.Sprintf("📰 %s · %s", d.Topic.Name, d.Until.In(zone).Format("Mon 2 Jan, 15:04"))
}

func quietLine(d digest.Digest, o Options) string {
	line := "nothing new since " + Moment(d.Since, d.Until, o.Zone)
	if n := len(d.Running); n > 0 {
		line += fmt.Sprintf(" (%s still running)", count(n, "story", "stories"))
	}
	line += "."
	if !o.Next.IsZero() {
		line += " Next: " + Moment(o.Next, d.Until, o.Zone) + "."
	}
	return line
}

func head(d digest.Digest, zone *time.Location) bot.Section {
	numbers := fmt.Sprintf("%s from %s · %s · since %s", count(len(d.Stories), "story", "stories"),
		count(d.Articles, "article", "articles"), count(d.Outlets, "outlet", "outlets"), Moment(d.Since, d.Until, zone))
	return bot.Section{Blocks: []bot.Block{
		{Kind: bot.Heading, Runs: []bot.Run{{Text: title(d, zone)}}},
		{Runs: []bot.Run{{Text: numbers}}},
	}}
}

// story is one numbered story; a short digest has one line for it.
func (p Page) story(number int, s digest.Story, o Options) bot.Section {
	mark := ""
	switch {
	case p.Pinned[s.ID]:
		mark = "📌 "
	case p.Followed[s.ID]:
		mark = "🔔 "
	}
	if s.Update != nil {
		mark += "↻ "
	}
	first := bot.Block{Runs: []bot.Run{
		{Text: fmt.Sprintf("%d. %s", number, mark), Bold: true},
		{Text: headline(titleOf(s), longTitle), Bold: true, Link: s.Sources[0].URL},
	}}
	if o.Length == subscriptions.Short {
		first.Runs = append(first.Runs, bot.Run{Text: " · " + p.outletCount(s, o.Zone)})
		return bot.Section{Blocks: []bot.Block{first}}
	}
	section := bot.Section{Blocks: []bot.Block{first}}
	if said := sentences(s); len(said.Runs) > 0 {
		section.Blocks = append(section.Blocks, said)
	}
	names := outletNames
	if o.Length == subscriptions.Long {
		names = longOutletNames
	}
	section.Blocks = append(section.Blocks, differing(s)...)
	section.Blocks = append(section.Blocks, p.outlets(s, names, o.Zone))
	if s.Quote != nil && o.Length == subscriptions.Long && s.Update == nil {
		section.Blocks = append(section.Blocks, quotation(*s.Quote))
	}
	if also := alsoSaid(s); o.Length == subscriptions.Long && len(also.Runs) > 0 {
		section.Blocks = append(section.Blocks, also)
	}
	return section
}

// How many characters of a title are shown: of a story's own, and of those
// that stand in a list.
const (
	longTitle  = 250
	shortTitle = 120
)

// headline is a title of at most n characters as people count them.
func headline(title string, n int) string {
	end := 0
	for g := graphemes.FromString(title); g.Next(); n-- {
		if n == 1 && g.End() < len(title) {
			return strings.TrimSpace(title[:end]) + "…"
		}
		end = g.End()
	}
	return title
}

// sentences are a story's summary, which folds out, or its news.
func sentences(s digest.Story) bot.Block {
	b := bot.Block{Kind: bot.Details}
	if s.Update != nil && len(s.Update.News) > 0 {
		b = bot.Block{Runs: []bot.Run{{Text: "New: ", Bold: true}}}
	}
	if s.Rewritten != nil {
		b.Runs = append(b.Runs, cited(s.Rewritten.Sentences)...)
	} else {
		b.Runs = append(b.Runs, attributed(s.Said())...)
	}
	return b
}

// titleOf is a story's headline, in the words of a model if there are such.
func titleOf(s digest.Story) string {
	if s.Rewritten != nil && s.Rewritten.Title != "" {
		return s.Rewritten.Title
	}
	return s.Title
}

// cited are a model's sentences, each followed by the outlets that it rests on.
func cited(sentences []digest.Cited) []bot.Run {
	var runs []bot.Run
	for i, sentence := range sentences {
		if i > 0 {
			runs = append(runs, bot.Run{Text: " "})
		}
		runs = append(runs, bot.Run{Text: sentence.Text})
		for _, a := range sentence.Articles {
			runs = append(runs, bot.Run{Text: " "}, bot.Run{Text: "[" + a.Outlet + "]", Link: a.URL})
		}
	}
	return runs
}

// differing are the numbers that were corrected, or on which outlets differ: a
// line each.
func differing(s digest.Story) (blocks []bot.Block) {
	if s.Update != nil {
		for _, c := range s.Update.Corrected {
			blocks = append(blocks, bot.Block{Runs: []bot.Run{
				{Text: "Corrected: ", Bold: true}, {Text: fmt.Sprintf("%s → %s %s ", c.Was, c.Now, c.What)},
				{Text: "[" + c.Article.Outlet + "]", Link: c.Article.URL},
			}})
		}
		return blocks
	}
	for _, d := range s.Differ {
		b := bot.Block{Runs: []bot.Run{{Text: "Outlets differ: ", Bold: true}}}
		for i, claim := range d.Claims {
			text := "; " + claim.Number + ", "
			if i == 0 {
				text = claim.Number + " " + d.What + ", "
			}
			b.Runs = append(b.Runs, bot.Run{Text: text}, bot.Run{Text: claim.Article.Outlet, Link: claim.Article.URL})
		}
		blocks = append(blocks, b)
	}
	return blocks
}

// quotation is what somebody said, set apart.
func quotation(q digest.Quote) bot.Block {
	return bot.Block{Kind: bot.Quote, Runs: []bot.Run{
		{Text: "“" + q.Text + "” — " + q.Speaker + " "}, {Text: "[" + q.Article.Outlet + "]", Link: q.Article.URL},
	}}
}

// attributed are sentences, each run of them from one article followed by its outlet.
func attributed(said []digest.Sentence) []bot.Run {
	var runs []bot.Run
	for i, sentence := range said {
		runs = append(runs, bot.Run{Text: sentence.Text + " "})
		if i+1 == len(said) || said[i+1].Article.ID != sentence.Article.ID {
			runs = append(runs, bot.Run{Text: "[" + sentence.Article.Outlet + "]", Link: sentence.Article.URL})
			if i+1 < len(said) {
				runs = append(runs, bot.Run{Text: " "})
			}
		}
	}
	return runs
}

// outletCount counts a story's outlets, and those that are new to the chat.
func (p Page) outletCount(s digest.Story, zone *time.Location) string {
	line := count(len(s.Sources), "outlet", "outlets")
	if s.Update == nil || s.Update.Outlets <= 0 {
		return line
	}
	since := ""
	if at := p.Known[s.ID].At; !at.IsZero() {
		since = " since " + day(at, p.Until, zone)
	}
	return line + fmt.Sprintf(" (+%d%s)", s.Update.Outlets, since)
}

// outlets is the line that counts and names a story's outlets.
func (p Page) outlets(s digest.Story, names int, zone *time.Location) bot.Block {
	b := bot.Block{Runs: []bot.Run{{Text: p.outletCount(s, zone) + ": "}}}
	for i, a := range s.Sources[:min(len(s.Sources), names)] {
		if i > 0 {
			b.Runs = append(b.Runs, bot.Run{Text: ", "})
		}
		b.Runs = append(b.Runs, bot.Run{Text: a.Outlet, Link: a.URL})
	}
	rest := ""
	if more := len(s.Sources) - names; more > 0 {
		rest = fmt.Sprintf(" +%d", more)
	}
	b.Runs = append(b.Runs, bot.Run{Text: rest + " · first " + Ago(p.Until.Sub(s.FirstSeen))})
	return b
}

// alsoSaid are the headlines of a story's other outlets.
func alsoSaid(s digest.Story) bot.Block {
	b := bot.Block{Kind: bot.Details}
	for _, a := range s.Sources[1:] {
		if a.Title == s.Title || len(b.Runs) >= 2*longHeadlines {
			continue
		}
		line := a.Outlet + ": "
		if len(b.Runs) > 0 {
			line = "\n" + line
		}
		b.Runs = append(b.Runs, bot.Run{Text: line}, bot.Run{Text: headline(a.Title, shortTitle), Link: a.URL})
	}
	return b
}

// foot says what is not in the digest, and why.
func (p Page) foot() bot.Section {
	var s bot.Section
	line := func(text string, italic bool) {
		if text != "" {
			s.Blocks = append(s.Blocks, bot.Block{Runs: []bot.Run{{Text: text, Italic: italic}}})
		}
	}
	if len(p.Running) > 0 {
		var names []string
		for _, story := range p.Running {
			names = append(names, fmt.Sprintf("%s (%s)", headline(story.Title, shortTitle), count(len(story.Sources), "outlet", "outlets")))
		}
		line("Still running, nothing new: "+strings.Join(names, "; "), false)
	}
	var left []string
	if p.Left > 0 {
		left = append(left, count(p.Left, "smaller story", "smaller stories"))
	}
	if p.Muted > 0 {
		left = append(left, fmt.Sprintf("%d you muted", p.Muted))
	}
	if len(left) > 0 {
		line("Left out: "+strings.Join(left, " and ")+".", false)
	}
	line(ownWordsLine(p.Stories), true)
	line(failingLine(p.Failing), true)
	return s
}

// ownWordsLine says that a model was asked, and of which stories its text is not shown.
func ownWordsLine(stories []digest.Story) string {
	rewritten, own := 0, 0
	for _, s := range stories {
		switch {
		case s.Rewritten != nil:
			rewritten++
		case s.OwnWords:
			own++
		}
	}
	switch {
	case rewritten > 0 && own > 0:
		return fmt.Sprintf("%d of %s put in other words by a model; the others are in the articles' own.", rewritten, count(len(stories), "story", "stories"))
	case rewritten > 0:
		return "Put in other words by a model; names and numbers were checked against the articles."
	case own > 0:
		return "In the articles' own words: the model did not answer, or its text did not hold."
	}
	return ""
}

func failingLine(failing []string) string {
	n := len(failing)
	if n == 0 {
		return ""
	}
	line := "Could not be read: " + strings.Join(failing[:min(n, outletNames)], ", ")
	if n > outletNames {
		line += fmt.Sprintf(" and %d more", n-outletNames)
	}
	return line + "."
}

// count is a number with its noun.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
