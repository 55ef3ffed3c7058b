package conversation

import (
	"context"
	"strings"

	"tidings/bot"
	"tidings/digest"
	"tidings/digest/archive"
)

// command is a command and what answers it.
type command struct {
	bot.Command
	answer answer
}

// allCommands are the commands, those used most first.
func (v *Conversation) allCommands() []command {
	topic := bot.Option{Name: "topic", Description: "The topic, as /topics names it", Suggests: true}
	must, words := topic, topic
	must.Required = true
	words.Required, words.Description = true, "A topic, or words of your own"
	when := bot.Option{Name: "when", Description: `"daily 08:00", "weekdays 18:30", "every 6 hours" or a cron line`, Suggests: true}
	until := bot.Option{Name: "when", Description: `Until when: "3 days", "monday 08:00", "2026-12-24"`}
	channel := bot.Option{Name: "channel", Description: "Another place that you administer, instead of this one"}
	story := bot.Option{Name: "story", Description: "Its number in the last digest, or words of its title", Suggests: true}
	since := bot.Option{Name: "since", Description: `How far back: "24h", "3d"; 24 hours when left out`}
	return []command{
		{bot.Command{Name: "digest", Description: "A digest now", Options: []bot.Option{topic, since}}, v.digest},
		{bot.Command{Name: "top", Description: "The top stories right now"}, v.top},
		{bot.Command{Name: "story", Description: "All about one story", Options: []bot.Option{story}}, v.story},
		{bot.Command{Name: "why", Description: "Why a story is in your digest", Options: []bot.Option{story}}, v.why},
		{bot.Command{Name: "follow", Description: "Every news of one story", Options: []bot.Option{story}}, v.mark},
		{bot.Command{Name: "mute", Description: "No more of one story", Options: []bot.Option{story}}, v.mark},
		{bot.Command{Name: "subscribe", Description: "Get a topic regularly", Options: []bot.Option{words, when, channel}}, v.subscribe},
		{bot.Command{Name: "subscriptions", Description: "What comes here, and when", Options: []bot.Option{channel}}, v.list},
		{bot.Command{Name: "unsubscribe", Description: "Stop a topic", Options: []bot.Option{must, channel}}, v.unsubscribe},
		{bot.Command{Name: "topics", Description: "What you can subscribe to"}, v.topics},
		{bot.Command{Name: "pause", Description: "No digests for a while", Options: []bot.Option{until, channel}}, v.pause},
		{bot.Command{Name: "resume", Description: "Digests again", Options: []bot.Option{channel}}, v.resume},
		{bot.Command{Name: "settings", Description: "Time zone, length, quiet hours", Options: []bot.Option{
			{Name: "zone", Description: `A time zone or city, such as "Europe/Kyiv"`},
			{Name: "length", Description: "How much a digest says", Choices: []string{"short", "normal", "long"}},
			{Name: "language", Description: `The language of summaries, such as "Ukrainian", or "off"`},
			{Name: "quiet", Description: `Hours without a sound, such as "22:00-07:00", or "off"`},
			{Name: "silence", Description: "Send nothing when nothing is new", Choices: []string{"on", "off"}},
			{Name: "pictures", Description: "Pictures", Choices: []string{"on", "off"}}, channel,
		}}, v.changeSettings},
		{bot.Command{Name: "status", Description: "What comes next, what came last, which feeds fail", Options: []bot.Option{channel}}, v.status},
		{bot.Command{Name: "topic", Description: "Try, change or remove a topic", Sub: topicActions()}, v.topic},
		{bot.Command{Name: "feed", Description: "See, find, add and remove feeds", Sub: feedActions(), Admin: true}, v.feed},
		{bot.Command{Name: "pick", Description: "Put a story above the top stories", Options: []bot.Option{story}, Admin: true}, v.pick},
		{bot.Command{Name: "unpick", Description: "Take a picked story down again", Options: []bot.Option{story}, Admin: true}, v.unpick},
		{bot.Command{Name: "help", Description: "This list"}, v.help},
		{bot.Command{Name: "start", Description: "How to begin"}, v.start},
	}
}

// Commands are the commands to offer on every network.
func (v *Conversation) Commands() []bot.Command {
	all := make([]bot.Command, len(v.commands))
	for i, c := range v.commands {
		all[i] = c.Command
	}
	return all
}

// allButtons are what pressed buttons ask for, by the first word of their action.
func (v *Conversation) allButtons() map[string]answer {
	return map[string]answer{
		"digest": v.pressDigest, "digests": v.pressDigest, "time": v.pressTime, "times": v.pressTimes, "stop": v.pressStop,
		"make": v.pressMake, "drop": v.pressDrop, "keep": v.pressKeep, "narrow": v.pressNarrow, "wide": v.pressWide,
		"words": v.pressWords, "save": v.pressSave, "test": v.pressTest,
		"story": v.pressStory, "why": v.pressWhy, "more": v.pressVote, "less": v.pressVote, "unvote": v.pressUnvote, "adopt": v.pressAdopt, "disown": v.pressDisown,
		"follow": v.pressMark, "mute": v.pressMark, "unmark": v.pressMark,
		"packs": v.pressPacks, "addpack": v.pressAddPack, "addfeed": v.pressAddFeed, "undofeed": v.pressUndoFeed, "cutfeed": v.pressCutFeed,
		"settings": v.pressSettings, "set": v.pressSet, "pause": v.pressPause, "resume": v.resume,
	}
}

