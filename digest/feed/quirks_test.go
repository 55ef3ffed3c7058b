package feed

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
)

const (
	article  = "http://example.com/a"
	rssOpen  = `<rss version="2.0"><channel><title>News</title><link>http://example.com/</link>`
	rssItem1 = `<item><title>First</title><link>http://example.com/a</link><guid isPermaLink="false">1</guid>` +
		`<pubDate>Tue, 03 Feb 2026 04:05:06 GMT</pubDate><description>Said.</description></item>`
	rssEnd   = `</channel></rss>`
	atomItem = `<entry><title>First</title><link href="http://example.com/a"/><id>1</id><updated>2026-02-03T04:05:06Z</updated></entry>`
)

func gz(s string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(s))
	z.Close()
	return b.String()
}

func wide16(s string) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u>>8), byte(u))
	}
	return string(b)
}

// quirk is a fault as feeds have it, and what must be read all the same.
type quirk struct {
	name, body, contentType string
	title, url              string // of the first item; First and article when empty
	more                    func(*Feed) error
}

func check(ok bool, format string, args ...any) error {
	if ok {
		return nil
	}
	return fmt.Errorf(format, args...)
}

// quirks are the faults that a reader meets; the last two are formats that no
// one writes any more.
func quirks() []quirk {
	named := func(title, link string) string {
		return rssOpen + "<item><title>" + title + "</title>" + link + "</item>" + rssEnd
	}
	withLink := func(title string) string { return named(title, "<link>http://example.com/a</link>") }
	items := func(n int) func(*Feed) error {
		return func(f *Feed) error { return check(len(f.Items) == n, "%d items, want %d", len(f.Items), n) }
	}
	dated := func(f *Feed) error {
		want := time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
		return check(f.Items[0].Published.Equal(want), "published %v", f.Items[0].Published)
	}
	text := func(want string) func(*Feed) error {
		return func(f *Feed) error { return check(f.Items[0].Text == want, "text %q, want %q", f.Items[0].Text, want) }
	}
	return []quirk{
		{name: "a PHP warning before the XML", body: "<br />\n<b>Warning</b>: Undefined variable $a in <b>/www/feed.php</b> on line <b>3</b><br />\n<?xml version='1.0'?>" + rssOpen + rssItem1 + rssEnd, more: dated},
		{name: "text before the XML", body: "Notice: cache is cold\n\n" + rssOpen + rssItem1 + rssEnd, more: dated},
		{name: "a long comment before the root", body: `<?xml version="1.0"?><!-- ` + strings.Repeat("generated ", 600) + "-->" + rssOpen + rssItem1 + rssEnd},
		{name: "a root tag of 5 KB", body: `<rss version="2.0"` + longAttributes() + `><channel><title>News</title>` + rssItem1 + rssEnd},
		{name: "XML 1.1", body: `<?xml version="1.1" encoding="UTF-8"?>` + rssOpen + rssItem1 + rssEnd},
		{name: "UTF-16 with a mark", body: "\xFE\xFF" + wide16(`<?xml version="1.0" encoding="UTF-16"?>`+withLink("Čas")), title: "Čas"},
		{name: "UTF-16 without a mark", body: wide16(`<?xml version="1.0"?>` + withLink("Čas")), title: "Čas"},
		{name: "charset in the answer only", body: withLink("\xCF\xF0\xE8\xE2\xE5\xF2, \xEC\xE8\xF0"), contentType: "text/xml; charset=windows-1251", title: "Привет, мир"},
		{name: "ISO-8859-1 that is UTF-8", body: `<?xml version="1.0" encoding="ISO-8859-1"?>` + withLink("Größe"), title: "Größe"},
		{name: "an unknown encoding", body: `<?xml version="1.0" encoding="utf-8-strange"?>` + withLink("Größe"), title: "Größe"},
		{name: "one byte that is not UTF-8", body: withLink("Größe über \xFF alles, äöüß"), title: "Größe über \uFFFD alles, äöüß"},
		{name: "a reference to a control character", body: withLink("Fi&#x1F;rst")},
		{name: "U+FFFE", body: withLink("Fi\uFFFErst")},
		{name: "an entity of the document type", body: `<!DOCTYPE rss [<!ENTITY co "Müller &amp; Co">]>` + withLink("By &co;"), title: "By Müller & Co"},
		{name: "a bare <", body: withLink("When a < b and c > d"), title: "When a < b and c > d"},
		{name: "escaped twice", body: withLink("Tom &amp;amp;amp; Jerry"), title: "Tom & Jerry"},
		{name: "HTML in a title", body: withLink("&lt;b&gt;Fi&lt;/b&gt;rst&lt;br/&gt;"), title: "First"},
		{name: "broken off", body: rssOpen + rssItem1 + "<item><title>Second</title><link>http://example.com/b</link><descr", more: func(f *Feed) error {
			return errors.Join(dated(f), check(len(f.Problems) > 0, "no problem noted"))
		}},
		{name: "a tag that is not closed", body: rssOpen + "<item><title>First<link>http://example.com/a</link></item><item><title>Second</title></item>" + rssEnd, more: items(2)},
		{name: "the guid is the link", body: named("First", "<guid>http://example.com/a</guid>")},
		{name: "atom:link is the link", body: named("First", `<atom:link xmlns:atom="http://www.w3.org/2005/Atom" href="http://example.com/a"/>`)},
		{name: "the enclosure is the link", body: named("First", `<enclosure url="http://example.com/a" type="audio/mpeg" length="1"/>`)},
		{name: "a relative link", body: named("First", "<link>/a</link>")},
		{name: "a link without a scheme", body: named("First", "<link>//example.com/a</link>")},
		{name: "the Atom namespace with https", body: `<feed xmlns="https://www.w3.org/2005/Atom/"><title>News</title>` + atomItem + "</feed>", more: dated},
		{name: "Atom inside a web page", body: "<!DOCTYPE html><html><body><feed xmlns='http://www.w3.org/2005/Atom'>" + atomItem + "</feed></body></html>", more: dated},
		{name: "JSON Feed with a mark", body: "\uFEFF" + `{"version":"https://jsonfeed.org/version/1.1","title":"News","items":[{"id":"1","url":"http://example.com/a","title":"First"}]}`},
		{name: "JSON attachments that are strings", body: `{"version":"https://jsonfeed.org/version/1","items":[{"id":1,"url":"http://example.com/a","title":"First","attachments":["http://example.com/x.mp3"],"tags":"one","author":"Ann"}]}`},
		{name: "compressed without saying so", body: gz(withLink("First"))},
		{name: "a German date", body: named("First", "<link>http://example.com/a</link><pubDate>Di, 03 Feb. 2026 04:05:06 +0000</pubDate>"), more: dated},
		{name: "a Russian date", body: named("First", "<link>http://example.com/a</link><pubDate>Вт, 03 фев 2026 07:05:06 MSK</pubDate>"), more: dated},
		{name: "a UTF-8 mark and blank lines before the declaration", body: "\xEF\xBB\xBF\n\n <?xml version='1.0'?>" + rssOpen + rssItem1 + rssEnd},
		{name: "an HTML entity", body: withLink("Fran&ccedil;ois&nbsp;&mdash; &eacute;lu"), title: "François — élu"},
		{name: "a bare &", body: named("AT&T", "<link>http://example.com/?a=1&b=2&copy=3</link>"), title: "AT&T", url: "http://example.com/?a=1&b=2&copy=3"},
		{name: "an unclosed CDATA section", body: rssOpen + "<item><title><![CDATA[First</title><link>http://example.com/a</link></item>" + rssItem1 + rssEnd, more: items(2)},
		{name: "upper case", body: "<RSS VERSION='2.0'><CHANNEL><TITLE>News</TITLE><ITEM><TITLE>First</TITLE><LINK>http://example.com/a</LINK></ITEM></CHANNEL></RSS>"},
		{name: "attributes without quotes", body: "<rss version=2.0><channel><item><title>First</title><guid isPermaLink=true>http://example.com/a</guid></item></channel></rss>"},
		{name: "xml:base of a file", body: `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://example.com/feed/atom.xml"><entry><title>First</title><link href="../a"/></entry></feed>`},
		{name: "XHTML in Atom", body: `<feed xmlns="http://www.w3.org/2005/Atom"><entry><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Fi<b>rst</b></div></title><link href="http://example.com/a"/><content type="xhtml"><x:div xmlns:x="http://www.w3.org/1999/xhtml"><x:p>One</x:p><x:p>Two</x:p></x:div></content></entry></feed>`, more: text("One\n\nTwo")},
		{name: "media:group", body: `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"><entry><link href="http://example.com/a"/><media:group><media:title>First</media:title><media:thumbnail url="http://example.com/t.jpg"/><media:description>Said.</media:description></media:group></entry></feed>`, more: func(f *Feed) error {
			return check(f.Items[0].Text == "Said." && f.Items[0].Image == "http://example.com/t.jpg", "text %q image %q", f.Items[0].Text, f.Items[0].Image)
		}},
		{name: "content:encoded without its namespace", body: named("First", "<link>http://example.com/a</link><content:encoded><![CDATA[<p>One</p><p>Two</p>]]></content:encoded>"), more: text("One\n\nTwo")},
		{name: "items outside of the channel", body: `<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><channel><title>News</title></channel><item rdf:about="http://example.com/a"><title>First</title></item></rdf:RDF>`},
		{name: "Atom 0.3", body: `<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title mode="base64">Rmlyc3Q=</title><link rel="alternate" href="http://example.com/a"/><issued>2026-02-03T04:05:06Z</issued></entry></feed>`, more: dated},
		{name: "control characters", body: withLink("Fi\x00\x08\x1Frst")},
		{name: "prefixes on everything", body: `<r:rss xmlns:r="http://backend.userland.com/rss2"><r:channel><r:item><r:title>First</r:title><r:link>http://example.com/a</r:link></r:item></r:channel></r:rss>`},
		{name: "references to windows-1252", body: withLink("It&#146;s &#147;here&#148;"), title: "It’s “here”"},
		{name: "two elements of one name", body: named("First", "<title>Other</title><link>http://example.com/a</link>")},
		{name: "RSS 1.1", body: `<Channel xmlns="http://purl.org/net/rss1.1#"><title>News</title><items><item><title>First</title></item></items></Channel>`, title: "-"},
		{name: "CDF", body: `<CHANNEL HREF="http://example.com/"><TITLE>News</TITLE><ITEM HREF="http://example.com/a"><TITLE>First</TITLE></ITEM></CHANNEL>`, title: "-"},
	}
}

