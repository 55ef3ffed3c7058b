package conversation

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"tidings/bot"
	"tidings/digest"
	"tidings/digest/archive"
	"tidings/subscriptions"
)

func (v *Conversation) why(ctx context.Context, r request) (bot.Reply, error) {
	e, err := v.entry(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	topic := digest.Topic{}
	if e.Topic != "" {
		if topic, err = v.Archive.Topic(ctx, e.Topic); err != nil {
			return bot.Reply{}, err
		}
	}
	return v.explain(ctx, r, e, topic)
}

func (v *Conversation) pressWhy(ctx context.Context, r request) (bot.Reply, error) {
	e, topic, err := v.about(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return v.explain(ctx, r, e, topic)
}

// growth is the time within which new outlets mean that a story grows.
const growth = 3 * time.Hour

// explain says why a story is where it is.
func (v *Conversation) explain(ctx context.Context, r request, e subscriptions.Entry, topic digest.Topic) (bot.Reply, error) {
	now := v.Now()
	if e.Until.IsZero() {
		e.Since, e.Until = now.Add(-day), now
	}
	candidates, err := v.Archive.Stories(ctx, topic.ID, []string{e.Story}, e.Until)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(candidates) == 0 {
		return bot.Reply{}, complain("That story is older than two weeks, and its articles are no longer at hand.")
	}
	page, err := v.ranked(ctx, r, e, topic)
	if err != nil {
		return bot.Reply{}, err
	}
	lines := []string{storyLine(candidates[0], e)}
	title := "Why “" + e.Title + "” is in your top stories:"
	if topic.ID != "" {
		words, err := v.wordsLine(ctx, topic, candidates[0].ID)
		if err != nil {
			return bot.Reply{}, err
		}
		title = "Why “" + e.Title + "” is in your digest of " + topic.Name + ":"
		lines = append([]string{words}, lines...)
	} else if e.Topic == "" && !slices.ContainsFunc(page.Stories, func(s digest.Story) bool { return s.ID == e.Story }) {
		title = "What I know of “" + e.Title + "”:"
	}
	lines = append(lines, rankLine(page, e.Story))
	taste, err := v.tasteLine(ctx, r, topic, candidates[0])
	if err != nil {
		return bot.Reply{}, err
	}
	if taste != "" {
		lines = append(lines, taste)
	}
	m := bot.Text(append([]string{title}, lines...)...)
	m.Sections[0].Blocks[0].Kind = bot.Heading
	return bot.Reply{Message: m, Private: r.Place.Kind != bot.Private}, nil
}

// ranked is the digest in which the story stands, before anything was taken
// out that the chat knew.
func (v *Conversation) ranked(ctx context.Context, r request, e subscriptions.Entry, topic digest.Topic) (digest.Digest, error) {
	if topic.ID == "" {
		page, err := v.Delivery.Top(ctx, r.Place.Chat)
		return page.Digest, err
	}
	page, err := v.Delivery.Asked(ctx, r.target.Chat, topic, e.Since, e.Until)
	return page.Digest, err
}

// wordsLine tells the words that counted, of the article that fits best.
func (v *Conversation) wordsLine(ctx context.Context, topic digest.Topic, story string) (string, error) {
	m, err := v.Archive.BestMatch(ctx, topic.ID, story)
	if errors.Is(err, archive.ErrNoTopic) {
		return "words: none of its articles has enough of the topic", nil
	}
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("words: %s — %.2f of the topic, %.2f needed", TermsText(m.Terms), m.Score, m.Needed), nil
}

// mostTerms bounds the words that an explanation names.
const mostTerms = 6

// TermsText tells which words counted, and how much, and then what counted
// beside them: "ukraine .41 (title); and because its story belongs .20".
func TermsText(terms []digest.Term) string {
	var words, beside []string
	left := 0
	for _, t := range terms {
		reason, apart := reasons[t.Text]
		apart = apart && t.Where != "title" && t.Where != "text"
		switch {
		case t.Weight > 0 && t.Weight < 0.015, len(words) >= mostTerms && !apart:
			left++
		case apart:
			beside = append(beside, weighed(reason, t.Weight))
		case t.Where == "title":
			words = append(words, weighed(t.Text, t.Weight)+" (title)")
		default:
			words = append(words, weighed(t.Text, t.Weight))
		}
	}
	if left > 0 {
		words = append(words, fmt.Sprintf("%d more", left))
	}
	text := strings.Join(words, " · ")
	if text == "" {
		text = "all that is asked for"
	}
	if len(beside) > 0 {
		text += "; and because " + strings.Join(beside, ", ")
	}
	return text
}

// reasons are, by the term, why an article belongs beside the words that it has.
var reasons = map[string]string{
	"its story": "its story belongs", "articles like it": "articles like it belong",
	"its own words": "its own words are enough", "votes": "of votes",
}

func weighed(text string, weight float64) string {
	if weight == 0 {
		return text
	}
	return text + " " + strings.Replace(fmt.Sprintf("%.2f", weight), "0.", ".", 1)
}

// storyLine tells how many report the story and how it grows.
func storyLine(c digest.Candidate, e subscriptions.Entry) string {
	voices := digest.Voices(c.Articles)
	recent := 0
	for _, a := range voices {
		if e.Until.Sub(a.Seen) <= growth {
			recent++
		}
	}
	line := "story: " + plural(len(voices), "owner", "owners")
	switch {
	case recent > 1 && 3*recent >= len(voices):
		line += fmt.Sprintf(", growing (%d in the last 3 h)", recent)
	case recent > 0:
		line += fmt.Sprintf(", %d in the last 3 h", recent)
	default:
		line += ", none in the last 3 h"
	}
	if e.Known {
		return line + ", shown to you before"
	}
	return line + ", new to you"
}

// rankLine tells the place of a story, and the parts that add up to it.
func rankLine(page digest.Digest, id string) string {
	of := len(page.Stories) + page.Left
	i := slices.IndexFunc(page.Stories, func(s digest.Story) bool { return s.ID == id })
	if i < 0 {
		return fmt.Sprintf("rank: not among the first %d", digest.MaxStories)
	}
	score := page.Stories[i].Score
	var sum strings.Builder
	for _, p := range scoreParts(score) {
		if p.value >= 0.05 || p.value <= -0.05 {
			sign := " + "
			if p.value < 0 {
				sign = " − "
			}
			sum.WriteString(sign + p.name + " " + short(math.Abs(p.value)))
		}
	}
	return fmt.Sprintf("ranked %s of %d: %s = %s", ordinal(i+1), of, strings.TrimPrefix(sum.String(), " + "), short(score.Total()))
}

type part struct {
	name  string
	value float64
}

func scoreParts(s digest.Score) []part {
	return []part{{"owners", s.Owners}, {"fresh", s.Fresh}, {"growth", s.Growth}, {"fits", s.Fits}, {"yours", s.Yours}, {"like one above", s.Same}}
}

// short is a number with one decimal, without a leading zero: "2.4", ".9".
func short(f float64) string { return strings.TrimPrefix(fmt.Sprintf("%.1f", f), "0") }

func ordinal(n int) string {
	switch {
	case n%10 == 1 && n%100 != 11:
		return fmt.Sprintf("%dst", n)
	case n%10 == 2 && n%100 != 12:
		return fmt.Sprintf("%dnd", n)
	case n%10 == 3 && n%100 != 13:
		return fmt.Sprintf("%drd", n)
	}
	return fmt.Sprintf("%dth", n)
}

// tasteLine tells what this chat said of the topic and of the story, or nothing.
func (v *Conversation) tasteLine(ctx context.Context, r request, topic digest.Topic, c digest.Candidate) (string, error) {
	marks, err := v.marks(ctx, r, c.ID)
	if err != nil {
		return "", err
	}
	var said []string
	switch {
	case len(marks) > 0 && marks[0].Said.Mark == subscriptions.Follow:
		said = append(said, "you follow it")
	case len(marks) > 0:
		said = append(said, "you muted it")
	}
	if topic.ID == "" {
		return youLine(said), nil
	}
	votes, err := v.Subscriptions.Votes(ctx, r.target.Chat, topic.ID)
	if err != nil {
		return "", err
	}
	more, less := tally(votes)
	for _, vote := range votes {
		if slices.ContainsFunc(c.Articles, func(a digest.Article) bool { return a.ID == vote.Article }) {
			said = append(said, map[bool]string{true: "you wanted more like it", false: "you wanted less like it"}[vote.More])
		}
	}
	if more+less > 0 {
		said = append(said, "your votes on this topic: "+votesText(more, less))
	}
	line := youLine(said)
	adopted, err := v.Subscriptions.TopicVotes(ctx, topic.ID)
	if err != nil || len(adopted) == 0 {
		return line, err
	}
	more, less = tally(adopted)
	return strings.TrimPrefix(line+"\nadmins' votes for everyone: "+votesText(more, less), "\n"), nil
}

// tally counts votes.
func tally(votes []subscriptions.Vote) (more, less int) {
	for _, vote := range votes {
		if vote.More {
			more++
		} else {
			less++
		}
	}
	return more, less
}

func votesText(more, less int) string {
	switch {
	case less == 0:
		return fmt.Sprintf("%d 👍", more)
	case more == 0:
		return fmt.Sprintf("%d 👎", less)
	}
	return fmt.Sprintf("%d 👍, %d 👎", more, less)
}

func youLine(said []string) string {
	if len(said) == 0 {
		return ""
	}
	return "you: " + strings.Join(said, "; ")
}
