package digest_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidings/digest"
	"tidings/digest/language"
)

var until = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

var since = until.Add(-24 * time.Hour)

// article is one of an outlet, so many hours before the end of the window.
func article(id, owner string, hours float64, title, text string) digest.Article {
	at := until.Add(-time.Duration(hours * float64(time.Hour)))
	return digest.Article{
		ID: id, URL: "https://news.example/" + id, Title: title, Text: text, Language: "en",
		Outlet: owner, Owner: owner, Weight: 1, Published: at, Seen: at,
	}
}

// story is a candidate of which all articles fit.
func story(articles ...digest.Article) digest.Candidate {
	c := digest.Candidate{ID: articles[0].ID, FirstSeen: articles[0].Seen, Articles: articles, Fit: map[string]float64{}}
	for _, a := range articles {
		c.Fit[a.ID] = 0.8
	}
	return c
}

func compose(candidates ...digest.Candidate) digest.Digest {
	return digest.NewComposer(language.New()).Compose(digest.Topic{ID: "t", Name: "Peace"}, since, until, candidates)
}

func titles(stories []digest.Story) (all []string) {
	for _, s := range stories {
		all = append(all, s.Title)
	}
	return all
}

func bridge() digest.Candidate {
	return story(
		article("b1", "One", 5, "Council votes to rebuild the harbour bridge", "The council voted on Monday to rebuild the harbour bridge for 40 million crowns. Work will begin in spring."),
		article("b2", "Two", 4, "Harbour bridge to be rebuilt, council votes", "A majority of the council wants the bridge in the harbour rebuilt. The mayor called the vote a relief for the port."),
		article("b3", "Three", 3, "Vote on harbour bridge: council wants to rebuild", "After two years of argument the council decided to rebuild the bridge. Ships will wait until the summer."),
	)
}

func ferry() digest.Candidate {
	return story(article("f1", "One", 6, "Ferry to the islands gets a second captain", "The ferry company hired a second captain for the winter. Passengers had complained of long waits."))
}

func TestMoreOwnersRankHigher(t *testing.T) {
	d := compose(ferry(), bridge())
	if len(d.Stories) != 2 || d.Stories[1].Title != "Ferry to the islands gets a second captain" {
		t.Fatalf("ranked %q", titles(d.Stories))
	}
	if d.Articles != 4 || d.Outlets != 3 {
		t.Errorf("%d articles of %d outlets, want 4 of 3", d.Articles, d.Outlets)
	}
	for _, s := range d.Stories {
		sum := s.Score.Owners + s.Score.Fresh + s.Score.Growth + s.Score.Fits + s.Score.Yours + s.Score.Same
		if math.Abs(sum-s.Score.Total()) > 1e-9 || s.Score.Owners <= 0 || s.Score.Fresh <= 0 {
			t.Errorf("the parts of %+v do not make %v", s.Score, s.Score.Total())
		}
	}
}

func TestWeightOfOwnersCounts(t *testing.T) {
	heavy, light := ferry(), story(article("g1", "Two", 6, "Lighthouse keeper sells the lighthouse", "The lighthouse was sold to a painter."))
	heavy.Articles[0].Weight, light.Articles[0].Weight = 0.5, 2
	if d := compose(heavy, light); d.Stories[0].Title != "Lighthouse keeper sells the lighthouse" {
		t.Errorf("ranked %q", titles(d.Stories))
	}
}

func TestCopiesAndOneOwnerAreOneVoice(t *testing.T) {
	c := bridge()
	twin := article("b4", "One", 2, "Council votes to rebuild bridge", "The council voted to rebuild it.")
	twin.Outlet = "One on Sunday"
	wire := article("b5", "Four", 1, c.Articles[0].Title, c.Articles[0].Text)
	wire.CopyOf = "b1"
	c.Articles = append(c.Articles, twin, wire)
	d := compose(c)
	if got := len(d.Stories[0].Sources); got != 3 {
		t.Errorf("%d voices, want 3", got)
	}
	if got := len(d.Stories[0].Articles); got != 5 {
		t.Errorf("%d articles, want 5", got)
	}
}

func TestTheHeadlineIsOfAnArticleThatFits(t *testing.T) {
	c := bridge()
	c.Articles = append(c.Articles, article("s1", "Four", 2, "Senate hears the mayor", "The mayor spoke in the senate about the port."), article("s2", "Five", 1, "Mayor tells the senate about the port", "Senators asked about the port and its ships."))
	c.Fit = map[string]float64{"s1": 0.8, "s2": 0.7}
	want := []string{"Mayor tells the senate about the port"}
	if diff := cmp.Diff(want, titles(compose(c).Stories)); diff != "" {
		t.Error(diff)
	}
}

