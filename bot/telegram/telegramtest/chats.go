package telegramtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// The people and chats that every Server knows.
const (
	Person    int64 = 1001           // administers the group and the channel; its private chat has the same id
	Guest     int64 = 1002           // a member of the group
	GroupID   int64 = -1001000000001 // a supergroup
	ChannelID int64 = -1001000000002 // @tidings_test_channel, where the bot may post
)

// Chat is a chat as a test sets it up.
type Chat struct {
	ID       int64
	Type     string // private, group, supergroup or channel
	Title    string // a private chat's: the person's first name
	Username string // without the @
	Topics   []int  // the threads of a forum; nil when it is none
	// Members are the statuses of people: creator, administrator, member,
	// restricted. Whoever is missing has left.
	Members map[int64]string
	// Bot is the bot's own status.
	Bot string
	// Mute says that the bot may not write: as an administrator of a channel, as
	// restricted in a group.
	Mute bool
	// Refuses is the error with which every message is refused, such as
	// "Forbidden: bot was blocked by the user".
	Refuses string
	// MigratedTo is the chat's new id.
	MigratedTo int64
}

type chat struct {
	Chat
	messages []*stored
	writes   []time.Time
	holdTill time.Time
}

// stored is a message that a chat shows.
type stored struct {
	id       int
	thread   int
	text     string // or a photo's caption
	photo    string // its MIME type, or empty
	preview  string // the address of the link preview, or empty
	entities []entity
	keyboard [][]button
	silent   bool
	replyTo  int
}

type button struct {
	Text string `json:"text"`
	Data string `json:"callback_data"`
	URL  string `json:"url"`
}

func population() []Chat {
	both := map[int64]string{Person: "creator", Guest: "member"}
	return []Chat{
		{ID: Person, Type: "private", Title: "Ada", Bot: "member"},
		{ID: Guest, Type: "private", Title: "Ben", Bot: "member"},
		{ID: GroupID, Type: "supergroup", Title: "Test group", Members: both, Bot: "member"},
		{ID: ChannelID, Type: "channel", Title: "Test channel", Username: "tidings_test_channel", Members: both, Bot: "administrator"},
	}
}

// AddChat makes a chat known, or replaces what was known of it; its messages stay.
func (s *Server) AddChat(c Chat) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if old, ok := s.chats[c.ID]; ok {
		old.Chat = c
		return
	}
	s.chats[c.ID] = &chat{Chat: c}
}

// find is the chat that a request names.
func (s *Server) find(id string) (*chat, answer) {
	for _, c := range s.chats {
		if strconv.FormatInt(c.ID, 10) == id || c.Username != "" && strings.EqualFold("@"+c.Username, id) {
			return c, answer{}
		}
	}
	return nil, no("Bad Request: chat not found")
}

func (c *chat) object() map[string]any {
	o := map[string]any{"id": c.ID, "type": c.Type}
	if c.Type == "private" {
		o["first_name"] = c.Title
	} else {
		o["title"] = c.Title
	}
	if c.Username != "" {
		o["username"] = c.Username
	}
	if c.Topics != nil {
		o["is_forum"] = true
	}
	return o
}

func (s *Server) getChat(form url.Values) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, failed := s.find(form.Get("chat_id"))
	if c == nil {
		return failed
	}
	if c.Bot == "" || c.Bot == "kicked" {
		return no(fmt.Sprintf("Forbidden: bot is not a member of the %s chat", c.Type))
	}
	return yes(c.object())
}

func (s *Server) getChatMember(form url.Values) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, failed := s.find(form.Get("chat_id"))
	if c == nil {
		return failed
	}
	id := number(form.Get("user_id"))
	if id <= 0 {
		return no("Bad Request: invalid user_id specified")
	}
	status := c.Members[id]
	if id == BotID {
		status = c.Bot
	} else if c.Bot == "" || c.Bot == "kicked" || c.Bot == "left" {
		return no(fmt.Sprintf("Forbidden: bot is not a member of the %s chat", c.Type))
	}
	if status == "" {
		status = "left"
	}
	m := map[string]any{"user": map[string]any{"id": id, "is_bot": id == BotID, "first_name": "Somebody"}, "status": status}
	if id == BotID && status == "administrator" {
		m["can_post_messages"] = c.Type == "channel" && !c.Mute
	}
	if id == BotID && status == "restricted" {
		m["can_send_messages"], m["is_member"] = !c.Mute, true
	}
	return yes(m)
}

// Command is a command in a scope's menu.
type Command struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

var commandName = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)

