package cluster_test

import (
	"math/rand/v2"
	"strconv"

	"tidings/digest/cluster"
	"tidings/digest/language"
)

// synthetic makes articles of 120 words from a Zipf vocabulary. Each belongs
// to a planted story, whose articles share twelve words of their own; most
// stories are small and a few are large.
type synthetic struct {
	random  *rand.Rand
	words   *rand.Zipf
	stories *rand.Zipf
	serial  int
}

const vocabulary = 200_000

func newSynthetic() *synthetic {
	random := rand.New(rand.NewPCG(7, 7))
	return &synthetic{
		random:  random,
		words:   rand.NewZipf(random, 1.05, 20, vocabulary-1),
		stories: rand.NewZipf(random, 1.2, 50, 5000),
	}
}

func (s *synthetic) article() cluster.Article {
	s.serial++
	// Ten thousand articles later the same draw is another story.
	story := uint64(s.serial/10_000)*7919 + s.stories.Uint64()
	title, text := make([]language.Word, 10), make([]language.Word, 110)
	for i := range title {
		title[i] = s.word(story, 0.5)
	}
	for i := range text {
		text[i] = s.word(story, 0.15)
	}
	return cluster.Article{
		ID: strconv.Itoa(s.serial), Title: title, Text: text, Language: "en",
		Outlet: "outlet" + strconv.Itoa(s.serial%500), Owner: "owner" + strconv.Itoa(s.serial%300),
	}
}

// word draws one of the story's own words with probability own, else any.
func (s *synthetic) word(story uint64, own float64) language.Word {
	n := s.words.Uint64()
	if s.random.Float64() < own {
		n = (story*1_000_003 + s.random.Uint64N(12)*7_368_787) % vocabulary
	}
	return language.Word{Stem: "w" + strconv.FormatUint(n, 36), Stop: n < 100, Name: n%7 == 0, Number: n%31 == 0}
}
