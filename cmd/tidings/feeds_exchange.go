package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"tidings/digest"
	"tidings/digest/archive"
	"tidings/digest/feed"
)

// addition is what is added to a configuration file.
type addition struct {
	Feeds  []addedFeed  `toml:"feed,omitempty"`
	Topics []addedTopic `toml:"topic,omitempty"`
}

type addedFeed struct {
	URL      string `toml:"url"`
	Outlet   string `toml:"outlet"`
	Owner    string `toml:"owner,omitempty"`
	Country  string `toml:"country,omitempty"`
	Language string `toml:"language,omitempty"`
}

type addedTopic struct {
	Name  string `toml:"name"`
	Query string `toml:"query"`
}

// add appends feeds and topics that a configuration does not have to its file,
// and says how many.
func (c *config) add(file string, a addition, w world) error {
	urls, names := map[string]bool{}, map[string]bool{}
	for _, f := range c.Feeds {
		urls[f.URL] = true
	}
	for _, t := range c.Topics {
		names[archive.Fold(t.Name)] = true
	}
	a.Feeds = slices.DeleteFunc(a.Feeds, func(f addedFeed) bool {
		had := urls[f.URL]
		urls[f.URL] = true
		return had
	})
	a.Topics = slices.DeleteFunc(a.Topics, func(t addedTopic) bool { return names[archive.Fold(t.Name)] })
	if len(a.Feeds) > 0 || len(a.Topics) > 0 {
		text, err := toml.Marshal(a)
		if err != nil {
			return fmt.Errorf("write the feeds as TOML: %w", err)
		}
		if err := appendTo(file, "\n"+string(text)); err != nil {
			return fmt.Errorf("add to %s: %w", file, err)
		}
	}
	_, err := fmt.Fprintf(w.stdout, "Added %d feeds and %d topics to %s.\n", len(a.Feeds), len(a.Topics), file)
	return err
}

