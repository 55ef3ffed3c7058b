package bot

import (
	"net/http"
	"net/url"
	"strings"
)

// Message is what a chat is shown, in terms that every network can render.
// Text in it is plain: each adapter escapes it for its network.
type Message struct {
	// Sections are the units between which a long message is split first: the
	// head of a digest, one story, the foot.
	Sections []Section `json:"sections"`
	// Buttons are rows under the message; of a split message, under its last part.
	Buttons [][]Button `json:"buttons,omitempty"`
	// Picture is shown with the text, or nil. Where it cannot be shown the text
	// is sent without it; a picture without text is no message. Of a split
	// message, the first part has it.
	Picture *Picture `json:"picture,omitempty"`
	// Silent asks the network not to make a sound.
	Silent bool `json:"silent,omitempty"`
}

// Section is a run of blocks that belong together.
type Section struct {
	Blocks []Block `json:"blocks"`
}

// BlockKind says how a block is set.
type BlockKind string

// The kinds of block.
const (
	Paragraph BlockKind = ""        // lines of text; a newline in a run is a line break
	Heading   BlockKind = "heading" // one bold line
	Quote     BlockKind = "quote"   // set apart
	Details   BlockKind = "details" // set apart and folded where the network can fold
	Code      BlockKind = "code"    // fixed width, as it stands; styles and links in it are ignored
)

// Block is a paragraph.
type Block struct {
	Kind BlockKind `json:"kind,omitempty"`
	Runs []Run     `json:"runs"`
}

// Run is a stretch of text in one style.
type Run struct {
	Text   string `json:"text"`
	Bold   bool   `json:"bold,omitempty"`
	Italic bool   `json:"italic,omitempty"`
	Code   bool   `json:"code,omitempty"`
	// Link is an absolute http or https URL, or empty. Adapters drop any other.
	Link string `json:"link,omitempty"`
}

// Button is pressed by a person. It has either an Action, which comes back in
// [Update.Action], or a URL, which the person's client opens.
type Button struct {
	Label  string `json:"label"`
	Action string `json:"action,omitempty"` // 1 to 64 bytes
	URL    string `json:"url,omitempty"`
}

// MaxPicture is the largest file of a picture that every network takes, in bytes.
const MaxPicture = 10_000_000

// Picture is a file, or the address of one.
type Picture struct {
	// Alt says in a line what is to be seen, to those who do not see it.
	Alt string `json:"alt,omitempty"`
	// File is a PNG or JPEG file of at most [MaxPicture] bytes, or empty.
	File []byte `json:"file,omitempty"`
	// Type is the file's MIME type, "image/png" or "image/jpeg".
	Type string `json:"type,omitempty"`
	// URL is an absolute https URL of a picture, which counts when there is no
	// file. The network itself fetches it.
	URL string `json:"url,omitempty"`
}

// Uploads reports whether p has a file that every network takes.
func (p *Picture) Uploads() bool {
	return p != nil && len(p.File) > 0 && len(p.File) <= MaxPicture &&
		(p.Type == "image/png" || p.Type == "image/jpeg") && http.DetectContentType(p.File) == p.Type
}

// Address is the URL of a picture without a file, or "" when there is none that
// may be given to a network.
func (p *Picture) Address() string {
	if p == nil || len(p.File) > 0 || len(p.URL) > maxAddress || Clean(p.URL) != p.URL {
		return ""
	}
	u, err := url.Parse(p.URL)
	if err != nil || u.Scheme != "https" || u.User != nil || !strings.Contains(strings.Trim(u.Hostname(), "."), ".") {
		return ""
	}
	return u.String()
}

// maxAddress is the longest address of a picture that every network takes, in bytes.
const maxAddress = 2048

// Text is a message of paragraphs, one for each argument.
func Text(paragraphs ...string) Message {
	var s Section
	for _, p := range paragraphs {
		s.Blocks = append(s.Blocks, Block{Runs: []Run{{Text: p}}})
	}
	return Message{Sections: []Section{s}}
}

// Plain is the text of the message without any markup: blocks are separated
// by a newline, sections by an empty line.
func (m Message) Plain() string {
	var b strings.Builder
	for i, s := range m.Sections {
		if i > 0 {
			b.WriteString("\n\n")
		}
		for j, block := range s.Blocks {
			if j > 0 {
				b.WriteByte('\n')
			}
			for _, r := range block.Runs {
				b.WriteString(r.Text)
			}
		}
	}
	return b.String()
}
