package query_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"tidings/digest/query"
)

func TestParseAndExplain(t *testing.T) {
	for _, test := range []struct{ in, printed, explained string }{
		{`ukraine peace talks`, `ukraine peace talks`, `ukraine · peace · talks (soft)`},
		{`"peace talks" +ukraine -football title:geneva`, `"peace talks" +ukraine -football title:geneva`,
			`phrase "peace talks" (soft) · must ukraine · not football · geneva in the title (soft)`},
		{`“peace  talks” –football`, `"peace talks" -football`, `phrase "peace talks" (soft) · not football`},
		{`a truce OR ceasefire b`, `a (truce OR ceasefire) b`, `a · truce or ceasefire · b (soft)`},
		{`truce OR (ceasefire OR "peace deal")`, `truce OR ceasefire OR "peace deal"`, `truce or ceasefire or phrase "peace deal" (soft)`},
		{`truce OR (gaza ceasefire)`, `truce OR (gaza ceasefire)`, `truce or (gaza · ceasefire) (soft)`},
		{`+(truce OR ceasefire) gaza`, `+(truce OR ceasefire) gaza`, `must (truce or ceasefire) · gaza (soft)`},
		{`((peace talks))`, `peace talks`, `peace · talks (soft)`},
		{`peace NEAR/5 talks`, `peace NEAR/5 talks`, `peace within 5 words of talks (soft)`},
		{`title:(peace talks)`, `title:peace title:talks`, `peace in the title · talks in the title (soft)`},
		{`outlet:"Wire One" lang:uk-UA negotia*`, `outlet:"Wire One" lang:uk negotia*`,
			`only from Wire One · only in Ukrainian · words that begin with negotia (soft)`},
		{`gaza -outlet:bbc -lang:de`, `gaza -outlet:"bbc" -lang:de`, `gaza (soft) · not from bbc · not in German`},
		{`lang:en OR lang:uk gaza`, `(lang:en OR lang:uk) gaza`, `only in English or in Ukrainian · gaza (soft)`},
		{`a AND b NOT c`, `+a +b -c`, `must a · must b · not c`},
		{`Ukraine - peace, talks! 🎉 #metoo`, `Ukraine peace talks metoo`, `Ukraine · peace · talks · metoo (soft)`},
		{`Rock + roll`, `Rock roll`, `Rock · roll (soft)`},
		{`OR, not`, `or not`, `or · not (soft)`},
		{`Star Wars: Andor 3:10`, `Star Wars Andor 3:10`, `Star · Wars · Andor · 3:10 (soft)`},
		{`乌克兰　和平谈判`, `乌克兰 和平谈判`, `乌克兰 · 和平谈判 (soft)`},
	} {
		q, err := query.Parse(test.in)
		if err != nil {
			t.Errorf("%s: %v", test.in, err)
			continue
		}
		if got := q.String(); got != test.printed {
			t.Errorf("%s prints as %s, want %s", test.in, got, test.printed)
		}
		if got := q.Explain(); got != test.explained {
			t.Errorf("%s is understood as %s, want %s", test.in, got, test.explained)
		}
	}
}

func TestParseSaysWhatIsWrong(t *testing.T) {
	for _, test := range []struct {
		in   string
		at   int
		says string
	}{
		{"", 0, "no word"},
		{" \t", 0, "no word"},
		{"🎉🔥", 0, "no word"},
		{"...", 0, "no word"},
		{"-football", 0, "leave out"},
		{"-football lang:uk", 0, "only in which language"},
		{"lang:en", 0, "only in which language"},
		{`ukraine "peace talks`, 8, "never closed"},
		{`ukraine ""`, 8, "no word between"},
		{`(ukraine (peace talks)`, 0, "never closed"},
		{`ukraine) peace`, 7, "closes nothing"},
		{`ukraine ()`, 8, "no word in these"},
		{`ukraine (-a -b)`, 8, "only what to leave out"},
		{`OR ukraine`, 0, "between two words"},
		{`ukraine OR`, 8, "missing after OR"},
		{`ukraine AND`, 11, "missing after AND"},
		{`ukraine OR -kyiv`, 11, "no place after OR"},
		{`+ukraine OR kyiv`, 0, "without parentheses"},
		{`ukraine OR lang:uk`, 0, "no alternative"},
		{`--ukraine`, 1, "one sign"},
		{`peace NEAR talks`, 6, "NEAR/5"},
		{`peace NEAR/900 talks`, 6, "from 1 to 100"},
		{`peace NEAR/5`, 6, "missing after NEAR"},
		{`a NEAR/5 b NEAR/5 c`, 11, "only two"},
		{`(a b) NEAR/5 c`, 0, "two words or phrases"},
		{`title:a NEAR/5 c`, 15, "before neither"},
		{`title: geneva`, 0, "without a space"},
		{`title:-geneva`, 6, "before title:"},
		{`site:bbc.com peace`, 0, "write outlet:"},
		{`peace lang:english`, 11, "two letters"},
		{`nego*tia`, 4, "at the end of a word"},
		{`*`, 0, "at the end of a word"},
		{strings.Repeat("peace ", 1700), query.MaxLength, "at most 4000 characters"},
		{strings.Repeat("a ", 300), 400, "at most 200 words"},
		{strings.Repeat("(", 1000) + "a" + strings.Repeat(")", 1000), 21, "20 deep"},
	} {
		_, err := query.Parse(test.in)
		var syntax *query.SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("%.40q: error %v, want a syntax error", test.in, err)
			continue
		}
		if syntax.At != test.at || !strings.Contains(syntax.Text, test.says) {
			t.Errorf("%.40q: at %d: %s; want it at %d and to say %q", test.in, syntax.At, syntax.Text, test.at, test.says)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`"peace talks" +ukraine -football title:geneva`, `a (b OR c) NEAR/3 d*`, `outlet:"x y" lang:en -(a b)`,
		`title:(a OR b c) AND d`, `＋「平和」 －戦争`, "\xff\"", `+-a`, `'title:x`, `a OR (b)`, `+C++ -(C# OR f#,) d++e`, `+(-(a))`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q, err := query.Parse(s)
		if err != nil {
			var syntax *query.SyntaxError
			if !errors.As(err, &syntax) || syntax.At < 0 || syntax.At > utf8.RuneCountInString(s) {
				t.Fatalf("%q: %v", s, err)
			}
			return
		}
		again, err := query.Parse(q.String())
		if err != nil {
			t.Fatalf("%q prints as %q, which does not parse: %v", s, q, err)
		}
		if again.String() != q.String() || again.Explain() != q.Explain() {
			t.Fatalf("%q prints as %q (%s), which parses to %q (%s)", s, q, q.Explain(), again, again.Explain())
		}
	})
}
