package language

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"tidings/digest/language/internal/ngram"
)

// script is a group of letters; those before others are shared by languages
// that the table of letter sequences tells apart.
type script int

const (
	latin script = iota
	cyrillic
	arabicScript
	devanagari
	others
)

// firstOf are the places in ngram.Languages where the languages of a script
// begin.
var firstOf = [...]int{latin: 0, cyrillic: 38, arabicScript: 46, devanagari: 49, others: len(ngram.Languages)}

// detector recognises languages by naive Bayes over letter sequences of one
// to five letters and over function words, within the script of most letters.
type detector struct {
	table *ngram.Table
	// words are the function words, with a bit for each language.
	words map[string]uint64
	prior [len(ngram.Languages)]int32
}

// Points are half bits: the weights of the table are doubled unless the word
// looks like a name, as names wander between languages. The values were chosen
// on headlines and on texts of all languages of the table.
const (
	functionWord = 24   // points of one
	doubt        = 40   // bits that a word may speak against a language
	maxLetters   = 2000 // read of a text
)

func newDetector(languages map[string]*tongue) *detector {
	d := &detector{table: ngram.Open(), words: make(map[string]uint64, 1<<13)}
	for id, code := range ngram.Languages {
		for _, word := range languages[code].words {
			d.words[word] |= 1 << id
		}
		d.prior[id] = prior(code)
	}
	return d
}

// prior is how much more news there is in a language, in half bits.
func prior(code string) int32 {
	switch code {
	case "id":
		return 24 // what was counted as Malay holds much Indonesian
	case "en", "es", "ru":
		return 10
	case "ar", "de", "fa", "fr", "hi", "it", "pt", "uk":
		return 8
	case "bg", "cs", "hu", "nl", "pl", "ro", "sv", "tr", "ur", "vi":
		return 6
	case "az", "be", "ca", "da", "et", "fi", "hr", "kk", "lt", "lv", "mk", "mr", "no", "sk", "sl", "sq", "sr":
		return 4
	}
	return 0
}

// Detect says which language a text is in, by ISO 639-1 code, and how sure
// that is, from 0 to 1; a headline is enough. The code is "" when the text has
// no letters that tell. Croatian stands for Bosnian and Serbian in Latin
// letters.
func (a *Analyzer) Detect(text string) (code string, confidence float64) {
	d := a.tables.detector()
	s := scores{detector: d, word: a.letters[:0], points: d.prior}
	for _, r := range text {
		if !unicode.IsLetter(r) && !unicode.Is(unicode.M, r) {
			s.endWord()
			continue
		}
		s.letter(r)
		if s.letters > maxLetters {
			break
		}
	}
	s.endWord()
	a.letters = s.word
	return s.result()
}

// scores are what has been seen of a text.
type scores struct {
	*detector
	word    []rune // the letters of the current word, small
	name    bool   // it begins with a capital
	letters int
	count   [others + 1]int // letters by script
	single  census
	points  [len(ngram.Languages)]int32
}

func (s *scores) letter(r rune) {
	if len(s.word) == 0 {
		s.name = unicode.IsUpper(r)
	}
	if invisible(r) && r >= 0x0590 {
		return
	}
	s.letters++
	switch {
	case r < 0x0250, 0x1E00 <= r && r < 0x1F00:
		s.count[latin]++
	case 0x0400 <= r && r < 0x0530:
		s.count[cyrillic] += 3
	case 0x0600 <= r && r < 0x0780:
		s.count[arabicScript] += 3
	case 0x0900 <= r && r < 0x0980:
		s.count[devanagari] += 3
	case 0x0300 <= r && r < 0x0370:
	default:
		s.count[others] += s.single.letter(r)
		return
	}
	if len(s.word) < 64 {
		s.word = append(s.word, unicode.ToLower(r))
	}
}

