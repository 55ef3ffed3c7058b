package feed

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestReadOPML(t *testing.T) {
	for _, test := range []struct {
		name, list string
		want       []Outline
		skipped    int
	}{
		{"OPML 2 with folders", `<?xml version="1.0"?><opml version="2.0"><head><title>x</title></head><body>
			<outline text="News" title="News"><outline type="rss" text="A &amp; B" xmlUrl="https://a.example/feed?x=1&amp;y=2" htmlUrl="https://a.example/"/>
			<outline text="Europe/East"><outline text="C" xmlUrl="http://c.example/"/></outline></outline>
			<outline text="D" xmlUrl="http://d.example/"/></body></opml>`, []Outline{
			{Title: "A & B", URL: "https://a.example/feed?x=1&y=2", Folder: "News"},
			{Title: "C", URL: "http://c.example/", Folder: "News/Europe-East"}, {Title: "D", URL: "http://d.example/"}}, 0},
		{"OPML 1, names in any case, unescaped", `<OPML version="1.1"><BODY><Outline TITLE="B & C" XMLURL="http://a.example/?a=1&b=2"></Outline></BODY></OPML>`,
			[]Outline{{Title: "B & C", URL: "http://a.example/?a=1&b=2"}}, 0},
		{"categories", `<opml><body><outline text="A" xmlUrl="http://a.example/" category="/News/World,/Other"/></body></opml>`,
			[]Outline{{Title: "A", URL: "http://a.example/", Folder: "News/World"}}, 0},
		{"feed addresses", `<opml><body><outline xmlUrl="feed://a.example/"/><outline xmlUrl="feed:http://b.example/"/><outline type="rss" url="http://c.example/"/></body></opml>`,
			[]Outline{{URL: "https://a.example/"}, {URL: "http://b.example/"}, {URL: "http://c.example/"}}, 0},
		{"what is no feed on the web", `<opml><body><outline xmlUrl="file:///etc/passwd"/><outline xmlUrl="javascript:x"/><outline xmlUrl="relative"/>
			<outline type="link" url="http://a.example/" text="only a link"/></body></opml>`, nil, 3},
		{"a feed with feeds in it", `<opml><body><outline text="A" xmlUrl="http://a.example/"><outline text="B" xmlUrl="http://b.example/"/></outline></body></opml>`,
			[]Outline{{Title: "A", URL: "http://a.example/"}, {Title: "B", URL: "http://b.example/"}}, 0},
		{"Latin-1", "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><opml><body><outline text=\"Zeitung f\xfcr alle\" xmlUrl=\"http://a.example/\"/></body></opml>",
			[]Outline{{Title: "Zeitung für alle", URL: "http://a.example/"}}, 0},
		{"too many ends", `<opml><body></outline></outline><outline xmlUrl="http://a.example/"/>`, []Outline{{URL: "http://a.example/"}}, 0},
	} {
		got, skipped, err := ReadOPML(strings.NewReader(test.list))
		if err != nil || skipped != test.skipped {
			t.Errorf("%s: %d skipped, error %v", test.name, skipped, err)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestReadOPMLRefuses(t *testing.T) {
	for name, list := range map[string]string{
		"nothing": "", "a feed": "<rss><channel/></rss>", "JSON": "{}", "broken off": `<opml><body><outline text="a`,
		"deep":  "<opml>" + strings.Repeat(`<outline text="a">`, 1000),
		"long":  "<opml>" + strings.Repeat(`<outline xmlUrl="http://a/"/>`, mostOutlines+1),
		"large": strings.Repeat(" ", mostOPML+1),
	} {
		if got, _, err := ReadOPML(strings.NewReader(list)); err == nil {
			t.Errorf("%s was read: %d feeds", name, len(got))
		}
	}
}

func TestOPMLComesBack(t *testing.T) {
	feeds := []Outline{
		{Title: `A "quoted" 1 < 2 & 'more'`, URL: "https://a.example/?a=1&b=<>", Folder: "Україна & мир"},
		{Title: "no folder", URL: "http://b.example/"},
		{Title: "second\x00of the\u202efolder", URL: "http://c.example/", Folder: "Україна & мир"},
		{URL: "http://d.example/", Folder: "x/y"},
	}
	var b bytes.Buffer
	if err := WriteOPML(&b, "Feeds", time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), feeds); err != nil {
		t.Fatal(err)
	}
	got, skipped, err := ReadOPML(&b)
	want := []Outline{
		{Title: feeds[0].Title, URL: "https://a.example/?a=1&b=<>", Folder: feeds[0].Folder},
		{Title: "second\ufffdof thefolder", URL: "http://c.example/", Folder: feeds[0].Folder},
		{Title: "no folder", URL: "http://b.example/"},
		{Title: "http://d.example/", URL: "http://d.example/", Folder: "x-y"},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil || skipped != 0 {
		t.Errorf("%d skipped, error %v (-want +got):\n%s", skipped, err, diff)
	}
}

func FuzzReadOPML(f *testing.F) {
	f.Add([]byte(`<opml><body><outline text="a"><outline xmlUrl="http://a.example/" category="/x"/></outline></body></opml>`))
	f.Add([]byte(`<opml><outline`))
	f.Fuzz(func(t *testing.T, list []byte) {
		feeds, _, err := ReadOPML(bytes.NewReader(list))
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := WriteOPML(&b, "x", time.Time{}, feeds); err != nil {
			t.Fatal(err)
		}
		again, skipped, err := ReadOPML(&b)
		if err != nil || skipped > 0 || len(again) != len(feeds) {
			t.Errorf("%d feeds became %d, %d skipped, error %v", len(feeds), len(again), skipped, err)
		}
	})
}
