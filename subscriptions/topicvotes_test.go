package subscriptions_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidings/subscriptions"
)

func TestAVoteBecomesTheTopicsOwn(t *testing.T) {
	each(t, func(t *testing.T, s fixture) {
		ctx := t.Context()
		votes := func(want ...subscriptions.Vote) {
			t.Helper()
			got, err := s.TopicVotes(ctx, s.topics[0])
			must(t, err)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		}
		first := subscriptions.Vote{Topic: s.topics[0], Article: "x", More: true, At: noon}
		second := subscriptions.Vote{Topic: s.topics[0], Article: "y", At: noon.Add(time.Minute)}
		for _, v := range []subscriptions.Vote{first, second, {Topic: s.topics[1], Article: "x", At: noon}} {
			must(t, s.Vote(ctx, reader, v))
		}
		votes()
		must(t, s.Adopt(ctx, reader, s.topics[0], "y"))
		must(t, s.Adopt(ctx, reader, s.topics[0], "x"))
		votes(first, second)
		if err := s.Adopt(ctx, reader, s.topics[0], "z"); !errors.Is(err, subscriptions.ErrNone) {
			t.Errorf("a vote that nobody gave: %v, want ErrNone", err)
		}

		// It stays when the chat forgets, and changes when it is adopted anew.
		must(t, s.ForgetVotes(ctx, reader, ""))
		votes(first, second)
		first.More, first.At = false, noon.Add(time.Hour)
		must(t, s.Vote(ctx, reader, first))
		must(t, s.Adopt(ctx, reader, s.topics[0], "x"))
		votes(second, first)
		must(t, s.Disown(ctx, s.topics[0], "y"))
		votes(first)
		must(t, s.Disown(ctx, s.topics[0], ""))
		votes()
	})
}
