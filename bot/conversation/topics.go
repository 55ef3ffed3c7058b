package conversation

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tidings/bot"
	"tidings/digest"
	"tidings/digest/archive"
	"tidings/subscriptions/schedule"
)

// forAll is the Origin of a topic that an admin made in a chat for everyone.
const forAll = "admins"

// offered are the topics that a chat is shown: those for everyone, its own, and
// those that it is subscribed to.
func (v *Conversation) offered(ctx context.Context, r request) ([]digest.Topic, error) {
	subs, err := v.Subscriptions.Of(ctx, r.target.Chat)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(subs))
	for i, s := range subs {
		ids[i] = s.TopicID
	}
	return v.Archive.TopicsOf(ctx, []string{digest.FromConfig, forAll, r.target.Chat.String()}, ids)
}

func example(topics []digest.Topic) string {
	if len(topics) == 0 {
		return "Ukraine peace talks"
	}
	return topics[0].Name
}

// nearest are at most three topics that share a word with the name.
func nearest(name string, topics []digest.Topic) []digest.Topic {
	var near []digest.Topic
	for _, t := range topics {
		shares := slices.ContainsFunc(strings.Fields(archive.Fold(name)), func(word string) bool {
			return len(word) > 2 && strings.Contains(archive.Fold(t.Name), word)
		})
		if shares && len(near) < 3 {
			near = append(near, t)
		}
	}
	return near
}

