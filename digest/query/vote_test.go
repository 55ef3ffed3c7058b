package query_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"tidings/digest/query"
)

// TestOneVoteDoesNotCutATopicOfOnePiece dislikes one report of many that mix
// the same words: nothing divides them, so the others stay.
func TestOneVoteDoesNotCutATopicOfOnePiece(t *testing.T) {
	d := newDesk()
	n := olympics(d)
	first := len(n.articles)
	words := invented(40)
	r := rand.New(rand.NewPCG(7, 7))
	for i := range 60 {
		title := "harbour strike"
		if i%2 > 0 {
			title = "harbour"
		}
		for range 2 + r.IntN(4) {
			title += " " + words[30+r.IntN(4)]
		}
		n.add(d, fmt.Sprint("harbour", i), title)
	}
	before, _ := n.decide(t, d, "harbour strike", query.Options{}, query.Feedback{})
	after, _ := n.decide(t, d, "harbour strike", query.Options{}, query.Feedback{
		More: n.articles[first : first+1], Less: n.articles[first+1 : first+2],
	})
	if len(before) < 30 {
		t.Fatalf("only %d articles belong before the votes", len(before))
	}
	gone := 0
	for i := range before {
		if _, ok := after[i]; !ok {
			gone++
		}
	}
	if gone > len(before)/10 {
		t.Errorf("of %d articles, %d are gone after one dislike", len(before), gone)
	}
}

// TestALikeKeepsFaintReports likes one report of a strike: reports that hardly
// name it, half of them in other words than the liked, still belong.
func TestALikeKeepsFaintReports(t *testing.T) {
	d := newDesk()
	n := olympics(d)
	first := len(n.articles)
	words := invented(40)
	for i := range 20 {
		n.add(d, fmt.Sprint("harbour", i), fmt.Sprint("harbour strike ", words[30+i%2], " ", words[32+i%2], " ", words[10+i%7]))
	}
	for i := range 10 {
		n.add(d, fmt.Sprint("faint", i), fmt.Sprint("strike ", words[30+i%2], " ", words[32+i%2], " ", strings.Join(words[i:i+3], " ")))
	}
	before, _ := n.decide(t, d, "harbour strike", query.Options{}, query.Feedback{})
	after, _ := n.decide(t, d, "harbour strike", query.Options{}, query.Feedback{More: n.articles[first : first+1]})
	if len(before) != 30 {
		t.Fatalf("%d articles belong before the like, want 30", len(before))
	}
	for i := range before {
		if _, ok := after[i]; !ok {
			t.Errorf("report %q is gone after the like", n.stories[i])
		}
	}
}
