package feed

import (
	"cmp"
	"strings"

	"github.com/mmcdole/gofeed/atom"
)

// fromAtom makes of Atom a Feed.
func fromAtom(a *atom.Feed, t *tidy, base string) *Feed {
	f := &Feed{
		Title:    title(a.Title),
		Language: iso639(cmp.Or(t.feed.language, one(a.Extensions, "dc", "language"))),
		Format:   t.format,
		Link:     absolute(bestLink(t.feed.links, ""), base),
		Items:    make([]Item, 0, len(a.Entries)),
	}
	if f.Link == "" && (isWeb(a.ID) || strings.HasPrefix(a.ID, "/")) {
		f.Link = absolute(a.ID, cmp.Or(resolve(base, t.feed.base), base))
	}
	f.Hints.Hub, f.Hints.Self = absolute(bestLink(t.feed.links, "hub"), base), absolute(bestLink(t.feed.links, "self"), base)
	for i, e := range a.Entries {
		d := atomDraft(e, &t.items[i])
		if len(d.authors) == 0 {
			d.authors = people(a.Authors)
		}
		f.Items = append(f.Items, f.item(&d, base))
	}
	return f
}

// bestLink is the last link of a relation; of the alternates, which "" stands
// for, the last that is a page.
func bestLink(links []link, rel string) string {
	page, other := "", ""
	for _, l := range links {
		switch {
		case l.rel != rel:
		case l.kind == "" || strings.Contains(l.kind, "html"):
			page = l.href
		default:
			other = l.href
		}
	}
	return cmp.Or(page, other)
}

func atomDraft(e *atom.Entry, x *extra) draft {
	d := draft{
		id: e.ID, title: cmp.Or(e.Title, one(e.Extensions, "dc", "title"), one(e.Extensions, "media", "title")),
		url: bestLink(x.links, ""), base: x.base, textBase: x.textBase, authors: people(e.Authors),
		summary: cmp.Or(e.Summary, one(e.Extensions, "media", "description")), image: picture(e.Extensions),
		language: cmp.Or(x.language, one(e.Extensions, "dc", "language")),
	}
	if original := one(e.Extensions, "feedburner", "origLink"); isWeb(original) {
		d.url = original
	}
	if e.Content != nil {
		d.content = e.Content.Value
	}
	d.content = cmp.Or(d.content, one(e.Extensions, "content", "encoded"))
	for _, l := range x.links {
		if d.image == "" && l.rel == "enclosure" && (strings.HasPrefix(l.kind, "image/") || l.kind == "" && isImage(l.href)) {
			d.image = l.href
		}
	}
	d.url = cmp.Or(d.url, x.src)
	if id := resolve(x.base, e.ID); d.url == "" && (isWeb(id) || strings.HasPrefix(id, "/")) {
		d.url = id
	}
	d.url = cmp.Or(d.url, bestLink(x.links, "related"), bestLink(x.links, "via"), bestLink(x.links, "enclosure"))
	for _, a := range all(e.Extensions, "dc", "creator") {
		d.authors = append(d.authors, written(a))
	}
	for _, c := range e.Categories {
		d.categories = append(d.categories, cmp.Or(c.Label, c.Term))
	}
	d.categories = append(d.categories, all(e.Extensions, "dc", "subject")...)
	switch {
	case e.PublishedParsed != nil:
		d.published = *e.PublishedParsed
	case e.UpdatedParsed != nil:
		d.published = *e.UpdatedParsed
	default:
		d.published = when(e.Extensions, "dcterms", "created", "dcterms", "issued", "dc", "date", "dcterms", "modified")
	}
	return d
}

func people(all []*atom.Person) []string {
	var out []string
	for _, p := range all {
		out = append(out, written(p.Name))
	}
	return out
}
