package conversation

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"tidings/bot"
	"tidings/bot/delivery"
	"tidings/digest/language"
	"tidings/subscriptions"
	"tidings/subscriptions/schedule"
)

// usualQuiet are the quiet hours that a button sets.
const usualQuiet = "22:00-07:00"

// changeSettings answers /settings: what is named is changed, and all is shown.
func (v *Conversation) changeSettings(ctx context.Context, r request) (bot.Reply, error) {
	changes := map[string]string{}
	if r.Options != nil {
		for _, name := range settingNames() {
			if value := r.arg(name); value != "" {
				changes[name] = value
			}
		}
	} else if name, value, _ := strings.Cut(r.arg("text"), " "); name != "" {
		name = strings.ToLower(name)
		if !isSetting(name) {
			// "Europe/Kyiv" alone is understood as well.
			name, value = "zone", r.arg("text")
			if _, err := schedule.Zone(value); err != nil {
				return bot.Reply{}, complain(sentence(err.Error()) + " Other settings are length, language, quiet, silence and pictures.")
			}
		}
		changes[name] = strings.TrimSpace(value)
	}
	if len(changes) == 0 {
		return r.reply(v.settingsMessage(r, "")), nil
	}
	if err := v.meet(ctx, r); err != nil {
		return bot.Reply{}, err
	}
	for _, name := range settingNames() {
		if value, ok := changes[name]; ok {
			if err := v.set(ctx, &r, name, value); err != nil {
				return bot.Reply{}, err
			}
		}
	}
	return r.reply(v.settingsMessage(r, "Changed.")), nil
}

func settingNames() []string {
	return []string{"zone", "length", "language", "quiet", "silence", "pictures", "votes"}
}

func isSetting(name string) bool {
	return slices.Contains(settingNames(), name)
}

// set changes one setting of the target, and in the request.
func (v *Conversation) set(ctx context.Context, r *request, name, value string) error {
	switch s := &r.settings; name {
	case "zone":
		return v.setZone(ctx, r, value)
	case "votes":
		return v.Subscriptions.ForgetVotes(ctx, r.target.Chat, "")
	case "length":
		switch value {
		case subscriptions.Short, subscriptions.Long:
			s.Length = value
		case "normal":
			s.Length = ""
		default:
			return complain("A digest is short, normal or long. For example: /settings length short")
		}
	case "language":
		code, err := languageCode(value)
		if err != nil {
			return err
		}
		s.Language = code
	case "quiet":
		if value == "off" || value == "none" {
			s.Quiet = ""
			break
		}
		quiet, err := schedule.ParseQuiet(value)
		if err != nil {
			return complain(sentence(err.Error()))
		}
		s.Quiet = quiet.String()
	case "silence", "pictures":
		if value != "on" && value != "off" {
			return complain("That is on or off. For example: /settings " + name + " on")
		}
		if name == "silence" {
			s.Silence = value == "on"
		} else {
			s.Pictures = value == "on"
		}
	}
	return v.Subscriptions.Set(ctx, r.settings)
}

// languageCode reads "uk", "Ukrainian" or "off".
func languageCode(value string) (string, error) {
	if strings.EqualFold(value, "off") || strings.EqualFold(value, "none") {
		return "", nil
	}
	for _, code := range language.Supported() {
		if strings.EqualFold(value, code) || strings.EqualFold(value, language.EnglishName(code)) {
			return code, nil
		}
	}
	return "", complain("I know no language “" + clip(value, 40) + "”. For example: /settings language Ukrainian, or /settings language off")
}

func (v *Conversation) setZone(ctx context.Context, r *request, name string) error {
	zone, err := schedule.Zone(name)
	if err != nil {
		return complain(sentence(err.Error()))
	}
	subs, err := v.Subscriptions.Of(ctx, r.target.Chat)
	if err != nil {
		return err
	}
	due := map[string]time.Time{}
	for _, s := range subs {
		when, err := schedule.Parse(s.Schedule)
		if err != nil {
			return fmt.Errorf("the schedule of subscription %s: %w", s.ID, err)
		}
		due[s.ID] = when.Next(v.Now(), zone)
	}
	if err := v.Subscriptions.SetZone(ctx, r.target.Chat, zone.String(), due); err != nil {
		return err
	}
	r.zone, r.settings.Zone = zone, zone.String()
	return nil
}

// settingsMessage shows the settings with buttons that change them.
func (v *Conversation) settingsMessage(r request, done string) bot.Message {
	s := r.settings
	where := ""
	if r.named != "" {
		where = " of " + r.target.Title
	}
	length, quiet, silence := "normal", "none", "one line says so"
	if s.Length != "" {
		length = s.Length
	}
	if s.Quiet != "" {
		quiet = s.Quiet + "; digests then come without a sound"
	}
	if s.Silence {
		silence = "nothing is sent"
	}
	lines := []string{
		"Settings" + where,
		fmt.Sprintf("Time zone: %s, where it is %s", zoneName(r.zone), v.Now().In(r.zone).Format("15:04")),
		"Length: " + length, "Quiet hours: " + quiet, "When nothing is new: " + silence, "Pictures: " + onOff(s.Pictures),
	}
	if s.Language != "" {
		note := ""
		if v.Delivery.Rewriter == nil {
			note = "; but no model is set up here that could translate, so each story stays in its own"
		}
		lines = append(lines, "Language: "+language.EnglishName(s.Language)+note)
	}
	m := bot.Text(lines...)
	m.Sections[0].Blocks[0].Kind = bot.Heading
	if done != "" {
		m.Sections = append(m.Sections, bot.Text(done).Sections...)
	}
	m.Sections = append(m.Sections, bot.Text("For another time zone or other hours: /settings zone Kyiv, /settings quiet 23:00-06:30").Sections...)
	if r.target.Administered {
		m.Buttons = settingsButtons(r)
	}
	return m
}

