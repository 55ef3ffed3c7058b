// Package archive keeps feeds, articles, stories and topics in SQL, and what of
// them belongs together. It decides nothing: what is read, matched and grouped
// is decided in digest/newsroom, and what of it is told, in digest.
package archive

import (
	"strconv"
	"strings"

	"tidings/digest/database"
)

// Archive is the store. It is safe for concurrent use.
type Archive struct {
	db      *database.DB
	filing  filing
	lookups lookups
	stored  stored
}

// New is the archive in db.
func New(db *database.DB) *Archive {
	return &Archive{db: db, filing: filing{enough: make(chan struct{}, 1)}}
}

// placeholders is "$n,$n+1,…" for the values, which are added to args.
func placeholders(args *[]any, values []string) string {
	var b strings.Builder
	for i, v := range values {
		if i > 0 {
			b.WriteByte(',')
		}
		*args = append(*args, v)
		b.WriteString("$" + strconv.Itoa(len(*args)))
	}
	return b.String()
}
