package summary_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidings/digest/language"
	"tidings/digest/summary"
)

func TestDiffer(t *testing.T) {
	w := summary.New(language.New())
	article := func(outlet, text string) summary.Source {
		return summary.Source{Outlet: outlet, Text: text, Language: "en"}
	}
	for _, tt := range []struct {
		name    string
		sources []summary.Source
		want    []summary.Difference
	}{
		{"dead", []summary.Source{
			article("BBC", "The collapse of the Lindow bridge left 15 dead on Friday, rescuers said."),
			article("Reuters", "Rescuers in Lindow spoke of 12 dead after the collapse of the bridge on Friday."),
			article("Herald", "The mayor has declared three days of mourning."),
		}, []summary.Difference{{What: "dead", Claims: []summary.Claim{{Number: "12", Source: 1}, {Number: "15", Source: 0}}}}},
		{"the same", []summary.Source{
			article("BBC", "The collapse of the Lindow bridge left 15 dead on Friday."),
			article("Reuters", "Rescuers in Lindow spoke of 15 dead after the collapse of the bridge."),
		}, nil},
		{"one owner", []summary.Source{
			{Owner: "Group", Outlet: "A", Text: "The collapse of the Lindow bridge left 15 dead.", Language: "en", Published: time.Unix(2, 0)},
			{Owner: "Group", Outlet: "B", Text: "The collapse of the Lindow bridge left 12 dead.", Language: "en", Published: time.Unix(1, 0)},
		}, nil},
		{"inexact", []summary.Source{
			article("BBC", "The collapse of the Lindow bridge left at least 12 dead."),
			article("Reuters", "The collapse of the Lindow bridge left 15 dead."),
		}, nil},
		{"other events", []summary.Source{
			article("BBC", "The collapse of the Lindow bridge left 15 dead."),
			article("Reuters", "A fire at a cinema in Oporto ten years ago left 12 dead among the audience."),
		}, nil},
		{"both in one", []summary.Source{
			article("BBC", "The collapse of the Lindow bridge left 15 dead. First reports of the collapse of the Lindow bridge spoke of 12 dead."),
			article("Reuters", "The collapse of the Lindow bridge left 12 dead."),
		}, nil},
		{"dates and years", []summary.Source{
			article("BBC", "The Lindow bridge collapsed on 12 November after 15 years."),
			article("Reuters", "The Lindow bridge collapsed on 13 November after 20 years."),
		}, nil},
		{"far apart", []summary.Source{
			article("BBC", "The collapse of the Lindow bridge left 15 dead."),
			article("Reuters", "The collapse of the Lindow bridge left 1,500 dead."),
		}, nil},
	} {
		if diff := cmp.Diff(tt.want, w.Differ(tt.sources)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestDifferInOtherLanguages(t *testing.T) {
	w := summary.New(language.New())
	for _, tt := range []struct{ code, a, b, what string }{
		{"de", "Beim Einsturz der Brücke in Lindau gab es 12 Tote.", "Nach dem Einsturz der Brücke in Lindau gibt es 15 Tote.", "Tote"},
		{"uk", "Внаслідок обвалу мосту в Ліндові загинуло 12 людей.", "Внаслідок обвалу мосту в Ліндові загинуло 15 людей.", "людей"},
		{"es", "El derrumbe del puente de Lindow deja 12 muertos.", "El derrumbe del puente de Lindow deja 15 muertos.", "muertos"},
	} {
		got := w.Differ([]summary.Source{{Outlet: "A", Text: tt.a, Language: tt.code}, {Outlet: "B", Text: tt.b, Language: tt.code}})
		want := []summary.Difference{{What: tt.what, Claims: []summary.Claim{{Number: "12", Source: 0}, {Number: "15", Source: 1}}}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.code, diff)
		}
	}
}

func TestCorrections(t *testing.T) {
	w := summary.New(language.New())
	sent := []string{"The collapse of the Lindow bridge on Friday left 12 dead, rescuers said."}
	sources := []summary.Source{{Language: "en", Text: "The collapse of the Lindow bridge on Friday left 15 dead, the rescuers said. Divers searched the river for 9 hours."}}
	want := []summary.Correction{{
		Was: "12", Now: "15", What: "dead",
		Sentence: summary.Sentence{Text: "The collapse of the Lindow bridge on Friday left 15 dead, the rescuers said."},
	}}
	if diff := cmp.Diff(want, w.Corrections(sent, sources)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := w.Corrections(append(sent, want[0].Sentence.Text), sources); len(got) != 0 {
		t.Errorf("corrected again: %v", got)
	}
	other := []summary.Source{{Language: "en", Text: "A storm over the northern coast has left 15 dead since last week."}}
	if got := w.Corrections(sent, other); len(got) != 0 {
		t.Errorf("corrected by something else: %v", got)
	}
}

func TestQuote(t *testing.T) {
	w := summary.New(language.New())
	for _, tt := range []struct{ code, text, said, speaker string }{
		{"en", `"We will not open the old bridge before it is safe," said Marta Lind, the engineer.`, "We will not open the old bridge before it is safe", "Marta Lind"},
		{"en", `Marta Lind, the engineer, said: "We will not open the old bridge before it is safe."`, "We will not open the old bridge before it is safe.", "Marta Lind"},
		{"en", `"We will not open the old bridge before it is safe," he said.`, "", ""},
		{"en", `"We will not open the old bridge before it is safe." The council met on Friday.`, "", ""},
		{"en", `The "Swan" cake of Marta Lind sells well, the baker said on Friday in Lindow.`, "", ""},
		{"en", `In Lindow, a friend of Marta Lind said: "We will not open the old bridge before it is safe."`, "", ""},
		{"en", `"We will not open the old bridge before it is safe," a deputy minister in Lindow said.`, "", ""},
		{"en", `"We will not open the old bridge before it is safe," the Lindow engineer said.`, "", ""},
		{"en", `The Bridge Office said: "We will not open the old bridge before it is safe."`, "We will not open the old bridge before it is safe.", "Bridge Office"},
		{"de", `„Wir öffnen die alte Brücke nicht, bevor sie sicher ist“, sagte Marta Lind am Freitag.`, "Wir öffnen die alte Brücke nicht, bevor sie sicher ist", "Marta Lind"},
		{"fr", `« Nous n'ouvrirons pas le vieux pont avant qu'il soit sûr », a déclaré Marta Lind.`, "Nous n'ouvrirons pas le vieux pont avant qu'il soit sûr", "Marta Lind"},
		{"uk", `«Ми не відкриємо старий міст, доки він не стане безпечним», — сказала Марта Лінд.`, "Ми не відкриємо старий міст, доки він не стане безпечним", "Марта Лінд"},
		{"zh", `市长林达说：“在旧桥安全之前我们不会重新开放。”`, "在旧桥安全之前我们不会重新开放。", "市长林达"},
	} {
		got, ok := w.Quote([]summary.Source{{Text: tt.text, Language: tt.code}})
		if got.Text != tt.said || got.Speaker != tt.speaker || ok != (tt.said != "") {
			t.Errorf("%s: %+v, %v", tt.text, got, ok)
		}
	}
}
