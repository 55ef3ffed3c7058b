package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/robfig/cron/v3"
	"golang.org/x/term"

	"tidings/digest/newsroom"
)

// stopWithin is how long stopping may take.
const stopWithin = 10 * time.Second

// work runs the ticks and the deliveries for as long as main runs.
func (g *program) work(ctx context.Context, main func(context.Context) error) error {
	if err := g.delivery.Start(ctx); err != nil {
		return err
	}
	ticks := g.ticks(ctx)
	ticks.Start()
	err := main(ctx)
	<-ticks.Stop().Done()
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer cancel()
	if stopped := g.delivery.Stop(stopping); stopped != nil {
		g.log.Warn("some deliveries were cut short; they go on at the next start", "error", stopped)
	}
	g.newsroom.Wait()
	return errors.Join(err, g.newsroom.Save(stopping))
}

// ticks is what happens again and again. A tick that is still running is not
// begun a second time.
func (g *program) ticks(ctx context.Context) *cron.Cron {
	g.ticked.Store(time.Now().UnixNano())
	log := cronLog{g.log}
	c := cron.New(cron.WithLogger(log), cron.WithChain(cron.Recover(log), cron.SkipIfStillRunning(cron.DiscardLogger)))
	for _, t := range []struct {
		name  string
		every time.Duration
		do    func(context.Context) error
	}{
		{"note that the ticks run", 5 * time.Second, func(context.Context) error { g.ticked.Store(time.Now().UnixNano()); return nil }},
		{"take up what is due", time.Second, g.delivery.Tick},
		{"poll the feeds that are due", time.Second, g.newsroom.PollDue},
		{"read articles' pages", time.Second, g.newsroom.ReadPages},
		{"ask hubs for the news of feeds", time.Minute, g.newsroom.Subscribe},
		{"make new articles be found by their words", 2 * time.Second, g.newsroom.IndexAll},
		{"decide again what belongs to the topics", 5 * time.Minute, g.newsroom.RefreshAll},
		{"store how common words are", 10 * time.Minute, g.newsroom.Save},
		{"wake what lost its wake-up", 30 * time.Second, g.delivery.Sweep},
		{"tell the admins of failing feeds", 10 * time.Minute, g.tellOfFeeds},
		{"learn how much owners count", 6 * time.Hour, g.learnWeights},
		{"reconsider the stories", time.Minute, g.newsroom.Reconsider},
		{"remove what is long past", time.Hour, g.prune},
	} {
		c.Schedule(cron.ConstantDelaySchedule{Delay: t.every}, cron.FuncJob(func() {
			if err := t.do(ctx); err != nil && ctx.Err() == nil {
				g.log.Error("could not "+t.name, "error", err)
			}
		}))
	}
	return c
}

// learnFrom is how far back is looked to learn how much owners count.
const learnFrom = 14 * 24 * time.Hour

func (g *program) learnWeights(ctx context.Context) error {
	return g.archive.LearnWeights(ctx, g.now().Add(-learnFrom))
}

// keepArticles is how long articles are kept.
const keepArticles = 60 * 24 * time.Hour

// keepShown is how long a chat remembers a story that it was shown.
const keepShown = 90 * 24 * time.Hour

func (g *program) prune(ctx context.Context) error {
	_, err := g.archive.Prune(ctx, g.now().Add(-keepArticles), 5000)
	return errors.Join(err, g.delivery.Prune(ctx), g.subscriptions.Forget(ctx, g.now().Add(-keepShown)))
}

// cronLog tells the log of what cron does, but not of every tick.
type cronLog struct{ log *slog.Logger }

// Info implements cron.Logger.
func (l cronLog) Info(string, ...any) {}

// Error implements cron.Logger.
func (l cronLog) Error(err error, msg string, keysAndValues ...any) {
	l.log.Error("a tick failed: "+msg, append([]any{"error", err}, keysAndValues...)...)
}

// pollAll polls every feed once and says on one line of stderr how far it is.
func (g *program) pollAll(ctx context.Context, stderr io.Writer) error {
	f, ok := stderr.(*os.File)
	live := ok && term.IsTerminal(int(f.Fd()))
	line := func(p newsroom.Progress) string {
		return fmt.Sprintf("polling %d/%d feeds · %d articles · %d failed", p.Feeds, p.Of, p.Articles, p.Failed)
	}
	p, err := g.newsroom.PollAll(ctx, func(p newsroom.Progress) {
		if live {
			fmt.Fprintf(stderr, "\r\x1b[K%s", line(p))
		}
	})
	if live {
		fmt.Fprint(stderr, "\r\x1b[K")
	} else {
		fmt.Fprintln(stderr, line(p))
	}
	if err != nil {
		return err
	}
	if err := g.newsroom.Regroup(ctx); err != nil {
		return err
	}
	return g.newsroom.Reconsider(ctx)
}