// settingsButtons change the settings; what is chosen is ticked.
func settingsButtons(r request) [][]bot.Button {
	s := r.settings
	pick := func(label, name, value string, chosen bool) bot.Button {
		if chosen {
			label = "✓ " + label
		}
		return r.button(label, "set "+name+" "+value)
	}
	return [][]bot.Button{
		row(pick("Short", "length", "short", s.Length == subscriptions.Short), pick("Normal", "length", "normal", s.Length == ""),
			pick("Long", "length", "long", s.Length == subscriptions.Long)),
		row(toggle(pick, "Quiet hours", "quiet", s.Quiet != "", usualQuiet), toggle(pick, "Silence when nothing is new", "silence", s.Silence, "on")),
		row(toggle(pick, "Pictures", "pictures", s.Pictures, "on"), r.button("Forget my votes", "set votes off")),
	}
}

// toggle is a button that sets a setting, or takes it back.
func toggle(pick func(label, name, value string, chosen bool) bot.Button, label, name string, on bool, value string) bot.Button {
	if on {
		value = "off"
	}
	return pick(label, name, value, on)
}

func onOff(b bool) string {
	if b {
		return "on"
	}
	return "off"
}

func (v *Conversation) pressSettings(_ context.Context, r request) (bot.Reply, error) {
	// The digest whose button was pressed stays.
	return bot.Reply{Message: v.settingsMessage(r, ""), Private: r.Place.Kind != bot.Private}, nil
}

func (v *Conversation) pressSet(ctx context.Context, r request) (bot.Reply, error) {
	if err := v.meet(ctx, r); err != nil {
		return bot.Reply{}, err
	}
	name, value, _ := strings.Cut(r.value, " ")
	if err := v.set(ctx, &r, name, value); err != nil {
		return bot.Reply{}, err
	}
	done := ""
	if name == "votes" {
		done = "All votes are forgotten."
	}
	return r.reply(v.settingsMessage(r, done)), nil
}

// forever is the end of a pause that has none.
func forever() time.Time { return time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC) }

func (v *Conversation) pause(ctx context.Context, r request) (bot.Reply, error) {
	return v.pauseUntil(ctx, r, r.arg("when"))
}

func (v *Conversation) pressPause(ctx context.Context, r request) (bot.Reply, error) {
	reply, err := v.pauseUntil(ctx, r, r.value)
	// The digest whose button was pressed stays; the pause itself is changed in place.
	reply.Edit = r.value != ""
	return reply, err
}

func (v *Conversation) pauseUntil(ctx context.Context, r request, text string) (bot.Reply, error) {
	if err := v.meet(ctx, r); err != nil {
		return bot.Reply{}, err
	}
	until := forever()
	if text != "" && !strings.EqualFold(text, "forever") {
		var err error
		if until, err = schedule.Until(clip(text, 80), v.Now(), r.zone); err != nil {
			return bot.Reply{}, complain(sentence(err.Error()))
		}
	}
	if err := v.Subscriptions.Pause(ctx, r.target.Chat, until); err != nil {
		return bot.Reply{}, err
	}
	m := bot.Text(v.pausedLine(r, until) + " /resume ends the pause; the next digest then goes back up to a week.")
	m.Buttons = [][]bot.Button{
		row(r.button("1 day", "pause 1 day"), r.button("3 days", "pause 3 days"), r.button("1 week", "pause 1 week"), r.button("2 weeks", "pause 2 weeks")),
		row(r.button("Resume", "resume")),
	}
	return bot.Reply{Message: m, Edit: r.Action != ""}, nil
}

// pausedLine says how long a pause lasts.
func (v *Conversation) pausedLine(r request, until time.Time) string {
	if !until.Before(forever()) {
		return "Paused: no digests until you want them again."
	}
	return "Paused until " + delivery.Moment(until, v.Now(), r.zone) + "."
}

func (v *Conversation) resume(ctx context.Context, r request) (bot.Reply, error) {
	if err := v.meet(ctx, r); err != nil {
		return bot.Reply{}, err
	}
	now := v.Now()
	if !r.settings.Paused.After(now) {
		return bot.Reply{}, complain("Nothing is paused here. /subscriptions shows what comes, and when.")
	}
	if err := v.Subscriptions.Pause(ctx, r.target.Chat, now); err != nil {
		return bot.Reply{}, err
	}
	r.settings.Paused = now
	subs, topics, err := v.subscribed(ctx, r.target.Chat)
	if err != nil {
		return bot.Reply{}, err
	}
	lines := []string{"Digests go on."}
	for i, s := range subs {
		lines = append(lines, "Next: "+topics[i].Name+", "+v.nextText(r, s)+".")
	}
	return bot.Reply{Message: bot.Text(lines...), Edit: r.Action != ""}, nil
}

// next is when a subscription brings its next digest, zero for never.
func (v *Conversation) next(r request, s subscriptions.Subscription) time.Time {
	now := v.Now()
	if s.NextDue.After(now) && s.NextDue.After(r.settings.Paused) {
		return s.NextDue
	}
	when, err := schedule.Parse(s.Schedule)
	if err != nil || !r.settings.Paused.Before(forever()) {
		return time.Time{}
	}
	if r.settings.Paused.After(now) {
		now = r.settings.Paused.Add(-time.Millisecond)
	}
	return when.Next(now, r.zone)
}

func (v *Conversation) nextText(r request, s subscriptions.Subscription) string {
	next := v.next(r, s)
	if next.IsZero() {
		return "when you /resume"
	}
	return delivery.Moment(next, v.Now(), r.zone)
}
