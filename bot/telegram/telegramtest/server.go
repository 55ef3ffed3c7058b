// Package telegramtest is a Bot API server on loopback that refuses what the
// real one refuses, with its words, and shows what people would see. Only
// tests import it. It knows the methods that the telegram adapter calls; any
// other is an error of the test.
package telegramtest

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tidings/bot/bottest"
)

// Token is the token that every Server takes.
const Token = "123456789:AAfake_token-for_tests-0123456789abcd"

// BotID and BotName are the bot's own identity.
const (
	BotID   int64 = 123456789
	BotName       = "tidings_test_bot"
)

// Hooks are called while a message is sent, and hold it until they return.
// Either may be nil.
type Hooks struct {
	// BeforeSend is called with the chat's id before the message is created.
	BeforeSend func(chat string)
	// AfterSend is called after it was created, and before the answer.
	AfterSend func(chat string)
}

// Server is a fake Bot API server. It implements [bottest.Network]. Its state
// outlives the programs that connect to it.
type Server struct {
	// URL is the base to which /bot<token>/<method> is added.
	URL string

	t        testing.TB
	hooks    Hooks
	http     *http.Server
	listener *listener
	closed   chan struct{}

	mu       sync.Mutex // guards what follows
	chats    map[int64]*chat
	next     int // the next message's id
	updates  []storedUpdate
	lastID   int64
	allowed  []string
	arrived  chan struct{} // closed when an update arrives
	poll     *pollState
	queries  map[string]bool // pressed buttons: whether they were acknowledged
	faults   []bottest.Fault
	noPhotos bool
	failures map[string][]failure
	calls    map[string][]url.Values
	commands map[string][]Command
	revoked  bool
	webhook  bool
	limited  bool
	sent     []time.Time
	dropped  int
}

// failure is an answer that is given instead of the method's own.
type failure struct {
	status int
	body   string
}

// New starts a server that lives as long as the test. It knows the chats
// [Person], [GroupID] and [ChannelID]; [Server.AddChat] adds more.
func New(t testing.TB, hooks Hooks) *Server {
	s := &Server{
		t: t, hooks: hooks, closed: make(chan struct{}),
		chats: map[int64]*chat{}, next: 1, lastID: 1000, arrived: make(chan struct{}),
		queries: map[string]bool{}, failures: map[string][]failure{},
		calls: map[string][]url.Values{}, commands: map[string][]Command{},
	}
	for _, c := range population() {
		s.AddChat(c)
	}
	s.http = &http.Server{Handler: s}
	s.listen("127.0.0.1:0")
	s.URL = "http://" + s.listener.Addr().String()
	t.Cleanup(func() {
		close(s.closed)
		s.http.Close()
	})
	return s
}

func (s *Server) listen(address string) {
	s.t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		s.t.Fatalf("telegramtest: %v", err)
	}
	s.listener = &listener{Listener: l, open: map[*conn]bool{}}
	go s.http.Serve(s.listener)
}

// listener knows the connections that it has accepted.
type listener struct {
	net.Listener
	gone bool // it was closed; only the test's goroutine asks
	mu   sync.Mutex
	open map[*conn]bool
}

// Accept implements net.Listener.
func (l *listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	tracked := &conn{Conn: c, from: l}
	l.open[tracked] = true
	return tracked, nil
}

type conn struct {
	net.Conn
	from *listener
}

// Close implements net.Conn.
func (c *conn) Close() error {
	c.from.mu.Lock()
	delete(c.from.open, c)
	c.from.mu.Unlock()
	return c.Conn.Close()
}

// hangUp closes the listener and every connection, and returns when the
// clients have noticed: else their next call might be written to a connection
// that is closed already, and would be uncertain rather than refused.
func (l *listener) hangUp() {
	l.gone = true
	l.Close()
	l.mu.Lock()
	for c := range l.open {
		c.Conn.(*net.TCPConn).CloseWrite()
	}
	l.mu.Unlock()
	deadline := time.After(2 * time.Second)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for {
		l.mu.Lock()
		n := len(l.open)
		l.mu.Unlock()
		if n == 0 {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			return
		}
	}
}

