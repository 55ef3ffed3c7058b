package language

import (
	"slices"
	"strings"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/arabic"
	"github.com/blevesearch/snowballstem/danish"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/finnish"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/hungarian"
	"github.com/blevesearch/snowballstem/irish"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/norwegian"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/romanian"
	"github.com/blevesearch/snowballstem/russian"
	"github.com/blevesearch/snowballstem/spanish"
	"github.com/blevesearch/snowballstem/swedish"
	"github.com/blevesearch/snowballstem/tamil"
	"github.com/blevesearch/snowballstem/turkish"
)

// profile is what is known of a language.
type profile struct {
	code string // ISO 639-1
	name string // English
	// stem is the Snowball stemmer, nil for none.
	stem func(*snowballstem.Env) bool
	// endings names a list of endings that are cut off when there is no
	// Snowball stemmer.
	endings string
	// keep holds the letters with marks that are letters of their own;
	// all other marks on Latin letters are folded away.
	keep string
	// elision: a short word ends at an apostrophe ("l'hôtel").
	elision bool
	// caseEnding: what follows an apostrophe or a colon in a name is an
	// ending ("Ankara'da", "EU:n").
	caseEnding bool
	// nouns: all nouns have capitals.
	nouns bool
	// cut: long words are compared by their first letters.
	cut bool
	// rightToLeft is the direction of the script.
	rightToLeft bool
}

