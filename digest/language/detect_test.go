package language_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tidings/digest/language"
)

func TestDetect(t *testing.T) {
	a := language.New()
	for code, text := range map[string]string{
		"":   " 2021: +++ 15.30 +++ ",
		"af": "Die president het gesê dat die gesprekke môre weer begin",
		"am": "ጠቅላይ ሚኒስትሩ ዛሬ ንግግር አደረጉ",
		"ar": "الرئيس يصل إلى جنيف لإجراء محادثات السلام",
		"az": "Prezident bu gün paytaxtda keçirilən görüşdə iştirak edib",
		"be": "Прэзідэнт заявіў, што перамовы пачнуцца заўтра",
		"bg": "Президентът заяви, че преговорите ще започнат утре",
		"bn": "প্রধানমন্ত্রী আজ ঢাকায় বৈঠক করেছেন",
		"ca": "El president diu que les negociacions començaran demà",
		"cs": "Prezident řekl, že jednání začnou už zítra ráno",
		"cy": "Mae'r llywodraeth wedi cyhoeddi cynllun newydd i Gymru",
		"da": "Statsministeren siger, at forhandlingerne begynder i morgen",
		"de": "Kanzler kündigt neue Gespräche über den Haushalt an",
		"el": "Ο πρωθυπουργός ανακοίνωσε νέα μέτρα",
		"en": "Minister says talks on the budget will start tomorrow",
		"eo": "La prezidanto diris ke la intertraktadoj komenciĝos morgaŭ",
		"es": "El ministro dice que las negociaciones empezarán mañana",
		"et": "Peaminister ütles, et läbirääkimised algavad homme",
		"eu": "Lehendakariak esan du negoziazioak bihar hasiko direla",
		"fa": "رئیس جمهور گفت که گفتگوها فردا آغاز می\u200cشود",
		"fi": "Pääministeri kertoi, että neuvottelut alkavat huomenna",
		"fr": "Le ministre annonce que les négociations reprendront demain",
		"ga": "Dúirt an tAire go dtosóidh na cainteanna amárach",
		"gu": "વડાપ્રધાને આજે બેઠક યોજી",
		"he": "ראש הממשלה אמר כי השיחות יתחילו מחר",
		"hi": "प्रधानमंत्री ने कहा कि बातचीत कल शुरू होगी",
		"hr": "Predsjednik je rekao da pregovori počinju sljedeći tjedan",
		"hu": "A miniszterelnök szerint holnap kezdődnek a tárgyalások",
		"hy": "Վարչապետը հայտարարեց նոր բանակցությունների մասին",
		"id": "Presiden mengatakan bahwa perundingan akan dimulai karena tekanan publik",
		"is": "Forsætisráðherra segir að viðræður hefjist á morgun",
		"it": "Il ministro dice che le trattative inizieranno domani",
		"ja": "首相は協議が明日始まると述べた",
		"ka": "პრემიერ მინისტრმა ახალი მოლაპარაკებები გამოაცხადა",
		"kk": "Президент келіссөздер ертең басталады деп мәлімдеді",
		"km": "នាយករដ្ឋមន្ត្រីបានប្រកាស",
		"kn": "ಪ್ರಧಾನಿ ಇಂದು ಸಭೆ ನಡೆಸಿದರು",
		"ko": "대통령은 회담이 내일 시작된다고 말했다",
		"lo": "ນາຍົກລັດຖະມົນຕີ",
		"lt": "Prezidentas sakė, kad derybos prasidės rytoj",
		"lv": "Prezidents sacīja, ka sarunas sāksies rīt",
		"mk": "Претседателот изјави дека преговорите ќе почнат утре",
		"ml": "പ്രധാനമന്ത്രി ഇന്ന് യോഗം ചേർന്നു",
		"mn": "Ерөнхийлөгч маргааш хэлэлцээр эхэлнэ гэж мэдэгдлээ",
		"mr": "पंतप्रधानांनी सांगितले की चर्चा उद्या सुरू होणार आहे",
		"ms": "Perdana Menteri berkata rundingan akan bermula esok kerana tekanan awam",
		"my": "ဝန်ကြီးချုပ်က ကြေညာသည်",
		"nl": "De minister zegt dat de onderhandelingen morgen beginnen",
		"no": "Statsministeren sier at forhandlingene starter i morgen",
		"pa": "ਪ੍ਰਧਾਨ ਮੰਤਰੀ ਨੇ ਅੱਜ ਮੀਟਿੰਗ ਕੀਤੀ",
		"pl": "Premier powiedział, że rozmowy rozpoczną się jutro",
		"pt": "O ministro disse que as negociações começam amanhã",
		"ro": "Președintele a declarat că negocierile vor începe mâine",
		"ru": "Президент заявил, что переговоры начнутся завтра",
		"si": "අගමැතිවරයා අද පැවසීය",
		"sk": "Prezident povedal, že rokovania sa začnú už zajtra",
		"sl": "Predsednik vlade je povedal, da se bodo pogajanja začela jutri",
		"so": "Madaxweynaha ayaa sheegay in wadahadalladu ay bilaaban doonaan",
		"sq": "Presidenti tha se bisedimet do të fillojnë nesër",
		"sr": "Председник је рекао да преговори почињу сутра",
		"sv": "Statsministern säger att förhandlingarna börjar i morgon",
		"sw": "Rais alisema kwamba mazungumzo yataanza kesho",
		"ta": "பிரதமர் இன்று கூட்டம் நடத்தினார்",
		"te": "ప్రధాని ఈరోజు సమావేశం నిర్వహించారు",
		"th": "นายกรัฐมนตรีกล่าวว่าการเจรจาจะเริ่มพรุ่งนี้",
		"tl": "Sinabi ng pangulo na magsisimula bukas ang mga usapan",
		"tr": "Cumhurbaşkanı görüşmelerin yarın başlayacağını söyledi",
		"uk": "Президент заявив, що переговори почнуться завтра",
		"ur": "وزیراعظم نے کہا کہ مذاکرات کل شروع ہوں گے",
		"vi": "Thủ tướng cho biết đàm phán sẽ bắt đầu vào ngày mai",
		"yi": "דער פּרעמיער־מיניסטער האָט געזאָגט אַז מען וועט רעדן וועגן שלום, זײַן",
		"zh": "总理表示谈判将于明天开始",
		"zu": "Umongameli uthe izingxoxo zizoqala kusasa ngoba abantu bafuna",
	} {
		got, confidence := a.Detect(text)
		if got != code {
			t.Errorf("Detect(%q) = %q with %.2f, want %q", text, got, confidence, code)
		}
		if code != "" && (confidence < 0.5 || confidence > 1) {
			t.Errorf("Detect(%q) is sure by %.2f", text, confidence)
		}
	}
}

