package feed

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"path"
	"slices"
	"strings"
)

// Candidate is a feed of a site: it was asked for and read.
type Candidate struct {
	URL  string
	Feed *Feed
}

const (
	// mostCandidates bounds how many addresses of each kind are tried.
	mostCandidates = 10
	acceptPage     = "text/html, application/xhtml+xml, " + acceptFeed
)

// Discover finds the feeds of a site, given any of its addresses, with or
// without https://. It looks at the page's own word (link elements, Link
// header), then at the links in it that look like feeds, then at the addresses
// that are usual, and stops at the first kind that has any. The best comes
// first; there is none without an error, which says why.
func (c *Client) Discover(ctx context.Context, site string) ([]Candidate, error) {
	u, page, err := c.sitePage(ctx, site)
	if err != nil && (u == nil || !worthGuessing(err)) {
		return nil, err
	}
	var kinds [][]string
	if known := platformFeed(u); known != "" {
		kinds = append(kinds, []string{known})
	}
	if page != nil {
		if f, err := Read(page.body, page.header.Get("Content-Type"), plainURL(page.url)); err == nil {
			return []Candidate{{URL: cmp.Or(page.movedTo, u.String()), Feed: f}}, nil
		}
		u = page.url
		links := pageFeeds(page.body, u)
		said, looking := links.said, links.looking
		if links.next != "" && len(said) == 0 {
			// The page only leads to another.
			if next, err := c.get(ctx, question{url: links.next, accept: acceptPage, limit: c.limits.feed}); err == nil {
				u = next.url
				links = pageFeeds(next.body, u)
				said, looking = links.said, append(links.looking, looking...)
			}
		}
		for _, l := range linkHeader(page.header, page.url) {
			if l.rel == "alternate" && isFeedType(l.kind) {
				said = append(said, l.url)
			}
		}
		kinds = append(kinds, said, looking)
	}
	kinds = append(kinds, usualFeeds(u))
	tried := map[string]bool{}
	for _, addresses := range kinds {
		found, err := c.verify(ctx, addresses, tried)
		if err != nil || len(found) > 0 {
			return found, err
		}
	}
	if err != nil {
		return nil, err
	}
	return nil, &FetchError{Why: "no feed was found at " + u.Hostname()}
}

// sitePage fetches the page that a person named; over http when no scheme was
// named and https does not answer.
func (c *Client) sitePage(ctx context.Context, site string) (*url.URL, *answer, error) {
	site = webScheme(strings.TrimSpace(site))
	schemes := []string{""}
	if !strings.Contains(site, "://") {
		schemes = []string{"https://", "http://"}
	}
	var first error
	for _, scheme := range schemes {
		u, err := webURL(scheme + site)
		if err != nil {
			return nil, nil, err
		}
		if scheme != "" && u.User != nil {
			return nil, nil, &FetchError{Why: "this is not the address of a site"}
		}
		page, err := c.get(ctx, question{url: u.String(), accept: acceptPage, limit: c.limits.feed})
		if err == nil {
			return u, page, nil
		}
		if f, ok := errors.AsType[*FetchError](err); !ok || f.Status > 0 || f.Postponed {
			return u, nil, err
		}
		if first == nil {
			first = err
		}
	}
	return nil, nil, first
}

// worthGuessing reports whether a site that refuses its page may still have a
// feed: many keep programs from their pages only.
func worthGuessing(err error) bool {
	f, ok := errors.AsType[*FetchError](err)
	return ok && f.Status >= 400 && f.RetryAfter == 0
}

// verify keeps the addresses that are feeds. Those of comments come last.
func (c *Client) verify(ctx context.Context, addresses []string, tried map[string]bool) ([]Candidate, error) {
	var found []Candidate
	asked := 0
	for _, address := range addresses {
		if tried[address] || asked == mostCandidates {
			continue
		}
		tried[address] = true
		asked++
		r, err := c.Fetch(ctx, Request{URL: address})
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if f, ok := errors.AsType[*FetchError](err); ok && f.RetryAfter > 0 {
			if len(found) == 0 {
				return nil, err // the site wants no more questions now
			}
			break
		}
		if err != nil || tried["body "+r.BodyHash] {
			continue
		}
		if f, err := Read(r.Body, r.ContentType, r.FinalURL); err == nil {
			tried["body "+r.BodyHash] = true
			found = append(found, Candidate{URL: cmp.Or(r.MovedTo, address), Feed: f})
		}
	}
	slices.SortStableFunc(found, func(a, b Candidate) int { return ofComments(a) - ofComments(b) })
	return found, nil
}

func ofComments(c Candidate) int {
	if strings.Contains(strings.ToLower(c.URL), "comment") {
		return 1
	}
	return 0
}

// platformFeed is the feed of a page on a platform whose pages do not always
// name it; empty when there is none to be known.
func platformFeed(u *url.URL) string {
	if registrable(u.Hostname()) != "youtube.com" {
		return ""
	}
	const feeds = "https://www.youtube.com/feeds/videos.xml?"
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	list := u.Query().Get("list")
	switch {
	case list != "":
		return feeds + url.Values{"playlist_id": {list}}.Encode()
	case len(parts) > 1 && parts[0] == "channel":
		return feeds + url.Values{"channel_id": {parts[1]}}.Encode()
	case len(parts) > 1 && parts[0] == "user":
		return feeds + url.Values{"user": {parts[1]}}.Encode()
	}
	return ""
}

// usualFeeds are where feeds often are: under the page, and at the root.
func usualFeeds(u *url.URL) []string {
	names := []string{"feed", "rss", "feed.xml", "rss.xml", "atom.xml", "index.xml", "index.rss", "feed.json", "rss/feed.xml", "feeds/posts/default"}
	under := func(folder string, names []string) (all []string) {
		for _, name := range names {
			all = append(all, u.ResolveReference(&url.URL{Path: folder + name}).String())
		}
		return all
	}
	folder, last := path.Split(u.Path)
	if last != "" && !strings.Contains(last, ".") {
		folder += last + "/"
	}
	if folder == "/" || folder == "" {
		return under("/", names)
	}
	return append(under(folder, names[:4]), under("/", names[:6])...)
}

// isFeedType reports whether a media type is that of a feed and of nothing else.
func isFeedType(kind string) bool {
	switch mediaType(kind) {
	case "application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml":
		return true
	}
	return false
}

// mayBeFeedType reports whether it may be that of a feed.
func mayBeFeedType(kind string) bool {
	switch mediaType(kind) {
	case "application/json", "application/xml", "text/xml":
		return true
	}
	return false
}

func mediaType(contentType string) string {
	kind, _, _ := strings.Cut(strings.ToLower(contentType), ";")
	return strings.TrimSpace(kind)
}
