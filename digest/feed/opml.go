package feed

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Outline is a feed in an OPML list.
type Outline struct {
	Title string // empty when the list does not say
	URL   string // http or https
	// Folder is the names of the folders that the feed is in, outermost first,
	// with slashes between; empty for none.
	Folder string
}

const (
	mostOPML     = 8 << 20 // bytes
	mostOutlines = 50_000
	mostFolders  = 16 // inside one another
)

// ReadOPML reads the feeds of an OPML list, version 1 or 2. skipped counts the
// outlines that point to no feed on the web. An error is a sentence.
func ReadOPML(r io.Reader) (feeds []Outline, skipped int, err error) {
	body, err := io.ReadAll(io.LimitReader(r, mostOPML+1))
	if err != nil {
		return nil, 0, fmt.Errorf("read the OPML list: %w", err)
	}
	if len(body) > mostOPML {
		return nil, 0, fmt.Errorf("the list is larger than %d MB", mostOPML>>20)
	}
	text, _ := toUTF8(body, "")
	l := &opmlList{decoder: xml.NewDecoder(bytes.NewReader(text))}
	l.decoder.Strict = false
	l.decoder.Entity = xml.HTMLEntity
	l.decoder.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	for {
		token, err := l.decoder.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = l.token(token)
		}
		if err != nil {
			line, _ := l.decoder.InputPos()
			return nil, 0, fmt.Errorf("line %d of the list: %w", line, err)
		}
	}
	if !l.isOPML {
		return nil, 0, errors.New("this is no OPML list")
	}
	return l.feeds, l.skipped, nil
}

// opmlList is an OPML list while it is read.
type opmlList struct {
	decoder *xml.Decoder
	isOPML  bool
	open    []string // for each open outline its name, or empty if it is a feed
	feeds   []Outline
	skipped int
}

func (l *opmlList) token(token xml.Token) error {
	switch t := token.(type) {
	case xml.StartElement:
		switch strings.ToLower(t.Name.Local) {
		case "opml":
			l.isOPML = true
		case "outline":
			if len(l.open) >= 4*mostFolders || len(l.feeds) >= mostOutlines {
				return errors.New("it is nested too deeply or too long")
			}
			l.open = append(l.open, l.outline(t.Attr))
		}
	case xml.EndElement:
		if n := len(l.open); n > 0 && strings.EqualFold(t.Name.Local, "outline") {
			l.open = l.open[:n-1]
		}
	}
	return nil
}

// outline takes down a feed, or returns the name of a folder.
func (l *opmlList) outline(attributes []xml.Attr) (folder string) {
	value := map[string]string{}
	for _, a := range attributes {
		if name := strings.ToLower(a.Name.Local); value[name] == "" {
			value[name] = strings.TrimSpace(a.Value)
		}
	}
	name := title(value["text"])
	if name == "" {
		name = title(value["title"])
	}
	address := value["xmlurl"]
	if address == "" && value["type"] == "rss" {
		address = value["url"]
	}
	if address == "" {
		return strings.ReplaceAll(name, "/", "-")
	}
	u, err := webURL(mend(address))
	if err != nil {
		l.skipped++
		return ""
	}
	l.feeds = append(l.feeds, Outline{Title: name, URL: u.String(), Folder: l.folder(value["category"])})
	return ""
}

// folder is the path of the open folders, or else the first category.
func (l *opmlList) folder(categories string) string {
	names := slices.DeleteFunc(slices.Clone(l.open), func(s string) bool { return s == "" })
	if len(names) == 0 {
		first, _, _ := strings.Cut(categories, ",")
		return strings.Trim(title(first), "/ ")
	}
	return strings.Join(names[:min(len(names), mostFolders)], "/")
}

// webScheme makes of feed: addresses, which some programs write, those that
// they stand for.
func webScheme(address string) string {
	rest, isFeed := strings.CutPrefix(address, "feed:")
	switch {
	case !isFeed:
		return address
	case strings.HasPrefix(rest, "//"):
		return "https:" + rest
	}
	return rest
}

type opmlOutline struct {
	Text     string        `xml:"text,attr"`
	Title    string        `xml:"title,attr"`
	Type     string        `xml:"type,attr,omitempty"`
	URL      string        `xml:"xmlUrl,attr,omitempty"`
	Outlines []opmlOutline `xml:"outline"`
}

type opmlDocument struct {
	XMLName  xml.Name      `xml:"opml"`
	Version  string        `xml:"version,attr"`
	Title    string        `xml:"head>title"`
	Created  string        `xml:"head>dateCreated"`
	Outlines []opmlOutline `xml:"body>outline"`
}

// WriteOPML writes feeds as an OPML 2.0 list. Those of one folder come
// together, in the order in which the folders first appear.
func WriteOPML(w io.Writer, name string, created time.Time, feeds []Outline) error {
	doc := opmlDocument{Version: "2.0", Title: name, Created: created.UTC().Format(time.RFC1123)}
	at := map[string]int{}
	for _, f := range feeds {
		o := opmlOutline{Text: f.Title, Title: f.Title, Type: "rss", URL: f.URL}
		if o.Text == "" {
			o.Text, o.Title = f.URL, f.URL
		}
		if f.Folder == "" {
			doc.Outlines = append(doc.Outlines, o)
			continue
		}
		i, ok := at[f.Folder]
		if !ok {
			i = len(doc.Outlines)
			at[f.Folder] = i
			doc.Outlines = append(doc.Outlines, opmlOutline{Text: f.Folder, Title: f.Folder})
		}
		doc.Outlines[i].Outlines = append(doc.Outlines[i].Outlines, o)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("write the OPML list: %w", err)
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := errors.Join(encoder.Encode(doc), encoder.Close()); err != nil {
		return fmt.Errorf("write the OPML list: %w", err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}
