package feed

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// hostile is a server that means ill, and the words in which that is told.
type hostile struct {
	name, why string
	serve     http.HandlerFunc
	raw       func(net.Conn) // instead of serve
	slow      bool           // only time ends it: the limits are shortened
}

func hostiles(t testing.TB) []hostile {
	bomb := func(encoding string) http.HandlerFunc {
		// Many frames or members of zeros: 1 GiB in all, but for brotli, which has no members.
		n, times := 16<<20, 64
		if encoding == "br" {
			n, times = 128<<20, 1
		}
		body := bytes.Repeat(encode(t, encoding, make([]byte, n)), times)
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", encoding)
			w.Write(body)
		}
	}
	stream := func(piece string, pause time.Duration) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := io.WriteString(w, piece); err != nil {
					return
				}
				if pause > 0 {
					http.NewResponseController(w).Flush()
					time.Sleep(pause)
				}
			}
		}
	}
	gzipGzip := encode(t, "gzip", bytes.Repeat(encode(t, "gzip", make([]byte, 16<<20)), 64))
	return []hostile{
		{"endless body", "the body is larger than 8 MB", stream(strings.Repeat("<item/>", 4096), 0), nil, false},
		{"gzip bomb", "the body is larger than 8 MB", bomb("gzip"), nil, false},
		{"brotli bomb", "the body is larger than 8 MB", bomb("br"), nil, false},
		{"zstd bomb", "the body is larger than 8 MB", bomb("zstd"), nil, false},
		{"gzip bomb in gzip", "the body is larger than 8 MB", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(gzipGzip)
		}, nil, false},
		{"a byte now and then", "the body comes too slowly", stream("x", 10*time.Millisecond), nil, true},
		{"a body that never comes", "no answer within 800 ms", func(w http.ResponseWriter, r *http.Request) {
			http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}, nil, true},
		{"a header that never comes", "no answer within 400 ms", func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, nil, true},
		{"a header byte by byte", "no answer within 400 ms", nil, func(c net.Conn) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\nX: ")
			for {
				if _, err := io.WriteString(c, "x"); err != nil {
					return
				}
				time.Sleep(10 * time.Millisecond)
			}
		}, true},
		{"an endless header", "the answer's header is too large", nil, func(c net.Conn) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\n")
			for i := 0; ; i++ {
				if _, err := fmt.Fprintf(c, "X-%d: %s\r\n", i, strings.Repeat("x", 1000)); err != nil {
					return
				}
			}
		}, false},
		{"endless redirects", "more than 5 redirects", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, r.URL.Path+"x", http.StatusFound)
		}, nil, false},
		{"a redirect loop", "a redirect loop", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/"+strings.TrimSuffix("b", r.URL.Path[1:]), http.StatusFound)
		}, nil, false},
		{"a redirect with an endless body", "more than 5 redirects", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", r.URL.Path+"x")
			w.WriteHeader(http.StatusMovedPermanently)
			stream(strings.Repeat("x", 1<<16), 0)(w, r)
		}, nil, false},
		{"no HTTP", "the answer is not HTTP as it should be", nil, func(c net.Conn) { io.WriteString(c, "220 mail ready\r\n\r\n") }, false},
		{"nothing", "the server broke off its answer", nil, func(c net.Conn) {}, false},
		{"a body that breaks off at once", "the server broke off its answer", nil, func(c net.Conn) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n")
		}, false},
		{"a lie about the length", "the body is larger than 8 MB", nil, func(c net.Conn) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 9000000000000000000\r\n\r\n")
			for {
				if _, err := c.Write(make([]byte, 1<<16)); err != nil {
					return
				}
			}
		}, false},
		{"endless chunk extensions", "the answer is not HTTP as it should be", nil, func(c net.Conn) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
			for {
				if _, err := fmt.Fprintf(c, "1;%s\r\nx\r\n", strings.Repeat("x", 2000)); err != nil {
					return
				}
			}
		}, false},
		{"endless early hints", "the answer's header is too large", nil, func(c net.Conn) {
			for {
				if _, err := io.WriteString(c, "HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n"); err != nil {
					return
				}
			}
		}, false},
	}
}

// attack is one fetch from a hostile server.
func (h hostile) attack(t testing.TB) (why string, took time.Duration, allocated uint64) {
	serve := h.serve
	if h.raw != nil {
		serve = func(w http.ResponseWriter, r *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				h.raw(conn)
				conn.Close()
			}
		}
	}
	l := usualLimits()
	if h.slow {
		l = shortLimits()
	}
	c := clientWith(t, l, serve)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	began := time.Now()
	_, err := c.Fetch(t.Context(), Request{URL: "http://a.example/a"})
	took = time.Since(began)
	runtime.ReadMemStats(&after)
	if f, ok := errors.AsType[*FetchError](err); ok {
		why = f.Why
	}
	return why, took, after.TotalAlloc - before.TotalAlloc
}

