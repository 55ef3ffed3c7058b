// Package subscriptions owns who wants which topic and when: chats, their
// subscriptions, and what each chat was shown, in SQL. It does not know how a
// digest is made, nor how a message reaches a chat.
package subscriptions

import "strings"

// Chat names a place that can receive. It is comparable and is the same for
// the whole life of the place, but for a Telegram group that is upgraded.
type Chat struct {
	// Platform is "telegram", "discord" or "terminal".
	Platform string `json:"platform"`
	// ID is the network's own id of the chat or channel. A Discord thread is a
	// channel of its own.
	ID string `json:"id"`
	// Thread is the id of a Telegram forum topic, else empty.
	Thread string `json:"thread,omitempty"`
}

// String gives the chat as platform:id or platform:id/thread.
func (c Chat) String() string {
	s := c.Platform + ":" + c.ID
	if c.Thread != "" {
		s += "/" + c.Thread
	}
	return s
}

// ParseChat reads what [Chat.String] wrote and reports whether it could.
func ParseChat(s string) (Chat, bool) {
	platform, rest, ok := strings.Cut(s, ":")
	if !ok || platform == "" || rest == "" {
		return Chat{}, false
	}
	id, thread, _ := strings.Cut(rest, "/")
	return Chat{Platform: platform, ID: id, Thread: thread}, id != ""
}
