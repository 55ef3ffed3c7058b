package feed

import "strings"

// months holds the names of months and their usual abbreviations, in lower
// case, of some twenty languages. Croatian and Czech share listopad with
// Polish and Ukrainian, where it is November; it is taken as that.
var months = words(map[string]int{
	"ene enero gen gennaio ian ianuarie jan janeiro januar januari january január janv janvier jän jänner ledna oca ocak siječnja sty styczeń stycznia tammi tammikuuta ιαν ιανουάριος ιανουαρίου січ січень січня янв январь января يناير":            1,
	"feb febbraio feber febrero februar februari februarie february február fev fevereiro fevrier fév févr février helmikuuta lut lutego luty veljače února şub şubat φεβ φεβρουάριος φεβρουαρίου лют лютий лютого фев февр февраль февраля فبراير":    2,
	"března maaliskuuta maart maerz mar marca march marco maret mars mart martie marts marzec marzo março mrt mrz márc március mär märz ožujka μάρ μάρτιος μαρ μαρτίου бер березень березня мар март марта مارس":                                       3,
	"abr abril apr april aprile aprilie avr avril dubna huhtikuuta kwi kwiecień kwietnia nis nisan travnja ápr április απρ απρίλιος απριλίου апр апрель апреля кві квіт квітень квітня أبريل ابريل":                                                    4,
	"května mag maggio mai maio maj maja may mayo mayıs mei máj május svibnja toukokuuta μάι μάιος μαΐ μαΐου μαι μαϊ май мая тра трав травень травня مايو":                                                                                             5,
	"cze czerwca czerwiec giu giugno haz haziran iun iunie juin jun june junho juni junio jún június kesäkuuta lipnja června ιον ιουν ιουνίου ιούν ιούνιος июн июнь июня чер черв червень червня يونيو":                                                6,
	"heinäkuuta iul iulie juil juillet jul julho juli julio july júl július lip lipca lipiec lug luglio srpnja tem temmuz července ιολ ιουλ ιουλίου ιούλ ιούλιος июл июль июля лип липень липня يوليو":                                                 7,
	"ago agosto agt agustus aout aoû août aug august augustus augusztus ağu ağustos elokuuta kolovoza sie sierpień sierpnia srpna αυγ αυγούστου αύγ αύγουστος авг август августа сер серп серпень серпня أغسطس اغسطس":                                  8,
	"eyl eylül rujna sep sept september septembre septembrie septiembre set setembro setiembre settembre syyskuuta szept szeptember wrz wrzesień września září σεπ σεπτέμβριος σεπτεμβρίου вер вересень вересня сен сент сентябрь сентября سبتمبر":     9,
	"eki ekim lokakuuta oct october octobre octombrie octubre okt oktober október ott ottobre out outubro paź październik października října οκτ οκτωβρίου οκτώβριος жов жовт жовтень жовтня окт октябрь октября أكتوبر اكتوبر":                        10,
	"kas kasım listopada listopadu marraskuuta noi noiembrie nov november novembre novembro noviembre studenoga νοέ νοέμβριος νοε νοεμβρίου лис лист листопад листопада ноя нояб ноябрь ноября نوفمبر":                                                 11,
	"ara aralık dec december decembre decembrie des desember dez dezember dezembro dic dicembre diciembre déc décembre gru grudnia grudzień joulukuuta prosinca prosince δεκ δεκέμβριος δεκεμβρίου гру груд грудень грудня дек декабрь декабря ديسمبر": 12,
})

// weekdays holds the names of days, Monday being 1.
var weekdays = words(map[string]int{
	"hétfő maandag mandag mån måndag pazartesi pondelok pondělí pzt seg segunda senin mon monday mo montag lun lundi lunes lunedì pn pon poniedziałek пн пон понедельник понеділок δευ":                     1,
	"dinsdag kedd sal salı sel selasa ter terça tir tirsdag tis tisdag tiistai út úterý utorok tue tues tuesday di dienstag mar mardi martes martedì wt wtorek вт вто вторник вівторок τρι":                 2,
	"çar çarşamba ons onsdag qua quarta rab rabu st streda středa szerda wo woensdag wed weds wednesday mi mittwoch mer mercredi miércoles mié mercoledì śr środa ср сре среда середа τετ":                  3,
	"csütörtök čt čtvrtek donderdag kam kamis per perşembe qui quinta štvrtok tor tors torsdag torstai thu thur thurs thursday donnerstag jeu jeudi jueves jue gio giovedì czw czwartek чт чет четверг πεμ": 4,
	"cum cuma fre fredag jum jumat pá pátek péntek piatok sex sexta vr vrijdag fri friday fr freitag ven vendredi viernes vie venerdì pt piątek пт пят пятница παρ":                                         5,
	"cmt cumartesi lauantai lör lördag lør lørdag sabtu szombat za zaterdag sat saturday sa samstag sonnabend sam samedi sábado sáb sabato sob sobota сб суб суббота субота σαβ":                            6,
	"minggu neděle nedeľa paz pazar søn søndag sön söndag sunnuntai vasárnap zo zondag sun sunday so sonntag dim dimanche domingo dom domenica nd niedziela вс вск воскресенье нд неділя κυρ":               7,
})

// fillers are words that say nothing.
var fillers = set("do at of the de den der le el la del di um kl à г года р року 시 ora klo på um óra en uhr")

// zones holds the hours by which zones are ahead of UTC. Where a name is
// ambiguous, the North American or European one is meant.
var zones = map[string]float64{
	"z": 0, "gmt": 0, "utc": 0, "ut": 0, "wet": 0, "west": 1, "bst": 1, "ist": 5.5,
	"cet": 1, "met": 1, "mez": 1, "cest": 2, "mest": 2, "mesz": 2, "eet": 2, "eest": 3, "msk": 3, "trt": 3,
	"ast": -4, "adt": -3, "at": -4, "est": -5, "edt": -4, "et": -5, "cst": -6, "cdt": -5, "ct": -6,
	"mst": -7, "mdt": -6, "mt": -7, "pst": -8, "pdt": -7, "pt": -8, "akst": -9, "akdt": -8, "hst": -10, "nst": -3.5,
	"brt": -3, "art": -3, "clt": -4, "jst": 9, "kst": 9, "hkt": 8, "sgt": 8, "pht": 8, "wib": 7, "ict": 7, "pkt": 5,
	"gst": 4, "sast": 2, "eat": 3, "wat": 1, "cat": 2, "aest": 10, "aedt": 11, "acst": 9.5, "acdt": 10.5, "awst": 8,
	"nzst": 12, "nzdt": 13,
	// The letters that RFC 822 names; it has their signs like this.
	"a": -1, "m": -12, "n": 1, "y": 12,
}

// words gives every word of the keys its own key.
func words(lists map[string]int) map[string]int {
	all := map[string]int{}
	for list, n := range lists {
		for word := range strings.FieldsSeq(list) {
			all[word] = n
		}
	}
	return all
}

func set(list string) map[string]bool {
	all := map[string]bool{}
	for word := range strings.FieldsSeq(list) {
		all[word] = true
	}
	return all
}
