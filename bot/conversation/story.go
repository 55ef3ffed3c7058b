package conversation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tidings/bot"
	"tidings/bot/delivery"
	"tidings/digest"
	"tidings/digest/archive"
	"tidings/subscriptions"
)

// entry is the story that a command means: a number of the last digest here,
// or words of a title.
func (v *Conversation) entry(ctx context.Context, r request) (subscriptions.Entry, error) {
	text := strings.Trim(r.arg("story"), `"“”[] `)
	page, err := v.Subscriptions.Page(ctx, r.Place.Chat)
	if err != nil {
		return subscriptions.Entry{}, err
	}
	n, notNumber := strconv.Atoi(strings.TrimSuffix(text, "."))
	switch {
	case text == "" && len(page) == 1:
		return v.current(ctx, page[0])
	case text == "" && len(page) > 0:
		return subscriptions.Entry{}, complain("Which one?\n"+numbered(page), v.choice(r, page)...)
	case text == "":
		return subscriptions.Entry{}, complain("Which story? Give words of its title, for example: /" + r.Command + " ceasefire. After a digest, its number does.")
	case notNumber == nil && n >= 1 && n <= len(page):
		return v.current(ctx, page[n-1])
	case notNumber == nil && len(page) > 0 && n < 1000:
		return subscriptions.Entry{}, complain(fmt.Sprintf("The last digest here had %s, so there is no %d.", stories(len(page)), n))
	case notNumber == nil && n < 1000:
		return subscriptions.Entry{}, complain("There was no digest here yet, so numbers mean nothing. /digest brings one.")
	}
	if i := slices.IndexFunc(page, func(e subscriptions.Entry) bool { return archive.Has(e.Title, text) }); i >= 0 {
		return v.current(ctx, page[i])
	}
	return v.titled(ctx, text)
}

// titled is the newest story that has words in a title.
func (v *Conversation) titled(ctx context.Context, text string) (subscriptions.Entry, error) {
	found, err := v.Archive.Titled(ctx, text, v.Now().Add(-furthest), 1)
	if err != nil {
		return subscriptions.Entry{}, err
	}
	if len(found) == 0 {
		return subscriptions.Entry{}, complain(fmt.Sprintf("No title of the last two weeks has “%s”. Try fewer words.", clip(text, 60)))
	}
	story, err := v.Delivery.Story(ctx, digest.Topic{}, found[0])
	if err != nil {
		return subscriptions.Entry{}, err
	}
	return subscriptions.Entry{Story: story.ID, Title: story.Title}, nil
}

// current is an entry under the id that its story has now.
func (v *Conversation) current(ctx context.Context, e subscriptions.Entry) (subscriptions.Entry, error) {
	ids, err := v.Archive.Current(ctx, []string{e.Story})
	if err == nil {
		e.Story = ids[0]
	}
	return e, err
}

func numbered(page []subscriptions.Entry) string {
	lines := make([]string, len(page))
	for i, e := range page {
		lines[i] = fmt.Sprintf("%d. %s", i+1, clip(e.Title, 80))
	}
	return strings.Join(lines, "\n")
}

// choice are buttons that give the command for each story of a page.
func (v *Conversation) choice(r request, page []subscriptions.Entry) [][]bot.Button {
	verb := "story"
	if v.buttons[r.Command] != nil {
		verb = r.Command
	}
	var buttons []bot.Button
	for i, e := range page {
		buttons = append(buttons, bot.Button{Label: fmt.Sprint(i + 1), Action: delivery.StoryAction(verb, e.Topic, e.Story)})
	}
	var rows [][]bot.Button
	for chunk := range slices.Chunk(buttons, 5) {
		rows = append(rows, chunk)
	}
	return rows
}

