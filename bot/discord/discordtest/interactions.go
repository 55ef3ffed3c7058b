package discordtest

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tidings/bot/bottest"
)

// deadline is how long Discord waits for the first response to an interaction.
const deadline = 3 * time.Second

// interaction is something that a person did and the bot shall answer.
type interaction struct {
	id, token, channel string
	kind               int // 2 command, 3 component, 4 autocomplete
	at                 time.Time
	acknowledged       bool
	pressed            *message // whose button was pressed
	original           *message // the response
	choices            []string
	answered           chan struct{} // closed at the first response
}

// interact makes a person do something in a channel.
func (s *Server) interact(channelID string, who *person, kind int, data map[string]any, pressed *message) *interaction {
	s.mu.Lock()
	i := &interaction{id: s.id(), channel: channelID, kind: kind, at: time.Now(), pressed: pressed, answered: make(chan struct{})}
	i.token = "aW50ZXJhY3Rpb246" + i.id + "secretsecretsecret"
	s.interactions[i.token] = i
	c := s.channels[channelID]
	user := map[string]any{"id": who.id, "username": strings.ToLower(who.name), "global_name": who.name, "discriminator": "0"}
	event := map[string]any{
		"id": i.id, "application_id": botID, "type": kind, "token": i.token, "version": 1, "data": data,
		"channel_id": channelID, "channel": s.channelObject(c), "locale": "en-GB", "entitlements": []any{},
		"app_permissions": strconv.FormatInt(s.may(c), 10), "authorizing_integration_owners": map[string]string{"0": guildID},
	}
	if c.kind == directChannel {
		event["user"], event["context"] = user, 1
	} else {
		event["guild_id"], event["context"], event["guild_locale"] = guildID, 0, "en-US"
		event["member"] = map[string]any{"user": user, "roles": who.roles(), "permissions": strconv.FormatInt(s.permissions(who, c), 10)}
	}
	if pressed != nil {
		// Part of every message of today: a component that discordgo does not know.
		raw, _ := json.Marshal(pressed)
		var m map[string]any
		json.Unmarshal(raw, &m)
		rows, _ := m["components"].([]any)
		m["components"] = append(rows, map[string]any{"type": 99})
		event["message"] = m
	}
	s.mu.Unlock()
	s.gateway.send("INTERACTION_CREATE", event)
	return i
}

// Repeat delivers the newest interaction again.
func (s *Server) Repeat() { s.gateway.repeat("INTERACTION_CREATE") }

// Unanswered counts the interactions that got no response in time.
func (s *Server) Unanswered() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, i := range s.interactions {
		if !i.acknowledged && time.Since(i.at) > deadline {
			n++
		}
	}
	return n
}

// callbackSchemas are the definitions of the specification by kind of response.
var callbackSchemas = map[int]string{
	4: "CreateMessageInteractionCallbackRequest", 5: "CreateMessageInteractionCallbackRequest",
	6: "UpdateMessageInteractionCallbackRequest", 7: "UpdateMessageInteractionCallbackRequest",
	8: "ApplicationCommandAutocompleteCallbackRequest",
}

// response is the first answer to an interaction.
type response struct {
	Type int      `json:"type"`
	Data *content `json:"data"`
}

func (s *Server) callback(q *request) answer {
	var r response
	json.Unmarshal(q.raw, &r)
	if a, ok := s.decode(q, callbackSchemas[r.Type], &r); !ok {
		return a
	}
	if r.Data != nil {
		r.Data.files = q.files
	}
	var fault bottest.Fault
	if r.Type == 4 {
		fault = s.fault()
		if a := faultBefore(fault); a.status != 0 {
			return a
		}
	}
	s.mu.Lock()
	a := s.respond(q.path[1], q.path[2], r)
	s.mu.Unlock()
	return s.faultAfter(fault, q, a)
}

