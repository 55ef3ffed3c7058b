package language_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidings/digest/language"
)

// show writes words as text>stem with n for a name, # for a number and a
// minus for a function word behind it; the stem only where it differs.
func show(words []language.Word) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w.Text)
		if w.Stem != w.Text {
			b.WriteString(">" + w.Stem)
		}
		flags := ""
		if w.Name {
			flags += "n"
		}
		if w.Number {
			flags += "#"
		}
		if w.Stop {
			flags += "-"
		}
		if flags != "" {
			b.WriteString("/" + flags)
		}
	}
	return b.String()
}

func TestWords(t *testing.T) {
	a := language.New()
	for _, tt := range []struct{ code, text, want string }{
		{"en", `Rubio's envoys said the U.S. talks moved faster; it helped us`, `Rubio's>rubio envoys>envoy said/- the/- U.S.>US/n talks>talk moved>move faster it/- helped>help us/-`},
		{"en", `The US asked the WHO for 1,000 F-16 parts at 18:30, not 3.5`, `The>the/- US/n asked>ask the/- WHO/n for/- 1,000>1000/# F-16>f16/# parts>part at/- 18:30/# not/- 3.5/#`},
		{"en", `Trump Meets Putin in Alaska for Peace Talks as US Watches`, `Trump>trump Meets>meet Putin>putin in/- Alaska>alaska for/- Peace>peac Talks>talk as/- US/n Watches>watch`},
		{"en", `Dr. Smith met J. Biden. Then Rubio spoke. Rubio's team won't say`, `Dr>dr Smith>smith/n met J>j/- Biden>biden/n Then>then/- Rubio>rubio/n spoke Rubio's>rubio/n team won't/- say/-`},
		{"en", `SHOUTED HEADLINE ABOUT A MINISTER RESIGNING NOW`, `SHOUTED>shout HEADLINE>headlin ABOUT>about/- A>a/- MINISTER>minist RESIGNING>resign NOW>now/-`},
		{"en", `Covid-19 e-mail about the 28-point plan, 2-1 and O’Brien`, `Covid>covid 19/# e-mail>email about/- the/- 28/# point plan 2-1/# and/- O’Brien>obrien/n`},
		{"en", `“C++”, C++20 or C#: F#. Plan C, vitamin C# and A+, 1++`, `C++>c++ C++>c++ 20/# or/- C#>c# F#>f# Plan>plan C>c/- vitamin C#>c#/n and/- A>a/- 1/#`},
		{"en", `S&P 500, at&t: “R&D” of AT&T's black&white cow & co`, `S&P>s&p/n 500/# at&t R&D>r&d/n of/- AT&T>at&t/n s/- black white cow co`},
		{"de", `Der Kanzler trifft die Spieler der EU in Köln`, `Der>der/- Kanzler>kanzl trifft die/- Spieler>spiel der/- EU>eu/n in/- Köln>koln`},
		{"de", `Außenministerin Annalena Baerbock reist über Straßen`, `Außenministerin>aussenministerin/n Annalena>annalena/n Baerbock>baerbock/n reist über>uber/- Straßen>strass`},
		{"fr", `L’hôtel d'Emmanuel Macron aujourd’hui à l'Élysée`, `L>l/- hôtel>hotel d/- Emmanuel>emmanuel/n Macron>macron/n aujourd’hui>aujourdhui à>a/- l/- Élysée>elys/n`},
		{"es", `El presidente de EE.UU. viaja a las elecciones en España`, `El>el/- presidente>president de/- EE.UU.>eeuu/n viaja>viaj a/- las/- elecciones>eleccion en/- España>espan/n`},
		{"pt", `Eleições: o presidente não participará das negociações em São Paulo`, `Eleições>eleico o/- presidente>president não>nao/- participará>particip das/- negociações>negoc em/- São>sao/- Paulo>paul/n`},
		{"it", `Il presidente dell'Ucraina è arrivato all'incontro`, `Il>il/- presidente>president dell/- Ucraina>ucrain/n è>e/- arrivato>arriv all/- incontro>incontr`},
		{"nl", `De minister-president zei dat de onderhandelingen beginnen`, `De>de/- minister president zei/- dat/- de/- onderhandelingen>onderhandel beginnen>beginn`},
		{"ru", `Президент России приехал на переговоры, ещё всё идёт`, `Президент>президент/n России>росс/n приехал>приеха на/- переговоры>переговор ещё>еще/- всё>все/- идёт>идет`},
		{"uk", `Президент України Зеленський прибув до Києва на п'ять днів, українського`, `Президент>президент/n України>україн/n Зеленський>зеленськ/n прибув>прибу до/- Києва>києв/n на/- п'ять>пят днів>дні українського>українськ`},
		{"pl", `Premier Donald Tusk spotkał się z prezydentem Łodzi o wyborach`, `Premier>premier/n Donald>donald/n Tusk>tusk/n spotkał>spotkal się>sie/- z/- prezydentem>prezydent Łodzi>lodz/n o/- wyborach>wybor`},
		{"cs", `Český prezident přijel do Prahy a v Praze jedná o českých volbách`, `Český>cesk prezident přijel>prijel do/- Prahy>prah/n a/- v/- Praze>praz/n jedná>jedn o/- českých>cesk volbách>volb`},
		{"sl", `Slovenski olimpijci na olimpijskih igrah v Tokiu, olimpijske igre`, `Slovenski>slovensk olimpijci>olimpijc na/- olimpijskih>olimpijsk igrah>igr v/- Tokiu>toki/n olimpijske>olimpijsk igre>igr`},
		{"sr", `Председник Вучић у Београду, predsednik Vučić u Beogradu`, `Председник>predsednik/n Вучић>vucic/n у>u/- Београду>beograd/n predsednik Vučić>vucic/n u/- Beogradu>beograd/n`},
		{"bg", `Президентът на България говори за изборите, избори`, `Президентът>президент на/- България>българ/n говори>говор за/- изборите>избор избори>избор`},
		{"el", `Ο πρόεδρος της Ελλάδας και η κυβέρνηση, της κυβέρνησης`, `Ο>ο/- πρόεδρος>προεδρ της>τησ/- Ελλάδας>ελλαδ/n και/- η/- κυβέρνηση>κυβερνησ της>τησ/- κυβέρνησης>κυβερνησ`},
		{"tr", `İstanbul'da Türkiye’nin IŞIK toplantısı, istanbul ve Ankara'dan`, `İstanbul'da>istanbul/n Türkiye’nin>türki/n IŞIK>işik/n toplantısı>toplantis istanbul ve/- Ankara'dan>ankar/n`},
		{"fi", `EU:n huippukokous alkaa Helsingissä`, `EU:n>eu/n huippukokous alkaa>alk Helsingissä>helsing/n`},
		{"sv", `Regeringen i Malmö säger nej till EU:s förslag om Erdoğan`, `Regeringen>regering i/- Malmö>malmö/n säger/- nej till/- EU:s>eu/n förslag om/- Erdoğan>erdogan/n`},
		{"hu", `A magyar kormány bejelentette a választásokat`, `A>a/- magyar kormány>kormany bejelentette>bejelentett a/- választásokat>valasztas`},
		{"ro", `Președintele României a declarat că alegerile încep`, `Președintele>presedint/n României>roman/n a/- declarat>declar că>ca/- alegerile>aleger încep>incep`},
		{"ar", `الرئيس الأوكراني يصل إلى جنيف، والرئيس يتحدّث`, `الرئيس>رييس الأوكراني>اوكران يصل إلى>الي/- جنيف والرئيس>رييس يتحدّث>يتحدث`},
		{"he", `הממשלה אמרה שהביטחון של צה"ל חשוב, והבחירות`, `הממשלה>ממשלה אמרה שהביטחון>יטחון של/- צה"ל חשוב והבחירות>חיר`},
		{"fa", "رئیس\u200cجمهور ایران در تهران از کتاب\u200cها گفت", "رئیس\u200cجمهور>رئيسجمهور ایران>ايران در/- تهران از/- کتاب\u200cها>كتاب گفت/-"},
		{"hi", `प्रधानमंत्री मोदी ने १२ देशों के नेताओं से बात की`, `प्रधानमंत्री>प्रधानमंत्र मोदी>मोद ने/- १२>12/# देशों>देश के/- नेताओं>नेत से/- बात की/-`},
		{"zh", `日本代表团32人抵达中国的首都`, `日本 本代 代表 表团 32/# 人抵 抵达 达中 中国 国的/- 的首/- 首都`},
		{"ja", `サッカー日本代表が決勝で勝った`, `サッカー 日本 本代 代表 が/- 決勝 で/- 勝 った/-`},
		{"ko", `서울에서 대통령은 회담을 시작했다`, `서울 울에 에서/- 대통 통령 령은 회담 담을 시작 작했 했다/-`},
		{"th", `นายกรัฐมนตรีไทย 2024`, `นาย ายก ยกรั กรัฐ รัฐม ฐมน มนต นตรี ตรีไ รีไท ไทย 2024/#`},
		{"vi", `Thủ tướng Việt Nam thăm Hà Nội`, `Thủ>thủ tướng Việt>việt/n Nam>nam/n thăm Hà>hà/n Nội>nội/n`},
		{"id", `Presiden mengatakan bahwa ekonominya tumbuh 5,1 persen`, `Presiden>presiden mengatakan>mengata bahwa/- ekonominya>ekonomi tumbuh 5,1>5.1/# persen`},
		{"xx", `Words of ångström unknowable`, `Words>words of ångström>angstro unknowable>unknowa`},
		{"en", `NATO's chief: the EU's aid`, `NATO's>nato/n chief the/- EU's>eu/n aid`},
		{"cs", `Hotel v Praze`, `Hotel>hotel v/- Praze>praz/n`},
		{"el", `Οι εκλογές, των εκλογών στην Ελλάδα`, `Οι>οι/- εκλογές>εκλογ των/- εκλογών>εκλογ στην/- Ελλάδα>ελλαδ/n`},
		{"fi", `Suomen EU:n kanta`, `Suomen>suome/n EU:n>eu/n kanta>kan`},
	} {
		if diff := cmp.Diff(tt.want, show(a.Words(tt.code, tt.text))); diff != "" {
			t.Errorf("Words(%q, %q) (-want +got):\n%s", tt.code, tt.text, diff)
		}
	}
}