func (s *Server) setMyCommands(form url.Values) answer {
	var scope struct {
		Type string `json:"type"`
	}
	var commands []Command
	if json.Unmarshal([]byte(form.Get("commands")), &commands) != nil || json.Unmarshal([]byte(form.Get("scope")), &scope) != nil {
		return no("Bad Request: can't parse commands")
	}
	for _, c := range commands {
		if n := utf8.RuneCountInString(c.Description); !commandName.MatchString(c.Command) || n < 1 || n > 256 || len(commands) > 100 {
			return no("Bad Request: BOT_COMMAND_INVALID")
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.commands[scope.Type] = commands
	return yes(true)
}

// accept looks at all of a message but its text. s.mu is held.
func (s *Server) accept(c *chat, form url.Values) (refusal answer, refused bool) {
	switch {
	case c.MigratedTo != 0:
		refusal = no("Bad Request: group chat was upgraded to a supergroup chat")
		refusal.migrateTo = c.MigratedTo
		return refusal, true
	case c.Refuses != "":
		return no(c.Refuses), true
	case c.Bot == "kicked" || c.Bot == "":
		return no(fmt.Sprintf("Forbidden: bot was kicked from the %s chat", c.Type)), true
	case c.Bot == "left":
		return no(fmt.Sprintf("Forbidden: bot is not a member of the %s chat", c.Type)), true
	case c.Type == "channel" && (c.Bot != "administrator" || c.Mute):
		return no("Bad Request: need administrator rights in the channel chat"), true
	case c.Mute:
		return no("Bad Request: not enough rights to send text messages to the chat"), true
	}
	if thread := form.Get("message_thread_id"); thread != "" && !slices.Contains(c.Topics, int(number(thread))) {
		return no("Bad Request: message thread not found"), true
	}
	return answer{}, false
}

// tooFast applies the limits, when they are switched on. s.mu is held.
func (s *Server) tooFast(c *chat, now time.Time) (answer, bool) {
	if c.holdTill.After(now) {
		return tooMany(int(c.holdTill.Sub(now)/time.Second) + 1), true
	}
	if !s.limited {
		return answer{}, false
	}
	within := func(times []time.Time, d time.Duration) (n int) {
		for _, at := range times {
			if now.Sub(at) < d {
				n++
			}
		}
		return n
	}
	wait := 0
	switch {
	case c.ID < 0 && within(c.writes, time.Minute) >= 20:
		wait = 30
	case within(c.writes, time.Second) >= 4:
		wait = 3
	case within(s.sent, time.Second) >= 31:
		wait = 2
	}
	if wait > 0 {
		c.holdTill = now.Add(time.Duration(wait) * time.Second)
		return tooMany(wait), true
	}
	c.writes, s.sent = append(c.writes, now), append(s.sent, now)
	return answer{}, false
}

// readText parses and measures a message's text, or a photo's caption, in the
// server's order.
func readText(form url.Values) (text string, entities []entity, dropped int, refused string) {
	text, most, what := form.Get("text"), 4096, "message"
	photo := form.Has("photo")
	if photo {
		text, most, what = form.Get("caption"), 1024, "message caption"
	}
	switch {
	case !utf8.ValidString(text):
		return "", nil, 0, "Bad Request: strings must be encoded in UTF-8"
	case len(text) > 32768:
		return "", nil, 0, "Bad Request: text is too long"
	case text == "" && !photo:
		return "", nil, 0, "Bad Request: message text is empty"
	}
	if mode := form.Get("parse_mode"); mode == "HTML" {
		var complaint string
		if text, entities, complaint = parseHTML(text); complaint != "" {
			return "", nil, 0, "Bad Request: can't parse entities: " + complaint
		}
	} else if mode != "" {
		return "", nil, 0, "Bad Request: unsupported parse_mode"
	}
	switch trimmed := strings.TrimSpace(text); {
	case trimmed == "" && !photo:
		return "", nil, 0, "Bad Request: text must be non-empty"
	case utf8.RuneCountInString(trimmed) > most:
		return "", nil, 0, "Bad Request: " + what + " is too long"
	}
	entities, dropped = keep(text, entities)
	return text, entities, dropped, ""
}

func readKeyboard(form url.Values) (rows [][]button, refused string) {
	text := form.Get("reply_markup")
	if text == "" {
		return nil, ""
	}
	var markup struct {
		Rows [][]button `json:"inline_keyboard"`
	}
	if json.Unmarshal([]byte(text), &markup) != nil {
		return nil, "Bad Request: can't parse reply keyboard markup JSON object"
	}
	n := 0
	for _, row := range markup.Rows {
		for _, b := range row {
			n++
			switch {
			case b.Text == "":
				return nil, "Bad Request: inline keyboard button text must be non-empty"
			case b.Data == "" && b.URL == "":
				return nil, "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
			case len(b.Data) > 64:
				return nil, "Bad Request: BUTTON_DATA_INVALID"
			case b.URL != "" && !followed(b.URL):
				return nil, fmt.Sprintf("Bad Request: inline keyboard button URL '%s' is invalid: Wrong HTTP URL", b.URL)
			}
		}
		if len(row) > 8 || n > 100 {
			return nil, "Bad Request: REPLY_MARKUP_TOO_LONG"
		}
	}
	return markup.Rows, ""
}

// unauthorized is the answer to a refused token.
func unauthorized() answer { return answer{code: http.StatusUnauthorized, text: "Unauthorized"} }
