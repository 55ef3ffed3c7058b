package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"tidings/digest/archive"
	"tidings/digest/database"
	"tidings/digest/feed"
)

const feedsUsage = `tidings feeds does what has to do with feeds alone.

  tidings feeds read     [-format text|json] FILE|URL     what the reader sees in one feed
  tidings feeds discover URL                              the feeds of a site
  tidings feeds packs    [-config FILE] [-check] [PACK [LANGUAGE]]
                                                          starter packs; with -config, add one to the configuration
  tidings feeds import   -config FILE OPML                add the feeds of an OPML list; folders become topics
  tidings feeds export   -config FILE                     the configured feeds as an OPML list
  tidings feeds list     -config FILE                     the feeds and how they fare
`

// feeds does what has to do with feeds alone.
func feeds(ctx context.Context, args []string, w world) error {
	commands := map[string]func(context.Context, []string, world) error{
		"read": readFeed, "discover": discoverFeeds, "packs": feedPacks,
		"import": importFeeds, "export": exportFeeds, "list": listFeeds,
	}
	if len(args) > 0 {
		if command, ok := commands[args[0]]; ok {
			return command(ctx, args[1:], w)
		}
	}
	if len(args) > 0 && strings.TrimLeft(args[0], "-") == "help" {
		_, err := io.WriteString(w.stdout, feedsUsage)
		return err
	}
	io.WriteString(w.stderr, feedsUsage)
	return errSaid
}

// reader is a client for a person at the command line, who means a private
// address when naming one.
func reader(w world) *feed.Client {
	return feed.NewClient(feed.Config{AllowPrivate: true, HostPause: time.Second}, logTo(w.stderr, slog.LevelError))
}

// readFeed says what the reader sees in one feed.
func readFeed(ctx context.Context, args []string, w world) error {
	set := flags("feeds read", w)
	format := set.String("format", "text", "text or json")
	if err := parse(set, args, 1); err != nil {
		return err
	}
	if *format != "text" && *format != "json" {
		return fmt.Errorf("-format %q is not known; it is text or json", *format)
	}
	read, err := readOne(ctx, set.Arg(0), w)
	if err != nil {
		return err
	}
	if *format == "json" {
		return printJSON(w.stdout, feedAsJSON(read))
	}
	return printFeed(w.stdout, read)
}

func onTheWeb(where string) bool {
	return strings.HasPrefix(where, "http://") || strings.HasPrefix(where, "https://")
}

// readOne reads a feed from the web or a file.
func readOne(ctx context.Context, where string, w world) (*feed.Feed, error) {
	if !onTheWeb(where) {
		body, err := os.ReadFile(where)
		if err != nil {
			return nil, fmt.Errorf("the feed cannot be read: %w", err)
		}
		return feed.Read(body, "", "")
	}
	response, err := reader(w).Fetch(ctx, feed.Request{URL: where})
	if err != nil {
		return nil, fmt.Errorf("the feed cannot be fetched: %w", err)
	}
	return feed.Read(response.Body, response.ContentType, response.FinalURL)
}

// discoverFeeds finds the feeds of a site.
func discoverFeeds(ctx context.Context, args []string, w world) error {
	set := flags("feeds discover", w)
	if err := parse(set, args, 1); err != nil {
		return err
	}
	found, err := reader(w).Discover(ctx, set.Arg(0))
	if err != nil {
		return fmt.Errorf("no feed was found: %w", err)
	}
	for _, c := range found {
		fmt.Fprintf(w.stdout, "%s\n  %s · %s · %s\n", c.URL, c.Feed.Title, c.Feed.Format, articles(len(c.Feed.Items)))
	}
	return nil
}

// listFeeds tells how the configured feeds fare.
func listFeeds(ctx context.Context, args []string, w world) error {
	set := flags("feeds list", w)
	path := set.String("config", "", "the configuration `FILE`")
	if err := parse(set, args, 0); err != nil {
		return err
	}
	c, err := configured(*path, w)
	if err != nil {
		return err
	}
	known, err := storedFeeds(ctx, string(c.Database.URL))
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(w.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "STATE\tOUTLET\tITEMS\tPOLLED\tADDRESS")
	for _, f := range c.Feeds {
		k, ok := known[f.URL]
		if !ok {
			k = archive.Feed{URL: f.URL}
		}
		delete(known, f.URL)
		feedLine(table, f.Outlet, f.URL, k, c.Defaults.zone)
	}
	for url, k := range known {
		if k.AddedBy != "" {
			feedLine(table, k.Outlet, url, k, c.Defaults.zone)
		}
	}
	return table.Flush()
}

func feedLine(out io.Writer, outlet, url string, f archive.Feed, zone *time.Location) {
	state, polled := f.State(), "never"
	if !f.Polled.IsZero() {
		polled = f.Polled.In(zone).Format("2 Jan 15:04")
	}
	switch {
	case f.Gone:
		state = "gone: " + f.Fault
	case f.Failures > 0:
		state = fmt.Sprintf("failing since %s: %s", f.FailingSince.In(zone).Format("2 Jan 15:04"), f.Fault)
	}
	fmt.Fprintf(out, "%s\t%s\t%d\t%s\t%s\n", state, outlet, f.Items, polled, url)
}

// storedFeeds is what the database knows of the feeds, by their configured
// address; nothing when there is no database yet.
func storedFeeds(ctx context.Context, url string) (map[string]archive.Feed, error) {
	if database.EngineOf(url) == database.SQLite {
		if _, err := os.Stat(url); errors.Is(err, os.ErrNotExist) {
			return nil, nil
		}
	}
	db, err := database.Open(ctx, url)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	all, err := archive.New(db).Feeds(ctx)
	if err != nil {
		return nil, err
	}
	known := map[string]archive.Feed{}
	for _, f := range all {
		if f.Origin != "" {
			known[f.Origin] = f
		} else {
			known[f.URL] = f
		}
	}
	return known, nil
}
