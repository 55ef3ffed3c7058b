package telegram_test

import (
	"bytes"
	"log/slog"
	"sync"
	"testing"

	"tidings/bot/bottest"
	"tidings/bot/telegram"
	"tidings/bot/telegram/telegramtest"
)

func TestConformance(t *testing.T) {
	if !telegramtest.Validated() {
		t.Log("Requests are not held to the specification: set TIDINGS_SHARED to the folder that has specs/telegram.")
	}
	bottest.Run(t, func(t *testing.T) bottest.Setup {
		server := telegramtest.New(t, telegramtest.Hooks{})
		p, log := connect(t, server)
		return bottest.Setup{Platform: p, Network: server, Secrets: []string{telegramtest.Token, server.URL}, Log: log.String}
	})
}

// connect is a platform that uses the server, and what it logs.
func connect(t *testing.T, s *telegramtest.Server) (*telegram.Platform, *buffer) {
	t.Helper()
	log := &buffer{}
	p, err := telegram.New(telegram.Config{Token: telegramtest.Token, APIURL: s.URL},
		slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	if err != nil {
		t.Fatal(err)
	}
	return p, log
}

// buffer collects a log from many goroutines.
type buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}
