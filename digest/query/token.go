package query

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tidings/digest/language"
)

// plainRunes returns the characters of a query: those that keyboards and
// telephones put in the place of quotes and signs are the plain ones, and what
// cannot be seen is a space. The number of characters stays.
func plainRunes(s string) []rune {
	text := []rune(s)
	for i, r := range text {
		switch {
		case strings.ContainsRune("“”„‟«»「」『』〝〞", r):
			text[i] = '"'
		case r == '‘' || r == '’':
			text[i] = '\''
		case r == '\u2212' || r == '–' || r == '‑':
			text[i] = '-'
		case 0xFF01 <= r && r <= 0xFF5E:
			text[i] = r - 0xFF01 + '!'
			if text[i] == '"' || !wordRune(text[i]) {
				continue
			}
			text[i] = r // the letters are folded with those of articles
		case r == utf8.RuneError, unicode.IsControl(r):
			text[i] = ' '
		}
	}
	return text
}

// tokens walks through a query.
type tokens struct {
	text []rune
	at   int
}

// peek returns the character that is next, or 0 at the end.
func (t *tokens) peek() rune {
	if t.at == len(t.text) {
		return 0
	}
	return t.text[t.at]
}

// skip goes to what is no space and returns where.
func (t *tokens) skip() int {
	for t.at < len(t.text) && unicode.IsSpace(t.text[t.at]) {
		t.at++
	}
	return t.at
}

// run returns the end of the characters up to a space, quote or parenthesis.
func (t *tokens) run() int {
	end := t.at
	for end < len(t.text) && !unicode.IsSpace(t.text[end]) && !strings.ContainsRune(`"()`, t.text[end]) {
		end++
	}
	return end
}

// take passes an operator.
func (t *tokens) take(operator string) bool {
	end := t.run()
	if string(t.text[t.at:end]) != operator {
		return false
	}
	t.at = end
	return true
}

// nearToken passes NEAR with whatever number is on it.
func (t *tokens) nearToken() bool {
	end := t.run()
	if s := string(t.text[t.at:end]); s != "NEAR" && !strings.HasPrefix(s, "NEAR/") {
		return false
	}
	t.at = end
	return true
}

// sign passes a sign that stands before something.
func (t *tokens) sign() mode {
	r := t.peek()
	if r != '+' && r != '-' || t.at+1 == len(t.text) {
		return soft
	}
	next := t.text[t.at+1]
	switch {
	case next != '"' && next != '(' && next != '+' && next != '-' && !wordRune(next):
		return soft
	case (next == '+' || next == '-') && !t.signed():
		return soft
	}
	t.at++
	if r == '+' {
		return must
	}
	return not
}

// signed says whether a word comes after the signs.
func (t *tokens) signed() bool {
	i := t.at
	for i < len(t.text) && (t.text[i] == '+' || t.text[i] == '-') {
		i++
	}
	return i < len(t.text) && (t.text[i] == '"' || t.text[i] == '(' || wordRune(t.text[i]))
}

// wordRune says whether a character makes a word.
func wordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)
}

// single parses a word, phrase, field or group. It returns none for what is
// only punctuation, and passes that.
func (p *parser) single(depth int, title bool) ([]atom, error) {
	switch p.peek() {
	case 0, ')':
		return nil, nil
	case '(':
		return p.group(depth, title)
	case '"':
		return p.phrase(title)
	}
	for end := p.run(); p.at < end && !wordRune(p.text[p.at]) && p.text[p.at] != '*'; {
		p.at++
	}
	start, end := p.at, p.run()
	if start == end {
		return nil, nil
	}
	if colon := slices.Index(p.text[start:end], ':'); colon > 0 {
		if name := strings.ToLower(string(p.text[start : start+colon])); fields[name] != "" {
			p.at = start + colon + 1
			return p.field(name, start, depth, title)
		}
	}
	p.at = end
	return p.word(start, end, title)
}

// fields has the names of fields, and what people call them elsewhere.
var fields = map[string]string{
	"title": "title", "outlet": "outlet", "lang": "lang",
	"intitle": "title", "headline": "title", "site": "outlet", "source": "outlet", "domain": "outlet", "language": "lang",
}

