package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"runtime/debug"

	"tidings/bot"
	"tidings/bot/discord"
	"tidings/bot/telegram"
)

// memoryAim is how much memory, in bytes, Go's heap and stacks take before the
// garbage collector works harder to take no more.
const memoryAim = 180 << 20

// serve runs the bot until it is told to stop.
func serve(ctx context.Context, args []string, w world) (err error) {
	set := flags("run", w)
	path := set.String("config", "", "the configuration `FILE`")
	if err := parse(set, args, 0); err != nil {
		return err
	}
	c, err := configured(*path, w)
	if err != nil {
		return err
	}
	// The program waits most of the time: memory is dearer than its processor.
	debug.SetGCPercent(50)
	debug.SetMemoryLimit(memoryAim)
	level := &slog.LevelVar{}
	level.Set(c.Log.Level)
	log := logTo(w.stderr, level)
	platforms, err := networks(c, log)
	if err != nil {
		return err
	}
	operators, err := listen("http.addr", c.HTTP.Addr)
	if err != nil {
		return err
	}
	defer operators.close()
	public, err := listen("http.public_addr", c.HTTP.PublicAddr)
	if err != nil {
		return err
	}
	defer public.close()
	p := c.plan()
	p.file = filepath.Base(*path)
	g, err := newProgram(ctx, p, platforms, w, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, g.close()) }()
	if err := g.database.Lock(ctx); err != nil {
		return err
	}
	if err := g.takeOver(ctx, p); err != nil {
		return err
	}
	if err := g.newsroom.Start(ctx); err != nil {
		return err
	}
	operators.serve(g.operators())
	public.serve(g.webhooks(c.HTTP.PublicURL))
	log.Info("tidings serves", "feeds", len(p.feeds), "topics", len(p.topics), "operators", operators.addr())
	return g.work(ctx, func(ctx context.Context) error {
		defer public.close()
		return g.talk(ctx, func(ctx context.Context) { g.reloads(ctx, *path, w, level) })
	})
}

// networks are the chat networks that the configuration has tokens for.
func networks(c *config, log *slog.Logger) ([]bot.Platform, error) {
	var platforms []bot.Platform
	if c.Telegram.Token != "" {
		p, err := telegram.New(telegram.Config{Token: c.Telegram.Token, APIURL: c.Telegram.APIURL}, log.With("network", "telegram"))
		if err != nil {
			return nil, err
		}
		platforms = append(platforms, p)
	}
	if c.Discord.Token != "" {
		p, err := discord.New(discord.Config{Token: c.Discord.Token, APIURL: c.Discord.APIURL}, log.With("network", "discord"))
		if err != nil {
			return nil, err
		}
		platforms = append(platforms, p)
	}
	if len(platforms) == 0 {
		return nil, errors.New("no network is configured; name a token as telegram.token, telegram.token_file or $TIDINGS_TELEGRAM_TOKEN, " +
			"or as discord.token, discord.token_file or $TIDINGS_DISCORD_TOKEN (tidings demo needs none)")
	}
	return platforms, nil
}

// talk runs all networks, and beside, until ctx ends or a network fails for good.
func (g *program) talk(ctx context.Context, beside func(context.Context)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go beside(ctx)
	ends := make(chan error, len(g.platforms))
	for _, p := range g.platforms {
		go func() { ends <- p.Run(ctx, g.conversation.Commands(), g.conversation) }()
	}
	var errs []error
	for range g.platforms {
		err := <-ends
		if err != nil {
			errs = append(errs, err)
		}
		cancel()
	}
	return errors.Join(errs...)
}

// reloads reads the configuration again whenever it is asked to. One that is
// wrong changes nothing.
func (g *program) reloads(ctx context.Context, path string, w world, level *slog.LevelVar) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-w.reload:
		}
		if err := g.reload(ctx, path, w, level); err != nil {
			g.log.Error("the configuration was not taken over; all stays as it was", "error", err)
			continue
		}
		g.log.Info("the configuration was taken over: feeds, topics, admins, log")
	}
}

func (g *program) reload(ctx context.Context, path string, w world, level *slog.LevelVar) error {
	c, problems := loadConfig(path, w.getenv, queryCheck())
	var errs []error
	for _, p := range problems {
		errs = append(errs, errors.New(p.String()))
	}
	if len(errs) > 0 {
		return errors.Join(errs...)
	}
	p := c.plan()
	if err := g.takeOver(ctx, p); err != nil {
		return err
	}
	g.conversation.SetAdmins(p.admins)
	level.Set(c.Log.Level)
	if err := g.newsroom.TopicsChanged(ctx); err != nil {
		return fmt.Errorf("take over the topics: %w", err)
	}
	return nil
}
