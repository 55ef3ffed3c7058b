package conversation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tidings/bot"
	"tidings/bot/delivery"
	"tidings/digest"
	"tidings/digest/archive"
	"tidings/subscriptions"
	"tidings/subscriptions/schedule"
)

// wish is what somebody who subscribes asks for.
type wish struct {
	// Name is what was typed for the topic. Topic is the one of that name, or
	// has no id.
	Name  string
	Topic digest.Topic
	// When is the time that was typed, or empty.
	When string
}

// wished reads "topic when". The longest known topic that begins the text
// wins, else the longest tail that reads as a time is the time; quotes settle it.
func (v *Conversation) wished(ctx context.Context, r request) (wish, error) {
	text := r.arg("topic")
	if r.Options != nil {
		topic, err := v.named(ctx, unquoted(text))
		return wish{Name: unquoted(text), Topic: topic, When: strings.TrimSpace(r.Options["when"])}, err
	}
	words := strings.Fields(text)
	for n := min(len(words), digest.MaxName); n > 0; n-- {
		head, tail := strings.Join(words[:n], " "), strings.Join(words[n:], " ")
		if tail != "" && !timely(tail) {
			continue
		}
		topic, err := v.named(ctx, unquoted(head))
		if topic.ID != "" || err != nil {
			return wish{Name: topic.Name, Topic: topic, When: tail}, err
		}
	}
	if head, tail, ok := schedule.Tail(text); ok {
		return wish{Name: head, When: tail.String()}, nil
	}
	if at := strings.LastIndex(text, " every "); at > 0 {
		if _, err := schedule.Parse(text[at+1:]); len(schedule.Offers(err)) > 0 {
			return wish{Name: text[:at], When: text[at+1:]}, nil
		}
	}
	return wish{Name: unquoted(text)}, nil
}

// named is the topic of a name, or one without an id when there is none.
func (v *Conversation) named(ctx context.Context, name string) (digest.Topic, error) {
	if name == "" {
		return digest.Topic{}, nil
	}
	t, err := v.Archive.TopicNamed(ctx, name)
	if errors.Is(err, archive.ErrNoTopic) {
		return digest.Topic{}, nil
	}
	return t, err
}

// unquoted is a text without the quotes around all of it.
func unquoted(text string) string {
	inner := strings.Trim(text, `"“”„«»`)
	if strings.ContainsAny(inner, `"“”„«»`) {
		return text
	}
	return strings.TrimSpace(inner)
}

// timely reports whether the words behind a topic are meant as a time, even
// one that cannot be read: they then deserve to be told what is wrong with it.
func timely(words string) bool {
	if _, err := schedule.Parse(words); err == nil || strings.HasPrefix(strings.ToLower(words), "every ") {
		return true
	}
	first, rest, _ := strings.Cut(words, " ")
	times := rest != "" && !slices.ContainsFunc(strings.Fields(rest), func(w string) bool { return !clocklike(w) })
	if clocklike(first) {
		return times || rest == "" || strings.Contains(first, ":")
	}
	_, err := schedule.Parse(first + " 08:00") // a day, and what should be a time of it
	return err == nil && times
}

// clocklike reports whether a word looks like a time of day or a part of a cron
// line, or joins such.
func clocklike(word string) bool {
	word = strings.ToLower(word)
	return word == "at" || word == "and" || strings.ContainsAny(word, "0123456789*") && strings.Trim(word, "0123456789:.,-*/apmh") == ""
}