func (p *parser) field(name string, start, depth int, title bool) ([]atom, error) {
	if proper := fields[name]; proper != name {
		return nil, p.errorf(start, "there is no %s: here; write %s:", name, proper)
	}
	if r := p.peek(); r == 0 || r == ')' || unicode.IsSpace(r) {
		return nil, p.errorf(start, "%s: wants its word right behind the colon, without a space", name)
	}
	if title {
		return nil, p.errorf(start, "%s: has no place inside title:( ); put it before or after", name)
	}
	at := p.at
	if name == "title" {
		if r := p.peek(); r == '+' || r == '-' {
			return nil, p.errorf(at, "the sign stands before title:, as in %ctitle:geneva", r)
		}
		found, err := p.single(depth, true)
		if err == nil && len(found) == 0 {
			err = p.errorf(start, "title: wants a word, as in title:geneva")
		}
		return found, err
	}
	found, err := p.value()
	switch {
	case err != nil:
		return nil, err
	case found == "":
		return nil, p.errorf(start, `%s: wants a name, as in outlet:"Wire One" or lang:uk`, name)
	case name == "outlet":
		return p.term(atom{kind: outlet, text: found}, at)
	}
	code, _, _ := strings.Cut(strings.ToLower(found), "-")
	if !slices.Contains(language.Supported(), code) {
		return nil, p.errorf(at, "%q is no language code; write two letters, as in lang:en or lang:uk", found)
	}
	return p.term(atom{kind: lang, text: code}, at)
}

// value parses a name: a word or a phrase.
func (p *parser) value() (string, error) {
	if p.peek() == '"' {
		found, err := p.phrase(false)
		if err != nil {
			return "", err
		}
		return found[0].text, nil
	}
	start := p.at
	p.at = p.run()
	return strings.TrimFunc(string(p.text[start:p.at]), func(r rune) bool { return !wordRune(r) }), nil
}

func (p *parser) phrase(title bool) ([]atom, error) {
	open := p.at
	length := slices.Index(p.text[open+1:], '"')
	if length < 0 {
		return nil, p.errorf(open, "this quotation mark is never closed; put another where the phrase ends")
	}
	p.at = open + length + 2
	inside := p.text[open+1 : p.at-1]
	if !slices.ContainsFunc(inside, wordRune) {
		return nil, p.errorf(open, "there is no word between these quotation marks; remove them")
	}
	return p.term(atom{kind: phrase, title: title, text: strings.Join(strings.Fields(string(inside)), " ")}, open)
}

// word parses one plain word or prefix.
func (p *parser) word(start, end int, title bool) ([]atom, error) {
	a := atom{title: title}
	if star := slices.Index(p.text[start:end], '*'); star >= 0 {
		if slices.ContainsFunc(p.text[start+star:end], wordRune) || star < 2 {
			return nil, p.errorf(start+star, "* stands at the end of a word, after at least two letters, as in negotia*")
		}
		a.kind, end = prefix, start+star
	}
	a.text = trimmed(p.text[start:end])
	switch {
	case a.kind == prefix && a.text != string(p.text[start:end]):
		return nil, p.errorf(end, "* stands right behind a letter, as in negotia*")
	case a.text == "OR", a.text == "AND", a.text == "NOT", a.text == "NEAR":
		a.text = strings.ToLower(a.text)
	case strings.HasPrefix(a.text, "NEAR/"):
		a.text = "near" + a.text[len("NEAR"):]
	}
	return p.term(a, start)
}

// trimmed takes off what stands around a word and is not of it.
func trimmed(text []rune) string {
	end := len(text)
	for end > 0 && !wordRune(text[end-1]) {
		end--
	}
	after := ""
	if end > 0 && text[end-1] < utf8.RuneSelf && unicode.IsLetter(text[end-1]) && (end == 1 || !wordRune(text[end-2])) {
		after = language.Signs(string(text[end:]))
	}
	return strings.TrimLeftFunc(string(text[:end]), func(r rune) bool { return !wordRune(r) }) + after
}

// term counts an atom.
func (p *parser) term(a atom, at int) ([]atom, error) {
	if p.terms++; p.terms > maxTerms {
		return nil, p.errorf(at, "a query has at most %d words; make two topics of it", maxTerms)
	}
	return []atom{a}, nil
}
