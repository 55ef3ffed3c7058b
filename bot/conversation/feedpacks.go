package conversation

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tidings/bot"
	"tidings/digest/feed"
	"tidings/digest/language"
)

// packs lists the starter packs, or what is in one: what is chosen is a
// section, and perhaps a language.
func (v *Conversation) packs(r request, chosen []string) (bot.Reply, error) {
	all := feed.Packs()
	if len(chosen) == 0 {
		return r.reply(v.packMessage(r, "Starter packs: well-known feeds by section.", all, func(f feed.PackFeed) (value, label string) {
			return f.Pack, capital(f.Pack)
		}, "packs ")), nil
	}
	section := strings.ToLower(chosen[0])
	in := ofPack(all, section, "")
	if len(in) == 0 {
		return bot.Reply{}, complain("There is no pack “" + clip(chosen[0], 30) + "”. /feed packs lists them.")
	}
	if len(chosen) == 1 {
		m := v.packMessage(r, capital(section)+": in which language?", in, func(f feed.PackFeed) (value, label string) {
			return f.Language, language.EnglishName(f.Language)
		}, "packs "+section+" ")
		return r.reply(m), nil
	}
	code, err := languageCode(chosen[1])
	if err != nil || code == "" {
		code = strings.ToLower(chosen[1])
	}
	if in = ofPack(in, section, code); len(in) == 0 {
		return bot.Reply{}, complain(fmt.Sprintf("The pack %s has nothing in “%s”. /feed packs %s lists its languages.", section, clip(chosen[1], 30), section))
	}
	m := bot.Text(capital(section) + ", " + language.EnglishName(code) + ": " + plural(len(in), "feed", "feeds"))
	m.Sections[0].Blocks[0].Kind = bot.Heading
	for _, f := range in {
		about := ""
		if f.Country != "" {
			about = " · " + f.Country
		}
		if f.Owner != "" && f.Owner != f.Outlet {
			about += " · " + f.Owner
		}
		m.Sections[0].Blocks = append(m.Sections[0].Blocks, bot.Block{Runs: []bot.Run{{Text: f.Outlet, Bold: true}, {Text: about}}})
	}
	m.Buttons = [][]bot.Button{row(r.button("Add all", "addpack "+section+" "+code), r.button("Other languages", "packs "+section))}
	return r.reply(m), nil
}

func ofPack(all []feed.PackFeed, section, code string) []feed.PackFeed {
	return slices.DeleteFunc(slices.Clone(all), func(f feed.PackFeed) bool {
		return f.Pack != section || code != "" && f.Language != code
	})
}

// packMessage offers what feeds differ in, with how many there are of each.
func (v *Conversation) packMessage(r request, title string, feeds []feed.PackFeed, of func(feed.PackFeed) (value, label string), verb string) bot.Message {
	var values []string
	labels, count := map[string]string{}, map[string]int{}
	for _, f := range feeds {
		value, label := of(f)
		if count[value] == 0 {
			values, labels[value] = append(values, value), label
		}
		count[value]++
	}
	slices.SortFunc(values, func(a, b string) int { return strings.Compare(labels[a], labels[b]) })
	m := bot.Text(title)
	m.Sections[0].Blocks[0].Kind = bot.Heading
	var lines []string
	var buttons []bot.Button
	for _, value := range values {
		lines = append(lines, fmt.Sprintf("%s (%s)", labels[value], value))
		if labels[value] == capital(value) {
			lines[len(lines)-1] = value
		}
		buttons = append(buttons, r.button(fmt.Sprintf("%s %d", labels[value], count[value]), verb+value))
	}
	m.Sections[0].Blocks = append(m.Sections[0].Blocks, bot.Block{Runs: []bot.Run{{Text: strings.Join(lines, ", ") + "."}}})
	m.Buttons = v.rows(r, buttons)
	return m
}

func (v *Conversation) pressPacks(_ context.Context, r request) (bot.Reply, error) {
	if !v.admin(r.User) {
		return bot.Reply{}, errNotAdmin()
	}
	return v.packs(r, strings.Fields(r.value))
}

func (v *Conversation) pressAddPack(ctx context.Context, r request) (bot.Reply, error) {
	if !v.admin(r.User) {
		return bot.Reply{}, errNotAdmin()
	}
	section, code, _ := strings.Cut(r.value, " ")
	var offers []offer
	for _, f := range ofPack(feed.Packs(), section, code) {
		offers = append(offers, offer{URL: f.URL, Outlet: f.Outlet, Owner: f.Owner, Country: f.Country, Language: f.Language})
	}
	if len(offers) == 0 || code == "" {
		return bot.Reply{}, complain("That pack is no longer there. /feed packs lists them.")
	}
	return v.addOffers(ctx, r, offers)
}
