package feed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// clientFor is a Client for which every host name is the test server.
func clientFor(t testing.TB, handler http.HandlerFunc) *Client {
	return clientWith(t, usualLimits(), handler)
}

func clientWith(t testing.TB, l limits, handler http.HandlerFunc) *Client {
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	c := newClient(Config{AllowPrivate: true, UserAgent: "test/1"}, l, discard())
	c.transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, server.Listener.Addr().String())
	}
	t.Cleanup(c.Close)
	return c
}

func shortLimits() limits {
	l := usualLimits()
	l.connect, l.header, l.total, l.window = 400*time.Millisecond, 400*time.Millisecond, 800*time.Millisecond, 200*time.Millisecond
	return l
}

// refused is the FetchError of a fetch that must fail.
func refused(t *testing.T, c *Client, r Request) *FetchError {
	t.Helper()
	got, err := c.Fetch(t.Context(), r)
	f, ok := errors.AsType[*FetchError](err)
	if !ok {
		t.Fatalf("Fetch gave %+v and the error %v, want a FetchError", got, err)
	}
	return f
}

func fetched(t *testing.T, c *Client, r Request) *Response {
	t.Helper()
	got, err := c.Fetch(t.Context(), r)
	if err != nil {
		t.Fatalf("Fetch(%s): %v", r.URL, err)
	}
	return got
}

func TestRequestIsPlainAndHonest(t *testing.T) {
	var header http.Header
	c := clientFor(t, func(w http.ResponseWriter, r *http.Request) {
		header = r.Header.Clone()
		io.WriteString(w, "<rss/>")
	})
	fetched(t, c, Request{URL: "http://a.example/feed?x=1#part"})
	want := http.Header{
		"User-Agent": {"test/1"}, "Accept": {acceptFeed}, "Accept-Encoding": {"gzip, br, zstd"},
	}
	if diff := cmp.Diff(want, header); diff != "" {
		t.Errorf("headers of a first request (-want +got):\n%s", diff)
	}
}

func TestUserAgentNamesTheContact(t *testing.T) {
	log := discard()
	for want, c := range map[string]Config{
		"tidings/1 (feed reader)":                            {},
		"tidings/1 (feed reader; +https://news.example/bot)": {Contact: "https://news.example/bot"},
		"mine/2": {UserAgent: "mine/2", Contact: "https://news.example/bot"},
	} {
		if got := NewClient(c, log).config.UserAgent; got != want {
			t.Errorf("User-Agent %q, want %q", got, want)
		}
	}
}

func TestValidatorsAreSentAsTheyCame(t *testing.T) {
	const etag, date = `W/"a b-gzip"`, "Tue, 3 Feb 2026 01:02:03 +0000 (odd)"
	c := clientFor(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", etag)
		w.Header().Set("Last-Modified", date)
		if r.Header.Get("If-None-Match") == etag && r.Header.Get("If-Modified-Since") == date {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		io.WriteString(w, "<rss/>")
	})
	first := fetched(t, c, Request{URL: "http://a.example/"})
	if first.NotModified || string(first.Body) != "<rss/>" || first.ETag != etag || first.LastModified != date {
		t.Fatalf("first answer: %+v", first)
	}
	second := fetched(t, c, next("http://a.example/", first))
	if !second.NotModified || second.ETag != etag || second.LastModified != date || second.BodyHash != first.BodyHash || len(second.Body) > 0 {
		t.Errorf("second answer: %+v", second)
	}
}

// next is the request that follows a response.
func next(url string, r *Response) Request {
	return Request{URL: url, ETag: r.ETag, LastModified: r.LastModified, BodyHash: r.BodyHash, From: r.FinalURL}
}

func TestValidatorsThatAreGoneAreForgotten(t *testing.T) {
	c := clientFor(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "new") })
	got := fetched(t, c, Request{URL: "http://a.example/", ETag: `"old"`, LastModified: "yesterday", BodyHash: "1"})
	if got.ETag != "" || got.LastModified != "" || got.NotModified {
		t.Errorf("validators of an earlier answer were kept: %+v", got)
	}
}

func TestSameBodyIsNotModified(t *testing.T) {
	var conditions []string
	c := clientFor(t, func(w http.ResponseWriter, r *http.Request) {
		// A server that does not know its own ETag again, but the date.
		conditions = append(conditions, r.Header.Get("If-None-Match")+" "+r.Header.Get("If-Modified-Since"))
		w.Header().Set("ETag", `"x-gzip"`)
		w.Header().Set("Last-Modified", "then")
		if r.Header.Get("If-None-Match") == "" && r.Header.Get("If-Modified-Since") == "then" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		io.WriteString(w, "<rss/>")
	})
	request := Request{URL: "http://a.example/"}
	for i := range 4 {
		got := fetched(t, c, request)
		if got.NotModified != (i > 0) {
			t.Errorf("answer %d: NotModified is %v", i, got.NotModified)
		}
		request = next(request.URL, got)
	}
	want := []string{" ", `"x-gzip" then`, " then", " then"}
	if diff := cmp.Diff(want, conditions); diff != "" {
		t.Errorf("conditions of four requests (-want +got):\n%s", diff)
	}
}

