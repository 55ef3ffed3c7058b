package conversation_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidings/bot/conversation"
	"tidings/digest"
	"tidings/digest/archive"
	"tidings/subscriptions"
)

func TestATopicOfOneCommonWordBlocksNothing(t *testing.T) {
	for text, want := range map[string]string{
		"iceland volcano every 15 minutes": "No topic of that name, so I made one from your words: iceland · volcano",
		"iceland map every 15 minutes":     "so I made one from your words: iceland · map",
		"iceland 2026 election":            "so I made one from your words: iceland · 2026 · election",
		"iceland monday volcano 9:00":      "so I made one from your words: iceland · monday · volcano",
		"iceland daily 25:00":              "hour 25 is out of range 0-23",
		"iceland 25:00":                    "hour 25 is out of range 0-23",
		"iceland 0 25 * * *":               "hour 25 is out of range 0-23",
		"iceland every 5 secs":             "The shortest is every 15 minutes.",
		"iceland mondays 9:00":             "Done: Iceland, on Mondays at 09:00",
	} {
		t.Run(text, func(t *testing.T) {
			h := telegram(t)
			h.as("boss", h.place)
			h.want(h.topicCommand("add", "Iceland", "iceland"), "Saved for everyone: Iceland.")
			h.file("Wire One", "volcano", "Volcano in Iceland: a map before the election of 2026, on a Monday", noon.Add(-1))
			h.want(h.says("subscribe", "="+text), want)
		})
	}
}

func TestWordsThatNoArticleHasAreNamed(t *testing.T) {
	each(t, func(h *house) {
		const unheard = "Nothing in the last 30 days has xqzvw."
		h.want(h.says("subscribe", "topic=surfing xqzvw"), "so I made one from your words: surfing · xqzvw", "for example “Moore", unheard)
		h.want(h.topicCommand("test", "", "surfing xqzvw"), unheard)
		h.want(h.topicCommand("test", "", `surfing (xqzvw OR "jqkwz gold")`), "Nothing in the last 30 days has xqzvw or jqkwz.")
		for _, known := range []string{"surfing medals", "the surfing gold", "surfing -xqzvw", "talk peace"} {
			h.unwanted(h.topicCommand("test", "", known), "Nothing in the last")
		}
		h.as("boss", h.place)
		h.want(h.topicCommand("add", "Surfing", "surfing xqzvw"), "Saved for everyone", unheard)
	})
}

func TestWordsThatMakeNoTopic(t *testing.T) {
	each(t, func(h *house) {
		h.as("boss", h.place)
		for words, want := range map[string]string{
			"the of and":             "These words are in nearly every article; say what it is about.",
			"the":                    "These words are in nearly every article; say what it is about.",
			"lang:en lang:uk geneva": "No article is in English and in Ukrainian; write lang:en OR lang:uk for either.",
			"+geneva -geneva":        "It wants geneva and leaves that out too, so no article can match; remove one of the two.",
		} {
			h.want(h.topicCommand("test", "", words), want)
			h.want(h.topicCommand("add", "Odd", words), want)
			h.want(h.says("subscribe", "topic="+words), want)
			h.want(h.says("digest", "topic="+words), "There is no topic “"+words+"”. "+want)
		}
		h.want(h.says("digest", "topic=lang:uk"), "There is no topic “lang:uk”.", "it says only in which language; add a word")
		h.want(h.topicCommand("test", "", "der die das"), "Understood as")
		h.says("settings", "language=language de")
		if h.network.name == "discord" {
			h.says("settings", "language=German")
		}
		h.want(h.topicCommand("test", "", "der die das"), "These words are in nearly every article")
		h.want(h.topicCommand("test", "", `"the who"`), `Understood as: phrase "the who"`)
		if topics, err := h.archive.Topics(h.Context()); err != nil || len(topics) != 2 {
			h.Errorf("something was stored: %v, %v", topics, err)
		}
	})
}

func TestWhyCountsTheVotesOfTheChat(t *testing.T) {
	each(t, func(h *house) {
		h.delivery.Taste = func(_ context.Context, votes []subscriptions.Vote) (func(digest.Article) float64, error) {
			return func(a digest.Article) float64 {
				if votes[0].Article == a.ID {
					return 1
				}
				return -1
			}, nil
		}
		h.says("digest", "topic=Ukraine peace talks")
		h.presses("2")
		h.presses("👍 more like this")
		h.want(h.says("digest", "topic=Ukraine peace talks"), "1. Europe wants changes")
		h.want(h.says("why", "story=1"), "Why “Europe wants changes", "ranked 1st of 2: ", " + yours 1.5")
	})
}

func TestTermsAreNamedApartFromWords(t *testing.T) {
	got := conversation.TermsText([]digest.Term{
		{Text: "its story", Weight: .4, Where: "story"}, {Text: "ukraine", Weight: .3, Where: "title"},
		{Text: "its own words", Weight: .1, Where: "its own words"}, {Text: "peace", Weight: .1, Where: "text"}, {Text: "votes", Weight: -.2, Where: "votes"},
		{Text: "the", Weight: .001, Where: "text"},
	})
	if diff := cmp.Diff("ukraine .30 (title) · peace .10 · 1 more; and because its story belongs .40, its own words are enough .10, of votes -.20", got); diff != "" {
		t.Error(diff)
	}
}

