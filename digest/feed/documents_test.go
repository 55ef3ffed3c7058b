package feed

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// document is a small feed, and what a careful reader finds in it: a line for
// each item, "title|address|date|text", of which the last may be left out. A
// line that begins with "feed:" is the title and the address of the whole.
type document struct{ name, body, want string }

const declares = ` xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"` +
	` xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"`

// inRSS is an item of RSS with a link, inAtom an entry with one.
func inRSS(s string) string {
	return `<rss version="2.0"` + declares + `><channel><title>News</title><link>http://example.com/</link><item>` + s +
		`</item></channel></rss>`
}

func inAtom(s string) string {
	return `<feed xmlns="http://www.w3.org/2005/Atom"` + declares + `><title>News</title><entry>` + s + `</entry></feed>`
}

func checkDocument(t *testing.T, d document, base string) {
	t.Run(d.name, func(t *testing.T) {
		f, err := Read([]byte(d.body), "", base)
		if err != nil {
			t.Fatal(err)
		}
		want := strings.Split(d.want, "\n")
		var got []string
		if strings.HasPrefix(want[0], "feed:") {
			got = append(got, "feed:"+f.Title+"|"+f.Link)
		}
		for _, it := range f.Items {
			published := ""
			if !it.Published.IsZero() {
				published = it.Published.UTC().Format(time.RFC3339)
			}
			parts := []string{it.Title, it.URL, published, it.Text}
			if n := len(got); n < len(want) {
				parts = parts[:strings.Count(want[n], "|")+1]
			}
			got = append(got, strings.Join(parts, "|"))
		}
		if g := strings.Join(got, "\n"); g != d.want {
			t.Errorf("read %q, want %q; problems %q", g, d.want, f.Problems)
		}
	})
}

func TestLinks(t *testing.T) {
	for _, c := range []struct{ name, link, want string }{
		{"white space around", "<link>\n  http://example.com/a\n </link>", article},
		{"a line break within", "<link>http://example.com/\n   a</link>", article},
		{"no scheme", "<link>www.example.com/a</link>", "http://www.example.com/a"},
		{"no scheme, the host of the site", "<link>example.com/a</link>", article},
		{"no colon", "<link>http//example.com/a</link>", article},
		{"one slash", "<link>http:/example.com/a</link>", article},
		{"three slashes", "<link>http:///example.com/a</link>", article},
		{"two schemes", "<link>http://http://example.com/a</link>", article},
		{"the scheme of feeds", "<link>feed:http://example.com/a</link>", article},
		{"backslashes", `<link>http:\\example.com\a</link>`, article},
		{"an escaped reference", "<link>http://example.com/a?x=1&amp;#38;y=2</link>", article + "?x=1&y=2"},
		{"references without a semicolon", "<link>http://example.com/a?x=1&y=2&reg=3</link>", article + "?x=1&y=2&reg=3"},
		{"in an element of HTML", `<link><a href="http://example.com/x">http://example.com/a</a></link>`, article},
		{"only a query", "<link>?p=12</link>", "http://example.com/?p=12"},
		{"in an attribute", `<link href="http://example.com/a"/>`, article},
		{"of Atom behind an empty one", `<link/><atom:link rel="alternate" href="http://example.com/a"/>`, article},
		{"of Atom, to the feed itself", `<link>http://example.com/a</link><atom:link rel="self" href="http://example.com/f"/>`, article},
		{"a program", "<link>javascript:alert(1)</link>", ""},
		{"the guid", "<guid>http://example.com/a</guid>", article},
		{"the guid beside the link", "<guid>http://example.com/g</guid><link>http://example.com/a</link>", article},
		{"a guid that is none", `<guid isPermaLink="false">1-2</guid>`, ""},
		{"an enclosure, rather than a number", `<guid>1-2</guid><enclosure url="http://example.com/a" type="audio/mpeg"/>`, article},
		{"that of an image", "<image><link>http://example.com/i</link></image><link>http://example.com/a</link>", article},
		{"comments", "<comments>http://example.com/c</comments><link>http://example.com/a</link>", article},
		{"a base of its own", `<link xml:base="http://example.com/b/">../a</link>`, article},
	} {
		checkDocument(t, document{c.name, inRSS("<title>T</title>" + c.link), "T|" + c.want}, "http://example.com/feed.xml")
	}
	for _, c := range []struct{ name, link, want string }{
		{"alternate among others", `<link rel="self" href="/s"/><link rel="ALTERNATE" href="/a"/><link rel="edit" href="/e"/>`, article},
		{"a page, rather than data", `<link type="text/html" href="/a"/><link type="application/pdf" href="/p"/>`, article},
		{"an id that is an address, rather than related", `<id>http://example.com/a</id><link rel="related" href="/r"/>`, article},
		{"what is related, at last", `<id>urn:1</id><link rel="related" href="/a"/>`, article},
		{"content elsewhere", `<content src="/a" type="text/html"/>`, article},
		{"that of the source", `<source><link href="http://other.example/"/></source><link href="/a"/>`, article},
		{"an element of HTML", `<link href="/a"/><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><link href="/x"/></div></content>`, article},
	} {
		checkDocument(t, document{c.name, inAtom("<title>T</title>" + c.link), "T|" + c.want}, "http://example.com/feed.xml")
	}
}

