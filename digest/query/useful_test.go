package query

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"tidings/digest/language"
)

func TestUseful(t *testing.T) {
	analyzer := language.New()
	for text, want := range map[string]string{
		"the":                                 "nearly every article",
		"the of and":                          "nearly every article",
		"+the title:of":                       "nearly every article",
		"(the OR of) lang:en -geneva":         "nearly every article",
		"der die das":                         "nearly every article", // of a German chat
		`"the who"`:                           "",
		"the geneva":                          "",
		"WHO":                                 "",
		"будут talks":                         "",
		"outlet:Wire the":                     "",
		"th*":                                 "",
		"lang:en lang:uk geneva":              "No article is in English and in Ukrainian; write lang:en OR lang:uk for either",
		"lang:en OR lang:uk geneva":           "",
		"(lang:en OR lang:uk) lang:uk geneva": "",
		"lang:en -lang:en geneva":             "It wants lang:en and leaves that out too",
		"+geneva -Geneva":                     "It wants geneva and leaves that out too, so no article can match; remove one of the two",
		"geneva -geneva":                      "It wants geneva and leaves that out too",
		"geneva talks -geneva":                "",
		"+(geneva OR bern) -geneva":           "",
		"+title:geneva -geneva":               "It wants title:geneva and",
		"+geneva -title:geneva":               "",
		`+"peace talks" -"peace talks"`:       "It wants \"peace talks\" and",
		"outlet:Wire -outlet:wire":            `It wants outlet:"Wire" and`,
		"+a +(b c +d -d)":                     "It wants d and",
	} {
		q, err := Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		err = q.Useful(analyzer, "de")
		useless, ok := errors.AsType[*UselessError](err)
		switch {
		case want == "" && err != nil:
			t.Errorf("%s is useless: %v", text, err)
		case want != "" && (!ok || !strings.Contains(useless.Text, want)):
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	q, _ := Parse("der die das")
	if err := q.Useful(analyzer); err != nil {
		t.Errorf("German words are useless where nobody reads German: %v", err)
	}
}

func TestWords(t *testing.T) {
	q, err := Parse(`surfing +(gold OR "big wave") title:surfing a NEAR/3 b -football wav* lang:en`)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := q.Words(), []string{"surfing", "gold", "big wave", "a", "b"}; !slices.Equal(got, want) {
		t.Errorf("the words are %q, want %q", got, want)
	}
}

// FuzzUseful holds that whatever parses is judged the same when it is printed.
func FuzzUseful(f *testing.F) {
	for _, seed := range []string{"the of", "lang:en lang:uk a", "+a -a", `+(a "b c" -a) NOT d`, "title:a -a*", "lang:en -lang:en (x OR -y)", "a NEAR/3 the"} {
		f.Add(seed)
	}
	analyzer := language.New()
	f.Fuzz(func(t *testing.T, s string) {
		q, err := Parse(s)
		if err != nil {
			return
		}
		again, err := Parse(q.String())
		if err != nil {
			t.Fatal(err)
		}
		if a, b := q.Useful(analyzer, "de"), again.Useful(analyzer, "de"); (a == nil) != (b == nil) || len(again.Words()) != len(q.Words()) {
			t.Fatalf("%q is %v, %q is %v", s, a, q, b)
		}
	})
}
