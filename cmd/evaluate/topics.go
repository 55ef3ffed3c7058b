package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"tidings/digest/cluster"
	"tidings/digest/language"
	"tidings/digest/query"
)

// wanted is one line of the data: a topic and the articles that belong to it.
type wanted struct {
	Topic    string   `json:"topic"`
	Relevant []string `json:"relevant"`
	Corpus   string   `json:"corpus"`
	Kind     string   `json:"kind"`
}

// group names what a topic is reported with.
func (w wanted) group() string {
	if w.Kind == "" {
		return w.Corpus
	}
	return w.Kind + " " + w.Corpus
}

// topics matches the articles of each corpus with its topics. One pass in
// corpus order shows all articles to the shipped frequencies and groups them
// into stories; at its end each topic is decided over the whole corpus.
// Labels are used for the scores and, with -votes, for the simulated votes.
// With -folds it also prints how the shipped model does when it is chosen
// again without the topics it is scored on.
func topics(ctx context.Context, args []string, stdout io.Writer) error {
	flags := flag.NewFlagSet("topics", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	out := flags.String("out", "", "write topic<TAB>id lines to this `file`")
	votes := flags.Int("votes", 0, "simulate so many votes, at most 2")
	folds := flags.Int("folds", 5, "select the settings in so many folds; 0 does not")
	search := flags.Int("search", 0, "look for better settings for so many generations; with -votes, for those of votes")
	if err := flags.Parse(args); err != nil {
		return fmt.Errorf("topics: %w", err)
	}
	if flags.NArg() != 1 {
		return fmt.Errorf("topics takes one file of topics\n%s", usage)
	}
	list, err := readTopics(flags.Arg(0))
	if err != nil {
		return err
	}
	start := time.Now()
	windows, articles, err := readWindows(ctx, list, filepath.Join(filepath.Dir(flags.Arg(0)), ".."))
	if err != nil {
		return err
	}
	r := ratings{list, windows}
	found, err := r.rate(query.Shipped(), attempt{votes: *votes})
	if err != nil {
		return err
	}
	speed := float64(articles) / time.Since(start).Seconds()
	if *out != "" {
		if err := writeTopics(*out, list, found); err != nil {
			return err
		}
	}
	if *votes > 0 {
		if err := r.printVotes(stdout, *votes); err != nil {
			return err
		}
	}
	if *folds > 1 {
		if err := r.printFolds(stdout, *folds, *votes); err != nil {
			return err
		}
	}
	if *search > 0 {
		if err := r.printSearch(stdout, *search, *votes); err != nil {
			return err
		}
	}
	return printTopics(stdout, list, found, speed)
}

// readWindows reads the corpora of topics and says how many articles they have.
func readWindows(ctx context.Context, list []wanted, folder string) (map[string]*corpusWindow, int, error) {
	windows, articles := make(map[string]*corpusWindow), 0
	for _, w := range list {
		if windows[w.Corpus] != nil {
			continue
		}
		news, err := readLabelled(filepath.Join(folder, w.Corpus))
		if err != nil {
			return nil, 0, err
		}
		if windows[w.Corpus], err = readWindow(ctx, news); err != nil {
			return nil, 0, err
		}
		articles += len(news)
	}
	return windows, articles, nil
}

func readTopics(path string) ([]wanted, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var list []wanted
	for decoder := json.NewDecoder(bufio.NewReader(file)); ; {
		var w wanted
		switch err := decoder.Decode(&w); err {
		case nil:
			list = append(list, w)
		case io.EOF:
			return list, nil
		default:
			return nil, fmt.Errorf("read %s, topic %d: %w", path, len(list)+1, err)
		}
	}
}

// corpusWindow is a corpus at the end of its stream.
type corpusWindow struct {
	ids      []string
	articles []query.Article
	window   *query.Window
}

func readWindow(ctx context.Context, news []labelled) (*corpusWindow, error) {
	stream := tokenise(news)
	analyzer := language.New()
	frequencies := query.NewFrequencies(analyzer.Clone())
	c := &corpusWindow{}
	for i, a := range stream {
		article := query.Article{Title: a.Title, Text: a.Text, Language: a.Language, Outlet: a.Outlet}
		frequencies.Observe(article)
		c.ids = append(c.ids, news[i].ID)
		c.articles = append(c.articles, article)
	}
	stories, err := groupStream(ctx, stream, cluster.Shipped())
	if err != nil {
		return nil, err
	}
	c.window = query.NewWindow(c.articles, stories, frequencies, analyzer)
	return c, nil
}

// answer is what was found for a topic.
type answer struct {
	ids              []string
	hit, wrong, miss int
}

func writeTopics(path string, list []wanted, found []answer) error {
	var buffer []byte
	for i, w := range list {
		for _, id := range found[i].ids {
			buffer = fmt.Appendf(buffer, "%s\t%s\n", w.Topic, id)
		}
	}
	return os.WriteFile(path, buffer, 0o644)
}

// counts are hits, wrong articles and misses of some topics.
type counts struct {
	topics           int
	hit, wrong, miss int
	sum              float64 // of the F1 of each
}

func (c *counts) add(a answer) {
	c.topics++
	c.hit += a.hit
	c.wrong += a.wrong
	c.miss += a.miss
	c.sum += f1(a.hit, a.wrong, a.miss)
}

func total(found []answer) counts {
	var c counts
	for _, a := range found {
		c.add(a)
	}
	return c
}

func (c counts) micro() (p, r, f float64) {
	return ratio(c.hit, c.hit+c.wrong), ratio(c.hit, c.hit+c.miss), f1(c.hit, c.wrong, c.miss)
}

// f1 is 1 for a topic that has nothing and finds nothing.
func f1(hit, wrong, miss int) float64 {
	if hit+wrong+miss == 0 {
		return 1
	}
	return ratio(2*hit, 2*hit+wrong+miss)
}

func ratio(part, all int) float64 {
	if all == 0 {
		return 0
	}
	return float64(part) / float64(all)
}

// printTopics prints the scores by group; speed is how many articles a second
// were read, grouped and decided for all topics.
func printTopics(stdout io.Writer, list []wanted, found []answer, speed float64) error {
	var all, typed, google counts
	groups := make(map[string]*counts)
	for i, w := range list {
		g := groups[w.group()]
		if g == nil {
			g = &counts{}
			groups[w.group()] = g
		}
		g.add(found[i])
		all.add(found[i])
		if w.Kind == "typed" {
			typed.add(found[i])
		}
		if w.Corpus == "topics/googlenews-ts-a.jsonl" {
			google.add(found[i])
		}
	}
	w := bufio.NewWriter(stdout)
	row := func(name string, c counts) {
		p, r, f := c.micro()
		fmt.Fprintf(w, "%-38s %6d  %.3f  %.3f  %.3f  %.3f\n", name, c.topics, p, r, f, c.sum/float64(max(1, c.topics)))
	}
	fmt.Fprintf(w, "%-38s topics      p      r  micro  macro\n", "group")
	for _, name := range slices.Sorted(maps.Keys(groups)) {
		row(name, *groups[name])
	}
	row("all", all)
	p, r, f := all.micro()
	_, _, typedF1 := typed.micro()
	_, _, googleF1 := google.micro()
	fmt.Fprintf(w, "micro_f1=%.4f macro_f1=%.4f micro_p=%.4f micro_r=%.4f typed_f1=%.4f googlenews_f1=%.4f articles_per_second=%.0f\n",
		f, all.sum/float64(max(1, all.topics)), p, r, typedF1, googleF1, speed)
	return w.Flush()
}
