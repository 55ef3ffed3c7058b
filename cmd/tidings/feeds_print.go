package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"tidings/digest/feed"
)

func printFeed(out io.Writer, f *feed.Feed) error {
	about := []string{f.Format, f.Language, articles(len(f.Items))}
	about = slices.DeleteFunc(about, func(s string) bool { return s == "" })
	fmt.Fprintf(out, "%s\n%s\n%s\n", f.Title, f.Link, strings.Join(about, " · "))
	for _, problem := range f.Problems {
		fmt.Fprintln(out, "mended:", problem)
	}
	for _, item := range f.Items {
		when := "no date"
		if !item.Published.IsZero() {
			when = item.Published.UTC().Format("2006-01-02 15:04")
		}
		fmt.Fprintf(out, "\n%s  %s\n%s\n", when, item.Title, item.URL)
		if text, _, _ := strings.Cut(item.Text, "\n"); text != "" {
			fmt.Fprintln(out, text)
		}
	}
	return nil
}

// articles is "1 article" or "2 articles".
func articles(n int) string {
	if n == 1 {
		return "1 article"
	}
	return fmt.Sprintf("%d articles", n)
}

type jsonFeed struct {
	Feed struct {
		Title    string `json:"title"`
		Link     string `json:"link"`
		Language string `json:"language"`
		Format   string `json:"format"`
	} `json:"feed"`
	Articles []jsonItem `json:"articles"`
	Problems []string   `json:"problems"`
}

type jsonItem struct {
	ID         string   `json:"id"`
	Title      string   `json:"title"`
	URL        string   `json:"url"`
	Text       string   `json:"text"`
	Published  string   `json:"published"` // RFC 3339 or empty
	Image      string   `json:"image"`
	Language   string   `json:"language"`
	Authors    []string `json:"authors"`
	Categories []string `json:"categories"`
}

func feedAsJSON(f *feed.Feed) jsonFeed {
	out := jsonFeed{Articles: []jsonItem{}, Problems: append([]string{}, f.Problems...)}
	out.Feed.Title, out.Feed.Link, out.Feed.Language, out.Feed.Format = f.Title, f.Link, f.Language, f.Format
	for _, item := range f.Items {
		one := jsonItem{
			ID: item.ID, Title: item.Title, URL: item.URL, Text: item.Text, Image: item.Image, Language: item.Language,
			Authors: append([]string{}, item.Authors...), Categories: append([]string{}, item.Categories...),
		}
		if !item.Published.IsZero() {
			one.Published = item.Published.UTC().Format(time.RFC3339)
		}
		out.Articles = append(out.Articles, one)
	}
	return out
}
