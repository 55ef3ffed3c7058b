package feed

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// One fault anywhere in a feed costs the item that it is in, and at most the
// one beside it.
func TestOneFaultCostsLittle(t *testing.T) {
	body := ordinary(12)
	whole, err := Read(body, "", "https://example.com/feed")
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	somewhere := func() int { return 400 + random.IntN(len(body)-400) }
	without := func(s string) func() []byte {
		return func() []byte {
			at := somewhere()
			i := bytes.Index(body[at:], []byte(s))
			if i < 0 {
				i, at = bytes.LastIndex(body, []byte(s)), 0
			}
			return append(bytes.Clone(body[:at+i]), body[at+i+len(s):]...)
		}
	}
	with := func(s string) func() []byte {
		return func() []byte {
			at := somewhere()
			return append(append(bytes.Clone(body[:at]), s...), body[at:]...)
		}
	}
	for name, spoil := range map[string]func() []byte{
		"no </title>": without("</title>"), "no </link>": without("</link>"), "no </item>": without("</item>"), "no <item>": without("<item>"),
		"no </pubDate>": without("</pubDate>"), "no ]]>": without("]]>"), "no </description>": without("</description>"),
		"no <": without("<"), "no >": without(">"), "no quote": without(`"`), "a <": with("<"), "a &": with("&"), "a quote": with(`"`),
		"a bad byte": with("\xFA\x00"), "a comment": with("<!--"), "a section": with("<![CDATA["), "a </div>": with("</div>"), "a <p>": with("<p>"),
		"an end": with("</item>"), "a beginning": with("<item>"), "a ]]>": with("]]>"),
	} {
		for range 40 {
			f, err := Read(spoil(), "", "https://example.com/feed")
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			sound(t, f)
			kept := map[string]bool{}
			for _, it := range f.Items {
				kept[it.URL+it.Title] = true
			}
			lost := 0
			for _, it := range whole.Items {
				if !kept[it.URL+it.Title] {
					lost++
				}
			}
			if lost > 2 {
				t.Errorf("%s: %d of %d items are lost; problems %q", name, lost, len(whole.Items), f.Problems)
			}
		}
	}
}
