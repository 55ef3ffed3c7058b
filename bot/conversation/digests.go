package conversation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"tidings/bot"
	"tidings/bot/delivery"
	"tidings/digest"
	"tidings/subscriptions"
)

// day is how far back a digest goes that is asked for without a time.
const day = 24 * time.Hour

// furthest is how far back a digest may be asked for.
const furthest = 14 * day

func (v *Conversation) digest(ctx context.Context, r request) (bot.Reply, error) {
	name, back, err := digestArguments(r)
	if err != nil {
		return bot.Reply{}, err
	}
	var topics []digest.Topic
	if name == "" {
		if _, topics, err = v.subscribed(ctx, r.Place.Chat); err != nil {
			return bot.Reply{}, err
		}
		topics = slices.DeleteFunc(topics, func(t digest.Topic) bool { return !t.Retired.IsZero() })
		if len(topics) == 0 {
			return bot.Reply{}, v.whichTopic(ctx, r)
		}
	} else {
		t, err := v.named(ctx, name)
		if err != nil {
			return bot.Reply{}, err
		}
		if t.ID == "" {
			return bot.Reply{}, v.unmade(ctx, r, name)
		}
		topics = []digest.Topic{t}
	}
	return v.digestOf(ctx, r, topics, back)
}

// whichTopic asks for a topic, and offers some.
func (v *Conversation) whichTopic(ctx context.Context, r request) error {
	topics, err := v.offered(ctx, r)
	if err != nil {
		return err
	}
	if len(topics) == 0 {
		return complain("There are no topics yet. /digest with words of your own looks for them, and /top has the news of all.")
	}
	return complain("Of which topic? /topics lists them, and /top has the news of all.", v.topicButtons(r, topics, "digest")...)
}

// unmade says that there is no such topic, and offers those that are near, or
// to make one of the words.
func (v *Conversation) unmade(ctx context.Context, r request, name string) error {
	answer := v.unknown(ctx, r, name)
	c, ok := errors.AsType[complaint](answer)
	if !ok || utf8.RuneCountInString(name) > digest.MaxName {
		return answer
	}
	if wrong, ok := errors.AsType[complaint](v.readable(r, digest.Topic{Query: name})); ok {
		if len(c.buttons) == 0 {
			c.text = "There is no topic “" + name + "”."
		}
		return complain(c.text+" "+wrong.text, c.buttons...)
	}
	id, err := v.keep(ctx, draft{Name: name, Query: name})
	if err != nil {
		return err
	}
	if len(c.buttons) == 0 {
		c.text = "There is no topic “" + name + "”. I can look for these words, or bring you regularly what has them."
	}
	return complain(c.text, append(c.buttons, row(
		r.button("Look for “"+clip(name, 20)+"”", "test "+id), r.button("Subscribe to “"+clip(name, 20)+"”", "make "+id)))...)
}

// unknown says that there is no such topic, and which are near.
func (v *Conversation) unknown(ctx context.Context, r request, name string) error {
	topics, err := v.offered(ctx, r)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("There is no topic “%s”.", clip(name, digest.MaxName))
	near := nearest(name, topics)
	var buttons []bot.Button
	for _, t := range near {
		buttons = append(buttons, r.button(clip(t.Name, 40), "digest "+t.ID))
	}
	if len(near) > 0 {
		return complain(text+" Did you mean "+either(near)+"?", row(buttons...))
	}
	return complain(text + " /topics lists what there is, and /subscribe WORDS makes one of your own.")
}

// digestArguments are the topic's name and how far back to go. Without
// options, a last word such as 24h or 3d says how far.
func digestArguments(r request) (name string, back time.Duration, err error) {
	name, since := r.arg("topic"), ""
	if r.Options != nil {
		since = strings.TrimSpace(r.Options["since"])
	} else {
		name, since = cutSpan(name)
	}
	name = unquoted(name)
	if since == "" {
		return name, day, nil
	}
	back, ok := span(since)
	if !ok {
		return name, 0, complain(fmt.Sprintf("“%s” is no time span. Examples: 12h, 24h, 3d.", since))
	}
	return name, min(back, furthest), nil
}

// cutSpan cuts a time span from the end of a text: "24h", "3 days".
func cutSpan(text string) (before, since string) {
	words := strings.Fields(text)
	for n := 1; n <= min(2, len(words)); n++ {
		tail := strings.Join(words[len(words)-n:], " ")
		if _, ok := span(tail); ok {
			return strings.Join(words[:len(words)-n], " "), tail
		}
	}
	return text, ""
}

// span reads "24h", "3d", "2 weeks".
func span(s string) (time.Duration, bool) {
	digits := strings.TrimRightFunc(s, func(r rune) bool { return !unicode.IsDigit(r) })
	n, err := strconv.Atoi(digits)
	if err != nil || n <= 0 || n > 10000 {
		return 0, false
	}
	switch strings.ToLower(strings.TrimSpace(s[len(digits):])) {
	case "h", "hour", "hours":
		return time.Duration(n) * time.Hour, true
	case "d", "day", "days":
		return time.Duration(n) * day, true
	case "w", "week", "weeks":
		return time.Duration(n) * 7 * day, true
	}
	return 0, false
}

// untilNow is the end of a window that has all up to now. It is the same for a
// minute, so that who asks again gets what is made already.
func untilNow(now time.Time) time.Time { return now.Truncate(time.Minute).Add(time.Minute) }