func TestTitles(t *testing.T) {
	for _, d := range []document{
		{"a tag that is spoken of", inRSS("<title>The &lt;video&gt; element</title>"), "The <video> element"},
		{"a type that is spoken of", inRSS("<title>List&lt;String&gt; in Java</title>"), "List<String> in Java"},
		{"an address of mail", inRSS("<title>Mail from &lt;a@b.example&gt;</title>"), "Mail from <a@b.example>"},
		{"plain text of Atom", inAtom(`<title type="text">History of the &lt;blink&gt; tag</title>`), "History of the <blink> tag"},
		{"HTML of Atom", inAtom(`<title type="html">&lt;b&gt;Bold&lt;/b&gt; &amp;amp; more</title>`), "Bold & more"},
		{"XHTML with a prefix", inAtom(`<title type="xhtml"><h:div xmlns:h="http://www.w3.org/1999/xhtml">A <h:em>b</h:em></h:div></title>`), "A b"},
		{"an element that does not end", inRSS(`<title>safe&lt;object classid="x"&gt; description</title>`), "safe description"},
		{"a comment that does not end", inRSS("<title>sa&lt;!-- -- x &gt;fe</title>"), "safe"},
		{"a comment", inRSS("<title>sa<!-- x -->fe</title>"), "safe"},
		{"CDATA in CDATA", inRSS("<title><![CDATA[<![CDATA[Title]]>]]></title>"), "Title"},
		{"CDATA, escaped", inRSS("<title>&lt;![CDATA[Title &amp; more]]&gt;</title>"), "Title & more"},
		{"CDATA in small letters", inRSS("<title><![cdata[Title]]></title>"), "Title"},
		{"CDATA in parts", inRSS("<title>One <![CDATA[& two]]> three</title>"), "One & two three"},
		{"two halves of a character", inRSS("<title>Hi &#xD83D;&#xDE00; &#55357;&#56832;!</title>"), "Hi 😀 😀!"},
		{"half a character", inRSS("<title>Hi &#xD83D;!</title>"), "Hi !"},
		{"two halves in UTF-8", inRSS("<title>Hi \xed\xa0\xbd\xed\xb8\x80</title>"), "Hi 😀"},
		{"references of all kinds", inRSS("<title>&#8220;A&#X201D; &ndash; b&#39;s &#133;</title>"), "“A” – b's …"},
		{"not quite references", inRSS("<title>R&D & x &; &#; &#x; y</title>"), "R&D & x &; &#; &#x; y"},
		{"an unknown reference", inRSS("<title>A &nosuch; b</title>"), "A &nosuch; b"},
		{"of another element", inRSS(`<x:y xmlns:x="urn:x"><title>X</title></x:y><image><title>I</title></image><title>T</title>`), "T"},
		{"of media, first", inRSS("<media:title>M</media:title><title>T</title>"), "T"},
		{"of media, alone", inRSS("<media:content><media:title>T</media:title></media:content>"), "T"},
		{"of Dublin Core behind an empty one", inRSS("<title/><dc:title>T</dc:title>"), "T"},
		{"nothing to see", inRSS("<title>&lt;p&gt;&amp;nbsp;&lt;/p&gt;</title><description>A short note</description>"), "A short note"},
		{"of the feed, twice", `<rss><channel><title>N</title></channel><channel><title>M</title></channel></rss>`, "feed:N|"},
		{"of the feed's image", `<rss><channel><image><title>I</title><link>http://example.com/i</link></image><title>N</title><link>http://example.com/</link></channel></rss>`, "feed:N|http://example.com/"},
	} {
		checkDocument(t, d, "")
	}
}

