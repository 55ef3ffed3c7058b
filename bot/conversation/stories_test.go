package conversation_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidings/bot"
	"tidings/subscriptions"
)

func TestOneStory(t *testing.T) {
	each(t, func(h *house) {
		h.want(h.says("story", "story=2"), "There was no digest here yet")
		h.want(h.says("story"), "Which story?", "/story ceasefire")
		h.says("digest", "topic=Ukraine peace talks")
		h.want(h.says("story"), "Which one?", "1. Ukraine peace talks end with a framework", "2. Europe wants changes")
		if diff := cmp.Diff([]string{"1", "2"}, h.labels()); diff != "" {
			h.Error(diff)
		}
		h.want(h.presses("2"), "Europe wants changes to the peace talks on Ukraine", "1 article from 1 outlet · first: Evening Star, today 09:00")
		h.want(h.says("story", "story=7"), "The last digest here had 2 stories, so there is no 7.")
		h.want(h.says("story", "story=xqzvw"), "No title of the last two weeks has “xqzvw”.")
		h.want(h.says("story", "story=moore surf"), "Moore wins Olympic surfing gold medal")
		if slices.Contains(h.labels(), "👍 more like this") {
			h.Error("a story without a topic can be voted on")
		}
		got := h.says("story", "story=1")
		h.want(got, "Ukraine peace talks end with a framework\n3 articles from 3 outlets · first: Wire One, today 07:00",
			"Timeline\ntoday 07:00 · Ukraine peace talks end with a framework · Wire One",
			"today 10:00 · Talks on peace in Ukraine keep red lines · Kyiv Chronicle",
			"Sources\nGB: Kyiv Chronicle (Kyiv Chronicle Ltd), Wire One (Wire One Ltd)\nUA: Capital Post (Capital Post Ltd)",
			"Related\nEurope wants changes")
		if diff := cmp.Diff([]string{"👍 more like this", "👎 less", "🔔 follow", "🙈 mute", "❓ why"}, h.labels()); diff != "" {
			h.Error(diff)
		}
	})
}

func TestAMergedStoryIsFoundByItsNumber(t *testing.T) {
	both(t, func(h *house) {
		h.says("digest", "topic=Ukraine peace talks")
		digest := h.last
		h.must(h.archive.Merge(h.Context(), "europe", "framework"))
		h.want(h.says("story", "story=2"), "4 articles from 4 outlets")
		h.last = digest
		h.want(h.presses("2"), "4 articles from 4 outlets")
		h.want(h.says("why", "story=2"), "story: 4 owners")
	})
}

func TestWhy(t *testing.T) {
	each(t, func(h *house) {
		h.says("digest", "topic=Ukraine peace talks")
		got := h.says("why", "story=1")
		h.want(got, "Why “Ukraine peace talks end with a framework” is in your digest of Ukraine peace talks:\nwords: ",
			"(title)", " of the topic, ", " needed\n", "story: 3 owners, 1 in the last 3 h, new to you\n", "ranked 1st of 2: owners ", " = ")
		h.unwanted(got, "you:", "you wanted")
		h.says("story", "story=1")
		story := h.last
		h.want(h.presses("👍 more like this"), "Noted: more like “Ukraine peace talks end with a framework” in Ukraine peace talks.")
		noted := h.last
		h.want(h.says("why", "story=1"), "you: you wanted more like it; your votes on this topic: 1 👍")
		h.last = noted
		h.want(h.presses("Undo"), "Taken back")
		h.last = story
		h.want(h.presses("❓ why"), "words: ")
		h.unwanted(h.last.Message.Plain(), "you wanted")
		h.says("top")
		h.want(h.says("why", "story=1"), "is in your top stories:", "ranked 1st of 2")
		h.want(h.says("why", "story=surfing"), "What I know of “Moore wins", "story: 1 owner, none in the last 3 h")
	})
}

func TestVotesAreForgotten(t *testing.T) {
	each(t, func(h *house) {
		votes := func() int {
			votes, err := h.store.Votes(h.Context(), h.place.Chat, "")
			h.must(err)
			return len(votes)
		}
		vote := func() {
			h.says("digest", "topic=Ukraine peace talks")
			h.presses("1")
			h.presses("👎 less")
			if votes() != 1 {
				h.Errorf("%d votes are stored, want 1", votes())
			}
		}
		vote()
		h.want(h.says("settings"), "Settings")
		h.want(h.presses("Forget my votes"), "All votes are forgotten.")
		if votes() != 0 {
			h.Error("the votes are still there")
		}
		vote()
		h.want(h.says("topic", "action=reset", "topic=Ukraine peace talks"), "Forgotten: 1 vote on Ukraine peace talks.")
		if votes() != 0 {
			h.Error("the votes are still there")
		}
	})
}

