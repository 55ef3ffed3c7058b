package query

// Taste is what one chat likes of its topics: words of the articles it voted
// on. It changes the order of its stories, never what a topic is. It can be
// stored as JSON; to forget it is to drop it.
type Taste struct {
	Words []Related `json:"words"`
}

// Taste learns from the votes of a chat.
func (f *Frequencies) Taste(votes Feedback) Taste {
	f.mu.Lock()
	defer f.mu.Unlock()
	t := Taste{Words: f.reader.learn(asExamples(votes.More), learnedWords)}
	for _, w := range f.reader.learn(asExamples(votes.Less), learnedWords) {
		w.Weight = -w.Weight
		t.Words = append(t.Words, w)
	}
	return t
}

func asExamples(articles []Article) []example {
	examples := make([]example, len(articles))
	for i := range articles {
		examples[i] = example{&articles[i], 1}
	}
	return examples
}

// Score returns how much an article is like those liked and unlike those not:
// 1 as much as they are themselves, 0 for no difference, -1 at worst. With it
// come the words that counted. A story's taste is the mean of its articles'.
func (t Taste) Score(a *Article) (score float64, terms []Term) {
	has := make(map[string]string)
	for i := range a.Text {
		has[a.Text[i].Stem] = "text"
	}
	for i := range a.Title {
		has[a.Title[i].Stem] = "title"
	}
	for _, w := range t.Words {
		if where := has[w.Stem]; where != "" && w.Language == a.Language {
			score += w.Weight
			terms = append(terms, Term{Text: w.Text, Weight: w.Weight, Where: where})
		}
	}
	sortTerms(terms)
	return max(-1, min(1, score)), terms
}
