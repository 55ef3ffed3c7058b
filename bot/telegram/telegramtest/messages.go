package telegramtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"time"

	"tidings/bot/bottest"
)

const htmlPage = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><center><h1>502 Bad Gateway</h1></center></body>\r\n</html>\r\n"

// send is sendMessage or sendPhoto, with all that may go wrong around it.
func (s *Server) send(w http.ResponseWriter, r *http.Request, method string, photo []byte) {
	s.mu.Lock()
	fault, forbidden := bottest.Fault(""), s.noPhotos
	if len(s.faults) > 0 {
		fault, s.faults = s.faults[0], s.faults[1:]
	}
	s.mu.Unlock()
	if forbidden && method == "sendPhoto" {
		write(w, no("Bad Request: not enough rights to send photos to the chat"))
		return
	}
	switch fault {
	case bottest.Gateway:
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusBadGateway)
		fmt.Fprint(w, htmlPage)
		return
	case bottest.Forbidden:
		write(w, no("Forbidden: bot was blocked by the user"))
		return
	case bottest.BadRequest:
		write(w, no("Bad Request: message text is empty"))
		return
	case bottest.Unauthorized:
		write(w, unauthorized())
		return
	case bottest.RateLimit:
		s.mu.Lock()
		if c, _ := s.find(r.Form.Get("chat_id")); c != nil {
			c.holdTill = time.Now().Add(900 * time.Millisecond)
		}
		s.mu.Unlock()
		write(w, tooMany(1))
		return
	}
	if s.hooks.BeforeSend != nil {
		s.hooks.BeforeSend(r.Form.Get("chat_id"))
	}
	result := s.create(r.Form, photo)
	if s.hooks.AfterSend != nil && result.code == 0 {
		s.hooks.AfterSend(r.Form.Get("chat_id"))
	}
	switch fault {
	case bottest.Drop:
		hangUp(w)
	case bottest.Slow:
		select {
		case <-r.Context().Done():
		case <-s.closed:
		}
	default:
		write(w, result)
	}
}

// hangUp breaks the connection instead of an answer.
func hangUp(w http.ResponseWriter) {
	if c, _, err := http.NewResponseController(w).Hijack(); err == nil {
		c.Close()
	}
}

func (s *Server) create(form url.Values, photo []byte) answer {
	text, entities, dropped, refused := readText(form)
	if refused != "" {
		return no(refused)
	}
	kind := ""
	if form.Has("photo") {
		if kind, refused = readPhoto(photo); refused != "" {
			return no(refused)
		}
	}
	keyboard, refused := readKeyboard(form)
	if refused != "" {
		return no(refused)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, failed := s.find(form.Get("chat_id"))
	if c == nil {
		return failed
	}
	if refusal, refused := s.accept(c, form); refused {
		return refusal
	}
	if refusal, refused := s.tooFast(c, time.Now()); refused {
		return refusal
	}
	var reply struct {
		ID int `json:"message_id"`
	}
	// Without reply parameters there is nothing to decode.
	_ = json.Unmarshal([]byte(form.Get("reply_parameters")), &reply)
	m := &stored{
		id: s.next, thread: int(number(form.Get("message_thread_id"))),
		text: text, entities: entities, keyboard: keyboard, photo: kind, preview: s.preview(form),
		silent: form.Get("disable_notification") == "true", replyTo: reply.ID,
	}
	s.next++
	s.dropped += dropped
	c.messages = append(c.messages, m)
	return yes(s.object(c, m))
}

func (s *Server) object(c *chat, m *stored) map[string]any {
	o := map[string]any{
		"message_id": m.id, "date": time.Now().Unix(), "chat": c.object(),
		"from": map[string]any{"id": BotID, "is_bot": true, "first_name": "Tidings", "username": BotName},
	}
	text, entities := "text", "entities"
	if m.photo != "" {
		text, entities = "caption", "caption_entities"
		o["photo"] = []any{map[string]any{"file_id": "AgACAgIAAxk", "file_unique_id": "AQAD", "width": 800, "height": 400}}
	}
	o[text] = m.text
	if len(m.entities) > 0 {
		o[entities] = m.entities
	}
	if m.thread != 0 {
		o["message_thread_id"], o["is_topic_message"] = m.thread, true
	}
	return o
}

func (s *Server) editMessageText(form url.Values) answer {
	text, entities, dropped, refused := readText(form)
	if refused != "" {
		return no(refused)
	}
	keyboard, refused := readKeyboard(form)
	if refused != "" {
		return no(refused)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, failed := s.find(form.Get("chat_id"))
	if c == nil {
		return failed
	}
	for _, m := range c.messages {
		if m.id != int(number(form.Get("message_id"))) {
			continue
		}
		if m.photo != "" {
			return no("Bad Request: there is no text in the message to edit")
		}
		preview := s.preview(form)
		if m.text == text && m.preview == preview && reflect.DeepEqual(m.entities, entities) && reflect.DeepEqual(m.keyboard, keyboard) {
			return no("Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message")
		}
		m.text, m.entities, m.keyboard, m.preview = text, entities, keyboard, preview
		s.dropped += dropped
		return yes(s.object(c, m))
	}
	return no("Bad Request: message to edit not found")
}

func (s *Server) answerCallbackQuery(form url.Values) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := form.Get("callback_query_id")
	if answered, known := s.queries[id]; !known || answered {
		return no("Bad Request: query is too old and response timeout expired or query ID is invalid")
	}
	s.queries[id] = true
	return yes(true)
}

// shownAs is a message as people see it.
func (m *stored) shownAs() bottest.Shown {
	shown := bottest.Shown{ID: strconv.Itoa(m.id), Text: m.text, Picture: m.photo + m.preview}
	for _, e := range m.entities {
		if e.Type == "text_link" {
			shown.Links = append(shown.Links, e.URL)
		}
	}
	for _, row := range m.keyboard {
		for _, b := range row {
			shown.Buttons = append(shown.Buttons, b.Text)
		}
	}
	return shown
}
