package query

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// What a query may hold, so that nobody's topic slows the others down.
const (
	MaxLength = 4000 // characters
	maxTerms  = 200
	maxDepth  = 20
	maxNear   = 100
)

// SyntaxError says what is wrong with a query and how to mend it.
type SyntaxError struct {
	At   int    // the character it is about, counted from 0
	Text string // a sentence without a full stop
}

// Error names the character as people count, from 1.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("character %d: %s", e.At+1, e.Text)
}

// Parse reads a query. Errors are of type *SyntaxError. A query that parses
// asks for something: none matches everything.
func Parse(s string) (*Query, error) {
	if n := utf8.RuneCountInString(s); n > MaxLength {
		return nil, &SyntaxError{MaxLength, fmt.Sprintf("a query has at most %d characters, this one has %d; make two topics of it", MaxLength, n)}
	}
	p := parser{tokens: tokens{text: plainRunes(s)}}
	l, err := p.list(0, false)
	if err != nil {
		return nil, err
	}
	if p.peek() == ')' {
		return nil, p.errorf(p.at, "this ) closes nothing; remove it, or put a ( where the list begins")
	}
	switch {
	case len(l) == 0 && p.terms == 0:
		return nil, p.errorf(0, "there is no word in it; write what the news should be about, for example ukraine peace talks")
	case !l.positive() && l.has(must):
		return nil, p.errorf(0, "it says only in which language; add a word that the news should have")
	case !l.positive():
		return nil, p.errorf(0, "it says only what to leave out; add a word that the news should have")
	}
	q := &Query{root: l.flat()}
	if utf8.RuneCountInString(q.String()) > MaxLength {
		return nil, p.errorf(MaxLength, "written out in full it has more than %d characters; make two topics of it", MaxLength)
	}
	return q, nil
}

// flat takes off parentheses around the whole query.
func (l list) flat() list {
	for len(l) == 1 && l[0].mode == soft && len(l[0].any) == 1 && l[0].any[0].kind == group {
		l = l[0].any[0].list
	}
	return l
}

// positive says whether an article must have something to match the list.
func (l list) positive() bool {
	for _, c := range l {
		if c.mode != not && c.any[0].kind != lang {
			return true
		}
	}
	return false
}

type parser struct {
	tokens
	terms int
}

// list parses up to the closing parenthesis or the end.
func (p *parser) list(depth int, title bool) (list, error) {
	if depth > maxDepth {
		return nil, p.errorf(p.at, "parentheses stand in each other at most %d deep; take some off", maxDepth)
	}
	var l list
	for joined := false; ; {
		c, ok, err := p.clause(depth, title)
		if err != nil {
			return nil, err
		}
		if ok {
			if joined && c.mode == soft {
				c.mode = must
			}
			l = append(l, c)
		}
		start := p.skip()
		switch {
		case p.take("AND"):
			if !ok {
				return nil, p.errorf(start, "AND joins two words; write a AND b")
			}
			if last := &l[len(l)-1]; last.mode == soft {
				last.mode = must
			}
			joined = true
			continue
		case p.at == len(p.text) || p.peek() == ')':
			if joined && !ok {
				return nil, p.errorf(start, "a word is missing after AND")
			}
			return l, nil
		}
		joined = joined && !ok
	}
}

// clause parses a sign and alternatives. Not ok: there is none, or nothing
// but punctuation.
func (p *parser) clause(depth int, title bool) (c clause, ok bool, err error) {
	start := p.skip()
	switch {
	case p.take("OR"):
		return c, false, p.errorf(start, "OR stands between two words; write a OR b")
	case p.nearToken():
		return c, false, p.errorf(start, "NEAR stands between two words; write a NEAR/5 b")
	case p.take("NOT"):
		c.mode = not
		p.skip()
	default:
		c.mode = p.sign()
	}
	if r := p.peek(); c.mode != soft && (r == '+' || r == '-') {
		return c, false, p.errorf(p.at, "one sign before a word is enough")
	}
	first := p.at
	found, err := p.atom(depth, title)
	if err != nil {
		return c, false, err
	}
	if len(found) == 0 {
		if c.mode != soft {
			return c, false, p.errorf(first, "a word is missing after the sign")
		}
		return c, false, nil
	}
	c.any = found
	for {
		at := p.skip()
		if !p.take("OR") {
			break
		}
		if c.mode != soft && start < first {
			return c, false, p.errorf(start, "a sign and OR do not go together without parentheses; write +(a OR b), or -a -b")
		}
		if found, err = p.alternative(depth, title, at); err != nil {
			return c, false, err
		}
		c.any = append(c.any, found...)
	}
	if c.mode == soft && c.filters() {
		c.mode = must
	}
	return c, true, c.check(p, first)
}

