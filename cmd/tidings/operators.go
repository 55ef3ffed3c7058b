package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"time"

	"tidings/bot/delivery"
)

// operators is what those who run the program can ask over HTTP: whether it
// lives (/healthz), whether it can do its work (/readyz), and numbers (/metrics).
type operators struct {
	listener net.Listener // nil when nobody can ask
	server   *http.Server
}

// listenForOperators takes the port, so that a port in use is found first.
func listenForOperators(addr string) (*operators, error) {
	if addr == "" {
		return &operators{}, nil
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		if failed, ok := errors.AsType[*net.OpError](err); ok {
			err = failed.Err
		}
		return nil, fmt.Errorf("http.addr: %s cannot be listened on: %w; choose another, or \"\" for none", addr, err)
	}
	return &operators{listener: listener}, nil
}

func (o *operators) addr() string {
	if o.listener == nil {
		return "none"
	}
	return o.listener.Addr().String()
}

func (o *operators) serve(g *program, log *slog.Logger) {
	if o.listener == nil {
		return
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { answer(w, g.alive()) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) { answer(w, g.ready(r.Context())) })
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4")
		if err := g.metrics(r.Context(), w); err != nil {
			log.Error("the numbers could not be collected", "error", err)
		}
	})
	o.server = &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, WriteTimeout: 10 * time.Second}
	go o.server.Serve(o.listener)
}

func (o *operators) close() {
	if o.server != nil {
		o.server.Close()
	} else if o.listener != nil {
		o.listener.Close()
	}
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
	failing := 0
	for _, f := range feeds {
		if f.Failures > 0 || f.Gone {
			failing++
		}
	}
	counts, err := g.delivery.Counts(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "# TYPE tidings_feeds gauge\ntidings_feeds{state=\"ok\"} %d\ntidings_feeds{state=\"failing\"} %d\n", len(feeds)-failing, failing)
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
