package feed_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidings/digest/feed"
)

const threeItems = `<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><ttl>60</ttl>
<item><title>One</title><link>https://news.example/1</link></item>
<!-- <item> in a comment -->
<item rdf:about="2"><title>Two <![CDATA[</item> & <item>]]></title><link>https://news.example/2</link></item>
<item><title>Three</title><link>https://news.example/3</link></item>
</channel></rss>`

func titles(t *testing.T, body []byte) (all []string) {
	t.Helper()
	f, err := feed.Read(body, "", "")
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range f.Items {
		all = append(all, item.Title)
	}
	return all
}

func TestOnlyFreshItemsAreLeft(t *testing.T) {
	body, marks := feed.Fresh([]byte(threeItems), nil)
	if string(body) != threeItems || len(marks) != 3 {
		t.Fatalf("at first %d marks and\n%s", len(marks), body)
	}
	body, _ = feed.Fresh([]byte(threeItems), marks[1:])
	if diff := cmp.Diff([]string{"One"}, titles(t, body)); diff != "" {
		t.Error(diff)
	}
	changed := strings.Replace(threeItems, "Three", "Third", 1)
	body, again := feed.Fresh([]byte(changed), marks)
	if diff := cmp.Diff([]string{"Third"}, titles(t, body)); diff != "" || len(again) != 3 {
		t.Error(diff, len(again))
	}
	body, _ = feed.Fresh([]byte(threeItems), marks)
	f, err := feed.Read(body, "", "")
	if err != nil || len(f.Items) != 0 || f.Title != "News" || f.Hints.TTL == 0 {
		t.Errorf("without any item: %+v, %v", f, err)
	}
}

func TestWhatCannotBeToldApartStaysWhole(t *testing.T) {
	for _, body := range []string{
		`{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1"}]}`,
		"<rss><channel><item><title>cut off",
		"<rss><channel><item><item></item></item></channel></rss>",
		"",
	} {
		fresh, marks := feed.Fresh([]byte(body), []uint64{1})
		if string(fresh) != body || len(marks) != 0 {
			t.Errorf("%q became %q with %d marks", body, fresh, len(marks))
		}
	}
}

// TestNothingIsLostInRecordedFeeds leaves every second item out and finds the
// others as they were.
func TestNothingIsLostInRecordedFeeds(t *testing.T) {
	shared := os.Getenv("TIDINGS_SHARED")
	if shared == "" {
		t.Skip("TIDINGS_SHARED is not set, so recorded feeds are not read")
	}
	files, err := filepath.Glob(filepath.Join(shared, "feeds", "real", "*"))
	if err != nil {
		t.Fatal(err)
	}
	halved := 0
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, marks := feed.Fresh(body, nil)
		whole, err := feed.Read(body, "", "https://news.example/")
		if err != nil || len(marks) != len(whole.Items) || len(slices.Compact(slices.Sorted(slices.Values(marks)))) != len(marks) {
			continue
		}
		halved++
		var half []uint64
		var want []feed.Item
		for i, m := range marks {
			if i%2 == 0 {
				half = append(half, m)
			} else {
				want = append(want, whole.Items[i])
			}
		}
		fresh, _ := feed.Fresh(body, half)
		got, err := feed.Read(fresh, "", "https://news.example/")
		if err != nil {
			t.Fatalf("%s: %v", filepath.Base(file), err)
		}
		if diff := cmp.Diff(want, got.Items); diff != "" && len(want) > 0 {
			t.Errorf("%s: %s", filepath.Base(file), diff)
		}
	}
	if halved < len(files)/2 {
		t.Errorf("only %d of %d feeds could be told apart", halved, len(files))
	}
}

func FuzzFresh(f *testing.F) {
	f.Add([]byte(threeItems))
	f.Fuzz(func(t *testing.T, body []byte) {
		_, marks := feed.Fresh(body, nil)
		fresh, again := feed.Fresh(body, marks)
		if len(again) != len(marks) || len(fresh) > len(body) {
			t.Errorf("%d marks became %d, %d bytes %d", len(marks), len(again), len(body), len(fresh))
		}
	})
}
