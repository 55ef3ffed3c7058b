package conversation

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"tidings/bot"
	"tidings/bot/delivery"
	"tidings/digest/archive"
)

// feedActions are what /feed does.
func feedActions() []bot.Command {
	address := bot.Option{Name: "url", Description: `Its address, such as "example.com"`, Required: true}
	return []bot.Command{
		{Name: "list", Description: "The feeds and how they fare", Options: []bot.Option{
			{Name: "text", Description: "Only those with this in their name or address"}}},
		{Name: "discover", Description: "Find the feeds of a site", Options: []bot.Option{address}},
		{Name: "add", Description: "Read a feed from now on", Options: []bot.Option{address,
			{Name: "text", Description: "The outlet's name; what the feed calls itself when left out"}}},
		{Name: "remove", Description: "Read a feed no longer that was added in a chat", Options: []bot.Option{
			{Name: "text", Description: "The outlet's name or the feed's address", Required: true}}},
		{Name: "packs", Description: "Well-known feeds by section and language", Options: []bot.Option{
			{Name: "text", Description: `A section and a language, such as "world en"`}}},
	}
}

// errNotAdmin is the answer to those who may not change the feeds.
func errNotAdmin() error {
	return complain("Only the admins that the configuration names change the feeds. /status says how the feeds are doing.")
}

// feed answers /feed: an action, and the address and words that it needs.
func (v *Conversation) feed(ctx context.Context, r request) (bot.Reply, error) {
	if !v.admin(r.User) {
		return bot.Reply{}, errNotAdmin()
	}
	action, text := r.arg(bot.SubCommand), r.arg("text")
	address := r.arg("url")
	if r.Options == nil {
		action, text, _ = strings.Cut(text, " ")
		text = strings.TrimSpace(text)
		address, _, _ = strings.Cut(text, " ")
		if action == "add" {
			text = strings.TrimSpace(text[len(address):])
		}
	}
	switch action {
	case "list", "":
		return v.listFeeds(ctx, r, text)
	case "discover":
		return v.discover(ctx, r, address, "")
	case "add":
		return v.addFeed(ctx, r, address, unquoted(text))
	case "remove":
		return v.removeFeed(ctx, r, unquoted(text))
	case "packs":
		return v.packs(r, strings.Fields(text))
	}
	if strings.Contains(action, ".") { // an address alone
		return v.discover(ctx, r, action, "")
	}
	return bot.Reply{}, complain("I do not know /feed " + clip(action, 20) + ". It is one of: list, discover, add, remove, packs. For example: /feed discover example.com")
}

// feedLines is how many feeds one answer tells of.
const feedLines = 25

// listFeeds tells how the feeds fare, those that fail first.
func (v *Conversation) listFeeds(ctx context.Context, r request, filter string) (bot.Reply, error) {
	all, err := v.Archive.Feeds(ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(all) == 0 {
		return bot.Reply{}, complain("There are no feeds yet. /feed packs has well-known ones, and /feed discover example.com finds those of a site.")
	}
	feeds := slices.DeleteFunc(slices.Clone(all), func(f archive.Feed) bool { return !mentions(f, filter) })
	if len(feeds) == 0 {
		return bot.Reply{}, complain("No feed has “" + clip(filter, 60) + "” in its name or address. /feed list lists all.")
	}
	slices.SortFunc(feeds, func(a, b archive.Feed) int {
		return cmp.Or(worse(a)-worse(b), cmp.Compare(archive.Fold(a.Outlet), archive.Fold(b.Outlet)), cmp.Compare(a.URL, b.URL))
	})
	s := bot.Section{Blocks: []bot.Block{{Kind: bot.Heading, Runs: []bot.Run{{Text: feedTotals(all)}}}}}
	for _, f := range feeds[:min(len(feeds), feedLines)] {
		line := " — " + v.fares(f, r.zone)
		if f.AddedBy != "" {
			line += " · added in a chat"
		}
		if filter != "" {
			line += "\n" + shownURL(f.URL)
		}
		s.Blocks = append(s.Blocks, bot.Block{Runs: []bot.Run{{Text: f.Outlet, Bold: true}, {Text: line}}})
	}
	if more := len(feeds) - feedLines; more > 0 {
		s.Blocks = append(s.Blocks, bot.Block{Runs: []bot.Run{{Text: fmt.Sprintf("And %d more; /feed list NAME shows those with a name.", more), Italic: true}}})
	}
	return r.reply(bot.Message{Sections: []bot.Section{s}}), nil
}

// mentions reports whether a feed has a text in its name or address.
func mentions(f archive.Feed, text string) bool {
	text = archive.Fold(text)
	return strings.Contains(archive.Fold(f.Outlet), text) || strings.Contains(strings.ToLower(shownURL(f.URL)), text)
}

// worse puts feeds in the order in which they need to be looked at.
func worse(f archive.Feed) int {
	return slices.Index([]string{"gone", "failing", "slow", "new", "ok"}, f.State())
}

func feedTotals(feeds []archive.Feed) string {
	count := map[string]int{}
	for _, f := range feeds {
		count[f.State()]++
	}
	parts := []string{plural(len(feeds), "feed", "feeds")}
	for _, state := range []struct{ name, words string }{
		{"gone", "gone"}, {"failing", "failing"}, {"slow", "slow"}, {"new", "not read yet"},
	} {
		if n := count[state.name]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, state.words))
		}
	}
	if count["ok"] == len(feeds) {
		parts = append(parts, "all well")
	}
	return strings.Join(parts, " · ")
}