// respond does what a response asks. s.mu is held.
func (s *Server) respond(id, token string, r response) answer {
	i := s.interactions[token]
	switch {
	case i == nil || i.id != id || time.Since(i.at) > deadline:
		return refuse(404, 10062, "Unknown interaction")
	case i.acknowledged:
		return refuse(400, 40060, "Interaction has already been acknowledged.")
	case (r.Type == 8) != (i.kind == 4), (r.Type == 6 || r.Type == 7) && i.kind != 3, r.Type < 4 || r.Type > 8:
		return refuse(400, 50035, "Invalid Form Body")
	}
	c := content{}
	if r.Data != nil {
		c = *r.Data
	}
	check := s.check
	if r.Type == 7 {
		check = s.checkEdit
	}
	if r.Type == 4 || r.Type == 7 {
		if a := s.mayAttach(s.channels[i.channel], c); a.status != 0 {
			return a
		}
		if a := check(c); a.status != 0 {
			return a
		}
	}
	switch r.Type {
	case 4, 5:
		i.original = s.post(s.channels[i.channel], c)
		i.original.hidden, i.original.loading = c.Flags&64 != 0, r.Type == 5
	case 6:
		i.original = i.pressed
	case 7:
		i.original = i.pressed
		i.pressed.content = c
	case 8:
		if len(c.Choices) > 25 {
			return refuse(400, 50035, "Invalid Form Body")
		}
		for _, raw := range c.Choices {
			var one choice
			json.Unmarshal(raw, &one)
			if one.Name == "" || units(one.Name) > 100 || units(fmt.Sprint(one.Value)) > 100 {
				return refuse(400, 50035, "Invalid Form Body")
			}
			i.choices = append(i.choices, fmt.Sprint(one.Value))
		}
	}
	i.acknowledged = true
	close(i.answered)
	return answer{204, nil, nil}
}

// acknowledged is the interaction of a token that can still be answered. s.mu is held.
func (s *Server) acknowledged(token string) (*interaction, answer) {
	i := s.interactions[token]
	switch {
	case i == nil || !i.acknowledged || i.kind == 4:
		return nil, refuse(404, 10015, "Unknown Webhook")
	case time.Since(i.at) > 15*time.Minute:
		return nil, refuse(401, 50027, "Invalid Webhook Token")
	}
	return i, answer{}
}

func (s *Server) followUp(q *request) answer {
	var c content
	if a, ok := s.decode(q, "IncomingWebhookRequestPartial", &c); !ok {
		return a
	}
	c.files = q.files
	fault := s.fault()
	if a := faultBefore(fault); a.status != 0 {
		return a
	}
	s.mu.Lock()
	a := s.addFollowUp(q.path[2], c)
	s.mu.Unlock()
	return s.faultAfter(fault, q, a)
}

func (s *Server) addFollowUp(token string, c content) answer {
	i, refused := s.acknowledged(token)
	if refused.status != 0 {
		return refused
	}
	if a := s.mayAttach(s.channels[i.channel], c); a.status != 0 {
		return a
	}
	if a := s.check(c); a.status != 0 {
		return a
	}
	// The first message after a response that showed the bot at work takes the
	// place of that response, and is seen by whom that was seen.
	if o := i.original; o != nil && o.loading && !o.deleted {
		o.content, o.loading = c, false
		return answer{200, nil, o}
	}
	m := s.post(s.channels[i.channel], c)
	m.hidden = c.Flags&64 != 0
	return answer{200, nil, m}
}

func (s *Server) editOriginal(q *request) answer {
	var c content
	if a, ok := s.decode(q, "IncomingWebhookUpdateRequestPartial", &c); !ok {
		return a
	}
	c.files = q.files
	s.mu.Lock()
	defer s.mu.Unlock()
	m, refused := s.originalOf(q)
	if refused.status != 0 {
		return refused
	}
	if a := s.checkEdit(c); a.status != 0 {
		return a
	}
	m.content, m.loading = c, false
	return answer{200, nil, m}
}

func (s *Server) deleteOriginal(q *request) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, refused := s.originalOf(q)
	if refused.status != 0 {
		return refused
	}
	m.deleted = true
	return answer{204, nil, nil}
}

// originalOf is the first response of an interaction. s.mu is held.
func (s *Server) originalOf(q *request) (*message, answer) {
	i, refused := s.acknowledged(q.path[2])
	if refused.status != 0 {
		return nil, refused
	}
	if q.path[4] != "@original" || i.original == nil || i.original.deleted {
		return nil, refuse(404, 10008, "Unknown Message")
	}
	return i.original, answer{}
}
