package summary

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Difference is something that outlets count differently.
type Difference struct {
	What   string  // as the first claim has it: "dead"
	Claims []Claim // by number, one for each outlet
}

// Claim is the number that a source gives.
type Claim struct {
	Number string // as it stands there
	Source int
}

// Correction is a number that was sent and is now told otherwise.
type Correction struct {
	Was, Now string
	What     string // what is counted, as the new sentence has it
	Sentence Sentence
}

// mention is a counted thing in a sentence.
type mention struct {
	number  string // as it stands
	value   float64
	what    string
	noun    int32
	source  int
	inexact bool
	near    []int32 // stems that mean something, up to nearby words away
	content []int32 // those of the whole sentence
}

const (
	// nearby is how many words around a number say what it is about.
	nearby = 5
	// differRatio bounds how far two numbers for one thing are apart.
	differRatio = 3
	// differLikeness is the least cosine of two sentences that count one thing.
	differLikeness = 0.35
	// correctLikeness is the least cosine of a sentence and its correction.
	correctLikeness = 0.7
	// maxDifferences is how many differences are told of a story.
	maxDifferences = 3
)

// Differ finds what outlets of different owners count differently: the same
// thing, in sentences that are alike. It rather misses one than makes one up:
// numbers that are not exact, dates and times, and what an outlet counts in two
// ways are left out. Only the newest article of each outlet counts.
func (w *Writer) Differ(sources []Source) []Difference {
	clear(w.ids)
	clear(w.pairs)
	sources = sources[:min(len(sources), maxSources)]
	byNoun := map[int32][]mention{}
	for i := range sources {
		if !newest(sources, i) {
			continue
		}
		for _, m := range w.mentionsOf(sources[i], i) {
			byNoun[m.noun] = append(byNoun[m.noun], m)
		}
	}
	var differences []Difference
	for _, noun := range slices.Sorted(maps.Keys(byNoun)) {
		if claims := differing(byNoun[noun]); len(claims) > 1 {
			d := Difference{What: claims[0].what}
			for _, m := range claims {
				d.Claims = append(d.Claims, Claim{Number: m.number, Source: m.source})
			}
			differences = append(differences, d)
		}
	}
	slices.SortStableFunc(differences, func(a, b Difference) int { return cmp.Compare(len(b.Claims), len(a.Claims)) })
	return differences[:min(len(differences), maxDifferences)]
}

// newest says whether no later article of the same owner is among the sources.
func newest(sources []Source, i int) bool {
	for k, other := range sources {
		if k != i && other.owner() == sources[i].owner() &&
			(other.Published.After(sources[i].Published) || other.Published.Equal(sources[i].Published) && k < i) {
			return false
		}
	}
	return true
}

// owner is who stands behind a source.
func (s Source) owner() string { return cmp.Or(s.Owner, s.Outlet) }

// mentionsOf are the counted things of the title and the first sentences.
func (w *Writer) mentionsOf(s Source, source int) []mention {
	p := w.phrasesOf(s.Language)
	found := w.mentions(s.Language, clip(s.Title, maxTitle), source, p)
	parts := w.sentences(s.Language, s.Text)
	for _, part := range parts[:min(len(parts), firstSentences)] {
		found = append(found, w.mentions(s.Language, part.text, source, p)...)
	}
	return found
}

// firstSentences is how many sentences of an article tell its numbers.
const firstSentences = 8

// mentions are the counted things of a sentence.
func (w *Writer) mentions(code, text string, source int, p *phrases) []mention {
	tokens := w.read(code, text)
	var found []mention
	for i, t := range tokens {
		if !t.number || i+1 == len(tokens) || tokens[i+1].stop || tokens[i+1].number {
			continue
		}
		value, ok := counted(w.words[i].Text)
		what := w.words[i+1].Text
		after := w.words[i].Start + len(w.words[i].Text)
		if !ok || strings.Trim(text[after:w.words[i+1].Start], " \u00a0") != "" || startsWith(strings.ToLower(text[w.words[i+1].Start:]), p.units) {
			continue
		}
		found = append(found, mention{
			number: w.words[i].Text, value: value, what: what, noun: tokens[i+1].id, source: source,
			inexact: endsWith(strings.ToLower(strings.TrimSpace(text[:w.words[i].Start])), p.about),
			near:    content(numberless(tokens[max(i-nearby, 0):min(i+nearby+1, len(tokens))])),
			content: content(numberless(tokens)),
		})
	}
	return found
}

