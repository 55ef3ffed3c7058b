package language

import (
	"strings"
	"unicode/utf8"
)

// endings are the endings that a light stemmer cuts off.
type endings map[string]bool

// shortestStem is how many letters must remain.
const shortestStem = 3

// parseEndings parses a list, folding it as the words will be.
func (l *tongue) parseEndings(list string) endings {
	fields := strings.Fields(list)
	if len(fields) == 0 {
		return nil
	}
	e := make(endings, len(fields))
	for _, ending := range fields {
		e[string(l.fold(nil, ending))] = true
	}
	return e
}

// cut takes the longest ending off a folded word.
func (e endings) cut(word string) string {
	letters := 0
	for i := range word {
		if letters >= shortestStem && e[word[i:]] {
			return word[:i]
		}
		letters++
	}
	return word
}

// arabicConjunction takes "and" or "so" off in front of the article, which the
// Snowball stemmer leaves on.
func arabicConjunction(word string) string {
	for _, conjunction := range []string{"و", "ف"} {
		if rest, ok := strings.CutPrefix(word, conjunction); ok && strings.HasPrefix(rest, "ال") && len(rest) > len("الاا") {
			return rest
		}
	}
	return word
}

// hebrewStem takes "and", "that", the article and prepositions off the front
// while four letters remain, and the plural off the end.
func hebrewStem(word string) string {
	for len(word) > 4*len("ה") {
		r, size := utf8.DecodeRuneInString(word)
		if !strings.ContainsRune("ושהבל", r) {
			break
		}
		word = word[size:]
	}
	for _, plural := range []string{"ים", "ות"} {
		if rest, ok := strings.CutSuffix(word, plural); ok && len(rest) >= 3*len("ה") {
			return rest
		}
	}
	return word
}