func (v *Conversation) subscribe(ctx context.Context, r request) (bot.Reply, error) {
	if err := v.meet(ctx, r); err != nil {
		return bot.Reply{}, err
	}
	w, err := v.wished(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if w.Name == "" {
		topics, err := v.offered(ctx, r)
		if err != nil {
			return bot.Reply{}, err
		}
		return bot.Reply{}, complain("Which topic? For example: /subscribe " + example(topics) + ". /topics lists what there is.")
	}
	if w.When != "" {
		if _, err := schedule.Parse(w.When); err != nil {
			return bot.Reply{}, v.wrongTime(ctx, r, w, err)
		}
	}
	if w.Topic.ID == "" {
		return v.subscribeToWords(ctx, r, w)
	}
	return v.subscribeTo(ctx, r, w.Topic, w.When)
}

// wrongTime says what is wrong with a time and offers what may be meant.
func (v *Conversation) wrongTime(ctx context.Context, r request, w wish, wrong error) error {
	var offers []bot.Button
	for _, offer := range schedule.Offers(wrong) {
		action := "time " + w.Topic.ID + " " + offer
		if w.Topic.ID == "" {
			id, err := v.keep(ctx, draft{Name: w.Name, Query: w.Name, When: offer})
			if err != nil {
				return err
			}
			action = "make " + id
		}
		offers = append(offers, r.button(strings.ToUpper(offer[:1])+offer[1:], action))
	}
	return complain(sentence(wrong.Error()), row(offers...))
}

// subscribeTo stores a subscription to a topic, at its own time when none is named.
func (v *Conversation) subscribeTo(ctx context.Context, r request, topic digest.Topic, at string) (bot.Reply, error) {
	when := v.Schedule
	if text := firstOf(at, topic.Schedule); text != "" {
		var err error
		if when, err = schedule.Parse(text); err != nil {
			return bot.Reply{}, complain(sentence(err.Error()))
		}
	}
	had, err := v.store(ctx, r, topic, when)
	if err != nil {
		return bot.Reply{}, err
	}
	m, err := v.confirmation(ctx, r, topic, when, had)
	return bot.Reply{Message: m, Edit: r.Action != ""}, err
}

// store stores a subscription and gives what the chat had before.
func (v *Conversation) store(ctx context.Context, r request, topic digest.Topic, when schedule.Schedule) (*subscriptions.Subscription, error) {
	now := v.Now()
	_, had, err := v.Subscriptions.Subscribe(ctx, subscriptions.Subscription{
		Chat: r.target.Chat, TopicID: topic.ID, Schedule: when.String(), NextDue: when.Next(now, r.zone), Created: now,
	})
	return had, err
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

func (v *Conversation) confirmation(ctx context.Context, r request, topic digest.Topic, when schedule.Schedule,
	had *subscriptions.Subscription) (bot.Message, error) {
	done, undo := "Done: ", r.button("Undo", "stop "+topic.ID)
	switch {
	case had != nil && had.Schedule == when.String():
		done, undo = "You have it already: ", r.button("Stop", "stop "+topic.ID)
	case had != nil:
		done, undo = "Changed: ", r.button("Undo", "time "+topic.ID+" "+had.Schedule)
	}
	where := ""
	if r.named != "" {
		where = " in " + r.target.Title
	}
	first := fmt.Sprintf("%s%s%s, %s (%s). %s", done, topic.Name, where, when.Describe(), zoneName(r.zone), v.firstDigest(r, when, had == nil))
	sample, err := v.sample(ctx, topic, day)
	if err != nil {
		return bot.Message{}, err
	}
	m := bot.Text(first, sample)
	clock := strings.TrimPrefix(when.String(), "daily ")
	buttons := []bot.Button{r.button("See it now", "digest "+topic.ID), r.button("Another time", "times "+topic.ID)}
	if "daily "+clock == when.String() {
		buttons = append(buttons, r.button("Weekdays only", "time "+topic.ID+" weekdays "+clock))
	}
	m.Buttons = [][]bot.Button{row(append(buttons, undo)...)}
	return m, nil
}

// zoneName is a zone as people know it.
func zoneName(zone *time.Location) string {
	if zone == time.Local {
		return "local time"
	}
	return zone.String()
}

// firstDigest says when the first or the next digest of a subscription comes.
func (v *Conversation) firstDigest(r request, when schedule.Schedule, isNew bool) string {
	now := v.Now()
	if r.settings.Paused.After(now) {
		return "Digests are paused here; /resume brings them."
	}
	what := "Next digest "
	if isNew {
		what = "First digest "
	}
	return what + delivery.Moment(when.Next(now, r.zone), now, r.zone) + "."
}

// sample says what a topic's digest would have had lately.
func (v *Conversation) sample(ctx context.Context, topic digest.Topic, back time.Duration) (string, error) {
	until := untilNow(v.Now())
	page, err := v.Delivery.Compose(ctx, topic, until.Add(-back), until)
	switch {
	case err != nil:
		return "", err
	case len(page.Stories) == 0:
		return "Nothing in the " + lately(back) + " yet.", nil
	case back > day:
		return fmt.Sprintf("%s: %s, for example “%s”.", capital(lately(back)), stories(len(page.Stories)+page.Left), page.Stories[0].Title), nil
	}
	return fmt.Sprintf("In the %s it would have had %s from %s.", lately(back), stories(len(page.Stories)), outlets(page.Outlets)), nil
}

// lately is a time span up to now: "last 24 h", "last 7 days".
func lately(back time.Duration) string {
	if back%day == 0 && back > day {
		return fmt.Sprintf("last %d days", back/day)
	}
	if back == time.Hour {
		return "last hour"
	}
	return fmt.Sprintf("last %d h", int(back.Hours()))
}

func capital(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

func stories(n int) string  { return plural(n, "story", "stories") }
func outlets(n int) string  { return plural(n, "outlet", "outlets") }
func articles(n int) string { return plural(n, "article", "articles") }

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func (v *Conversation) unsubscribe(ctx context.Context, r request) (bot.Reply, error) {
	if err := v.meet(ctx, r); err != nil {
		return bot.Reply{}, err
	}
	subs, topics, err := v.subscribed(ctx, r.target.Chat)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(subs) == 0 {
		return bot.Reply{}, complain("There is nothing to stop: no topic is subscribed here.")
	}
	name := archive.Fold(unquoted(r.arg("topic")))
	var choices []bot.Button
	for _, t := range topics {
		if archive.Fold(t.Name) == name || (name == "" && len(topics) == 1) {
			return v.stop(ctx, r, t)
		}
		choices = append(choices, r.button(clip(t.Name, 40), "stop "+t.ID))
	}
	choices = row(choices[:min(len(choices), 8)]...)
	var rows [][]bot.Button
	for i := range choices {
		rows = append(rows, choices[i:i+1])
	}
	return bot.Reply{}, complain("Which one? Subscribed here: "+names(topics)+".", rows[:min(len(rows), 5)]...)
}

// stop ends a subscription. A topic that this chat made goes with its last subscriber.
func (v *Conversation) stop(ctx context.Context, r request, topic digest.Topic) (bot.Reply, error) {
	subs, err := v.Subscriptions.Of(ctx, r.target.Chat)
	if err != nil {
		return bot.Reply{}, err
	}
	had := ""
	for _, s := range subs {
		if s.TopicID == topic.ID {
			had = s.Schedule
		}
	}
	err = v.Subscriptions.Unsubscribe(ctx, r.target.Chat, topic.ID)
	if errors.Is(err, subscriptions.ErrNone) {
		return bot.Reply{}, complain(topic.Name + " is not subscribed here.")
	}
	if err != nil {
		return bot.Reply{}, err
	}
	back := r.button("Undo", "time "+topic.ID+" "+had)
	if topic.Origin == r.target.Chat.String() {
		gone, err := v.dropUnused(ctx, topic)
		if err != nil {
			return bot.Reply{}, err
		}
		if gone {
			id, err := v.keep(ctx, draft{Name: topic.Name, Query: topic.Query, Strictness: topic.Strictness, When: had, From: topic.ID})
			if err != nil {
				return bot.Reply{}, err
			}
			back = r.button("Undo", "make "+id)
		}
	}
	m := bot.Text("Stopped: " + topic.Name + ".")
	m.Buttons = [][]bot.Button{row(back)}
	return bot.Reply{Message: m, Edit: r.Action != ""}, nil
}

// dropUnused retires a topic that nobody is subscribed to.
func (v *Conversation) dropUnused(ctx context.Context, topic digest.Topic) (bool, error) {
	others, err := v.Subscriptions.Subscribers(ctx, topic.ID)
	if err != nil || len(others) > 0 {
		return false, err
	}
	return true, v.Newsroom.Drop(ctx, topic.ID)
}

// subscribed are a chat's subscriptions and their topics, side by side.
func (v *Conversation) subscribed(ctx context.Context, c subscriptions.Chat) ([]subscriptions.Subscription, []digest.Topic, error) {
	subs, err := v.Subscriptions.Of(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	topics := make([]digest.Topic, len(subs))
	for i, s := range subs {
		if topics[i], err = v.Archive.Topic(ctx, s.TopicID); err != nil {
			return nil, nil, err
		}
	}
	return subs, topics, nil
}

func names(topics []digest.Topic) string {
	all := make([]string, len(topics))
	for i, t := range topics {
		all[i] = t.Name
	}
	return strings.Join(all, ", ")
}

// either is the names of topics of which one is meant: "a, b or c".
func either(topics []digest.Topic) string {
	if len(topics) < 2 {
		return names(topics)
	}
	last := len(topics) - 1
	return names(topics[:last]) + " or " + topics[last].Name
}
