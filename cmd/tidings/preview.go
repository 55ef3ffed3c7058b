package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"tidings/bot"
	"tidings/bot/conversation"
	"tidings/bot/delivery"
	"tidings/bot/discord"
	"tidings/bot/telegram"
	"tidings/bot/terminal"
	"tidings/digest"
	"tidings/digest/archive"
)

// preview polls every feed once and prints the digest of one topic.
func preview(ctx context.Context, args []string, w world) (err error) {
	set := flags("preview", w)
	path := set.String("config", "", "the configuration `FILE`")
	since := set.Duration("since", 24*time.Hour, "how far back the digest goes")
	format := set.String("format", "text", "text, json, telegram or discord")
	if err := parse(set, args, -1); err != nil {
		return err
	}
	show, ok := formats()[*format]
	switch {
	case !ok:
		return fmt.Errorf("-format %q is not known; it is text, json, telegram or discord", *format)
	case *since <= 0:
		return fmt.Errorf("-since %s is not in the past; examples: 24h, 72h", *since)
	case set.NArg() == 0:
		return errors.New("the topic is missing; name one of the configuration, or write a query in quotes")
	}
	c, err := configured(*path, w)
	if err != nil {
		return err
	}
	p := c.plan()
	topic, err := wanted(p.topics, strings.Join(set.Args(), " "))
	if err != nil {
		return err
	}
	page, err := previewOf(ctx, p, topic, *since, w)
	if err != nil {
		return err
	}
	return show(page, delivery.Options{Zone: p.zone}, w)
}

// wanted is the configured topic of a name, or one made of a query.
func wanted(topics []digest.Topic, name string) (digest.Topic, error) {
	for _, t := range topics {
		if archive.Fold(t.Name) == archive.Fold(name) {
			return t, nil
		}
	}
	if err := queryCheck()(name); err != nil {
		return digest.Topic{}, fmt.Errorf("there is no topic %q in the configuration, and as a query: %w", clipped(name), err)
	}
	return digest.Topic{Name: clipped(name), Query: name}, nil
}

// previewOf polls into a database of its own, which goes with the preview.
func previewOf(ctx context.Context, p plan, topic digest.Topic, since time.Duration, w world) (page digest.Digest, err error) {
	p.database, p.topics, p.renamed = "", []digest.Topic{topic}, nil
	g, err := newProgram(ctx, p, nil, w, logTo(w.stderr, slog.LevelError))
	if err != nil {
		return page, err
	}
	defer func() { err = errors.Join(err, g.close()) }()
	if err := g.takeOver(ctx, p); err != nil {
		return page, err
	}
	if err := g.newsroom.Start(ctx); err != nil {
		return page, err
	}
	if err := g.pollAll(ctx, w.stderr); err != nil {
		return page, err
	}
	topics, err := g.archive.Topics(ctx)
	if err != nil || len(topics) == 0 {
		return page, errors.Join(err, errors.New("the topic was not stored"))
	}
	now := w.now()
	if err := g.newsroom.RefreshSince(ctx, topics[0].ID, now.Add(-since)); err != nil {
		return page, err
	}
	return g.delivery.Compose(ctx, topics[0], now.Add(-since), now)
}

// formats are the ways in which a digest is printed.
func formats() map[string]func(digest.Digest, delivery.Options, world) error {
	parts := func(split func(bot.Message) []string) func(digest.Digest, delivery.Options, world) error {
		return func(page digest.Digest, o delivery.Options, w world) error {
			_, err := fmt.Fprintln(w.stdout, strings.Join(split(delivery.Message(page, o)), "\n\n"))
			return err
		}
	}
	return map[string]func(digest.Digest, delivery.Options, world) error{
		"text": func(page digest.Digest, o delivery.Options, w world) error {
			_, err := io.WriteString(w.stdout, terminal.Render(withReasons(delivery.Message(page, o), page.Stories), terminalConfig(w)))
			return err
		},
		"json":     func(page digest.Digest, _ delivery.Options, w world) error { return printJSON(w.stdout, asJSON(page)) },
		"telegram": parts(telegram.Preview),
		"discord":  parts(discord.Preview),
	}
}

// withReasons is a digest's message, whose stories follow its head, with the
// words that counted under each.
func withReasons(m bot.Message, stories []digest.Story) bot.Message {
	for i, s := range stories {
		section := &m.Sections[1+i]
		section.Blocks = append(section.Blocks, bot.Block{Runs: []bot.Run{{Text: "Why: " + conversation.TermsText(s.Terms), Italic: true}}})
	}
	return m
}

func printJSON(out io.Writer, v any) error {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

type jsonDigest struct {
	Topic    string      `json:"topic"`
	Since    time.Time   `json:"since"`
	Until    time.Time   `json:"until"`
	Articles int         `json:"articles"`
	Outlets  int         `json:"outlets"`
	Stories  []jsonStory `json:"stories"`
	Failing  []string    `json:"failing"`
}

type jsonStory struct {
	ID        string         `json:"id"`
	Title     string         `json:"title"`
	Summary   []jsonSentence `json:"summary"`
	Articles  []jsonArticle  `json:"articles"`
	Outlets   int            `json:"outlets"`
	FirstSeen time.Time      `json:"first_seen"`
	// New are the sentences that say what is new, of a story that began before.
	New []jsonSentence `json:"new"`
}

type jsonSentence struct {
	Text   string `json:"text"`
	Outlet string `json:"outlet"`
	URL    string `json:"url"`
}

type jsonArticle struct {
	URL       string    `json:"url"`
	Title     string    `json:"title"`
	Outlet    string    `json:"outlet"`
	Published time.Time `json:"published"`
}

// asJSON is a digest as other programs read it.
func asJSON(d digest.Digest) jsonDigest {
	out := jsonDigest{
		Topic: d.Topic.Name, Since: d.Since.UTC(), Until: d.Until.UTC(), Articles: d.Articles, Outlets: d.Outlets,
		Stories: []jsonStory{}, Failing: append([]string{}, d.Failing...),
	}
	for _, s := range d.Stories {
		story := jsonStory{
			ID: s.ID, Title: s.Title, Summary: jsonSentences(s.Summary), Outlets: len(s.Sources), FirstSeen: s.FirstSeen.UTC(),
			New: []jsonSentence{},
		}
		if s.Update != nil {
			story.New = jsonSentences(s.Update.News)
		}
		for _, a := range s.Articles {
			story.Articles = append(story.Articles, jsonArticle{URL: a.URL, Title: a.Title, Outlet: a.Outlet, Published: a.Published.UTC()})
		}
		out.Stories = append(out.Stories, story)
	}
	return out
}

func jsonSentences(sentences []digest.Sentence) []jsonSentence {
	out := []jsonSentence{}
	for _, s := range sentences {
		out = append(out, jsonSentence{Text: s.Text, Outlet: s.Article.Outlet, URL: s.Article.URL})
	}
	return out
}
