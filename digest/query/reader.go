package query

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tidings/digest/language"
)

// reader tries queries on one article after another. It holds no lock: who
// uses it keeps the frequencies from changing.
type reader struct {
	f        *Frequencies
	analyzer *language.Analyzer
	words    []language.Word // of the atom that is being read

	article  *Article
	seed     uint64
	articles float64
	places   hashSet // where the words of the article stand
	distinct hashSet // the words of an article, see hashes
	terms    []Term  // what counted of a plain query
}

// Where a word stands, as bits.
const (
	inText  = 1
	inTitle = 2
)

// textValue is what a word in the text counts, when it would count 1 in the
// title.
const textValue = 0.9

// anyWeight is what something without a frequency of its own weighs: a prefix,
// an outlet, a phrase of function words. Words of 1% of the articles weigh so.
const anyWeight = 4.6

// open begins a new article.
func (r *reader) open(a *Article) {
	r.article = a
	r.language(a.Language)
	r.places.reset()
	for i := range a.Title {
		if w := &a.Title[i]; !w.Stop {
			r.places.put(hashOf(r.seed, w.Stem)).note |= inTitle
		}
	}
	for i := range a.Text {
		if w := &a.Text[i]; !w.Stop {
			r.places.put(hashOf(r.seed, w.Stem)).note |= inText
		}
	}
}

func (r *reader) language(code string) {
	r.seed = seedOf(code)
	r.articles = r.f.articles[code]
}

// read returns the words of something typed, until the next call.
func (r *reader) read(code, text string) []language.Word {
	r.words = r.analyzer.AppendWords(r.words[:0], code, text)
	return r.words
}

// list decides about a list: how much of its soft words is there, and whether
// what it demands is there and what it excludes is not. With terms it also
// says what counted.
func (r *reader) list(l list, needed float64, terms *[]Term) (score float64, ok bool) {
	var sum, total float64
	wants, demands := false, false
	for i := range l {
		c := &l[i]
		f := r.clause(c, needed)
		switch {
		case c.mode == not:
			if f.value > 0 {
				return 0, false
			}
			continue
		case c.mode == must && f.value == 0:
			return 0, false
		case c.mode == must:
			demands = demands || !c.filters() || c.any[0].kind == outlet
			f.weight = 0
		case c.mode == soft:
			wants = true
		}
		sum += f.weight * f.value
		total += f.weight
		if terms != nil && f.value > 0 && !(c.mode == must && c.filters()) {
			*terms = append(*terms, Term{Text: c.any[f.which].name(), Weight: f.weight * f.value, Where: f.where()})
		}
	}
	switch {
	case total > 0:
		score = sum / total
	case !wants || demands:
		score = 1
	case r.wholly(l):
		score = 1
	}
	if terms != nil && total > 0 {
		for i := range *terms {
			(*terms)[i].Weight /= total
		}
	}
	return score, true
}

// wholly says whether a list of nothing but function words ("the who") stands
// in the article as it was typed.
func (r *reader) wholly(l list) bool {
	var texts []string
	for _, c := range l {
		if c.mode == soft {
			texts = append(texts, c.any[0].text)
		}
	}
	in, _ := r.sequence(r.read(r.article.Language, strings.Join(texts, " ")), false)
	return in
}

// finding is what an article has of a clause.
type finding struct {
	value  float64 // 0 to 1
	weight float64
	which  int // the alternative
	title  bool
}

func (f finding) where() string {
	if f.title {
		return "title"
	}
	return "text"
}

// clause returns the best of the alternatives. A plain soft word that the
// language writes as several ("covid-19", Chinese) may be there in part.
func (r *reader) clause(c *clause, needed float64) finding {
	if c.mode == soft && len(c.any) == 1 && c.any[0].kind == word {
		return r.plain(&c.any[0])
	}
	var best finding
	for i := range c.any {
		a := &c.any[i]
		value, title := r.value(a, needed)
		weight := r.weight(a, r.article.Language)
		switch { // what is found weighs what it is, not what stands beside it
		case value > best.value:
			best = finding{value: value, weight: weight, which: i, title: title}
		case best.value == 0 || value == best.value:
			best.weight = max(best.weight, weight)
		}
	}
	return best
}

// plain looks up a soft word.
func (r *reader) plain(a *atom) (f finding) {
	words := r.read(r.article.Language, a.text)
	letters, found := false, false // a number means nothing without the word that it stands in
	for i := range words {
		if words[i].Stop {
			continue
		}
		letters = letters || !words[i].Number
		h := hashOf(r.seed, words[i].Stem)
		weight := r.f.idf(h, r.articles)
		f.weight += weight
		before := f.value
		switch places := r.places.note(h); {
		case places&inTitle != 0:
			f.value += weight
			f.title = true
		case places&inText != 0 && !a.title:
			f.value += weight * textValue
		}
		found = found || !words[i].Number && f.value > before
	}
	if letters && !found {
		return finding{weight: f.weight}
	}
	if f.weight > 0 {
		f.value /= f.weight
	}
	return f
}

