package query

import "slices"

// results returns the articles that have what is needed.
func (t *trial) results() []Result {
	var results []Result
	for i, s := range t.score {
		if m := (Match{Score: min(1, s), Needed: min(1, t.needed)}); t.own[i] != out && m.Belongs() {
			m.Terms = t.explain(i)
			results = append(results, Result{i, m})
		}
	}
	return results
}

// explain says what made the score of an article.
func (t *trial) explain(i int) []Term {
	var terms []Term
	t.reader.open(&t.articles[i])
	t.reader.list(t.query.root, t.options.Strictness.needed(), &terms)
	if t.profile == nil {
		return terms
	}
	scale(terms, 1-t.profile.Share)
	t.reader.learned(t.profile.Words[:t.profile.pros()], t.profile.Share, &terms)
	story, alike := t.model[storyShare], t.model[alikeShare]
	scale(terms, 1-story)
	where := "story"
	if s := t.story[i]; len(t.members[s]) > 1 {
		terms = append(terms, Term{Text: "its story", Weight: story * t.means[s], Where: where})
	} else {
		scale(terms, 1/(1-story))
	}
	if t.like[i] > 0 {
		scale(terms, 1-alike)
		terms = append(terms, Term{Text: "articles like it", Weight: alike * t.like[i], Where: where})
	}
	if t.swing != nil && t.swing[i] != 0 {
		terms = append(terms, Term{Text: "votes", Weight: t.swing[i], Where: "votes"})
	}
	if t.lift != nil && t.lift[i] > 0 {
		from := "its story"
		if t.clear[i] {
			from = "its own words"
		}
		terms = append(terms, Term{Text: from, Weight: t.lift[i], Where: from})
	}
	return merge(terms)
}

// merge adds up terms that people would read twice, and sorts them.
func merge(terms []Term) []Term {
	merged := terms[:0]
	for _, t := range terms {
		same := slices.IndexFunc(merged, func(m Term) bool { return m.Text == t.Text })
		if same >= 0 {
			merged[same].Weight += t.Weight
		} else {
			merged = append(merged, t)
		}
	}
	sortTerms(merged)
	return merged
}

func scale(terms []Term, by float64) {
	for i := range terms {
		terms[i].Weight *= by
	}
}
