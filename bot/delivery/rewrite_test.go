package delivery_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tidings/bot"
	"tidings/bot/delivery"
	"tidings/digest"
	"tidings/digest/archive"
	"tidings/digest/database"
	"tidings/digest/database/databasetest"
	"tidings/digest/language"
	"tidings/digest/summary"
	"tidings/subscriptions"
)

// modelled is a delivery with a model, in which chats read Ukrainian.
func modelled(t *testing.T, file string, rewriter delivery.Rewriter) *delivery.Delivery {
	t.Helper()
	db, err := database.Open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	d, err := delivery.New(delivery.Config{
		Database: db, Archive: archive.New(db), Subscriptions: subscriptions.New(db), Platforms: []bot.Platform{newNetwork()},
		Composers: []*digest.Composer{digest.NewComposer(language.New())}, Rewriter: rewriter, Language: "uk",
		Zone: time.UTC, Now: func() time.Time { return eight }, Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// twoStories is a page of two stories with a sentence each.
func twoStories() delivery.Page {
	one := digest.Article{ID: "a", Title: "Bridge rebuilt", URL: "https://news.example/a", Outlet: "Wire One", Owner: "Wire", Language: "en"}
	two := digest.Article{ID: "b", Title: "Ferry sold", URL: "https://news.example/b", Outlet: "Capital Post", Owner: "Post", Language: "en"}
	return delivery.Page{Digest: digest.Digest{
		Topic: digest.Topic{ID: "t", Name: "Harbour"}, Since: eight.Add(-24 * time.Hour), Until: eight, Articles: 2, Outlets: 2,
		Stories: []digest.Story{
			{ID: "a", Title: one.Title, Sources: []digest.Article{one}, Summary: []digest.Sentence{{Text: "The bridge is rebuilt.", Article: one}}},
			{ID: "b", Title: two.Title, Sources: []digest.Article{two}, Summary: []digest.Sentence{{Text: "The ferry is sold.", Article: two}}},
		},
	}}
}

func rewritten(t *testing.T, d *delivery.Delivery) string {
	t.Helper()
	page := twoStories()
	if err := d.Rewrite(t.Context(), reader, &page); err != nil {
		t.Fatal(err)
	}
	return delivery.PageMessage(page, delivery.Options{Zone: time.UTC}).Plain()
}

func TestAModelsWordsAreShownWithTheirSources(t *testing.T) {
	d := modelled(t, databasetest.SQLite(t), func(_ context.Context, headline string, sentences []string, from, to string) (summary.Rewritten, error) {
		if from != "en" || to != "uk" {
			t.Errorf("asked from %s to %s", from, to)
		}
		if headline != "Bridge rebuilt" {
			return summary.Rewritten{}, summary.ErrUnfounded
		}
		return summary.Rewritten{Headline: "Міст відбудували", Sentences: []summary.CitedSentence{{Text: "Міст відбудовано.", Cites: []int{0}}}}, nil
	})
	got := rewritten(t, d)
	for _, want := range []string{"Міст відбудували", "Міст відбудовано. [Wire One]", "Ferry sold", "The ferry is sold. [Capital Post]", "1 of 2 stories put in other words"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in:\n%s", want, got)
		}
	}
}

func TestAModelThatFailsOrLingersDelaysLittle(t *testing.T) {
	file := databasetest.SQLite(t)
	synctest.Test(t, func(t *testing.T) {
		d := modelled(t, file, func(ctx context.Context, headline string, _ []string, _, _ string) (summary.Rewritten, error) {
			if headline == "Ferry sold" {
				return summary.Rewritten{}, errors.New("garbage")
			}
			<-ctx.Done()
			return summary.Rewritten{}, ctx.Err()
		})
		begun := time.Now()
		got := rewritten(t, d)
		if took := time.Since(begun); took > 10*time.Second {
			t.Errorf("the digest waited %v", took)
		}
		for _, want := range []string{"The bridge is rebuilt. [Wire One]", "The ferry is sold. [Capital Post]", "In the articles' own words"} {
			if !strings.Contains(got, want) {
				t.Errorf("%q is not in:\n%s", want, got)
			}
		}
	})
}