func TestMutedStoriesDoNotComeAgain(t *testing.T) {
	each(t, func(h *house) {
		h.says("digest", "topic=Ukraine peace talks")
		h.presses("2")
		h.want(h.presses("🙈 mute"), "🙈 Muted: “Europe wants changes")
		muted := h.last
		got := h.says("digest", "topic=Ukraine peace talks")
		h.want(got, "1 story from", "Left out: 1 you muted.")
		h.unwanted(got, "Europe wants changes")
		h.must(h.archive.Merge(h.Context(), "europe", "framework"))
		h.setClock(noon.Add(time.Minute))
		got = h.says("digest", "topic=Ukraine peace talks")
		h.want(got, "📰 Ukraine peace talks — nothing in the last 24 h but what you muted.")
		h.unwanted(got, "framework")
		h.last = muted
		h.want(h.presses("Undo"), "Back to normal")
		h.want(h.says("digest", "topic=Ukraine peace talks"), "framework")
	})
}

func TestWhatIsCutOffFromAMutedStoryIsMuted(t *testing.T) {
	each(t, func(h *house) {
		h.says("digest", "topic=Ukraine peace talks")
		h.presses("2")
		h.presses("🙈 mute")
		h.must(h.archive.Split(h.Context(), "europe", "framework"))
		h.want(h.says("digest", "topic=Ukraine peace talks"), "nothing in the last 24 h but what you muted.")
		h.setClock(noon.Add(time.Minute))
		h.want(h.says("follow", "story=Ukraine peace talks end"), "Following")
		got := h.says("digest", "topic=Ukraine peace talks")
		h.want(got, "framework")
		h.unwanted(got, "Europe wants changes")
	})
}

func TestMutedInAGroupByAdministratorsOnly(t *testing.T) {
	both(t, func(h *house) {
		h.as("guest", h.group(false))
		h.says("digest", "topic=Ukraine peace talks")
		h.presses("1")
		story := h.last
		for _, label := range []string{"🙈 mute", "🔔 follow", "👍 more like this"} {
			h.last = story
			h.want(h.presses(label), "Only someone who administers")
		}
	})
}

func TestFollowedStoriesComeWithEveryNews(t *testing.T) {
	each(t, func(h *house) {
		h.start()
		h.says("subscribe", "topic=Ukraine peace talks", "when=daily 08:00")
		morning := noon.AddDate(0, 0, 1).Truncate(24 * time.Hour).Add(8 * time.Hour)
		h.setClock(morning)
		h.must(h.delivery.Tick(h.Context()))
		first := h.await(h.place.Chat, 1)
		h.want(first.Plain(), "1. Ukraine peace talks end with a framework", "2. Europe wants changes")
		h.last = bot.Reply{Message: first}
		h.presses("2")
		h.want(h.presses("🔔 follow"), "🔔 Following “Europe wants changes")
		// One more outlet, which alone is no reason to tell it again.
		for _, story := range []string{"europe", "framework"} {
			h.file("Morning Sun", story, "Again on "+story, morning.Add(time.Hour))
		}
		h.setClock(morning.AddDate(0, 0, 1))
		h.must(h.delivery.Tick(h.Context()))
		second := h.await(h.place.Chat, 2).Plain()
		h.want(second, "🔔 ↻ ", "2 outlets (+1 since yesterday)")
	})
}

func TestTopAndPicks(t *testing.T) {
	each(t, func(h *house) {
		got := h.says("top")
		h.want(got, "📰 Top stories", "1. Ukraine peace talks end with a framework", "2. Europe wants changes")
		h.unwanted(got, "surfing", "📌")
		h.want(h.says("pick", "story=2"), "Only the admins that the configuration names")
		h.as("boss", h.place)
		h.want(h.says("unpick"), "No story is picked.")
		h.want(h.says("pick", "story=2"), "📌 Picked: “Europe wants changes")
		h.want(h.says("top"), "1. 📌 Europe wants changes", "2. Ukraine peace talks end with a framework")
		h.want(h.says("pick", "story=moore surfing"), "📌 Picked")
		h.want(h.says("top"), "📌 Moore wins", "📌 Europe")
		h.want(h.says("unpick", "story=europe"), "Taken down: 1 story.")
		h.want(h.says("unpick"), "Taken down: 1 story.")
		h.unwanted(h.says("top"), "📌")
		h.setClock(noon.AddDate(0, 0, 9))
		h.want(h.says("top"), "Nothing has come in during the last 24 h yet.")
	})
}