// fares tells how a feed fares.
func (v *Conversation) fares(f archive.Feed, zone *time.Location) string {
	now := v.Now()
	switch f.State() {
	case "gone":
		return "gone: its server says that it has ended, so it is no longer asked"
	case "failing":
		line := "failing since " + delivery.Moment(f.FailingSince, now, zone) + ": " + strings.TrimSuffix(f.Fault, ".")
		if f.NextPoll.After(now) {
			line += "; next try " + delivery.Moment(f.NextPoll, now, zone)
		}
		return line
	case "new":
		return "not read yet"
	}
	line := "ok, read " + delivery.Ago(now.Sub(f.Polled))
	if f.State() == "slow" {
		line = fmt.Sprintf("slow: its last answer took %d s, %s", int(f.Took.Seconds()), delivery.Ago(now.Sub(f.Polled)))
	}
	if f.Changed.IsZero() {
		return line + ", nothing new so far"
	}
	return line + ", last news " + delivery.Ago(now.Sub(f.Changed))
}

// shownURL is an address as people are shown it: without its user, password
// and query, which may be keys.
func shownURL(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "an address that cannot be read"
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return u.String()
}

// removeFeed makes a feed be read no longer that was added in a chat.
func (v *Conversation) removeFeed(ctx context.Context, r request, text string) (bot.Reply, error) {
	if text == "" {
		return bot.Reply{}, complain("Which feed? Give the outlet's name or the feed's address, for example: /feed remove Wire One. /feed list lists them.")
	}
	all, err := v.Archive.Feeds(ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	var named, near []archive.Feed
	for _, f := range all {
		switch {
		case f.URL == text, f.Origin == text, archive.Fold(f.Outlet) == archive.Fold(text):
			named = append(named, f)
		case mentions(f, text):
			near = append(near, f)
		}
	}
	if len(named) == 1 {
		return v.dropFeed(ctx, r, named[0])
	}
	question := "That outlet has several feeds. Which one?"
	if len(named) == 0 {
		question = "No feed is named “" + clip(text, 60) + "”. /feed list lists them."
		if named = near; len(near) > 0 {
			question = "No feed is named “" + clip(text, 60) + "”. Did you mean one of these?"
		}
	}
	lines := []string{question}
	var buttons [][]bot.Button
	for _, f := range named[:min(len(named), 4)] {
		lines = append(lines, f.Outlet+": "+shownURL(f.URL))
		buttons = append(buttons, row(r.button("Remove "+clip(shownURL(f.URL), 60), "cutfeed "+f.ID)))
	}
	return bot.Reply{}, complain(strings.Join(lines, "\n"), buttons...)
}

// dropFeed removes one feed, which is named to the person.
func (v *Conversation) dropFeed(ctx context.Context, r request, f archive.Feed) (bot.Reply, error) {
	err := v.Archive.RemoveFeed(ctx, f.ID, v.Now())
	if errors.Is(err, archive.ErrNoFeed) {
		return bot.Reply{}, complain(f.Outlet + " stands in " + firstOf(v.File, "the configuration file") +
			", so it is removed there: [[feed]] with url = \"" + shownURL(firstOf(f.Origin, f.URL)) + "\".")
	}
	if err != nil {
		return bot.Reply{}, err
	}
	id, err := v.keep(ctx, []offer{{URL: f.URL, Outlet: f.Outlet, Owner: f.Owner, Country: f.Country, Language: f.Language}})
	if err != nil {
		return bot.Reply{}, err
	}
	m := bot.Text("Removed: " + f.Outlet + ". What it brought until now stays.")
	m.Buttons = [][]bot.Button{row(r.button("Undo", "addfeed "+id+" 0"))}
	return r.reply(m), nil
}

func (v *Conversation) pressCutFeed(ctx context.Context, r request) (bot.Reply, error) {
	if !v.admin(r.User) {
		return bot.Reply{}, errNotAdmin()
	}
	f, err := v.Archive.Feed(ctx, r.value)
	if errors.Is(err, archive.ErrNoFeed) {
		return bot.Reply{}, complain("That feed is no longer read. /feed list lists those that are.")
	}
	if err != nil {
		return bot.Reply{}, err
	}
	return v.dropFeed(ctx, r, f)
}
