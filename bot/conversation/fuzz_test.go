package conversation_test

import (
	"strings"
	"testing"

	"tidings/bot"
)

// FuzzAnswers gives any words to any command and any action to the buttons: the
// answer is a sentence, and its buttons can be sent.
func FuzzAnswers(f *testing.F) {
	for _, words := range []string{
		"", " ", "Ukraine peace talks", "Ukraine peace talks every 5 secs", `"`, `"a" "b" daily`, "@news", "@news @news", "((((((((", "-a", "1", "99999999999999999999",
		"+a -b OR c NEAR/5 d", "test (", "test a", "add : x", "edit Ukraine peace talks: x", "remove ", "zone Kyiv", "quiet 1-2", "length", "time x daily 08:00", "digest", "story - x",
		"make x", "set zone", "pause 5 secs", "@ ", "@-55 stop x", "😀", "\u202eabc", "Україна мир щодня", strings.Repeat("word ", 2000), strings.Repeat("(", 1000), "daily 08:00", "every every every",
	} {
		for command := range uint8(3) {
			f.Add(command*7, words)
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, words string) {
		h := telegram(t)
		h.says("digest", "=Ukraine peace talks")
		commands := h.Commands()
		command := commands[int(which)%len(commands)].Name
		if answer := h.answer(bot.Update{ID: "1", Place: h.place, User: h.user, Command: command, Text: words}); answer == "" {
			t.Errorf("/%s %q is not answered", command, words)
		}
		if len(words) > 0 {
			h.answer(bot.Update{ID: "2", Place: h.place, User: h.user, Action: words})
		}
		h.Suggest(t.Context(), bot.Update{Place: h.place, User: h.user, Command: command}, "topic", words)
	})
}
