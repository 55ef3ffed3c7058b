package conversation_test

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"tidings/bot"
)

func TestCommandsFitEveryNetwork(t *testing.T) {
	both(t, func(h *house) {
		seen := map[string]bool{}
		for _, c := range h.Commands() {
			if seen[c.Name] {
				h.Errorf("there are two commands /%s", c.Name)
			}
			seen[c.Name] = true
			for _, one := range append([]bot.Command{c}, c.Sub...) {
				h.registrable(one)
			}
		}
		h.want(h.says("nonsense"), "There is no /nonsense. /help lists what there is.")
		h.want(h.says("subscripe"), "There is no /subscripe. Did you mean /subscribe?")
		h.want(h.says(strings.Repeat("x", 5000)), "xxx…. /help lists")
		help := h.says("help")
		h.want(help, "/digest", "/subscribe TOPIC TIME", "Try: /subscribe Ukraine peace talks")
		h.unwanted(help, "/pick")
		if lines := strings.Count(help, "\n"); lines > 12 {
			h.Errorf("help has %d lines:\n%s", lines, help)
		}
	})
}

// registrable proves that every network takes a command as it is described.
func (h *house) registrable(c bot.Command) {
	h.Helper()
	if c.Name == "" || len(c.Name) > 32 || strings.Trim(c.Name, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
		h.Errorf("the command %q cannot be registered", c.Name)
	}
	if n := utf8.RuneCountInString(c.Description); n == 0 || n > 100 {
		h.Errorf("%s has a description of %d characters", c.Name, n)
	}
	for _, o := range c.Options {
		if n := utf8.RuneCountInString(o.Description); n == 0 || n > 100 {
			h.Errorf("%s %s has a description of %d characters", c.Name, o.Name, n)
		}
	}
	if len(c.Sub) > 0 && len(c.Options) > 0 {
		h.Errorf("%s has options beside its sub-commands", c.Name)
	}
}

func TestANewcomerSubscribesWithOneTap(t *testing.T) {
	both(t, func(h *house) {
		h.want(h.says("start"), "I bring you the news on the topics you choose", "/help")
		h.want(h.presses("World daily"), "Done: World daily, on weekdays at 07:00")
		h.says("unsubscribe")
		h.want(h.says("digest"), "Of which topic?")
		h.want(h.presses("Ukraine peace talks"), "📰 Ukraine peace talks")
		h.as("guest", h.group(false))
		h.want(h.says("start"), "/subscribe TOPIC TIME")
	})
}

func TestSubscribing(t *testing.T) {
	each(t, func(h *house) {
		got := h.says("subscribe", "topic=ukraine  PEACE talks")
		h.want(got, "Done: Ukraine peace talks, every day at 08:00 (UTC). First digest tomorrow 08:00.",
			"In the last 24 h it would have had 2 stories from 4 outlets.")
		if diff := cmp.Diff([]string{"See it now", "Another time", "Weekdays only", "Undo"}, h.labels()); diff != "" {
			h.Error(diff)
		}
		confirmed := h.last
		h.want(h.presses("See it now"), "📰 Ukraine peace talks", "1. ", "2. ")
		h.last = confirmed
		h.want(h.presses("Weekdays only"), "Changed: Ukraine peace talks, on weekdays at 08:00")
		h.want(h.presses("Undo"), "Changed: Ukraine peace talks, every day at 08:00 (UTC). Next digest tomorrow 08:00.")
		h.want(h.says("subscribe", "topic=Ukraine peace talks"), "You have it already: Ukraine peace talks, every day at 08:00 (UTC). Next digest tomorrow 08:00.")
		h.want(h.presses("Another time"), "When should Ukraine peace talks come?")
		h.want(h.presses("Every 6 hours"), "every 6 hours from midnight")
		if diff := cmp.Diff([]string{"Ukraine peace talks: every 6 hours"}, h.scheduled(h.place.Chat)); diff != "" {
			h.Error(diff)
		}
		h.says("unsubscribe", "topic=ukraine peace talks")
		h.want(h.presses("Undo"), "Done: Ukraine peace talks, every 6 hours")
		h.want(h.says("unsubscribe", "topic=Ukraine peace talks"), "Stopped: Ukraine peace talks.")
		h.want(h.says("unsubscribe", "topic=Ukraine peace talks"), "There is nothing to stop")
		h.want(h.says("subscriptions"), "Nothing is subscribed here yet.")
	})
}

func TestATopicsOwnTime(t *testing.T) {
	both(t, func(h *house) {
		h.want(h.says("subscribe", "topic=World daily"), "World daily, on weekdays at 07:00", "Nothing in the last 24 h yet.")
		h.want(h.says("subscriptions"), "World daily, on weekdays at 07:00. Next: tomorrow 07:00.")
		h.want(h.says("unsubscribe"), "Stopped: World daily.")
	})
}