// alternative parses what stands after OR.
func (p *parser) alternative(depth int, title bool, or int) ([]atom, error) {
	at := p.skip()
	if p.sign() != soft || p.take("NOT") {
		return nil, p.errorf(at, "a sign has no place after OR; write +(a OR b), or -a -b")
	}
	found, err := p.atom(depth, title)
	if err == nil && len(found) == 0 {
		err = p.errorf(or, "a word is missing after OR")
	}
	return found, err
}

// check refuses alternatives that nothing need be in an article for.
func (c clause) check(p *parser, at int) error {
	languages := 0
	for i := range c.any {
		if c.any[i].kind == lang {
			languages++
		}
	}
	if languages > 0 && languages < len(c.any) {
		return p.errorf(at, "lang: narrows a topic and is no alternative to words; put it beside them without OR")
	}
	return nil
}

// atom parses a word, or two joined by NEAR, or what a group comes down to.
func (p *parser) atom(depth int, title bool) ([]atom, error) {
	start := p.at
	found, err := p.single(depth, title)
	if err != nil || len(found) == 0 {
		return found, err
	}
	p.skip()
	at := p.at
	if !p.nearToken() {
		return found, nil
	}
	n, err := strconv.Atoi(strings.TrimPrefix(string(p.text[at:p.at]), "NEAR/"))
	if err != nil || n < 1 || n > maxNear {
		return nil, p.errorf(at, "NEAR wants a number of words from 1 to %d; write a NEAR/5 b", maxNear)
	}
	p.skip()
	after := p.at
	right, err := p.single(depth, title)
	switch {
	case err != nil:
		return nil, err
	case len(right) == 0:
		return nil, p.errorf(at, "a word is missing after NEAR")
	case len(found) > 1 || found[0].kind > prefix:
		return nil, p.errorf(start, "NEAR joins two words or phrases; write a NEAR/5 b")
	case len(right) > 1 || right[0].kind > prefix:
		return nil, p.errorf(after, "NEAR joins two words or phrases; write a NEAR/5 b")
	case found[0].title != right[0].title:
		return nil, p.errorf(after, "write title: before both words, or before neither")
	}
	p.skip()
	if chain := p.at; p.nearToken() {
		return nil, p.errorf(chain, "NEAR joins only two words; write +(a NEAR/5 b) +(b NEAR/5 c)")
	}
	return []atom{{kind: near, within: uint8(n), pair: &[2]atom{found[0], right[0]}}}, nil
}

// group parses a list in parentheses. A list of one clause is its
// alternatives.
func (p *parser) group(depth int, title bool) ([]atom, error) {
	open := p.at
	p.at++
	l, err := p.list(depth+1, title)
	if err != nil {
		return nil, err
	}
	if p.peek() != ')' {
		return nil, p.errorf(open, "this ( is never closed; put a ) where the list ends")
	}
	p.at++
	l = l.flat()
	switch {
	case len(l) == 0:
		return nil, p.errorf(open, "there is no word in these parentheses; remove them")
	case len(l) == 1 && l[0].mode != not:
		return l[0].any, nil
	case !l.positive():
		return nil, p.errorf(open, "these parentheses say only what to leave out; put that outside of them")
	}
	return []atom{{kind: group, list: l}}, nil
}

func (p *parser) errorf(at int, format string, args ...any) error {
	return &SyntaxError{At: at, Text: fmt.Sprintf(format, args...)}
}
