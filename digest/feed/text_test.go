package feed

import (
	"strings"
	"testing"
)

func TestPlain(t *testing.T) {
	for _, c := range []struct{ name, html, want string }{
		{"paragraphs", "<p>One\n line.</p>\n<p>Two.</p>", "One line.\n\nTwo."},
		{"breaks", "One<br>Two<br/><br/>Three", "One\nTwo\nThree"},
		{"lists", "<ul><li>One</li><li>Two</li></ul>After", "One\nTwo\n\nAfter"},
		{"numbers", "<p>3.5 % of 1,000<sub>2</sub> &minus;4 °C</p>", "3.5 % of 1,0002 −4 °C"},
		{"cells", "<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>", "1 2\n3"},
		{"hidden", "a<script>x<p></script><style>b{}</style><iframe>c</iframe>d", "ad"},
		{"plain text with empty lines", "One\n\n\nTwo\nThree", "One\n\nTwo\nThree"},
		{"escaped twice", "&lt;p&gt;One&lt;/p&gt;&lt;p&gt;Tom &amp;amp; Jerry&lt;/p&gt;", "One\n\nTom & Jerry"},
		{"HTML about HTML", "<p>Use &lt;b&gt; for bold.</p>", "Use <b> for bold."},
		{"no tags", "List<String> and a < b", "List<String> and a < b"},
		{"direction overrides", "a\u202Eb\u2066c\u2069d\u200Ee\u200Ff", "abcd\u200Ee\u200Ff"},
		{"no width", "a\u200Bb\u2060c\uFEFFd\u00ADe\U000E0041f", "abcdef"},
		{"joiners", "می\u200Cخواهم 👩\u200D🚀", "می\u200Cخواهم 👩\u200D🚀"},
		{"marks", "Z" + strings.Repeat("\u0335", 40) + "x", "Z" + strings.Repeat("\u0335", 6) + "x"},
		{"composed", "Cafe\u0301", "Café"},
		{"blanks", "a\u00a0\u3000 b\u2028c", "a b\nc"},
		{"not UTF-8", "a\xFFb\x00c", "a\uFFFDbc"},
	} {
		if got, _ := plain(c.html); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestTextIsBounded(t *testing.T) {
	text, _ := plain("<p>" + strings.Repeat("größer ", 100_000))
	if len(text) > maxText+8 || len(text) < maxText-8 || presentable(text, true) != "" {
		t.Errorf("the text has %d bytes and %s", len(text), presentable(text, true))
	}
}

func TestImage(t *testing.T) {
	for _, c := range []struct{ html, want string }{
		{`<p><img src="http://example.com/a.jpg">`, "http://example.com/a.jpg"},
		{`<img src="p.gif" width="1" height="1"><img src="/a.jpg?x=1&amp;y=2">`, "/a.jpg?x=1&y=2"},
		{`<img src="data:image/gif;base64,R0" data-src="/lazy.jpg">`, "/lazy.jpg"},
		{`<script><img src="x.jpg"></script>`, ""},
	} {
		if _, got := plain(c.html); got != c.want {
			t.Errorf("%s: %q, want %q", c.html, got, c.want)
		}
	}
}