// answer is what a method gives: a result, or an error of the Bot API.
type answer struct {
	result     any
	code       int
	text       string
	retryAfter int
	migrateTo  int64
}

func yes(result any) answer { return answer{result: result} }

// no is an error whose code follows from its text's first words.
func no(text string) answer {
	code := http.StatusBadRequest
	switch {
	case strings.HasPrefix(text, "Forbidden"):
		code = http.StatusForbidden
	case strings.HasPrefix(text, "Conflict"):
		code = http.StatusConflict
	}
	return answer{code: code, text: text}
}

func tooMany(seconds int) answer {
	return answer{code: http.StatusTooManyRequests, text: fmt.Sprintf("Too Many Requests: retry after %d", seconds), retryAfter: seconds}
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path, found := strings.CutPrefix(r.URL.Path, "/bot")
	token, method, _ := strings.Cut(path, "/")
	s.mu.Lock()
	revoked := s.revoked
	s.mu.Unlock()
	switch {
	case !found || !strings.Contains(token, ":"):
		write(w, answer{code: http.StatusNotFound, text: "Not Found"})
		return
	case token != Token || revoked:
		write(w, answer{code: http.StatusUnauthorized, text: "Unauthorized"})
		return
	}
	file, err := readForm(r)
	if err != nil {
		write(w, no("Bad Request: can't read the request"))
		return
	}
	validate(s.t, method, r.Form)
	s.mu.Lock()
	s.calls[method] = append(s.calls[method], r.Form)
	var failed *failure
	if queue := s.failures[method]; len(queue) > 0 {
		failed, s.failures[method] = &queue[0], queue[1:]
	}
	s.mu.Unlock()
	if failed != nil {
		w.WriteHeader(failed.status)
		fmt.Fprint(w, failed.body)
		return
	}
	if method == "sendMessage" || method == "sendPhoto" {
		s.send(w, r, method, file)
		return
	}
	write(w, s.dispatch(r, method))
}

func (s *Server) dispatch(r *http.Request, method string) answer {
	switch method {
	case "getUpdates":
		return s.getUpdates(r)
	case "getMe":
		return yes(map[string]any{"id": BotID, "is_bot": true, "first_name": "Tidings", "username": BotName})
	case "deleteWebhook":
		s.mu.Lock()
		defer s.mu.Unlock()
		s.webhook = false
		return yes(true)
	case "setMyCommands":
		return s.setMyCommands(r.Form)
	case "getChat":
		return s.getChat(r.Form)
	case "getChatMember":
		return s.getChatMember(r.Form)
	case "editMessageText":
		return s.editMessageText(r.Form)
	case "answerCallbackQuery":
		return s.answerCallbackQuery(r.Form)
	}
	s.t.Errorf("telegramtest: the method %q is not known here", method)
	return answer{code: http.StatusNotFound, text: "Not Found: method not found"}
}

func write(w http.ResponseWriter, a answer) {
	body := map[string]any{"ok": a.code == 0}
	if a.code == 0 {
		body["result"] = a.result
	} else {
		body["error_code"], body["description"] = a.code, a.text
		parameters := map[string]any{}
		if a.retryAfter > 0 {
			parameters["retry_after"] = a.retryAfter
		}
		if a.migrateTo != 0 {
			parameters["migrate_to_chat_id"] = a.migrateTo
		}
		if len(parameters) > 0 {
			body["parameters"] = parameters
		}
	}
	w.Header().Set("Content-Type", "application/json")
	if a.code != 0 {
		w.WriteHeader(a.code)
	}
	json.NewEncoder(w).Encode(body)
}

// Handler serves one request without a network, for tests inside a bubble of
// testing/synctest.
func (s *Server) Handler(r *http.Request) *http.Response {
	recorder := httptest.NewRecorder()
	s.ServeHTTP(recorder, r)
	return recorder.Result()
}

func number(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64)
	return n
}
