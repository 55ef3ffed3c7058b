package conversation

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"tidings/bot"
	"tidings/digest"
	"tidings/digest/archive"
	"tidings/digest/feed"
)

// lookWithin bounds the time in which the feeds of a site are looked for.
const lookWithin = 40 * time.Second

// offer is a feed that somebody may add.
type offer struct {
	URL      string `json:"url"`
	Outlet   string `json:"outlet"`
	Owner    string `json:"owner,omitempty"`
	Country  string `json:"country,omitempty"`
	Language string `json:"language,omitempty"`
}

// pressAddFeed adds of what is offered under an id the one of a number, or all.
func (v *Conversation) pressAddFeed(ctx context.Context, r request) (bot.Reply, error) {
	if !v.admin(r.User) {
		return bot.Reply{}, errNotAdmin()
	}
	id, which, _ := strings.Cut(r.value, " ")
	var offers []offer
	if err := v.kept(ctx, id, &offers); err != nil {
		return bot.Reply{}, err
	}
	if i, err := strconv.Atoi(which); err == nil && i >= 0 && i < len(offers) {
		offers = offers[i : i+1]
	}
	return v.addOffers(ctx, r, offers)
}

// look finds the feeds at an address.
func (v *Conversation) look(ctx context.Context, address string) ([]feed.Candidate, error) {
	if !strings.ContainsAny(address, ".:") {
		return nil, complain("“" + clip(address, 40) + "” is not the address of a site. One looks like this: example.com")
	}
	ctx, cancel := context.WithTimeout(ctx, lookWithin)
	defer cancel()
	found, err := v.Newsroom.Client.Discover(ctx, address)
	if why, ok := errors.AsType[*feed.FetchError](err); ok {
		text := "No feed was found: " + why.Why
		if strings.HasPrefix(why.Why, "no feed was found") {
			text = capital(why.Why)
		}
		return nil, complain(sentence(clip(text, 200)) + " If you know the address of the feed itself, try that.")
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return nil, complain("That site is too slow to be searched. If you know the address of the feed itself, try that.")
	}
	return found, err
}

// discover shows the feeds of a site; what is added from there has the outlet's
// name, or calls itself something.
func (v *Conversation) discover(ctx context.Context, r request, address, outlet string) (bot.Reply, error) {
	if address == "" {
		return bot.Reply{}, complain("Of which site? For example: /feed discover example.com")
	}
	found, err := v.look(ctx, address)
	if err != nil {
		return bot.Reply{}, err
	}
	return v.showFound(ctx, r, found, outlet)
}

// offersShown is how many feeds of a site are shown.
const offersShown = 8

func (v *Conversation) showFound(ctx context.Context, r request, found []feed.Candidate, outlet string) (bot.Reply, error) {
	found = found[:min(len(found), offersShown)]
	s := bot.Section{Blocks: []bot.Block{{Kind: bot.Heading, Runs: []bot.Run{{Text: "Found: " + plural(len(found), "feed", "feeds")}}}}}
	offers := make([]offer, len(found))
	for i, c := range found {
		offers[i] = offer{URL: c.URL, Outlet: firstOf(outlet, outletOf(c))}
		s.Blocks = append(s.Blocks, bot.Block{Runs: []bot.Run{
			{Text: fmt.Sprintf("%d. ", i+1)}, {Text: firstOf(clip(c.Feed.Title, 80), "without a title"), Bold: true},
			{Text: " · " + articles(len(c.Feed.Items)) + v.newest(c.Feed) + "\n" + shownURL(c.URL)},
		}})
	}
	id, err := v.keep(ctx, offers)
	if err != nil {
		return bot.Reply{}, err
	}
	m := bot.Message{Sections: []bot.Section{s}}
	if len(found) == 1 {
		m.Buttons = [][]bot.Button{row(r.button("Add", "addfeed "+id+" 0"))}
		return r.reply(m), nil
	}
	var buttons []bot.Button
	for i := range found {
		buttons = append(buttons, r.button(fmt.Sprintf("Add %d", i+1), fmt.Sprintf("addfeed %s %d", id, i)))
	}
	m.Buttons = append(v.rows(r, buttons), row(r.button("Add all", "addfeed "+id+" all")))
	return r.reply(m), nil
}

// newest tells how old the newest article of a feed is, when it says so.
func (v *Conversation) newest(f *feed.Feed) string {
	var last time.Time
	for _, item := range f.Items {
		if item.Published.After(last) && !item.Published.After(v.Now()) {
			last = item.Published
		}
	}
	if last.IsZero() {
		return ""
	}
	if days := int(v.Now().Sub(last) / day); days >= 2 {
		return fmt.Sprintf(", the newest %d days old", days)
	}
	return ", some of today or yesterday"
}

