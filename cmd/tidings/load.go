package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"tidings/digest"
	"tidings/digest/archive"
	"tidings/digest/feed"
	"tidings/digest/language"
	"tidings/digest/query"
	"tidings/digest/summary"
)

// configured reads the configuration that a command's -config flag names. What
// is wrong with it is told on stderr, a line each.
func configured(path string, w world) (*config, error) {
	if path == "" {
		return nil, errors.New("-config is missing; it names the configuration file, like -config config.toml")
	}
	c, problems := loadConfig(path, w.getenv, queryCheck())
	for _, p := range problems {
		fmt.Fprintln(w.stderr, "tidings:", p)
	}
	if len(problems) > 0 {
		return nil, errSaid
	}
	return c, nil
}

// queryCheck says what is wrong with a query, or why it makes no topic.
func queryCheck() func(string) error {
	analyzer := language.New()
	return func(s string) error {
		q, err := query.Parse(s)
		if err != nil {
			return err
		}
		return q.Useful(analyzer)
	}
}

// pollers is how many feeds are polled at the same time.
const pollers = 32

// plan is what the configuration asks for.
func (c *config) plan() plan {
	p := plan{
		database: string(c.Database.URL), zone: c.Defaults.zone, schedule: c.Defaults.schedule,
		polling: feed.Config{
			UserAgent: c.Polling.UserAgent, Contact: c.Polling.Contact, HostParallel: c.Polling.HostParallel,
			HostPause: c.Polling.HostPause, AllowPrivate: c.Polling.AllowPrivate,
		},
		interval: c.Polling.Interval, workers: pollers, admins: c.Admins.users(),
		model:    summary.ModelConfig{BaseURL: c.Model.BaseURL, Name: c.Model.Name, Key: string(c.Model.Key), DailyTokens: c.Model.DailyTokens},
		language: c.Defaults.Language,
	}
	if c.HTTP.PublicURL != "" {
		p.callback = strings.TrimRight(c.HTTP.PublicURL, "/") + hubPath
	}
	for _, f := range c.Feeds {
		p.feeds = append(p.feeds, archive.Feed{URL: f.URL, Outlet: f.Outlet, Owner: f.Owner, Country: f.Country, Language: f.Language, FullText: f.FullText})
	}
	for _, t := range c.Topics {
		topic := digest.Topic{
			Name: t.Name, Query: t.Query, Description: t.Description, Feeds: t.Feeds, Languages: t.Languages, Schedule: t.Schedule,
		}
		if t.Strictness != "normal" {
			topic.Strictness = t.Strictness
		}
		p.topics = append(p.topics, topic)
		if t.FullText {
			p.inFull = append(p.inFull, t.Name)
		}
		for _, was := range t.Was {
			p.renamed = append(p.renamed, archive.Renamed{Was: was, Name: t.Name})
		}
	}
	return p
}

// users are the admins as platform:id.
func (a adminsConfig) users() map[string]bool {
	users := map[string]bool{}
	for _, id := range a.Telegram {
		users[fmt.Sprintf("telegram:%d", id)] = true
	}
	for _, id := range a.Discord {
		users["discord:"+id] = true
	}
	return users
}

// logTo is a log for people and programs that read text.
func logTo(out io.Writer, level slog.Leveler) *slog.Logger {
	return slog.New(slog.NewTextHandler(out, &slog.HandlerOptions{Level: level}))
}
