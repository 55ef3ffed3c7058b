package query_test

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidings/digest/query"
)

// news is articles with their stories.
type news struct {
	articles []query.Article
	stories  []string
}

func (n *news) add(d *desk, story, title string) {
	a := d.article("en", title, "")
	d.frequencies.Observe(a)
	n.articles = append(n.articles, a)
	n.stories = append(n.stories, story)
}

// olympics are two stories of judo, one of swimming, and much else.
func olympics(d *desk) *news {
	n := &news{}
	for _, title := range []string{
		"Takato wins first judo gold for Japan", "Naohisa Takato takes judo gold on opening day",
		"Japan celebrates Takato and his judo gold medal", "Takato beats Yang in the final for the hosts",
	} {
		n.add(d, "takato", title)
	}
	for _, title := range []string{
		"Krasniqi wins judo gold for Kosovo", "Kosovo cheers Krasniqi after judo gold", "Distria Krasniqi brings judo gold home to Kosovo",
	} {
		n.add(d, "krasniqi", title)
	}
	for _, title := range []string{
		"Titmus beats Ledecky in the pool", "Ledecky second as Titmus swims to gold", "Titmus stuns Ledecky over 400 metres",
	} {
		n.add(d, "titmus", title)
	}
	z := newZipf(5, 400)
	for i := range 150 {
		n.add(d, fmt.Sprint("other", i/3), z.text(8))
	}
	return n
}

func (n *news) decide(t *testing.T, d *desk, topic string, o query.Options, votes query.Feedback) (map[int]query.Match, *query.Profile) {
	t.Helper()
	results, profile := query.NewWindow(n.articles, n.stories, d.frequencies, d.analyzer.Clone()).Decide(parse(t, topic), o, votes)
	found := make(map[int]query.Match)
	for _, r := range results {
		found[r.Article] = r.Match
	}
	return found, profile
}

func TestAStoryCarriesItsTopic(t *testing.T) {
	d := newDesk()
	n := olympics(d)
	found, profile := n.decide(t, d, "Takato judo gold", query.Options{}, query.Feedback{})
	for i := range 4 {
		if _, ok := found[i]; !ok {
			t.Errorf("article %d of the story is missing", i)
		}
	}
	for i, m := range found {
		if n.stories[i] != "takato" && n.stories[i] != "krasniqi" {
			t.Errorf("article %d of %q belongs to it: %s", i, n.stories[i], m)
		}
		if m.Score < m.Needed || m.Score > 1 || m.Needed <= 0 {
			t.Errorf("article %d: %s", i, m)
		}
		sum := 0.0
		for _, term := range m.Terms {
			sum += term.Weight
		}
		if math.Abs(sum-m.Score) > 0.2 {
			t.Errorf("the terms of article %d make %.2f: %s", i, sum, m)
		}
	}
	if profile == nil || len(profile.Words) == 0 || profile.Needed <= 0 {
		t.Errorf("learned %+v", profile)
	}
}

func TestAWindowObeysDemands(t *testing.T) {
	d := newDesk()
	n := olympics(d)
	for _, test := range []struct {
		topic, never string
		o            query.Options
	}{
		{"judo gold -takato", "takato", query.Options{}},
		{"judo gold +kosovo", "takato", query.Options{}},
		{"+krasniqi", "takato", query.Options{}},
		{"judo gold", "krasniqi", query.Options{Languages: []string{"de"}}},
	} {
		found, _ := n.decide(t, d, test.topic, test.o, query.Feedback{})
		for i := range found {
			if n.stories[i] == test.never && i != 3 { // the fourth does not name what is excluded or demanded
				t.Errorf("%s: has article %d of %s", test.topic, i, test.never)
			}
		}
	}
}

func TestNothingFitsNothing(t *testing.T) {
	d := newDesk()
	n := olympics(d)
	for _, topic := range []string{"curling sweden broom", "xqzvw", "+judo +curling"} {
		if found, profile := n.decide(t, d, topic, query.Options{}, query.Feedback{}); len(found) > 0 || profile != nil {
			t.Errorf("%s: %d articles, learned %+v", topic, len(found), profile)
		}
	}
}

