package language_test

import (
	"hash/fnv"
	"io"
	"testing"

	"tidings/digest/language"
)

func TestBackgroundKnowsOrdinaryWords(t *testing.T) {
	hash := func(stem string) uint64 {
		h := fnv.New64a()
		io.WriteString(h, stem)
		return h.Sum64()
	}
	a := language.New()
	share := func(b *language.Background, code, word string) float64 {
		words := a.Words(code, word)
		if len(words) != 1 {
			t.Fatalf("%s has %d words", word, len(words))
		}
		return b.Share(hash(words[0].Stem))
	}
	for code, words := range map[string][3]string{
		"en": {"said", "bridge", "Zelenskyy"}, "de": {"heute", "Brücke", "Selenskyj"}, "fr": {"dire", "fenêtre", "Macron"},
		"es": {"decir", "ventana", "Bukele"}, "ru": {"сказать", "мост", "Зеленский"}, "pt-BR": {"dizer", "janela", "Bolsonaro"},
	} {
		b := language.NewBackground()
		if s := share(b, code, words[0]); s != 0 {
			t.Errorf("%s: %s has a share of %.4f before the language is learned", code, words[0], s)
		}
		b.Learn(code, hash)
		daily, ordinary, name := share(b, code, words[0]), share(b, code, words[1]), share(b, code, words[2])
		if !(daily > ordinary && ordinary > 0.0005 && name < 0.0005) {
			t.Errorf("%s: %s %.4f, %s %.4f, %s %.4f; the first should be daily, the second ordinary, the third a name",
				code, words[0], daily, words[1], ordinary, words[2], name)
		}
	}
	b := language.NewBackground()
	for _, code := range []string{"", "xx", "-", "en US", "e"} {
		b.Learn(code, hash)
	}
	if s := share(b, "en", "said"); s != 0 {
		t.Errorf("what is no language brought a share of %.4f", s)
	}
}