func TestDetectAmongForeignNames(t *testing.T) {
	a := language.New()
	for text, want := range map[string]string{
		"Apple представила iPhone 15 Pro Max и Watch Ultra":      "ru",
		"東京五輪2020開会式で選手団入場":                                      "ja",
		"Les judokas Takato et Abe en finale à Tokyo":            "fr",
		"Olympics: Naohisa Takato wins first gold at home":       "en",
		"Corona-Liveticker: Inzidenz steigt auf Mallorca bei 85": "de",
	} {
		if got, _ := a.Detect(text); got != want {
			t.Errorf("Detect(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestDetectIsLessSureOfLess(t *testing.T) {
	a := language.New()
	_, little := a.Detect("plan")
	_, much := a.Detect("The plan of which the minister spoke was not new to them")
	if little >= much || much < 0.95 {
		t.Errorf("sure of one word by %.2f, of a sentence by %.2f", little, much)
	}
}

// Headlines of the development data, all languages being candidates.
func TestDetectHeadlines(t *testing.T) {
	shared := os.Getenv("TIDINGS_SHARED")
	if shared == "" {
		t.Skip("set TIDINGS_SHARED to the folder that holds data/languages/og2021-dev.tsv to run this")
	}
	raw, err := os.ReadFile(filepath.Join(shared, "data", "languages", "og2021-dev.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	a := language.New()
	right, all := 0, 0
	for line := range strings.Lines(string(raw)) {
		fields := strings.SplitN(strings.TrimSuffix(line, "\n"), "\t", 3)
		if got, _ := a.Detect(fields[2]); got == fields[1] {
			right++
		}
		all++
	}
	if accuracy := float64(right) / float64(all); accuracy < 0.985 {
		t.Errorf("accuracy %.4f over %d titles, want at least 0.985", accuracy, all)
	}
}

func TestLanguages(t *testing.T) {
	codes := language.Supported()
	if !slices.IsSorted(codes) || len(codes) < 40 {
		t.Errorf("%d languages: %v", len(codes), codes)
	}
	for _, tt := range []struct {
		code, name  string
		rightToLeft bool
	}{
		{"uk", "Ukrainian", false}, {"ar", "Arabic", true}, {"pt-BR", "Portuguese", false},
		{"nb", "Norwegian", false}, {"he_IL", "Hebrew", true}, {"qq", "qq", false},
	} {
		if got := fmt.Sprint(language.EnglishName(tt.code), language.RightToLeft(tt.code)); got != fmt.Sprint(tt.name, tt.rightToLeft) {
			t.Errorf("%s is %s", tt.code, got)
		}
	}
}
