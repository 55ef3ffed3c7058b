// Package discordtest is a strict fake of Discord: its REST interface and its
// gateway on a loopback address, with one server, a few channels and two
// people. It refuses what Discord refuses, in Discord's words, and fails the test on a
// request that Discord's specification does not know. Only tests import it.
package discordtest

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tidings/bot/bottest"
	"tidings/subscriptions"
)

// Server is the fake. Its state outlives the programs that connect to it.
type Server struct {
	// URL is the base to which /api/v9/... is added.
	URL string
	// Token is the bot's token.
	Token string
	// OnSend, when it is set before a message is sent, is called with the
	// channel's id before the message is created. It may wait.
	OnSend func(channel string)

	t       testing.TB
	address string
	http    *http.Server
	schemas *schemas

	mu           sync.Mutex // guards what follows
	serial       int64
	channels     map[string]*channel
	people       []*person
	commands     []json.RawMessage
	replaced     int
	interactions map[string]*interaction
	nonces       map[string]nonced
	sends        map[string]int
	faults       []bottest.Fault
	noFiles      bool // the bot may attach nothing anywhere
	requests     []string
	limit        int
	window       time.Duration
	spent        map[string]*spent
	limited      int
	removed      bool
	hidden       bool // no connection can be opened
	gateway      gateway
}

// The things of the fake world.
const (
	botID     = "1100000000000000001"
	guildID   = "1100000000000000002"
	adminRole = "1100000000000000003"
)

// Guild is the id of the server.
func (s *Server) Guild() string { return guildID }

// Bot is the bot's user id.
func (s *Server) Bot() string { return botID }

type person struct {
	id, name string
	admin    bool
}

// Kinds of channel, by Discord's numbers.
const (
	textChannel         = 0
	directChannel       = 1
	categoryChannel     = 4
	announcementChannel = 5
	publicThread        = 11
	forumChannel        = 15
)

type channel struct {
	id, name, parent string
	kind             int
	denied           int64 // what the bot may not do there
	hidden           bool  // guests do not see it
	deleted, locked  bool
	messages         []*message
}

// New is a running fake, which ends with the test.
func New(t testing.TB) *Server {
	t.Helper()
	s := &Server{
		// The shape of a real token, of which every letter must stay out of logs.
		Token: "MTEwMDAwMDAwMDAwMDAwMDAwMQ.GfAkEt.0kEn-wHiCh_mUsT-nEvEr-bE-sHoWn-1234567",
		t:     t, schemas: newSchemas(t),
		channels: map[string]*channel{}, interactions: map[string]*interaction{}, nonces: map[string]nonced{},
		sends: map[string]int{}, spent: map[string]*spent{}, limit: 50, window: time.Second,
		people: []*person{{id: "1100000000000000011", name: "Ada", admin: true}, {id: "1100000000000000012", name: "Gus"}},
	}
	s.gateway.init()
	for _, c := range []*channel{
		{id: "1100000000000000020", kind: directChannel},
		{id: "1100000000000000021", name: "news", kind: textChannel},
		{id: "1100000000000000022", name: "wire", kind: announcementChannel},
		{id: "1100000000000000023", name: "a thread", kind: publicThread, parent: "1100000000000000021"},
		{id: "1100000000000000024", name: "posts", kind: forumChannel},
		{id: "1100000000000000025", name: "staff", kind: textChannel, hidden: true},
		{id: "1100000000000000026", name: "places", kind: categoryChannel},
	} {
		s.channels[c.id] = c
	}
	s.listen("127.0.0.1:0")
	t.Cleanup(s.close)
	return s
}

// listen opens the port and serves. Connections are not kept, so that a
// refused connection is refused at the next request.
func (s *Server) listen(address string) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		s.t.Errorf("discordtest: %v", err)
		return
	}
	server := &http.Server{Handler: http.HandlerFunc(s.serve), ReadHeaderTimeout: time.Minute}
	server.SetKeepAlivesEnabled(false)
	s.mu.Lock()
	s.http, s.address = server, listener.Addr().String()
	s.URL = "http://" + s.address
	s.mu.Unlock()
	go server.Serve(listener)
}

func (s *Server) close() {
	s.gateway.closeAll(1001)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.http.Close()
}

// Private implements [bottest.Network].
func (s *Server) Private() subscriptions.Chat { return chat("1100000000000000020") }

// Group implements [bottest.Network].
func (s *Server) Group() subscriptions.Chat { return chat("1100000000000000021") }

// Announcements is the announcement channel.
func (s *Server) Announcements() subscriptions.Chat { return chat("1100000000000000022") }

// Thread is a thread of the group's channel.
func (s *Server) Thread() subscriptions.Chat { return chat("1100000000000000023") }

// Forum is a forum, which takes no messages.
func (s *Server) Forum() subscriptions.Chat { return chat("1100000000000000024") }

// Hidden is a channel that guests do not see.
func (s *Server) Hidden() subscriptions.Chat { return chat("1100000000000000025") }

func chat(id string) subscriptions.Chat { return subscriptions.Chat{Platform: "discord", ID: id} }

