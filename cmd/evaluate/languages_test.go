package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestLanguages(t *testing.T) {
	dir := t.TempDir()
	data, out := filepath.Join(dir, "titles.tsv"), filepath.Join(dir, "out.tsv")
	lines := "1\ten\tThe minister said that the talks would go on\n" +
		"2\tde\tDer Minister sagte, dass die Gespräche weitergehen\n" +
		"3\tfr\tПрезидент прибыл на переговоры\n"
	if err := os.WriteFile(data, []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	var printed strings.Builder
	if err := languages(t.Context(), []string{"-out", out, data}, &printed); err != nil {
		t.Fatal(err)
	}
	written, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(written), "1\ten\n2\tde\n3\tru\n"; got != want {
		t.Errorf("wrote %q, want %q", got, want)
	}
	all := strings.Split(strings.TrimSpace(printed.String()), "\n")
	last := regexp.MustCompile(`^accuracy=0\.6667 macro=0\.6667 languages=[0-9]+ titles_per_second=[0-9]+ memory_mb=[0-9.]+$`)
	if !last.MatchString(all[len(all)-1]) {
		t.Errorf("the last line is %q, want it to match %s", all[len(all)-1], last)
	}
	if !strings.Contains(printed.String(), "fr taken for ru 1 times") {
		t.Errorf("the mistake is not told:\n%s", printed.String())
	}
}

func TestLanguagesRefusesOtherData(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "broken.tsv")
	if err := os.WriteFile(broken, []byte("no tabs\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, args := range map[string][]string{
		"no file":      nil,
		"absent file":  {filepath.Join(t.TempDir(), "absent")},
		"not titles":   {broken},
		"unknown flag": {"-no-such-flag", broken},
	} {
		if err := languages(t.Context(), args, &strings.Builder{}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
