package telegramtest

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"
)

// storedUpdate is an update that no client has confirmed.
type storedUpdate struct {
	id   int64
	kind string
	text json.RawMessage
}

// pollState is the getUpdates call that waits now.
type pollState struct {
	terminated chan struct{}
	offset     int64
	begun      time.Time
}

// Push gives an update to the bot and returns its id. kind is the update's
// member, such as "message".
func (s *Server) Push(kind string, body any) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.push(kind, body)
}

func (s *Server) push(kind string, body any) int64 {
	s.lastID++
	if s.allowed != nil && !slices.Contains(s.allowed, kind) {
		return s.lastID
	}
	text, err := json.Marshal(map[string]any{"update_id": s.lastID, kind: body})
	if err != nil {
		s.t.Errorf("telegramtest: %v", err)
	}
	s.updates = append(s.updates, storedUpdate{id: s.lastID, kind: kind, text: text})
	close(s.arrived)
	s.arrived = make(chan struct{})
	return s.lastID
}

// Pending is the number of updates that no client has confirmed.
func (s *Server) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.updates)
}

// getUpdates confirms what stands before the offset and waits for what comes.
// A second caller ends the first one's call.
func (s *Server) getUpdates(r *http.Request) answer {
	offset, limit := number(r.Form.Get("offset")), int(number(r.Form.Get("limit")))
	if limit < 1 || limit > 100 {
		limit = 100
	}
	me := &pollState{terminated: make(chan struct{}), offset: offset, begun: time.Now()}
	s.mu.Lock()
	if s.webhook {
		s.mu.Unlock()
		return no("Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
	}
	if text := r.Form.Get("allowed_updates"); text != "" {
		s.allowed = nil
		if json.Unmarshal([]byte(text), &s.allowed) != nil {
			s.mu.Unlock()
			return no("Bad Request: can't parse allowed updates")
		}
	}
	if last := s.poll; last != nil {
		if last.offset == offset && time.Since(last.begun) < 500*time.Millisecond {
			limit = 1
		}
		close(last.terminated)
	}
	s.poll = me
	for len(s.updates) > 0 && s.updates[0].id < offset {
		s.updates = s.updates[1:]
	}
	s.mu.Unlock()
	timeout := time.NewTimer(time.Duration(min(number(r.Form.Get("timeout")), 50)) * time.Second)
	defer timeout.Stop()
	for {
		s.mu.Lock()
		arrived, batch := s.arrived, []json.RawMessage{}
		for _, u := range s.updates[:min(limit, len(s.updates))] {
			batch = append(batch, u.text)
		}
		s.mu.Unlock()
		if len(batch) > 0 {
			return yes(batch)
		}
		select {
		case <-arrived:
		case <-timeout.C:
			return yes(batch)
		case <-me.terminated:
			return no("Conflict: terminated by other getUpdates request; make sure that only one bot instance is running")
		case <-r.Context().Done():
			return yes(batch)
		case <-s.closed:
			return yes(batch)
		}
	}
}
