package discordtest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf16"
)

// content is what a message consists of, in requests and in answers.
type content struct {
	Content     string            `json:"content"`
	Embeds      []embed           `json:"embeds"`
	Components  []row             `json:"components"`
	Attachments []attachment      `json:"attachments"`
	Flags       int               `json:"flags"`
	Nonce       json.RawMessage   `json:"nonce,omitempty"`
	Enforce     bool              `json:"enforce_nonce,omitempty"`
	Mentions    *allowedMentions  `json:"allowed_mentions,omitempty"`
	Choices     []json.RawMessage `json:"choices,omitempty"`
	files       map[string]file
}

type allowedMentions struct {
	Parse []string `json:"parse"`
}

type embed struct {
	Title       string   `json:"title,omitempty"`
	Description string   `json:"description,omitempty"`
	URL         string   `json:"url,omitempty"`
	Fields      []field  `json:"fields,omitempty"`
	Image       *picture `json:"image,omitempty"`
	Footer      *text    `json:"footer,omitempty"`
	Author      *named   `json:"author,omitempty"`
}

type field struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type text struct {
	Text string `json:"text"`
}

type named struct {
	Name string `json:"name"`
}

type row struct {
	Type       int      `json:"type"`
	Components []button `json:"components"`
}

type button struct {
	Type     int    `json:"type"`
	Style    int    `json:"style"`
	Label    string `json:"label,omitempty"`
	CustomID string `json:"custom_id,omitempty"`
	URL      string `json:"url,omitempty"`
}

// form gathers what is wrong with a form, as Discord tells it.
type form struct{ errors map[string]any }

func (f *form) wrong(path, code, message string) {
	if f.errors == nil {
		f.errors = map[string]any{}
	}
	at := f.errors
	for part := range strings.SplitSeq(path, ".") {
		next, ok := at[part].(map[string]any)
		if !ok {
			next = map[string]any{}
			at[part] = next
		}
		at = next
	}
	at["_errors"] = []any{map[string]any{"code": code, "message": message}}
}

func (f *form) length(path, s string, limit int) {
	if units(s) > limit {
		f.wrong(path, "BASE_TYPE_MAX_LENGTH", fmt.Sprintf("Must be %d or fewer in length.", limit))
	}
}

// answer is the refusal of the form, or a zero answer.
func (f *form) answer() answer {
	if f.errors == nil {
		return answer{}
	}
	return answer{400, nil, map[string]any{"code": 50035, "message": "Invalid Form Body", "errors": f.errors}}
}

// units is a length in UTF-16, the strictest that Discord may count in.
func units(s string) int { return len(utf16.Encode([]rune(s))) }

// suppressEmbeds is the flag of a message that shows no embeds.
const suppressEmbeds = 1 << 2

// checkEdit is check for a message in the place of another.
func (s *Server) checkEdit(c content) answer {
	if c.Flags&^suppressEmbeds != 0 {
		s.t.Errorf("discordtest: an edit cannot set the flags %b", c.Flags)
	}
	if c.Attachments == nil {
		s.t.Errorf("discordtest: an edit that names no attachments keeps those that the message had")
	}
	return s.check(c)
}

// check refuses a message as Discord does.
func (s *Server) check(c content) answer {
	if c.Mentions == nil || len(c.Mentions.Parse) > 0 {
		s.t.Errorf("discordtest: a message without allowed_mentions {parse: []} calls whomever its text names")
	}
	if strings.Contains(c.Content, "://") && c.Flags&suppressEmbeds == 0 {
		s.t.Errorf("discordtest: the addresses in %q are shown as previews", c.Content)
	}
	var f form
	f.length("content", c.Content, 2000)
	total, visible := 0, strings.TrimSpace(c.Content) != ""
	for i, e := range c.Embeds {
		total += f.embed("embeds."+strconv.Itoa(i), e)
		visible = visible || strings.TrimSpace(e.Title+e.Description) != "" || len(e.Fields) > 0
	}
	if len(c.Embeds) > 10 {
		f.wrong("embeds", "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")
	}
	if total > 6000 {
		f.wrong("embeds", "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")
	}
	f.components(c.Components)
	if a := f.files(c); a.status != 0 {
		return a
	}
	if a := f.answer(); a.status != 0 {
		return a
	}
	if !visible {
		return refuse(400, 50006, "Cannot send an empty message")
	}
	return answer{}
}

// embed checks one embed and returns what it adds to the total of all.
func (f *form) embed(path string, e embed) int {
	f.length(path+".title", e.Title, 256)
	f.length(path+".description", e.Description, 4096)
	total := units(e.Title) + units(e.Description)
	if len(e.Fields) > 25 {
		f.wrong(path+".fields", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
	}
	for i, field := range e.Fields {
		at := fmt.Sprintf("%s.fields.%d", path, i)
		f.length(at+".name", field.Name, 256)
		f.length(at+".value", field.Value, 1024)
		total += units(field.Name) + units(field.Value)
	}
	if e.Footer != nil {
		f.length(path+".footer.text", e.Footer.Text, 2048)
		total += units(e.Footer.Text)
	}
	if e.Author != nil {
		f.length(path+".author.name", e.Author.Name, 256)
		total += units(e.Author.Name)
	}
	return total
}

func (f *form) components(rows []row) {
	if len(rows) > 5 {
		f.wrong("components", "BASE_TYPE_MAX_LENGTH", "Must be 5 or fewer in length.")
	}
	ids := map[string]bool{}
	for i, r := range rows {
		path := fmt.Sprintf("components.%d", i)
		if r.Type != 1 {
			f.wrong(path, "UNION_TYPE_CHOICES", "Value of field \"type\" must be one of (1,).")
		}
		if len(r.Components) < 1 || len(r.Components) > 5 {
			f.wrong(path+".components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
		}
		for j, b := range r.Components {
			at := fmt.Sprintf("%s.components.%d", path, j)
			f.button(at, b)
			if b.CustomID != "" && ids[b.CustomID] {
				f.wrong(at+".custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
			}
			ids[b.CustomID] = true
		}
	}
}

func (f *form) button(path string, b button) {
	if b.Label == "" {
		f.wrong(path, "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A button must have a label or emoji")
	}
	f.length(path+".label", b.Label, 80)
	f.length(path+".custom_id", b.CustomID, 100)
	f.length(path+".url", b.URL, 512)
	switch {
	case b.Style == 5 && (b.URL == "" || b.CustomID != ""):
		f.wrong(path, "BUTTON_COMPONENT_URL_REQUIRED", "A url button must have a url and no custom id")
	case b.Style != 5 && (b.CustomID == "" || b.URL != ""):
		f.wrong(path, "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", "A custom id is required")
	}
	if u, err := url.Parse(b.URL); b.URL != "" && (err != nil || (u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "discord")) {
		f.wrong(path+".url", "URL_TYPE_INVALID_SCHEME", "Scheme must be one of ('http', 'https', 'discord').")
	}
}
