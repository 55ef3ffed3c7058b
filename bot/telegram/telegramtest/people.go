package telegramtest

import (
	"fmt"
	"maps"
	"net/url"
	"strconv"
	"time"

	"tidings/bot/bottest"
	"tidings/subscriptions"
)

var _ bottest.Network = (*Server)(nil)

// Private implements [bottest.Network].
func (s *Server) Private() subscriptions.Chat { return At(Person) }

// Group implements [bottest.Network].
func (s *Server) Group() subscriptions.Chat { return At(GroupID) }

// At is a chat as the program knows it.
func At(id int64) subscriptions.Chat {
	return subscriptions.Chat{Platform: "telegram", ID: strconv.FormatInt(id, 10)}
}

// Say implements [bottest.Network]. In a channel the line is a post.
func (s *Server) Say(c subscriptions.Chat, line string) { s.SayAs(Person, c, line) }

// SayAsGuest implements [bottest.Network].
func (s *Server) SayAsGuest(line string) { s.SayAs(Guest, s.Group(), line) }

// SayAs lets a person say something.
func (s *Server) SayAs(person int64, c subscriptions.Chat, line string) {
	s.say(c, line, map[string]any{"from": user(person)})
}

// SayAnonymously lets an administrator speak in the group's name.
func (s *Server) SayAnonymously(c subscriptions.Chat, line string) {
	s.mu.Lock()
	sender := s.chats[number(c.ID)].object()
	s.mu.Unlock()
	s.say(c, line, map[string]any{
		"from":        map[string]any{"id": 1087968824, "is_bot": true, "first_name": "Group", "username": "GroupAnonymousBot"},
		"sender_chat": sender,
	})
}

func user(id int64) map[string]any {
	names := map[int64]string{Person: "Ada", Guest: "Ben"}
	name := names[id]
	if name == "" {
		name = fmt.Sprint("Person ", id)
	}
	return map[string]any{"id": id, "is_bot": false, "first_name": name, "language_code": "en-GB"}
}

// say pushes a message with its text and more members.
func (s *Server) say(c subscriptions.Chat, line string, more map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	place, ok := s.chats[number(c.ID)]
	if !ok {
		s.t.Errorf("telegramtest: nobody can speak in %s, which is not known", c)
		return
	}
	m := map[string]any{"message_id": s.next, "date": time.Now().Unix(), "chat": place.object(), "text": line}
	s.next++
	maps.Copy(m, more)
	if c.Thread != "" {
		m["message_thread_id"], m["is_topic_message"] = number(c.Thread), true
	}
	kind := "message"
	if place.Type == "channel" {
		delete(m, "from")
		kind, m["sender_chat"] = "channel_post", place.object()
	}
	s.push(kind, m)
}

// Press implements [bottest.Network].
func (s *Server) Press(c subscriptions.Chat, label string) { s.PressAs(Person, c, label) }

// PressAs lets a person press a button.
func (s *Server) PressAs(person int64, c subscriptions.Chat, label string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	place := s.chats[number(c.ID)]
	for i := len(place.messages) - 1; i >= 0; i-- {
		m := place.messages[i]
		for _, row := range m.keyboard {
			for _, b := range row {
				if b.Text == label && m.thread == int(number(c.Thread)) && b.Data != "" {
					id := strconv.FormatInt(s.lastID+5_000_000, 10)
					s.queries[id] = false
					s.push("callback_query", map[string]any{
						"id": id, "from": user(person), "message": s.object(place, m), "chat_instance": "1", "data": b.Data,
					})
					return
				}
			}
		}
	}
	s.t.Errorf("telegramtest: %s shows no button %q", c, label)
}

// Member tells the bot that its own status in a chat has changed.
func (s *Server) Member(c subscriptions.Chat, status string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	place := s.chats[number(c.ID)]
	me := map[string]any{"id": BotID, "is_bot": true, "first_name": "Tidings"}
	old := place.Bot
	place.Bot = status
	s.push("my_chat_member", map[string]any{
		"chat": place.object(), "from": user(Person), "date": time.Now().Unix(),
		"old_chat_member": map[string]any{"user": me, "status": old}, "new_chat_member": map[string]any{"user": me, "status": status},
	})
}

// Migrate makes a group a supergroup with a new id, as the service message says.
func (s *Server) Migrate(c subscriptions.Chat, to int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.chats[number(c.ID)]
	moved := &chat{Chat: old.Chat}
	moved.ID, moved.Type = to, "supergroup"
	s.chats[to] = moved
	old.MigratedTo = to
	s.push("message", map[string]any{
		"message_id": s.next, "date": time.Now().Unix(), "chat": old.object(), "from": user(Person), "migrate_to_chat_id": to,
	})
	s.next++
}

// Shown implements [bottest.Network].
func (s *Server) Shown(c subscriptions.Chat) []bottest.Shown {
	s.mu.Lock()
	defer s.mu.Unlock()
	var shown []bottest.Shown
	if place, ok := s.chats[number(c.ID)]; ok {
		for _, m := range place.messages {
			if m.thread == int(number(c.Thread)) {
				shown = append(shown, m.shownAs())
			}
		}
	}
	return shown
}

// Break implements [bottest.Network].
func (s *Server) Break(f bottest.Fault) {
	switch f {
	case bottest.Refuse:
		s.listener.hangUp()
		return
	case bottest.Mend:
		s.mu.Lock()
		s.faults, s.noPhotos = nil, false
		s.mu.Unlock()
		if s.listener.gone {
			s.listen(s.listener.Addr().String())
		}
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if f == bottest.NoPictures {
		s.noPhotos = true
		return
	}
	s.faults = append(s.faults, f)
}

// Fail makes the next call of a method get a raw answer.
func (s *Server) Fail(method string, status int, body string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failures[method] = append(s.failures[method], failure{status, body})
}

// Revoke makes the token invalid.
func (s *Server) Revoke() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.revoked = true
}

// Webhook sets a webhook, with which polling is refused.
func (s *Server) Webhook() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.webhook = true
}

// Limit switches the network's limits on: in a chat more than 3 messages in a
// second, in a group 20 in a minute, over all 30 in a second.
func (s *Server) Limit() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limited = true
}

// Sends is how many messages the bot has created in a chat, in all threads.
func (s *Server) Sends(c subscriptions.Chat) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.chats[number(c.ID)].messages)
}

// Requests are the parameters of all calls of a method, in order.
func (s *Server) Requests(method string) []url.Values {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]url.Values(nil), s.calls[method]...)
}

// Commands is the menu of a scope.
func (s *Server) Commands(scope string) []Command {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.commands[scope]
}

// Dropped is how many entities the server has dropped in silence.
func (s *Server) Dropped() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dropped
}

// Unanswered is how many pressed buttons were never acknowledged.
func (s *Server) Unanswered() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, answered := range s.queries {
		if !answered {
			n++
		}
	}
	return n
}
