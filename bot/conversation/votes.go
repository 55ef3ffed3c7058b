package conversation

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"tidings/bot"
	"tidings/digest/newsroom"
	"tidings/subscriptions"
)

// pressVote stores 👍 or 👎 for the story's lead article.
func (v *Conversation) pressVote(ctx context.Context, r request) (bot.Reply, error) {
	e, topic, err := v.about(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if topic.ID == "" {
		return bot.Reply{}, complain("That topic is no longer there, so there is nothing to learn for.")
	}
	if err := v.meet(ctx, r); err != nil {
		return bot.Reply{}, err
	}
	story, err := v.Delivery.Story(ctx, topic, e.Story)
	if err != nil {
		return bot.Reply{}, asGone(err)
	}
	lead := story.Sources[0].ID
	more := strings.HasPrefix(strings.TrimPrefix(r.Action, "@"+r.target.Chat.ID+" "), "more")
	if err := v.Subscriptions.Vote(ctx, r.target.Chat, subscriptions.Vote{Topic: topic.ID, Article: lead, More: more, At: v.Now()}); err != nil {
		return bot.Reply{}, err
	}
	what := "less"
	if more {
		what = "more"
	}
	m := bot.Text("Noted: " + what + " like “" + story.Title + "” in " + topic.Name + ".")
	buttons := []bot.Button{r.button("Undo", "unvote "+topic.ID+" "+lead)}
	if v.admin(r.User) {
		buttons = append(buttons, r.button("For everyone", "adopt "+topic.ID+" "+lead))
	}
	m.Buttons = [][]bot.Button{row(buttons...)}
	return bot.Reply{Message: m, Private: r.Place.Kind != bot.Private}, nil
}

func (v *Conversation) pressUnvote(ctx context.Context, r request) (bot.Reply, error) {
	if err := v.meet(ctx, r); err != nil {
		return bot.Reply{}, err
	}
	topic, article, _ := strings.Cut(r.value, " ")
	if err := v.Subscriptions.Unvote(ctx, r.target.Chat, topic, article); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Message: bot.Text("Taken back; nothing was learned from it."), Edit: true}, nil
}

// pressAdopt makes an admin's vote count for everyone who gets the topic.
func (v *Conversation) pressAdopt(ctx context.Context, r request) (bot.Reply, error) {
	if !v.admin(r.User) {
		return bot.Reply{}, complain("Only the admins that the configuration names vote for everyone.")
	}
	topic, article, err := v.pressed(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	err = v.Subscriptions.Adopt(ctx, r.target.Chat, topic.ID, article)
	if errors.Is(err, subscriptions.ErrNone) {
		return bot.Reply{}, complain("That vote was taken back, so there is nothing to take over.")
	}
	if err != nil {
		return bot.Reply{}, err
	}
	m := bot.Text("Your vote now counts for everyone who gets " + topic.Name + ". /topic reset " + topic.Name + " forgets all such votes.")
	m.Buttons = [][]bot.Button{row(r.button("Undo", "disown "+topic.ID+" "+article))}
	return r.reply(m), v.relearn(ctx, topic.ID)
}

func (v *Conversation) pressDisown(ctx context.Context, r request) (bot.Reply, error) {
	if !v.admin(r.User) {
		return bot.Reply{}, complain("Only the admins that the configuration names vote for everyone.")
	}
	topic, article, err := v.pressed(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := v.Subscriptions.Disown(ctx, topic.ID, article); err != nil {
		return bot.Reply{}, err
	}
	return r.reply(bot.Text("Taken back: the vote is yours alone again.")), v.relearn(ctx, topic.ID)
}

// relearn decides again what belongs to a topic, when votes for everyone changed.
func (v *Conversation) relearn(ctx context.Context, topicID string) error {
	defer v.Delivery.Forget(topicID)
	return v.Newsroom.RefreshSince(ctx, topicID, v.Now().Add(-newsroom.Window))
}

// resetTopic forgets what this chat has taught a topic, and, when an admin asks,
// also what the topic has taken over from admins.
func (v *Conversation) resetTopic(ctx context.Context, r request, name string) (bot.Reply, error) {
	topic, err := v.named(ctx, name)
	if err != nil {
		return bot.Reply{}, err
	}
	if name != "" && topic.ID == "" {
		return bot.Reply{}, v.unknown(ctx, r, name)
	}
	if err := v.meet(ctx, r); err != nil {
		return bot.Reply{}, err
	}
	votes, err := v.Subscriptions.Votes(ctx, r.target.Chat, topic.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := v.Subscriptions.ForgetVotes(ctx, r.target.Chat, topic.ID); err != nil {
		return bot.Reply{}, err
	}
	if topic.ID == "" {
		return r.reply(bot.Text(forgotten(len(votes), 0, "all topics"))), nil
	}
	shared, err := v.Subscriptions.TopicVotes(ctx, topic.ID)
	if err != nil || len(shared) == 0 || !v.admin(r.User) {
		return r.reply(bot.Text(forgotten(len(votes), 0, topic.Name))), err
	}
	if err := v.Subscriptions.Disown(ctx, topic.ID, ""); err != nil {
		return bot.Reply{}, err
	}
	return r.reply(bot.Text(forgotten(len(votes), len(shared), topic.Name))), v.relearn(ctx, topic.ID)
}

// forgotten tells how many votes of a chat and for everyone are forgotten.
func forgotten(own, shared int, what string) string {
	switch {
	case own+shared == 0:
		return "There are no votes from here on " + strings.Replace(what, "all topics", "any topic", 1) + ", so there is nothing to forget."
	case shared == 0:
		return "Forgotten: " + plural(own, "vote", "votes") + " on " + what + "."
	case own == 0:
		return "Forgotten: " + plural(shared, "vote", "votes") + " for everyone on " + what + "."
	}
	return fmt.Sprintf("Forgotten: %s on %s, and %d for everyone.", plural(own, "vote", "votes"), what, shared)
}
