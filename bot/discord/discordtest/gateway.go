package discordtest

import (
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Trouble is what goes wrong with connections to the gateway. Each applies to
// every connection until it is changed.
type Trouble struct {
	// Mute keeps the greeting back.
	Mute bool
	// CloseAfterIdentify is the code with which an Identify is answered; 0 answers it well.
	CloseAfterIdentify int
	// ReconnectFirst asks to reconnect before the session is ready.
	ReconnectFirst bool
	// InvalidSession answers every Identify with op 9.
	InvalidSession bool
	// Deaf leaves heartbeats without an answer.
	Deaf bool
	// Heartbeat is the interval asked for; 0 means Discord's 41.25 s.
	Heartbeat time.Duration
	// Remaining is how many sessions may still be started; nil means plenty.
	Remaining *int
}

// gateway is the socket's side of the fake.
type gateway struct {
	mu         sync.Mutex
	trouble    Trouble
	sessions   map[*session]bool
	connects   int
	identifies []identify
	newest     map[string]any // of each kind of event
}

type session struct {
	mu    sync.Mutex // guards writing and what follows
	conn  *websocket.Conn
	seq   int64
	ready bool
}

// identify is what a client says of itself.
type identify struct {
	Token   string `json:"token"`
	Intents int    `json:"intents"`
	at      time.Time
}

// packet is what goes over the socket.
type packet struct {
	Op   int             `json:"op"`
	Data json.RawMessage `json:"d"`
	Seq  *int64          `json:"s"`
	Type string          `json:"t,omitempty"`
}

func (g *gateway) init() {
	g.sessions, g.newest = map[*session]bool{}, map[string]any{}
}

// SetTrouble makes connections go wrong from now on.
func (s *Server) SetTrouble(t Trouble) {
	s.gateway.mu.Lock()
	defer s.gateway.mu.Unlock()
	s.gateway.trouble = t
}

// Identifies are the intents of every Identify so far.
func (s *Server) Identifies() []int {
	s.gateway.mu.Lock()
	defer s.gateway.mu.Unlock()
	var intents []int
	for _, i := range s.gateway.identifies {
		intents = append(intents, i.Intents)
	}
	return intents
}

// Connects counts the connections to the gateway so far.
func (s *Server) Connects() int {
	s.gateway.mu.Lock()
	defer s.gateway.mu.Unlock()
	return s.gateway.connects
}

// Connected reports whether a bot is connected and ready.
func (s *Server) Connected() bool { return s.gateway.ready() }

// Disconnect closes all connections with a code; 0 breaks them without one.
func (s *Server) Disconnect(code int) { s.gateway.closeAll(code) }

// AskReconnect asks all connections to reconnect (op 7).
func (s *Server) AskReconnect() { s.gateway.each(packet{Op: 7}) }

// Invalidate tells all connections that their session is invalid (op 9).
func (s *Server) Invalidate() { s.gateway.each(packet{Op: 9, Data: json.RawMessage("false")}) }

func (s *Server) gatewayBot() answer {
	s.gateway.mu.Lock()
	defer s.gateway.mu.Unlock()
	remaining := 900
	if r := s.gateway.trouble.Remaining; r != nil {
		remaining = *r
	}
	return answer{200, nil, map[string]any{"url": "ws://" + s.address + "/socket", "shards": 1, "session_start_limit": map[string]any{
		"total": 1000, "remaining": remaining, "reset_after": 3600000, "max_concurrency": 1}}}
}

func (g *gateway) ready() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	for s := range g.sessions {
		s.mu.Lock()
		ready := s.ready
		s.mu.Unlock()
		if ready {
			return true
		}
	}
	return false
}

func (g *gateway) all() []*session {
	g.mu.Lock()
	defer g.mu.Unlock()
	var all []*session
	for s := range g.sessions {
		all = append(all, s)
	}
	return all
}

func (g *gateway) each(p packet) {
	for _, s := range g.all() {
		s.write(p)
	}
}

func (g *gateway) closeAll(code int) {
	for _, s := range g.all() {
		s.close(code)
	}
}

