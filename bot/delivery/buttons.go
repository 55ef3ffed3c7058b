package delivery

import (
	"fmt"

	"tidings/bot"
	"tidings/subscriptions"
)

// NoTopic stands in a button's action for no topic.
const NoTopic = "-"

// Buttons are the buttons under a digest: one for each numbered story, from
// the number first, and those for settings and a pause.
func Buttons(entries []subscriptions.Entry, first int, limits bot.Limits) [][]bot.Button {
	if limits.RowButtons < 2 || limits.Rows < 1 {
		return nil
	}
	var numbers []bot.Button
	for i, e := range entries {
		numbers = append(numbers, bot.Button{Label: fmt.Sprint(first + i), Action: StoryAction("story", e.Topic, e.Story)})
	}
	numbers = numbers[:min(len(numbers), (limits.Rows-1)*limits.RowButtons)]
	return append(rows(numbers, limits.RowButtons), []bot.Button{
		{Label: "⚙ Settings", Action: "settings"}, {Label: "🔕 Pause", Action: "pause"},
	})
}

// StoryAction is what a button does with a story, as the topic has it.
func StoryAction(verb, topic, story string) string {
	if topic == "" {
		topic = NoTopic
	}
	return verb + " " + topic + " " + story
}

// rows divides buttons into as few rows as they need, of about the same length.
func rows(buttons []bot.Button, perRow int) [][]bot.Button {
	if len(buttons) == 0 {
		return nil
	}
	n := (len(buttons) + perRow - 1) / perRow
	var all [][]bot.Button
	for i := range n {
		all = append(all, buttons[i*len(buttons)/n:(i+1)*len(buttons)/n])
	}
	return all
}
