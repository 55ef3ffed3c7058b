package language_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidings/digest/language"
)

func TestSentences(t *testing.T) {
	a := language.New()
	for _, tt := range []struct {
		code string
		want []string // of the text that is these joined by spaces
	}{
		{"en", []string{"Mr. Smith of the U.S. Senate met J. K. Rowling at 3.5 p.m.", "The end."}},
		{"en", []string{`"Why?" he asked.`, `"We won!"`, "She left… but came back.", "Then No. 1 fell."}},
		{"en", []string{"They live in the U.S.", "It was over.", "He said \"no.\"", "Then (really.)", "Go"}},
		{"en", []string{"Shares of Acme Inc. rose 3.5%.", "Gen. Lee left on Jan. 5."}},
		{"en", []string{"On Nov. 14 a judge spoke.", "Until Dec. 26, 2013, before the vote, nobody did."}},
		{"en", []string{"Is it true?!", "Yes..."}},
		{"de", []string{"Am 3. Oktober kam Dr. Merz.", "Er sagte: „Nein.“", "Dann ging er z. B. nach Köln."}},
		{"fr", []string{"M. Macron a dit : « Non. »", "Il est parti.", "C’était en 2020."}},
		{"es", []string{"¿Por qué el Sr. García?", "¡No lo sé!", "EE.UU. responde."}},
		{"it", []string{"Il sig. Rossi arriva.", "Poi parte."}},
		{"pl", []string{"W 2020 r. był tu m.in. prezydent.", "Wyjechał 5 maja."}},
		{"ru", []string{"В 2020 г. в Москве им. Ленина.", "Потом всё…", "Конец!"}},
		{"uk", []string{"Це 5 тис. грн.", "Так сказав О. Коваль."}},
		{"el", []string{"Ήρθε χθες.", "Έφυγε σήμερα."}},
		{"hi", []string{"यह है।", "वह गया।", "अंत"}},
		{"ar", []string{"هل جاء؟", "نعم.", "انتهى"}},
		{"ur", []string{"وہ آیا۔", "وہ گیا۔"}},
		{"hy", []string{"Նա եկավ։", "Նա գնաց։"}},
		{"ko", []string{"그는 왔다.", "그는 갔다."}},
	} {
		var text strings.Builder
		for i, sentence := range tt.want {
			if i > 0 {
				text.WriteString(" ")
			}
			text.WriteString(sentence)
		}
		if diff := cmp.Diff(tt.want, a.Sentences(tt.code, text.String())); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.code, diff)
		}
	}
}

func TestSentencesWithoutSpaces(t *testing.T) {
	a := language.New()
	for _, tt := range []struct {
		code, text string
		want       []string
	}{
		{"zh", "他说。“好的！”我们走？是的。", []string{"他说。", "“好的！”", "我们走？", "是的。"}},
		{"ja", "彼は「行く。」と言った。終わり。", []string{"彼は「行く。」と言った。", "終わり。"}},
		{"en", "They were told.The next day came.", []string{"They were told.", "The next day came."}},
		{"en", "See example.com or Node.js for v1.2.", []string{"See example.com or Node.js for v1.2."}},
		{"en", "A headline\nIts text goes on\nand on.\n\n  Last ", []string{"A headline", "Its text goes on\nand on.", "Last"}},
		{"en", " \n\t ", nil},
	} {
		if diff := cmp.Diff(tt.want, a.Sentences(tt.code, tt.text)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.text, diff)
		}
	}
}
