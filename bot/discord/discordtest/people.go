package discordtest

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tidings/bot/bottest"
	"tidings/subscriptions"
)

// command is a command as people find it.
type command struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Options     []option `json:"options"`
	Permissions *string  `json:"default_member_permissions"`
}

type option struct {
	Type         int      `json:"type"`
	Name         string   `json:"name"`
	Description  string   `json:"description"`
	Required     bool     `json:"required"`
	Autocomplete bool     `json:"autocomplete"`
	Choices      []choice `json:"choices"`
	Options      []option `json:"options"` // of a sub-command
}

// Kinds of option, by Discord's numbers.
const (
	subCommand = 1
	textOption = 3
)

// subs are a command's sub-commands.
func (c command) subs() bool { return len(c.Options) > 0 && c.Options[0].Type == subCommand }

type choice struct {
	Name  string `json:"name"`
	Value any    `json:"value"`
}

var commandName = regexp.MustCompile(`^[-_\p{Ll}\p{Lo}\p{N}]{1,32}$`)

// checkCommands refuses commands as Discord does.
func checkCommands(raw []json.RawMessage) answer {
	var f form
	if len(raw) > 100 {
		f.wrong("_", "BASE_TYPE_MAX_LENGTH", "Must be 100 or fewer in length.")
	}
	names := map[string]bool{}
	for i, r := range raw {
		var c command
		json.Unmarshal(r, &c)
		path := fmt.Sprint(i)
		f.name(path, c.Name, c.Description)
		if names[c.Name] {
			f.wrong(path+".name", "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
		}
		names[c.Name] = true
		f.options(path, c.Options, true)
	}
	return f.answer()
}

// options checks the options of a command, or of a sub-command, which has none below it.
func (f *form) options(path string, all []option, subs bool) {
	if len(all) > 25 {
		f.wrong(path+".options", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
	}
	optional, names := false, map[string]bool{}
	for j, o := range all {
		at := fmt.Sprintf("%s.options.%d", path, j)
		f.name(at, o.Name, o.Description)
		switch {
		case o.Type == subCommand && (!subs || o.Required || o.Autocomplete || len(o.Choices) > 0):
			f.wrong(at, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-command option is invalid here")
		case o.Type != all[0].Type:
			f.wrong(at, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-command and sub-command group option types are mutually exclusive to all other types")
		case o.Type == subCommand:
			f.options(at, o.Options, false)
		case len(o.Options) > 0:
			f.wrong(at, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Only sub-commands have options")
		}
		if o.Required && optional {
			f.wrong(at, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options must be placed before non-required options")
		}
		if o.Autocomplete && len(o.Choices) > 0 {
			f.wrong(at, "APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES", "Autocomplete options can not have choices")
		}
		if names[o.Name] {
			f.wrong(at, "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATE", "Option names must be unique")
		}
		optional, names[o.Name] = optional || !o.Required, true
	}
}

func (f *form) name(path, name, description string) {
	if !commandName.MatchString(name) {
		f.wrong(path+".name", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
	}
	if n := utf8.RuneCountInString(description); n < 1 || n > 100 {
		f.wrong(path+".description", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
	}
}

// Commands are the names of the commands that people find now, sorted.
func (s *Server) Commands() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var names []string
	for _, raw := range s.commands {
		var c command
		json.Unmarshal(raw, &c)
		names = append(names, c.Name)
	}
	slices.Sort(names)
	return names
}

// patience is how long people wait until the bot is there.
const patience = 10 * time.Second

// Say implements [bottest.Network]. It waits until the bot is connected and
// offers the command; of a command that it does not offer nothing comes, as in
// Discord. The first word behind a command with sub-commands chooses one. Options are filled from the words in their order, the last from all
// that is left; "words in quotes" are one, and name:"a value" names the option.
func (s *Server) Say(c subscriptions.Chat, line string) { s.say(c.ID, line, 0) }

// SayAsGuest implements [bottest.Network].
func (s *Server) SayAsGuest(line string) { s.say(s.Group().ID, line, 1) }

// SayIn is SayAsGuest in another channel.
func (s *Server) SayIn(c subscriptions.Chat, line string) { s.say(c.ID, line, 1) }

func (s *Server) say(channel, line string, who int) {
	name, arguments, _ := strings.Cut(strings.TrimPrefix(line, "/"), " ")
	c := s.offered(name)
	if c == nil {
		return
	}
	options, err := choose(*c, arguments)
	if err != nil {
		s.t.Errorf("discordtest: %q cannot be said: %v", line, err)
		return
	}
	s.mu.Lock()
	if c.Permissions != nil && !s.people[who].admin {
		s.mu.Unlock()
		return
	}
	s.mu.Unlock()
	s.interact(channel, s.people[who], 2, map[string]any{"id": c.ID, "name": c.Name, "type": 1, "options": options}, nil)
}

// offered waits for a command and for the bot.
func (s *Server) offered(name string) *command {
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if !s.gateway.ready() {
			continue
		}
		s.mu.Lock()
		commands := s.commands
		s.mu.Unlock()
		for _, raw := range commands {
			var c command
			if json.Unmarshal(raw, &c) == nil && c.Name == name {
				return &c
			}
		}
		if len(commands) > 0 {
			return nil
		}
	}
	s.t.Errorf("discordtest: nobody answers /%s: the bot is not connected or offers no commands", name)
	return nil
}

// said splits a line into named values, quoted values and words.
var said = regexp.MustCompile(`(?:([a-z0-9_]+):)?"([^"]*)"|([a-z0-9_]+):(\S+)|(\S+)`)

// choose is what a line gives a command: values for its options, or for those
// of the sub-command that its first word names.
func choose(c command, line string) ([]map[string]any, error) {
	if !c.subs() {
		return fill(c.Options, line)
	}
	name, rest, _ := strings.Cut(line, " ")
	i := slices.IndexFunc(c.Options, func(o option) bool { return o.Name == name })
	if i < 0 {
		return nil, fmt.Errorf("/%s has no sub-command %q", c.Name, name)
	}
	values, err := fill(c.Options[i].Options, rest)
	return []map[string]any{{"name": name, "type": subCommand, "options": values}}, err
}

// fill gives options their values from a line.
func fill(offered []option, line string) ([]map[string]any, error) {
	values := map[string]string{}
	var free []string
	for _, o := range offered {
		free = append(free, o.Name)
	}
	known := func(name string) bool { return slices.Contains(free, name) }
	var loose []string
	for _, m := range said.FindAllStringSubmatch(line, -1) {
		switch {
		case m[1] != "" && known(m[1]):
			values[m[1]] = m[2]
		case m[3] != "" && known(m[3]):
			values[m[3]] = m[4]
		case m[5] == "" && m[3] == "" && m[1] == "":
			loose = append(loose, m[2])
		default:
			loose = append(loose, m[0])
		}
	}
	free = slices.DeleteFunc(free, func(name string) bool { _, ok := values[name]; return ok })
	if len(loose) > 0 && len(free) == 0 {
		return nil, fmt.Errorf("there is no option for %q", loose)
	}
	for i, name := range free {
		if i < len(loose) {
			values[name] = loose[i]
			if i == len(free)-1 {
				values[name] = strings.Join(loose[i:], " ")
			}
		}
	}
	options := []map[string]any{}
	for _, o := range offered {
		value, ok := values[o.Name]
		if !ok && o.Required {
			return nil, fmt.Errorf("the option %s is required", o.Name)
		}
		if ok && len(o.Choices) > 0 && !slices.ContainsFunc(o.Choices, func(c choice) bool { return c.Value == value }) {
			return nil, fmt.Errorf("%q is no choice for %s", value, o.Name)
		}
		if ok {
			options = append(options, map[string]any{"name": o.Name, "type": o.Type, "value": value})
		}
	}
	return options, nil
}

// Press implements [bottest.Network].
func (s *Server) Press(c subscriptions.Chat, label string) { s.press(c.ID, label, 0) }

// PressAsGuest is Press by someone who administers nothing.
func (s *Server) PressAsGuest(c subscriptions.Chat, label string) { s.press(c.ID, label, 1) }

func (s *Server) press(channel, label string, who int) {
	s.mu.Lock()
	var found *message
	var id string
	for _, m := range s.channels[channel].messages {
		for _, r := range m.Components {
			for _, b := range r.Components {
				if b.Label == label && b.CustomID != "" && !m.deleted {
					found, id = m, b.CustomID
				}
			}
		}
	}
	s.mu.Unlock()
	if found == nil {
		s.t.Errorf("discordtest: there is no button %q", label)
		return
	}
	s.interact(channel, s.people[who], 3, map[string]any{"custom_id": id, "component_type": 2}, found)
}

// Suggest types into an option and returns what is offered for it. A
// sub-command is named behind its command ("topic test").
func (s *Server) Suggest(c subscriptions.Chat, name, option, typed string) []string {
	name, sub, _ := strings.Cut(name, " ")
	cmd := s.offered(name)
	if cmd == nil {
		return nil
	}
	options := []any{map[string]any{"name": option, "type": textOption, "value": typed, "focused": true}}
	if sub != "" {
		options = []any{map[string]any{"name": sub, "type": subCommand, "options": options}}
	}
	i := s.interact(c.ID, s.people[0], 4, map[string]any{"id": cmd.ID, "name": name, "type": 1, "options": options}, nil)
	select {
	case <-i.answered:
	case <-time.After(deadline):
		s.t.Errorf("discordtest: nothing was suggested for %q in time", typed)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return i.choices
}

// Shown implements [bottest.Network]. It shows what Ada sees.
func (s *Server) Shown(c subscriptions.Chat) []bottest.Shown {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []bottest.Shown
	for _, m := range s.channels[c.ID].messages {
		if m.deleted || m.loading {
			continue
		}
		shown := bottest.Shown{ID: m.ID}
		shown.Text, shown.Links = Plain(m.Content)
		for _, e := range m.embedsShown() {
			text, links := Plain(e.Description)
			shown.Text, shown.Links = shown.Text+text, append(shown.Links, links...)
			shown.Picture += m.picture(e)
		}
		for _, r := range m.Components {
			for _, b := range r.Components {
				shown.Buttons = append(shown.Buttons, b.Label)
			}
		}
		out = append(out, shown)
	}
	return out
}

// Raw are the contents of the bot's messages in a channel, as it sent them, and
// whether each is for one person alone.
func (s *Server) Raw(c subscriptions.Chat) (texts []string, private []bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.channels[c.ID].messages {
		if m.deleted || m.loading {
			continue
		}
		var text strings.Builder
		text.WriteString(m.Content)
		for _, e := range m.embedsShown() {
			text.WriteString(e.Description)
		}
		texts, private = append(texts, text.String()), append(private, m.hidden)
	}
	return texts, private
}