// rows divides buttons that have a label into rows of at least three, as few as
// the network needs.
func (v *Conversation) rows(r request, buttons []bot.Button) (rows [][]bot.Button) {
	buttons = row(buttons...)
	limits := v.platforms[r.Place.Chat.Platform].Limits()
	perRow := min(max(3, (len(buttons)+limits.Rows-2)/max(limits.Rows-1, 1)), max(limits.RowButtons, 1))
	for len(buttons) > 0 && len(rows) < limits.Rows {
		n := min(perRow, len(buttons))
		rows, buttons = append(rows, buttons[:n]), buttons[n:]
	}
	return rows
}

// outletOf is what a feed's outlet is called: as the feed is, or as its host.
func outletOf(c feed.Candidate) string {
	if c.Feed.Title != "" {
		return clip(c.Feed.Title, digest.MaxName)
	}
	u, err := url.Parse(c.URL)
	if err != nil {
		return "Without a name"
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}

// addFeed adds the feed at an address. Of a site with several, the person is asked.
func (v *Conversation) addFeed(ctx context.Context, r request, address, outlet string) (bot.Reply, error) {
	if address == "" {
		return bot.Reply{}, complain("Add which? Give the address of a feed or a site, for example: /feed add https://example.com/feed.xml Example News")
	}
	if n := utf8.RuneCountInString(outlet); n > digest.MaxName {
		return bot.Reply{}, complain(fmt.Sprintf("An outlet's name has at most %d characters, and this has %d.", digest.MaxName, n))
	}
	found, err := v.look(ctx, address)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(found) > 1 {
		return v.showFound(ctx, r, found, outlet)
	}
	return v.addOffers(ctx, r, []offer{{URL: found[0].URL, Outlet: firstOf(outlet, outletOf(found[0]))}})
}

// addOffers adds feeds, which are then read at once. One of an outlet that has
// a feed already is of the same owner.
func (v *Conversation) addOffers(ctx context.Context, r request, offers []offer) (bot.Reply, error) {
	had, err := v.Archive.Feeds(ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	outlets := map[string]archive.Feed{}
	for _, f := range had {
		outlets[archive.Fold(f.Outlet)] = f
	}
	var names, ids []string
	for _, o := range offers {
		f := archive.Feed{URL: o.URL, Outlet: o.Outlet, Owner: firstOf(o.Owner, o.Outlet), Country: o.Country, Language: o.Language,
			AddedBy: r.User.Platform + ":" + r.User.ID}
		if same, ok := outlets[archive.Fold(o.Outlet)]; ok {
			f.Outlet, f.Owner, f.Country = same.Outlet, same.Owner, firstOf(o.Country, same.Country)
		}
		id, added, err := v.Archive.AddFeed(ctx, f)
		if err != nil {
			return bot.Reply{}, err
		}
		if added {
			names, ids = append(names, f.Outlet), append(ids, id)
		}
	}
	return v.addedAnswer(ctx, r, names, ids, len(offers)-len(names))
}

// addedNames is how many added feeds are named.
const addedNames = 10

func (v *Conversation) addedAnswer(ctx context.Context, r request, names, ids []string, already int) (bot.Reply, error) {
	switch {
	case len(names) == 0 && already == 1:
		return bot.Reply{}, complain("That feed is read already. /feed list tells how it fares.")
	case len(names) == 0:
		return bot.Reply{}, complain("All of these feeds are read already. /feed list tells how they fare.")
	}
	text := "Added: " + strings.Join(names[:min(len(names), addedNames)], ", ")
	if more := len(names) - addedNames; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	text += "."
	if already > 0 {
		text += " " + plural(already, "other was", "others were") + " read already."
	}
	id, err := v.keep(ctx, ids)
	if err != nil {
		return bot.Reply{}, err
	}
	m := bot.Text(text, "The first reading has begun; /feed list tells what came of it.")
	m.Buttons = [][]bot.Button{row(r.button("Undo", "undofeed "+id))}
	return r.reply(m), nil
}

// pressUndoFeed removes what was just added.
func (v *Conversation) pressUndoFeed(ctx context.Context, r request) (bot.Reply, error) {
	if !v.admin(r.User) {
		return bot.Reply{}, errNotAdmin()
	}
	var ids []string
	if err := v.kept(ctx, r.value, &ids); err != nil {
		return bot.Reply{}, err
	}
	removed := 0
	for _, id := range ids {
		switch err := v.Archive.RemoveFeed(ctx, id, v.Now()); {
		case err == nil:
			removed++
		case !errors.Is(err, archive.ErrNoFeed):
			return bot.Reply{}, err
		}
	}
	return r.reply(bot.Text("Removed again: " + plural(removed, "feed", "feeds") + ".")), nil
}
