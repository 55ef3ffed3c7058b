package query

import (
	"fmt"
	"strings"

	"tidings/digest/language"
)

// Explain says in words what the query asks for.
func (q *Query) Explain() string {
	var b strings.Builder
	q.root.explain(&b, true)
	return b.String()
}

func (l list) explain(b *strings.Builder, outermost bool) {
	for i, c := range l {
		if i > 0 {
			b.WriteString(" · ")
		}
		c.explain(b)
		last := i+1 == len(l) || l[i+1].mode != soft
		if outermost && last && c.mode == soft {
			b.WriteString(" (soft)")
		}
	}
}

func (c clause) explain(b *strings.Builder) {
	filters := c.filters()
	switch {
	case c.mode == not:
		b.WriteString("not ")
	case c.mode == must && filters:
		b.WriteString("only ")
	case c.mode == must:
		b.WriteString("must ")
	}
	enclosed := len(c.any) > 1 && c.mode != soft && !filters
	if enclosed {
		b.WriteByte('(')
	}
	for i := range c.any {
		if i > 0 {
			b.WriteString(" or ")
		}
		c.any[i].explain(b)
	}
	if enclosed {
		b.WriteByte(')')
	}
}

func (a *atom) explain(b *strings.Builder) {
	switch a.kind {
	case word:
		b.WriteString(a.text)
	case phrase:
		fmt.Fprintf(b, `phrase "%s"`, a.text)
	case prefix:
		fmt.Fprintf(b, "words that begin with %s", a.text)
	case near:
		a.pair[0].explain(b)
		fmt.Fprintf(b, " within %d words of ", a.within)
		a.pair[1].explain(b)
	case group:
		b.WriteByte('(')
		a.list.explain(b, false)
		b.WriteByte(')')
	case outlet:
		fmt.Fprintf(b, "from %s", a.text)
	case lang:
		fmt.Fprintf(b, "in %s", language.EnglishName(a.text))
	}
	if a.title {
		b.WriteString(" in the title")
	}
}