func TestHostileServersCostOneBoundedFailure(t *testing.T) {
	for _, h := range hostiles(t) {
		t.Run(h.name, func(t *testing.T) {
			why, took, allocated := h.attack(t)
			for try := 0; took > time.Second && try < 4; try++ {
				why, took, allocated = h.attack(t) // the machine may have been busy
			}
			if why != h.why {
				t.Errorf("it is told as %q, want %q", why, h.why)
			}
			if took > time.Second {
				t.Errorf("it took %v", took)
			}
			if allocated > 100<<20 {
				t.Errorf("it took %d MB", allocated>>20)
			}
		})
	}
}

// BenchmarkHostileServers prints what each attack costs with its limits
// shortened: milliseconds, and all megabytes that were allocated meanwhile.
func BenchmarkHostileServers(b *testing.B) {
	for _, h := range hostiles(b) {
		b.Run(strings.ReplaceAll(h.name, " ", "_"), func(b *testing.B) {
			var most time.Duration
			var allocated uint64
			for b.Loop() {
				_, took, bytes := h.attack(b)
				most, allocated = max(most, took), max(allocated, bytes)
			}
			b.ReportMetric(float64(most.Milliseconds()), "ms/attack")
			b.ReportMetric(float64(allocated)/(1<<20), "MB/attack")
			b.ReportMetric(0, "ns/op")
		})
	}
}

func TestABodyThatBreaksOffIsPartial(t *testing.T) {
	c := clientFor(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"1"`)
		w.Header().Set("Content-Length", "100")
		io.WriteString(w, "<rss><channel><item/>")
	})
	got := fetched(t, c, Request{URL: "http://a.example/"})
	if !got.Partial || string(got.Body) != "<rss><channel><item/>" || got.ETag != "" || got.BodyHash != "" {
		t.Errorf("%+v", got)
	}
}

func TestFaultsOfConnectionsAreToldInWords(t *testing.T) {
	secure := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {}))
	secure.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	secure.StartTLS()
	defer secure.Close()
	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {}))
	defer plain.Close()
	mute, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer mute.Close()
	shut, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	shut.Close()
	l := shortLimits()
	l.total = usualLimits().total
	c := newClient(Config{AllowPrivate: true}, l, discard())
	defer c.Close()
	for url, want := range map[string][]string{
		secure.URL:                           {"the certificate is not valid: it is signed by an unknown authority"},
		"https" + plain.URL[len("http"):]:    {"the server does not speak TLS", "the answer is not HTTP as it should be"},
		"https://" + mute.Addr().String():    {"no TLS connection within 400 ms"},
		"http://" + shut.Addr().String():     {"the connection is refused"},
		"http://" + mute.Addr().String():     {"no answer within 400 ms"},
		"http://nothing.invalid/?key=secret": {"there is no host named nothing.invalid", "the name nothing.invalid cannot be looked up at the moment"},
	} {
		if got := refused(t, c, Request{URL: url}); !slices.Contains(want, got.Why) {
			t.Errorf("%s: %q, want %q", url, got.Why, want)
		}
	}
}

func TestServersThatBreakOffOverHTTP2AreAskedOverHTTP1(t *testing.T) {
	var asked []int
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.ProtoMajor)
		if r.ProtoMajor == 2 {
			panic(http.ErrAbortHandler)
		}
		io.WriteString(w, "<rss/>")
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	c := NewClient(Config{AllowPrivate: true}, discard())
	defer c.Close()
	trusted := server.Client().Transport.(*http.Transport).TLSClientConfig
	c.transport.TLSClientConfig, c.http1.TLSClientConfig = trusted.Clone(), &tls.Config{RootCAs: trusted.RootCAs}
	fetched(t, c, Request{URL: server.URL})
	if !slices.Equal(asked, []int{2, 1}) {
		t.Errorf("asked over HTTP versions %v", asked)
	}
}

func TestHTTP2AndConnectionsAreUsedAgain(t *testing.T) {
	var addresses []string
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 2 {
			t.Errorf("asked over %s", r.Proto)
		}
		addresses = append(addresses, r.RemoteAddr)
		io.WriteString(w, "<rss/>")
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	c := NewClient(Config{AllowPrivate: true}, discard())
	defer c.Close()
	c.transport.TLSClientConfig = server.Client().Transport.(*http.Transport).TLSClientConfig
	for range 3 {
		fetched(t, c, Request{URL: server.URL})
	}
	if slices.Sort(addresses); len(slices.Compact(addresses)) != 1 {
		t.Errorf("three requests came from %v", addresses)
	}
}
