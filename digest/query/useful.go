package query

import (
	"fmt"
	"slices"
	"strings"

	"tidings/digest/language"
)

// UselessError says why a query that can be read makes no topic: no article can
// have what it asks for, or nearly every article has it.
type UselessError struct {
	Text string // a sentence without a full stop, with the remedy
}

// Error is the sentence.
func (e *UselessError) Error() string { return e.Text }

// Useful says, as an *UselessError, why the query makes no topic, if so. Its
// words are read in English and in the languages with these ISO 639-1 codes: it
// asks for too little when in one of them all its words are function words.
// What is in quotes is meant as it stands.
func (q *Query) Useful(a *language.Analyzer, codes ...string) error {
	if why := q.root.impossible(); why != "" {
		return &UselessError{why}
	}
	for _, code := range append([]string{"en"}, codes...) {
		if q.root.common(a, code) {
			return &UselessError{"These words are in nearly every article; say what it is about"}
		}
	}
	return nil
}

// common says whether all that the list wants are function words.
func (l list) common(a *language.Analyzer, code string) bool {
	for _, c := range l {
		if c.mode == not {
			continue
		}
		for i := range c.any {
			if !c.any[i].common(a, code) {
				return false
			}
		}
	}
	return true
}

func (a *atom) common(analyzer *language.Analyzer, code string) bool {
	switch a.kind {
	case word:
		words := analyzer.Words(code, a.text)
		return len(words) > 0 && !slices.ContainsFunc(words, func(w language.Word) bool { return !w.Stop })
	case near:
		return a.pair[0].common(analyzer, code) && a.pair[1].common(analyzer, code)
	case group:
		return a.list.common(analyzer, code)
	}
	return a.kind == lang
}

// impossible says why no article can have what the list demands, or nothing.
func (l list) impossible() string {
	if why := l.languages(); why != "" {
		return why
	}
	wanted, found := "", false
	for _, c := range l {
		if c.mode == not || c.filters() && c.any[0].kind == lang {
			continue
		}
		text := string(list{c}.append(nil))
		excluded := !slices.ContainsFunc(c.any, func(a atom) bool { return !l.excludes(&a) })
		if excluded && c.mode == must {
			return fmt.Sprintf("It wants %s and leaves that out too, so no article can match; remove one of the two", strings.TrimPrefix(text, "+"))
		}
		wanted, found = text, found || !excluded
	}
	if !found && wanted != "" {
		return fmt.Sprintf("It wants %s and leaves that out too, so no article can match; remove one of the two", wanted)
	}
	for _, c := range l {
		if c.mode == must && len(c.any) == 1 && c.any[0].kind == group {
			if why := c.any[0].list.impossible(); why != "" {
				return why
			}
		}
	}
	return ""
}

// excludes says whether the list leaves out what an atom stands for.
func (l list) excludes(a *atom) bool {
	for _, c := range l {
		for i := range c.any {
			if c.mode == not && c.any[i].covers(a) {
				return true
			}
		}
	}
	return false
}

// covers says whether an article that has b surely has a: the same, and not
// only in the title when b may be elsewhere.
func (a *atom) covers(b *atom) bool {
	if a.kind != b.kind {
		return false
	}
	plain, other := *a, *b
	plain.title, other.title = false, false
	return (!a.title || b.title) && strings.EqualFold(string(plain.append(nil)), string(other.append(nil)))
}

// languages says why no article can be in the languages that the list demands.
func (l list) languages() string {
	var allowed []string
	for _, c := range l {
		if c.mode != must || c.any[0].kind != lang {
			continue
		}
		var codes []string
		for _, a := range c.any {
			codes = append(codes, a.text)
		}
		both := slices.DeleteFunc(slices.Clone(codes), func(code string) bool { return allowed != nil && !slices.Contains(allowed, code) })
		if len(both) == 0 {
			return fmt.Sprintf("No article is in %s and in %s; write lang:%[3]s OR lang:%[4]s for either",
				language.EnglishName(allowed[0]), language.EnglishName(codes[0]), allowed[0], codes[0])
		}
		allowed = both
	}
	for _, code := range allowed {
		if !l.excludes(&atom{kind: lang, text: code}) {
			return ""
		}
	}
	if len(allowed) > 0 {
		return fmt.Sprintf("It wants lang:%s and leaves that out too, so no article can match; remove one of the two", allowed[0])
	}
	return ""
}

// Words are the words and phrases that the query wants, as they were typed,
// each once, without those that it leaves out and beginnings of words.
func (q *Query) Words() []string {
	var all []string
	q.root.words(&all)
	return all
}

func (l list) words(into *[]string) {
	for _, c := range l {
		if c.mode == not {
			continue
		}
		for i := range c.any {
			c.any[i].words(into)
		}
	}
}

func (a *atom) words(into *[]string) {
	switch a.kind {
	case word, phrase:
		if !slices.Contains(*into, a.text) {
			*into = append(*into, a.text)
		}
	case near:
		a.pair[0].words(into)
		a.pair[1].words(into)
	case group:
		a.list.words(into)
	}
}
