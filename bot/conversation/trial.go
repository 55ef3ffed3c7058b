package conversation

import (
	"context"
	"fmt"
	"slices"

	"tidings/bot"
	"tidings/digest"
	"tidings/digest/newsroom"
)

// tryBack is how far back a topic is tried.
const tryBack = 7 * day

// try shows what words would have matched, before anything is stored.
func (v *Conversation) try(ctx context.Context, r request, d draft) (bot.Reply, error) {
	topic, err := v.topicOf(ctx, d)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := v.readable(r, topic); err != nil {
		return bot.Reply{}, err
	}
	words, err := understood(d.Query, d.Strictness)
	if err != nil {
		return bot.Reply{}, err
	}
	trial, err := v.Newsroom.Try(ctx, topic, v.Now().Add(-tryBack))
	if err != nil {
		return bot.Reply{}, err
	}
	unheard, err := v.unheard(ctx, topic)
	if err != nil {
		return bot.Reply{}, err
	}
	m := lines("Understood as: "+words+".", besideWords(topic), trialLine(trial), unheard)
	m.Sections = append(m.Sections, tried("Taken, but least sure", trial.Barely), tried("Left out, but near", withTerms(trial.Nearly)))
	m.Sections = withBlocks(m.Sections)
	verb := "make"
	if v.admin(r.User) {
		verb = "save"
	}
	buttons := []bot.Button{}
	for _, b := range []struct {
		label, verb string
		draft       draft
	}{{"Save", verb, d}, {"Looser", "test", looser(d)}, {"Stricter", "test", stricter(d)}} {
		if b.verb == "test" && b.draft == d {
			continue
		}
		id, err := v.keep(ctx, b.draft)
		if err != nil {
			return bot.Reply{}, err
		}
		buttons = append(buttons, r.button(b.label, b.verb+" "+id))
	}
	m.Buttons = [][]bot.Button{row(buttons...)}
	return r.reply(m), nil
}

func withBlocks(sections []bot.Section) (all []bot.Section) {
	for _, s := range sections {
		if len(s.Blocks) > 0 {
			all = append(all, s)
		}
	}
	return all
}

// withTerms are the matches that have a word of the query: one that has nothing
// but words like "the" is near to everything.
func withTerms(all []newsroom.Match) []newsroom.Match {
	return slices.DeleteFunc(slices.Clone(all), func(m newsroom.Match) bool { return len(m.Terms) == 0 })
}

func trialLine(t newsroom.Trial) string {
	if t.Articles == 0 {
		return "Last 7 days: nothing."
	}
	return fmt.Sprintf("Last 7 days: %s in %s from %s.", articles(t.Articles), stories(t.Stories), plural(t.Owners, "owner", "owners"))
}

// tried lists articles near the threshold, and why.
func tried(title string, all []newsroom.Match) bot.Section {
	var s bot.Section
	for _, t := range all {
		terms := make([]digest.Term, len(t.Terms))
		for i, term := range t.Terms {
			terms[i] = digest.Term{Text: term.Text, Weight: term.Weight, Where: term.Where}
		}
		s.Blocks = append(s.Blocks, bot.Block{Runs: []bot.Run{
			{Text: t.Article.Title, Link: t.Article.URL}, {Text: " · " + t.Article.Outlet + " — "},
			{Text: TermsText(terms), Italic: true},
		}})
	}
	if len(s.Blocks) > 0 {
		s.Blocks = append([]bot.Block{{Kind: bot.Heading, Runs: []bot.Run{{Text: title}}}}, s.Blocks...)
	}
	return s
}

func (v *Conversation) pressTest(ctx context.Context, r request) (bot.Reply, error) {
	d, err := v.drafted(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return v.try(ctx, r, d)
}
