package feed

import (
	"bytes"
	"cmp"
	stdjson "encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/mmcdole/gofeed/json"
)

// readJSON reads a JSON Feed, also when it breaks off or when some values are
// not of the type that they should be.
func readJSON(text []byte, base string) (*Feed, error) {
	text, problems := boundJSON(text)
	if text[0] != '{' || !bytes.Contains(text, []byte(`"items"`)) && !bytes.Contains(text, []byte("jsonfeed.org/version")) {
		return nil, otherThing("This is JSON, but not a JSON Feed.")
	}
	j, err := (&json.Parser{}).Parse(bytes.NewReader(text))
	if err != nil {
		problems = append(problems, "It is not quite as JSON Feed asks for; what could be read was.")
		if text, err = retyped(mendJSON(text)); err == nil {
			j, err = (&json.Parser{}).Parse(bytes.NewReader(text))
		}
	}
	if err != nil {
		return nil, otherThing(fmt.Sprintf("It looks like a JSON Feed, but cannot be read: %v.", err))
	}
	f := fromJSON(j, base)
	f.Hints.Hub = absolute(jsonHub(text), base)
	f.Problems = problems
	return f, nil
}

// boundJSON cuts a document behind its last whole item when it breaks off, and
// leaves out all items but the first 1,000. It looks at brackets and strings
// only.
func boundJSON(text []byte) ([]byte, []string) {
	var open []byte // the brackets that are open
	inItems, count := false, 0
	whole, cut, end := 0, 0, 0 // ends of the last whole item, the last wanted one, and all
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '"':
			n := stringEnd(text[i:])
			if n < 0 {
				i = len(text)
				continue
			}
			if len(open) == 1 && string(text[i:i+n]) == `"items"` {
				inItems = true
			}
			i += n - 1
		case '{', '[':
			if open = append(open, c); len(open) > maxDepth {
				return []byte("{}"), nil
			}
		case '}', ']':
			if len(open) == 0 {
				continue
			}
			open = open[:len(open)-1]
			switch {
			case inItems && c == '}' && len(open) == 2:
				whole = i + 1
				if count++; count == maxItems {
					cut = i + 1
				}
			case inItems && c == ']' && len(open) == 1:
				inItems, end = false, i
			}
		}
	}
	var problems []string
	if count > maxItems {
		problems = append(problems, "Only the first 1,000 items were read.")
	}
	switch {
	case len(open) > 0 && whole > 0 && end == 0:
		problems = append(problems, "The feed breaks off before its end.")
		return append(slices.Clone(text[:cmp.Or(cut, whole)]), "]}"...), problems
	case cut > 0 && end > cut:
		return slices.Concat(text[:cut], text[end:]), problems
	}
	return text, problems
}

// stringEnd is the length of the string that begins a text, negative when it
// has no end.
func stringEnd(text []byte) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return -1
}

// mendJSON escapes the line breaks that stand in strings, and leaves out the
// commas that nothing follows.
func mendJSON(text []byte) []byte {
	out := make([]byte, 0, len(text)+64)
	inside := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case inside && c == '\\' && i+1 < len(text):
			out = append(out, c, text[i+1])
			i++
			continue
		case c == '"':
			inside = !inside
		case inside && c == '\n':
			out = append(out, '\\', 'n')
			continue
		case inside && c < ' ':
			out = append(out, ' ')
			continue
		case !inside && c == ',':
			if rest := bytes.TrimLeft(text[i+1:min(len(text), i+256)], " \t\r\n"); len(rest) > 0 && (rest[0] == '}' || rest[0] == ']') {
				continue
			}
		}
		out = append(out, text[i])
	}
	return out
}

// retyped writes a JSON Feed again with every value of the type that it should
// have; what cannot be made so is left out.
func retyped(text []byte) ([]byte, error) {
	var root map[string]any
	d := stdjson.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&root); err != nil {
		return nil, err
	}
	var items []any
	list, _ := root["items"].([]any)
	for _, v := range list {
		if item, ok := v.(map[string]any); ok {
			retype(item)
			items = append(items, item)
		}
	}
	retype(root)
	root["items"] = items
	return stdjson.Marshal(root)
}

