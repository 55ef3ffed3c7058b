package digest

import "tidings/digest/summary"

// voiceWords is about how long what one outlet says may be.
const voiceWords = 35

// voicesRead bounds the outlets that are read for it.
const voicesRead = 40

// WhoSays is one sentence for each of at most n outlets that say something
// which neither the story's summary nor the outlets before them say.
func (c *Composer) WhoSays(s Story, n int) []Sentence {
	var said []string
	for _, sentence := range s.Summary {
		said = append(said, sentence.Text)
	}
	var says []Sentence
	for _, a := range s.Sources[:min(len(s.Sources), voicesRead)] {
		if len(says) == n {
			break
		}
		own := []summary.Source{{Title: a.Title, Text: a.Text, Language: a.Language, Outlet: a.Outlet, Published: a.Published}}
		if news := c.writer.New(said, own, voiceWords); len(news) > 0 {
			says = append(says, Sentence{Text: news[0].Text, Article: a})
			said = append(said, news[0].Text)
		}
	}
	return says
}
