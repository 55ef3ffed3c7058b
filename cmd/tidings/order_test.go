package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// rooms are the folders in the order in which they may know each other: each
// imports those to its left and what is inside itself.
var rooms = []string{"digest", "subscriptions", "bot", "cmd"}

// leaves import nothing of the program but the leaves named.
var leaves = map[string][]string{
	"digest/language":        {"digest/language/internal/ngram"},
	"digest/query":           {"digest/language"},
	"digest/cluster":         {"digest/language"},
	"digest/summary":         {"digest/language"},
	"digest/feed":            nil,
	"digest/database":        nil,
	"subscriptions/schedule": nil,
	"bot/chart":              nil,
}

// kits are imported by tests and by each other only.
var kits = []string{"digest/database/databasetest", "bot/bottest", "bot/telegram/telegramtest", "bot/discord/discordtest"}

// imports calls f for every import of the program's own packages in every file.
func imports(t *testing.T, f func(file, from, to string, test bool)) {
	t.Helper()
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(file, ".go") {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		for _, i := range parsed.Imports {
			to, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			if own, ok := strings.CutPrefix(to, "tidings/"); ok {
				f(name, path.Dir(name), own, strings.HasSuffix(name, "_test.go"))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestRoomsKnowOnlyThoseToTheirLeft(t *testing.T) {
	seen := 0
	imports(t, func(file, from, to string, test bool) {
		seen++
		fromRoom, _, _ := strings.Cut(from, "/")
		toRoom, _, _ := strings.Cut(to, "/")
		if !slices.Contains(rooms, fromRoom) || slices.Index(rooms, toRoom) > slices.Index(rooms, fromRoom) {
			t.Errorf("%s imports %s, which stands to its right", file, to)
		}
		if allowed, leaf := leaves[from]; leaf && !test && !slices.Contains(allowed, to) {
			t.Errorf("%s is in a leaf and imports %s", file, to)
		}
		if slices.Contains(kits, to) && !test && !slices.Contains(kits, from) {
			t.Errorf("%s imports %s, which is for tests", file, to)
		}
	})
	if seen < 50 {
		t.Errorf("only %d imports were seen", seen)
	}
}
