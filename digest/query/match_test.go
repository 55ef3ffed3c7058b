package query_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"tidings/digest/query"
)

func TestMatch(t *testing.T) {
	d := newDesk()
	for range 50 {
		d.frequencies.Observe(d.article("en", "The talks went on", "and the minister said so"))
	}
	for _, test := range []struct {
		query, code, title, text string
		want                     bool
	}{
		{"ai", "en", "Training for the rail strike", "He said the air was fair", false},
		{"ai", "en", "How AI changes work", "", true},
		{"ukraine peace talks", "en", "Talks on the budget go on", "", false},
		{"ukraine peace talks", "en", "Ukraine and Russia hold peace talk in Geneva", "", true},
		{"ukraine peace talks", "en", "In Geneva", "Ukraine's delegation arrives for talks about peace", true},
		{`"peace talks"`, "en", "Peace talks begin", "", true},
		{`"peace talks"`, "en", "Talks of peace begin", "", false},
		{"+geneva peace", "en", "Peace at last", "", false},
		{"+geneva peace", "en", "Peace at last", "signed in Geneva", true},
		{"peace -geneva", "en", "Peace at last in Geneva", "", false},
		{"truce OR ceasefire", "en", "A ceasefire holds", "", true},
		{"+(truce OR ceasefire) +gaza", "en", "A ceasefire holds", "", false},
		{"peace NEAR/3 talks", "en", "Talks about lasting peace", "", true},
		{"peace NEAR/1 talks", "en", "Talks about a lasting peace", "", false},
		{"title:geneva", "en", "Peace", "in Geneva", false},
		{"title:geneva", "en", "In Geneva", "", true},
		{"negotia*", "en", "Negotiators meet", "", true},
		{"negotia*", "en", "They renegotiate", "", false},
		{`outlet:"wire one" peace`, "en", "Peace", "", true},
		{`outlet:wire peace`, "en", "Peace", "", true},
		{`outlet:wir peace`, "en", "Peace", "", false},
		{"lang:de peace", "en", "Peace", "", false},
		{"the who", "en", "The Who play again", "", true},
		{"the who", "en", "Who is the minister?", "", false},
		{"переговоры", "ru", "Новые переговоров не будет", "", true},
		{"Ukraine Verhandlung", "de", "Verhandlungen über die Ukraine", "", true},
		{"和平谈判", "zh", "乌克兰和平谈判在日内瓦举行", "", true},
		{"和平谈判", "zh", "日内瓦天气晴朗", "", false},
		{"東京五輪", "ja", "東京五輪が開幕", "", true},
		{"東京五輪", "ja", "大阪で雨が降る", "", false},
		{"회담", "ko", "평화회담이 제네바에서 열렸다", "", true},
		{"회담", "ko", "오늘 날씨가 맑다", "", false},
		{"การเจรจา", "th", "นายกรัฐมนตรีกล่าวว่าการเจรจาจะเริ่มพรุ่งนี้", "", true},
		{"การเจรจา", "th", "วันนี้อากาศดี", "", false},
		{"café", "fr", "Un cafe à Paris", "", true},
		{"covid-19", "en", "A 19-point framework", "", false},
		{"covid-19", "en", "Covid rises again", "", true},
		{"C++", "en", "The committee of C++ votes", "", true},
		{"c++ standard", "en", "C++20, the new standard", "", true},
		{"C++", "en", "Vitamin C and the letter C", "", false},
		{"+C# -C++ code", "en", "Code in C#.", "", true},
		{"+C# -C++ code", "en", "Code in C# and C++", "", false},
		{"+S&P 500", "en", "500 people march", "", false},
		{"s&p 500", "en", "Wall Street: the S&P 500 falls", "", true},
		{"C", "en", "The committee of C++ votes", "", false},
		{"geneva (ukraine OR talks)", "en", "The talks fail", "", false},
		{"Kyiv мир", "en", "Kyiv calls for talks", "", true},
	} {
		a := d.article(test.code, test.title, test.text)
		a.Outlet = "Wire One"
		m := parse(t, test.query).Match(&a, d.frequencies, query.Options{})
		if m.Belongs() != test.want {
			t.Errorf("%s in %q / %q: %s; want %v", test.query, test.title, test.text, m, test.want)
		}
	}
}

func TestMatchTellsWhy(t *testing.T) {
	d := newDesk()
	a := d.article("en", "Ukraine and the others meet", "They speak of peace")
	m := parse(t, "ukraine peace talks").Match(&a, d.frequencies, query.Options{})
	for _, want := range []string{"ukraine .", "(title)", "peace .", "of the topic, 0.50 needed"} {
		if !strings.Contains(m.String(), want) {
			t.Errorf("%q does not say %q", m, want)
		}
	}
	sum := 0.0
	for _, term := range m.Terms {
		sum += term.Weight
	}
	if diff := sum - m.Score; diff > 1e-9 || diff < -1e-9 {
		t.Errorf("the terms make %.3f of %.3f", sum, m.Score)
	}
}

// No query is so broad that everything belongs to it.
func TestNoQueryMatchesEverything(t *testing.T) {
	d := newDesk()
	z := newZipf(7, 200)
	a := d.article("en", "Qqqq wwww", "eeee rrrr")
	r := rand.New(rand.NewPCG(8, 8))
	for range 3000 {
		q, err := query.Parse(randomQuery(r, z, 3))
		if err != nil {
			continue
		}
		a.Outlet = "Else"
		if m := q.Match(&a, d.frequencies, query.Options{Strictness: query.Loose}); m.Belongs() {
			t.Fatalf("%s has an article with no word of it: %s", q, m)
		}
	}
}

func FuzzMatch(f *testing.F) {
	for _, seed := range []string{"ukraine peace", `"a b" -c`, "the", "+(a OR b*) title:c", "a NEAR/3 b", "和平 -战争", "covid-19 F-16"} {
		f.Add(seed, "en", "Peace in Ukraine", "a b c")
		f.Add(seed, "zh", "乌克兰和平谈判", "")
	}
	d := newDesk()
	f.Fuzz(func(t *testing.T, s, code, title, text string) {
		q, err := query.Parse(s)
		if err != nil {
			return
		}
		a := d.article(code, title, text)
		alone := q.Match(&a, d.frequencies, query.Options{})
		if alone.Score < 0 || alone.Score > 1+1e-9 {
			t.Fatalf("%s: %s", q, alone)
		}
		ix := query.NewIndex(d.frequencies, d.analyzer)
		ix.Add("x", q, query.Options{})
		if got := len(ix.Match(a)) == 1; got != alone.Belongs() {
			t.Fatalf("%s in %q %q (%s): the index says %v, the query %s", q, title, text, code, got, alone)
		}
		if strings.Trim(title+text, " ") == "" && alone.Belongs() && !strings.Contains(q.String(), "outlet:") {
			t.Fatalf("%s has an empty article", q)
		}
		query.NewWindow([]query.Article{a, a}, nil, d.frequencies, d.analyzer).Decide(q, query.Options{}, query.Feedback{More: []query.Article{a}})
	})
}
