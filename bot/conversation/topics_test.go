package conversation_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidings/digest"
)

// topicCommand gives /topic as the network has it.
func (h *house) topicCommand(action, name, words string) string {
	h.Helper()
	if h.network.name == "discord" {
		return h.says("topic", "action="+action, "topic="+name, "text="+words)
	}
	text := words
	if name != "" && words != "" {
		text = name + ": " + words
	} else if name != "" {
		text = name
	}
	return h.says("topic", "="+action, "="+text)
}

func (h *house) topicNamed(name string) digest.Topic {
	h.Helper()
	t, err := h.archive.TopicNamed(h.Context(), name)
	h.must(err)
	return t
}

func TestWordsBecomeATopic(t *testing.T) {
	each(t, func(h *house) {
		h.want(h.says("subscribe", "topic=surfing gold medal", "when=weekdays 18:30"),
			"No topic of that name, so I made one from your words: surfing · gold · medal (soft).",
			"Last 7 days: 1 story, for example “Moore wins Olympic surfing gold medal”.",
			"It comes on weekdays at 18:30 (UTC). First digest today 18:30.")
		made := h.last
		if diff := cmp.Diff([]string{"Keep", "Narrower", "Wider", "Edit words", "Undo"}, h.labels()); diff != "" {
			h.Error(diff)
		}
		h.want(h.presses("Narrower"), "Narrower: surfing · gold · medal (soft), most of it needed.")
		h.want(h.presses("Narrower"), "Narrower: must surfing · must gold · must medal", "on weekdays at 18:30")
		h.want(h.presses("Narrower"), `Narrower: phrase "surfing gold medal"`)
		narrowest := h.last
		h.want(h.presses("Narrower"), "This is already as narrow as I can make it.")
		h.last = narrowest
		h.presses("Wider")
		h.presses("Wider")
		h.want(h.presses("Wider"), "Wider: surfing · gold · medal (soft).")
		h.presses("Wider")
		h.want(h.presses("Wider"), "surfing or gold or medal")
		widest := h.last
		h.want(h.presses("Wider"), "This is already as wide as I can make it.")
		h.last = widest
		h.want(h.presses("Edit words"), "Now it is: surfing OR gold OR medal", "/topic edit surfing gold medal: ")
		h.want(h.topicCommand("edit", "surfing gold medal", "+surfing gold"), "Changed: surfing gold medal.", "must surfing · gold")
		h.last = made
		h.want(h.presses("Keep"), "Kept: surfing gold medal.")
		h.last = made
		h.want(h.presses("Undo"), "Stopped: surfing gold medal.")
		if !slices.Equal(h.scheduled(h.place.Chat), nil) {
			h.Errorf("still subscribed: %v", h.scheduled(h.place.Chat))
		}
		stopped := h.last
		h.unwanted(h.says("topics"), "surfing")
		h.last = stopped
		h.want(h.presses("Undo"), "so I made one from your words: must surfing · gold", "on weekdays at 18:30")
	})
}

func TestAStoppedTopicComesBackWithWhatItMissed(t *testing.T) {
	each(t, func(h *house) {
		h.says("subscribe", "topic=surfing gold medal")
		h.presses("Undo")
		h.file("Wire One", "surfing", "Surfing gold medal for Moore", noon.Add(-1))
		h.want(h.presses("Undo"), "so I made one from your words", "surfing")
		h.want(h.says("digest", "topic=surfing gold medal"), "Surfing gold medal for Moore")
	})
}

func TestWordsThatNobodyWrites(t *testing.T) {
	each(t, func(h *house) {
		h.want(h.says("subscribe", "topic=+xqzvw peace"), "Nothing in the last 30 days has “+xqzvw peace”. Subscribe all the same?", "Near it: Ukraine peace talks.")
		asked := h.last
		h.want(h.presses("No"), "nothing was subscribed")
		h.last = asked
		h.want(h.presses("Yes"), "so I made one from your words: must xqzvw · peace", "Nothing in the last 7 days yet.")
		h.want(h.says("subscribe", "topic=Ukrane peace talks"), "Did you mean Ukraine peace talks?")
		slip := h.last
		h.want(h.presses("Ukraine peace talks"), "Done: Ukraine peace talks")
		h.last = slip
		h.want(h.presses("No, make it from my words"), "so I made one from your words: Ukrane · peace · talks")
		h.want(h.says("subscribe", "topic=the of and"), "These words are in nearly every article; say what it is about.")
		h.want(h.says("subscribe", "topic=(surfing"), "Those words do not make a topic yet. At character")
		h.want(h.says("subscribe", "topic=-surfing"), "Those words do not make a topic yet.")
		h.want(h.says("subscribe", "topic="+strings.Repeat("surfing ", 9)), "at most 64 characters")
	})
}

func TestTheQuota(t *testing.T) {
	h := telegram(t)
	for i := range 20 {
		h.want(h.says("subscribe", fmt.Sprintf("=surfing gold %c", 'a'+i)), "so I made one")
	}
	h.want(h.says("subscribe", "=surfing medal"), "This chat has 20 topics of its own")
	h.as("ann", h.group(true))
	h.want(h.says("subscribe", "=surfing medal"), "so I made one")
}