func TestTexts(t *testing.T) {
	for _, d := range []document{
		{"a tag that is no tag", inRSS("<title>T</title><description>a &lt; b\n\nc</description>"), "T|||a < b\n\nc"},
		{"a form that does not end", inRSS("<title>T</title><description>&lt;form&gt;One &lt;b&gt;two&lt;/b&gt;</description>"), "T|||One two"},
		{"a form that ends", inRSS("<title>T</title><description>&lt;form&gt;One&lt;/form&gt; two</description>"), "T|||two"},
		{"CDATA, escaped", inRSS("<title>T</title><description>&lt;![CDATA[&lt;p&gt;One&lt;/p&gt;&lt;p&gt;Two&lt;/p&gt;]]&gt;</description>"), "T|||One\n\nTwo"},
		{"base64", inAtom(`<title>T</title><content type="text/plain" mode="base64">SGVsbG8gd29ybGQ=</content>`), "T|||Hello world"},
		{"an image in base64", inAtom(`<title>T</title><content type="image/png">iVBORw0KGgo=</content>`), "T|||"},
		{"text of JSON", `{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","title":"T","content_text":"a < b\n\nc"}]}`, "T|||a < b\n\nc"},
	} {
		checkDocument(t, d, "")
	}
}

func TestDatesOfItems(t *testing.T) {
	const day = "2004-01-01T00:00:00Z"
	for _, d := range []document{
		{"dc:date", inRSS("<dc:date>2004-01-01</dc:date>"), day},
		{"dcterms:created", inRSS("<dcterms:created>2004-01-01</dcterms:created>"), day},
		{"pubDate, rather than dc:date", inRSS("<dc:date>2005-01-01</dc:date><pubDate>1 Jan 2004</pubDate>"), day},
		{"dc:date, where pubDate is none", inRSS("<pubDate>soon</pubDate><dc:date>2004-01-01</dc:date>"), day},
		{"prism", inRSS(`<p:publicationDate xmlns:p="http://prismstandard.org/namespaces/basic/2.0/">2004-01-01</p:publicationDate>`), day},
		{"a namespace in capitals", inRSS(`<x:date xmlns:x="HTTP://PURL.ORG/DC/ELEMENTS/1.1/">2004-01-01</x:date>`), day},
		{"an element of no one", inRSS(`<x:pubDate xmlns:x="urn:x">2004-01-01</x:pubDate>`), ""},
		{"until when it holds", inRSS("<expirationDate>2004-01-01</expirationDate>"), ""},
		{"published, rather than updated", inAtom("<updated>2005-01-01</updated><published>2004-01-01</published>"), day},
		{"updated, where published is none", inAtom("<published>n/a</published><updated>2004-01-01</updated>"), day},
		{"that of the source", inAtom("<source><updated>2001-01-01</updated></source><updated>2004-01-01</updated>"), day},
		{"pubDate in Atom", inAtom("<pubDate>Thu, 01 Jan 2004 00:00:00 GMT</pubDate>"), day},
	} {
		d.want = "||" + d.want
		checkDocument(t, d, "")
	}
}

func TestBases(t *testing.T) {
	const entry = `<entry><title>T</title><link href="a"/></entry></feed>`
	for _, c := range []struct{ name, body, want string }{
		{"of all levels", `<feed xml:base="http://example.com/x/y/z"><entry xml:base="../b/"><title>T</title><link xml:base="c/" href="a"/></entry></feed>`, "/x/b/c/a"},
		{"relative to the document", `<feed xml:base="/b/">` + entry, "/b/a"},
		{"without a scheme", `<feed xml:base="//example.com/b/">` + entry, "/b/a"},
		{"that leads nowhere", `<feed xml:base="javascript:alert(1)//">` + entry, "/f/a"},
		{"of files", `<feed xml:base="file:///home/x/">` + entry, "/f/a"},
		{"empty", `<feed xml:base="">` + entry, "/f/a"},
		{"of the site", `<rss><channel><link>/blog/</link><item><title>T</title><link>a</link></item></channel></rss>`, "/blog/a"},
		{"of channel and item", `<rss><channel xml:base="/b/"><item xml:base="c/"><title>T</title><link>a</link></item></channel></rss>`, "/b/c/a"},
	} {
		checkDocument(t, document{c.name, c.body, "T|http://example.com" + c.want}, "http://example.com/f/feed.xml")
	}
}

