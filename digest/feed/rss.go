package feed

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mmcdole/gofeed/rss"
)

// fromRSS makes of RSS or RDF a Feed.
func fromRSS(r *rss.Feed, t *tidy, base string) *Feed {
	f := &Feed{
		Title:    title(cmp.Or(one(r.Extensions, "dc", "title"), r.Title, one(r.Extensions, "atom", "title"))),
		Language: iso639(cmp.Or(r.Language, one(r.Extensions, "dc", "language"), t.feed.language)),
		Format:   t.format,
		Hints:    rssHints(r, t, base),
		Items:    make([]Item, 0, len(r.Items)),
	}
	f.Link = absolute(cmp.Or(last(r.Links), bestLink(t.feed.links, "")), base)
	author := cmp.Or(r.ManagingEditor, one(r.Extensions, "dc", "creator"), one(r.Extensions, "itunes", "author"))
	for i, it := range r.Items {
		d := rssDraft(it, &t.items[i])
		if len(d.authors) == 0 {
			d.authors = []string{written(author)}
		}
		f.Items = append(f.Items, f.item(&d, base))
	}
	return f
}

func rssDraft(it *rss.Item, x *extra) draft {
	e := it.Extensions
	d := draft{
		title: cmp.Or(it.Title, one(e, "dc", "title"), one(e, "media", "title"), one(e, "itunes", "title"), one(e, "atom", "title")),
		url:   rssLink(it, x), content: cmp.Or(it.Content, one(e, "atom", "content")), image: picture(e), base: x.base, textBase: x.textBase,
		language: cmp.Or(one(e, "dc", "language"), x.language),
		summary: cmp.Or(it.Description, one(e, "dc", "description"), one(e, "itunes", "summary"), one(e, "atom", "summary"),
			one(e, "media", "description")),
	}
	if it.GUID != nil {
		d.id = it.GUID.Value
	}
	d.id = cmp.Or(d.id, one(e, "atom", "id"), x.about)
	for _, en := range it.Enclosures {
		if d.image == "" && (strings.HasPrefix(en.Type, "image/") || en.Type == "" && isImage(en.URL)) {
			d.image = en.URL
		}
	}
	if d.image == "" && it.Custom["image"] != "" {
		d.image = ownImage(it.Custom["image"])
	}
	for _, a := range slices.Concat([]string{it.Author}, all(e, "dc", "creator"), all(e, "itunes", "author")) {
		d.authors = append(d.authors, written(a))
	}
	for _, c := range it.Categories {
		d.categories = append(d.categories, c.Value)
	}
	d.categories = append(append(d.categories, all(e, "dc", "subject")...), keywords(one(e, "itunes", "keywords"))...)
	d.categories = append(d.categories, keywords(one(e, "media", "keywords"))...)
	if it.PubDateParsed != nil {
		d.published = *it.PubDateParsed
	} else {
		d.published = when(e, "dc", "date", "dcterms", "issued", "atom", "published", "dcterms", "created", "atom", "updated", "dcterms", "modified")
	}
	return d
}

// ownImage is the address in an image element of an item, which holds it as
// text or in a child.
func ownImage(s string) string {
	if i := strings.Index(s, "<url>"); i >= 0 {
		s, _, _ = strings.Cut(s[i+5:], "<")
	}
	if s = strings.TrimSpace(s); strings.ContainsAny(s, " <>\n") {
		return ""
	}
	return s
}

// rssLink is the address of an item: its link, a permanent guid, an Atom link,
// what the item is about, or at last what is enclosed.
func rssLink(it *rss.Item, x *extra) string {
	link, guid := last(it.Links), ""
	if it.GUID != nil {
		guid = it.GUID.Value
	}
	if original := one(it.Extensions, "feedburner", "origLink"); isWeb(original) {
		// The link only counts who follows it.
		return original
	}
	permanent := guid != "" && it.GUID.IsPermalink != "false"
	if link == "" && permanent && strings.ContainsAny(guid, "/.?") {
		link = guid
	}
	if link == "" {
		link = bestLink(x.links, "")
	}
	if link == "" && isWeb(guid) {
		link = guid
	}
	if link == "" && isWeb(x.about) {
		link = x.about
	}
	if link == "" && it.Enclosure != nil {
		link = it.Enclosure.URL
	}
	if link == "" && permanent {
		link = guid
	}
	return link
}

// last is the last of some texts that says something.
func last(all []string) string {
	for _, s := range slices.Backward(all) {
		if s = strings.TrimSpace(s); s != "" {
			return s
		}
	}
	return ""
}

func isWeb(s string) bool { return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://") }

// rssHints is what an RSS feed says of being polled.
func rssHints(r *rss.Feed, t *tidy, base string) Hints {
	h := Hints{SkipHours: t.skipHours, SkipDays: t.skipDays, Hub: absolute(bestLink(t.feed.links, "hub"), base), Self: absolute(bestLink(t.feed.links, "self"), base)}
	if n, err := strconv.Atoi(strings.TrimSpace(r.TTL)); err == nil && n > 0 && n < 1e6 {
		h.TTL = time.Duration(n) * time.Minute
	}
	h.Period = period(one(r.Extensions, "sy", "updatePeriod"), one(r.Extensions, "sy", "updateFrequency"))
	return h
}

// period is how often the syndication module says that a feed changes.
func period(unit, frequency string) time.Duration {
	const day = 24 * time.Hour
	span := map[string]time.Duration{"hourly": time.Hour, "daily": day, "weekly": 7 * day, "monthly": 30 * day, "yearly": 365 * day}
	n, err := strconv.ParseFloat(frequency, 64)
	if err != nil || n <= 0 || n > 10_000 {
		n = 1
	}
	return time.Duration(float64(span[strings.ToLower(strings.TrimSpace(unit))]) / n)
}
