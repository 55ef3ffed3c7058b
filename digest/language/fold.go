package language

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// fold appends word in lower case and without the marks that do not count in
// the language: what stop words and unstemmed words are compared by.
func (l *tongue) fold(dst []byte, word string) []byte {
	return l.bare(dst, string(l.lower(nil, word)))
}

// lower appends word in lower case and Unicode NFC, with one kind of
// apostrophe, hyphen and digit, without invisible characters and the vowel
// signs that Arabic and Hebrew leave out.
func (l *tongue) lower(dst []byte, word string) []byte {
	if !ascii(word) && !norm.NFC.IsNormalString(word) {
		word = norm.NFC.String(word)
	}
	turkic := l.code == "tr" || l.code == "az"
	for _, r := range word {
		switch {
		case turkic && r == 'I':
			r = 'ı'
		case turkic && r == 'İ':
			r = 'i'
		case r < utf8.RuneSelf:
			if 'A' <= r && r <= 'Z' {
				r += 'a' - 'A'
			}
		case invisible(r):
			continue
		case r == '’' || r == 'ʼ' || r == '‘' || r == '＇' || r == '׳':
			r = '\''
		case r == '‑' || r == '–':
			r = '-'
		case unicode.Is(unicode.Nd, r):
			r = digitOf(r)
		case 0xFF01 <= r && r <= 0xFFEF:
			dst = append(dst, strings.ToLower(norm.NFKC.String(string(r)))...)
			continue
		default:
			r = unicode.ToLower(r)
		}
		dst = utf8.AppendRune(dst, r)
	}
	return dst
}

// invisible says whether readers never miss the character: joiners, soft
// hyphens, Arabic and Hebrew vowel signs, the stretching tatweel, the nukta.
func invisible(r rune) bool {
	switch {
	case r == 0x00AD, 0x200B <= r && r <= 0x200F, r == 0x2060, r == 0xFEFF, 0xFE00 <= r && r <= 0xFE0F:
		return true
	case 0x0591 <= r && r <= 0x05C7:
		return r != 0x05BE // the Hebrew hyphen
	case 0x064B <= r && r <= 0x065F, r == 0x0670, r == 0x0640, r == 0x093C:
		return true
	}
	return false
}

// digitOf returns a decimal digit of any script as ASCII: the digits of a
// script stand together, and those of every script begin where the ten before
// them end.
func digitOf(r rune) rune {
	for zero := r; zero > r-10; zero-- {
		if !unicode.Is(unicode.Nd, zero-1) {
			return '0' + r - zero
		}
	}
	return r
}

// bare appends a lower-case word without the marks that do not count.
func (l *tongue) bare(dst []byte, word string) []byte {
	for _, r := range word {
		switch {
		case r < utf8.RuneSelf:
			dst = append(dst, byte(r))
		case l.keep == "*" || l.keep != "" && strings.ContainsRune(l.keep, r):
			dst = utf8.AppendRune(dst, r)
		case r < 0x0250 || 0x0300 <= r && r < 0x0400 || 0x1E00 <= r && r < 0x2000:
			dst = withoutMarks(dst, r)
		case r < 0x0500:
			dst = l.cyrillic(dst, r)
		default:
			dst = utf8.AppendRune(dst, arabicLetter(r))
		}
	}
	return dst
}

// bareString is bare of a string; most words have no marks and stay as they
// are.
func (l *tongue) bareString(word string) string {
	if ascii(word) {
		return word
	}
	return string(l.bare(nil, word))
}

func ascii(word string) bool {
	for i := range len(word) {
		if word[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// withoutMarks appends a Latin or Greek letter without its marks.
func withoutMarks(dst []byte, r rune) []byte {
	switch r {
	case 'ß':
		return append(dst, "ss"...)
	case 'æ':
		return append(dst, "ae"...)
	case 'œ':
		return append(dst, "oe"...)
	case 'þ':
		return append(dst, "th"...)
	case 'ø':
		return append(dst, 'o')
	case 'đ', 'ð':
		return append(dst, 'd')
	case 'ł':
		return append(dst, 'l')
	case 'ı':
		return append(dst, 'i')
	case 'ə':
		return append(dst, 'e')
	case 'ς':
		return append(dst, "σ"...)
	}
	var raw [utf8.UTFMax]byte
	n := utf8.EncodeRune(raw[:], r)
	for _, r := range string(norm.NFD.Append(nil, raw[:n]...)) {
		if !unicode.Is(unicode.Mn, r) {
			dst = utf8.AppendRune(dst, r)
		}
	}
	return dst
}

// cyrillic appends a Cyrillic letter; Serbian becomes Latin, in which half of
// it is written.
func (l *tongue) cyrillic(dst []byte, r rune) []byte {
	if l.code == "sr" || l.code == "bs" {
		if latin, ok := serbianLatin[r]; ok {
			return append(dst, latin...)
		}
	}
	if r == 'ё' {
		r = 'е'
	}
	return utf8.AppendRune(dst, r)
}

var serbianLatin = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'ђ': "d", 'е': "e", 'ж': "z", 'з': "z", 'и': "i",
	'ј': "j", 'к': "k", 'л': "l", 'љ': "lj", 'м': "m", 'н': "n", 'њ': "nj", 'о': "o", 'п': "p", 'р': "r",
	'с': "s", 'т': "t", 'ћ': "c", 'у': "u", 'ф': "f", 'х': "h", 'ц': "c", 'ч': "c", 'џ': "dz", 'ш': "s",
}

// arabicLetter returns the letter that stands for all spellings of it.
func arabicLetter(r rune) rune {
	switch r {
	case 'أ', 'إ', 'آ', 'ٱ':
		return 'ا'
	case 'ى', 'ی':
		return 'ي'
	case 'ک':
		return 'ك'
	case 'ة':
		return 'ه'
	}
	return r
}
