package discord

import "tidings/bot"

// Preview is the markup of each part in which m would be sent, without its buttons.
func Preview(m bot.Message) []string {
	var parts []string
	for _, part := range bot.Split(m, fits) {
		parts = append(parts, render(part).text())
	}
	return parts
}