func TestATopicIsSetInAChat(t *testing.T) {
	each(t, func(h *house) {
		const name = "Peace"
		h.as("boss", h.place)
		h.topicCommand("add", name, "peace talks")
		for text, want := range map[string]string{
			"description What is negotiated":             "Changed: Peace. Its description: What is negotiated.",
			"languages en, Ukrainian":                    "Changed: Peace. It has only articles in English or Ukrainian.",
			"schedule weekdays 18:30":                    "Changed: Peace. Who names no time gets it on weekdays at 18:30.",
			"strictness strict":                          "Changed: Peace. Most of its words must be in an article.",
			"languages en, xx":                           "I know no language “xx”.",
			"languages ,":                                "Which languages?",
			"schedule daily 25:00":                       "hour 25 is out of range 0-23",
			"strictness very":                            "Strictness is strict, normal or loose.",
			"colour red":                                 "“colour” cannot be set.",
			"description " + strings.Repeat("long ", 50): "A description has at most 200 characters",
			"feeds http://me:hunter2@elsewhere.example/": "No feed has the address http://elsewhere.example/.",
			"feeds http://example.com/nobody":            "/feed list lists the feeds",
		} {
			h.want(h.topicCommand("set", name, text), want)
		}
		topic := h.topicNamed(name)
		if diff := cmp.Diff([]string{"peace talks", "What is negotiated", "weekdays 18:30", "strict"}, []string{topic.Query, topic.Description, topic.Schedule, topic.Strictness}); diff != "" {
			h.Error(diff)
		}
		if diff := cmp.Diff([]string{"en", "uk"}, topic.Languages); diff != "" {
			h.Error(diff)
		}
		h.want(h.topicCommand("list", "", ""), "Peace: peace talks · made by an admin · strict · “What is negotiated” · only in English or Ukrainian · usually on weekdays at 18:30")
		h.want(h.topicCommand("test", "", name), "most of it needed", "only in English or Ukrainian")
		h.want(h.topicCommand("edit", name, "peace"), "Changed: Peace.")
		if again := h.topicNamed(name); again.Description != topic.Description || again.Schedule != topic.Schedule || len(again.Languages) != 2 {
			h.Errorf("other words lost what was set: %+v", again)
		}
		h.want(h.says("subscribe", "topic="+name), "on weekdays at 18:30")
		for _, what := range []string{"description", "languages", "schedule", "strictness", "feeds"} {
			h.want(h.topicCommand("set", name, what+" off"), "Changed: Peace.")
		}
		h.want(h.topicCommand("list", "", ""), "Peace: peace · made by an admin\n")
		h.want(h.topicCommand("set", "Ukraine peace talks", "languages en"), "stands in the configuration file")
		h.want(h.topicCommand("set", name, ""), "Say what, and how.")
		h.want(h.topicCommand("set", "Nothing", "languages en"), "There is no topic “Nothing”.")
		h.as("ann", h.place)
		h.want(h.topicCommand("set", name, "languages en"), "only an admin can change it")
		h.as("boss", h.place)
		h.want(h.says("help"), "/topic set")
	})
}

func TestATopicsFeedsAreSetInAChat(t *testing.T) {
	each(t, func(h *house) {
		h.as("boss", h.place)
		h.must(h.archive.ReconcileFeeds(h.Context(), []archive.Feed{{URL: "http://me:hunter2@example.com/star", Outlet: "Evening Star", Owner: "Star"}}, noon))
		h.file("Evening Star", "europe", "Europe and the peace talks", noon.Add(-time.Hour))
		h.topicCommand("add", "Peace", "peace talks")
		h.want(h.topicCommand("test", "", "Peace"), "Last 7 days: 5 articles")
		h.want(h.topicCommand("set", "Peace", "feeds http://example.com/star"), "It has only articles of 1 feed: http://example.com/star.")
		h.want(h.topicCommand("test", "", "Peace"), "only of 1 feed.", "Last 7 days: 1 article ")
	})
}

// TestAStoppedTopicKeepsWhatWasSet undoes the stop of a topic of one's own.
func TestAStoppedTopicKeepsWhatWasSet(t *testing.T) {
	each(t, func(h *house) {
		const name = "surfing gold medal"
		h.says("subscribe", "topic="+name)
		h.want(h.topicCommand("set", name, "languages en"), "It has only articles in English.")
		h.says("unsubscribe", "topic="+name)
		h.presses("Undo")
		if diff := cmp.Diff([]string{"en"}, h.topicNamed(name).Languages); diff != "" {
			h.Error(diff)
		}
	})
}

func TestStoriesAreFollowedAndMutedByCommands(t *testing.T) {
	each(t, func(h *house) {
		h.want(h.says("mute", "story=2"), "There was no digest here yet")
		h.says("digest", "topic=Ukraine peace talks")
		h.want(h.says("mute"), "Which one?")
		h.want(h.presses("1"), "🙈 Muted: “Ukraine peace talks end")
		h.presses("Undo")
		h.want(h.says("mute", "story=2"), "🙈 Muted: “Europe wants changes")
		h.want(h.says("follow", "story=1"), "🔔 Following “Ukraine peace talks end")
		marks, err := h.store.Marks(h.Context(), h.place.Chat)
		h.must(err)
		if len(marks) != 2 {
			h.Errorf("the marks are %+v, want two", marks)
		}
		h.unwanted(h.says("digest", "topic=Ukraine peace talks"), "Europe wants changes")
		h.as("guest", h.group(false))
		h.says("digest", "topic=Ukraine peace talks")
		h.want(h.says("follow", "story=1"), "Only someone who administers")
	})
}
