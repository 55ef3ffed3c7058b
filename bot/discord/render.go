package discord

import (
	"net/url"
	"strings"

	"github.com/bwmarrin/discordgo"

	"tidings/bot"
)

// What one message may hold, in UTF-16 units where it is text.
const (
	contentLimit     = 2000
	descriptionLimit = 4096
	rows             = 5
	rowButtons       = 5
	labelLimit       = 80
	actionLimit      = 64
	buttonURLLimit   = 512
)

// gap is a space without width: it parts what Discord would otherwise read as
// one mark or one mention.
const gap = "\u200b"

// inLabel changes the text of a link: an address or a line break in it would
// show the markup itself. inURL changes its address, in which no character may be markup.
var (
	inLabel = strings.NewReplacer("://", ":"+gap+"//", "\n", " ")
	inURL   = strings.NewReplacer("(", "%28", ")", "%29", "<", "%3C", ">", "%3E", "[", "%5B", "]", "%5D",
		"\\", "%5C", "`", "%60", "|", "%7C", "*", "%2A", " ", "%20", `"`, "%22")
)

// body is a message as it is sent, edited or answered with.
type body struct {
	Content    string                    `json:"content"`
	Embeds     []*discordgo.MessageEmbed `json:"embeds"`
	Components []discordgo.ActionsRow    `json:"components"`
	// Attachments are those that the message has now: an edit must drop what it had.
	Attachments []attachment                      `json:"attachments"`
	Mentions    *discordgo.MessageAllowedMentions `json:"allowed_mentions"`
	Flags       discordgo.MessageFlags            `json:"flags"` // an edit must undo what the message had
	Nonce       string                            `json:"nonce,omitempty"`
	Enforce     bool                              `json:"enforce_nonce,omitempty"`

	file *bot.Picture // what the attachment is, or nil
}

// render is m as it is sent. A short message without links and picture is plain
// content, of which no address is shown as a preview; any other is one embed,
// which holds twice as much and has no previews.
func render(m bot.Message) body {
	text, links := markdown(m)
	b := body{
		Embeds:      []*discordgo.MessageEmbed{},
		Components:  components(m.Buttons),
		Attachments: []attachment{},
		Mentions:    &discordgo.MessageAllowedMentions{Parse: []discordgo.AllowedMentionType{}},
	}
	if m.Silent {
		b.Flags = discordgo.MessageFlagsSuppressNotifications
	}
	image := b.attach(m.Picture)
	if !links && image == nil && units(text) <= contentLimit {
		b.Content = text
		b.Flags |= discordgo.MessageFlagsSuppressEmbeds
	} else {
		b.Embeds = append(b.Embeds, &discordgo.MessageEmbed{Description: text, Image: image})
	}
	return b
}

// fits reports whether one message holds m.
func fits(m bot.Message) bool {
	text, _ := markdown(m)
	return units(text) <= descriptionLimit && buttonsFit(m.Buttons)
}

// empty reports whether there is nothing to send.
func (b body) empty() bool {
	return b.Content == "" && (len(b.Embeds) == 0 || b.Embeds[0].Description == "")
}

// text is what the message says, in markup.
func (b body) text() string {
	if len(b.Embeds) > 0 {
		return b.Embeds[0].Description
	}
	return b.Content
}

func buttonsFit(all [][]bot.Button) bool {
	if len(all) > rows {
		return false
	}
	for _, row := range all {
		if len(row) > rowButtons {
			return false
		}
		for _, b := range row {
			if strings.TrimSpace(bot.Clean(b.Label)) == "" || units(b.Label) > labelLimit || len(b.Action) > actionLimit {
				return false
			}
		}
	}
	return true
}

// components are the rows of buttons. A button that neither acts nor opens a
// web page is left out.
func components(all [][]bot.Button) []discordgo.ActionsRow {
	out := []discordgo.ActionsRow{}
	n := 0
	for _, row := range all {
		var r discordgo.ActionsRow
		for _, b := range row {
			link, label := webURL(b.URL), bot.Clean(b.Label)
			switch {
			case b.Action != "":
				r.Components = append(r.Components, discordgo.Button{Label: label, Style: discordgo.SecondaryButton, CustomID: customID(n, b.Action)})
			case link != "" && units(link) <= buttonURLLimit:
				r.Components = append(r.Components, discordgo.Button{Label: label, Style: discordgo.LinkButton, URL: link})
			}
			n++
		}
		if len(r.Components) > 0 {
			out = append(out, r)
		}
	}
	return out
}

// customID is what Discord calls a button by; it must differ within a message,
// where two buttons may do the same.
func customID(n int, action string) string { return string(rune('a'+n)) + ":" + action }

// actionOf is the action in a customID.
func actionOf(id string) string {
	_, action, _ := strings.Cut(id, ":")
	return action
}

// markdown is the text of m in Discord's markup, and whether there are links in it.
func markdown(m bot.Message) (text string, links bool) {
	var out strings.Builder
	for _, section := range m.Sections {
		written, quote := false, false
		for _, b := range section.Blocks {
			s, l := block(b)
			if s == "" {
				continue
			}
			quotes := b.Kind == bot.Quote || b.Kind == bot.Details
			switch {
			case written && quote && quotes:
				out.WriteString("\n\n") // else they would be one
			case written:
				out.WriteByte('\n')
			case out.Len() > 0:
				out.WriteString("\n\n")
			}
			out.WriteString(s)
			written, quote, links = true, quotes, links || l
		}
	}
	return out.String(), links
}

