package feed

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every name of the lists that is no pattern is known to track.
func TestTrackingParameters(t *testing.T) {
	shared := os.Getenv("TIDINGS_SHARED")
	data, err := os.ReadFile(filepath.Join(shared, "feeds/lists/tracking_params.txt"))
	if shared == "" || err != nil {
		t.Skip("TIDINGS_SHARED is not set: the list of parameters was not read")
	}
	for line := range bytes.Lines(data) {
		name, _, _ := strings.Cut(strings.TrimSpace(string(line)), "\t")
		if name == "" || strings.ContainsAny(name, "#[(?") || name == "ref" {
			continue
		}
		raw := "https://example.com/a?id=1&" + strings.ReplaceAll(name, "*", "x") + "=2&b=3"
		if got := canonical(raw); got != "https://example.com/a?id=1&b=3" {
			t.Errorf("canonical(%q) = %q", raw, got)
		}
	}
}

func TestCanonical(t *testing.T) {
	for _, c := range []struct{ raw, want string }{
		{"https://example.com/a?b=2&a=1", "https://example.com/a?b=2&a=1"},
		{"https://example.com/A%2fb?q=a+b&x=%C3%BC#part", "https://example.com/A%2fb?q=a+b&x=%C3%BC#part"},
		{"https://example.com/a?z=1&utm_source=rss&utm_medium=feed&a=2", "https://example.com/a?z=1&a=2"},
		{"https://example.com/a?utm_source=rss", "https://example.com/a"},
		{"https://example.com/a?fbclid=1&GCLID=2&mc_eid=3", "https://example.com/a"},
		{"https://example.com/a?ref=rss", "https://example.com/a"},
		{"https://example.com/a?ref=main", "https://example.com/a?ref=main"},
		{"https://example.com/a#xtor=RSS-3208", "https://example.com/a"},
		{"https://example.com/a?b=1&amp;c=2", "https://example.com/a?b=1&c=2"},
		{" https://example.com/a b\n", "https://example.com/a%20b"},
		{"https://user:secret@example.com/a", "https://example.com/a"},
		{"https://m.example.com/a", "https://example.com/a"},
		{"https://en.m.wikipedia.org/wiki/A", "https://en.wikipedia.org/wiki/A"},
		{"https://amp.example.co.uk/a", "https://example.co.uk/a"},
		{"https://m.co.uk/a", "https://m.co.uk/a"},
		{"https://example.com/a/amp/", "https://example.com/a/"},
		{"https://example.com/a.amp.html", "https://example.com/a.html"},
		{"https://example.com/a?outputType=amp", "https://example.com/a"},
		{"https://www-example-com.cdn.ampproject.org/c/s/www.example.com/a", "https://www.example.com/a"},
		{"https://www.google.com/amp/s/example.com/a", "https://example.com/a"},
		{"https://www.google.com/url?rct=j&url=https%3A%2F%2Fexample.com%2Fa%3Futm_source%3Dx&ct=ga", "https://example.com/a"},
		{"https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.com%2Fa&h=1", "https://example.com/a"},
		{"https://www.bing.com/news/apiclick.aspx?ref=FexRss&url=https%3A%2F%2Fexample.com%2Fa&c=1", "https://example.com/a"},
		{"https://news.google.com/rss/articles/CBMiabc?oc=5", "https://news.google.com/rss/articles/CBMiabc?oc=5"},
		{"https://例え.jp/a", "https://xn--r8jz45g.jp/a"},
		{"javascript:alert(1)", ""},
		{"ftp://example.com/a", ""},
		{"/a", ""},
		{"mailto:a@example.com", ""},
		{"http://", ""},
	} {
		if got := canonical(c.raw); got != c.want {
			t.Errorf("canonical(%q) = %q, want %q", c.raw, got, c.want)
		}
	}
}

func TestKey(t *testing.T) {
	same := []string{
		"https://www.example.com/a/?y=2&x=1#part", "http://example.com/a?x=1&y=2", "HTTP://Example.com:80/a/?x=1&y=2", "https://example.com:443/a?&x=1&y=2",
	}
	for _, u := range same {
		if Key(u) != Key(same[0]) {
			t.Errorf("the key of %q is %q, that of %q is %q", u, Key(u), same[0], Key(same[0]))
		}
	}
	for _, u := range []string{"https://example.com/b?x=1&y=2", "https://example.com/a?x=1", "https://example.org/a?x=1&y=2", "https://example.com/a?x=1&y=2#!/c", "https://example.com/A?x=1&y=2"} {
		if Key(u) == Key(same[0]) {
			t.Errorf("%q and %q have one key", u, same[0])
		}
	}
}

func TestResolve(t *testing.T) {
	for _, c := range []struct{ base, ref, want string }{
		{"http://example.com/feed/atom.xml", "1", "http://example.com/feed/1"},
		{"http://example.com/feed/", "../a", "http://example.com/a"},
		{"https://example.com/feed", "//cdn.example.com/x", "https://cdn.example.com/x"},
		{"http://example.com/feed?x=1", "?y=2", "http://example.com/feed?y=2"},
		{"", "a", "a"},
		{"http://example.com/", "https://other.example/a", "https://other.example/a"},
	} {
		if got := resolve(c.base, c.ref); got != c.want {
			t.Errorf("resolve(%q, %q) = %q, want %q", c.base, c.ref, got, c.want)
		}
	}
}
