package feed

import (
	"strings"
	"testing"
)

func TestPacksAreWhole(t *testing.T) {
	packs := Packs()
	lines := 0
	for line := range strings.Lines(packsTable) {
		if !strings.HasPrefix(line, "#") {
			lines++
		}
	}
	if len(packs) != lines {
		t.Errorf("%d feeds in %d lines", len(packs), lines)
	}
	world, sections, seen := map[string]int{}, map[string]int{}, map[string]bool{}
	owners := map[string]string{}
	for _, p := range packs {
		u, err := webURL(p.URL)
		if err != nil || u.String() != p.URL || seen[p.URL] {
			t.Errorf("%q is no URL, or is there twice", p.URL)
		}
		seen[p.URL] = true
		if p.Outlet == "" || len(p.Language) != 2 || len(p.Country) != 2 || p.Country != strings.ToUpper(p.Country) {
			t.Errorf("%+v lacks something", p)
		}
		if owner, ok := owners[p.Outlet]; ok && owner != p.Owner {
			t.Errorf("%s belongs to %q and to %q", p.Outlet, owner, p.Owner)
		}
		owners[p.Outlet] = p.Owner
		sections[p.Pack]++
		if p.Pack == "world" {
			world[p.Language]++
		}
	}
	if len(world) < 10 {
		t.Errorf("world news in %d languages only", len(world))
	}
	for _, section := range []string{"world", "politics", "business", "tech", "science", "climate", "sport"} {
		if sections[section] < 3 {
			t.Errorf("%d feeds in %s", sections[section], section)
		}
	}
}
