package subscriptions_test

import (
	"context"
	"database/sql"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidings/digest"
	"tidings/digest/archive"
	"tidings/digest/database"
	"tidings/digest/database/databasetest"
	"tidings/subscriptions"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

var reader = subscriptions.Chat{Platform: "telegram", ID: "7"}

// fixture is a store with a chat and two topics.
type fixture struct {
	*subscriptions.Store
	db     *database.DB
	topics [2]string
}

func each(t *testing.T, f func(t *testing.T, s fixture)) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		s := fixture{Store: subscriptions.New(db), db: db}
		for i, name := range []string{"Peace", "Surfing"} {
			id, err := archive.New(db).SaveTopic(t.Context(), digest.Topic{Name: name, Query: name, Created: noon})
			if err != nil {
				t.Fatal(err)
			}
			s.topics[i] = id
		}
		if err := s.Meet(t.Context(), reader, "private", "Ann", noon); err != nil {
			t.Fatal(err)
		}
		f(t, s)
	})
}

func (s fixture) subscribe(t *testing.T, c subscriptions.Chat, topic string, due time.Time) (subscriptions.Subscription, *subscriptions.Subscription) {
	t.Helper()
	sub, had, err := s.Subscribe(t.Context(), subscriptions.Subscription{
		Chat: c, TopicID: topic, Schedule: "daily 08:00", NextDue: due, Created: noon,
	})
	if err != nil {
		t.Fatal(err)
	}
	return sub, had
}

func (s fixture) due(t *testing.T, now time.Time) []subscriptions.Subscription {
	t.Helper()
	due, err := s.Due(t.Context(), now, 10)
	if err != nil {
		t.Fatal(err)
	}
	return due
}

