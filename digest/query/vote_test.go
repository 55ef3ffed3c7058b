package query_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidings/digest/query"
)

// TestOneVoteDoesNotCutATopicOfOnePiece dislikes one report of many that mix
// the same words: nothing divides them, so the others stay, but for those that
// say no more than it. When what was disliked lacks a word of the topic, others
// that lack it too may go.
func TestOneVoteDoesNotCutATopicOfOnePiece(t *testing.T) {
	d := newDesk()
	n := olympics(d)
	first := len(n.articles)
	words := invented(40)
	r := rand.New(rand.NewPCG(7, 7))
	var titles []string
	for i := range 60 {
		title := "harbour strike"
		if i%2 > 0 {
			title = "harbour"
		}
		for range 2 + r.IntN(4) {
			title += " " + words[30+r.IntN(4)]
		}
		titles = append(titles, title)
		n.add(d, fmt.Sprint("harbour", i), title)
	}
	before, _ := n.decide(t, d, "harbour strike", query.Options{}, query.Feedback{})
	if len(before) != 60 {
		t.Fatalf("%d articles belong before the votes, want 60", len(before))
	}
	for _, disliked := range []int{1, 2} {
		after, _ := n.decide(t, d, "harbour strike", query.Options{}, query.Feedback{
			More: n.articles[first : first+1], Less: n.articles[first+disliked : first+disliked+1],
		})
		gone := 0
		for i, title := range titles {
			_, ok := after[first+i]
			saysMore := slices.ContainsFunc(strings.Fields(title), func(word string) bool {
				return !strings.Contains(titles[disliked], word)
			})
			if !ok && saysMore && (disliked == 2 || strings.Contains(title, "strike")) {
				gone++
			}
		}
		if gone > 3 {
			t.Errorf("of 60 reports with the same words, %d are gone after a dislike of %q", gone, titles[disliked])
		}
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

// TestADislikeAloneLeavesTheRest dislikes one of three judo reports from Kosovo,
// or a stray one: the other story still belongs, and nothing new comes in.
func TestADislikeAloneLeavesTheRest(t *testing.T) {
	d := newDesk()
	n := olympics(d)
	n.add(d, "stray", "Judo gold of old hangs in a museum")
	before, _ := n.decide(t, d, "judo gold", query.Options{}, query.Feedback{})
	for _, disliked := range []int{4, len(n.articles) - 1} {
		after, _ := n.decide(t, d, "judo gold", query.Options{}, query.Feedback{Less: n.articles[disliked : disliked+1]})
		if _, ok := after[disliked]; ok {
			t.Errorf("report %d still belongs after the dislike", disliked)
		}
		for i := range before {
			if _, ok := after[i]; !ok && n.stories[i] == "takato" {
				t.Errorf("report %d is gone after a dislike of %d", i, disliked)
			}
		}
		for i := range after {
			if _, ok := before[i]; !ok {
				t.Errorf("report %d came in by a dislike of %d", i, disliked)
			}
		}
	}
}

// TestWhatIsDislikedGoes dislikes each report that belongs in turn, also those
// that belong by nothing but the words of the topic or by their story.
func TestWhatIsDislikedGoes(t *testing.T) {
	d := newDesk()
	n := olympics(d)
	for i := range 12 {
		n.add(d, "takato", fmt.Sprint("Takato judo gold for Japan and Naohisa, part ", i))
	}
	for i, title := range []string{"Judo club melts gold", "Gold paint in judo hall", "Museum shows judo gold"} {
		n.add(d, fmt.Sprint("faint", i), title)
	}
	before, _ := n.decide(t, d, "judo gold", query.Options{}, query.Feedback{})
	lifted := 0
	for disliked, match := range before {
		if match.Score < match.Needed+1e-9 {
			lifted++
		}
		votes := query.Feedback{Less: n.articles[disliked : disliked+1]}
		for range 2 {
			after, _ := n.decide(t, d, "judo gold", query.Options{}, votes)
			if _, ok := after[disliked]; ok {
				t.Errorf("report %d still belongs after the dislike, with %d likes", disliked, len(votes.More))
			}
			votes.More = n.articles[:1]
			if disliked == 0 {
				votes.More = n.articles[1:2]
			}
		}
	}
	if lifted == 0 {
		t.Error("no report belongs by its words or its story alone: the test says little")
	}
}

// TestADislikeCountsForAnExactTopic dislikes an article that has what a topic
// demands: it goes, and the others stay.
func TestADislikeCountsForAnExactTopic(t *testing.T) {
	d := newDesk()
	n := olympics(d)
	for _, topic := range []string{`+"judo gold"`, "+judo +gold -hall"} {
		before, _ := n.decide(t, d, topic, query.Options{}, query.Feedback{})
		after, _ := n.decide(t, d, topic, query.Options{}, query.Feedback{Less: n.articles[4:5]})
		if _, ok := before[4]; !ok {
			t.Fatalf("%s: article 4 does not belong before the vote", topic)
		}
		delete(before, 4)
		if diff := cmp.Diff(before, after); diff != "" {
			t.Errorf("%s: (-without the article +after its dislike)\n%s", topic, diff)
		}
	}
}

// TestVotesTellTwoEventsApart likes a report of one event and dislikes one of
// another with the same name: the other reports follow them.
func TestVotesTellTwoEventsApart(t *testing.T) {
	d := newDesk()
	n := olympics(d)
	first := len(n.articles)
	words := invented(60)
	for i := range 40 {
		theme := words[20+20*(i%2):] // the strike, or the harbour festival
		n.add(d, fmt.Sprint("harbour", i), strings.Join([]string{"harbour workers", theme[i/2%4], theme[4+i/2%5], theme[9+i/2%3], theme[12+i/2%2]}, " "))
	}
	votes := query.Feedback{More: n.articles[first : first+1], Less: n.articles[first+1 : first+2]}
	before, _ := n.decide(t, d, "harbour workers", query.Options{}, query.Feedback{})
	after, _ := n.decide(t, d, "harbour workers", query.Options{}, votes)
	if len(before) != 40 {
		t.Fatalf("%d reports belong before the votes, want 40", len(before))
	}
	for i := first; i < first+40; i++ {
		if _, ok := after[i]; ok != ((i-first)%2 == 0) {
			t.Errorf("report %d of the harbour: belongs %v", i-first, ok)
		}
	}
}

// TestWindowsWithOtherModelsDoNotDisturbEachOther decides in turns.
func TestWindowsWithOtherModelsDoNotDisturbEachOther(t *testing.T) {
	d := newDesk()
	n := olympics(d)
	w := query.NewWindow(n.articles, n.stories, d.frequencies, d.analyzer.Clone())
	q, votes := parse(t, "Takato judo gold"), query.Feedback{More: n.articles[:1], Less: n.articles[4:5]}
	want, _ := w.Decide(q, query.Options{}, votes)
	for i := range 50 {
		copied := w.With(query.Shipped())
		copied.Decide(parse(t, "Ledecky swims"), query.Options{}, query.Feedback{More: n.articles[i : i+1]})
		if got, _ := w.With(query.Shipped()).Decide(q, query.Options{}, votes); !cmp.Equal(got, want) {
			t.Fatalf("round %d: the same question has another answer:\n%s", i, cmp.Diff(want, got))
		}
	}
}
