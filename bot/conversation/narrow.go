package conversation

import (
	"context"
	"strings"

	"tidings/bot"
	"tidings/digest/query"
	"tidings/subscriptions/schedule"
)

func (v *Conversation) pressNarrow(ctx context.Context, r request) (bot.Reply, error) {
	return v.pressRewrite(ctx, r, stricter, "Narrower: ", "narrow")
}

func (v *Conversation) pressWide(ctx context.Context, r request) (bot.Reply, error) {
	return v.pressRewrite(ctx, r, looser, "Wider: ", "wide")
}

// pressRewrite changes the words of a chat's own topic. One that others get
// too stays as it is.
func (v *Conversation) pressRewrite(ctx context.Context, r request, rewrite func(draft) draft, what, end string) (bot.Reply, error) {
	topic, _, err := v.own(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	had := draft{Query: topic.Query, Strictness: topic.Strictness}
	changed := rewrite(had)
	narrowed := topic
	narrowed.Query = changed.Query
	if changed == had || v.readable(r, narrowed) != nil {
		return bot.Reply{}, complain("This is already as " + end + " as I can make it. “Edit words” lets you say it yourself.")
	}
	others, err := v.Subscriptions.Subscribers(ctx, topic.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(others) > 1 {
		return bot.Reply{}, complain("Others get this topic too, so it stays as it is. /subscribe with other words makes another for you.")
	}
	topic.Query, topic.Strictness = changed.Query, changed.Strictness
	if topic, err = v.save(ctx, topic); err != nil {
		return bot.Reply{}, err
	}
	when := v.Schedule
	for _, s := range others {
		if when, err = schedule.Parse(s.Schedule); err != nil {
			return bot.Reply{}, err
		}
	}
	return v.madeAnswer(ctx, r, topic, what, when)
}

// stricter is a draft that takes less: less of it may be missing, and then
// every plain word is demanded. At the end it stays.
func stricter(d draft) draft {
	switch d.Strictness {
	case loose:
		d.Strictness = ""
	case "":
		d.Strictness = strict
	default:
		d.Query = narrower(d.Query)
	}
	return d
}

// looser undoes what [stricter] does, and goes on to any one of the words.
func looser(d draft) draft {
	switch wide := wider(d.Query); {
	case d.Strictness == strict && wide != d.Query && !soft(d.Query):
		d.Query = wide
	case d.Strictness == strict:
		d.Strictness = ""
	case d.Strictness == "":
		d.Strictness = loose
	default:
		d.Query = wide
	}
	return d
}

// The values of [digest.Topic.Strictness].
const (
	strict = "strict"
	loose  = "loose"
)

// soft reports whether a query is plain words, none of them demanded.
func soft(text string) bool {
	_, demanded, ok := plainWords(text)
	return ok && !demanded
}

// understood tells how a topic's words are read.
func understood(text, strictness string) (string, error) {
	q, err := query.Parse(text)
	if err != nil {
		return "", err
	}
	switch strictness {
	case strict:
		return q.Explain() + ", most of it needed", nil
	case loose:
		return q.Explain() + ", little of it needed", nil
	}
	return q.Explain(), nil
}

// plainWords are the words of a query that has nothing but words, each perhaps
// demanded; ok is false for any other query.
func plainWords(text string) (words []string, demanded, ok bool) {
	demanded = true
	for w := range strings.FieldsSeq(text) {
		bare := strings.TrimPrefix(w, "+")
		demanded = demanded && bare != w
		if bare == "" || strings.ContainsAny(bare, `"()+*:`) || strings.HasPrefix(bare, "-") ||
			strings.HasPrefix(bare, "NEAR") || bare == "OR" || bare == "AND" || bare == "NOT" {
			return nil, false, false
		}
		words = append(words, bare)
	}
	return words, demanded && len(words) > 0, len(words) > 0
}

// narrower is a query that wants more: of "a b" it is "+a +b", of that the
// phrase. A query that is the narrowest, or not of plain words, stays.
func narrower(text string) string {
	if all := strings.Split(text, " OR "); len(all) > 1 && !strings.ContainsAny(text, `"()+*:-`) {
		return strings.Join(all, " ")
	}
	words, demanded, ok := plainWords(text)
	switch {
	case !ok || len(words) == 1:
		return text
	case demanded:
		return `"` + strings.Join(words, " ") + `"`
	}
	return "+" + strings.Join(words, " +")
}

// wider undoes what [narrower] does, and goes on to "a OR b".
func wider(text string) string {
	if inner := strings.Trim(text, `"`); len(inner) == len(text)-2 && !strings.Contains(inner, `"`) {
		return "+" + strings.Join(strings.Fields(inner), " +")
	}
	words, demanded, ok := plainWords(text)
	switch {
	case !ok || len(words) == 1:
		return text
	case demanded:
		return strings.Join(words, " ")
	}
	return strings.Join(words, " OR ")
}
