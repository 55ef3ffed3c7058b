package feed

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestNotBefore(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	at := func(d time.Duration) string { return now.Add(d).Format(http.TimeFormat) }
	for _, test := range []struct {
		name   string
		header http.Header
		want   time.Duration // 0 for none
	}{
		{"nothing", http.Header{}, 0},
		{"max-age", http.Header{"Cache-Control": {"max-age=900"}}, 15 * time.Minute},
		{"max-age among others", http.Header{"Cache-Control": {"public", `s-maxage=5, MAX-AGE="900"`}}, 15 * time.Minute},
		{"max-age of which a part is over", http.Header{"Cache-Control": {"max-age=900"}, "Age": {"600"}}, 5 * time.Minute},
		{"max-age that is over", http.Header{"Cache-Control": {"max-age=900"}, "Age": {"901"}}, 0},
		{"absurd max-age", http.Header{"Cache-Control": {"max-age=31536000"}}, 6 * time.Hour},
		{"more absurd", http.Header{"Cache-Control": {"max-age=99999999999999999999999999"}}, 6 * time.Hour},
		{"broken max-age", http.Header{"Cache-Control": {"max-age=-1"}}, 0},
		{"no number", http.Header{"Cache-Control": {"max-age=NaN"}}, 0},
		{"max-age 0 and Expires", http.Header{"Cache-Control": {"max-age=0"}, "Expires": {at(time.Hour)}}, 0},
		{"no-store", http.Header{"Cache-Control": {"max-age=900, no-store"}}, 0},
		{"no-cache", http.Header{"Cache-Control": {"no-cache"}, "Expires": {at(time.Hour)}}, 0},
		{"Expires", http.Header{"Expires": {at(time.Hour)}}, time.Hour},
		{"Expires by a wrong clock", http.Header{"Expires": {at(25 * time.Hour)}, "Date": {at(24 * time.Hour)}}, time.Hour},
		{"Expires that is over", http.Header{"Expires": {at(-time.Hour)}}, 0},
		{"Expires 0", http.Header{"Expires": {"0"}}, 0},
		{"absurd Expires", http.Header{"Expires": {at(9000 * time.Hour)}}, 6 * time.Hour},
		{"Retry-After", http.Header{"Retry-After": {"120"}, "Cache-Control": {"max-age=60"}}, 2 * time.Minute},
		{"Retry-After as a date", http.Header{"Retry-After": {at(30 * time.Minute)}}, 30 * time.Minute},
		{"Retry-After in the past", http.Header{"Retry-After": {at(-30 * time.Minute)}}, 0},
		{"absurd Retry-After", http.Header{"Retry-After": {"2000000000"}}, 24 * time.Hour},
		{"no Retry-After", http.Header{"Retry-After": {"soon"}}, 0},
	} {
		got := notBefore(test.header, now)
		if want := now.Add(test.want); test.want == 0 && !got.IsZero() || test.want != 0 && !got.Equal(want) {
			t.Errorf("%s: %v, want %v after %v", test.name, got, test.want, now)
		}
	}
}

func TestLinkHeader(t *testing.T) {
	base, _ := url.Parse("https://a.example/x/y")
	for header, want := range map[string]webLinks{
		`<feed>; rel=alternate; type="application/RSS+xml"; title="A \"b\", c"`: {
			{url: "https://a.example/x/feed", rel: "alternate", kind: "application/rss+xml", title: `A "b", c`}},
		`<https://h.example/>; rel="hub", </y>;rel=self;crossorigin`: {
			{url: "https://h.example/", rel: "hub"}, {url: "https://a.example/y", rel: "self"}},
		`<https://u:p@h.example/>; rel=hub`: {{url: "https://h.example/", rel: "hub"}},
		`<javascript:x>; rel=hub`:           nil,
		`<http://[>; rel=hub`:               nil,
		`<unclosed; rel=hub`:                nil,
		`nothing`:                           nil,
		`<a>; rel="unclosed`:                {{url: "https://a.example/x/a", rel: "unclosed"}},
		`<a>; ; =x; rel`:                    {{url: "https://a.example/x/a"}},
	} {
		got := linkHeader(http.Header{"Link": {header}}, base)
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(webLink{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", header, diff)
		}
	}
}

func FuzzLinkHeader(f *testing.F) {
	f.Add(`<a>; rel="b \" c", <d>; e`)
	f.Add(`<a>;;;=,,<`)
	base, _ := url.Parse("https://a.example/x/y")
	f.Fuzz(func(t *testing.T, header string) {
		if n := len(linkHeader(http.Header{"Link": {header}}, base)); n > 32 {
			t.Errorf("%d links", n)
		}
	})
}
