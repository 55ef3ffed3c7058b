package cluster

import (
	"cmp"
	"slices"
	"time"
)

// Merge says that one story turned out to be another: From is now a name for
// Into, which was founded earlier.
type Merge struct{ From, Into string }

// Split says that a part of the story From is another event, which is the story
// Into from then on. Into is the id of an article that gave its id to no story.
type Split struct{ From, Into string }

// Move says that an article belongs to another story than was thought. From
// and To were live stories when it was found, or To came of a split; a later Merge
// may rename them.
type Move struct{ Article, From, To string }

// Changes is what second thoughts changed. The moves came first, in their order,
// those of the splits last; then the merges. The article that gave a story its id
// stays in it, and so does one that was copied.
type Changes struct {
	Splits []Split
	Moves  []Move
	Merges []Merge
}

// Bounds on one call of Reconsider, and what it takes to change anything.
const (
	maxStories    = 2000 // looked at in one call
	maxVoters     = 8
	maxNeighbours = 4 // stories weighed against one
	// moveMargin is how much greater the log odds of the new story must be.
	moveMargin = 0.2
	// quorum is the share of a story's voters that must each belong to the
	// other: one article between two events cannot chain them.
	quorum = 0.5
	// minMerge is the least cosine of two stories that vote on merging.
	minMerge = 0.1
)

// Reconsider looks again at the stories that changed since the last call, and
// at their neighbours: articles move to stories that suit them clearly better,
// and stories of one event are merged. It looks at no more than 2,000 stories;
// the others wait for the next call.
func (g *Grouper) Reconsider(now time.Time) Changes {
	g.now = max(g.now, now.Unix())
	g.expire()
	n := min(maxStories, len(g.dirty))
	work := slices.Clone(g.dirty[:n])
	g.dirty = slices.Delete(g.dirty, 0, n)
	for _, s := range work {
		if s.dirty = false; s.buried {
			g.gone--
		}
	}
	var changes Changes
	for _, s := range work {
		if !s.buried {
			changes.Moves = g.moveOut(s, changes.Moves)
		}
	}
	for _, s := range work {
		if !s.buried {
			g.split(s, &changes)
		}
	}
	for _, s := range work {
		if !s.buried {
			changes.Merges = g.mergeNear(s, changes.Merges)
		}
	}
	return changes
}

// voters returns the newest voices of a story.
func (s *story) voters() []*document { return s.members[max(0, len(s.members)-maxVoters):] }

// moveOut moves articles of s that suit another story better.
func (g *Grouper) moveOut(s *story, moves []Move) []Move {
	for _, d := range slices.Clone(s.voters()) {
		if s.voices < 2 {
			break
		}
		if d.id == s.id || d.copied {
			continue
		}
		weighed := g.weighAgain(d, nil)
		own := slices.IndexFunc(weighed, func(c candidate) bool { return c.story == s })
		if own == 0 || len(weighed) == 0 {
			continue
		}
		needed := 0.0
		if own > 0 {
			needed = max(0, weighed[own].odds+moveMargin)
		}
		if best := weighed[0]; best.odds > needed {
			moves = append(moves, Move{d.id, s.id, best.story.id})
			d.terms = slices.Clone(g.reader.terms)
			g.move(d, s, best.story)
		}
	}
	return moves
}

// weighAgain is weigh for an article that has a story.
func (g *Grouper) weighAgain(d *document, apart *story) []candidate {
	kept := d.terms
	d.terms = g.reader.load(kept) // heaviest first, as weigh wants them
	all := g.weigh(d, apart)
	d.terms = kept
	return all
}

// move moves an article, its terms heaviest first.
func (g *Grouper) move(d *document, from, to *story) {
	from.subtract(d)
	from.live--
	d.story = to
	to.live++
	to.first, to.last = min(to.first, d.time), max(to.last, d.time)
	to.add(d, &g.index)
	g.changed(from)
	g.changed(to)
}