// endWord adds what the sequences of the word and the word itself say. No word
// speaks against a language by more than doubt: it may be a foreign one.
func (s *scores) endWord() {
	if len(s.word) == 0 {
		return
	}
	var points [len(ngram.Languages)]int32
	for i := range s.word {
		var h ngram.Hash
		for _, r := range s.word[i:min(len(s.word), i+ngram.Longest)] {
			h = h.Add(r)
			for _, v := range s.table.Find(h.Key()) {
				points[v.Language()] += v.Weight()
			}
		}
	}
	in := s.words[string(s.word)]
	best := slices.Max(points[:])
	for i, p := range points {
		p = max(p, best-doubt)
		if !s.name {
			p *= 2
		}
		s.points[i] += p + int32(in>>i&1)*functionWord
	}
	s.word = s.word[:0]
}

// result returns the best language of the script that most letters are of.
func (s *scores) result() (string, float64) {
	var most script
	all := 0
	for i, n := range s.count {
		all += n
		if n > s.count[most] {
			most = script(i)
		}
	}
	if s.letters < 2 || all == 0 {
		return "", 0
	}
	share := float64(s.count[most]) / float64(all)
	if most == others {
		return s.single.result(), share
	}
	best, second := firstOf[most], -1
	for i := best + 1; i < firstOf[most+1]; i++ {
		switch {
		case s.points[i] > s.points[best]:
			best, second = i, best
		case second < 0 || s.points[i] > s.points[second]:
			second = i
		}
	}
	// Sequences overlap, so that a bit is worth less than a bit: on headlines
	// and pieces of them, about 16 points of a lead double the odds.
	lead := float64(s.points[best] - s.points[second])
	return ngram.Languages[best], share / (1 + math.Exp2(-lead/16))
}

// census counts the letters of scripts that one language writes, or nearly.
type census struct {
	han, kana, japanese, yiddish int
	blocks                       [len(blocks)]int
}

// blocks are scripts of one language by their range in Unicode.
var blocks = [...]struct {
	first, last rune
	code        string
}{
	{0x0370, 0x03FF, "el"}, {0x1F00, 0x1FFF, "el"}, {0x0530, 0x058F, "hy"}, {0x0590, 0x05FF, "he"},
	{0x0780, 0x07BF, "dv"}, {0x0980, 0x09FF, "bn"}, {0x0A00, 0x0A7F, "pa"}, {0x0A80, 0x0AFF, "gu"},
	{0x0B80, 0x0BFF, "ta"}, {0x0C00, 0x0C7F, "te"}, {0x0C80, 0x0CFF, "kn"}, {0x0D00, 0x0D7F, "ml"},
	{0x0D80, 0x0DFF, "si"}, {0x0E00, 0x0E7F, "th"}, {0x0E80, 0x0EFF, "lo"}, {0x0F00, 0x0FFF, "bo"},
	{0x1000, 0x109F, "my"}, {0x10A0, 0x10FF, "ka"}, {0x1200, 0x139F, "am"}, {0x1780, 0x17FF, "km"},
	{0x1C90, 0x1CBF, "ka"}, {0xAC00, 0xD7AF, "ko"},
}

// letter counts a letter and returns its weight: a Chinese character is worth
// several letters.
func (c *census) letter(r rune) int {
	switch {
	case han(r):
		c.han++
		if strings.ContainsRune(onlyJapanese, r) {
			c.japanese++
		}
		return 4
	case hiragana(r), 0x30A0 <= r && r < 0x3100, 0xFF66 <= r && r < 0xFFA0:
		c.kana++
		return 4
	case 0x05F0 <= r && r <= 0x05F2, r == 0xFB2E, r == 0xFB2F, r == 0xFB1F:
		c.yiddish++
	}
	for i, b := range blocks {
		if b.first <= r && r <= b.last {
			c.blocks[i]++
			return 2
		}
	}
	return 0
}

// onlyJapanese are characters in a form that Chinese writes in neither of its
// two ways.
const onlyJapanese = "対気発売駅県働込沢検権応戦団経済総転軽広圏鉄変労歳浜焼様読続験険関拡帰伝価円図抜両"

func (c *census) result() string {
	best, code := 0, ""
	for i, n := range c.blocks {
		if n > best {
			best, code = n, blocks[i].code
		}
	}
	if c.han+c.kana > best/2 {
		if c.kana*10 >= c.han || c.japanese > 0 {
			return "ja"
		}
		return "zh"
	}
	if code == "he" && c.yiddish > 0 {
		return "yi"
	}
	return code
}