// counted is the value of a number that may count something: no year, no
// clock, no score.
func counted(text string) (float64, bool) {
	digits := strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9', r == '.' || r == ',':
			return r
		case r >= '٠' && r <= '٩':
			return r - '٠' + '0'
		case r >= '۰' && r <= '۹':
			return r - '۰' + '0'
		case r >= '०' && r <= '९':
			return r - '०' + '0'
		}
		return 'x'
	}, text)
	if parts := strings.FieldsFunc(digits, func(r rune) bool { return r == '.' || r == ',' }); len(parts) > 1 {
		digits = strings.Join(parts, "")
		if slices.ContainsFunc(parts[1:], func(part string) bool { return len(part) != 3 }) {
			return 0, false // a fraction is no count
		}
	} else if len(digits) == 4 && (digits[:2] == "19" || digits[:2] == "20") {
		return 0, false
	}
	value, err := strconv.ParseUint(digits, 10, 40)
	return float64(value), err == nil && value > 0
}

// endsWith says whether text ends with one of the phrases as whole words.
func endsWith(text string, phrases []string) bool {
	return slices.ContainsFunc(phrases, func(p string) bool {
		return strings.HasSuffix(text, p) && wordEnds(text, len(text)-len(p))
	})
}

func numberless(tokens []token) []token {
	return slices.DeleteFunc(slices.Clone(tokens), func(t token) bool { return t.number })
}

// differing are the mentions of one noun, one a source and sorted by value,
// when they count the same thing differently; else none.
func differing(mentions []mention) []mention {
	bySource := map[int][]mention{}
	for _, m := range mentions {
		bySource[m.source] = append(bySource[m.source], m)
	}
	var sure []mention
	for _, source := range slices.Sorted(maps.Keys(bySource)) {
		said := bySource[source]
		if !slices.ContainsFunc(said, func(m mention) bool { return m.value != said[0].value || m.inexact }) {
			sure = append(sure, said[0])
		}
	}
	var best []mention
	for _, pivot := range sure {
		alike := slices.DeleteFunc(slices.Clone(sure), func(m mention) bool { return !pivot.sameThing(m) })
		if len(alike) > len(best) && slices.ContainsFunc(alike, func(m mention) bool { return m.value != pivot.value }) {
			best = alike
		}
	}
	slices.SortStableFunc(best, func(a, b mention) int { return cmp.Compare(a.value, b.value) })
	return best
}

// sameThing says whether two mentions of a noun count one thing.
func (m mention) sameThing(n mention) bool {
	low, high := min(m.value, n.value), max(m.value, n.value)
	return high <= differRatio*low && common(m.near, n.near) >= 2 && cosine(m.content, n.content) >= differLikeness
}

// Corrections finds what was sent and is now told with another number: "12
// dead" that has become "15 dead" in a sentence that is otherwise nearly the
// same.
func (w *Writer) Corrections(sent []string, sources []Source) []Correction {
	if len(sources) == 0 || len(sent) == 0 {
		return nil
	}
	candidates := w.candidates(sources)
	code := sources[0].Language
	var before []mention
	for _, s := range sent {
		before = append(before, w.mentions(code, s, -1, w.phrasesOf(code))...)
	}
	var corrections []Correction
	for _, c := range candidates {
		if len(c.texts) > 1 || c.fault >= unended {
			continue
		}
		code := sources[c.source].Language
		for _, now := range w.mentions(code, c.texts[0], c.source, w.phrasesOf(code)) {
			was, ok := corrected(before, now)
			if ok && !slices.ContainsFunc(corrections, func(c Correction) bool { return c.Was == was.number && c.What == now.what }) {
				corrections = append(corrections, Correction{
					Was: was.number, Now: now.number, What: now.what, Sentence: Sentence{Text: c.texts[0], Source: c.source},
				})
			}
		}
	}
	return corrections
}

// corrected is the mention that another one corrects: one of the same noun in
// nearly the same sentence, while no sentence has the new number yet.
func corrected(before []mention, now mention) (mention, bool) {
	same := slices.DeleteFunc(slices.Clone(before), func(m mention) bool { return m.noun != now.noun })
	if slices.ContainsFunc(same, func(m mention) bool { return m.value == now.value }) {
		return mention{}, false
	}
	for _, m := range same {
		if common(m.content, now.content) >= 4 && cosine(m.content, now.content) >= correctLikeness {
			return m, true
		}
	}
	return mention{}, false
}
