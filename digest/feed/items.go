package feed

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	ext "github.com/mmcdole/gofeed/extensions"
	"golang.org/x/text/language"
)

// draft is an item before it is cleaned: what the feed gives for each part, the
// better first.
type draft struct {
	id, url, title, language string
	content, summary         string // may be HTML
	image                    string
	authors, categories      []string
	published                time.Time
	base, textBase           string // by which its links, and those of its text, are resolved
}

// item cleans a draft.
func (f *Feed) item(d *draft, base string) Item {
	home := base
	if isWeb(f.Link) {
		home = f.Link
	}
	at := cmp.Or(resolve(home, d.base), home)
	it := Item{Title: title(d.title), Language: cmp.Or(iso639(d.language), f.Language), Published: d.published}
	var inText string
	it.Text, inText = plain(cmp.Or(d.content, d.summary))
	if len(it.Text) < 200 && d.content != "" && d.summary != "" {
		text, image := plain(d.summary)
		if len(text) > len(it.Text) {
			it.Text = text
		}
		inText = cmp.Or(inText, image)
	}
	if it.Title == "" {
		it.Title = firstWords(it.Text)
	}
	it.URL = absolute(d.url, at)
	if d.image != "" {
		it.Image = picked(at, d.image)
	} else if inText != "" {
		it.Image = picked(resolve(at, d.textBase), inText)
	}
	it.Authors = names(d.authors, 10)
	it.Categories = names(d.categories, 20)
	it.ID = line(cmp.Or(strings.TrimSpace(d.id), it.URL))
	if it.ID == "" {
		sum := sha256.Sum256([]byte(it.Title + "\x00" + it.Text))
		it.ID = "sha256:" + hex.EncodeToString(sum[:16])
	}
	return it
}

// picked is the absolute address of an image, or empty.
func picked(base, image string) string {
	if image = mend(resolve(base, image)); canonical(image) == "" {
		return ""
	}
	return image
}

// relative is an address that has neither scheme nor host, as it stands when
// nothing is known by which to resolve it; else it is empty.
func relative(link string) string {
	if i := strings.IndexAny(link, ":/?#"); strings.HasPrefix(link, "//") || i >= 0 && link[i] == ':' {
		return ""
	}
	return line(link)
}

// line is a short text that is no HTML, on one line.
func line(s string) string {
	w := writer{limit: 2048}
	w.text([]byte(s), false)
	return w.String()
}

// names cleans short texts and leaves out those that come again.
func names(all []string, most int) []string {
	var out []string
	for _, s := range all {
		if s = title(s); s != "" && len(s) < 200 && !slices.Contains(out, s) && len(out) < most {
			out = append(out, s)
		}
	}
	return out
}

// firstWords stands for a missing title: the first sentence, or so much of it
// as fits on a line.
func firstWords(text string) string {
	const most = 120
	text, _, _ = strings.Cut(text, "\n")
	if i := strings.Index(text, ". "); i > 20 && i < most {
		return text[:i+1]
	}
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	runes := []rune(text)[:most]
	cut := string(runes)
	if i := strings.LastIndexByte(cut, ' '); i > len(cut)/2 {
		cut = cut[:i]
	}
	return cut + "…"
}

// iso639 is the two-letter code of a language, or empty when it is not known
// or has none.
func iso639(tag string) string {
	code, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(strings.TrimSpace(tag)), "_", "-"), "-")
	switch code {
	case "":
		return ""
	case "english":
		return "en"
	case "ua":
		return "uk"
	case "jp":
		return "ja"
	case "cn":
		return "zh"
	case "cz":
		return "cs"
	case "gr":
		return "el"
	case "dk":
		return "da"
	case "nb", "nn":
		return "no"
	}
	if len(code) > 3 {
		return ""
	}
	base, err := language.ParseBase(code)
	if s := base.String(); err == nil && len(s) == 2 {
		return s
	}
	return ""
}

// written is the name in what a feed says of an author: "mail (Name)",
// "Name <mail>", "Name". An address alone is not shown.
func written(s string) string {
	s = strings.TrimSpace(s)
	if i := strings.IndexByte(s, '('); i > 0 && strings.HasSuffix(s, ")") && strings.Contains(s[:i], "@") {
		return s[i+1 : len(s)-1]
	}
	if i := strings.IndexAny(s, "<("); i > 0 && strings.Contains(s[i:], "@") {
		return s[:i]
	}
	if strings.Contains(s, "@") && !strings.Contains(s, " ") && strings.Contains(s, ".") {
		return ""
	}
	return s
}

// all are the texts of an extension.
func all(x ext.Extensions, prefix, name string) []string {
	var out []string
	for _, e := range x[prefix][name] {
		if e.Value != "" {
			out = append(out, e.Value)
		}
	}
	return out
}

// one is the first text of an extension.
func one(x ext.Extensions, prefix, name string) string {
	for _, e := range x[prefix][name] {
		if e.Value != "" {
			return e.Value
		}
	}
	return ""
}

// when is the first of some extensions, given as prefix and name, that is a date.
func when(x ext.Extensions, names ...string) time.Time {
	if len(x) == 0 {
		return time.Time{}
	}
	for i := 0; i < len(names); i += 2 {
		if at, err := time.Parse(time.RFC3339, one(x, names[i], names[i+1])); err == nil {
			return at
		}
	}
	return time.Time{}
}

// picture is the best image among the media of an item.
func picture(x ext.Extensions) string {
	if len(x) == 0 {
		return ""
	}
	best, width := "", -1
	for _, name := range []string{"content", "thumbnail"} {
		for _, e := range x["media"][name] {
			url, kind := e.Attrs["url"], e.Attrs["type"]
			if url == "" || name == "content" && !strings.HasPrefix(kind, "image") && e.Attrs["medium"] != "image" && !isImage(url) {
				continue
			}
			if w, _ := strconv.Atoi(e.Attrs["width"]); w > width {
				best, width = url, w
			}
		}
		if best != "" {
			return best
		}
	}
	for _, e := range x["itunes"]["image"] {
		best = cmp.Or(best, e.Attrs["href"], e.Attrs["url"])
	}
	return best
}

// isImage says whether an address ends like that of an image.
func isImage(url string) bool {
	url, _, _ = strings.Cut(url, "?")
	switch strings.ToLower(path.Ext(url)) {
	case ".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif":
		return true
	}
	return false
}

// keywords takes a list apart.
func keywords(list string) []string {
	if list == "" {
		return nil
	}
	return strings.Split(list, ",")
}

// absolute is the canonical form of an address of the web. One that is
// relative stays so when nothing is known by which to resolve it; what is no
// such address comes out empty.
func absolute(link, base string) string {
	if link == "" {
		return ""
	}
	link = resolve(base, link)
	if c := canonical(link); c != "" || isWeb(base) {
		return c
	}
	return relative(link)
}
