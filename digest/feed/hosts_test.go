package feed

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func testHosts(parallel int, pause time.Duration) *hosts {
	return newHosts(parallel, pause, time.Now, discard())
}

func TestRegistrable(t *testing.T) {
	for host, want := range map[string]string{
		"feeds.bbci.co.uk": "bbci.co.uk", "WWW.Example.COM.": "example.com", "a.b.blogspot.com": "b.blogspot.com",
		"www.bücher.example": "xn--bcher-kva.example", "nas": "nas", "co.uk": "co.uk", "93.184.216.34": "93.184.216.34",
		"::ffff:93.184.216.34": "93.184.216.34", "2606:4700::1": "2606:4700::1",
		"127.0.0.1": "", "127.8.9.1": "", "::1": "", "::ffff:127.0.0.1": "", "localhost": "", "a.localhost": "",
	} {
		if got := registrable(host); got != want {
			t.Errorf("registrable(%q) is %q, want %q", host, got, want)
		}
	}
}

func TestOneRequestAtATimeToADomain(t *testing.T) {
	for _, parallel := range []int{1, 3} {
		synctest.Test(t, func(t *testing.T) {
			const pause, took, requests = time.Second, 300 * time.Millisecond, 12
			h := testHosts(parallel, pause)
			var mu sync.Mutex
			var running, most int
			var all sync.WaitGroup
			began := time.Now()
			for i := range requests {
				all.Go(func() {
					turn, err := h.pass(t.Context(), turn{}, fmt.Sprintf("host%d.example.com", i))
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					running++
					most = max(most, running)
					mu.Unlock()
					time.Sleep(took)
					mu.Lock()
					running--
					mu.Unlock()
					turn.end()
				})
			}
			all.Wait()
			if most != parallel {
				t.Errorf("%d requests at the same time, want %d", most, parallel)
			}
			rounds := time.Duration(requests / parallel)
			if got, want := time.Since(began), rounds*took+(rounds-1)*pause; got != want {
				t.Errorf("%d requests took %v, want %v", requests, got, want)
			}
		})
	}
}

func TestDomainsDoNotWaitForOneAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := testHosts(1, time.Hour)
		began := time.Now()
		for _, host := range []string{"a.example", "b.example", "127.0.0.1", "127.0.0.1", "localhost"} {
			if _, err := h.pass(t.Context(), turn{}, host); err != nil {
				t.Error(err)
			}
		}
		if time.Since(began) != 0 {
			t.Errorf("waited %v", time.Since(began))
		}
	})
}

func TestWaitingEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := testHosts(1, time.Minute)
		held, _ := h.pass(t.Context(), turn{}, "a.example")
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := h.pass(ctx, turn{}, "a.example"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("behind a request: %v", err)
		}
		held.end()
		ctx, cancel = context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := h.pass(ctx, turn{}, "a.example"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("in the pause: %v", err)
		}
		// Neither has used up the turn.
		began := time.Now()
		if _, err := h.pass(t.Context(), turn{}, "a.example"); err != nil || time.Since(began) != 59*time.Second {
			t.Errorf("after that: %v after %v", err, time.Since(began))
		}
	})
}

func TestAClosedDomainIsLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := testHosts(1, 0)
		first, _ := h.pass(t.Context(), turn{}, "a.example")
		waiting := make(chan error)
		go func() {
			_, err := h.pass(t.Context(), turn{}, "b.a.example")
			waiting <- err
		}()
		synctest.Wait()
		h.close("a.example", time.Hour)
		h.close("a.example", time.Minute) // the longer one holds
		first.end()
		if f, ok := errors.AsType[*FetchError](<-waiting); !ok || !f.Postponed || f.RetryAfter != time.Hour {
			t.Errorf("one that waited: %+v", f)
		}
		time.Sleep(59 * time.Minute)
		_, err := h.pass(t.Context(), turn{}, "www.a.example")
		if f, ok := errors.AsType[*FetchError](err); !ok || !f.Postponed || f.RetryAfter != time.Minute || f.Why != "a.example asked for a pause" {
			t.Errorf("one that came in the pause: %+v", f)
		}
		time.Sleep(time.Minute)
		if _, err := h.pass(t.Context(), turn{}, "www.a.example"); err != nil {
			t.Errorf("one that came after it: %v", err)
		}
	})
}

func TestTooManyRequestsCloseTheDomain(t *testing.T) {
	asked := 0
	c := clientFor(t, func(w http.ResponseWriter, r *http.Request) {
		asked++
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	if c.Busy("http://x.a.example/") {
		t.Error("busy before anything was asked")
	}
	refused(t, c, Request{URL: "http://x.a.example/"})
	if f := refused(t, c, Request{URL: "http://y.a.example/"}); !f.Postponed || f.RetryAfter < 59*time.Minute {
		t.Errorf("the second feed of the domain: %+v", f)
	}
	if asked != 1 || !c.Busy("http://z.a.example/") || c.Busy("http://b.example/") {
		t.Errorf("asked %d times; busy: %v and %v", asked, c.Busy("http://z.a.example/"), c.Busy("http://b.example/"))
	}
}

func TestDomainsAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := testHosts(1, time.Second)
		for i := range 100_000 {
			turn, err := h.pass(t.Context(), turn{}, fmt.Sprintf("d%d.example", i))
			if err != nil {
				t.Fatal(err)
			}
			turn.end()
			if i%1000 == 0 {
				time.Sleep(2 * time.Second)
			}
		}
		if len(h.domains) > 4096 {
			t.Errorf("%d domains are remembered", len(h.domains))
		}
		for i := range 2 * mostDomains {
			turn, _ := h.pass(t.Context(), turn{}, fmt.Sprintf("e%d.example", i))
			h.close(fmt.Sprintf("e%d.example", i), time.Hour)
			turn.end()
		}
		if len(h.domains) > mostDomains {
			t.Errorf("%d closed domains are remembered", len(h.domains))
		}
	})
}
