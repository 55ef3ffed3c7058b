package ngram

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPackedTableAnswersAsItsRows(t *testing.T) {
	var rows []Row
	for i := range 1000 {
		row := Row{Key: uint32(i*i*7919 + 1)}
		for language := i % 5; language < len(Languages); language += 7 {
			row.Values = append(row.Values, NewValue(language, float64(i+1)/1e4))
		}
		rows = append(rows, row)
	}
	var packed bytes.Buffer
	if err := Pack(&packed, rows); err != nil {
		t.Fatal(err)
	}
	table, err := unpack(packed.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if diff := cmp.Diff(row.Values, table.Find(row.Key)); diff != "" {
			t.Fatalf("key %d (-packed +found):\n%s", row.Key, diff)
		}
	}
	if found := table.Find(3); len(found) > 0 {
		t.Errorf("a key that was not packed has %v", found)
	}
}

func TestNewValue(t *testing.T) {
	for _, tt := range []struct {
		share    float64
		language int
		weight   int32
	}{
		{Unseen, 3, 1}, {1000 * Unseen, 50, 10}, {1, 0, 23},
	} {
		v := NewValue(tt.language, tt.share)
		if v.Language() != tt.language || v.Weight() != tt.weight {
			t.Errorf("NewValue(%d, %g) is language %d, weight %d, want weight %d", tt.language, tt.share, v.Language(), v.Weight(), tt.weight)
		}
	}
	if v := NewValue(7, Unseen/10); v != 0 {
		t.Errorf("a share that says nothing is %d", v)
	}
}

func TestKeysTellOrder(t *testing.T) {
	var h Hash
	if h.Add('a').Add('b').Key() == h.Add('b').Add('a').Key() {
		t.Error("ab and ba have one key")
	}
}

func TestShippedTable(t *testing.T) {
	var h Hash
	the := h.Add('t').Add('h').Add('e').Key()
	var english, finnish int32
	for _, v := range Open().Find(the) {
		switch Languages[v.Language()] {
		case "en":
			english = v.Weight()
		case "fi":
			finnish = v.Weight()
		}
	}
	if english <= finnish {
		t.Errorf("\"the\" weighs %d in English and %d in Finnish", english, finnish)
	}
}
