package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"time"

	"tidings/digest/cluster"
	"tidings/digest/language"
)

// labelled is one line of a file of articles with their true story.
type labelled struct {
	ID        string `json:"id"`
	Title     string `json:"title"`
	Text      string `json:"text"`
	Published string `json:"published"`
	Language  string `json:"lang"`
	Outlet    string `json:"outlet"`
	Story     string `json:"story"`
}

// storyWindow is the window of the program; reconsiderEvery is how many
// articles arrive between two second thoughts.
const (
	storyWindow     = 72 * time.Hour
	reconsiderEvery = 100
)

// stories groups the articles of a file in one pass with the shipped model and
// scores the result. The articles arrive one a second in the order of the
// file, as at the first poll of an archive: their publication times count,
// but none is forgotten for its age. Second thoughts run as in the program;
// the story written for an article is the one that the program shows at the
// end of the pass, after merges and moves.
func stories(ctx context.Context, args []string, stdout io.Writer) error {
	flags := flag.NewFlagSet("stories", flag.ContinueOnError)
	out := flags.String("out", "", "write id<TAB>story lines to this `file`")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() != 1 {
		return fmt.Errorf("stories takes one file of labelled articles\n%s", usage)
	}
	articles, err := readLabelled(flags.Arg(0))
	if err != nil {
		return err
	}
	start := time.Now()
	stream := tokenise(articles)
	found, err := groupStream(ctx, stream, cluster.Shipped())
	if err != nil {
		return err
	}
	elapsed := time.Since(start)
	if *out != "" {
		if err := writeStories(*out, articles, found); err != nil {
			return err
		}
	}
	return printStories(stdout, articles, found, elapsed)
}

func readLabelled(path string) ([]labelled, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var articles []labelled
	for decoder := json.NewDecoder(bufio.NewReader(file)); ; {
		var a labelled
		switch err := decoder.Decode(&a); err {
		case nil:
			articles = append(articles, a)
		case io.EOF:
			return articles, nil
		default:
			return nil, fmt.Errorf("read %s, article %d: %w", path, len(articles)+1, err)
		}
	}
}

// tokenise turns labelled articles into what the grouper takes.
func tokenise(articles []labelled) []cluster.Article {
	analyzer := language.New()
	stream := make([]cluster.Article, len(articles))
	for i, a := range articles {
		code := a.Language
		if code == "" {
			code, _ = analyzer.Detect(a.Title + " " + a.Text)
		}
		published, err := time.Parse(time.RFC3339, a.Published)
		if err != nil {
			published = time.Time{}
		}
		stream[i] = cluster.Article{
			ID: a.ID, Language: code, Outlet: a.Outlet, Owner: a.Outlet, Published: published,
			Title: analyzer.Words(code, a.Title), Text: analyzer.Words(code, a.Text),
		}
	}
	return stream
}

// groupStream returns the story of each article at the end of the pass.
func groupStream(ctx context.Context, stream []cluster.Article, model cluster.Model) ([]string, error) {
	g := cluster.NewWith(storyWindow, math.MaxInt, model)
	found := make([]string, len(stream))
	alias := make(map[string]string)
	number := make(map[string]int, len(stream))
	clock := arrivals(stream)
	for i := range stream {
		if i%1000 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		now := clock.Add(time.Duration(i) * time.Second)
		number[stream[i].ID] = i
		found[i] = g.Add(stream[i], now).Story
		if (i+1)%reconsiderEvery == 0 || i+1 == len(stream) {
			changes := g.Reconsider(now)
			for _, m := range changes.Moves {
				found[number[m.Article]] = m.To
			}
			for _, m := range changes.Merges {
				alias[m.From] = m.Into
			}
		}
	}
	for i, id := range found {
		for into, ok := alias[id]; ok; into, ok = alias[id] {
			id = into
		}
		found[i] = id
	}
	return found, nil
}

// arrivals returns when the first article arrives: after all were published.
func arrivals(stream []cluster.Article) time.Time {
	first := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range stream {
		if stream[i].Published.After(first) {
			first = stream[i].Published
		}
	}
	return first
}

func writeStories(path string, articles []labelled, found []string) error {
	var buffer []byte
	for i, a := range articles {
		buffer = fmt.Appendf(buffer, "%s\t%s\n", a.ID, found[i])
	}
	return os.WriteFile(path, buffer, 0o644)
}

// minLanguage is how many articles a language needs to be scored alone.
const minLanguage = 20

func printStories(stdout io.Writer, articles []labelled, found []string, elapsed time.Duration) error {
	all, languages, mean := scoreStories(articles, found)
	w := bufio.NewWriter(stdout)
	fmt.Fprintln(w, "language articles stories gold  b3_p  b3_r b3_f1 pair_f1   nmi   ari")
	row := func(name string, p partition) {
		fmt.Fprintf(w, "%-8s %8d %7d %4d %.3f %.3f %.3f   %.3f %.3f %.3f\n",
			name, p.Items, p.Found, p.Gold, p.B3P, p.B3R, p.B3F1, p.PairF1, p.NMI, p.ARI)
	}
	row("all", all)
	for _, l := range languages {
		row(l.name, l.partition)
	}
	fmt.Fprintf(w, "b3_f1=%.4f b3_p=%.4f b3_r=%.4f pair_f1=%.4f nmi=%.4f ari=%.4f stories=%d gold=%d mean_language_b3_f1=%.4f articles_per_second=%.0f\n",
		all.B3F1, all.B3P, all.B3R, all.PairF1, all.NMI, all.ARI, all.Found, all.Gold, mean, float64(len(articles))/elapsed.Seconds())
	return w.Flush()
}

type languageScore struct {
	name string
	partition
}

// scoreStories scores all articles together, and each language alone with the
// mean of their B3 F1.
func scoreStories(articles []labelled, found []string) (all partition, languages []languageScore, mean float64) {
	golds := make([]string, len(articles))
	byLanguage := make(map[string][]int)
	for i, a := range articles {
		golds[i] = a.Story
		byLanguage[a.Language] = append(byLanguage[a.Language], i)
	}
	for name, items := range byLanguage {
		if len(items) < minLanguage {
			continue
		}
		f, g := make([]string, len(items)), make([]string, len(items))
		for i, item := range items {
			f[i], g[i] = found[item], golds[item]
		}
		languages = append(languages, languageScore{name, comparePartitions(f, g)})
	}
	slices.SortFunc(languages, func(a, b languageScore) int {
		if a.Items != b.Items {
			return b.Items - a.Items
		}
		if a.name < b.name {
			return -1
		}
		return 1
	})
	for _, l := range languages {
		mean += l.B3F1 / float64(len(languages))
	}
	return comparePartitions(found, golds), languages, mean
}