func (s fixture) write(t *testing.T, f func(ctx context.Context, tx *sql.Tx) error) {
	t.Helper()
	if err := s.db.Write(t.Context(), func(tx *sql.Tx) error { return f(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

func TestChatNamesSurvive(t *testing.T) {
	for _, c := range []subscriptions.Chat{reader, {Platform: "telegram", ID: "-100", Thread: "4"}, {Platform: "discord", ID: "99"}} {
		if got, ok := subscriptions.ParseChat(c.String()); !ok || got != c {
			t.Errorf("%v became %v, %v", c, got, ok)
		}
	}
	for _, s := range []string{"", "telegram", "telegram:", ":7", "telegram:/4"} {
		if c, ok := subscriptions.ParseChat(s); ok {
			t.Errorf("%q was read as %v", s, c)
		}
	}
}

func TestSubscribingTwiceChangesTheTime(t *testing.T) {
	each(t, func(t *testing.T, s fixture) {
		first, had := s.subscribe(t, reader, s.topics[0], noon)
		if had != nil {
			t.Errorf("a first subscription changed %+v", had)
		}
		second, had := s.subscribe(t, reader, s.topics[0], noon.Add(time.Hour))
		if had == nil || had.Schedule != "daily 08:00" || second.ID != first.ID {
			t.Errorf("had %+v, id %s, want the old schedule and id %s", had, second.ID, first.ID)
		}
		subs, err := s.Of(t.Context(), reader)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]subscriptions.Subscription{second}, subs); diff != "" {
			t.Error(diff)
		}
	})
}

func TestUnsubscribe(t *testing.T) {
	each(t, func(t *testing.T, s fixture) {
		s.subscribe(t, reader, s.topics[0], noon)
		if err := s.Unsubscribe(t.Context(), reader, s.topics[0]); err != nil {
			t.Fatal(err)
		}
		if err := s.Unsubscribe(t.Context(), reader, s.topics[0]); !errors.Is(err, subscriptions.ErrNone) {
			t.Errorf("the second time: %v, want ErrNone", err)
		}
	})
}

func TestADueSubscriptionIsTakenUpOnce(t *testing.T) {
	each(t, func(t *testing.T, s fixture) {
		s.subscribe(t, reader, s.topics[0], noon)
		if due := s.due(t, noon.Add(-time.Millisecond)); len(due) != 0 {
			t.Errorf("due too early: %+v", due)
		}
		seen := s.due(t, noon)
		if len(seen) != 1 {
			t.Fatalf("%d are due, want 1", len(seen))
		}
		for i, want := range []bool{true, false} {
			s.write(t, func(ctx context.Context, tx *sql.Tx) error {
				mine, err := subscriptions.Advance(ctx, tx, seen[0], noon, noon.Add(24*time.Hour))
				if mine != want {
					t.Errorf("call %d took it up: %v, want %v", i+1, mine, want)
				}
				return err
			})
		}
		if due := s.due(t, noon); len(due) != 0 {
			t.Errorf("still due: %+v", due)
		}
	})
}

func TestAClosedChatWaitsUntilItIsMetAgain(t *testing.T) {
	each(t, func(t *testing.T, s fixture) {
		s.subscribe(t, reader, s.topics[0], noon)
		if err := s.Close(t.Context(), reader, "bot was blocked by the user"); err != nil {
			t.Fatal(err)
		}
		if due := s.due(t, noon); len(due) != 0 {
			t.Errorf("due in a closed chat: %+v", due)
		}
		if err := s.Meet(t.Context(), reader, "private", "Ann", noon); err != nil {
			t.Fatal(err)
		}
		if due := s.due(t, noon); len(due) != 1 {
			t.Errorf("%d are due in the chat that opened again, want 1", len(due))
		}
	})
}

func TestZoneMovesWhatIsDue(t *testing.T) {
	each(t, func(t *testing.T, s fixture) {
		sub, _ := s.subscribe(t, reader, s.topics[0], noon)
		later := noon.Add(3 * time.Hour)
		if err := s.SetZone(t.Context(), reader, "Europe/Kyiv", map[string]time.Time{sub.ID: later}); err != nil {
			t.Fatal(err)
		}
		settings, err := s.Settings(t.Context(), reader)
		if err != nil || settings.Zone != "Europe/Kyiv" || settings.Kind != "private" {
			t.Errorf("settings %+v, %v", settings, err)
		}
		if due := s.due(t, later); len(due) != 1 || !due[0].NextDue.Equal(later) {
			t.Errorf("due: %+v, want at %v", due, later)
		}
	})
}

func TestAMovedChatTakesEverythingAlong(t *testing.T) {
	each(t, func(t *testing.T, s fixture) {
		from := subscriptions.Chat{Platform: "telegram", ID: "-5"}
		to := subscriptions.Chat{Platform: "telegram", ID: "-1005"}
		near := subscriptions.Chat{Platform: "telegram", ID: "-55"}
		for _, c := range []subscriptions.Chat{from, to, near} {
			if err := s.Meet(t.Context(), c, "group", "Group", noon); err != nil {
				t.Fatal(err)
			}
		}
		s.subscribe(t, from, s.topics[0], noon)
		s.subscribe(t, from, s.topics[1], noon)
		s.subscribe(t, to, s.topics[1], noon)
		s.subscribe(t, near, s.topics[0], noon)
		memory := digest.Memory{Outlets: 3, Sentences: []string{"A."}}
		s.write(t, func(ctx context.Context, tx *sql.Tx) error {
			return subscriptions.Remember(ctx, tx, from, "story", digest.Memory{}, memory, noon)
		})
		s.write(t, func(ctx context.Context, tx *sql.Tx) error { return subscriptions.MoveChat(ctx, tx, from, to) })
		for c, want := range map[subscriptions.Chat]int{from: 0, to: 2, near: 1} {
			subs, err := s.Of(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			if len(subs) != want {
				t.Errorf("%v has %d subscriptions, want %d", c, len(subs), want)
			}
		}
		shown, err := s.Shown(t.Context(), to, []string{"story"})
		memory.At = noon
		if diff := cmp.Diff(map[string]digest.Memory{"story": memory}, shown); diff != "" || err != nil {
			t.Error(diff, err)
		}
	})
}

func TestWhatWasShownGrowsAndIsForgotten(t *testing.T) {
	each(t, func(t *testing.T, s fixture) {
		show := func(had, shows digest.Memory, at time.Time) {
			s.write(t, func(ctx context.Context, tx *sql.Tx) error {
				return subscriptions.Remember(ctx, tx, reader, "story", had, shows, at)
			})
		}
		first := digest.Memory{Outlets: 2, Sentences: []string{"A."}}
		show(digest.Memory{}, first, noon)
		show(first, digest.Memory{Outlets: 5, Sentences: []string{"B."}}, noon.Add(time.Hour))
		shown, err := s.Shown(t.Context(), reader, []string{"story", "other"})
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]digest.Memory{"story": {Outlets: 5, Sentences: []string{"A.", "B."}, At: noon.Add(time.Hour)}}
		if diff := cmp.Diff(want, shown); diff != "" {
			t.Error(diff)
		}
		if err := s.Forget(t.Context(), noon.Add(2*time.Hour)); err != nil {
			t.Fatal(err)
		}
		if shown, err := s.Shown(t.Context(), reader, []string{"story"}); err != nil || len(shown) != 0 {
			t.Errorf("still remembered: %v, %v", shown, err)
		}
	})
}
