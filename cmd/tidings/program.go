package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"tidings/bot"
	"tidings/bot/conversation"
	"tidings/bot/delivery"
	"tidings/digest"
	"tidings/digest/archive"
	"tidings/digest/database"
	"tidings/digest/feed"
	"tidings/digest/language"
	"tidings/digest/newsroom"
	"tidings/digest/summary"
	"tidings/subscriptions"
	"tidings/subscriptions/schedule"
)

// plan is what a program is made to do.
type plan struct {
	file     string // the configuration's name, for people; empty in the demo
	database string // URL or path; empty for a database of its own that goes with it
	feeds    []archive.Feed
	topics   []digest.Topic
	renamed  []archive.Renamed
	zone     *time.Location
	schedule schedule.Schedule
	polling  feed.Config
	// inFull are the names of the topics whose articles' pages are read.
	inFull []string
	// callback is the public URL under which hubs reach the program, or empty.
	callback string
	interval time.Duration
	workers  int
	// model rewrites stories when it has a base URL; language is that of its text.
	model    summary.ModelConfig
	language string
	// admins may do everything in every chat; platform:id.
	admins map[string]bool
}

// program is all rooms, wired.
type program struct {
	database      *database.DB
	archive       *archive.Archive
	client        *feed.Client
	newsroom      *newsroom.Newsroom
	subscriptions *subscriptions.Store
	delivery      *delivery.Delivery
	conversation  *conversation.Conversation
	platforms     []bot.Platform
	log           *slog.Logger
	now           func() time.Time
	// ticked is when the ticks were last seen to run, in unix nanoseconds.
	ticked atomic.Int64
	// temporary is a folder that goes with the program, or empty.
	temporary string
}

// newProgram opens the database and wires the rooms. close must be called.
func newProgram(ctx context.Context, p plan, platforms []bot.Platform, w world, log *slog.Logger) (*program, error) {
	g := &program{platforms: platforms, log: log, now: w.now}
	if err := g.open(ctx, p.database); err != nil {
		return nil, err
	}
	g.archive = archive.New(g.database)
	g.subscriptions = subscriptions.New(g.database)
	analyzer := language.New()
	p.polling.Now = w.now
	g.client = feed.NewClient(p.polling, log)
	g.newsroom = newsroom.New(newsroom.Config{
		Archive: g.archive, Client: g.client, Analyzer: analyzer, Callback: p.callback,
		Interval: p.interval, Workers: p.workers, NextDue: everyMinute(w.now, g.subscriptions.NextDue), Votes: g.topicVotes, Now: w.now, Log: log,
	})
	var rewriter delivery.Rewriter
	if p.model.BaseURL != "" {
		model := summary.NewModel(p.model, analyzer.Clone())
		rewriter = func(ctx context.Context, headline string, sentences []string, from, to string) (summary.Rewritten, error) {
			return model.Rewrite(ctx, w.now(), headline, sentences, from, to)
		}
	}
	var err error
	g.delivery, err = delivery.New(delivery.Config{
		Database: g.database, Archive: g.archive, Subscriptions: g.subscriptions, Platforms: platforms,
		Composers: []*digest.Composer{digest.NewComposer(analyzer), digest.NewComposer(analyzer)}, Refresh: g.newsroom.Refresh, Taste: g.taste, Rewriter: rewriter, Language: p.language, Zone: p.zone, Now: w.now, Log: log,
	})
	if err != nil {
		return nil, errors.Join(err, g.close())
	}
	g.conversation = conversation.New(conversation.Config{
		Archive: g.archive, Newsroom: g.newsroom, Subscriptions: g.subscriptions, Delivery: g.delivery,
		Platforms: platforms, Schedule: p.schedule, File: p.file, Now: w.now, Log: log,
	})
	g.conversation.SetAdmins(p.admins)
	return g, nil
}

// taste is what a chat likes that cast these votes.
func (g *program) taste(ctx context.Context, votes []subscriptions.Vote) (func(digest.Article) float64, error) {
	liked, disliked := subscriptions.Divide(votes)
	return g.newsroom.Taste(ctx, liked, disliked)
}

// topicVotes are the ids of the articles that were voted on for everyone.
func (g *program) topicVotes(ctx context.Context, topicID string) (more, less []string, err error) {
	votes, err := g.subscriptions.TopicVotes(ctx, topicID)
	if err != nil {
		return nil, nil, err
	}
	more, less = subscriptions.Divide(votes)
	return more, less, nil
}

// everyMinute asks at most once a minute, and gives the last answer in between.
func everyMinute[T any](now func() time.Time, ask func(context.Context) (T, error)) func(context.Context) (T, error) {
	var mu sync.Mutex
	var last T
	var at time.Time
	return func(ctx context.Context) (T, error) {
		mu.Lock()
		defer mu.Unlock()
		if age := now().Sub(at); age >= 0 && age < time.Minute {
			return last, nil
		}
		fresh, err := ask(ctx)
		if err == nil {
			last, at = fresh, now()
		}
		return fresh, err
	}
}

func (g *program) open(ctx context.Context, url string) (err error) {
	if url == "" {
		if g.temporary, err = os.MkdirTemp("", "tidings"); err != nil {
			return fmt.Errorf("make a temporary folder: %w", err)
		}
		url = filepath.Join(g.temporary, "tidings.db")
	}
	if g.database, err = database.Open(ctx, url); err != nil {
		return errors.Join(err, os.RemoveAll(g.temporary))
	}
	return nil
}

func (g *program) close() error {
	g.client.Close()
	err := g.database.Close()
	if g.temporary != "" {
		err = errors.Join(err, os.RemoveAll(g.temporary))
	}
	return err
}

// takeOver makes feeds and topics be those of the plan, and tells subscribers
// of the topics that left.
func (g *program) takeOver(ctx context.Context, p plan) error {
	now := g.now()
	if err := g.archive.ReconcileFeeds(ctx, p.feeds, now); err != nil {
		return err
	}
	g.newsroom.ReadInFull(p.inFull)
	left, err := g.archive.ReconcileTopics(ctx, p.topics, p.renamed, now)
	if err != nil {
		return err
	}
	for _, t := range left {
		if err := g.tellRetired(ctx, t, now); err != nil {
			return err
		}
	}
	return nil
}