// helpLines are what /help says, by use.
const helpLines = `/digest — news on your topics now; /top for everything
/subscribe TOPIC TIME — get it regularly
/topics — what there is, or use words of your own
/story 2 — more on a story; /why 2 — why it is there
/follow 2, /mute 2 — all its news, or none
/subscriptions, /unsubscribe — see and stop
/pause, /resume — a break
/settings — time zone, length, quiet hours
/status — what comes next, and what went wrong`

func (v *Conversation) help(ctx context.Context, r request) (bot.Reply, error) {
	topics, err := v.offered(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	m := bot.Message{Sections: []bot.Section{{Blocks: []bot.Block{
		{Kind: bot.Heading, Runs: []bot.Run{{Text: "News on the topics you choose, when you want it."}}},
	}}}}
	lines := helpLines
	if v.admin(r.User) {
		lines += "\n/topic, /feed — for admins: topics for everyone (/topic set: their languages, feeds, times), the feeds\n/pick, /unpick — for admins: stories on top"
	}
	var list bot.Section
	for line := range strings.Lines(lines) {
		before, after, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " — ")
		list.Blocks = append(list.Blocks, bot.Block{Runs: []bot.Run{{Text: before, Bold: true}, {Text: " — " + after}}})
	}
	m.Sections = append(m.Sections, list)
	m.Sections = append(m.Sections, bot.Text("Try: /subscribe "+example(topics)+" weekdays 18:30").Sections...)
	return bot.Reply{Message: m, Private: r.Place.Kind != bot.Private}, nil
}

// startTopics is how many topics a newcomer is offered.
const startTopics = 6

// start greets a newcomer with topics that one tap subscribes to.
func (v *Conversation) start(ctx context.Context, r request) (bot.Reply, error) {
	topics, err := v.offered(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(topics) == 0 || !r.target.Administered {
		return v.help(ctx, r)
	}
	m := bot.Text("I bring you the news on the topics you choose, when you want it.", "Choose a topic to get it regularly:")
	m.Sections[0].Blocks[0].Kind = bot.Heading
	m.Sections = append(m.Sections, bot.Text("Or send /subscribe with words of your own, for example: /subscribe surfing gold medal. "+
		"/digest shows a topic's news now, /help lists the rest.").Sections...)
	m.Buttons = v.topicButtons(r, topics, "time")
	return r.reply(m), nil
}

// topicButtons are buttons that do something with a topic, one below the other.
func (v *Conversation) topicButtons(r request, topics []digest.Topic, verb string) (rows [][]bot.Button) {
	most := min(len(topics), startTopics, v.platforms[r.Place.Chat.Platform].Limits().Rows)
	for _, t := range topics[:most] {
		if buttons := row(r.button(clip(t.Name, 40), verb+" "+t.ID)); len(buttons) > 0 {
			rows = append(rows, buttons)
		}
	}
	return rows
}

// commonTimes are suggested while a time is typed.
func commonTimes() []string {
	return []string{"daily 08:00", "daily 18:00", "weekdays 08:00", "weekdays 18:30", "mondays 09:00", "8:00 and 18:00", "every 6 hours", "hourly"}
}

// Suggest implements [bot.Handler].
func (v *Conversation) Suggest(ctx context.Context, u bot.Update, option, typed string) []string {
	var all []string
	switch option {
	case "topic":
		topics, err := v.offered(ctx, request{Update: u, target: u.Place})
		if u.Command == "unsubscribe" {
			_, topics, err = v.subscribed(ctx, u.Place.Chat)
		}
		if err != nil {
			v.Log.Error("could not suggest topics", "error", err)
		}
		for _, t := range topics {
			all = append(all, t.Name)
		}
	case "when":
		all = commonTimes()
	case "story":
		page, err := v.Subscriptions.Page(ctx, u.Place.Chat)
		if err != nil {
			v.Log.Error("could not suggest stories", "error", err)
		}
		for _, e := range page {
			all = append(all, clip(e.Title, 90))
		}
	}
	return bestMatches(all, typed)
}

// bestMatches are at most 25 values that have what was typed, those that begin
// with it first.
func bestMatches(all []string, typed string) []string {
	var best []string
	want := archive.Fold(typed)
	for _, prefix := range []bool{true, false} {
		for _, s := range all {
			folded := archive.Fold(s)
			if strings.Contains(folded, want) && strings.HasPrefix(folded, want) == prefix {
				best = append(best, s)
			}
		}
	}
	return best[:min(len(best), 25)]
}

// clip is at most n characters of a text, with an ellipsis where it is cut.
func clip(text string, n int) string {
	runes := []rune(text)
	if len(runes) <= n {
		return text
	}
	return strings.TrimSpace(string(runes[:n-1])) + "…"
}