func TestStemsOfOneWordAgree(t *testing.T) {
	a := language.New()
	for _, tt := range []struct{ code, forms string }{
		{"bg", "президентът президента президент"},
		{"cs", "prezident prezidenta prezidentovi prezidentem"},
		{"el", "εκλογές εκλογών εκλογή"},
		{"en", "negotiations negotiation negotiation's Negotiations’"},
		{"es", "elección elecciones ELECCIONES"},
		{"fa", "کتاب کتاب\u200cها كتاب"},
		{"he", "ביטחון הביטחון שהביטחון והביטחון"},
		{"hi", "देश देशों"},
		{"hr", "predsjednik predsjednika predsjedniku predsjednikom"},
		{"id", "ekonomi ekonominya"},
		{"pl", "prezydent prezydenta prezydentowi prezydentem"},
		{"ru", "переговоры переговоров переговорам"},
		{"sk", "prezident prezidenta prezidentom"},
		{"sl", "olimpijske olimpijskih olimpijskega olimpijski"},
		{"sr", "Београд Београду Beograd Beogradu"},
		{"tr", "Ankara Ankara'da ANKARA’dan"},
		{"uk", "Україна України Україну Україною"},
	} {
		var first string
		for i, form := range strings.Fields(tt.forms) {
			words := a.Words(tt.code, form)
			if len(words) != 1 {
				t.Fatalf("%s: %q is %d words", tt.code, form, len(words))
			}
			if i == 0 {
				first = words[0].Stem
			} else if words[0].Stem != first {
				t.Errorf("%s: the stem of %q is %q, not %q", tt.code, form, words[0].Stem, first)
			}
		}
	}
}

func TestWordsOfPartsOfAText(t *testing.T) {
	a := language.New()
	text := "Zelenskyy rejects the plan: “No cap”, he said.\nBerlin – and Zelenskyy’s aides – agree"
	for _, w := range a.Words("en", text) {
		if got := text[w.Start : w.Start+len(w.Text)]; got != w.Text {
			t.Errorf("text at %d is %q, not %q", w.Start, got, w.Text)
		}
	}
	before := []language.Word{{Text: "kept"}}
	if got := a.AppendWords(before, "en", "one two"); len(got) != 3 || got[0].Text != "kept" {
		t.Errorf("AppendWords gives %q", show(got))
	}
}

func TestCloneReadsAlike(t *testing.T) {
	a := language.New()
	b := a.Clone()
	const text = "The talks in Geneva moved faster"
	done := make(chan string)
	go func() { done <- show(b.Words("en", text)) }()
	if here, there := show(a.Words("en", text)), <-done; here != there {
		t.Errorf("the clone reads %q, its original %q", there, here)
	}
}
