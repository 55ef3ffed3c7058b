package cluster

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tidings/digest/language"
)

// body returns a title without the name of the outlet that many append to it
// ("… | Daily X", "… - Wire One"): a last part of at most four capitalised
// words behind a separator.
func body(title []language.Word) []language.Word {
	for i := len(title) - 1; i >= max(4, len(title)-4); i-- {
		w := &title[i]
		if r, _ := utf8.DecodeRuneInString(w.Text); w.Number || !unicode.IsUpper(r) && !w.Stop && !strings.Contains(w.Text, ".") {
			return title
		}
		if before := &title[i-1]; w.Start-before.Start-len(before.Text) >= 3 {
			return title[:i]
		}
	}
	return title
}

// counted are words that a number tells apart, in the languages of most feeds.
const counted = " day week game round episode part chapter phase stage match heat group volume season issue lap test" +
	" tag woche runde folge teil etappe spieltag día dia semana jornada ronda etapa parte jour journée semaine étape partie" +
	" giorno giornata tappa puntata день неделя тур матч этап часть dzień tydzień dag gün hafta den dan päivä nap "

// labels tells whether the number names something, "Day 2" or "Apollo 11", and
// does not count something, "28 killed". A year does not.
func labels(before []language.Word, number *language.Word) bool {
	if len(before) == 0 || isYear(number) {
		return false
	}
	w := &before[len(before)-1]
	if gap := number.Start - w.Start - len(w.Text); gap > 2 || gap == 2 && len(w.Text) > 4 { // "Nov. 23"
		return false
	}
	return w.Name || strings.Contains(counted, " "+strings.ToLower(w.Text)+" ")
}

// contradicts tells whether titles show that the article is not of the story
// although they are alike: both label something with other numbers, the story
// is young and one name is all they share, both have several names and share
// none, or the article's title is that of the newest voices with other names
// put in.
func (g *Grouper) contradicts(d *document, s *story) bool {
	own, theirs, shared := false, false, false
	for _, t := range d.terms {
		if t.kind == label {
			i, ok := slices.BinarySearchFunc(s.terms, t, byID)
			own, shared = true, shared || ok && s.terms[i].title > 0
		}
	}
	for i := range s.terms {
		theirs = theirs || s.terms[i].kind == label && s.terms[i].title > 0
	}
	if own && theirs && !shared || otherMeasure(d, s) {
		return true
	}
	if s.voices <= fewVoices && oneName(d, s) || d.hasText && s.texts > 0 && otherNames(d, s) {
		return true
	}
	title, most, swapped := g.inTitle(), 0, false
	for _, m := range s.members[max(0, len(s.members)-newest):] {
		if m == d {
			continue
		}
		same, other := g.swap(title, m)
		if same > most {
			most, swapped = same, other
		}
	}
	return swapped
}

// otherNames tells whether both have several names and share none: the same
// thing happened elsewhere, or to others.
func otherNames(d *document, s *story) bool {
	own, theirs := 0, 0
	for _, t := range d.terms {
		if t.kind != name {
			continue
		}
		own++
		if _, ok := slices.BinarySearchFunc(s.terms, t, byID); ok {
			return false
		}
	}
	for i := range s.terms {
		if s.terms[i].kind == name {
			theirs++
		}
	}
	return own >= severalNames && theirs >= severalNames
}

// severalNames is how many names say where and who something is.
const severalNames = 3

// fewVoices is up to how many voices a story is too young for one name to stand for it.
const fewVoices = 2

// oneName tells whether articles without text share one name of their titles
// and no other word, though the title has at least three others.
func oneName(d *document, s *story) bool {
	words, shared, names := 0, 0, 0
	for _, t := range d.terms {
		if t.kind == pair || t.title == 0 {
			continue
		}
		words++
		if i, ok := slices.BinarySearchFunc(s.terms, t, byID); ok {
			shared++
			if t.kind == name && s.terms[i].title > 0 {
				names++
			}
		}
	}
	return !d.hasText && words >= 4 && shared == 1 && names == 1
}

// inTitle counts the words of the title of the article in the table by kind.
func (g *Grouper) inTitle() (n [kinds]int) {
	for i := range g.reader.terms {
		if t := &g.reader.terms[i]; t.title > 0 {
			n[t.kind]++
		}
	}
	return n
}

// swap counts the words that the title of the article in the table, which has so
// many by kind, shares with that of another, and tells whether they differ in names
// alone, each having some that the other has not.
func (g *Grouper) swap(own [kinds]int, m *document) (same int, swapped bool) {
	var theirs [kinds]int
	for i := range m.terms {
		t := &m.terms[i]
		if t.kind == pair {
			continue
		}
		a := g.reader.get(t.id)
		if a != nil && a.title > 0 {
			same++
			own[a.kind]--
		}
		switch {
		case t.title == 0:
		case a != nil:
			same++
		default:
			theirs[t.kind]++
		}
	}
	rest := 0
	for k := range kinds {
		// What is measured differs from report to report of one event.
		if k != name && k != measure && k != pair {
			rest += own[k] + theirs[k]
		}
	}
	return same / 2, same >= 4 && own[name] > 0 && theirs[name] > 0 && rest == 0
}

// isYear tells whether a number reads like a year of our time.
func isYear(w *language.Word) bool {
	return len(w.Text) == 4 && (strings.HasPrefix(w.Text, "19") || strings.HasPrefix(w.Text, "20"))
}

// decimal tells whether a number is measured: "6.1", "4,75".
func decimal(text string) bool {
	i := strings.IndexAny(text, ".,")
	return i > 0 && len(text)-i-1 > 0 && len(text)-i-1 < 3
}

// measured is how many seconds apart the same thing is measured anew.
const measured = 12 * 3600

// otherMeasure tells whether titles half a day apart have other decimals.
func otherMeasure(d *document, s *story) bool {
	if d.timeless || d.time-s.last < measured && s.first-d.time < measured {
		return false
	}
	own, theirs := false, false
	for _, t := range d.terms {
		if t.kind == measure && t.title > 0 {
			if i, ok := slices.BinarySearchFunc(s.terms, t, byID); ok && s.terms[i].title > 0 {
				return false
			}
			own = true
		}
	}
	for i := range s.terms {
		theirs = theirs || s.terms[i].kind == measure && s.terms[i].title > 0
	}
	return own && theirs
}