// block is one block, without a newline at its end.
func block(b bot.Block) (text string, links bool) {
	if b.Kind == bot.Code {
		return fenced(b.Runs), false
	}
	var out strings.Builder
	for _, r := range merged(b) {
		s, link := run(r)
		if s == "" {
			continue
		}
		// Marks that touch would be read as one mark.
		if end := out.String(); end != "" && strings.ContainsRune("*`", rune(end[len(end)-1])) && strings.ContainsRune("*`", rune(s[0])) {
			out.WriteString(gap)
		}
		out.WriteString(s)
		links = links || link
	}
	text = lineStarts(strings.Trim(out.String(), "\n"))
	if strings.Trim(text, " \n"+gap) == "" {
		return "", false
	}
	if b.Kind == bot.Quote || b.Kind == bot.Details {
		text = "> " + strings.ReplaceAll(text, "\n", "\n> ")
	}
	return text, links
}

// merged are a block's runs, those of one style joined and headings bold.
func merged(b bot.Block) []bot.Run {
	var out []bot.Run
	for _, r := range b.Isolated() {
		r.Text = strings.ReplaceAll(r.Text, "\t", " ")
		r.Bold = r.Bold || b.Kind == bot.Heading
		if b.Kind == bot.Heading {
			r.Text = strings.ReplaceAll(r.Text, "\n", " ")
		}
		r.Link = webURL(r.Link)
		if last := len(out) - 1; last >= 0 && out[last].Bold == r.Bold && out[last].Italic == r.Italic &&
			out[last].Code == r.Code && out[last].Link == r.Link && r.Link == "" {
			out[last].Text += r.Text
			continue
		}
		out = append(out, r)
	}
	return out
}

// run is a stretch of text in its marks, which stand at its first and last
// letters: a mark beside a space is none.
func run(r bot.Run) (text string, link bool) {
	inner := strings.TrimSpace(r.Text)
	if inner == "" {
		return r.Text, false
	}
	start := strings.Index(r.Text, inner)
	before, after := r.Text[:start], r.Text[start+len(inner):]
	// What stands in code is not escaped, and would end the marks around it.
	if r.Code && r.Link == "" {
		return before + code(strings.ReplaceAll(inner, "\n", " ")) + after, false
	}
	inner = escape(inner)
	if r.Link != "" {
		inner = "[" + inLabel.Replace(inner) + "](" + r.Link + ")"
	}
	mark := ""
	if r.Italic {
		mark = "*"
	}
	if r.Bold {
		mark += "**"
	}
	if mark == "" {
		return before + inner + after, r.Link != ""
	}
	// A mark does not reach over an empty line.
	lines := strings.Split(inner, "\n")
	for i, line := range lines {
		if trimmed := strings.TrimSpace(line); trimmed != "" {
			lines[i] = mark + trimmed + mark
		}
	}
	return before + strings.Join(lines, "\n") + after, r.Link != ""
}

// code is text of fixed width within a line. Two marks fence what holds single ones.
func code(text string) string {
	text = apart(text)
	if !strings.Contains(text, "`") {
		return "`" + text + "`"
	}
	if text[0] == '`' || text[len(text)-1] == '`' {
		text = " " + text + " "
	}
	return "``" + text + "``"
}

// apart parts the grave accents that stand together.
func apart(text string) string {
	two := "`" + gap + "`"
	return strings.ReplaceAll(strings.ReplaceAll(text, "``", two), "``", two)
}

// fenced is a block of fixed width. Nothing in it ends the fence.
func fenced(runs []bot.Run) string {
	var text strings.Builder
	for _, r := range runs {
		text.WriteString(bot.Clean(r.Text))
	}
	inner := strings.Trim(apart(text.String()), "\n")
	if strings.TrimSpace(inner) == "" {
		return ""
	}
	return "```\n" + inner + "\n```"
}

// escaped are the characters that are markup wherever they stand.
const escaped = "\\*_~|`[]<"

// escape makes every character of text stand for itself, and no mention call anyone.
func escape(text string) string {
	if !strings.ContainsAny(text, escaped+"@") {
		return text
	}
	var out strings.Builder
	out.Grow(len(text) + 8)
	for i, r := range text {
		if strings.ContainsRune(escaped, r) {
			out.WriteByte('\\')
		}
		out.WriteRune(r)
		if r == '@' {
			if rest := text[i+1:]; strings.HasPrefix(rest, "everyone") || strings.HasPrefix(rest, "here") {
				out.WriteString(gap)
			}
		}
	}
	return out.String()
}

// lineStarts escapes what only at the start of a line is markup: headings,
// quotes and lists.
func lineStarts(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		inner := strings.TrimLeft(line, " ")
		indent := line[:len(line)-len(inner)]
		digits := len(inner) - len(strings.TrimLeft(inner, "0123456789"))
		switch {
		case inner == "":
		case strings.ContainsRune("#>-+", rune(inner[0])):
			lines[i] = indent + "\\" + inner
		case digits > 0 && strings.HasPrefix(inner[digits:], ". "):
			lines[i] = indent + inner[:digits] + "\\" + inner[digits:]
		}
	}
	return strings.Join(lines, "\n")
}

// webURL is an address that may be followed, written so that no character of it
// is markup; or "".
func webURL(s string) string {
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil {
		return ""
	}
	return inURL.Replace(u.String())
}

// units is the length of s in UTF-16 units.
func units(s string) int {
	n := 0
	for _, r := range s {
		if r > 0xFFFF {
			n++
		}
		n++
	}
	return n
}
