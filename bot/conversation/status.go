package conversation

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"tidings/bot"
	"tidings/bot/delivery"
	"tidings/digest"
	"tidings/digest/archive"
	"tidings/subscriptions"
)

func (v *Conversation) list(ctx context.Context, r request) (bot.Reply, error) {
	subs, topics, err := v.subscribed(ctx, r.target.Chat)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(subs) == 0 {
		return r.reply(bot.Text("Nothing is subscribed here yet. /topics shows what there is.")), nil
	}
	where := "here"
	if r.named != "" {
		where = "in " + r.target.Title
	}
	m := bot.Text("Subscribed " + where + " (" + zoneName(r.zone) + ")")
	m.Sections[0].Blocks[0].Kind = bot.Heading
	if r.settings.Paused.After(v.Now()) {
		m.Sections[0].Blocks = append(m.Sections[0].Blocks, bot.Block{Runs: []bot.Run{{Text: v.pausedLine(r, r.settings.Paused), Italic: true}}})
	}
	for i, s := range subs {
		line := ", " + rhythm(s.Schedule) + ". Next: " + v.nextText(r, s) + "."
		if !topics[i].Retired.IsZero() {
			line = " is no longer offered; /unsubscribe takes it off this list."
		}
		m.Sections[0].Blocks = append(m.Sections[0].Blocks, bot.Block{Runs: []bot.Run{{Text: topics[i].Name, Bold: true}, {Text: line}}})
	}
	return bot.Reply{Message: m}, nil
}

// records is how many past digests /status tells of.
const records = 5

func (v *Conversation) status(ctx context.Context, r request) (bot.Reply, error) {
	now := v.Now()
	subs, topics, err := v.subscribed(ctx, r.target.Chat)
	if err != nil {
		return bot.Reply{}, err
	}
	history, err := v.Delivery.History(ctx, r.target.Chat, records)
	if err != nil {
		return bot.Reply{}, err
	}
	feeds, feedsWell, err := v.feedLine(ctx, now, r.zone)
	if err != nil {
		return bot.Reply{}, err
	}
	lines := v.nextLines(r, subs, topics)
	byID := map[string]string{}
	for _, t := range topics {
		byID[t.ID] = t.Name
	}
	delivered := len(history) == 0 || history[0].State != "failed" && history[0].State != "uncertain"
	switch {
	case r.settings.Closed != "":
		lines = append([]string{"Nothing can be sent here: " + sentence(r.settings.Closed)}, lines...)
	case r.settings.Paused.After(now):
		lines = append([]string{v.pausedLine(r, r.settings.Paused) + " /resume ends the pause."}, lines...)
	case feedsWell && delivered && len(subs) > 0:
		lines[0] = "All well. " + lines[0]
	}
	for i, record := range history {
		lines = append(lines, v.recordLine(ctx, record, i == 0, byID, r))
	}
	return bot.Reply{Message: bot.Text(append(lines, feeds)...), Private: r.Place.Kind != bot.Private}, nil
}

// nextLines say what comes next, the soonest first.
func (v *Conversation) nextLines(r request, subs []subscriptions.Subscription, topics []digest.Topic) []string {
	if len(subs) == 0 {
		return []string{"Nothing is subscribed here yet. /topics shows what there is."}
	}
	order := make([]int, len(subs))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return v.next(r, subs[a]).Compare(v.next(r, subs[b])) })
	var lines []string
	for _, i := range order {
		line := "Next: " + topics[i].Name + ", " + v.nextText(r, subs[i])
		next := v.next(r, subs[i])
		switch {
		case !topics[i].Retired.IsZero():
			line = topics[i].Name + " is no longer offered, so nothing of it comes"
		case !next.IsZero():
			line += " (" + ahead(next.Sub(v.Now())) + ")"
		}
		lines = append(lines, line+".")
	}
	return lines
}

// ahead is a time to come: "in 14 h 12 min".
func ahead(d time.Duration) string {
	d = d.Round(time.Minute)
	switch days, hours, minutes := int(d/day), int(d%day/time.Hour), int(d%time.Hour/time.Minute); {
	case days > 0 && hours > 0:
		return fmt.Sprintf("in %s %d h", plural(days, "day", "days"), hours)
	case days > 0:
		return "in " + plural(days, "day", "days")
	case hours > 0 && minutes > 0:
		return fmt.Sprintf("in %d h %d min", hours, minutes)
	case hours > 0:
		return fmt.Sprintf("in %d h", hours)
	case minutes > 0:
		return fmt.Sprintf("in %d min", minutes)
	}
	return "any moment"
}

// recordLine says what became of one digest.
func (v *Conversation) recordLine(ctx context.Context, record delivery.Record, last bool, names map[string]string, r request) string {
	name := names[record.TopicID]
	if name == "" {
		if t, err := v.Archive.Topic(ctx, record.TopicID); err == nil {
			name = t.Name
		}
	}
	line := ""
	if last {
		line = "Last: "
	}
	if len(names) != 1 || names[record.TopicID] == "" {
		line += name + ", "
	}
	line += delivery.Moment(record.Due, v.Now(), r.zone)
	what := "nothing new"
	if record.Stories > 0 {
		what = stories(record.Stories)
	}
	switch record.State {
	case "sent":
		return line + ", " + what + ", delivered " + record.At.In(r.zone).Format("15:04:05") + "."
	case "silent":
		why := ""
		if r.settings.Silence {
			why = " (you chose silence when nothing is new)"
		}
		return line + ": nothing new, so nothing was sent" + why + "."
	case "failed":
		return line + ": could not be delivered. " + sentence(record.Fault)
	case "uncertain":
		return line + ": may not have arrived. It was not repeated, so that you do not get it twice."
	}
	return line + ", " + what + ", on its way."
}

// feedNames bounds the feeds that /status names.
const feedNames = 5

// feedLine says how the feeds are doing, and whether all are well.
func (v *Conversation) feedLine(ctx context.Context, now time.Time, zone *time.Location) (string, bool, error) {
	feeds, err := v.Archive.Feeds(ctx)
	if err != nil {
		return "", false, err
	}
	var faults []string
	for _, f := range feeds {
		if f.Failures > 0 || f.Gone {
			faults = append(faults, feedFault(f, now, zone))
		}
	}
	n := len(faults)
	if n == 0 {
		return fmt.Sprintf("Feeds: all %d well.", len(feeds)), true, nil
	}
	line := fmt.Sprintf("Feeds: %d of %d well; %s", len(feeds)-n, len(feeds), strings.Join(faults[:min(n, feedNames)], "; "))
	if n > feedNames {
		line += fmt.Sprintf("; and %d more", n-feedNames)
	}
	return sentence(line), false, nil
}

func feedFault(f archive.Feed, now time.Time, zone *time.Location) string {
	if f.Gone {
		return f.Outlet + " says that its feed is gone for good"
	}
	since := delivery.Moment(f.FailingSince, now, zone)
	line := fmt.Sprintf("%s has not answered since %s (%s", f.Outlet, strings.TrimPrefix(since, "today "), strings.TrimSuffix(f.Fault, "."))
	if f.NextPoll.After(now) {
		line += ", next try " + strings.TrimPrefix(delivery.Moment(f.NextPoll, now, zone), "today ")
	}
	return line + ")"
}
