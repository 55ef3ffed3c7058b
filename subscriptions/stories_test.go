package subscriptions_test

import (
	"context"
	"database/sql"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidings/subscriptions"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestSettingsAreKept(t *testing.T) {
	each(t, func(t *testing.T, s fixture) {
		want := subscriptions.Settings{
			Chat: reader, Kind: "private", Title: "Ann", Length: subscriptions.Long, Language: "uk", Quiet: "22:00-07:00", Silence: true, Pictures: true,
		}
		must(t, s.Set(t.Context(), want))
		got, err := s.Settings(t.Context(), reader)
		must(t, err)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAPausedChatIsNotDue(t *testing.T) {
	each(t, func(t *testing.T, s fixture) {
		s.subscribe(t, reader, s.topics[0], noon)
		must(t, s.Pause(t.Context(), reader, noon.Add(time.Hour)))
		if due := s.due(t, noon.Add(time.Hour-time.Millisecond)); len(due) != 0 {
			t.Errorf("due while paused: %+v", due)
		}
		if due := s.due(t, noon.Add(time.Hour)); len(due) != 1 {
			t.Errorf("%d are due after the pause, want 1", len(due))
		}
	})
}

func TestPageIsTheLastOne(t *testing.T) {
	each(t, func(t *testing.T, s fixture) {
		page, err := s.Page(t.Context(), subscriptions.Chat{Platform: "telegram", ID: "nobody"})
		if err != nil || len(page) != 0 {
			t.Errorf("a chat that was never met has the page %v, %v", page, err)
		}
		want := []subscriptions.Entry{{Topic: s.topics[0], Story: "one", Title: "One", Since: noon.Add(-time.Hour), Until: noon}, {Story: "two", Known: true}}
		must(t, s.SavePage(t.Context(), reader, []subscriptions.Entry{{Story: "old"}}))
		must(t, s.SavePage(t.Context(), reader, want))
		page, err = s.Page(t.Context(), reader)
		must(t, err)
		if diff := cmp.Diff(want, page); diff != "" {
			t.Error(diff)
		}
	})
}

func TestMarksVotesPicksAndDrafts(t *testing.T) {
	each(t, func(t *testing.T, s fixture) {
		ctx := t.Context()
		must(t, s.MarkStory(ctx, reader, subscriptions.Mark{Story: "a", Mark: subscriptions.Follow, Topic: s.topics[0], At: noon}))
		must(t, s.MarkStory(ctx, reader, subscriptions.Mark{Story: "a", Mark: subscriptions.Mute, At: noon.Add(time.Hour)}))
		must(t, s.MarkStory(ctx, reader, subscriptions.Mark{Story: "b", Mark: subscriptions.Follow, At: noon}))
		must(t, s.MarkStory(ctx, reader, subscriptions.Mark{Story: "b"}))
		marks, err := s.Marks(ctx, reader)
		must(t, err)
		if diff := cmp.Diff([]subscriptions.Mark{{Story: "a", Mark: subscriptions.Mute, At: noon.Add(time.Hour)}}, marks); diff != "" {
			t.Error("marks:", diff)
		}

		first := subscriptions.Vote{Topic: s.topics[0], Article: "x", More: true, At: noon}
		other := subscriptions.Vote{Topic: s.topics[1], Article: "x", At: noon}
		changed := subscriptions.Vote{Topic: s.topics[0], Article: "x", At: noon.Add(time.Hour)}
		for _, v := range []subscriptions.Vote{first, other, changed} {
			must(t, s.Vote(ctx, reader, v))
		}
		votes, err := s.Votes(ctx, reader, s.topics[0])
		must(t, err)
		if diff := cmp.Diff([]subscriptions.Vote{changed}, votes); diff != "" {
			t.Error("votes:", diff)
		}
		must(t, s.ForgetVotes(ctx, reader, s.topics[0]))
		if votes, err := s.Votes(ctx, reader, ""); err != nil || len(votes) != 1 {
			t.Errorf("after forgetting one topic: %v, %v; want the vote of the other", votes, err)
		}
		must(t, s.Unvote(ctx, reader, s.topics[1], "x"))
		if votes, err := s.Votes(ctx, reader, ""); err != nil || len(votes) != 0 {
			t.Errorf("after taking it back: %v, %v", votes, err)
		}

		must(t, s.Pick(ctx, "old", "ann", noon))
		must(t, s.Pick(ctx, "new", "ann", noon.Add(time.Hour)))
		picks, err := s.Picks(ctx, noon.Add(-time.Hour))
		must(t, err)
		if diff := cmp.Diff([]string{"new", "old"}, picks); diff != "" {
			t.Error("picks:", diff)
		}
		must(t, s.Unpick(ctx, "new"))

		must(t, s.SaveDraft(ctx, "d", "text", noon))
		if text, err := s.Draft(ctx, "d"); text != "text" || err != nil {
			t.Errorf("draft %q, %v", text, err)
		}
		must(t, s.Forget(ctx, noon.Add(2*time.Hour)))
		if _, err := s.Draft(ctx, "d"); !errors.Is(err, subscriptions.ErrNone) {
			t.Errorf("a forgotten draft: %v, want ErrNone", err)
		}
		if picks, err := s.Picks(ctx, time.Time{}); err != nil || len(picks) != 0 {
			t.Errorf("picks after forgetting: %v, %v", picks, err)
		}
	})
}

func TestAMovedChatTakesItsSettingsAndMarksAlong(t *testing.T) {
	each(t, func(t *testing.T, s fixture) {
		ctx := t.Context()
		to := subscriptions.Chat{Platform: "telegram", ID: "-1007"}
		must(t, s.Set(ctx, subscriptions.Settings{Chat: reader, Length: subscriptions.Short, Language: "de", Silence: true}))
		must(t, s.Pause(ctx, reader, noon))
		must(t, s.SavePage(ctx, reader, []subscriptions.Entry{{Story: "a"}}))
		must(t, s.MarkStory(ctx, reader, subscriptions.Mark{Story: "a", Mark: subscriptions.Mute, At: noon}))
		must(t, s.Vote(ctx, reader, subscriptions.Vote{Topic: s.topics[0], Article: "x", More: true, At: noon}))
		s.write(t, func(ctx context.Context, tx *sql.Tx) error { return subscriptions.MoveChat(ctx, tx, reader, to) })
		settings, err := s.Settings(ctx, to)
		must(t, err)
		if settings.Length != subscriptions.Short || settings.Language != "de" || !settings.Silence || !settings.Paused.Equal(noon) {
			t.Errorf("settings %+v", settings)
		}
		page, _ := s.Page(ctx, to)
		marks, _ := s.Marks(ctx, to)
		votes, _ := s.Votes(ctx, to, "")
		if len(page) != 1 || len(marks) != 1 || len(votes) != 1 {
			t.Errorf("page %v, marks %v, votes %v: want one of each", page, marks, votes)
		}
	})
}