func TestFramesThatAreNotAsTheyShouldBe(t *testing.T) {
	item := "<item><title>T</title><link>http://example.com/a</link>"
	two := "T|http://example.com/a\nU|http://example.com/b"
	second := "<item><title>U</title><link>http://example.com/b</link></item></channel></rss>"
	for _, d := range []document{
		{"a channel without its root", "<channel><title>N</title>" + item + "</item></channel>", "feed:N|\nT|http://example.com/a"},
		{"an entry alone", `<entry xmlns="http://www.w3.org/2005/Atom"><title>T</title><link href="http://example.com/a"/></entry>`, "T|http://example.com/a"},
		{"items in items", "<rss><channel>" + item + second, two},
		{"two documents", inRSS("<title>T</title>") + inRSS("<title>U</title>"), "T\nU"},
		{"blanks in end tags", "<rss><channel>" + item + "<author>x</ author ></ item ></channel></rss>", "T|http://example.com/a"},
		{"end tags in other letters", "<rss><channel><item><title>T</Title><link>http://example.com/a</LINK></Item>" + second, two},
		{"a description without an end", "<rss><channel><item><title>T</title><description>text<link>http://example.com/a</link></item>" + second, two},
		{"CDATA without an end", "<rss><channel>" + item + "<description><![CDATA[text</description></item>" + second, two},
		{"a quote without an end", `<feed><entry><title>T</title><link href="http://example.com/a/></entry><entry><title>U</title><link href="http://example.com/b"/></entry></feed>`, "T|http://example.com/a/\nU|http://example.com/b"},
		{"an item in a comment", "<rss><channel>" + item + "</item><!-- <item><title>No</title></item> -->" + second, two},
		{"an item as an example", "<rss><channel>" + item + "<description><![CDATA[<item><title>x</title></item>]]></description></item>" + second, two},
		{"an answer with its header", "HTTP/1.1 200 OK\r\n\r\n" + inRSS("<title>T</title>"), "T"},
		{"a string of a web service", "<string>&lt;rss&gt;&lt;channel&gt;&lt;item&gt;&lt;title&gt;T&lt;/title&gt;&lt;/item&gt;&lt;/channel&gt;&lt;/rss&gt;</string>", "T"},
		{"a JSON Feed without items", `{"version":"https://jsonfeed.org/version/1","title":"N"}`, "feed:N|"},
	} {
		checkDocument(t, d, "")
	}
	if f, err := Read([]byte("<channel><title>N</title></channel>"), "", ""); err == nil {
		t.Errorf("a channel without root and items is a feed: %+v", f)
	}
}

func TestEncodings(t *testing.T) {
	for _, c := range []struct {
		label string
		enc   encoding.Encoding
		title string
	}{
		{"iso-8859-1", charmap.Windows1252, "“Größe” – it’s €5"},
		{"utf-8", charmap.Windows1252, "“Größe” – it’s €5"},
		{"us-ascii", charmap.Windows1252, "“Größe” – it’s €5"},
		{"iso-8859-2", charmap.ISO8859_2, "Žluťoučký kůň"},
		{"iso-8859-15", charmap.ISO8859_15, "Preis 5 €"},
		{"macintosh", charmap.Macintosh, "“Größe” – it’s"},
		{"cp1251", charmap.Windows1251, "Новости дня"},
		{"KOI8-R", charmap.KOI8R, "Новости дня"},
		{"windows-1256", charmap.Windows1256, "أخبار اليوم"},
		{"tis-620", charmap.Windows874, "ข่าววันนี้"},
		{"gb2312", simplifiedchinese.GBK, "新闻标题“测试”镕"},
		{"big5", traditionalchinese.Big5, "新聞標題"},
		{"euc-jp", japanese.EUCJP, "ニュースの題名"},
		{"Shift_JIS", japanese.ShiftJIS, "ニュースの題名"},
		{"iso-2022-jp", japanese.ISO2022JP, "ニュースの題名"},
		{"ks_c_5601-1987", korean.EUCKR, "뉴스 제목"},
		{"cp037", charmap.CodePage037, "Plain title"},
		{"utf-16", encoding.Nop, "Größe – č"},
	} {
		body, err := c.enc.NewEncoder().String(`<?xml version="1.0" encoding="` + c.label + `"?>` + inRSS("<title>"+c.title+"</title>"))
		if err != nil {
			t.Fatal(err)
		}
		checkDocument(t, document{c.label, body, c.title}, "")
	}
	checkDocument(t, document{"few characters, as many broken", inRSS("<title>£30 or £40 \xff\xfe</title>") + "£", "£30 or £40 \uFFFD"}, "")
	checkDocument(t, document{"blanks before UTF-16", wide16("\n " + inRSS("<title>Čas</title>")), "Čas"}, "")
	checkDocument(t, document{"JSON in UTF-16", wide16(`{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","title":"Čas"}]}`), "Čas"}, "")
}
