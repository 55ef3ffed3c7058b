package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCommonWritesBands(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	ranks := file("ranks.txt", "the\nhouse\nhouses\n")
	counts := file("counts.lm", "\\data\\\nngram 1=5\n\n\\1-grams:\n9000 the\n900 <unk>\n10 Paris\n980 bridge\n10 houses\n\n\\2-grams:\n5 the harbour\n")

	// the: 1/H(10,000) = .102 of the words, in all articles: band 0 is written
	// as 1; house and houses: 1/2 + 1/3 of that, .085. The bridge has .098 of
	// the counted words. Paris has a capital, and the harbour is of a pair.
	var out bytes.Buffer
	if err := run(t.Context(), []string{"common", "en=" + ranks + "," + counts}, &out); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("en 1 bridg hous the\n", out.String()); diff != "" {
		t.Errorf("the table (-want +got):\n%s", diff)
	}

	out.Reset()
	// 1 of 1,000 words stands in 1 - .999^120 = .113 of the articles: 2^-3.14.
	rare := file("rare.lm", "\\1-grams:\n999 und\n1 Haus\n\\2-grams:\n")
	if err := run(t.Context(), []string{"common", "de=" + file("none.txt", "") + "," + rare}, &out); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("de 1 und\nde 6 haus\n", out.String()); diff != "" {
		t.Errorf("the table (-want +got):\n%s", diff)
	}
}

func TestCommonRefusesWhatItCannotRead(t *testing.T) {
	bad := filepath.Join(t.TempDir(), "bad.lm")
	if err := os.WriteFile(bad, []byte("\\1-grams:\nmany the\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"common"},
		{"common", "en=/no/such/list"},
		{"common", "en=" + os.DevNull + ",/no/such/counts"},
		{"common", "en=" + os.DevNull + "," + bad},
	} {
		if err := run(t.Context(), args, &bytes.Buffer{}); err == nil {
			t.Errorf("evaluate %q found nothing wrong", args)
		}
	}
}
