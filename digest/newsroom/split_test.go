package newsroom_test

import (
	"slices"
	"testing"
	"time"

	"tidings/digest"
	"tidings/digest/archive"
	"tidings/digest/database"
)

// TestTwoEventsUnderOneIDAreCutApart stores two stories as one, starts again and
// expects that second thoughts cut them apart in the archive.
func TestTwoEventsUnderOneIDAreCutApart(t *testing.T) {
	each(t, func(t *testing.T, db *database.DB, p *press) {
		now := noon
		geneva(p)
		p.print("/two", "e", "Gold medal off the reef for surfer", "On the last day a wave of ten feet carried the surfer to gold.", noon.Add(-3*time.Hour))
		o := open(t, db, &now)
		o.poll(t)
		var moves []archive.Move
		err := o.archive.Articles(t.Context(), noon.Add(-24*time.Hour), func(a digest.Article) error {
			moves = append(moves, archive.Move{Article: a.ID, Story: "whole"})
			return nil
		})
		if err != nil || len(moves) != 5 {
			t.Fatalf("%d articles, %v, want 5", len(moves), err)
		}
		if err := o.archive.MoveArticles(t.Context(), moves); err != nil {
			t.Fatal(err)
		}
		o = open(t, db, &now)
		if err := o.Reconsider(t.Context()); err != nil {
			t.Fatal(err)
		}
		ids, err := o.archive.Biggest(t.Context(), noon.Add(-24*time.Hour), 5)
		if err != nil || len(ids) != 2 {
			t.Fatalf("the stories are %q, %v, want two", ids, err)
		}
		parts, err := o.archive.Parts(t.Context(), []string{"whole"})
		if part := parts["whole"]; err != nil || len(part) != 1 || !slices.Contains(ids, part[0]) || !slices.Contains(ids, "whole") {
			t.Errorf("the parts are %v, %v, want one of %q", parts, err, ids)
		}
		if got := candidates(t, o); len(got) != 1 || len(got[0]) != 3 {
			t.Errorf("the topic has %q, want three articles of one story", got)
		}
	})
}