// send dispatches an event to all sessions that are ready.
func (g *gateway) send(event string, data any) {
	g.mu.Lock()
	g.newest[event] = data
	g.mu.Unlock()
	for _, s := range g.all() {
		s.mu.Lock()
		ready := s.ready
		s.mu.Unlock()
		if ready {
			s.dispatch(event, data)
		}
	}
}

func (g *gateway) repeat(event string) {
	g.mu.Lock()
	data := g.newest[event]
	g.mu.Unlock()
	g.send(event, data)
}

func (s *session) write(p packet) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conn.WriteJSON(p)
}

func (s *session) dispatch(event string, data any) {
	raw, _ := json.Marshal(data)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seq++
	seq := s.seq
	if event == "READY" {
		s.ready = true
	}
	s.conn.WriteJSON(packet{Op: 0, Data: raw, Seq: &seq, Type: event})
}

func (s *session) close(code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ready = false
	if code != 0 {
		s.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(time.Second))
	}
	s.conn.Close()
}

// connect is one connection to the gateway.
func (s *Server) connect(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Get("v") != "9" || r.URL.Query().Get("encoding") != "json" {
		s.t.Errorf("discordtest: the gateway is asked for %q", r.URL.RawQuery)
	}
	conn, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer conn.Close()
	me, g := &session{conn: conn}, &s.gateway
	g.mu.Lock()
	g.sessions[me] = true
	g.connects++
	trouble := g.trouble
	g.mu.Unlock()
	defer func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		delete(g.sessions, me)
	}()
	if !trouble.Mute {
		interval := 41250 * time.Millisecond
		if trouble.Heartbeat > 0 {
			interval = trouble.Heartbeat
		}
		hello, _ := json.Marshal(map[string]int64{"heartbeat_interval": interval.Milliseconds()})
		me.write(packet{Op: 10, Data: hello})
	}
	for {
		var p packet
		if conn.ReadJSON(&p) != nil {
			return
		}
		switch p.Op {
		case 1:
			if !trouble.Deaf {
				me.write(packet{Op: 11})
			}
		case 2:
			s.identified(me, p, trouble)
		case 6:
			me.write(packet{Op: 9, Data: json.RawMessage("false")})
		default:
			me.close(4001)
		}
	}
}

func (s *Server) identified(me *session, p packet, trouble Trouble) {
	var i identify
	json.Unmarshal(p.Data, &i)
	i.at = time.Now()
	s.gateway.mu.Lock()
	s.gateway.identifies = append(s.gateway.identifies, i)
	s.gateway.mu.Unlock()
	me.mu.Lock()
	again := me.ready
	me.mu.Unlock()
	switch {
	case i.Token != "Bot "+s.Token && i.Token != s.Token:
		me.close(4004)
	case again:
		me.close(4005)
	case trouble.CloseAfterIdentify != 0:
		me.close(trouble.CloseAfterIdentify)
	case trouble.ReconnectFirst:
		me.write(packet{Op: 7})
	case trouble.InvalidSession:
		me.write(packet{Op: 9, Data: json.RawMessage("false")})
	default:
		s.greet(me)
	}
}

// greet makes a session ready and tells it of its server.
func (s *Server) greet(me *session) {
	s.mu.Lock()
	guilds := []any{map[string]any{"id": guildID, "unavailable": true}}
	if s.removed {
		guilds = []any{}
	}
	channels, threads := []any{}, []any{}
	for _, c := range s.channels {
		switch {
		case c.deleted || c.kind == directChannel:
		case c.kind == publicThread:
			threads = append(threads, s.channelObject(c))
		default:
			channels = append(channels, s.channelObject(c))
		}
	}
	s.mu.Unlock()
	me.dispatch("READY", map[string]any{"v": 9, "user": map[string]any{"id": botID, "username": "tidings", "bot": true}, "guilds": guilds,
		"session_id": "s", "resume_gateway_url": "ws://" + s.address + "/socket", "application": map[string]any{"id": botID, "flags": 0}})
	if len(guilds) > 0 {
		me.dispatch("GUILD_CREATE", map[string]any{"id": guildID, "name": "The desk", "channels": channels, "threads": threads})
	}
}
