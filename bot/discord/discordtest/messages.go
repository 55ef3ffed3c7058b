package discordtest

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"tidings/bot/bottest"
	"tidings/subscriptions"
)

// Permissions, by Discord's bits.
const (
	Administrator  int64 = 1 << 3
	ManageGuild    int64 = 1 << 5
	ViewChannel    int64 = 1 << 10
	SendMessages   int64 = 1 << 11
	EmbedLinks     int64 = 1 << 14
	AttachFiles    int64 = 1 << 15
	ReadHistory    int64 = 1 << 16
	SendInThreads  int64 = 1 << 38
	useApplication int64 = 1 << 31
)

// everyone is what a member may do where nothing says otherwise.
const everyone = ViewChannel | SendMessages | EmbedLinks | AttachFiles | ReadHistory | SendInThreads | useApplication

type message struct {
	ID        string `json:"id"`
	ChannelID string `json:"channel_id"`
	Type      int    `json:"type"`
	Author    struct {
		ID  string `json:"id"`
		Bot bool   `json:"bot"`
	} `json:"author"`
	content
	hidden  bool // only one person sees it
	loading bool
	deleted bool
}

// embedsShown are the embeds that people see.
func (m *message) embedsShown() []embed {
	if m.Flags&suppressEmbeds != 0 {
		return nil
	}
	return m.Embeds
}

// nonced is a message that was sent with a nonce.
type nonced struct {
	message *message
	at      time.Time
}

// nonceTime is how long a nonce counts.
const nonceTime = 3 * time.Minute

// spent counts what was sent to a channel in a window.
type spent struct {
	n     int
	until time.Time
}

// may is what the bot may do in a channel. s.mu is held.
func (s *Server) may(c *channel) int64 {
	allowed := everyone &^ c.denied
	if parent := s.channels[c.parent]; parent != nil {
		allowed &^= parent.denied
	}
	if allowed&ViewChannel == 0 {
		return 0
	}
	return allowed
}

// find is a channel that the bot sees, or the refusal. s.mu is held.
func (s *Server) find(id string) (*channel, answer) {
	c := s.channels[id]
	switch {
	case c == nil || c.deleted:
		return nil, refuse(404, 10003, "Unknown Channel")
	case c.kind != directChannel && (s.removed || s.may(c)&ViewChannel == 0):
		return nil, refuse(403, 50001, "Missing Access")
	}
	return c, answer{}
}

// Deny takes permissions from the bot in a channel.
func (s *Server) Deny(channel string, permissions int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.channels[channel].denied |= permissions
}

// Lock locks a thread.
func (s *Server) Lock(thread string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.channels[thread].locked = true
}

func (s *Server) createMessage(q *request) answer {
	id := q.path[1]
	s.mu.Lock()
	s.sends[id]++
	hook := s.OnSend
	s.mu.Unlock()
	if hook != nil {
		hook(id)
	}
	var c content
	if a, ok := s.decode(q, "MessageCreateRequest", &c); !ok {
		return a
	}
	c.files = q.files
	fault := s.fault()
	if a := faultBefore(fault); a.status != 0 {
		return a
	}
	a := s.create(id, c)
	return s.faultAfter(fault, q, a)
}

// create makes a message, or refuses to.
func (s *Server) create(id string, c content) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, refused := s.find(id)
	if refused.status != 0 {
		return refused
	}
	if a := s.mayWrite(ch); a.status != 0 {
		return a
	}
	if a := s.mayAttach(ch, c); a.status != 0 {
		return a
	}
	if a := s.check(c); a.status != 0 {
		return a
	}
	header, limited := s.spend(id)
	if limited.status != 0 {
		return limited
	}
	key := id + " " + string(c.Nonce)
	if known, ok := s.nonces[key]; ok && c.Enforce && len(c.Nonce) > 0 && time.Since(known.at) < nonceTime {
		if known.message.deleted {
			return refuse(404, 10008, "Unknown Message")
		}
		return answer{200, header, known.message}
	}
	m := s.post(ch, c)
	if len(c.Nonce) > 0 {
		s.nonces[key] = nonced{m, time.Now()}
	}
	return answer{200, header, m}
}

func (s *Server) mayWrite(c *channel) answer {
	need := SendMessages
	switch c.kind {
	case directChannel:
		if c.denied&SendMessages != 0 {
			return refuse(403, 50007, "Cannot send messages to this user")
		}
		return answer{}
	case publicThread:
		need = SendInThreads
		if c.locked {
			return refuse(400, 160005, "Thread is locked")
		}
	case forumChannel, categoryChannel:
		return refuse(400, 50008, "Cannot send messages in a non-text channel")
	}
	if s.may(c)&need == 0 {
		return refuse(403, 50013, "Missing Permissions")
	}
	return answer{}
}

// post puts a message into a channel. s.mu is held.
func (s *Server) post(ch *channel, c content) *message {
	m := &message{ID: s.id(), ChannelID: ch.id, content: c}
	m.Author.ID, m.Author.Bot = botID, true
	if ch.kind != directChannel && s.may(ch)&EmbedLinks == 0 {
		m.Embeds = nil
	}
	ch.messages = append(ch.messages, m)
	return m
}

// spend counts against a channel's limit. s.mu is held.
func (s *Server) spend(id string) (header map[string]string, limited answer) {
	now := time.Now()
	b := s.spent[id]
	if b == nil || now.After(b.until) {
		b = &spent{until: now.Add(s.window)}
		s.spent[id] = b
	}
	b.n++
	after := strconv.FormatFloat(b.until.Sub(now).Seconds(), 'f', 3, 64)
	header = map[string]string{
		"X-RateLimit-Limit": strconv.Itoa(s.limit), "X-RateLimit-Remaining": strconv.Itoa(max(s.limit-b.n, 0)),
		"X-RateLimit-Reset-After": after, "X-RateLimit-Reset": strconv.FormatInt(b.until.Unix(), 10), "X-RateLimit-Bucket": "messages",
	}
	if b.n <= s.limit {
		return header, answer{}
	}
	s.limited++
	limited = tooMany(after, "user", false)
	maps.Copy(limited.header, header)
	return nil, limited
}

