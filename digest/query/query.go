// Package query decides which articles belong to a topic. It owns the language
// in which topics are written, the weights of words, the standing-query index
// that tries an article only against topics it could match, and what a topic
// learns from the news and from votes.
//
// It reads no text (digest/language does) and stores nothing: what was learned
// is handed out as bytes.
//
// A query is a list of words. Plain words are soft: enough of their weight must
// be in an article. The rest is for those who want to be exact:
//
//	"peace talks"      these words in this order
//	+ukraine           must be there
//	-football          must not be there
//	truce OR ceasefire either; binds only the two beside it, as in web search
//	(a b)              a list in the place of a word
//	a NEAR/5 b         at most five words apart, in any order
//	title:geneva       in the title
//	outlet:"Wire One"  only from this outlet
//	lang:uk            only in this language
//	negotia*           words that begin so
//
// AND and NOT are understood as well: a AND b is +a +b, NOT a is -a.
package query

import (
	"slices"
	"strconv"
)

// Query is a parsed query. It never changes, so goroutines may share it.
type Query struct {
	root list
}

// list is what stands in one pair of parentheses.
type list []clause

// clause is one or more alternatives that a topic wants, demands or excludes.
type clause struct {
	mode mode
	any  []atom
}

type mode uint8

const (
	soft mode = iota
	must
	not
)

// atom is the smallest thing that an article has or has not.
type atom struct {
	kind   kind
	title  bool     // only in the title
	within uint8    // of near: how many words apart, at most
	text   string   // as it was typed
	pair   *[2]atom // of near: word, phrase or prefix
	list   list     // of group
}

type kind uint8

const (
	word kind = iota
	phrase
	prefix
	near
	group
	outlet
	lang
)

// filters says whether all alternatives narrow the topic, not describe it.
func (c clause) filters() bool {
	return !slices.ContainsFunc(c.any, func(a atom) bool { return a.kind != outlet && a.kind != lang })
}

// String prints the query so that it parses to the same query.
func (q *Query) String() string { return string(q.root.append(nil)) }

func (l list) append(dst []byte) []byte {
	for i, c := range l {
		if i > 0 {
			dst = append(dst, ' ')
		}
		switch {
		case c.mode == not:
			dst = append(dst, '-')
		case c.mode == must && !c.filters():
			dst = append(dst, '+')
		}
		enclosed := len(c.any) > 1 && (len(l) > 1 || c.mode != soft)
		if enclosed {
			dst = append(dst, '(')
		}
		for j := range c.any {
			if j > 0 {
				dst = append(dst, " OR "...)
			}
			dst = c.any[j].append(dst)
		}
		if enclosed {
			dst = append(dst, ')')
		}
	}
	return dst
}

func (a *atom) append(dst []byte) []byte {
	if a.title {
		dst = append(dst, "title:"...)
	}
	switch a.kind {
	case phrase:
		return quote(dst, a.text)
	case prefix:
		return append(append(dst, a.text...), '*')
	case near:
		dst = append(a.pair[0].append(dst), " NEAR/"...)
		dst = append(strconv.AppendUint(dst, uint64(a.within), 10), ' ')
		return a.pair[1].append(dst)
	case group:
		return append(a.list.append(append(dst, '(')), ')')
	case outlet:
		return quote(append(dst, "outlet:"...), a.text)
	case lang:
		return append(append(dst, "lang:"...), a.text...)
	}
	return append(dst, a.text...)
}

func quote(dst []byte, text string) []byte {
	return append(append(append(dst, '"'), text...), '"')
}