func TestStrictnessOrdersWhatBelongs(t *testing.T) {
	d := newDesk()
	n := olympics(d)
	last := -1
	for _, s := range []query.Strictness{query.Strict, query.Normal, query.Loose} {
		found, _ := n.decide(t, d, "judo gold japan", query.Options{Strictness: s}, query.Feedback{})
		if len(found) < last {
			t.Errorf("strictness %d has %d articles, a stricter one %d", s, len(found), last)
		}
		last = len(found)
	}
}

func TestLessLikeThisPushesDownItsStory(t *testing.T) {
	d := newDesk()
	n := olympics(d)
	before, _ := n.decide(t, d, "judo gold", query.Options{}, query.Feedback{})
	votes := query.Feedback{More: n.articles[:1], Less: n.articles[4:5]}
	after, profile := n.decide(t, d, "judo gold", query.Options{}, votes)
	if len(before) < 6 {
		t.Fatalf("only %d articles belong before the votes", len(before))
	}
	if m, ok := after[4]; ok {
		t.Errorf("what was disliked still belongs: %s", m)
	}
	for i := 5; i < 7; i++ {
		if m, ok := after[i]; ok && m.Score >= before[i].Score {
			t.Errorf("article %d of the disliked story has %.2f after the vote, %.2f before", i, m.Score, before[i].Score)
		}
	}
	for i := range 3 {
		if _, ok := after[i]; !ok {
			t.Errorf("article %d of the liked story is gone", i)
		}
	}
	if !slices.ContainsFunc(profile.Words, func(w query.Related) bool { return w.Weight < 0 }) {
		t.Errorf("nothing speaks against the topic: %+v", profile.Words)
	}
}

func TestWhatWasLearnedIsKept(t *testing.T) {
	d := newDesk()
	n := olympics(d)
	_, profile := n.decide(t, d, "Takato judo gold", query.Options{}, query.Feedback{})
	raw, err := json.Marshal(profile)
	if err != nil {
		t.Fatal(err)
	}
	var again query.Profile
	if err := json.Unmarshal(raw, &again); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(*profile, again); diff != "" {
		t.Error(diff)
	}
	if len(raw) > 4000 {
		t.Errorf("a profile takes %d bytes", len(raw))
	}
}

func TestTaste(t *testing.T) {
	d := newDesk()
	n := olympics(d)
	taste := d.frequencies.Taste(query.Feedback{More: n.articles[:1], Less: n.articles[4:5]})
	liked, terms := taste.Score(&n.articles[1])
	disliked, _ := taste.Score(&n.articles[5])
	if liked <= 0 || disliked >= 0 || len(terms) == 0 {
		t.Errorf("liked %.2f by %v, disliked %.2f", liked, terms, disliked)
	}
	if other, _ := taste.Score(&n.articles[50]); other != 0 {
		t.Errorf("what has no word of them has %.2f", other)
	}
	if nothing, _ := d.frequencies.Taste(query.Feedback{}).Score(&n.articles[0]); nothing != 0 {
		t.Errorf("without votes %.2f", nothing)
	}
}

func TestFrequenciesAreKept(t *testing.T) {
	d := newDesk()
	n := olympics(d)
	raw, err := d.frequencies.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	again := newDesk()
	if err := again.frequencies.UnmarshalBinary(raw); err != nil {
		t.Fatal(err)
	}
	for _, topic := range []string{"judo gold", "Takato Japan", "pool Ledecky"} {
		for i := range n.articles {
			q := parse(t, topic)
			if diff := cmp.Diff(q.Match(&n.articles[i], d.frequencies, query.Options{}), q.Match(&n.articles[i], again.frequencies, query.Options{})); diff != "" {
				t.Fatalf("%s, article %d: %s", topic, i, diff)
			}
		}
	}
	if d.frequencies.Articles() != again.frequencies.Articles() {
		t.Errorf("%d articles, were %d", again.frequencies.Articles(), d.frequencies.Articles())
	}
	for n := range len(raw) {
		if err := again.frequencies.UnmarshalBinary(raw[:n]); err == nil && n < 3 {
			t.Errorf("%d bytes of it are taken for all", n)
		}
	}
	if err := again.frequencies.UnmarshalBinary([]byte("something else")); err == nil {
		t.Error("something else is taken for frequencies")
	}
}