func longAttributes() string {
	var b strings.Builder
	for i := range 40 {
		fmt.Fprintf(&b, " xmlns:n%d=\"http://example.com/a/very/long/namespace/that/no/one/reads/%0100d\"", i, i)
	}
	return b.String()
}

func TestQuirks(t *testing.T) {
	all := quirks()
	if len(all) != 49 {
		t.Errorf("there are %d quirks, not 49", len(all))
	}
	for _, q := range all {
		t.Run(q.name, func(t *testing.T) {
			f, err := Read([]byte(q.body), q.contentType, "http://example.com/feed.xml")
			if q.title == "-" {
				if err == nil || !errors.Is(err, ErrNotFeed) {
					t.Errorf("a dead format was read as %+v, error %v", f, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if len(f.Items) == 0 {
				t.Fatalf("no items; problems %q", f.Problems)
			}
			wantTitle, wantURL := "First", article
			if q.title != "" {
				wantTitle = q.title
			}
			if q.url != "" {
				wantURL = q.url
			}
			if it := f.Items[0]; it.Title != wantTitle || it.URL != wantURL {
				t.Errorf("read %q at %q, want %q at %q; problems %q", it.Title, it.URL, wantTitle, wantURL, f.Problems)
			}
			if q.more != nil {
				if err := q.more(f); err != nil {
					t.Error(err)
				}
			}
		})
	}
}
