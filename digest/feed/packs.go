package feed

import (
	_ "embed"
	"strings"
)

//go:embed packs.tsv
var packsTable string

// PackFeed is a feed of a starter pack.
type PackFeed struct {
	Pack     string // the section: "world", "business" and the like
	Language string // ISO 639-1
	Outlet   string
	Owner    string // empty when not known
	Country  string // ISO 3166-1, two letters
	URL      string
}

// Packs are the feeds of all starter packs, by section and then by language.
// Feeds end and move: what is taken from here is to be asked for once first.
func Packs() []PackFeed {
	var packs []PackFeed
	for line := range strings.Lines(packsTable) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if strings.HasPrefix(line, "#") || len(f) != 6 {
			continue
		}
		packs = append(packs, PackFeed{Pack: f[0], Language: f[1], Outlet: f[2], Owner: f[3], Country: f[4], URL: f[5]})
	}
	return packs
}
