package schedule

import (
	"strings"
	"unicode/utf8"
)

// quotes are the marks that people's keyboards write, opening and closing.
var quotes = map[rune]string{'"': `"`, '“': "”", '„': "“”", '«': "»"}

// Tail divides what was typed into what comes first, say a topic, and the
// longest tail that reads as a time: "peace talks weekdays 18:30". Quotes
// settle it: of `"the world at 9:00" daily` the head is what is quoted. A day's
// name without a time of day is not a tail ("super bowl sunday"). When there
// is none, ok is false and the head is all of the text, without its quotes.
func Tail(text string) (head string, s Schedule, ok bool) {
	text = strings.TrimSpace(text)
	if inner, rest, quoted := cutQuoted(text); quoted {
		if s, err := Parse(rest); err == nil {
			return inner, s, true
		} else if rest == "" {
			return inner, Schedule{}, false
		}
	}
	for at := afterQuotes(text); at < len(text); at = nextWord(text, at) {
		if s, ok := asTail(text[at:]); ok {
			return strings.TrimSpace(text[:at]), s, true
		}
	}
	return text, Schedule{}, false
}

// asTail parses a tail. Without a time of day or an interval it must end with
// a word that nobody ends a topic with.
func asTail(tail string) (Schedule, bool) {
	s, timed, err := parse(tail)
	if err != nil {
		return s, false
	}
	words := strings.Fields(strings.ToLower(tail))
	if len(words) == 1 && (words[0] == "noon" || words[0] == "midnight") {
		return s, false // "high noon"
	}
	switch words[len(words)-1] {
	case "daily", "day", "weekdays", "weekday", "weekends":
		return s, true
	}
	return s, timed
}

// cutQuoted cuts a quoted beginning from the text.
func cutQuoted(text string) (inner, rest string, ok bool) {
	first, size := utf8.DecodeRuneInString(text)
	closing := quotes[first]
	if closing == "" {
		return "", "", false
	}
	end := strings.IndexAny(text[size:], closing)
	if end < 0 {
		return "", "", false
	}
	inner, rest = text[size:size+end], text[size+end:]
	_, size = utf8.DecodeRuneInString(rest)
	return strings.TrimSpace(inner), strings.TrimSpace(rest[size:]), true
}

// afterQuotes is where the first word behind the last quote begins.
func afterQuotes(text string) int {
	last := strings.LastIndexAny(text, `"”“»`)
	if last < 0 {
		return 0
	}
	return nextWord(text, last)
}

// nextWord is where the word after the one at a place begins.
func nextWord(text string, at int) int {
	space := strings.IndexAny(text[at:], " \t\n")
	if space < 0 {
		return len(text)
	}
	at += space
	return at + len(text[at:]) - len(strings.TrimLeft(text[at:], " \t\n"))
}
