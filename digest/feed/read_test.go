package feed

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const full = `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:s="http://purl.org/rss/1.0/modules/syndication/"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>News &amp; more</title><link>https://example.com/</link><language>de-AT</language><ttl>30</ttl>
<atom:link rel="self" href="https://example.com/feed.xml"/><atom:link rel="hub" href="https://hub.example.com/"/>
<skipHours><hour>0</hour><hour>23</hour></skipHours><skipDays><day>Sunday</day></skipDays>
<s:updatePeriod>daily</s:updatePeriod><s:updateFrequency>2</s:updateFrequency>
<image><title>Logo</title><url>https://example.com/logo.png</url><link>https://example.com/about</link></image>
<item><title>First</title><link>/a?utm_source=rss</link><guid isPermaLink="false">tag:1</guid><dc:creator>Ann Lee</dc:creator>
<author>bob@example.com (Bob Ray)</author><category>World</category><dc:subject>Peace</dc:subject><category>World</category>
<pubDate>Tue, 03 Feb 2026 04:05:06 +0100</pubDate><description>Short.</description>
<content:encoded><![CDATA[<p>One.</p><p><img src="/i.jpg">Two.</p>]]></content:encoded></item>
<item><description>Only a text was given. It has no title.</description><media:content url="/s.jpg" width="100" type="image/jpeg"/>
<media:content url="/l.jpg" width="900" type="image/jpeg"/><dc:language>en</dc:language></item>
</channel></rss>`

func TestReadAllParts(t *testing.T) {
	got, err := Read([]byte(full), "application/rss+xml", "https://example.com/feed.xml")
	if err != nil {
		t.Fatal(err)
	}
	want := &Feed{
		Title: "News & more", Link: "https://example.com/", Language: "de", Format: "rss 2.0",
		Hints: Hints{
			TTL: 30 * time.Minute, SkipHours: []int{0, 23}, SkipDays: []time.Weekday{time.Sunday}, Period: 12 * time.Hour,
			Hub: "https://hub.example.com/", Self: "https://example.com/feed.xml",
		},
		Items: []Item{
			{
				ID: "tag:1", URL: "https://example.com/a", Title: "First", Text: "One.\n\nTwo.", Image: "https://example.com/i.jpg",
				Language: "de", Authors: []string{"Bob Ray", "Ann Lee"}, Categories: []string{"World", "Peace"},
				Published: time.Date(2026, 2, 3, 3, 5, 6, 0, time.UTC),
			},
			{
				ID: got.Items[1].ID, Title: "Only a text was given.", Text: "Only a text was given. It has no title.", Image: "https://example.com/l.jpg", Language: "en",
			},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if !strings.HasPrefix(got.Items[1].ID, "sha256:") {
		t.Errorf("the id is %q", got.Items[1].ID)
	}
}

// Wherever a feed breaks off, every item that is whole comes as it was.
func TestBrokenOffKeepsWholeItems(t *testing.T) {
	body := []byte(full)
	whole, err := Read(body, "", "https://example.com/feed.xml")
	if err != nil {
		t.Fatal(err)
	}
	for n := strings.Index(full, "<channel"); n < len(body); n++ {
		f, err := Read(body[:n], "", "https://example.com/feed.xml")
		if err != nil {
			t.Fatalf("after %d bytes: %v", n, err)
		}
		ends := strings.Count(full[:n], "</item>")
		if len(f.Items) < ends {
			t.Fatalf("after %d bytes there are %d items, want %d", n, len(f.Items), ends)
		}
		if diff := cmp.Diff(whole.Items[:ends], f.Items[:ends]); diff != "" {
			t.Fatalf("after %d bytes: %s", n, diff)
		}
	}
}

func TestNoFeed(t *testing.T) {
	for _, c := range []struct{ body, say string }{
		{"", "empty"},
		{"<!DOCTYPE html><html><head><title>x</title></head><body>hello</body></html>", "web page"},
		{"<opml version='2.0'><body/></opml>", "OPML"},
		{"<urlset/>", "sitemap"},
		{"<svg/>", "neither RSS nor Atom"},
		{`{"a":1}`, "not a JSON Feed"},
		{"hello", "neither"},
		{"%PDF-1.7 \x00\x01", "some other kind"},
	} {
		_, err := Read([]byte(c.body), "", "")
		if !errors.Is(err, ErrNotFeed) || !strings.Contains(err.Error(), c.say) {
			t.Errorf("%q: the error is %v, and does not say %q", c.body, err, c.say)
		}
	}
}

func TestJSONThatIsNotQuite(t *testing.T) {
	for name, body := range map[string]string{
		"a line break in a string": `{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","title":"First","content_text":"a` + "\n" + `b"}]}`,
		"a comma too many":         `{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","title":"First","content_text":"a\nb",},],}`,
		"numbers for strings":      `{"version":1,"items":[{"id":1,"title":"First","content_text":"a\nb","date_published":1770091506}, null, 3]}`,
		"broken off":               `{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","title":"First","content_text":"a\nb"},{"id":"2","ti`,
	} {
		f, err := Read([]byte(body), "application/feed+json", "")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(f.Items) != 1 || f.Items[0].Title != "First" || f.Items[0].Text != "a\nb" || len(f.Problems) == 0 {
			t.Errorf("%s: read %+v", name, f)
		}
	}
}

// What declares odd namespaces, or the usual ones in odd places, is read.
func TestNamespaces(t *testing.T) {
	for name, body := range map[string]string{
		"Atom as the default of RSS": `<rss xmlns="http://www.w3.org/2005/Atom"><channel><item><title>First</title><link>http://example.com/a</link></item></channel></rss>`,
		"an unknown default":         `<rss><channel xmlns="http://example.com/x"><item xmlns="http://example.com/y"><title xmlns="">First</title><link>http://example.com/a</link></item></channel></rss>`,
		"another prefix for media":   `<rss xmlns:m="https://search.yahoo.com/mrss"><channel><item><m:title>First</m:title><link>http://example.com/a</link></item></channel></rss>`,
		"foreign elements":           `<rss xmlns:x="http://example.com/x"><channel><item><x:title>Other</x:title><title>First</title><x:y><link>http://example.com/b</link></x:y><link>http://example.com/a</link></item></channel></rss>`,
		"declared at each element":   `<feed xmlns="http://www.w3.org/2005/Atom"><entry><dc:title xmlns:dc="http://purl.org/dc/elements/1.1/">First</dc:title><atom:link xmlns:atom="http://www.w3.org/2005/Atom" href="http://example.com/a"/></entry></feed>`,
	} {
		f, err := Read([]byte(body), "", "")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(f.Items) != 1 || f.Items[0].Title != "First" || f.Items[0].URL != article {
			t.Errorf("%s: read %+v", name, f.Items)
		}
	}
}