// mergeNear merges s with the neighbour that it agrees with most, as long as
// there is one. Of two stories the smaller votes.
func (g *Grouper) mergeNear(s *story, merges []Merge) []Merge {
	for range maxNeighbours {
		best := g.partner(s)
		if best == nil {
			break
		}
		from, into := s, best
		if from.serial < into.serial {
			from, into = into, from
		}
		merges = append(merges, Merge{from.id, into.id})
		g.merge(from, into)
		s = into
	}
	return merges
}

// partner returns the story that s should be merged with, or nil.
func (g *Grouper) partner(s *story) *story {
	var best *story
	var odds float64
	for _, v := range g.vote(s) {
		if v.story.voices >= s.voices && v.odds > odds {
			best, odds = v.story, v.odds
		}
	}
	for _, h := range g.near(s, maxNeighbours) {
		t := g.stories[h.story]
		if t.voices >= s.voices || s.cosine(t) < minMerge {
			continue
		}
		for _, v := range g.vote(t) {
			if v.story == s && v.odds > odds {
				best, odds = t, v.odds
			}
		}
	}
	return best
}

// ballot is what the voters of one story think of another.
type ballot struct {
	story *story
	odds  float64 // mean log odds of all voters
	yes   int     // voters who belong to it
}

// vote returns the stories that a quorum of the voters of s belongs to.
func (g *Grouper) vote(s *story) []ballot {
	var ballots []ballot
	voters := s.voters()
	needed := quorum * float64(len(voters))
	for n, d := range voters {
		most := 0
		for _, c := range g.weighAgain(d, s) {
			if c.story == s {
				continue
			}
			i := slices.IndexFunc(ballots, func(b ballot) bool { return b.story == c.story })
			if i < 0 {
				i = len(ballots)
				// Who does not even weigh the story refuses it.
				ballots = append(ballots, ballot{story: c.story, odds: refused})
			}
			ballots[i].odds += (c.odds - refused) / float64(len(voters))
			if c.odds > 0 {
				ballots[i].yes++
			}
		}
		for _, b := range ballots {
			most = max(most, b.yes)
		}
		if left := len(voters) - n - 1; float64(most+left) < needed {
			return nil
		}
	}
	return slices.DeleteFunc(ballots, func(b ballot) bool { return float64(b.yes) < needed })
}

// near returns the live stories that share most with s, best first.
func (g *Grouper) near(s *story, n int) []hit {
	terms := slices.Clone(s.terms)
	slices.SortFunc(terms, heavier)
	list := slices.Clone(g.index.near(terms, n+1))
	return slices.DeleteFunc(list, func(h hit) bool { return h.story == s.number })
}

// merge makes from a part of into.
func (g *Grouper) merge(from, into *story) {
	for _, t := range from.terms {
		if g.index.remove(t.id, from.number) {
			g.index.use(t.id, into.number)
		}
	}
	into.absorb(from)
	into.prune(&g.index)
	from.into = into
	g.alias[from.id] = into
	g.names[into.id] = append(append(g.names[into.id], g.names[from.id]...), from.id)
	delete(g.names, from.id)
	g.retire(from)
	g.changed(into)
}

// Related returns the ids of at most n other live stories near a story, best
// first. A merged story is known by all its names.
func (g *Grouper) Related(id string, n int) []string {
	s := g.story(id)
	if s == nil || n <= 0 {
		return nil
	}
	type neighbour struct {
		story  *story
		cosine float64
	}
	var list []neighbour
	for _, h := range g.near(s, 2*n) {
		t := g.stories[h.story]
		if c := s.cosine(t); c >= minRelated {
			list = append(list, neighbour{t, c})
		}
	}
	slices.SortFunc(list, func(a, b neighbour) int {
		return cmp.Or(cmp.Compare(b.cosine, a.cosine), cmp.Compare(a.story.serial, b.story.serial))
	})
	var out []string
	for _, r := range list[:min(n, len(list))] {
		out = append(out, r.story.id)
	}
	return out
}

// minRelated is the least cosine of stories that a reader would call related.
const minRelated = 0.12