func TestRedirects(t *testing.T) {
	for _, test := range []struct {
		name    string
		hops    []string // "status target", from /0 on
		final   string
		movedTo string
		why     string
	}{
		{"none", nil, "http://a.example/0", "", ""},
		{"permanent", []string{"301 http://b.example/1", "308 /2"}, "http://b.example/2", "http://b.example/2", ""},
		{"one of them passing", []string{"301 http://b.example/1", "302 /2"}, "http://b.example/2", "", ""},
		{"passing", []string{"307 //b.example/1"}, "http://b.example/1", "", ""},
		{"see other", []string{"303 1"}, "http://a.example/1", "", ""},
		{"five", []string{"301 /1", "301 /2", "301 /3", "301 /4", "301 /5"}, "http://a.example/5", "http://a.example/5", ""},
		{"six", []string{"301 /1", "301 /2", "301 /3", "301 /4", "301 /5", "301 /6"}, "", "", "more than 5 redirects"},
		{"loop", []string{"302 /1", "302 /0"}, "", "", "a redirect loop"},
		{"to itself", []string{"301 /0#again"}, "", "", "a redirect loop"},
		{"no target", []string{"301 "}, "", "", "a redirect without a target"},
		{"file", []string{"302 file:///etc/passwd"}, "", "", "only http and https addresses are read, not file"},
		{"gopher", []string{"302 gopher://a.example/"}, "", "", "only http and https addresses are read, not gopher"},
		{"nonsense", []string{"302 http://[::1"}, "", "", "a redirect to something that is not a URL"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := clientFor(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Referer") != "" || r.Header.Get("Cookie") != "" {
					t.Errorf("the request for %s has a Referer or a cookie", r.URL)
				}
				i := int(r.URL.Path[1] - '0')
				if i >= len(test.hops) {
					io.WriteString(w, "<rss/>")
					return
				}
				status, target, _ := strings.Cut(test.hops[i], " ")
				http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
				w.Header()["Location"] = []string{target}
				var code int
				fmt.Sscan(status, &code)
				w.WriteHeader(code)
			})
			if test.why != "" {
				if got := refused(t, c, Request{URL: "http://a.example/0"}); got.Why != test.why {
					t.Errorf("%q, want %q", got.Why, test.why)
				}
				return
			}
			got := fetched(t, c, Request{URL: "http://a.example/0"})
			if got.FinalURL != test.final || got.MovedTo != test.movedTo {
				t.Errorf("FinalURL %q, MovedTo %q; want %q, %q", got.FinalURL, got.MovedTo, test.final, test.movedTo)
			}
		})
	}
}

func TestValidatorsStayWithTheirURL(t *testing.T) {
	conditions := map[string]string{}
	c := clientFor(t, func(w http.ResponseWriter, r *http.Request) {
		conditions[r.Host] = r.Header.Get("If-None-Match")
		w.Header().Set("ETag", `"of `+r.Host+`"`)
		switch {
		case r.Host == "a.example":
			http.Redirect(w, r, "http://b.example/", http.StatusFound)
		case r.Header.Get("If-None-Match") == `"of b.example"`:
			w.WriteHeader(http.StatusNotModified)
		default:
			io.WriteString(w, "<rss/>")
		}
	})
	first := fetched(t, c, Request{URL: "http://a.example/"})
	second := fetched(t, c, next("http://a.example/", first))
	want := map[string]string{"a.example": "", "b.example": `"of b.example"`}
	if diff := cmp.Diff(want, conditions); diff != "" || !second.NotModified {
		t.Errorf("NotModified %v; conditions (-want +got):\n%s", second.NotModified, diff)
	}
	fetched(t, c, Request{URL: "http://a.example/", ETag: `"of a.example"`})
	want = map[string]string{"a.example": `"of a.example"`, "b.example": ""}
	if diff := cmp.Diff(want, conditions); diff != "" {
		t.Errorf("conditions without From (-want +got):\n%s", diff)
	}
}

