package language_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"tidings/digest/language"
)

// hard texts are long, broken or piled up.
func hardTexts() []string {
	return []string{
		"", "\xff\xfe\x80a\xc3", "a\xffb.c\xe0\xa4", "U.S", "x-", "'", "l'", "28-", "A.B.C.D", "İ'İ:İ", "ꙮ", "1,", "٣٫٥",
		"Z̴̢̛̗a̵̡͉l̷g̸o" + strings.Repeat("\u0335", 300),
		strings.Repeat("a", 1<<20),
		strings.Repeat("ab.", 1<<18),
		strings.Repeat("a.", 1<<19),
		strings.Repeat("Ab. ", 1<<18),
		strings.Repeat("a-1:", 1<<18),
		strings.Repeat("日", 1<<18),
		strings.Repeat("ก็", 1<<17),
		strings.Repeat("é\u0301", 1<<18),
		strings.Repeat("\u0301", 1<<19),
		"ก" + strings.Repeat("\u0E47", 1<<18),
		strings.Repeat("?”", 1<<18),
		strings.Repeat(" \n", 1<<19),
	}
}

var fuzzCodes = []string{"en", "de", "fr", "tr", "ar", "he", "ja", "th", "sr", "fi", "vi", "zh", ""}

// check reads a text in every way and says what must hold of the answers.
func check(t *testing.T, a *language.Analyzer, code, text string) {
	t.Helper()
	end, valid := 0, utf8.ValidString(text)
	for _, w := range a.Words(code, text) {
		switch {
		case w.Text == "" || w.Stem == "":
			t.Fatalf("%q: an empty word: %+v", code, w)
		case w.Start < 0 || w.Start+len(w.Text) > len(text) || text[w.Start:w.Start+len(w.Text)] != w.Text:
			t.Fatalf("%q: %q is not at %d", code, w.Text, w.Start)
		case valid && !utf8.ValidString(w.Text+w.Stem):
			t.Fatalf("%q: %q with stem %q is not UTF-8", code, w.Text, w.Stem)
		case w.Start+len(w.Text) < end:
			t.Fatalf("%q: %q stands before the word before it", code, w.Text)
		}
		end = w.Start + len(w.Text)
	}
	rest := text
	for _, s := range a.Sentences(code, text) {
		at := strings.Index(rest, s)
		if s == "" || s != strings.TrimSpace(s) || at < 0 || strings.TrimSpace(rest[:at]) != "" {
			t.Fatalf("%q: sentence %q does not follow", code, s)
		}
		rest = rest[at+len(s):]
	}
	if strings.TrimSpace(rest) != "" {
		t.Fatalf("%q: the sentences leave out %q", code, rest)
	}
	if code, sure := a.Detect(text); sure < 0 || sure > 1 || (code == "") != (sure == 0) {
		t.Fatalf("Detect = %q, %v", code, sure)
	}
}

func FuzzReading(f *testing.F) {
	for _, text := range hardTexts() {
		if len(text) < 1000 {
			f.Add(uint8(0), text)
			f.Add(uint8(2), text)
		}
	}
	f.Add(uint8(0), "Mr. O'Brien's U.S.-led F-16 team won 2-1 at 18:30… “No.” 日本のサッカー ไทย")
	a := language.New()
	f.Fuzz(func(t *testing.T, code uint8, text string) {
		check(t, a, fuzzCodes[int(code)%len(fuzzCodes)], text)
	})
}

func TestHardTextsTakeBoundedTime(t *testing.T) {
	a := language.New()
	for i, text := range hardTexts() {
		for _, code := range []string{"en", "tr", "ja"} {
			began := time.Now()
			check(t, a, code, text)
			if took := time.Since(began); took > 20*time.Second {
				t.Errorf("text %d as %q took %v", i, code, took)
			}
		}
	}
}

// articles are texts of 130 words as common as Zipf's law says, out of 20,000
// made up of syllables, and some function words.
func articles(n int) []string {
	random := rand.New(rand.NewPCG(1, 2))
	zipf := rand.NewZipf(random, 1.1, 4, 20_000)
	syllables := strings.Fields("con ta re mi sion ing pol der ka tion es pro ve lu ment or ny s ed able")
	words := strings.Fields("the of to and in a that is for on was with said by at from it as")
	for i := len(words); i <= 20_000; i++ {
		word := ""
		for k := i; k > 0; k /= len(syllables) {
			word += syllables[k%len(syllables)]
		}
		if i%5 == 0 {
			word = strings.ToUpper(word[:1]) + word[1:]
		}
		words = append(words, word)
	}
	texts := make([]string, n)
	for i := range texts {
		var b strings.Builder
		for range 130 {
			b.WriteString(words[zipf.Uint64()])
			b.WriteString([]string{" ", " ", " ", ". ", ", ", " ", "’s ", " "}[random.IntN(8)])
		}
		texts[i] = b.String()
	}
	return texts
}

// Every article is read once by an analyzer that begins with an empty cache,
// as after a start, and again by one that knows the words.
func BenchmarkWords(b *testing.B) {
	texts := articles(1000)
	for _, warm := range []bool{false, true} {
		b.Run(map[bool]string{false: "cold", true: "warm"}[warm], func(b *testing.B) {
			a := language.New()
			var words []language.Word
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if !warm && i%len(texts) == 0 {
					a = a.Clone()
				}
				words = a.AppendWords(words[:0], "en", texts[i%len(texts)])
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "articles/s")
		})
	}
}

func BenchmarkSentences(b *testing.B) {
	a := language.New()
	text := articles(1)[0]
	b.ReportAllocs()
	for b.Loop() {
		a.Sentences("en", text)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "articles/s")
}

func BenchmarkDetect(b *testing.B) {
	a := language.New()
	a.Detect("unpacked")
	b.ReportAllocs()
	for b.Loop() {
		a.Detect("US and Ukraine draw up an updated and refined peace framework in Geneva")
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "titles/s")
}

func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		language.New().Detect("unpack")
	}
}
