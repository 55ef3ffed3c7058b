package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"golang.org/x/term"

	"tidings/bot"
	"tidings/bot/terminal"
	"tidings/cmd/tidings/sample"
	"tidings/digest"
	"tidings/digest/archive"
	"tidings/digest/feed"
	"tidings/subscriptions/schedule"
)

// demo is the whole program on sample feeds of its own, with a terminal as chat.
func demo(ctx context.Context, args []string, w world) error {
	if err := flags("demo", w).Parse(args); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	base, err := serveSample(ctx, w.now)
	if err != nil {
		return err
	}
	standard, err := schedule.Parse("daily 08:00")
	if err != nil {
		return err
	}
	p := plan{
		topics: sampleTopics(), feeds: sampleFeeds(base), zone: time.Local, schedule: standard,
		polling:  feed.Config{UserAgent: "tidings-demo", HostParallel: 8, AllowPrivate: true},
		interval: 15 * time.Minute, workers: 8, admins: map[string]bool{"terminal:you": true},
	}
	chat := terminal.New(terminalConfig(w))
	g, err := newProgram(ctx, p, []bot.Platform{chat}, w, slog.New(slog.NewTextHandler(w.stderr, &slog.HandlerOptions{Level: slog.LevelError})))
	if err != nil {
		return err
	}
	defer g.close()
	if err := g.takeOver(ctx, p); err != nil {
		return err
	}
	if err := g.newsroom.Start(ctx); err != nil {
		return err
	}
	if err := g.pollAll(ctx, w.stderr); err != nil {
		return err
	}
	if isTerminal(w.stdin) {
		fmt.Fprintln(w.stdout, "A digest bot on sample news. Try: /digest Ukraine peace talks   /help lists all, /quit ends.")
	}
	return g.work(ctx, func(ctx context.Context) error { return chat.Run(ctx, g.conversation.Commands(), g.conversation) })
}

// serveSample serves the sample feeds on loopback until ctx ends.
func serveSample(ctx context.Context, now func() time.Time) (base string, err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("serve the sample feeds: %w", err)
	}
	server := &http.Server{Handler: sample.Handler(now), ReadHeaderTimeout: 5 * time.Second}
	context.AfterFunc(ctx, func() { server.Close() })
	go server.Serve(listener)
	return "http://" + listener.Addr().String(), nil
}

func sampleFeeds(base string) []archive.Feed {
	var feeds []archive.Feed
	for _, f := range sample.Feeds() {
		feeds = append(feeds, archive.Feed{URL: base + f.Path, Outlet: f.Outlet, Owner: f.Owner, Country: f.Country, Language: f.Language})
	}
	return feeds
}

func sampleTopics() []digest.Topic {
	var topics []digest.Topic
	for _, t := range sample.Topics() {
		topics = append(topics, digest.Topic{Name: t.Name, Query: t.Query, Description: t.Description})
	}
	return topics
}

// terminalConfig says what the program's own terminal can show.
func terminalConfig(w world) terminal.Config {
	c := terminal.Config{In: w.stdin, Out: w.stdout}
	out, ok := w.stdout.(*os.File)
	if !ok || !term.IsTerminal(int(out.Fd())) {
		return c
	}
	if width, _, err := term.GetSize(int(out.Fd())); err == nil {
		c.Width = min(width, 100)
	}
	c.Style = w.getenv("NO_COLOR") == "" && w.getenv("TERM") != "dumb"
	if isTerminal(w.stdin) {
		c.Prompt = "> "
	}
	return c
}

func isTerminal(r io.Reader) bool {
	f, ok := r.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
