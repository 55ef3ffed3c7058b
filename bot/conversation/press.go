package conversation

import (
	"context"
	"errors"
	"strings"

	"tidings/bot"
	"tidings/digest"
	"tidings/digest/archive"
	"tidings/subscriptions/schedule"
)

// pressed is the topic that a button is about, which must still be there, and
// what else the button says.
func (v *Conversation) pressed(ctx context.Context, r request) (topic digest.Topic, rest string, err error) {
	id, rest, _ := strings.Cut(r.value, " ")
	topic, err = v.Archive.Topic(ctx, id)
	if errors.Is(err, archive.ErrNoTopic) || (err == nil && !topic.Retired.IsZero()) {
		return topic, rest, complain("That topic is no longer there. /topics lists what there is.")
	}
	return topic, rest, err
}

// pressDigest shows a topic's digest, of the last day or as far back as the
// button says.
func (v *Conversation) pressDigest(ctx context.Context, r request) (bot.Reply, error) {
	topic, since, err := v.pressed(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	back, ok := span(since)
	if !ok {
		back = day
	}
	return v.digestOf(ctx, r, []digest.Topic{topic}, back)
}

func (v *Conversation) pressTime(ctx context.Context, r request) (bot.Reply, error) {
	topic, when, err := v.pressed(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := v.meet(ctx, r); err != nil {
		return bot.Reply{}, err
	}
	return v.subscribeTo(ctx, r, topic, when)
}

// pressTimes offers other times.
func (v *Conversation) pressTimes(ctx context.Context, r request) (bot.Reply, error) {
	topic, _, err := v.pressed(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	m := bot.Text("When should " + topic.Name + " come? For any other time, send /subscribe " + topic.Name + " mon,thu 9:30")
	for _, times := range [][]string{{"daily 07:00", "daily 08:00", "daily 12:00"}, {"daily 18:00", "daily 20:00", "weekdays 08:00"}, {"every 6 hours", "mondays 08:00"}} {
		var buttons []bot.Button
		for _, t := range times {
			when, err := schedule.Parse(t)
			if err != nil {
				return bot.Reply{}, err
			}
			buttons = append(buttons, r.button(capital(t), "time "+topic.ID+" "+when.String()))
		}
		m.Buttons = append(m.Buttons, row(buttons...))
	}
	return bot.Reply{Message: m, Edit: true}, nil
}

func (v *Conversation) pressStop(ctx context.Context, r request) (bot.Reply, error) {
	topic, _, err := v.pressed(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := v.meet(ctx, r); err != nil {
		return bot.Reply{}, err
	}
	return v.stop(ctx, r, topic)
}