func tooMany(after, scope string, global bool) answer {
	wait, _ := strconv.ParseFloat(after, 64)
	header := map[string]string{"Retry-After": strconv.Itoa(int(wait) + 1), "X-RateLimit-Scope": scope}
	if global {
		header["X-RateLimit-Global"] = "true"
	}
	return answer{429, header, map[string]any{"message": "You are being rate limited.", "retry_after": wait, "global": global}}
}

func (s *Server) listMessages(q *request) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, refused := s.find(q.path[1])
	if refused.status != 0 {
		return refused
	}
	limit, err := strconv.Atoi(q.query["limit"])
	if err != nil || limit < 1 || limit > 100 {
		return refuse(400, 50035, "Invalid Form Body")
	}
	out := []*message{}
	if c.kind != directChannel && s.may(c)&ReadHistory == 0 {
		return answer{200, nil, out}
	}
	for _, m := range slices.Backward(c.messages) {
		before := q.query["before"]
		older := before == "" || len(m.ID) < len(before) || len(m.ID) == len(before) && m.ID < before
		if older && !m.hidden && !m.deleted && len(out) < limit {
			out = append(out, m)
		}
	}
	return answer{200, nil, out}
}

// Delete deletes a message.
func (s *Server) Delete(channel, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.channels[channel].messages {
		if m.ID == id {
			m.deleted = true
		}
	}
}

// Faults that only Discord knows, for Break.
const (
	GlobalLimit     bottest.Fault = "global limit"     // refused for every request, without the Reset-After header
	CloudflareLimit bottest.Fault = "cloudflare limit" // refused by an HTML page
	SharedLimit     bottest.Fault = "shared limit"     // refused for what others did in the channel
)

// Break implements [bottest.Network].
func (s *Server) Break(f bottest.Fault) {
	switch f {
	case bottest.Refuse:
		s.gateway.closeAll(0)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.http.Close()
		s.hidden = true
		return
	case bottest.Mend:
		s.mu.Lock()
		hidden, address := s.hidden, s.address
		s.hidden, s.faults, s.noFiles = false, nil, false
		s.mu.Unlock()
		if hidden {
			s.listen(address)
		}
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if f == bottest.NoPictures {
		s.noFiles = true
		return
	}
	s.faults = append(s.faults, f)
}

// fault is what shall happen to the call in hand.
func (s *Server) fault() bottest.Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.faults) == 0 {
		return ""
	}
	f := s.faults[0]
	s.faults = s.faults[1:]
	return f
}

// faultBefore is the answer of a fault that creates nothing.
func faultBefore(f bottest.Fault) answer {
	switch f {
	case bottest.RateLimit:
		return tooMany("1.0", "user", false)
	case SharedLimit:
		return tooMany("1.0", "shared", false)
	case GlobalLimit:
		return tooMany("1.0", "global", true)
	case CloudflareLimit:
		return answer{429, map[string]string{"Retry-After": "1"}, "<html><title>Access denied | Cloudflare</title></html>"}
	case bottest.Gateway:
		return answer{502, nil, "<html><head><title>502 Bad Gateway</title></head><body>cloudflare</body></html>"}
	case bottest.Forbidden:
		return refuse(403, 50013, "Missing Permissions")
	case bottest.BadRequest:
		var f form
		f.wrong("content", "BASE_TYPE_MAX_LENGTH", "Must be 2000 or fewer in length.")
		return f.answer()
	case bottest.Unauthorized:
		return refuse(401, 0, "401: Unauthorized")
	}
	return answer{}
}

// faultAfter loses the answer to a call that was done.
func (s *Server) faultAfter(f bottest.Fault, q *request, a answer) answer {
	switch f {
	case bottest.Slow:
		<-q.http.Context().Done()
		return answer{}
	case bottest.Drop:
		if conn, _, err := q.writer.(http.Hijacker).Hijack(); err == nil {
			conn.Close()
		}
		return answer{}
	}
	return a
}

func (s *Server) listCommands() answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return answer{200, nil, append([]json.RawMessage{}, s.commands...)}
}

// replaceCommands stores commands as Discord does: with what was left out filled in.
func (s *Server) replaceCommands(q *request) answer {
	var commands []json.RawMessage
	if a, ok := s.decode(q, "", &commands); !ok {
		return a
	}
	for _, c := range commands {
		if err := s.schemas.check("ApplicationCommandUpdateRequest", c); err != nil {
			s.t.Errorf("discordtest: a command is against the specification: %v", err)
		}
	}
	if a := checkCommands(commands); a.status != 0 {
		return a
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.commands, s.replaced = nil, s.replaced+1
	for _, raw := range commands {
		stored := map[string]any{"id": s.id(), "application_id": botID, "version": s.id(), "nsfw": false, "default_member_permissions": nil}
		json.Unmarshal(raw, &stored)
		raw, _ := json.Marshal(stored)
		s.commands = append([]json.RawMessage{raw}, s.commands...)
	}
	return answer{200, nil, s.commands}
}

// Replaced counts how often the commands were replaced.
func (s *Server) Replaced() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.replaced
}

// Post puts a message of the bot's into a channel, past all limits.
func (s *Server) Post(c subscriptions.Chat, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.post(s.channels[c.ID], content{Content: text})
}
