package summary

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tidings/digest/language"
)

// candidate is a sentence that may stand in a summary.
type candidate struct {
	texts         []string // its sentences, more than one for a quotation that goes on
	source, place int      // the article, and the place of the first among its sentences
	length        int      // words
	fault         fault
	quoted        bool // a quotation is open where it starts
	tokens        []token
	content       []int32 // the stems that mean something, sorted, each once
	concepts      []int32 // what it can be said to say: stems and pairs of them
}

// token is a word of a candidate.
type token struct {
	id           int32 // of its stem
	stop         bool
	name, number bool
	quoted       bool // stands in a quotation
}

const (
	// maxSources and maxText bound what is read of a story: articles, and
	// bytes of each.
	maxSources = 60
	maxText    = 1 << 14
	maxTitle   = 1 << 10
	// maxPlaces is how many whole sentences of an article are looked at.
	maxPlaces = 40
)

// candidates are the first sentences of each source, and the quotations that
// take several.
func (w *Writer) candidates(sources []Source) []candidate {
	clear(w.ids)
	clear(w.pairs)
	sources = sources[:min(len(sources), maxSources)]
	titles := make([][]int32, len(sources))
	for i, s := range sources {
		titles[i] = content(w.read(s.Language, clip(s.Title, maxTitle)))
	}
	var all []candidate
	for i, s := range sources {
		p := w.phrasesOf(s.Language)
		parts := w.sentences(s.Language, s.Text)
		first := len(all)
		for place, part := range parts[:min(len(parts), maxPlaces)] {
			c := candidate{texts: []string{part.text}, source: i, place: place, length: length(part.text), quoted: part.quoted}
			c.tokens = w.read(s.Language, part.text)
			c.concepts = w.concepts(c.tokens)
			c.content = content(c.tokens)
			c.fault = faults(part, c.length, p)
			if repeats(c.content, titles) {
				c.fault |= repeated
			}
			all = append(all, c)
		}
		all = append(all, quotations(all[first:], p)...)
	}
	return all
}

// quotations are the sentences that read well only with those before them: a
// quotation of several sentences, one that goes on after its speaker was
// named, or one whose speaker is a pronoun for who was named just before.
func quotations(article []candidate, p *phrases) []candidate {
	var joined []candidate
	for i, head := range article {
		if head.fault&^speakerless != 0 || head.fault != 0 && !insideQuotes(head.texts[0], false) {
			continue
		}
		whole := head.fault == 0
		for _, next := range article[i+1 : min(len(article), i+maxQuotation)] {
			if next.fault&^speakerless != 0 || !goesOn(head, next, p) {
				break
			}
			head = join(head, next)
			open := insideQuotes(head.texts[len(head.texts)-1], !whole)
			if !open && !whole && !hasSpeaker(strings.Join(head.texts, " "), p) || head.length > 2*longest {
				break
			}
			if whole = !open; whole {
				joined = append(joined, head)
			}
		}
	}
	return joined
}

// maxQuotation is how many sentences of one speaker stand together.
const maxQuotation = 3

// goesOn says whether next is said by who speaks in, or is named by, head.
func goesOn(head, next candidate, p *phrases) bool {
	last := head.texts[len(head.texts)-1]
	if next.quoted {
		return true // of the quotation that is open
	}
	if next.fault != speakerless || !startsQuote(next.texts[0]) || !slices.ContainsFunc(head.tokens, func(t token) bool { return t.name }) {
		return false
	}
	said, _ := outside(next.texts[0])
	alone := length(next.texts[0])-length(said) == 0
	return !alone || strings.ContainsFunc(last, quotes) || contains(strings.ToLower(last), p.says)
}

func join(head, next candidate) candidate {
	return candidate{
		texts: slices.Concat(head.texts, next.texts), source: head.source, place: head.place,
		length: head.length + next.length, tokens: slices.Concat(head.tokens, next.tokens),
		content: union(head.content, next.content), concepts: slices.Concat(head.concepts, next.concepts),
	}
}

// overlaps says whether two candidates have a sentence in common.
func (c candidate) overlaps(d candidate) bool {
	return c.source == d.source && c.place < d.place+len(d.texts) && d.place < c.place+len(c.texts)
}

// part is a sentence as it stands in a text, without dateline.
type part struct {
	text   string
	quoted bool // a quotation of the sentences before goes on in it
	first  bool
	thai   bool // ends without a mark
}

// sentences are those of the beginning of a text.
func (w *Writer) sentences(code, text string) []part {
	begin := clip(text, maxText)
	found := w.analyzer.Sentences(code, begin)
	if len(begin) < len(text) && len(found) > 1 {
		found = found[:len(found)-1]
	}
	var parts []part
	known := w.phrasesOf(code)
	inside, at := false, 0
	for i, s := range wholeQuotes(begin, found, known) {
		skip := strings.Index(begin[at:], s)
		if strings.Contains(begin[at:at+skip], "\n") {
			inside = false
		}
		at += skip + len(s)
		p := part{text: s, quoted: inside, first: i == 0, thai: strings.HasPrefix(code, "th") || strings.HasPrefix(code, "lo")}
		inside = insideQuotes(s, inside)
		if i < 3 {
			p.text = withoutDateline(p.text)
		}
		p.text = withoutLink(strings.TrimLeft(p.text, "•·*-–—■●▪▶>‣ \t\u00a0\u3000"), known)
		if p.thai && length(p.text) > longest {
			parts = append(parts, clauses(p, known)...)
		} else if p.text != "" {
			parts = append(parts, p)
		}
	}
	return parts
}