// TestTopicAndTime divides what is typed where there are no options.
func TestTopicAndTime(t *testing.T) {
	for text, want := range map[string]string{
		"Ukraine peace talks":                         "Ukraine peace talks: daily 08:00",
		"Ukraine peace talks weekdays 18:30":          "Ukraine peace talks: weekdays 18:30",
		"ukraine peace talks at 9 pm":                 "Ukraine peace talks: daily 21:00",
		"Ukraine peace talks 0 8 * * *":               "Ukraine peace talks: daily 08:00",
		"Ukraine peace talks at noon":                 "Ukraine peace talks: daily 12:00",
		"gold medal high noon":                        "gold medal high noon: daily 08:00",
		"World daily":                                 "World daily: weekdays 07:00",
		"World daily daily 9:00":                      "World daily: daily 09:00",
		`"World daily" mondays 9:00`:                  "World daily: mondays 09:00",
		"surfing gold medal weekdays 18:30":           "surfing gold medal: weekdays 18:30",
		"“surfing gold” hourly":                       "surfing gold: hourly",
		`"surfing gold"`:                              "surfing gold: daily 08:00",
		`+surfing "gold medal" -silver daily 10:00`:   `+surfing "gold medal" -silver: daily 10:00`,
		"@news Ukraine peace talks weekdays at 18:30": "The News Ukraine peace talks: weekdays 18:30",
	} {
		t.Run(text, func(t *testing.T) {
			h := telegram(t)
			h.says("subscribe", "="+text)
			got := h.scheduled(h.place.Chat)
			for _, s := range h.scheduled(h.network.chat("-55")) {
				got = append(got, "The News "+s)
			}
			if diff := cmp.Diff([]string{want}, got); diff != "" {
				t.Errorf("%s\n%s", diff, h.last.Message.Plain())
			}
		})
	}
}

func TestMistakesAreMetKindly(t *testing.T) {
	both(t, func(h *house) {
		h.want(h.says("subscribe", "topic=Ukraine peace talks", "when=every 5 secs"),
			`The shortest is every 15 minutes. Did you mean "every 5 hours"?`)
		if diff := cmp.Diff([]string{"Every 5 hours", "Every 15 minutes"}, h.labels()); diff != "" {
			h.Error(diff)
		}
		h.want(h.presses("Every 5 hours"), "Done: Ukraine peace talks, every 5 hours")

		h.want(h.says("subscribe", "topic=surfing gold", "when=every 5 secs"), "The shortest is every 15 minutes.")
		h.want(h.presses("Every 15 minutes"), "so I made one from your words: surfing · gold", "every 15 minutes")

		h.want(h.says("subscribe", "topic=Ukraine peace talks", "when=daily 25:00"), "hour 25 is out of range 0-23", "weekdays 18:30")
		h.want(h.says("subscribe"), "Which topic? For example: /subscribe ")
		h.want(h.says("digest", "topic=football"), "There is no topic “football”. I can look for these words")
		h.want(h.presses("Look for “football”"), "Understood as: football (soft).")
		h.says("digest", "topic=surfing medal")
		h.want(h.presses("Subscribe to “surfing medal”"), "so I made one from your words: surfing · medal")
		h.want(h.presses("Undo"), "Stopped: surfing medal.")
		h.unwanted(h.says("digest", "topic="+strings.Repeat("long ", 20)), "I can look")
		h.want(h.says("subscribe", "topic=Ukraine peace talks tomorrow"), "Did you mean Ukraine peace talks?")
		h.want(h.says("digest", "topic=peace"), "Did you mean Ukraine peace talks?")
		h.want(h.presses("Ukraine peace talks"), "📰 Ukraine peace talks")
		h.want(h.says("digest"), "📰 Ukraine peace talks") // what is subscribed
		h.want(h.says("unsubscribe", "topic=what"), "Which one? Subscribed here: ")
		h.want(h.presses("surfing gold"), "Stopped: surfing gold.")
		h.want(h.answer(bot.Update{Place: h.place, User: h.user, Action: "digest gone"}), "That topic is no longer there.")
		h.want(h.answer(bot.Update{Place: h.place, User: h.user, Action: "nonsense x"}), "That button is from an older version.")
	})
}