// retype does so for the feed or one item.
func retype(object map[string]any) {
	for key, value := range object {
		switch key {
		case "items", "hubs":
		case "attachments":
			var kept []any
			for _, v := range listed(value) {
				if s, ok := v.(string); ok {
					v = map[string]any{"url": s}
				}
				if _, ok := v.(map[string]any); ok {
					kept = append(kept, v)
				}
			}
			object[key] = kept
		case "author":
			if s, ok := value.(string); ok {
				object[key] = map[string]any{"name": s}
			} else if _, ok := value.(map[string]any); !ok {
				delete(object, key)
			}
		case "authors":
			var kept []any
			for _, v := range listed(value) {
				if s, ok := v.(string); ok {
					v = map[string]any{"name": s}
				}
				if _, ok := v.(map[string]any); ok {
					kept = append(kept, v)
				}
			}
			object[key] = kept
		case "tags":
			var kept []any
			for _, v := range listed(value) {
				kept = append(kept, fmt.Sprint(v))
			}
			object[key] = kept
		default:
			switch value.(type) {
			case string, bool, nil:
			case stdjson.Number:
				object[key] = fmt.Sprint(value)
			default:
				delete(object, key)
			}
		}
	}
}

// listed is a value as a list.
func listed(value any) []any {
	switch v := value.(type) {
	case []any:
		return v
	case nil:
		return nil
	}
	return []any{value}
}

// jsonHub is the WebSub hub that a JSON Feed names.
func jsonHub(text []byte) string {
	if !bytes.Contains(text, []byte(`"hubs"`)) {
		return ""
	}
	var doc struct {
		Hubs []struct{ Type, URL string } `json:"hubs"`
	}
	if stdjson.Unmarshal(text, &doc) != nil {
		return ""
	}
	for _, h := range doc.Hubs {
		if strings.EqualFold(h.Type, "websub") || strings.EqualFold(h.Type, "pubsubhubbub") {
			return h.URL
		}
	}
	return ""
}

// fromJSON makes of a JSON Feed a Feed.
func fromJSON(j *json.Feed, base string) *Feed {
	f := &Feed{Title: title(j.Title), Link: absolute(j.HomePageURL, base), Language: iso639(j.Language), Format: "json 1.0"}
	if strings.Contains(j.Version, "1.1") || len(j.Authors) > 0 {
		f.Format = "json 1.1"
	}
	f.Hints.Self = absolute(j.FeedURL, base)
	for _, it := range j.Items {
		if it == nil {
			continue
		}
		d := draft{
			id: it.ID, url: cmp.Or(it.URL, it.ExternalURL), title: it.Title, language: it.Language,
			content: cmp.Or(it.ContentHTML, it.ContentText), summary: it.Summary,
			image: cmp.Or(it.Image, it.BannerImage), categories: it.Tags,
			authors: writers(it.Author, it.Authors),
		}
		if len(d.authors) == 0 {
			d.authors = writers(j.Author, j.Authors)
		}
		if d.url == "" && isWeb(it.ID) {
			d.url = it.ID
		}
		if it.Attachments != nil {
			for _, a := range *it.Attachments {
				if d.image == "" && strings.HasPrefix(a.MimeType, "image/") {
					d.image = a.URL
				}
				d.url = cmp.Or(d.url, a.URL)
			}
		}
		if d.published = parseDate(it.DatePublished); d.published == (time.Time{}) {
			d.published = parseDate(it.DateModified)
		}
		d.published = d.published.UTC()
		f.Items = append(f.Items, f.item(&d, base))
	}
	return f
}

func writers(one *json.Author, more []*json.Author) []string {
	var out []string
	for _, a := range append(more, one) {
		if a != nil && a.Name != "" {
			out = append(out, a.Name)
		}
	}
	return out
}
