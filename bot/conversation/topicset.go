package conversation

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"tidings/bot"
	"tidings/digest"
	"tidings/digest/archive"
	"tidings/digest/language"
	"tidings/subscriptions/schedule"
)

// setExamples are shown to who does not say what to set.
const setExamples = `Say what, and how. For example:
/topic set Geneva talks: description What is negotiated in Geneva
/topic set Geneva talks: languages en, uk
/topic set Geneva talks: feeds https://example.com/feed.xml
/topic set Geneva talks: schedule weekdays 08:00
/topic set Geneva talks: strictness strict, normal or loose
The word off takes one back.`

// setTopic changes what a topic has beside its words: "languages en, uk".
func (v *Conversation) setTopic(ctx context.Context, r request, name, text string) (bot.Reply, error) {
	if name == "" || text == "" {
		return bot.Reply{}, complain(setExamples)
	}
	topic, err := v.changeable(ctx, r, name, "/topic set Geneva talks: languages en, uk")
	if err != nil {
		return bot.Reply{}, err
	}
	what, value, _ := strings.Cut(strings.Join(strings.Fields(text), " "), " ")
	said, err := v.setOne(ctx, &topic, strings.ToLower(what), value)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := v.readable(r, topic); err != nil {
		return bot.Reply{}, err
	}
	if topic, err = v.save(ctx, topic); err != nil {
		return bot.Reply{}, err
	}
	return r.reply(bot.Text("Changed: " + topic.Name + ". " + said)), nil
}

// setOne changes one thing of a topic, and says in a sentence what is so now.
func (v *Conversation) setOne(ctx context.Context, t *digest.Topic, what, value string) (said string, err error) {
	off := slices.Contains([]string{"", "off", "none", "all"}, strings.ToLower(value))
	switch what {
	case "description":
		if off {
			t.Description = ""
			return "It has no description.", nil
		}
		if n := utf8.RuneCountInString(value); n > maxDescription {
			return "", complain(fmt.Sprintf("A description has at most %d characters, and this has %d. Say it shorter.", maxDescription, n))
		}
		t.Description = value
		return "Its description: " + sentence(value), nil
	case "languages", "language":
		if t.Languages = nil; off {
			return "It has articles in all languages.", nil
		}
		t.Languages, err = languageCodes(value)
		return "It has only articles in " + languageNames(t.Languages, " or ") + ".", err
	case "feeds", "feed":
		if t.Feeds = nil; off {
			return "It has articles of all feeds.", nil
		}
		t.Feeds, err = v.feedURLs(ctx, strings.FieldsFunc(value, func(r rune) bool { return r == ' ' || r == ',' }))
		return "It has only articles of " + plural(len(t.Feeds), "feed", "feeds") + ": " + shownURLs(t.Feeds) + ".", err
	case "schedule":
		if t.Schedule = ""; off {
			return "Who names no time gets it " + v.Schedule.Describe() + ", as usual.", nil
		}
		when, err := schedule.Parse(value)
		if err != nil {
			return "", complain(sentence(err.Error()))
		}
		t.Schedule = when.String()
		return "Who names no time gets it " + when.Describe() + ". Who has it already keeps the time.", nil
	case "strictness":
		return setStrictness(t, strings.ToLower(value))
	}
	return "", complain("“" + clip(what, 20) + "” cannot be set. " + setExamples)
}

// maxDescription is the most characters of a topic's description.
const maxDescription = 200

func setStrictness(t *digest.Topic, value string) (said string, err error) {
	switch value {
	case strict:
		t.Strictness = strict
		return "Most of its words must be in an article.", nil
	case loose:
		t.Strictness = loose
		return "Few of its words must be in an article.", nil
	case "normal", "off":
		t.Strictness = ""
		return "As many of its words must be in an article as usual.", nil
	}
	return "", complain("Strictness is strict, normal or loose. For example: /topic set " + t.Name + ": strictness strict")
}

// languageCodes reads "en, uk" or "English and Ukrainian".
func languageCodes(value string) (codes []string, err error) {
	for word := range strings.FieldsFuncSeq(value, func(r rune) bool { return r == ' ' || r == ',' }) {
		if word == "and" || word == "or" {
			continue
		}
		at := slices.IndexFunc(language.Supported(), func(code string) bool {
			return strings.EqualFold(word, code) || strings.EqualFold(word, language.EnglishName(code))
		})
		if at < 0 {
			return nil, complain("I know no language “" + clip(word, 40) + "”. Give names or two letters, for example: languages en, uk")
		}
		if code := language.Supported()[at]; !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	if len(codes) == 0 {
		return nil, complain("Which languages? For example: languages en, uk")
	}
	return codes, nil
}

func languageNames(codes []string, between string) string {
	names := make([]string, len(codes))
	for i, code := range codes {
		names[i] = language.EnglishName(code)
	}
	return strings.Join(names, between)
}

// feedURLs are the URLs, as they were configured or added, of the feeds that
// are meant by URLs as people are shown them.
func (v *Conversation) feedURLs(ctx context.Context, typed []string) (urls []string, err error) {
	feeds, err := v.Archive.Feeds(ctx)
	if err != nil {
		return nil, err
	}
	for _, url := range typed {
		at := slices.IndexFunc(feeds, func(f archive.Feed) bool { return f.URL == url || f.Origin == url })
		if at < 0 {
			at = slices.IndexFunc(feeds, func(f archive.Feed) bool { return shownURL(f.URL) == url })
		}
		if at < 0 {
			return nil, complain("No feed has the address " + clip(shownURL(url), 200) + ". /feed list lists the feeds, and /feed add makes me read another.")
		}
		if known := firstOf(feeds[at].Origin, feeds[at].URL); !slices.Contains(urls, known) {
			urls = append(urls, known)
		}
	}
	return urls, nil
}

func shownURLs(urls []string) string {
	shown := make([]string, len(urls))
	for i, url := range urls {
		shown[i] = shownURL(url)
	}
	return strings.Join(shown, ", ")
}

// besideWords tells in a line what a topic has beside its words and how much
// of them is needed, or is empty.
func besideWords(t digest.Topic) string {
	var all []string
	if t.Description != "" {
		all = append(all, "“"+t.Description+"”")
	}
	if len(t.Languages) > 0 {
		all = append(all, "only in "+languageNames(t.Languages, " or "))
	}
	if len(t.Feeds) > 0 {
		all = append(all, "only of "+plural(len(t.Feeds), "feed", "feeds"))
	}
	if t.Schedule != "" {
		all = append(all, "usually "+rhythm(t.Schedule))
	}
	if len(all) == 0 {
		return ""
	}
	return strings.Join(all, " · ") + "."
}
