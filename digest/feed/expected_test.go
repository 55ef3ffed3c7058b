package feed

import (
	"bytes"
	"encoding/json"
	"html"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
)

// expectation is what feedparser 6.0.10 reads in one recorded file.
type expectation struct {
	File, Kind, Title, Link string
	Items                   []struct {
		Title, Link, ID string
		Published       *int64
	}
	Count int `json:"item_count"`
}

// better documents where this reader knowingly reads something else than
// expected: the end of a file's name, and why.
var better = []struct{ file, reason string }{
	{"entry_modified_no_colons.xml", "the expected date has lost its time of day"},
	{"feedsync/spec-example-atom-2.xml", "an entry inside a foreign element of another entry is an old version of it"},
	{"ep/ep1_v4a.xml", "an item inside a foreign element of another item is an old version of it"},
	{"ep/ep2_v4a.xml", "an item inside a foreign element of another item is an old version of it"},
	{"v/v4.xml", "an item inside a foreign element of another item is an old version of it"},
	{"v/v6.xml", "an item inside a foreign element of another item is an old version of it"},
	{"source-entry.xml", "an empty entry inside the source of another is none; it must not rename the feed"},
	{"Rss20BreakingNews.xml", "the address of the article instead of one that counts readers"},
	{"Rss20Reuters.xml", "the address of the article instead of one that counts readers"},
	{"wapowellness.xml", "the address of the article instead of one that counts readers"},
	{"dup-entry-origLink.xml", "the address of the article instead of one that counts readers"},
	{"many-links.rss", "the address of the article instead of one that counts readers"},
	{"TrotterCashionHome.xml", "the address of the article instead of one that counts readers"},
	{"entry_link_no_href_link_priority.xml", "the alternate link, not that of the enclosure"},
	{"entry_link_rel_enclosure_no_href.xml", "the alternate link, not that of the enclosure"},
	{"Rss20IndianExpress.xml", "text encoded twice is repaired to its end"},
	{"Rss20LeParisien.xml", "text encoded twice is repaired to its end"},
	{"windows-1252-incorrect-prolog.xml", "the bytes are UTF-8, whatever is declared"},
	{"chardet/euckr.xml", "the expected title is in the wrong character set"},
	{"chardet/shiftjis.xml", "the expected title is in the wrong character set"},
	{"entities/rang.xml", "HTML 5 gives the entity another code point"},
	{"issue_320_legacy_entity_prefix.xml", "&copy without a semicolon stays in an address"},
}

// verdict is what was missing in one file, by kind.
type verdict struct{ titles, links, dates, items int }

func (v verdict) ok() bool { return v == verdict{} }

func expectations(tb testing.TB) (dir string, all []expectation) {
	shared := os.Getenv("TIDINGS_SHARED")
	if shared == "" {
		tb.Skip("TIDINGS_SHARED is not set: the recorded feeds were not read")
	}
	dir = filepath.Join(shared, "feeds")
	data, err := os.ReadFile(filepath.Join(dir, "expected.jsonl"))
	if err != nil {
		tb.Skip("the recorded feeds are not there: ", err)
	}
	for line := range bytes.Lines(data) {
		var e expectation
		if err := json.Unmarshal(line, &e); err != nil {
			tb.Fatal(err)
		}
		all = append(all, e)
	}
	return dir, all
}

// compare judges one file. Titles are compared as text without blanks, whether
// what is expected is meant as HTML or not; links as they are after what only
// tracks is taken away. A link that is no address (a urn, a tag) need not be
// read, and a relative one may have been resolved.
func compare(e expectation, f *Feed) (v verdict) {
	if !sameTitle(e.Title, f.Title) {
		v.titles++
	}
	if !sameLink(e.Link, f.Link) {
		v.links++
	}
	v.items = max(0, e.Count-len(f.Items))
	for i, want := range e.Items[:min(len(e.Items), len(f.Items))] {
		got := f.Items[i]
		if !sameTitle(want.Title, got.Title) {
			v.titles++
		}
		if !sameLink(want.Link, got.URL) {
			v.links++
		}
		if want.Published != nil && (got.Published.IsZero() || got.Published.Unix() != *want.Published) {
			v.dates++
		}
	}
	return v
}

func sameTitle(want, got string) bool {
	bare := func(s string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsSpace(r) || r < ' ' || r >= 0x7F && unseen(r) {
				return -1
			}
			return r
		}, html.UnescapeString(s))
	}
	return want == "" || bare(title(want)) == bare(got) || bare(want) == bare(got)
}

func sameLink(want, got string) bool {
	if canonical(want) != "" {
		return Key(canonical(want)) == Key(got)
	}
	if !strings.ContainsAny(want, "/. ") || strings.Contains(strings.SplitN(want, "/", 2)[0], ":") || strings.HasSuffix(want, "^id") || strings.HasSuffix(want, ".id") {
		return true
	}
	return strings.HasSuffix(got, strings.TrimLeft(mend(want), "./")) || got == want
}

// judge reads all recorded files and counts, by kind, those that were read as
// expected, and those of the others of which it is documented why.
func judge(tb testing.TB, fail func(e expectation, v verdict, err error)) (good, excused, all map[string]int) {
	dir, files := expectations(tb)
	good, excused, all = map[string]int{}, map[string]int{}, map[string]int{}
	for _, e := range files {
		body, err := os.ReadFile(filepath.Join(dir, e.File))
		if err != nil {
			tb.Fatal(err)
		}
		f, err := Read(body, "", "")
		if e.Kind == "notfeed" {
			continue
		}
		all[e.Kind]++
		var v verdict
		if err == nil {
			v = compare(e, f)
		}
		switch {
		case err == nil && v.ok():
			good[e.Kind]++
		case err == nil && documented(e.File):
			excused[e.Kind]++
		default:
			fail(e, v, err)
		}
	}
	return good, excused, all
}

func documented(file string) bool {
	for _, b := range better {
		if strings.HasSuffix(file, b.file) {
			return true
		}
	}
	return false
}

func TestRecordedFeedsAreReadAsExpected(t *testing.T) {
	good, excused, all := judge(t, func(e expectation, v verdict, err error) {
		t.Logf("%s: missing %+v, error %v", e.File, v, err)
	})
	for kind, least := range map[string]float64{"wellformed": 0.995, "illformed": 0.95} {
		share := float64(good[kind]+excused[kind]) / float64(all[kind])
		t.Logf("%s: %d and %d of %d, %.2f %%", kind, good[kind], excused[kind], all[kind], 100*share)
		if all[kind] == 0 || share < least {
			t.Errorf("of the %s files %.2f %% are read, not %.1f %%", kind, 100*share, 100*least)
		}
	}
}

// BenchmarkExpected prints how many of the recorded files are read with every
// item, title, link and date that is expected; first with those of which it is
// documented why they are not, then without.
func BenchmarkExpected(b *testing.B) {
	var good, excused, all map[string]int
	for b.Loop() {
		good, excused, all = judge(b, func(expectation, verdict, error) {})
	}
	for _, kind := range []string{"wellformed", "illformed"} {
		b.ReportMetric(100*float64(good[kind]+excused[kind])/float64(all[kind]), "%"+kind)
		b.ReportMetric(100*float64(good[kind])/float64(all[kind]), "%"+kind+"-strictly")
	}
	b.ReportMetric(0, "ns/op")
}
