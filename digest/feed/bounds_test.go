package feed

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

// bomb is a document made to cost much.
type bomb struct {
	name, body string
	// reason is a word of what the reader must say of it.
	reason string
}

func bombs() []bomb {
	var spaces, entities strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&spaces, ` xmlns:n%d="u:%d"`, i, i)
	}
	for i := range 20 {
		fmt.Fprintf(&entities, `<!ENTITY e%d "%s">`, i, strings.Repeat(fmt.Sprintf("&e%d;", max(i-1, 0)), 10))
	}
	nested := strings.Builder{}
	for i := range 10000 {
		fmt.Fprintf(&nested, `<n%d:a xmlns:n%d="u:%d">`, i, i, i)
	}
	split := func(piece string) string {
		return rssOpen + "<item><x:t xmlns:x='u:x'>" + strings.Repeat("some text "+piece, 60000) + "</x:t></item>" + rssEnd
	}
	return []bomb{
		{"two million elements in each other", rssOpen + "<item>" + strings.Repeat("<x:a>", 2000000), "64 deep"},
		{"ten thousand elements with a namespace each", rssOpen + "<item>" + nested.String(), "64 deep"},
		{"three thousand namespaces", "<rss><channel" + spaces.String() + ">" + strings.Repeat("<x/>", 12000) + rssEnd, "64 attributes"},
		{"text split by comments", split("<!-- c -->"), ""},
		{"text split by children", split("<x:b/>"), ""},
		{"wanted text split by sections", strings.NewReplacer("x:t", "description").Replace(split("<![CDATA[ ]]>")), "long text"},
		{"half a million items", rssOpen + strings.Repeat("<item/>", 500000) + rssEnd, "1,000 items"},
		{"a billion laughs", "<!DOCTYPE rss [" + entities.String() + "]>" + rssOpen + "<item><title>&e19;</title></item>" + rssEnd, ""},
		{"an entity of 1 KB a million times", `<!DOCTYPE rss [<!ENTITY a "` + strings.Repeat("a", 1000) + `">]>` + rssOpen +
			strings.Repeat("<item><title>"+strings.Repeat("&a;", 1000)+"</title></item>", 900) + rssEnd, ""},
		{"four million bare &", rssOpen + "<item><description>" + strings.Repeat("&", 4000000) + "</description></item>" + rssEnd, "long text"},
		{"comments that do not end", rssOpen + strings.Repeat("<!--", 1500000), ""},
		{"comments in a text that do not end", rssOpen + "<item><description>" + strings.Repeat("<!--", 120000) + "</description></item>", ""},
		{"sections that do not end", rssOpen + strings.Repeat("<item><title><![CDATA[", 300000), "1,000 items"},
		{"document types that do not end", rssOpen + strings.Repeat("<!DOCTYPE ", 600000), ""},
		{"quotes that do not end", rssOpen + strings.Repeat(`<a b="</`, 800000), ""},
		{"elements that are not closed", rssOpen + strings.Repeat("<item><title>", 500000), "1,000 items"},
		{"unknown elements that are not closed", rssOpen + strings.Repeat("<item><x><y>", 500000), "1,000 items"},
		{"deep HTML", rssOpen + "<item><description><![CDATA[" + strings.Repeat("<div>", 100000) + "]]></description></item>" + rssEnd, ""},
		{"HTML tags that do not end", rssOpen + "<item><description><![CDATA[" + strings.Repeat("<a ", 400000) + "]]></description></item>" + rssEnd, ""},
		{"HTML escaped twice without end", rssOpen + "<item><description>" + strings.Repeat("&amp;lt;p", 500000) + "</description></item>" + rssEnd, ""},
		{"HTML attributes that do not end", rssOpen + "<item><description><![CDATA[" + strings.Repeat("<a b='", 400000) + "]]></description></item>" + rssEnd, ""},
		{"a long date", rssOpen + "<item><pubDate>" + strings.Repeat("1 ", 400000) + "</pubDate></item>" + rssEnd, ""},
		{"a long link", rssOpen + "<item><link>http://" + strings.Repeat("a.", 200000) + "</link></item>" + rssEnd, ""},
		{"deep JSON", strings.Repeat(`{"items":[`, 1000000), "not a JSON Feed"},
		{"half a million JSON items", `{"version":"x","items":[` + strings.Repeat("{},", 500000) + "{}]}", "1,000 items"},
	}
}

func TestBombs(t *testing.T) {
	for _, b := range bombs() {
		t.Run(b.name, func(t *testing.T) {
			body := []byte(b.body)
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			start := time.Now()
			f, err := Read(body, "", "http://example.com/feed.xml")
			took := time.Since(start)
			runtime.ReadMemStats(&after)
			allocated := after.TotalAlloc - before.TotalAlloc
			t.Logf("%d KB: %v, %d MB allocated", len(body)>>10, took.Round(time.Millisecond), allocated>>20)
			if took > time.Second || allocated > 100<<20 {
				t.Errorf("it took %v and %d MB", took, allocated>>20)
			}
			reason := fmt.Sprint(err)
			if err == nil {
				reason = strings.Join(f.Problems, " ")
				if len(f.Items) > maxItems {
					t.Errorf("%d items", len(f.Items))
				}
			}
			if !strings.Contains(reason, b.reason) {
				t.Errorf("the reason is %q, and does not say %q", reason, b.reason)
			}
		})
	}
}
