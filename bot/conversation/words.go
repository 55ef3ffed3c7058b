package conversation

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"tidings/bot"
	"tidings/digest"
	"tidings/digest/archive"
	"tidings/digest/newsroom"
	"tidings/digest/query"
	"tidings/subscriptions"
	"tidings/subscriptions/schedule"
)

// quota is how many topics of its own a chat may have.
const quota = 20

// draft is a topic that somebody has not yet decided about.
type draft struct {
	Name       string `json:"name"`
	Query      string `json:"query"`
	Strictness string `json:"strictness,omitempty"`
	When       string `json:"when,omitempty"`
	// From is the id of a topic whose other settings it keeps, or empty.
	From string `json:"from,omitempty"`
}

// drafted is the draft that a button is about.
func (v *Conversation) drafted(ctx context.Context, r request) (d draft, err error) {
	err = v.kept(ctx, r.value, &d)
	return d, err
}

// keep keeps what is too long for a button, which then says the id.
func (v *Conversation) keep(ctx context.Context, what any) (id string, err error) {
	text, err := json.Marshal(what)
	if err != nil {
		return "", err
	}
	id = strings.ToLower(rand.Text()[:16])
	return id, v.Subscriptions.SaveDraft(ctx, id, string(text), v.Now())
}

// kept reads what was kept under an id into what points to a value.
func (v *Conversation) kept(ctx context.Context, id string, into any) error {
	text, err := v.Subscriptions.Draft(ctx, id)
	if errors.Is(err, subscriptions.ErrNone) {
		return complain("That was too long ago. Please give the command again.")
	}
	if err == nil {
		err = json.Unmarshal([]byte(text), into)
	}
	return err
}