func appendTo(file, text string) error {
	f, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	if _, err := f.WriteString(text); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// importFeeds adds the feeds of an OPML list to the configuration. A folder
// becomes a topic of all that its outlets bring.
func importFeeds(_ context.Context, args []string, w world) error {
	set := flags("feeds import", w)
	file := set.String("config", "", "the configuration `FILE`")
	if err := parse(set, args, 1); err != nil {
		return err
	}
	c, err := configured(*file, w)
	if err != nil {
		return err
	}
	list, err := os.Open(set.Arg(0))
	if err != nil {
		return fmt.Errorf("the OPML list cannot be read: %w", err)
	}
	defer list.Close()
	outlines, skipped, err := feed.ReadOPML(list)
	if err != nil {
		return fmt.Errorf("%s: %w", set.Arg(0), err)
	}
	if skipped > 0 {
		fmt.Fprintf(w.stderr, "Left out, as they point to no feed on the web: %d of the list.\n", skipped)
	}
	var a addition
	folders := map[string][]string{}
	for _, o := range outlines {
		outlet := strings.Join(strings.Fields(o.Title), " ")
		if outlet == "" {
			outlet = strings.TrimPrefix(strings.TrimPrefix(o.URL, "https://"), "http://")
		}
		a.Feeds = append(a.Feeds, addedFeed{URL: o.URL, Outlet: outlet})
		if o.Folder != "" {
			folders[o.Folder] = append(folders[o.Folder], outlet)
		}
	}
	for _, folder := range slices.Sorted(maps.Keys(folders)) {
		a.Topics = append(a.Topics, addedTopic{Name: shortName(path.Base(folder)), Query: ofOutlets(folders[folder])})
	}
	return c.add(*file, a, w)
}

// shortName is a name that a topic may have.
func shortName(s string) string { return clipped(strings.Join(strings.Fields(s), " ")) }

// clipped is a text, or as much of its beginning as a topic's name may have.
func clipped(s string) string {
	runes := []rune(s)
	if len(runes) <= digest.MaxName {
		return s
	}
	return string(runes[:digest.MaxName-1]) + "…"
}

// ofOutlets is the query for all that outlets bring.
func ofOutlets(outlets []string) string {
	parts := make([]string, len(outlets))
	for i, o := range outlets {
		parts[i] = `outlet:"` + strings.ReplaceAll(o, `"`, "") + `"`
	}
	return strings.Join(parts, " OR ")
}

// exportFeeds prints the configured feeds as an OPML list. A topic of all that
// its outlets bring becomes a folder.
func exportFeeds(_ context.Context, args []string, w world) error {
	set := flags("feeds export", w)
	file := set.String("config", "", "the configuration `FILE`")
	if err := parse(set, args, 0); err != nil {
		return err
	}
	c, err := configured(*file, w)
	if err != nil {
		return err
	}
	folder := map[string]string{}
	for _, t := range c.Topics {
		var outlets []string
		for part := range strings.SplitSeq(t.Query, " OR ") {
			outlets = append(outlets, strings.TrimSuffix(strings.TrimPrefix(part, `outlet:"`), `"`))
		}
		if ofOutlets(outlets) == t.Query {
			for _, o := range outlets {
				folder[o] = t.Name
			}
		}
	}
	var outlines []feed.Outline
	for _, f := range c.Feeds {
		outlines = append(outlines, feed.Outline{Title: f.Outlet, URL: f.URL, Folder: folder[strings.ReplaceAll(f.Outlet, `"`, "")]})
	}
	return feed.WriteOPML(w.stdout, "tidings", w.now(), outlines)
}

// feedPacks lists the starter packs, or adds one to the configuration.
func feedPacks(ctx context.Context, args []string, w world) error {
	set := flags("feeds packs", w)
	file := set.String("config", "", "the configuration `FILE` to which the pack is added")
	check := set.Bool("check", false, "ask each feed once whether it answers")
	if err := parse(set, args, -1); err != nil {
		return err
	}
	if set.NArg() > 2 {
		return fmt.Errorf("feeds packs takes a pack and a language, and got %d arguments", set.NArg())
	}
	packs := slices.DeleteFunc(feed.Packs(), func(f feed.PackFeed) bool {
		return set.NArg() > 0 && f.Pack != set.Arg(0) || set.NArg() > 1 && f.Language != set.Arg(1)
	})
	switch {
	case len(packs) == 0:
		return fmt.Errorf("there is no such pack; tidings feeds packs lists them")
	case *check:
		return checkPack(ctx, packs, w)
	case *file != "":
		return addPack(*file, packs, w)
	case set.NArg() == 0:
		return listPacks(packs, w)
	}
	for _, f := range packs {
		fmt.Fprintf(w.stdout, "%s  %s  %s\n", f.Language, f.Outlet, f.URL)
	}
	return nil
}

func listPacks(packs []feed.PackFeed, w world) error {
	count := map[string]int{}
	for _, f := range packs {
		count[f.Pack+" "+f.Language]++
	}
	for _, name := range slices.Sorted(maps.Keys(count)) {
		noun := "feeds"
		if count[name] == 1 {
			noun = "feed"
		}
		fmt.Fprintf(w.stdout, "%s: %d %s\n", name, count[name], noun)
	}
	_, err := fmt.Fprintln(w.stdout, "\ntidings feeds packs world en                      shows one\n"+
		"tidings feeds packs -check world en               asks each feed whether it answers\n"+
		"tidings feeds packs -config config.toml world en  adds it to the configuration")
	return err
}

func addPack(file string, packs []feed.PackFeed, w world) error {
	c, err := configured(file, w)
	if err != nil {
		return err
	}
	var a addition
	for _, f := range packs {
		a.Feeds = append(a.Feeds, addedFeed{URL: f.URL, Outlet: f.Outlet, Owner: f.Owner, Country: f.Country, Language: f.Language})
	}
	return c.add(file, a, w)
}

// checkPack asks every feed once and says what came.
func checkPack(ctx context.Context, packs []feed.PackFeed, w world) error {
	bad := 0
	for _, f := range packs {
		read, err := readOne(ctx, f.URL, w)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			bad++
			fmt.Fprintf(w.stdout, "no  %s  %s: %v\n", f.Outlet, f.URL, err)
			continue
		}
		fmt.Fprintf(w.stdout, "ok  %s  %s: %s\n", f.Outlet, f.URL, articles(len(read.Items)))
	}
	_, err := fmt.Fprintf(w.stdout, "%d of %d feeds answer.\n", len(packs)-bad, len(packs))
	return err
}