func TestNothingPublicIsAnsweredInAChannel(t *testing.T) {
	both(t, func(h *house) {
		h.as("ann", bot.Place{Chat: h.network.chat("-55"), Kind: bot.Channel, Title: "The News", Administered: true})
		h.says("digest", "topic=Ukraine peace talks")
		if labels := h.labels(); len(labels) != 0 {
			h.Errorf("a digest in a channel has the buttons %q, which all readers could press", labels)
		}
	})
}

func TestNumbersAreOfTheChat(t *testing.T) {
	both(t, func(h *house) {
		h.says("digest", "topic=Ukraine peace talks")
		page, err := h.store.Page(h.Context(), h.place.Chat)
		h.must(err)
		var stories []string
		for _, e := range page {
			stories = append(stories, e.Story)
		}
		if diff := cmp.Diff([]string{"framework", "europe"}, stories); diff != "" {
			h.Error(diff)
		}
		h.as("ann", h.group(true))
		h.want(h.says("story", "story=1"), "There was no digest here yet")
		if page, err := h.store.Page(h.Context(), subscriptions.Chat{Platform: "x", ID: "y"}); len(page) != 0 || err != nil {
			h.Errorf("another chat has a page: %v, %v", page, err)
		}
	})
}

func TestAStoryThatIsGone(t *testing.T) {
	both(t, func(h *house) {
		h.says("digest", "topic=Ukraine peace talks")
		digest := h.last
		h.setClock(noon.AddDate(0, 1, 0))
		for _, answer := range []string{h.says("story", "story=1"), h.says("story", "story=moore")} {
			if !strings.Contains(answer, "two weeks") {
				h.Errorf("of a story that is gone: %q", answer)
			}
		}
		h.last = digest
		h.want(h.presses("1"), "older than two weeks")
	})
}

func TestAnAdminsVotesCountForEveryone(t *testing.T) {
	each(t, func(h *house) {
		const name = "Ukraine peace talks"
		adopted := func() int {
			votes, err := h.store.TopicVotes(h.Context(), h.topicNamed(name).ID)
			h.must(err)
			return len(votes)
		}
		vote := func(number, label string) {
			h.Helper()
			h.says("digest", "topic="+name)
			h.presses(number)
			h.want(h.presses(label), "Noted: ")
		}
		vote("1", "👍 more like this")
		if slices.Contains(h.labels(), "For everyone") {
			h.Error("everyone may vote for everyone")
		}
		h.as("boss", h.place)
		vote("1", "👍 more like this")
		noted := h.last
		h.want(h.presses("For everyone"), "Your vote now counts for everyone who gets Ukraine peace talks.")
		shared := h.last
		vote("2", "👎 less")
		h.want(h.presses("For everyone"), "Your vote now counts")
		if digest := h.says("digest", "topic="+name); strings.Contains(digest, "Europe wants") {
			h.Errorf("the digest after a vote for everyone against a story:\n%s", digest)
		}
		if n := adopted(); n != 2 {
			h.Errorf("%d votes are the topic's, want 2", n)
		}
		h.last = shared
		h.want(h.presses("Undo"), "Taken back: the vote is yours alone again.")
		h.says("digest", "topic="+name)
		h.want(h.says("why", "story=1"), "admins' votes for everyone: 1 👎")
		h.want(h.says("topic", "action=reset", "topic="+name), "Forgotten: 2 votes on Ukraine peace talks, and 1 for everyone.")
		h.want(h.says("digest", "topic="+name), "Europe wants")
		if n := adopted(); n != 0 {
			h.Errorf("%d votes are still the topic's", n)
		}
		h.last = noted
		h.want(h.presses("For everyone"), "That vote was taken back")
		h.want(h.says("topic", "action=reset", "topic="+name), "There are no votes from here on Ukraine peace talks")
		h.as("ann", h.place)
		h.last = noted
		h.want(h.presses("For everyone"), "Only the admins")
	})
}