// value says how much of an atom is in the article, and whether in the title.
func (r *reader) value(a *atom, needed float64) (value float64, title bool) {
	in := false
	switch a.kind {
	case word:
		words := r.read(r.article.Language, a.text)
		if len(words) == 1 && !words[0].Stop {
			places := r.places.note(hashOf(r.seed, words[0].Stem))
			title = places&inTitle != 0
			in = title || places != 0 && !a.title
		} else {
			in, title = r.sequence(words, a.title)
		}
	case phrase:
		in, title = r.sequence(r.read(r.article.Language, a.text), a.title)
	case prefix:
		in, title = r.prefix(a.text, a.title)
	case near:
		in, title = r.near(a)
	case group:
		if score, ok := r.list(a.list, needed, nil); ok && score >= needed {
			return score, false
		}
	case outlet:
		in = outletHas(r.article.Outlet, a.text)
	case lang:
		in = r.article.Language == a.text
	}
	switch {
	case title:
		return 1, true
	case in && (a.kind == outlet || a.kind == lang):
		return 1, false
	case in:
		return textValue, false
	}
	return 0, false
}

// weight returns what an atom weighs in the current language, whether
// it is there or not.
func (r *reader) weight(a *atom, code string) float64 {
	switch a.kind {
	case word, phrase:
		sum := 0.0
		for _, w := range r.read(code, a.text) {
			if !w.Stop {
				sum += r.f.idf(hashOf(r.seed, w.Stem), r.articles)
			}
		}
		if sum == 0 {
			return anyWeight
		}
		return sum
	case near:
		return r.weight(&a.pair[0], code) + r.weight(&a.pair[1], code)
	case group:
		heaviest := 0.0
		for i := range a.list {
			for j := range a.list[i].any {
				heaviest = max(heaviest, r.weight(&a.list[i].any[j], code))
			}
		}
		return heaviest
	}
	return anyWeight
}

// sequence says whether words stand in the article one after the other.
func (r *reader) sequence(want []language.Word, onlyTitle bool) (in, title bool) {
	if len(want) == 0 {
		return false, false
	}
	at := func(words []language.Word) bool {
		for i := 0; i+len(want) <= len(words); i++ {
			if begins(words[i:], want) {
				return true
			}
		}
		return false
	}
	if at(r.article.Title) {
		return true, true
	}
	return !onlyTitle && at(r.article.Text), false
}

// begins says whether words begin with those wanted.
func begins(words, want []language.Word) bool {
	for i := range want {
		if words[i].Stem != want[i].Stem && !strings.EqualFold(words[i].Stem, want[i].Stem) {
			return false
		}
	}
	return true
}

func (r *reader) prefix(text string, onlyTitle bool) (in, title bool) {
	has := func(w language.Word) bool { return hasPrefix(w.Text, text) }
	if slices.ContainsFunc(r.article.Title, has) {
		return true, true
	}
	return !onlyTitle && slices.ContainsFunc(r.article.Text, has), false
}

// hasPrefix is strings.HasPrefix without regard to case.
func hasPrefix(s, prefix string) bool {
	for _, p := range prefix {
		r, size := utf8.DecodeRuneInString(s)
		if size == 0 || r != p && unicode.ToLower(r) != unicode.ToLower(p) {
			return false
		}
		s = s[size:]
	}
	return true
}

// near says whether two atoms stand within some words of each other.
func (r *reader) near(a *atom) (in, title bool) {
	if r.nearIn(r.article.Title, a) {
		return true, true
	}
	return !a.pair[0].title && r.nearIn(r.article.Text, a), false
}

func (r *reader) nearIn(words []language.Word, a *atom) bool {
	left := slices.Clone(r.read(r.article.Language, a.pair[0].text))
	right := r.read(r.article.Language, a.pair[1].text)
	last := math.MinInt32 / 2 // where the left last ended
	behind := math.MinInt32 / 2
	for i := range words {
		if n := startsWith(words[i:], left, &a.pair[0]); n > 0 {
			if i-behind <= int(a.within) {
				return true
			}
			last = i + n - 1
		}
		if n := startsWith(words[i:], right, &a.pair[1]); n > 0 {
			if i-last <= int(a.within) && i > last {
				return true
			}
			behind = i + n - 1
		}
	}
	return false
}

// startsWith returns how many of the words are the atom's.
func startsWith(words, want []language.Word, a *atom) int {
	switch {
	case a.kind == prefix:
		if hasPrefix(words[0].Text, a.text) {
			return 1
		}
	case len(want) > 0 && len(want) <= len(words) && begins(words, want):
		return len(want)
	}
	return 0
}

// outletHas says whether the words of name stand in an outlet's name.
func outletHas(outlet, name string) bool {
	return strings.Contains(spaced(outlet), spaced(name))
}

// spaced returns a name in lower case with one space around each word.
func spaced(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !wordRune(r) })
	return " " + strings.Join(words, " ") + " "
}

// name is what people are told of an atom.
func (a *atom) name() string {
	if a.kind == word {
		return a.text
	}
	plain := *a
	plain.title = false
	return string(plain.append(nil))
}