func (v *Conversation) story(ctx context.Context, r request) (bot.Reply, error) {
	e, err := v.entry(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return v.report(ctx, r, e)
}

// about is the story that a button is about, and its topic, which is empty for
// top stories.
func (v *Conversation) about(ctx context.Context, r request) (e subscriptions.Entry, topic digest.Topic, err error) {
	topicID, id, _ := strings.Cut(r.value, " ")
	if topicID != delivery.NoTopic {
		if topic, err = v.Archive.Topic(ctx, topicID); err != nil && !errors.Is(err, archive.ErrNoTopic) {
			return e, topic, err
		}
	}
	e, err = v.current(ctx, subscriptions.Entry{Topic: topic.ID, Story: id})
	if err != nil {
		return e, topic, err
	}
	page, err := v.Subscriptions.Page(ctx, r.Place.Chat)
	if err != nil {
		return e, topic, err
	}
	for _, shown := range page {
		if shown.Topic == topic.ID && (shown.Story == id || shown.Story == e.Story) {
			shown.Story = e.Story
			return shown, topic, nil
		}
	}
	story, err := v.Delivery.Story(ctx, topic, e.Story)
	e.Title = story.Title
	return e, topic, asGone(err)
}

// asGone tells a person that a story is no longer kept.
func asGone(err error) error {
	if errors.Is(err, delivery.ErrNoStory) {
		return complain("That story is older than two weeks, and its articles are no longer at hand.")
	}
	return err
}

func (v *Conversation) pressStory(ctx context.Context, r request) (bot.Reply, error) {
	e, _, err := v.about(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return v.report(ctx, r, e)
}

// related is how many near stories a report names.
const related = 3

func (v *Conversation) report(ctx context.Context, r request, e subscriptions.Entry) (bot.Reply, error) {
	topic := digest.Topic{}
	if e.Topic != "" {
		var err error
		if topic, err = v.Archive.Topic(ctx, e.Topic); err != nil && !errors.Is(err, archive.ErrNoTopic) {
			return bot.Reply{}, err
		}
	}
	report, err := v.Delivery.Report(ctx, topic, e.Story, v.Newsroom.Related(e.Story, related))
	if err != nil {
		return bot.Reply{}, asGone(err)
	}
	marks, err := v.marks(ctx, r, e.Story)
	if err != nil {
		return bot.Reply{}, err
	}
	mark := ""
	if len(marks) > 0 {
		mark = marks[0].Said.Mark
	}
	m := delivery.ReportMessage(report, r.zone)
	if r.settings.Pictures {
		m.Picture = v.Delivery.ReportPicture(ctx, report, r.zone)
	}
	if r.Place.Kind != bot.Channel {
		m.Buttons = storyButtons(r, e, mark)
	}
	return bot.Reply{Message: m, Private: r.Place.Kind != bot.Private}, nil
}

// marks are the target's marks of a story, also those that were set before it was
// merged with another or cut off from one, newest first.
func (v *Conversation) marks(ctx context.Context, r request, story string) ([]delivery.Mark, error) {
	marks, err := v.Delivery.Marks(ctx, r.target.Chat)
	return slices.DeleteFunc(marks, func(m delivery.Mark) bool { return m.Story != story }), err
}

// storyButtons are the buttons under a story. Votes need a topic to count in.
func storyButtons(r request, e subscriptions.Entry, mark string) [][]bot.Button {
	act := func(label, verb string) bot.Button {
		return r.button(label, delivery.StoryAction(verb, e.Topic, e.Story))
	}
	var rows [][]bot.Button
	if e.Topic != "" {
		rows = append(rows, row(act("👍 more like this", "more"), act("👎 less", "less")))
	}
	follow, mute := act("🔔 follow", "follow"), act("🙈 mute", "mute")
	switch mark {
	case subscriptions.Follow:
		follow = act("🔕 unfollow", "unmark")
	case subscriptions.Mute:
		mute = act("🐵 unmute", "unmark")
	}
	return append(rows, row(follow, mute, act("❓ why", "why")))
}

// mark answers /follow and /mute.
func (v *Conversation) mark(ctx context.Context, r request) (bot.Reply, error) {
	e, err := v.entry(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return v.markAs(ctx, r, e, r.Command)
}

// pressMark follows or mutes a story, or takes that back.
func (v *Conversation) pressMark(ctx context.Context, r request) (bot.Reply, error) {
	e, topic, err := v.about(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	e.Topic = topic.ID
	verb, _, _ := strings.Cut(strings.TrimPrefix(r.Action, "@"+r.target.Chat.ID+" "), " ")
	return v.markAs(ctx, r, e, verb)
}

// markAs follows a story, mutes it, or takes that back, by the verb of a button.
func (v *Conversation) markAs(ctx context.Context, r request, e subscriptions.Entry, verb string) (bot.Reply, error) {
	if err := v.meet(ctx, r); err != nil {
		return bot.Reply{}, err
	}
	mark := subscriptions.Mark{Story: e.Story, Topic: e.Topic, At: v.Now()}
	text := "Back to normal: “" + e.Title + "” comes when it ranks high enough."
	switch verb {
	case "follow":
		mark.Mark = subscriptions.Follow
		text = "🔔 Following “" + e.Title + "”. Whenever it has news, it is in the next digest."
	case "mute":
		mark.Mark = subscriptions.Mute
		text = "🙈 Muted: “" + e.Title + "” will not come here again."
	}
	had, err := v.marks(ctx, r, e.Story)
	if err != nil {
		return bot.Reply{}, err
	}
	for _, m := range had {
		if m.Part && mark.Mark != "" {
			continue // what was said of the whole still holds for the rest of it
		}
		if err := v.Subscriptions.MarkStory(ctx, r.target.Chat, subscriptions.Mark{Story: m.Said.Story}); err != nil {
			return bot.Reply{}, err
		}
	}
	if err := v.Subscriptions.MarkStory(ctx, r.target.Chat, mark); err != nil {
		return bot.Reply{}, err
	}
	m := bot.Text(text)
	if verb != "unmark" {
		m.Buttons = [][]bot.Button{row(r.button("Undo", delivery.StoryAction("unmark", e.Topic, e.Story)))}
	}
	return bot.Reply{Message: m, Edit: verb == "unmark", Private: r.Place.Kind != bot.Private}, nil
}