// wholeQuotes joins sentences of one paragraph that are one, as long as that is
// not too long: those of one quotation, whose speaker often comes after the
// last, and a quotation that ends with a mark of its own and who said it.
func wholeQuotes(text string, found []string, p *phrases) []string {
	var joined []string
	at := 0 // end of the last
	for _, s := range found {
		start := at + strings.Index(text[at:], s)
		gap := text[at:start]
		at = start + len(s)
		if n := len(joined); n > 0 && !strings.Contains(gap, "\n") && (insideQuotes(joined[n-1], false) || saysSo(joined[n-1], s, p)) {
			if both := text[start-len(gap)-len(joined[n-1]) : at]; length(both) <= longest {
				joined[n-1] = both
				continue
			}
		}
		joined = append(joined, s)
	}
	return joined
}

// saysSo says whether next only names who said the quotation before it.
func saysSo(quotation, next string, p *phrases) bool {
	last, size := utf8.DecodeLastRuneInString(quotation)
	if !quotes(last) || !strings.ContainsAny(quotation[max(len(quotation)-size-3, 0):], "!?…！？") {
		return false
	}
	return !startsQuote(next) && length(next) <= 12 && contains(strings.ToLower(next), p.says)
}

// withoutLink cuts off a connective before a word that may begin a sentence as
// it stands: "But Smith said".
func withoutLink(text string, known *phrases) string {
	lower := strings.ToLower(clip(text, 60))
	for _, link := range known.links {
		if !strings.HasPrefix(lower, link) || !wordEnds(lower, len(link)) || len(text) <= len(link) {
			continue
		}
		rest := strings.TrimLeft(text[len(link):], " \u00a0")
		comma := strings.TrimLeft(rest, ",،，、 \u00a0")
		first, _ := utf8.DecodeRuneInString(comma)
		if unicode.IsUpper(first) || !unicode.IsLower(first) && unicode.IsLetter(first) && len(comma) < len(rest) {
			return comma
		}
	}
	return text
}

// clauses cuts a paragraph of a language without full stops before each word
// that goes on from a whole clause ("but", "in addition").
func clauses(p part, known *phrases) []part {
	var parts []part
	start := 0
	for i := range len(p.text) {
		if p.text[i] == ' ' && (startsWith(p.text[i+1:], known.opens) || startsWith(p.text[i+1:], known.links)) {
			parts = append(parts, part{text: strings.TrimSpace(p.text[start:i]), first: start == 0, quoted: p.quoted, thai: true})
			start = i + 1
		}
	}
	return append(parts, part{text: strings.TrimSpace(p.text[start:]), quoted: p.quoted, thai: true})
}

// clip returns at most the first n bytes of text, whole characters.
func clip(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}

// read are the words of a sentence.
func (w *Writer) read(code, text string) []token {
	w.words = w.analyzer.AppendWords(w.words[:0], code, text)
	tokens := make([]token, len(w.words))
	inside, at := false, 0
	for i, word := range w.words {
		if word.Start > at { // pieces of a word overlap
			inside = insideQuotes(text[at:word.Start], inside)
			at = word.Start
		}
		tokens[i] = token{id: w.id(word), stop: word.Stop, name: word.Name, number: word.Number, quoted: inside}
	}
	return tokens
}

func (w *Writer) id(word language.Word) int32 {
	id, ok := w.ids[word.Stem]
	if !ok {
		id = int32(len(w.ids))
		w.ids[word.Stem] = id
	}
	return id
}

// concepts are the stems of a sentence and the pairs of neighbours.
func (w *Writer) concepts(tokens []token) []int32 {
	ids := make([]int32, 0, 2*len(tokens))
	for i, t := range tokens {
		ids = append(ids, t.id)
		if i == 0 {
			continue
		}
		pair := [2]int32{tokens[i-1].id, t.id}
		id, ok := w.pairs[pair]
		if !ok {
			id = -1 - int32(len(w.pairs))
			w.pairs[pair] = id
		}
		ids = append(ids, id)
	}
	return ids
}

// content is the set of stems that mean something, sorted.
func content(tokens []token) []int32 {
	set := make([]int32, 0, len(tokens))
	for _, t := range tokens {
		if !t.stop {
			set = append(set, t.id)
		}
	}
	slices.Sort(set)
	return slices.Compact(set)
}

func union(a, b []int32) []int32 {
	set := slices.Concat(a, b)
	slices.Sort(set)
	return slices.Compact(set)
}

// common counts what two sorted sets share.
func common(a, b []int32) int {
	n := 0
	for i, k := 0, 0; i < len(a) && k < len(b); {
		switch {
		case a[i] < b[k]:
			i++
		case a[i] > b[k]:
			k++
		default:
			n, i, k = n+1, i+1, k+1
		}
	}
	return n
}

// cosine compares two sorted sets.
func cosine(a, b []int32) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	return float64(common(a, b)) / math.Sqrt(float64(len(a)*len(b)))
}

// repeats says whether a sentence says hardly more than one of the titles.
func repeats(sentence []int32, titles [][]int32) bool {
	return slices.ContainsFunc(titles, func(title []int32) bool {
		return len(title) >= 2 && 10*common(sentence, title) >= 8*len(sentence)
	})
}
