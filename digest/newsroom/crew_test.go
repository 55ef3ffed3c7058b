package newsroom

import (
	"log/slog"
	"testing"

	"tidings/digest/feed"
	"tidings/digest/language"
)

func TestOneDomainDoesNotHoldAllWorkers(t *testing.T) {
	n := New(Config{Client: feed.NewClient(feed.Config{}, slog.New(slog.DiscardHandler)), Analyzer: language.New(), Workers: 2})
	stored := make(chan bool)
	var begun []string
	var free []func()
	pass := func(urls ...string) {
		here := map[string]bool{}
		for _, url := range urls {
			took := make(chan func(), 1)
			before := len(n.pollers.places)
			more := n.begin(&n.pollers, here, url, url, func(free func()) { took <- free; <-stored })
			if len(n.pollers.places) > before {
				free = append(free, <-took)
				begun = append(begun, url)
			}
			if !more {
				begun = append(begun, "no one is free")
				return
			}
		}
	}
	want := func(all ...string) {
		t.Helper()
		if len(begun) != len(all) {
			t.Fatalf("begun %q, want %q", begun, all)
		}
		for i := range all {
			if begun[i] != all[i] {
				t.Fatalf("begun %q, want %q", begun, all)
			}
		}
		begun = nil
	}
	pass("http://a.example/1", "http://www.a.example/2", "http://a.example/3", "http://b.example/1", "http://c.example/1", "http://d.example/1")
	want("http://a.example/1", "http://b.example/1", "no one is free")
	pass("http://c.example/1")
	want("no one is free")
	// While what was fetched is being stored, its worker goes on, and it is not
	// fetched again.
	free[0]()
	pass("http://a.example/1", "http://c.example/1")
	want("http://c.example/1")
	close(stored)
	n.Wait()
	if len(n.pollers.places) != 0 {
		t.Errorf("%d workers are busy after all", len(n.pollers.places))
	}
}