// endingLists are endings of nouns and adjectives, and the commonest of verbs,
// of languages without a Snowball stemmer; written for folded text, so without
// the marks that fold takes off.
var endingLists = map[string]string{
	"af": "e s es te de jie tjie ies heid hede ing ings",
	"az": "lar lər lari ləri larin lərin larda lərdə lardan lərdən in ın un ün nin nın nun nün i ı u ü a ə da də dan dən ya yə si sı su sü ni nı nu nü",
	"be": "а я у ю і ы е э о ь ой ай ей яй ою аю ам ям ах ях амі ямі ом ем аў яў оў ёў ев аць ць ля лі ла ло ў ага яга ому аму яму ым ім ых іх ымі імі ая яя ую юю ае яе ое ыя ія ый насць насці",
	"bg": "а я и е о у ът ят то ата ята ото ето ите ове овете ия ий ият ията ието иите ени ено ена ен ам аш ал ала ало али ил ила ило или ни на но вме вте ва",
	"bn": "র ের কে তে ে ি া য় রা দের গুলি গুলো টি টা টির টার ও ই ায় য়ের",
	"ca": "s a es e o os i is ment cio cions at ada ats ades ar er ir ant ent",
	"cs": "a e i o u y ou em am um om ach ech ich ych ami emi imi ymi ove ovi ova ovo uv ho eho iho emu imu im ym eji ejsi ost osti mi ama la lo li ly ala alo ali aly ila ilo ili ily ela eli eny ena eno eni ani ane any ana ano iny ia ie iu iou iam iach och ej ejsich ajuci uje uji",
	"cy": "au iau ion on edd oedd ydd oll ol u o i a",
	"el": "ος ου ο ον οι ων ους ες η ης ην ας α αν ι ια ιας ιες ιων εις εων εως εα ματα ματος ματων μα ω ει ουμε ετε ουν ουσε ησε ηκε ηκαν ησαν εται ονται ικος ικου ικο ικον ικη ικης ικες ικα ικων ικους ιο ιου ιος",
	"eo": "o oj on ojn a aj an ajn e en i as is os us u",
	"et": "d i e a u id de te ga l lt le s st sse ks ni na ta da t ud nud tud mine mise mist mised ide ides idest itele ile ilt is ist iga ed es est ele elt ega ad as ast ale alt aga ate atele us use ust used",
	"eu": "a ak ek en aren ari an ko ra tik rekin ekin etan etako eko ren n k ik rik z az ez tzat gatik",
	"fa": "ها هاي هايي تر ترين ي اي ايي هايش هاست",
	"gl": "s a o as os e es cion cions mente ado ada ados adas ar er ir ou aron",
	"gu": "ો ી ા ે ું ાં ઓ ના ની નો નું ને માં થી નાં ાઓ ીઓ",
	"hi": "ो े ू ु ी ि ा ों ें ीं ां ाँ ियों ियां ियाँ ाओं ाएं ाएँ ुओं ुएं ीय ने ना नी ता ते ती कर ाने ाना ानी ाया ाई ाए",
	"hr": "a e i o u om em og eg oga ega omu emu ome im ih ima ama oj oju ju ja je jem jama ov ova ove ovi ovu ovo ovih ovima ev eva eve evi evima ao la lo li le ala alo ali ale ila ilo ili ile ti ena eno eni ene ana ano ani ane ca ci ce cu cem nje nja nju njem anje anja anju",
	"hy": "ը ի ն ին ից ով ում ներ ները ների ներին ներից ներով ներում եր երը երի երին երից ան ու ուն ությ ություն ության ությունը",
	"id": "kan nya lah kah ku mu annya kannya",
	"is": "ur i s a um inn inum ins in ina innar inni ið inu ar ir arnar irnar anna unum u una unnar unni ann anum",
	"ka": "ი მა ს ით ად ის ების ები ებს ებით ებმა ში ზე თან თვის იდან დან მდე ებში ებზე ა ო",
	"kk": "лар лер дар дер тар тер ы і сы сі ның нің дың дің тың тің ға ге қа ке да де та те дан ден тан тен ды ді ты ті ны ні мен бен пен лары лері дары дері тары тері ларын лерін",
	"lt": "as is us ys o io u iu ui iui a ia e ei es os ai iai ų ius ams iams ems oms omis emis ais iais uose iuose ose ese yje oje eje ame iame ą į ę s i imas imo imu ti oji ojo",
	"lv": "s is us a e u i o ai ei as es iem am em um im os ams ies iesi sana sanas sanu sani ibas iba ibu ajam ajai aja ajo ajos ajas ais",
	"mr": "ा ी े ो ू ां ें ाने ीने ाचा ाची ाचे ाच्या ांचा ांची ांचे ांच्या ला ाला ांना त ात ांत ून ातून वर ावर ांवर ने नी चा ची चे च्या साठी",
	"pa": "ਾ ੀ ੇ ੋ ਿ ਾਂ ੀਆਂ ਿਆਂ ੇਂ ਨੇ ਦਾ ਦੀ ਦੇ",
	"pl": "a e i o u y ie ia ii iu io em om am ami ach iem iom iach iami ow owi owie ego iego emu iemu ym im ych ich ymi imi ej iej osc osci oscia owy owa owe owego owej owym owych ani anie ania aniu eni enie enia eniu la lo li ly ala alo ali aly ila ilo ili ily yla ylo yli yly uje uja owac owal owala owali iej ich imi im",
	"sl": "a e i o u om em am ama oma ema ah ih eh im ega iga emu imi ami mi mu ga ev ov je ja jo ju jem jev jih ji jam jah jami jema ni na no ne nih nim nega nem nemu nimi nja nje nju njem njih ena eno eni ene ti la lo li ala alo ali ale ila ilo ili ile ela elo eli ele osti ostjo ovi ova ovo ove ovega ovem ovih ovim",
	"sq": "i a e u t s n in en it et at ve ja je re te ave eve ive ise un ur uar imi imit ime imet esi esit",
	"uk": "а я у ю і ї и е є о ь ою ею єю ам ям ах ях ами ями ові еві єві ом ем єм ів їв ей ий ій їй ого ього ому ьому им їм их їх ими їми ої ьої ая яя ую юю еє ії ією ія ію ість ості істю ння нню нням ань ти ть в ла ло ли ав ала ало али ив ила ило или яв яла яли ує ують уть ить ать ять ає яє ають ними ся лася лися вся ться",
	"ur": "وں یں ی ے ا ہ یاں ات ان ين يں ي يا",
}
