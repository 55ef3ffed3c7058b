package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"tidings/digest/language"
	"tidings/digest/summary"
)

// summarised is one line of a file of articles about one event with a summary
// that a person wrote.
type summarised struct {
	ID       string `json:"id"`
	Articles []struct {
		Title string `json:"title"`
		Text  string `json:"text"`
	} `json:"articles"`
	Reference string `json:"reference"`
}

// summaries summarises each cluster of articles of a file and scores the
// result, cut at the number of words, against the person's.
func summaries(ctx context.Context, args []string, stdout io.Writer) error {
	flags := flag.NewFlagSet("summaries", flag.ContinueOnError)
	out := flags.String("out", "", "write one {\"id\",\"summary\"} a line to this `file`")
	words := flags.Int("words", 60, "length of a summary")
	train := flags.String("train", "", "print cross-validated scores and write newly learned weights to this `file`")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() != 1 || *words < 1 {
		return fmt.Errorf("summaries takes one file of clusters and a positive number of words\n%s", usage)
	}
	clusters, err := readClusters(flags.Arg(0))
	if err != nil {
		return err
	}
	if *train != "" {
		return trainSummaries(ctx, clusters, *train, stdout)
	}
	analyzer := language.New()
	sources := make([][]summary.Source, len(clusters))
	lead := make([]string, len(clusters))
	for i, c := range clusters {
		sources[i] = sourcesOf(analyzer, c)
		for _, a := range c.Articles {
			lead[i] += a.Text + "\n"
		}
	}
	writer := summary.New(analyzer)
	found := make([]string, len(clusters))
	start := time.Now()
	for i := range clusters {
		if err := ctx.Err(); err != nil {
			return err
		}
		found[i] = joined(writer.Summarise(sources[i], *words))
	}
	elapsed := time.Since(start)
	if *out != "" {
		if err := writeSummaries(*out, clusters, found); err != nil {
			return err
		}
	}
	w := bufio.NewWriter(stdout)
	fmt.Fprintln(w, "method     rouge1 rouge2 words")
	first := scoreSummaries(clusters, lead, *words)
	fmt.Fprintf(w, "lead       %.4f %.4f %5.1f\n", first.one, first.two, first.words)
	scored := scoreSummaries(clusters, found, *words)
	fmt.Fprintf(w, "summarise  %.4f %.4f %5.1f\n", scored.one, scored.two, scored.words)
	fmt.Fprintf(w, "rouge1=%.4f rouge2=%.4f mean_words=%.1f lead_rouge1=%.4f lead_rouge2=%.4f clusters=%d milliseconds_per_story=%.2f\n",
		scored.one, scored.two, scored.words, first.one, first.two, len(clusters), elapsed.Seconds()*1000/float64(max(len(clusters), 1)))
	return w.Flush()
}

func readClusters(path string) ([]summarised, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var clusters []summarised
	for decoder := json.NewDecoder(bufio.NewReader(file)); ; {
		var c summarised
		switch err := decoder.Decode(&c); err {
		case nil:
			clusters = append(clusters, c)
		case io.EOF:
			return clusters, nil
		default:
			return nil, fmt.Errorf("read %s, cluster %d: %w", path, len(clusters)+1, err)
		}
	}
}

func sourcesOf(analyzer *language.Analyzer, c summarised) []summary.Source {
	sources := make([]summary.Source, len(c.Articles))
	for i, a := range c.Articles {
		code, _ := analyzer.Detect(a.Title + " " + a.Text)
		sources[i] = summary.Source{Title: a.Title, Text: a.Text, Language: code}
	}
	return sources
}

func joined(sentences []summary.Sentence) string {
	texts := make([]string, len(sentences))
	for i, s := range sentences {
		texts[i] = s.Text
	}
	return strings.Join(texts, " ")
}

func writeSummaries(path string, clusters []summarised, found []string) error {
	var lines bytes.Buffer
	encoder := json.NewEncoder(&lines)
	encoder.SetEscapeHTML(false)
	for i, c := range clusters {
		line := struct {
			ID      string `json:"id"`
			Summary string `json:"summary"`
		}{c.ID, found[i]}
		if err := encoder.Encode(line); err != nil {
			return err
		}
	}
	return os.WriteFile(path, lines.Bytes(), 0o644)
}

// rougeScore is the mean over clusters.
type rougeScore struct{ one, two, words float64 }

func scoreSummaries(clusters []summarised, found []string, words int) rougeScore {
	r := newRouge()
	var mean rougeScore
	n := float64(max(len(clusters), 1))
	for i, c := range clusters {
		fields := strings.Fields(found[i])
		fields = fields[:min(len(fields), words)]
		got, want := r.tokens(strings.Join(fields, " ")), r.tokens(c.Reference)
		mean.one += shared(got, want, 1) / n
		mean.two += shared(got, want, 2) / n
		mean.words += float64(len(fields)) / n
	}
	return mean
}