func TestATopicOfAnotherChat(t *testing.T) {
	both(t, func(h *house) {
		h.says("subscribe", "topic=surfing gold medal")
		private := h.place
		h.as("eve", h.group(true))
		h.unwanted(h.says("topics"), "surfing")
		h.want(h.topicCommand("edit", "surfing gold medal", "football"), "was made in another chat")
		h.want(h.says("subscribe", "topic=surfing gold medal"), "Done: surfing gold medal")
		h.as("ann", private)
		h.want(h.topicCommand("edit", "surfing gold medal", "surfing"), "Changed: surfing gold medal.")
		h.want(h.says("unsubscribe", "topic=surfing gold medal"), "Stopped")
		h.as("eve", h.group(true))
		h.want(h.says("topics"), "surfing gold medal")
	})
}

func TestAdminsMakeTopicsForAll(t *testing.T) {
	each(t, func(h *house) {
		h.want(h.topicCommand("add", "Surfing", "surfing gold"), "Only the admins that the configuration names")
		h.as("boss", h.place)
		h.want(h.topicCommand("add", "Surfing", "surfing gold"), "Saved for everyone: Surfing. Understood as: surfing · gold (soft).", "Last 7 days: 1 story")
		h.want(h.topicCommand("add", "Surfing", "waves"), "There is a topic Surfing already.")
		h.want(h.topicCommand("add", "Broken", "(a"), "Those words do not make a topic yet.")
		h.want(h.topicCommand("list", "", ""), "Ukraine peace talks: ukraine peace talks · of the configuration file", "Surfing: surfing gold · made by an admin")
		h.want(h.topicCommand("edit", "Ukraine peace talks", "football"), "stands in the configuration file", `name = "Ukraine peace talks"`)
		h.want(h.topicCommand("remove", "World daily", ""), "stands in the configuration file")
		h.want(h.topicCommand("edit", "Surfing", "surfing OR waves"), "Changed: Surfing. Understood as: surfing or waves (soft).")
		if q := h.topicNamed("surfing").Query; q != "surfing OR waves" {
			h.Errorf("the query is %q", q)
		}

		h.as("eve", h.group(true))
		h.want(h.says("topics"), "Surfing")
		h.want(h.topicCommand("edit", "Surfing", "football"), "Surfing is for everyone, so only an admin can change it.")
		h.want(h.says("subscribe", "topic=surfing"), "Done: Surfing")
		group := h.place.Chat

		h.as("boss", h.group(true))
		h.place.Chat = h.network.chat("8")
		h.start()
		h.want(h.topicCommand("remove", "Surfing", ""), "Removed: Surfing. It stops in 1 chat.")
		h.want(h.await(group, 1).Plain(), "The topic Surfing was removed")
		if subs := h.scheduled(group); len(subs) != 0 {
			h.Errorf("still subscribed: %v", subs)
		}
		h.want(h.topicCommand("nonsense", "", ""), "/topic nonsense is not known. It is one of: list, test,")
	})
}

func TestATopicsWordsAreNamed(t *testing.T) {
	h := telegram(t)
	h.as("boss", h.place)
	h.want(h.says("topic", "=add", "=Surfing:"), "The words are missing.")
	h.unwanted(h.says("topic", "=list"), "Surfing")
	h.want(h.says("topic", "=Add", "=Surfing: surfing gold"), "Saved for everyone: Surfing.")
}

func TestOtherWordsKeepHowMuchIsNeeded(t *testing.T) {
	each(t, func(h *house) {
		h.says("subscribe", "topic=surfing gold medal")
		h.presses("Narrower")
		h.want(h.topicCommand("edit", "surfing gold medal", "surfing gold"), "Understood as: surfing · gold (soft), most of it needed.")
	})
}

func TestTryingWords(t *testing.T) {
	each(t, func(h *house) {
		h.want(h.topicCommand("test", "", ""), "Which words? For example: /topic test")
		got := h.topicCommand("test", "", `peace talks -europe`)
		h.want(got, "Understood as: peace · talks (soft) · not europe.", "Last 7 days: 3 articles in 1 story from 3 owners.",
			"Taken, but least sure\n", "peace ")
		if diff := cmp.Diff([]string{"Save", "Looser", "Stricter"}, h.labels()); diff != "" {
			h.Error(diff)
		}
		h.want(h.presses("Stricter"), "most of it needed")
		h.want(h.presses("Looser"), "Understood as: peace · talks (soft) · not europe.")
		if topics, err := h.archive.Topics(h.Context()); err != nil || len(topics) != 2 {
			h.Errorf("trying stored something: %v, %v", topics, err)
		}
		h.want(h.presses("Save"), "so I made one from your words: peace · talks (soft) · not europe.")
		h.as("boss", h.place)
		h.want(h.topicCommand("test", "", "surfing medal"), "Last 7 days: 1 article in 1 story from 1 owner.")
		h.want(h.presses("Save"), "Saved for everyone: surfing medal.")
		h.want(h.topicCommand("test", "", "Ukraine peace talks"), "Understood as: ukraine · peace · talks (soft).")
		h.want(h.topicCommand("test", "", "xqzvw"), "Last 7 days: nothing.")
		h.unwanted(h.topicCommand("test", "", "the"), "Left out, but near")
		h.want(h.topicCommand("test", "", "(a"), "Those words do not make a topic yet.")
	})
}