func TestAStoryThatMostlyDoesNotFitIsLeftOut(t *testing.T) {
	c := bridge()
	for i := range 4 {
		c.Articles = append(c.Articles, article(fmt.Sprint("x", i), fmt.Sprint("X", i), 2, "Something else", "Nothing of it."))
	}
	c.Fit = map[string]float64{"b1": 0.9}
	if d := compose(c); len(d.Stories) != 0 {
		t.Errorf("it is told: %q", titles(d.Stories))
	}
}

func TestOneSubjectDoesNotFillTheTop(t *testing.T) {
	var all []digest.Candidate
	for i := range 4 {
		n := fmt.Sprint(i)
		all = append(all, story(
			article("s"+n, "One", float64(i)+1, "Port strike enters day "+n+": dockers and owners meet", "Dockers met the owners of the port on day "+n+" of the strike. Ships wait outside."),
			article("r"+n, "Two", float64(i)+1, "Day "+n+" of port strike, dockers meet owners", "The strike in the port went into day "+n+". The dockers want more pay."),
		))
	}
	all = append(all, bridge(), ferry())
	d := compose(all...)
	first := titles(d.Stories)[:3]
	strikes := 0
	for _, title := range first {
		if strings.Contains(title, "strike") {
			strikes++
		}
	}
	if strikes > 2 {
		t.Errorf("the first three are %q", first)
	}
}

func TestOneSubjectInTwoLanguagesIsOneSubject(t *testing.T) {
	foreign := story(
		article("u1", "Eins", 2, "Die letzte Welle entscheidet", "Itzel Navarro aus Mexiko gewann in Punta Brava mit 9,10 Punkten vor Brie Callander."),
		article("u2", "Zwei", 2, "Jubel am Strand", "Die Surferin Itzel Navarro schlug in Punta Brava die Favoritin Callander."),
	)
	for i := range foreign.Articles {
		foreign.Articles[i].Language = "de"
	}
	d := compose(foreign, bridge(), ferry(), story(
		article("e1", "One", 2, "Mexico's first Olympic surfing gold goes to Navarro", "Itzel Navarro of Mexico won at Punta Brava on Monday with a wave of 9.10, ahead of Brie Callander."),
		article("e2", "Two", 2, "Late wave decides the surfing", "Navarro beat Callander in the last minute at Punta Brava."),
		article("e3", "Three", 2, "A wave with 40 seconds left", "Itzel Navarro took the Olympic title at Punta Brava."),
	))
	for _, s := range d.Stories {
		if same := s.ID == "u1"; same != (s.Score.Same < -0.5) {
			t.Errorf("%q loses %.2f for what another tells", s.Title, s.Score.Same)
		}
	}
}

func TestSummariesStandInTheArticles(t *testing.T) {
	d := compose(bridge())
	s := d.Stories[0]
	if len(s.Summary) == 0 {
		t.Fatal("there is no summary")
	}
	for _, sentence := range s.Summary {
		if !strings.Contains(sentence.Article.Text, sentence.Text) {
			t.Errorf("%q does not stand in %q", sentence.Text, sentence.Article.Text)
		}
	}
	if s.Sources[0].Title != s.Title {
		t.Errorf("the first source is %q, the headline %q", s.Sources[0].Title, s.Title)
	}
}

func TestAStoryComesBackOnlyWithAReason(t *testing.T) {
	composer := digest.NewComposer(language.New())
	d := compose(bridge())
	memory := digest.Memory{Outlets: 3, At: until.Add(-2 * time.Hour)}
	for _, s := range d.Stories[0].Summary {
		memory.Sentences = append(memory.Sentences, s.Text)
	}
	known := map[string]digest.Memory{"b1": memory}
	if again := composer.ForChat(d, known); len(again.Stories) != 0 || len(again.Running) != 1 {
		t.Errorf("without news: %q told, %q running", titles(again.Stories), titles(again.Running))
	}

	c := bridge()
	c.Articles = append(c.Articles, article("b9", "Nine", 1, "Court stops the harbour bridge",
		"The Court of Lindholm stopped the rebuilding on Sunday after a complaint by 19 fishermen. Judge Ada Berg will hear both sides in December."))
	c.Fit["b9"] = 0.8
	again := composer.ForChat(compose(c), known)
	if len(again.Stories) != 1 || again.Stories[0].Update == nil || again.Stories[0].Update.Outlets != 1 {
		t.Fatalf("with news: %+v", again)
	}
	for _, sentence := range again.Stories[0].Said() {
		if sentence.Article.ID != "b9" {
			t.Errorf("%q is told as news", sentence.Text)
		}
	}
}