// digestOf shows what topics have up to this minute, whatever the chat was
// shown. Its numbers go on from topic to topic.
func (v *Conversation) digestOf(ctx context.Context, r request, topics []digest.Topic, back time.Duration) (bot.Reply, error) {
	until := untilNow(v.Now())
	var m bot.Message
	var entries []subscriptions.Entry
	for _, t := range topics {
		page, err := v.Delivery.Asked(ctx, r.target.Chat, t, until.Add(-back), until)
		if err != nil {
			return bot.Reply{}, err
		}
		page.Until = v.Now()
		if len(page.Stories) == 0 {
			m.Sections = append(m.Sections, nothing(page, back))
			continue
		}
		// Someone who waits for several is not kept waiting for a model.
		if len(topics) == 1 {
			if err := v.Delivery.Rewrite(ctx, r.target.Chat, &page); err != nil {
				return bot.Reply{}, err
			}
		}
		one := delivery.PageMessage(page, delivery.Options{Zone: r.zone, Length: r.settings.Length, First: len(entries) + 1})
		if r.settings.Pictures && m.Picture == nil {
			m.Picture = v.Delivery.PagePicture(ctx, page, r.zone)
		}
		m.Sections = append(m.Sections, one.Sections...)
		entries = append(entries, page.Entries()...)
	}
	if len(entries) == 0 && len(topics) == 1 && back < 7*day {
		m.Buttons = [][]bot.Button{{r.button("Last 3 days", "digest "+topics[0].ID+" 3d"), r.button("Last 7 days", "digest "+topics[0].ID+" 7d")}}
	}
	if err := v.number(ctx, r, &m, entries, until); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Message: m}, nil
}

// nothing says that a topic has no story, and whether that may be because
// feeds could not be read.
func nothing(page delivery.Page, back time.Duration) bot.Section {
	line := " — nothing in the " + lately(back) + " yet."
	if page.Muted > 0 {
		line = " — nothing in the " + lately(back) + " but what you muted."
	}
	s := bot.Section{Blocks: []bot.Block{{Runs: []bot.Run{{Text: "📰 " + page.Topic.Name, Bold: true}, {Text: line}}}}}
	if len(page.Failing) > 0 {
		s.Blocks = append(s.Blocks, bot.Block{Runs: []bot.Run{{
			Text: plural(len(page.Failing), "feed", "feeds") + " could not be read; /status names them.", Italic: true,
		}}})
	}
	return s
}

// number gives a message the buttons of a digest and stores what its numbers mean.
func (v *Conversation) number(ctx context.Context, r request, m *bot.Message, entries []subscriptions.Entry, until time.Time) error {
	if len(entries) == 0 {
		return nil
	}
	for i := range entries {
		entries[i].Until = until
	}
	if r.Place.Kind != bot.Channel {
		m.Buttons = delivery.Buttons(entries, 1, v.platforms[r.Place.Chat.Platform].Limits())
	}
	if err := v.Subscriptions.Meet(ctx, r.Place.Chat, string(r.Place.Kind), r.Place.Title, v.Now()); err != nil {
		return err
	}
	return v.Subscriptions.SavePage(ctx, r.Place.Chat, entries)
}

func (v *Conversation) top(ctx context.Context, r request) (bot.Reply, error) {
	page, err := v.Delivery.Top(ctx, r.Place.Chat)
	if err != nil {
		return bot.Reply{}, err
	}
	until := page.Until
	page.Until = v.Now()
	if len(page.Stories) == 0 {
		return bot.Reply{}, complain("Nothing has come in during the last 24 h yet. /status says how the feeds are doing.")
	}
	if err := v.Delivery.Rewrite(ctx, r.Place.Chat, &page); err != nil {
		return bot.Reply{}, err
	}
	m := delivery.PageMessage(page, delivery.Options{Zone: r.zone, Length: r.settings.Length})
	if r.settings.Pictures {
		m.Picture = v.Delivery.PagePicture(ctx, page, r.zone)
	}
	err = v.number(ctx, r, &m, page.Entries(), until)
	return bot.Reply{Message: m}, err
}

func (v *Conversation) pick(ctx context.Context, r request) (bot.Reply, error) {
	if !v.admin(r.User) {
		return bot.Reply{}, complain("Only the admins that the configuration names pick stories for everyone. To follow one yourself, open it with /story.")
	}
	e, err := v.entry(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := v.Subscriptions.Pick(ctx, e.Story, r.User.Platform+":"+r.User.ID, v.Now()); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Message: bot.Text("📌 Picked: “" + e.Title + "”. It stands first in /top for three days, or until /unpick.")}, nil
}

func (v *Conversation) unpick(ctx context.Context, r request) (bot.Reply, error) {
	if !v.admin(r.User) {
		return bot.Reply{}, complain("Only the admins that the configuration names pick stories.")
	}
	picks, err := v.Subscriptions.Picks(ctx, v.Now().Add(-furthest))
	if err != nil {
		return bot.Reply{}, err
	}
	if len(picks) == 0 {
		return bot.Reply{}, complain("No story is picked.")
	}
	if r.arg("story") != "" {
		e, err := v.entry(ctx, r)
		if err != nil {
			return bot.Reply{}, err
		}
		current, err := v.Archive.Current(ctx, picks)
		if err != nil {
			return bot.Reply{}, err
		}
		i := slices.Index(current, e.Story)
		if i < 0 {
			return bot.Reply{}, complain("“" + e.Title + "” is not picked.")
		}
		picks = picks[i : i+1]
	}
	for _, id := range picks {
		if err := v.Subscriptions.Unpick(ctx, id); err != nil {
			return bot.Reply{}, err
		}
	}
	return bot.Reply{Message: bot.Text("Taken down: " + stories(len(picks)) + ".")}, nil
}