func TestDigestSpans(t *testing.T) {
	each(t, func(h *house) {
		h.want(h.says("digest", "topic=World daily"), "📰 World daily — nothing in the last 24 h yet.")
		h.want(h.presses("Last 7 days"), "nothing in the last 7 days yet.")
		got := h.says("digest", "topic=Ukraine peace talks", "since=4h")
		h.want(got, "2 stories from", "since today 08:01")
		for since, want := range map[string]string{"1h": "nothing in the last hour yet", "2 hours": "nothing in the last 2 h", "1 week": "since Mon 16 Nov", "5000d": "since Mon 9 Nov"} {
			h.want(h.says("digest", "topic=Ukraine peace talks", "since="+since), want)
		}
		if h.network.name == "discord" {
			h.want(h.says("digest", "topic=Ukraine peace talks", "since=soon"), "“soon” is no time span. Examples: 12h, 24h, 3d.")
		}
	})
}

func TestNumbersGoOnFromTopicToTopic(t *testing.T) {
	both(t, func(h *house) {
		h.says("subscribe", "topic=Ukraine peace talks")
		h.setClock(noon.Add(time.Minute))
		h.says("subscribe", "topic=surfing gold medal")
		got := h.says("digest", "=", "since=7d")
		if h.network.name == "telegram" {
			got = h.says("digest", "=7d")
		}
		h.want(got, "1. ", "2. ", "3. Moore wins Olympic surfing gold medal")
		if diff := cmp.Diff([]string{"1", "2", "3", "⚙ Settings", "🔕 Pause"}, h.labels()); diff != "" {
			h.Error(diff)
		}
		h.want(h.says("story", "story=3"), "Moore wins Olympic surfing gold medal")
	})
}

func TestWhoMayChangeAPlace(t *testing.T) {
	both(t, func(h *house) {
		h.as("guest", h.group(false))
		for _, command := range []string{"subscribe", "unsubscribe", "pause", "resume"} {
			h.want(h.says(command, "topic=Ukraine peace talks"), "Only someone who administers this place")
		}
		h.want(h.says("settings", "length=length short"), "Only someone who administers this place")
		if len(h.scheduled(h.place.Chat)) != 0 {
			h.Error("a guest subscribed the group")
		}
		h.want(h.says("digest", "topic=Ukraine peace talks"), "📰 Ukraine peace talks")
		h.want(h.says("topics"), "World daily")

		h.as("ann", h.group(true))
		h.want(h.says("subscribe", "topic=Ukraine peace talks"), "Done: ")
		pressed := h.last
		h.as("guest", h.group(false))
		h.last = pressed
		h.want(h.presses("Undo"), "Only someone who administers this place")
		h.as("boss", h.group(false))
		h.want(h.says("unsubscribe", "topic=Ukraine peace talks"), "Stopped: ")
	})
}

func TestAnotherPlace(t *testing.T) {
	both(t, func(h *house) {
		channel := h.network.chat("-55")
		h.want(h.says("subscribe", "channel=@news", "topic=Ukraine peace talks"), "Done: Ukraine peace talks in The News,")
		h.want(h.presses("Weekdays only"), "Changed: Ukraine peace talks in The News, on weekdays")
		if got := h.scheduled(channel); !slices.Equal(got, []string{"Ukraine peace talks: weekdays 08:00"}) || len(h.scheduled(h.place.Chat)) != 0 {
			h.Errorf("the channel has %v, the chat %v", got, h.scheduled(h.place.Chat))
		}
		confirmed := h.last
		h.want(h.says("subscriptions", "channel=@news"), "Subscribed in The News", "Ukraine peace talks")
		h.want(h.says("status", "channel=@news"), "Next: Ukraine peace talks")
		h.as("guest", h.place)
		h.want(h.says("subscribe", "channel=@news", "topic=World daily"), "Only someone who administers The News can ask that of it.")
		h.last = confirmed
		h.want(h.presses("Undo"), "Only someone who administers The News can ask that of it.")
		h.want(h.says("subscribe", "channel=@nowhere", "topic=World daily"), "I know no place @nowhere.")
	})
}

func TestSuggestions(t *testing.T) {
	h := telegram(t)
	suggest := func(option, typed string) []string {
		return h.Suggest(t.Context(), bot.Update{Place: h.place, User: h.user, Command: "digest"}, option, typed)
	}
	if diff := cmp.Diff([]string{"Ukraine peace talks"}, suggest("topic", "peace")); diff != "" {
		t.Error(diff)
	}
	if got := suggest("when", "week"); !slices.Contains(got, "weekdays 08:00") || slices.Contains(got, "hourly") {
		t.Errorf("times: %q", got)
	}
	h.says("digest", "=Ukraine peace talks")
	if got := suggest("story", "europe"); len(got) != 1 || !strings.HasPrefix(got[0], "Europe wants changes") {
		t.Errorf("stories: %q", got)
	}
	if got := suggest("zone", ""); len(got) != 0 {
		t.Errorf("zones: %q", got)
	}
}
