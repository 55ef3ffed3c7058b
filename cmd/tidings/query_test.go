package main

import (
	"strings"
	"testing"
)

func TestQueriesThatMakeNoTopic(t *testing.T) {
	check := queryCheck()
	for query, want := range map[string]string{
		"peace talks":         "",
		`"the who"`:           "",
		"(a":                  "never closed",
		"the of and":          "nearly every article",
		"lang:en lang:uk a b": "No article is in English and in Ukrainian",
	} {
		if err := check(query); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", query, err, want)
		}
	}
}