// subscribeToWords makes a topic of words that no topic has. A name that is
// nearly that of a topic, and words that are in no news, are asked about first.
func (v *Conversation) subscribeToWords(ctx context.Context, r request, w wish) (bot.Reply, error) {
	topics, err := v.offered(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	typed := draft{Name: w.Name, Query: w.Name, When: w.When}
	if like := likeliest(w.Name, topics); len(like) > 0 {
		id, err := v.keep(ctx, typed)
		if err != nil {
			return bot.Reply{}, err
		}
		var buttons []bot.Button
		for _, t := range like {
			buttons = append(buttons, r.button(clip(t.Name, 40), strings.TrimSpace("time "+t.ID+" "+w.When)))
		}
		return bot.Reply{}, complain("There is no topic “"+clip(w.Name, digest.MaxName)+"”. Did you mean "+either(like)+"?",
			row(buttons...), row(r.button("No, make it from my words", "make "+id)))
	}
	topic, err := v.ownTopic(ctx, r, typed)
	if err != nil {
		return bot.Reply{}, err
	}
	belong, _, _, err := v.Newsroom.Consider(ctx, topic, v.Now().Add(-newsroom.LookBack))
	if err != nil {
		return bot.Reply{}, err
	}
	if len(belong) > 0 {
		return v.make(ctx, r, topic, w.When)
	}
	id, err := v.keep(ctx, typed)
	if err != nil {
		return bot.Reply{}, err
	}
	text := fmt.Sprintf("Nothing in the last 30 days has “%s”. Subscribe all the same?", w.Name)
	if near := nearest(w.Name, topics); len(near) > 0 {
		text += "\nNear it: " + names(near) + "."
	}
	return bot.Reply{}, complain(text, row(r.button("Yes", "make "+id), r.button("No", "drop "+id)))
}

// likeliest are at most three topics whose names differ from a name by a slip
// of the keys in one word, or by one word more at its end.
func likeliest(name string, topics []digest.Topic) []digest.Topic {
	var like []digest.Topic
	typed := strings.Fields(archive.Fold(name))
	for _, t := range topics {
		known := strings.Fields(archive.Fold(t.Name))
		longer := len(known) > 1 && len(typed) == len(known)+1 && slices.Equal(typed[:len(known)], known)
		if len(like) < 3 && (longer || slip(typed, known)) {
			like = append(like, t)
		}
	}
	return like
}

// slip reports whether two names have the same words but for one, which is
// long enough to be mistyped and nearly the same.
func slip(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	slips := 0
	for i := range a {
		if a[i] == b[i] {
			continue
		}
		if min(len(a[i]), len(b[i])) < 4 || len(schedule.Near(a[i], b[i:i+1], 1)) == 0 {
			return false
		}
		slips++
	}
	return slips == 1
}

// ownTopic is a topic of a chat's own words, as it would be stored.
func (v *Conversation) ownTopic(ctx context.Context, r request, d draft) (digest.Topic, error) {
	if n := utf8.RuneCountInString(d.Name); n > digest.MaxName {
		return digest.Topic{}, complain(fmt.Sprintf("A topic's name has at most %d characters, and this has %d. Use fewer words.", digest.MaxName, n))
	}
	topic, err := v.topicOf(ctx, d)
	if err != nil {
		return digest.Topic{}, err
	}
	if err := v.readable(r, topic); err != nil {
		return digest.Topic{}, err
	}
	own, err := v.Archive.TopicsOf(ctx, []string{r.target.Chat.String()}, nil)
	if err != nil {
		return digest.Topic{}, err
	}
	if len(own) >= quota {
		return digest.Topic{}, complain(fmt.Sprintf("This chat has %d topics of its own, and that is the most there can be. /unsubscribe from one of them first.", len(own)))
	}
	topic.Origin = r.target.Chat.String()
	return topic, nil
}

// topicOf is the topic that a draft would make, not yet of anybody.
func (v *Conversation) topicOf(ctx context.Context, d draft) (topic digest.Topic, err error) {
	if d.From != "" {
		if topic, err = v.Archive.Topic(ctx, d.From); err != nil {
			return topic, err
		}
	}
	topic.ID, topic.Name, topic.Query, topic.Strictness, topic.Created = "", d.Name, d.Query, d.Strictness, v.Now()
	return topic, nil
}

// readable says, to a person, what is wrong with a topic's query.
func (v *Conversation) readable(r request, topic digest.Topic) error {
	err := v.Newsroom.Check(topic, firstOf(r.settings.Language, v.Delivery.Language))
	if syntax, ok := errors.AsType[*query.SyntaxError](err); ok {
		return complain("Those words do not make a topic yet. At " + sentence(syntax.Error()))
	}
	if useless, ok := errors.AsType[*query.UselessError](err); ok {
		return complain(sentence(useless.Text))
	}
	return err
}

// unheard names the words of a topic that no article has, or is empty.
func (v *Conversation) unheard(ctx context.Context, topic digest.Topic) (string, error) {
	words, err := v.Newsroom.Unheard(ctx, topic, v.Now().Add(-newsroom.LookBack))
	if err != nil || len(words) == 0 {
		return "", err
	}
	for i, w := range words {
		words[i] = clip(w, 40)
	}
	last := len(words) - 1
	text := words[last]
	if last > 0 {
		text = strings.Join(words[:last], ", ") + " or " + text
	}
	return "Nothing in the last 30 days has " + text + ".", nil
}

// make stores a topic of a chat's own and subscribes the chat to it.
func (v *Conversation) make(ctx context.Context, r request, topic digest.Topic, when string) (bot.Reply, error) {
	topic, err := v.save(ctx, topic)
	if err != nil {
		return bot.Reply{}, err
	}
	at := v.Schedule
	if when != "" {
		if at, err = schedule.Parse(when); err != nil {
			return bot.Reply{}, complain(sentence(err.Error()))
		}
	}
	if _, err := v.store(ctx, r, topic, at); err != nil {
		return bot.Reply{}, err
	}
	return v.madeAnswer(ctx, r, topic, "No topic of that name, so I made one from your words: ", at)
}

// save stores a topic, and lets the newsroom look back for it.
func (v *Conversation) save(ctx context.Context, topic digest.Topic) (digest.Topic, error) {
	id, err := v.Archive.SaveTopic(ctx, topic)
	if err != nil {
		return topic, err
	}
	if topic, err = v.Archive.Topic(ctx, id); err != nil {
		return topic, err
	}
	return topic, v.Newsroom.TopicChanged(ctx, topic)
}

// madeAnswer shows how a topic of one's own was understood, and lets it be changed.
func (v *Conversation) madeAnswer(ctx context.Context, r request, topic digest.Topic, what string, when schedule.Schedule) (bot.Reply, error) {
	words, err := understood(topic.Query, topic.Strictness)
	if err != nil {
		return bot.Reply{}, err
	}
	sample, err := v.sample(ctx, topic, 7*day)
	if err != nil {
		return bot.Reply{}, err
	}
	unheard, err := v.unheard(ctx, topic)
	if err != nil {
		return bot.Reply{}, err
	}
	m := lines(what+words+".", sample, unheard, fmt.Sprintf("It comes %s (%s). %s", when.Describe(), zoneName(r.zone), v.firstDigest(r, when, true)))
	m.Buttons = [][]bot.Button{
		row(r.button("Keep", "keep "+topic.ID), r.button("Narrower", "narrow "+topic.ID), r.button("Wider", "wide "+topic.ID)),
		row(r.button("Edit words", "words "+topic.ID), r.button("Undo", "stop "+topic.ID)),
	}
	return bot.Reply{Message: m, Edit: r.Action != ""}, nil
}

func (v *Conversation) pressMake(ctx context.Context, r request) (bot.Reply, error) {
	d, err := v.drafted(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := v.meet(ctx, r); err != nil {
		return bot.Reply{}, err
	}
	if topic, err := v.named(ctx, d.Name); topic.ID != "" || err != nil {
		if err != nil {
			return bot.Reply{}, err
		}
		return v.subscribeTo(ctx, r, topic, d.When)
	}
	topic, err := v.ownTopic(ctx, r, d)
	if err != nil {
		return bot.Reply{}, err
	}
	return v.make(ctx, r, topic, d.When)
}

func (v *Conversation) pressDrop(context.Context, request) (bot.Reply, error) {
	return bot.Reply{Message: bot.Text("All right, nothing was subscribed."), Edit: true}, nil
}

func (v *Conversation) pressKeep(ctx context.Context, r request) (bot.Reply, error) {
	topic, _, err := v.pressed(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	m := bot.Text("Kept: " + topic.Name + ". /subscriptions shows when it comes.")
	m.Buttons = [][]bot.Button{row(r.button("See it now", "digest "+topic.ID+" 7d"))}
	return bot.Reply{Message: m, Edit: true}, nil
}

func (v *Conversation) pressWords(ctx context.Context, r request) (bot.Reply, error) {
	topic, _, err := v.own(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return r.reply(bot.Text("Now it is: "+topic.Query,
		"Send it as you want it, like this: /topic edit "+topic.Name+": "+topic.Query+" -football",
		`"in quotes" is a phrase, +word must be there, -word must not, a OR b is either.`)), nil
}

// lines is a message of those lines that are not empty.
func lines(all ...string) bot.Message {
	return bot.Text(slices.DeleteFunc(all, func(line string) bool { return line == "" })...)
}

// own is the topic that a button is about, which must be the chat's own.
func (v *Conversation) own(ctx context.Context, r request) (topic digest.Topic, rest string, err error) {
	if topic, rest, err = v.pressed(ctx, r); err != nil {
		return topic, rest, err
	}
	if err := v.mayChange(r, topic); err != nil {
		return topic, rest, err
	}
	return topic, rest, v.meet(ctx, r)
}