func TestPasswordsStayInside(t *testing.T) {
	c := clientFor(t, func(w http.ResponseWriter, r *http.Request) {
		user, password, ok := r.BasicAuth()
		switch {
		case r.Host == "b.example" && ok:
			t.Error("the password was sent to another host")
		case r.Host == "b.example":
			w.WriteHeader(http.StatusTeapot)
		case user != "me" || password != "s3cret":
			w.WriteHeader(http.StatusUnauthorized)
		case r.URL.Path == "/away":
			http.Redirect(w, r, "http://b.example/", http.StatusFound)
		default:
			io.WriteString(w, "<rss/>")
		}
	})
	if got := fetched(t, c, Request{URL: "http://me:s3cret@a.example/feed"}); got.FinalURL != "http://a.example/feed" {
		t.Errorf("FinalURL %q", got.FinalURL)
	}
	for _, url := range []string{
		"http://me:s3cret@a.example/away?key=s3cret", "http://me:wrongs3cret@a.example/", "http://me:s3cret@a.example:99999/",
		"ftp://me:s3cret@a.example/", "http://me:s3cret@/", "http://me:s3cret@a b/", "://s3cret", "s3cret",
	} {
		if got := refused(t, c, Request{URL: url}); strings.Contains(fmt.Sprintf("%+v", got), "s3cret") {
			t.Errorf("%s: the error tells the password: %+v", url, got)
		}
	}
}

func TestStatus(t *testing.T) {
	for _, test := range []struct {
		status int
		header string
		want   FetchError
	}{
		{204, "", FetchError{Status: 204, Why: "HTTP 204: an answer without a body"}},
		{304, "", FetchError{Status: 304, Why: "HTTP 304: nothing has changed, it says, but it was asked for all"}},
		{401, "", FetchError{Status: 401, Why: "HTTP 401: it wants a password"}},
		{403, "", FetchError{Status: 403, Why: "HTTP 403: the server refuses it"}},
		{403, "cf-mitigated: challenge", FetchError{Status: 403, Why: "HTTP 403: Cloudflare wants a browser here, not a program"}},
		{403, "x-datadome: protected", FetchError{Status: 403, Why: "HTTP 403: DataDome wants a browser here, not a program"}},
		{404, "", FetchError{Status: 404, Why: "HTTP 404: there is nothing at this address"}},
		{410, "", FetchError{Status: 410, Gone: true, Why: "HTTP 410: it is gone for good"}},
		{429, "", FetchError{Status: 429, RetryAfter: time.Minute, Why: "HTTP 429: it was asked too often"}},
		{429, "Retry-After: 7200", FetchError{Status: 429, RetryAfter: 2 * time.Hour, Why: "HTTP 429: it was asked too often"}},
		{500, "Retry-After: 7200", FetchError{Status: 500, Why: "HTTP 500: the server is in trouble"}},
		{503, "", FetchError{Status: 503, Why: "HTTP 503: it is not available at the moment"}},
		{503, "Retry-After: 99999999999", FetchError{Status: 503, RetryAfter: 24 * time.Hour, Why: "HTTP 503: it is not available at the moment"}},
		{503, "Retry-After: 999999999", FetchError{Status: 503, RetryAfter: 24 * time.Hour, Why: "HTTP 503: it is not available at the moment"}},
	} {
		t.Run(fmt.Sprint(test.status, " ", test.header), func(t *testing.T) {
			c := clientFor(t, func(w http.ResponseWriter, r *http.Request) {
				if name, value, ok := strings.Cut(test.header, ": "); ok {
					w.Header().Set(name, value)
				}
				w.WriteHeader(test.status)
			})
			got := refused(t, c, Request{URL: "http://a.example/?token=1"})
			if diff := cmp.Diff(&test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestLinksAndFreshnessOfTheHeader(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	c := clientFor(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Link", `</hub>; rel="hub", <https://b.example/a,b>; title="x, \"y\""; rel=self`)
		w.Header().Set("Cache-Control", "public, max-age=600")
		w.Header().Set("Age", "60")
		io.WriteString(w, "<rss/>")
	})
	c.config.Now = func() time.Time { return now }
	got := fetched(t, c, Request{URL: "http://a.example/feed"})
	if got.Hub != "http://a.example/hub" || got.Self != "https://b.example/a,b" {
		t.Errorf("Hub %q, Self %q", got.Hub, got.Self)
	}
	if want := now.Add(9 * time.Minute); !got.NotBefore.Equal(want) {
		t.Errorf("NotBefore %v, want %v", got.NotBefore, want)
	}
}

func TestContextEndsAFetch(t *testing.T) {
	release := make(chan struct{})
	asked := make(chan struct{}, 1)
	c := clientFor(t, func(w http.ResponseWriter, r *http.Request) {
		asked <- struct{}{}
		<-release
	})
	defer close(release)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-asked; cancel() }()
	if _, err := c.Fetch(ctx, Request{URL: "http://a.example/"}); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v, want that the context was cancelled", err)
	}
}

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }
