package bottest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Rendering is the parts of a message as a network is given them.
type Rendering struct {
	Network string
	Parts   []string
}

// Golden holds renderings of one message to a file in testdata, or writes it.
// Characters that nobody sees stand there by their numbers.
func Golden(t *testing.T, name string, write bool, renderings ...Rendering) {
	t.Helper()
	visible := strings.NewReplacer("\u200b", `\u200b`, "\u2068", `\u2068`, "\u2069", `\u2069`, "\u202e", `\u202e`)
	var out strings.Builder
	for _, r := range renderings {
		for i, text := range r.Parts {
			fmt.Fprintf(&out, "===== %s %d/%d =====\n%s\n", r.Network, i+1, len(r.Parts), visible.Replace(strings.TrimRight(text, "\n")))
		}
	}
	file := filepath.Join("testdata", strings.ReplaceAll(name, " ", "_")+".txt")
	if write {
		if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Errorf("rendered (-want +got):\n%s", diff)
	}
}