// id is a new snowflake of this moment. s.mu is held.
func (s *Server) id() string {
	s.serial++
	return strconv.FormatInt((time.Now().UnixMilli()-1420070400000)<<22|s.serial&0x3fffff, 10)
}

// Requests are the method and path of every request so far, without the tokens.
func (s *Server) Requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.requests...)
}

// Sends counts the requests that reached a channel to create a message there,
// interactions apart, whatever became of them.
func (s *Server) Sends(channel string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sends[channel]
}

// SetLimit lets so many messages into each channel in a window of time.
func (s *Server) SetLimit(n int, window time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limit, s.window = n, window
}

// Limited counts the messages that were refused because of SetLimit.
func (s *Server) Limited() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.limited
}

// answer is what a request is answered with.
type answer struct {
	status int
	header map[string]string
	body   any // as JSON; a string as it is
}

func refuse(status, code int, message string) answer {
	return answer{status: status, body: map[string]any{"code": code, "message": message}}
}

func (a answer) write(w http.ResponseWriter) {
	for name, value := range a.header {
		w.Header().Set(name, value)
	}
	if text, ok := a.body.(string); ok {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(a.status)
		io.WriteString(w, text)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(a.status)
	if a.body != nil {
		json.NewEncoder(w).Encode(a.body)
	}
}

// request is a request that was read.
type request struct {
	method string
	path   []string
	query  map[string]string
	raw    json.RawMessage
	files  map[string]file // by their names in the form
	http   *http.Request
	writer http.ResponseWriter
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/socket") {
		s.connect(w, r)
		return
	}
	path, ok := strings.CutPrefix(r.URL.Path, "/api/v9/")
	if !ok {
		s.t.Errorf("discordtest: %s %s is no path of Discord's", r.Method, r.URL.Path)
		refuse(404, 0, "404: Not Found").write(w)
		return
	}
	raw, _ := io.ReadAll(r.Body)
	q := &request{method: r.Method, path: strings.Split(path, "/"), query: map[string]string{}, raw: raw, http: r, writer: w}
	if err := q.readFiles(); err != nil {
		refuse(400, 50109, "The request body contains invalid form data.").write(w)
		return
	}
	for name := range r.URL.Query() {
		q.query[name] = r.URL.Query().Get(name)
	}
	interaction := q.path[0] == "interactions" || q.path[0] == "webhooks"
	if interaction && len(q.path) > 2 {
		path = strings.Replace(path, q.path[2], "TOKEN", 1)
	}
	s.mu.Lock()
	s.requests = append(s.requests, r.Method+" "+path)
	s.mu.Unlock()
	switch {
	case !strings.HasPrefix(r.UserAgent(), "DiscordBot (http"):
		refuse(403, 40333, "internal network error").write(w)
	case !interaction && r.Header.Get("Authorization") != "Bot "+s.Token:
		refuse(401, 0, "401: Unauthorized").write(w)
	case len(raw) == 0 && r.Header.Get("Content-Type") != "":
		refuse(400, 50109, "The request body contains invalid JSON.").write(w)
	default:
		if a := s.route(q); a.status != 0 {
			a.write(w)
		}
	}
}

// route answers a request. A zero status means that it is answered already, or
// that the connection is gone.
func (s *Server) route(q *request) answer {
	pattern := q.method + " " + q.path[0] + "/" + strconv.Itoa(len(q.path))
	switch pattern {
	case "GET gateway/1":
		return answer{200, nil, map[string]any{"url": "ws://" + s.address + "/socket"}}
	case "GET gateway/2":
		return s.gatewayBot()
	case "GET users/2", "GET applications/2":
		return answer{200, nil, map[string]any{"id": botID, "username": "tidings", "name": "tidings", "bot": true}}
	case "GET applications/3":
		return s.listCommands()
	case "PUT applications/3":
		return s.replaceCommands(q)
	case "GET channels/2":
		return s.getChannel(q.path[1])
	case "GET guilds/2":
		return s.getGuild(q.path[1])
	case "GET guilds/4":
		return s.getMember(q.path[1], q.path[3])
	case "GET channels/3":
		return s.listMessages(q)
	case "POST channels/3":
		return s.createMessage(q)
	case "POST interactions/4":
		return s.callback(q)
	case "POST webhooks/3":
		return s.followUp(q)
	case "PATCH webhooks/5":
		return s.editOriginal(q)
	case "DELETE webhooks/5":
		return s.deleteOriginal(q)
	}
	s.t.Errorf("discordtest: %s %s is not known", q.method, strings.Join(q.path, "/"))
	return refuse(404, 0, "404: Not Found")
}

// decode reads a request's body, and checks it against Discord's specification.
func (s *Server) decode(q *request, schema string, into any) (answer, bool) {
	if err := s.schemas.check(schema, q.raw); err != nil {
		s.t.Errorf("discordtest: %s %s is against the specification: %v", q.method, strings.Join(q.path[:1], "/"), err)
	}
	if err := json.Unmarshal(q.raw, into); err != nil {
		return refuse(400, 50109, fmt.Sprintf("The request body contains invalid JSON: %v", err)), false
	}
	return answer{}, true
}
