package newsroom

import (
	"context"
	"fmt"

	"tidings/digest"
	"tidings/digest/archive"
	"tidings/digest/cluster"
)

// Regroup groups the articles of the last days anew, in the order in which they
// were published. After a first poll, which brings days of news one feed after
// another, stories come out as if the program had been there all the time. The
// ids of stories change, so it is for an archive that no chat has seen.
func (n *Newsroom) Regroup(ctx context.Context) error {
	n.storing.Lock()
	defer n.storing.Unlock()
	grouper := cluster.New(Window, mostLive)
	var moves []archive.Move
	n.mu.Lock()
	defer n.mu.Unlock()
	err := n.Archive.Articles(ctx, n.Now().Add(-Window), func(a digest.Article) error {
		title, text := n.Analyzer.Words(a.Language, a.Title), n.Analyzer.Words(a.Language, clip(a.Text))
		placement := grouper.Add(asClusterArticle(a, title, text), a.Seen)
		moves = append(moves, archive.Move{Article: a.ID, Story: placement.Story, CopyOf: placement.CopyOf})
		return ctx.Err()
	})
	if err != nil {
		return fmt.Errorf("group the last days anew: %w", err)
	}
	n.grouper = grouper
	return n.Archive.Place(ctx, moves)
}