func (v *Conversation) topics(ctx context.Context, r request) (bot.Reply, error) {
	topics, err := v.offered(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(topics) == 0 {
		return bot.Reply{}, complain("There are no topics yet. /subscribe with words of your own makes one, for example: /subscribe Ukraine peace talks")
	}
	subs, err := v.Subscriptions.Of(ctx, r.Place.Chat)
	if err != nil {
		return bot.Reply{}, err
	}
	has := map[string]bool{}
	for _, s := range subs {
		has[s.TopicID] = true
	}
	m := bot.Message{Sections: []bot.Section{{Blocks: []bot.Block{{Kind: bot.Heading, Runs: []bot.Run{{Text: "Topics"}}}}}}}
	for _, t := range topics {
		line := bot.Block{Runs: []bot.Run{{Text: t.Name, Bold: true}}}
		if t.Description != "" {
			line.Runs = append(line.Runs, bot.Run{Text: " — " + t.Description})
		}
		switch own := t.Origin == r.target.Chat.String(); {
		case own && has[t.ID]:
			line.Runs = append(line.Runs, bot.Run{Text: " (your own)", Italic: true})
		case has[t.ID]:
			line.Runs = append(line.Runs, bot.Run{Text: " (subscribed)", Italic: true})
		}
		m.Sections[0].Blocks = append(m.Sections[0].Blocks, line)
	}
	m.Sections = append(m.Sections, bot.Text("/subscribe NAME brings one here; so does /subscribe with words of your own.").Sections...)
	return bot.Reply{Message: m}, nil
}

// topicActions are what /topic does.
func topicActions() []bot.Command {
	topic := bot.Option{Name: "topic", Description: "The topic, as /topics names it", Required: true, Suggests: true}
	known, named := topic, bot.Option{Name: "topic", Description: "Its name; the words themselves when left out"}
	known.Required = false
	words := bot.Option{Name: "text", Description: `The words: ukraine "peace talks" +geneva -football`, Required: true}
	maybe := words
	maybe.Required = false
	setting := words
	setting.Description = `What and how: "languages en, uk", "schedule daily 08:00", "strictness strict", "feeds all"`
	return []bot.Command{
		{Name: "list", Description: "The topics and their words"},
		{Name: "test", Description: "What words or a topic would bring", Options: []bot.Option{maybe, known}},
		{Name: "add", Description: "Make a topic", Options: []bot.Option{words, named}},
		{Name: "edit", Description: "Give a topic other words", Options: []bot.Option{topic, words}},
		{Name: "set", Description: "A topic's description, languages, feeds, schedule or strictness", Options: []bot.Option{topic, setting}},
		{Name: "remove", Description: "Remove a topic, and stop it everywhere", Options: []bot.Option{topic}},
		{Name: "reset", Description: "Forget what was learned from votes on a topic", Options: []bot.Option{topic}},
	}
}

// topic answers /topic: an action, and the name and words that it needs.
func (v *Conversation) topic(ctx context.Context, r request) (bot.Reply, error) {
	action, name, words := "", "", ""
	if r.Options != nil {
		action, name, words = r.arg(bot.SubCommand), unquoted(r.arg("topic")), r.arg("text")
	} else {
		action, words, _ = strings.Cut(r.arg("text"), " ")
		action, words = strings.ToLower(action), strings.TrimSpace(words)
		if action == "add" && strings.HasSuffix(words, ":") {
			return bot.Reply{}, complain("The words are missing. Say them behind the colon: /topic add Geneva talks: \"peace talks\" +geneva")
		}
		if before, after, ok := strings.Cut(words, ": "); ok && action != "test" {
			name, words = unquoted(strings.TrimSpace(before)), strings.TrimSpace(after)
		}
	}
	switch action {
	case "list", "":
		return v.listTopics(ctx, r)
	case "test":
		return v.testTopic(ctx, r, firstOf(words, name))
	case "add":
		return v.addTopic(ctx, r, firstOf(name, words), draft{Query: firstOf(words, name)})
	case "edit":
		had, err := v.named(ctx, name)
		if err != nil {
			return bot.Reply{}, err
		}
		return v.editTopic(ctx, r, name, draft{Query: words, Strictness: had.Strictness})
	case "set":
		return v.setTopic(ctx, r, name, words)
	case "remove":
		return v.removeTopic(ctx, r, firstOf(name, unquoted(words)))
	case "reset":
		return v.resetTopic(ctx, r, firstOf(name, unquoted(words)))
	}
	return bot.Reply{}, complain(fmt.Sprintf("/topic %s is not known. It is one of: list, test, add, edit, set, remove, reset.", clip(action, 20)))
}

// listTopics lists the topics with their words and whose they are.
func (v *Conversation) listTopics(ctx context.Context, r request) (bot.Reply, error) {
	topics, err := v.offered(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(topics) == 0 {
		return bot.Reply{}, complain("There are no topics yet.")
	}
	m := bot.Message{Sections: []bot.Section{{Blocks: []bot.Block{{Kind: bot.Heading, Runs: []bot.Run{{Text: "Topics and their words"}}}}}}}
	for _, t := range topics {
		whose := "of the configuration file"
		switch t.Origin {
		case forAll:
			whose = "made by an admin"
		case r.target.Chat.String():
			whose = "your own"
		case digest.FromConfig:
		default:
			whose = "made in another chat"
		}
		m.Sections[0].Blocks = append(m.Sections[0].Blocks, bot.Block{Runs: []bot.Run{
			{Text: t.Name, Bold: true}, {Text: ": "}, {Text: t.Query, Code: true}, {Text: " · " + whose},
		}})
		line := &m.Sections[0].Blocks[len(m.Sections[0].Blocks)-1]
		for _, more := range []string{t.Strictness, strings.TrimSuffix(besideWords(t), ".")} {
			if more != "" {
				line.Runs = append(line.Runs, bot.Run{Text: " · " + more})
			}
		}
	}
	return r.reply(m), nil
}

func (v *Conversation) testTopic(ctx context.Context, r request, words string) (bot.Reply, error) {
	if words == "" {
		return bot.Reply{}, complain(`Which words? For example: /topic test "peace talks" +ukraine -football`)
	}
	d := draft{Name: words, Query: words}
	if t, err := v.named(ctx, unquoted(words)); err != nil {
		return bot.Reply{}, err
	} else if t.ID != "" {
		d = draft{Name: t.Name, Query: t.Query, Strictness: t.Strictness, From: t.ID}
	}
	return v.try(ctx, r, d)
}

// addTopic makes a topic for everyone.
func (v *Conversation) addTopic(ctx context.Context, r request, name string, d draft) (bot.Reply, error) {
	if !v.admin(r.User) {
		return bot.Reply{}, complain("Only the admins that the configuration names make topics for everyone. /subscribe with words of your own makes one for you.")
	}
	if name == "" {
		return bot.Reply{}, complain(`Add what? For example: /topic add Geneva talks: "peace talks" +geneva`)
	}
	if had, err := v.named(ctx, name); err != nil {
		return bot.Reply{}, err
	} else if had.ID != "" && had.Origin != r.Place.Chat.String() {
		return bot.Reply{}, complain("There is a topic " + had.Name + " already. /topic edit " + had.Name + ": NEW WORDS changes it.")
	}
	if n := len([]rune(name)); n > digest.MaxName {
		return bot.Reply{}, complain(fmt.Sprintf("A topic's name has at most %d characters, and this has %d. Name it like this: /topic add SHORT NAME: WORDS", digest.MaxName, n))
	}
	topic, err := v.topicOf(ctx, d)
	if err != nil {
		return bot.Reply{}, err
	}
	topic.Name, topic.Origin = name, forAll
	if err := v.readable(r, topic); err != nil {
		return bot.Reply{}, err
	}
	topic, err = v.save(ctx, topic)
	if err != nil {
		return bot.Reply{}, err
	}
	return v.savedAnswer(ctx, r, topic, "Saved for everyone: ")
}

func (v *Conversation) pressSave(ctx context.Context, r request) (bot.Reply, error) {
	d, err := v.drafted(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	had, err := v.named(ctx, d.Name)
	if err != nil {
		return bot.Reply{}, err
	}
	if had.ID != "" {
		return v.editTopic(ctx, r, d.Name, d)
	}
	return v.addTopic(ctx, r, d.Name, d)
}

func (v *Conversation) savedAnswer(ctx context.Context, r request, topic digest.Topic, done string) (bot.Reply, error) {
	read, err := understood(topic.Query, topic.Strictness)
	if err != nil {
		return bot.Reply{}, err
	}
	sample, err := v.sample(ctx, topic, tryBack)
	if err != nil {
		return bot.Reply{}, err
	}
	unheard, err := v.unheard(ctx, topic)
	if err != nil {
		return bot.Reply{}, err
	}
	m := lines(done+topic.Name+". Understood as: "+read+".", sample, unheard)
	m.Buttons = [][]bot.Button{row(r.button("See it now", "digest "+topic.ID+" 7d"), r.button("Subscribe", "time "+topic.ID))}
	return r.reply(m), nil
}

// mayChange says why a person may not change a topic.
func (v *Conversation) mayChange(r request, t digest.Topic) error {
	switch {
	case t.Origin == digest.FromConfig:
		file := firstOf(v.File, "the configuration file")
		return complain(t.Name + " stands in " + file + ", so it is changed there: [[topic]] with name = \"" + t.Name + "\".")
	case v.admin(r.User), t.Origin == r.target.Chat.String() && r.target.Administered:
		return nil
	case t.Origin == forAll:
		return complain(t.Name + " is for everyone, so only an admin can change it. /subscribe with words of your own makes another.")
	}
	return complain(t.Name + " was made in another chat and can be changed only there. /subscribe with other words makes your own.")
}

// changeable is the topic of a name that the person may change.
func (v *Conversation) changeable(ctx context.Context, r request, name, example string) (digest.Topic, error) {
	if name == "" {
		return digest.Topic{}, complain("Which topic? For example: " + example)
	}
	t, err := v.named(ctx, name)
	if err != nil {
		return t, err
	}
	if t.ID == "" {
		return t, v.unknown(ctx, r, name)
	}
	return t, v.mayChange(r, t)
}

func (v *Conversation) editTopic(ctx context.Context, r request, name string, d draft) (bot.Reply, error) {
	if name == "" || d.Query == "" {
		return bot.Reply{}, complain("Name the topic, then a colon, then its new words. For example: /topic edit Geneva talks: \"peace talks\" +geneva")
	}
	topic, err := v.changeable(ctx, r, name, "/topic edit Geneva talks: +geneva")
	if err != nil {
		return bot.Reply{}, err
	}
	topic.Query, topic.Strictness = d.Query, d.Strictness
	if err := v.readable(r, topic); err != nil {
		return bot.Reply{}, err
	}
	if topic, err = v.save(ctx, topic); err != nil {
		return bot.Reply{}, err
	}
	return v.savedAnswer(ctx, r, topic, "Changed: ")
}

// removeTopic retires a topic and stops it everywhere.
func (v *Conversation) removeTopic(ctx context.Context, r request, name string) (bot.Reply, error) {
	topic, err := v.changeable(ctx, r, name, "/topic remove Geneva talks")
	if err != nil {
		return bot.Reply{}, err
	}
	subs, err := v.Subscriptions.Subscribers(ctx, topic.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := v.Newsroom.Drop(ctx, topic.ID); err != nil {
		return bot.Reply{}, err
	}
	for _, s := range subs {
		if err := v.Subscriptions.Unsubscribe(ctx, s.Chat, topic.ID); err != nil {
			return bot.Reply{}, err
		}
		if s.Chat == r.target.Chat {
			continue
		}
		key := fmt.Sprintf("removed %s %d", topic.ID, v.Now().UnixMilli())
		if err := v.Delivery.Notice(ctx, s.Chat, key, bot.Text("The topic "+topic.Name+" was removed, so its digests stop. /topics shows what there is.")); err != nil {
			return bot.Reply{}, err
		}
	}
	text := "Removed: " + topic.Name + "."
	if n := len(subs); n > 0 {
		text += " It stops in " + plural(n, "chat", "chats") + "."
	}
	return r.reply(bot.Text(text)), nil
}

// rhythm is a subscription's time in words.
func rhythm(text string) string {
	when, err := schedule.Parse(text)
	if err != nil {
		return text
	}
	return when.Describe()
}
