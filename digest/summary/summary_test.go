package summary_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"tidings/digest/language"
	"tidings/digest/summary"
)

// texts are those of the sentences.
func texts(sentences []summary.Sentence) []string {
	var all []string
	for _, s := range sentences {
		all = append(all, s.Text)
	}
	return all
}

func TestSummariseReadsWell(t *testing.T) {
	w := summary.New(language.New())
	for _, tt := range []struct {
		name, code, title, text string
		want                    []string
	}{
		{"dateline", "en", "", "KYIV, Nov 24 (Reuters) — The bridge over the Lindow will be closed until spring, the council said.",
			[]string{"The bridge over the Lindow will be closed until spring, the council said."}},
		{"dateline without agency", "en", "", "LOS ANGELES - The bridge over the Lindow will be closed until spring, the council said.",
			[]string{"The bridge over the Lindow will be closed until spring, the council said."}},
		{"a dash is no dateline", "en", "", "NATO — the alliance of 32 states — sends engineers to the Lindow bridge.",
			[]string{"NATO — the alliance of 32 states — sends engineers to the Lindow bridge."}},
		{"pronoun", "en", "", "He said the bridge would be closed until next spring. The council voted for a new bridge over the Lindow.",
			[]string{"The council voted for a new bridge over the Lindow."}},
		{"connective before a name", "en", "", "However, Marta Lind of the council voted against the new bridge.",
			[]string{"Marta Lind of the council voted against the new bridge."}},
		{"connective before a small letter", "en", "", "However, the old council voted against the new bridge. Marta Lind resigned from the council on Friday.",
			[]string{"Marta Lind resigned from the council on Friday."}},
		{"boilerplate", "en", "", "Sign up for our newsletter and never miss a story again. The council voted for a new bridge over the Lindow.",
			[]string{"The council voted for a new bridge over the Lindow."}},
		{"cut by the feed", "en", "", "The council voted for a new bridge over the Lindow. The old bridge will be closed until the engineers have…",
			[]string{"The council voted for a new bridge over the Lindow."}},
		{"no end", "en", "", "The council voted for a new bridge over the Lindow. The old bridge will be closed until the engineers",
			[]string{"The council voted for a new bridge over the Lindow."}},
		{"nothing whole", "en", "", "The old bridge will be closed until the engineers have [...]", nil},
		{"no text", "en", "A new bridge for Lindow", "", nil},
		{"headline again", "en", "Council votes for new bridge over the Lindow", "Council votes for a new bridge over the Lindow. Work on the piers begins in spring and takes two years.",
			[]string{"Work on the piers begins in spring and takes two years."}},
		{"quotation without speaker", "en", "", `"The old bridge was a danger to everyone who used it." Work on the piers begins in spring and takes two years.`,
			[]string{"Work on the piers begins in spring and takes two years."}},
		{"quotation with speaker", "en", "", `"We will not open the old bridge again before it is safe," said Marta Lind, the engineer.`,
			[]string{`"We will not open the old bridge again before it is safe," said Marta Lind, the engineer.`}},
		{"speaker after a mark", "en", "", `"Nobody will ever cross the old Lindow bridge again!" Marta Lind said on Friday.`,
			[]string{`"Nobody will ever cross the old Lindow bridge again!" Marta Lind said on Friday.`}},
		{"only a pronoun", "en", "", "He said the bridge would be closed until next spring.", []string{"He said the bridge would be closed until next spring."}},
		{"German", "de", "", "Berlin (dpa) - Der Stadtrat von Lindau hat am Freitag den Bau einer neuen Brücke beschlossen. Sie soll in zwei Jahren fertig sein und kostet viel.",
			[]string{"Der Stadtrat von Lindau hat am Freitag den Bau einer neuen Brücke beschlossen."}},
		{"French", "fr", "", "Lire aussi notre dossier sur les ponts de la ville. Le conseil municipal de Lindon a voté vendredi un nouveau pont. Elle a été adoptée par douze voix contre trois.",
			[]string{"Le conseil municipal de Lindon a voté vendredi un nouveau pont."}},
		{"Ukrainian", "uk", "", "Київ, 24 листопада (Вісник) — Міська рада Ліндова проголосувала за новий міст через річку. Він буде готовий за два роки після початку робіт.",
			[]string{"Міська рада Ліндова проголосувала за новий міст через річку."}},
		{"Arabic", "ar", "", "القاهرة (رويترز) - قرر مجلس المدينة بناء جسر جديد فوق النهر بحلول الربيع. وأضاف أن الجسر القديم سيغلق أمام حركة المرور.",
			[]string{"قرر مجلس المدينة بناء جسر جديد فوق النهر بحلول الربيع."}},
		{"Hebrew", "he", "", "מועצת העיר החליטה ביום שישי לבנות גשר חדש מעל הנהר. הוא יהיה מוכן בעוד שנתיים לפי התוכנית.",
			[]string{"מועצת העיר החליטה ביום שישי לבנות גשר חדש מעל הנהר."}},
		{"Chinese", "zh", "", "新华社林都11月24日电 市议会周五决定在河上修建一座新的大桥。他表示旧桥将在春天之前关闭。",
			[]string{"市议会周五决定在河上修建一座新的大桥。"}},
		{"Japanese", "ja", "", "【林都共同】市議会は金曜日、川に新しい橋を建設することを決めた。しかし古い橋は春まで閉鎖される見通しだという。",
			[]string{"市議会は金曜日、川に新しい橋を建設することを決めた。"}},
		{"Korean", "ko", "", "(린도=연합) 홍길동 기자 = 시의회는 금요일 강 위에 새로운 다리를 건설하기로 결정했다. 그는 오래된 다리가 봄까지 폐쇄될 것이라고 설명했다.",
			[]string{"시의회는 금요일 강 위에 새로운 다리를 건설하기로 결정했다."}},
		{"Thai", "th", "", "สภาเมืองลินโดว์ลงมติเมื่อวันศุกร์ให้สร้างสะพานใหม่ข้ามแม่น้ำภายในสองปี",
			[]string{"สภาเมืองลินโดว์ลงมติเมื่อวันศุกร์ให้สร้างสะพานใหม่ข้ามแม่น้ำภายในสองปี"}},
	} {
		got := texts(w.Summarise([]summary.Source{{Title: tt.title, Text: tt.text, Language: tt.code}}, 60))
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestSummariseTellsWhatArticlesShare(t *testing.T) {
	sources := []summary.Source{
		{Language: "en", Text: "Residents have long complained about noise from the old quarry. The Lindow bridge collapsed on Friday morning and blocked the river for ships."},
		{Language: "en", Text: "The Lindow bridge collapsed on Friday, and two ships were blocked on the river below."},
		{Language: "en", Text: "A bakery on the far bank sells a cake in the form of a swan. Ships wait on the river since the Lindow bridge collapsed on Friday morning."},
	}
	got := summary.New(language.New()).Summarise(sources, 15)
	if len(got) != 1 || !strings.Contains(got[0].Text, "Lindow bridge collapsed") {
		t.Errorf("got %q", texts(got))
	}
	if got := summary.New(language.New()).Summarise(sources, 60); strings.Count(strings.Join(texts(got), " "), "collapsed on Friday") > 2 {
		t.Errorf("says the same again and again: %q", texts(got))
	}
}

func TestSentencesStandInTheirSources(t *testing.T) {
	w := summary.New(language.New())
	sources := made(12, 20)
	for _, words := range []int{0, 1, 15, 60, 230, 5000} {
		sum, place := 0, map[int]int{}
		for _, s := range w.Summarise(sources, words) {
			at := strings.Index(sources[s.Source].Text, s.Text)
			if at < 0 {
				t.Fatalf("%q is not in source %d", s.Text, s.Source)
			}
			if last, ok := place[s.Source]; ok && at < last {
				t.Errorf("%q is told before what it follows", s.Text)
			}
			place[s.Source] = at
			sum += len(strings.Fields(s.Text))
		}
		if words >= 60 && sum > words*115/100 {
			t.Errorf("%d words for %d", sum, words)
		}
	}
}

func TestHeadline(t *testing.T) {
	w := summary.New(language.New())
	for _, tt := range []struct {
		name   string
		titles []string
		want   int
	}{
		{"none", nil, 0},
		{"empty", []string{"", " ", "Lindow bridge collapses"}, 2},
		{"central", []string{"Mayor of Lindow weeps", "Lindow bridge collapses, river blocked", "Bridge collapses in Lindow and blocks river", "Ships wait as Lindow bridge collapses"}, 1},
		{"loud", []string{"LINDOW BRIDGE COLLAPSES, RIVER BLOCKED", "Lindow bridge collapses, ships blocked", "Lindow bridge collapses on Friday"}, 1},
		{"asking", []string{"Has the Lindow bridge collapsed?", "Lindow bridge has collapsed on Friday", "Lindow bridge collapsed"}, 1},
		{"bait", []string{"Lindow bridge collapses: what happened next", "Lindow bridge collapses on Friday", "Ships wait at Lindow bridge"}, 1},
		{"exclaiming", []string{"Lindow bridge has collapsed!", "Lindow bridge has collapsed overnight", "Lindow bridge collapsed today"}, 1},
		{"long", []string{"Lindow bridge collapses " + strings.Repeat("while people watch and wait ", 5), "Lindow bridge collapses while people watch", "Lindow bridge collapses, people wait"}, 1},
	} {
		var sources []summary.Source
		for _, title := range tt.titles {
			sources = append(sources, summary.Source{Title: title, Language: "en"})
		}
		if got := w.Headline(sources); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
}

func TestNew(t *testing.T) {
	w := summary.New(language.New())
	sent := []string{"The Lindow bridge collapsed on Friday morning and blocked the river."}
	sources := []summary.Source{{Language: "en", Text: "The Lindow bridge collapsed on Friday morning, blocking the river. " +
		"Engineers from Norway will lift the wreck with two cranes next week. " +
		"The police keep people away from the banks for their safety."}}
	want := []string{"Engineers from Norway will lift the wreck with two cranes next week."}
	if diff := cmp.Diff(want, texts(w.New(sent, sources, 60))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := w.New(append(sent, want...), sources, 60); len(got) != 0 {
		t.Errorf("new again: %q", texts(got))
	}
	if got := w.New(sent, nil, 60); got != nil {
		t.Errorf("news of nothing: %q", texts(got))
	}
}

func TestANewNumberIsNew(t *testing.T) {
	w := summary.New(language.New())
	sent := []string{"The death toll of the landslide rose to 28 on Monday, police said."}
	want := []string{"The death toll rose to 41 on Tuesday, police said."}
	sources := []summary.Source{{Language: "en", Text: want[0]}}
	if diff := cmp.Diff(want, texts(w.New(sent, sources, 60))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := w.New(append(sent, want...), sources, 60); len(got) != 0 {
		t.Errorf("new again: %q", texts(got))
	}
}

func TestWithoutNameOrNumberNothingIsNew(t *testing.T) {
	w := summary.New(language.New())
	sources := []summary.Source{{Language: "en", Text: "The whole affair shows once more how little anyone has learned from it. Sadly nobody should be surprised by such carelessness."}}
	if got := w.New([]string{"The Lindow bridge collapsed on Friday morning."}, sources, 60); len(got) != 0 {
		t.Errorf("an opinion is news: %q", texts(got))
	}
}

func TestNewWithoutCapitals(t *testing.T) {
	w := summary.New(language.New())
	sent := []string{"市议会周五决定在河上修建一座新的大桥。"}
	sources := []summary.Source{{Language: "zh", Text: "市议会周五决定，在河上修建一座新的大桥。来自挪威的工程师将于下周用两台起重机吊起残骸。NATO表示关切。"}}
	want := []string{"来自挪威的工程师将于下周用两台起重机吊起残骸。"}
	if diff := cmp.Diff(want, texts(w.New(sent, sources, 60))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestALongArticleCostsLittle(t *testing.T) {
	long := summary.Source{Language: "en", Text: strings.Repeat("The council of Lindow voted for a new bridge over the river on Friday. ", 4000)}
	sources := make([]summary.Source, 100)
	for i := range sources {
		sources[i] = long
	}
	start := time.Now()
	if got := summary.New(language.New()).Summarise(sources, 60); len(got) == 0 {
		t.Error("nothing said")
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("took %v", took)
	}
}

func FuzzSummarise(f *testing.F) {
	for _, seed := range []string{
		"", "A.", `"No," he said. "Never.`, "(", "【", "KYIV — ", "\xff\xfe. \x00", "นี่ และ แต่", "他说：“好。”", "…", "12 dead. 15 dead.",
		"İstanbul'da 3 kişi öldü. Ẓẓẓ ẞ.", strings.Repeat("“", 40), "e\u0301. \u202eabc. \u200d", "\n\n\n.\n",
	} {
		f.Add("en", seed, seed)
		f.Add("th", seed, "Title")
	}
	w := summary.New(language.New())
	f.Fuzz(func(t *testing.T, code, text, title string) {
		sources := []summary.Source{
			{Title: title, Text: text, Language: code, Outlet: "A"}, {Title: text, Text: title + "\n" + text, Language: code, Outlet: "B"},
		}
		if i := w.Headline(sources); i != 0 && i != 1 {
			t.Errorf("headline %d", i)
		}
		for _, s := range append(w.Summarise(sources, 60), w.New([]string{title}, sources, 60)...) {
			if s.Text == "" || !strings.Contains(sources[s.Source].Text, s.Text) {
				t.Errorf("%q is not in its source", s.Text)
			}
			if utf8.ValidString(text) && utf8.ValidString(title) && !utf8.ValidString(s.Text) {
				t.Errorf("%q is cut in a character", s.Text)
			}
		}
		if q, ok := w.Quote(sources); ok && (!strings.Contains(sources[q.Source].Text, q.Text) || !strings.Contains(sources[q.Source].Text, q.Speaker)) {
			t.Errorf("invented %+v", q)
		}
		for _, d := range w.Differ(sources) {
			for _, c := range d.Claims {
				if s := sources[c.Source]; !strings.Contains(s.Text, c.Number) && !strings.Contains(s.Title, c.Number) {
					t.Errorf("invented %+v", d)
				}
			}
		}
		w.Corrections([]string{text}, sources)
	})
}

func ExampleWriter_Summarise() {
	w := summary.New(language.New())
	for _, s := range w.Summarise([]summary.Source{{
		Language: "en", Outlet: "Wire One",
		Text: "GENEVA (Wire One) - Envoys of both sides met in Geneva on Monday for the first time in a year. They did not shake hands.",
	}}, 60) {
		fmt.Println(s.Text)
	}
	// Output: Envoys of both sides met in Geneva on Monday for the first time in a year.
}