// profiles are the languages, sorted by code.
var profiles = []profile{
	{code: "af", name: "Afrikaans", endings: "af"},
	{code: "am", name: "Amharic"},
	{code: "ar", name: "Arabic", stem: arabic.Stem, rightToLeft: true},
	{code: "az", name: "Azerbaijani", endings: "az", keep: "çğöşüə", caseEnding: true},
	{code: "be", name: "Belarusian", endings: "be"},
	{code: "bg", name: "Bulgarian", endings: "bg"},
	{code: "bn", name: "Bengali", endings: "bn"},
	{code: "bo", name: "Tibetan"},
	{code: "bs", name: "Bosnian", endings: "hr"},
	{code: "ca", name: "Catalan", endings: "ca", elision: true},
	{code: "cs", name: "Czech", endings: "cs"},
	{code: "cy", name: "Welsh", endings: "cy"},
	{code: "da", name: "Danish", stem: danish.Stem, keep: "æøå"},
	{code: "de", name: "German", stem: german.Stem, nouns: true},
	{code: "dv", name: "Dhivehi", rightToLeft: true},
	{code: "el", name: "Greek", endings: "el"},
	{code: "en", name: "English", stem: english.Stem},
	{code: "eo", name: "Esperanto", endings: "eo", keep: "ĉĝĥĵŝŭ"},
	{code: "es", name: "Spanish", stem: spanish.Stem},
	{code: "et", name: "Estonian", endings: "et", keep: "õäöü"},
	{code: "eu", name: "Basque", endings: "eu"},
	{code: "fa", name: "Persian", endings: "fa", rightToLeft: true},
	{code: "fi", name: "Finnish", stem: finnish.Stem, keep: "äöå", caseEnding: true},
	{code: "fr", name: "French", stem: french.Stem, elision: true},
	{code: "ga", name: "Irish", stem: irish.Stem, elision: true},
	{code: "gl", name: "Galician", endings: "gl"},
	{code: "gu", name: "Gujarati", endings: "gu"},
	{code: "he", name: "Hebrew", endings: "he", rightToLeft: true},
	{code: "hi", name: "Hindi", endings: "hi"},
	{code: "hr", name: "Croatian", endings: "hr"},
	{code: "hu", name: "Hungarian", stem: hungarian.Stem, keep: "öüőű"},
	{code: "hy", name: "Armenian", endings: "hy"},
	{code: "id", name: "Indonesian", endings: "id"},
	{code: "is", name: "Icelandic", endings: "is", keep: "æðöþ"},
	{code: "it", name: "Italian", stem: italian.Stem, elision: true},
	{code: "ja", name: "Japanese"},
	{code: "ka", name: "Georgian", endings: "ka"},
	{code: "kk", name: "Kazakh", endings: "kk"},
	{code: "km", name: "Khmer"},
	{code: "kn", name: "Kannada", cut: true},
	{code: "ko", name: "Korean"},
	{code: "la", name: "Latin", cut: true},
	{code: "lo", name: "Lao"},
	{code: "lt", name: "Lithuanian", endings: "lt"},
	{code: "lv", name: "Latvian", endings: "lv"},
	{code: "mk", name: "Macedonian", endings: "bg"},
	{code: "ml", name: "Malayalam", cut: true},
	{code: "mn", name: "Mongolian", cut: true},
	{code: "mr", name: "Marathi", endings: "mr"},
	{code: "ms", name: "Malay", endings: "id"},
	{code: "my", name: "Burmese"},
	{code: "nl", name: "Dutch", stem: dutch.Stem},
	{code: "no", name: "Norwegian", stem: norwegian.Stem, keep: "æøå"},
	{code: "pa", name: "Punjabi", endings: "pa"},
	{code: "pl", name: "Polish", endings: "pl"},
	{code: "pt", name: "Portuguese", stem: portuguese.Stem},
	{code: "ro", name: "Romanian", stem: romanian.Stem},
	{code: "ru", name: "Russian", stem: russian.Stem},
	{code: "si", name: "Sinhala", cut: true},
	{code: "sk", name: "Slovak", endings: "cs"},
	{code: "sl", name: "Slovenian", endings: "sl"},
	{code: "so", name: "Somali", cut: true},
	{code: "sq", name: "Albanian", endings: "sq"},
	{code: "sr", name: "Serbian", endings: "hr"},
	{code: "sv", name: "Swedish", stem: swedish.Stem, keep: "åäö", caseEnding: true},
	{code: "sw", name: "Swahili"},
	{code: "ta", name: "Tamil", stem: tamil.Stem},
	{code: "te", name: "Telugu", cut: true},
	{code: "th", name: "Thai"},
	{code: "ti", name: "Tigrinya"},
	{code: "tl", name: "Tagalog"},
	{code: "tr", name: "Turkish", stem: turkish.Stem, keep: "çğöşü", caseEnding: true},
	{code: "uk", name: "Ukrainian", endings: "uk"},
	{code: "ur", name: "Urdu", endings: "ur", rightToLeft: true},
	{code: "vi", name: "Vietnamese", keep: "*"},
	{code: "yi", name: "Yiddish", rightToLeft: true},
	{code: "zh", name: "Chinese"},
	{code: "zu", name: "Zulu"},
}

// Supported returns the ISO 639-1 codes of the languages known here, sorted.
func Supported() []string {
	codes := make([]string, len(profiles))
	for i, p := range profiles {
		codes[i] = p.code
	}
	return codes
}

// EnglishName returns the name of a language, or the code itself when the
// language is not known here.
func EnglishName(code string) string {
	if p := find(code); p != nil {
		return p.name
	}
	return code
}

// RightToLeft says whether a language is written from right to left.
func RightToLeft(code string) bool {
	p := find(code)
	return p != nil && p.rightToLeft
}

// find returns the profile of a language, nil for none.
func find(code string) *profile {
	i, ok := slices.BinarySearchFunc(profiles, canonical(code), func(p profile, code string) int {
		return strings.Compare(p.code, code)
	})
	if !ok {
		return nil
	}
	return &profiles[i]
}

// canonical takes region and script off a code and maps the codes of old.
func canonical(code string) string {
	if i := strings.IndexAny(code, "-_"); i >= 0 {
		code = code[:i]
	}
	switch code = strings.ToLower(code); code {
	case "nb", "nn":
		return "no"
	case "iw":
		return "he"
	case "in":
		return "id"
	case "fil":
		return "tl"
	case "sh":
		return "sr"
	}
	return code
}
