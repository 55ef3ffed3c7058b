package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"time"

	"tidings/bot/delivery"
)

// server answers on one address.
type server struct {
	listener net.Listener // nil when nobody can ask
	server   *http.Server
}

// listen takes the port, so that a port in use is found first. key is where the
// configuration names the address.
func listen(key, addr string) (*server, error) {
	if addr == "" {
		return &server{}, nil
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		if failed, ok := errors.AsType[*net.OpError](err); ok {
			err = failed.Err
		}
		return nil, fmt.Errorf("%s: %s cannot be listened on: %w; choose another, or \"\" for none", key, addr, err)
	}
	return &server{listener: listener}, nil
}

func (s *server) addr() string {
	if s.listener == nil {
		return "none"
	}
	return s.listener.Addr().String()
}

func (s *server) serve(h http.Handler) {
	if s.listener == nil {
		return
	}
	s.server = &http.Server{
		Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: 30 * time.Second,
		IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10,
	}
	go s.server.Serve(s.listener)
}

// close waits a moment for those who are being answered.
func (s *server) close() {
	if s.server != nil {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		if s.server.Shutdown(ctx) != nil {
			s.server.Close()
		}
	} else if s.listener != nil {
		s.listener.Close()
	}
}

// operators is what those who run the program can ask over HTTP: whether it
// lives (/healthz), whether it can do its work (/readyz), and numbers (/metrics).
func (g *program) operators() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { answer(w, g.alive()) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) { answer(w, g.ready(r.Context())) })
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4")
		if err := g.metrics(r.Context(), w); err != nil {
			g.log.Error("the numbers could not be collected", "error", err)
		}
	})
	return mux
}

// hubPath is where hubs reach the program, below its public URL.
const hubPath = "/websub"

// webhooks is all that the program answers to the public: what hubs bring.
func (g *program) webhooks(publicURL string) http.Handler {
	mux := http.NewServeMux()
	if u, err := url.Parse(publicURL); err == nil {
		mux.Handle(strings.TrimRight(u.Path, "/")+hubPath+"/", g.newsroom)
	}
	return mux
}

func answer(w http.ResponseWriter, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ok")
}

// stuckAfter is how old the last tick may be before the program counts as stuck.
const stuckAfter = time.Minute

// alive says why the program's loops do not run, or nil.
func (g *program) alive() error {
	if age := time.Since(time.Unix(0, g.ticked.Load())); age > stuckAfter {
		return fmt.Errorf("the last tick was %s ago", age.Round(time.Second))
	}
	return nil
}

// ready says why the program cannot do its work now, or nil.
func (g *program) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if g.database.Ping(ctx) != nil {
		return errors.New("the database does not answer")
	}
	for _, p := range g.platforms {
		if !p.Connected() {
			return fmt.Errorf("%s is not connected", p.Name())
		}
	}
	return nil
}

// metrics writes numbers in the text format of Prometheus.
func (g *program) metrics(ctx context.Context, w io.Writer) error {
	feeds, err := g.archive.Feeds(ctx)
	if err != nil {
		return err
	}
	states := map[string]int{"new": 0, "ok": 0, "slow": 0, "failing": 0, "gone": 0}
	for _, f := range feeds {
		states[f.State()]++
	}
	counts, err := g.delivery.Counts(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "# TYPE tidings_feeds gauge\n")
	for _, state := range slices.Sorted(maps.Keys(states)) {
		fmt.Fprintf(w, "tidings_feeds{state=%q} %d\n", state, states[state])
	}
	fmt.Fprintf(w, "# TYPE tidings_parts gauge\n")
	for _, state := range delivery.States() {
		fmt.Fprintf(w, "tidings_parts{state=%q} %d\n", state, counts[state])
	}
	fmt.Fprintf(w, "# TYPE tidings_connected gauge\n")
	for _, p := range g.platforms {
		connected := 0
		if p.Connected() {
			connected = 1
		}
		fmt.Fprintf(w, "tidings_connected{network=%q} %d\n", p.Name(), connected)
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	_, err = fmt.Fprintf(w, "# TYPE tidings_heap_bytes gauge\ntidings_heap_bytes %d\n# TYPE tidings_goroutines gauge\ntidings_goroutines %d\n",
		memory.HeapAlloc, runtime.NumGoroutine())
	return err
}