func TestTheNextStoriesTakeThePlacesOfThoseWithoutNews(t *testing.T) {
	named := func(ids ...string) (all []digest.Story) {
		for _, id := range ids {
			all = append(all, digest.Story{ID: id, Title: id})
		}
		return all
	}
	d := digest.Digest{Stories: named("a", "b", "c"), Spare: named("d", "e", "f", "g"), Left: 6}
	shown := digest.Memory{At: until}
	got := digest.NewComposer(language.New()).ForChat(d, map[string]digest.Memory{"a": shown, "b": shown, "d": shown})
	want := d
	want.Stories, want.Running, want.Spare, want.Left = named("c", "e", "f"), named("a", "b"), named("g"), 4
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestNewsInAnotherLanguage(t *testing.T) {
	composer := digest.NewComposer(language.New())
	c := bridge()
	known := map[string]digest.Memory{"b1": {Outlets: 3, At: until.Add(-2 * time.Hour), Sentences: []string{c.Articles[0].Text, c.Articles[1].Text, c.Articles[2].Text}}}
	german := func(id, owner string) digest.Article {
		a := article(id, owner, 1, "Gericht stoppt den Bau der Hafenbrücke", "Das Gericht in Lindholm stoppte am Sonntag den Bau nach einer Klage von 19 Fischern.")
		a.Language = "de"
		return a
	}
	c.Articles = append(c.Articles, german("d1", "Eins"))
	if d := composer.ForChat(compose(c), known); len(d.Stories) != 0 || len(d.Running) != 1 {
		t.Errorf("what cannot be compared is news: %+v", d.Stories)
	}
	c.Articles = append(c.Articles, german("d2", "Zwei"), german("d3", "Drei"))
	d := composer.ForChat(compose(c), known)
	if len(d.Stories) != 1 || d.Stories[0].Update.Outlets != 3 || len(d.Stories[0].Update.News) != 0 {
		t.Errorf("three more outlets are no reason, or are quoted: %+v", d)
	}
}

func TestACorrectedNumberIsToldAsCorrected(t *testing.T) {
	old := article("q1", "One", 5, "Quake kills 12 in the hills", "The quake killed 12 people in the hills, the governor said.")
	fresh := article("q2", "Two", 1, "Quake toll rises", "The quake killed 15 people in the hills, the governor said.")
	known := map[string]digest.Memory{"q1": {Outlets: 1, Sentences: []string{old.Text}, At: until.Add(-2 * time.Hour)}}
	d := digest.NewComposer(language.New()).ForChat(compose(story(old, fresh)), known)
	if len(d.Stories) != 1 || d.Stories[0].Update == nil {
		t.Fatalf("the correction does not come: %+v", d.Stories)
	}
	var got [][2]string
	for _, c := range d.Stories[0].Update.Corrected {
		got = append(got, [2]string{c.Was, c.Now})
	}
	if diff := cmp.Diff([][2]string{{"12", "15"}}, got); diff != "" {
		t.Error(diff)
	}
}

func TestAnythingMakesADigest(t *testing.T) {
	for _, c := range []digest.Candidate{
		story(article("a", "One", 1, "", "")),
		story(article("a", "One", 1, strings.Repeat("long ", 2000), strings.Repeat("A sentence of words. ", 5000))),
		story(article("a", "One", -5, "\u202e🔥🔥🔥", "\x00")),
		{ID: "empty", Fit: map[string]float64{}},
	} {
		compose(c, ferry())
	}
	var many []digest.Candidate
	for i := range 500 {
		var articles []digest.Article
		for j := range 1 + i%40 {
			articles = append(articles, article(fmt.Sprintf("m%d.%d", i, j), fmt.Sprint("O", j), float64(j), fmt.Sprintf("Story %d of many", i), "Some words of it."))
		}
		many = append(many, story(articles...))
	}
	if d := compose(many...); len(d.Stories) != digest.MaxStories || d.Left != 500-digest.MaxStories {
		t.Errorf("%d told, %d left out", len(d.Stories), d.Left)
	}
}
