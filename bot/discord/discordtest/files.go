package discordtest

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
)

// maxUpload is how much can be uploaded with a message, in bytes.
const maxUpload = 10 << 20

// attachment is what a message says of a file that comes with it.
type attachment struct {
	ID          string `json:"id"`
	Filename    string `json:"filename"`
	Description string `json:"description,omitempty"`
}

// picture is an embed's image.
type picture struct {
	URL string `json:"url"`
}

// file is what was uploaded.
type file struct {
	name    string
	content []byte
}

// readFiles takes a form apart: the request proper, and the files beside it.
func (q *request) readFiles() error {
	kind, parameters, err := mime.ParseMediaType(q.http.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		return nil
	}
	form, err := multipart.NewReader(bytes.NewReader(q.raw), parameters["boundary"]).ReadForm(4 * maxUpload)
	if err != nil {
		return err
	}
	q.raw, q.files = nil, map[string]file{}
	if payload := form.Value["payload_json"]; len(payload) == 1 {
		q.raw = []byte(payload[0])
	}
	for name, headers := range form.File {
		f, err := headers[0].Open()
		if err != nil {
			return err
		}
		defer f.Close()
		content, err := io.ReadAll(f)
		if err != nil {
			return err
		}
		q.files[name] = file{headers[0].Filename, content}
	}
	return nil
}

// mayAttach refuses files where the bot may not attach any. s.mu is held.
func (s *Server) mayAttach(c *channel, m content) answer {
	if len(m.files) > 0 && (s.noFiles || c.kind != directChannel && s.may(c)&AttachFiles == 0) {
		return refuse(403, 50013, "Missing Permissions")
	}
	return answer{}
}

// files checks the files of a message, what it says of them, and the pictures
// in its embeds.
func (f *form) files(c content) answer {
	size, named := 0, map[string]bool{}
	for _, file := range c.files {
		size += len(file.content)
	}
	if size > maxUpload {
		return refuse(413, 40005, "Request entity too large")
	}
	for i, a := range c.Attachments {
		at := fmt.Sprintf("attachments.%d", i)
		if file, ok := c.files["files["+a.ID+"]"]; !ok || file.name != a.Filename {
			f.wrong(at+".id", "ATTACHMENT_NOT_FOUND", "Attachment data not found.")
		}
		f.length(at+".description", a.Description, 1024)
		named[a.Filename] = true
	}
	for i, e := range c.Embeds {
		if e.Image == nil {
			continue
		}
		at := fmt.Sprintf("embeds.%d.image.url", i)
		f.length(at, e.Image.URL, 2048)
		name, attached := strings.CutPrefix(e.Image.URL, "attachment://")
		u, err := url.Parse(e.Image.URL)
		switch {
		case attached && !named[name]:
			f.wrong(at, "ATTACHMENT_NOT_FOUND", "The referenced attachment was not found")
		case !attached && (err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https")):
			f.wrong(at, "URL_TYPE_INVALID_URL", "Not a well formed URL.")
		}
	}
	return answer{}
}

// picture is what people see in an embed: the type of the file, or the address.
func (m *message) picture(e embed) string {
	if e.Image == nil {
		return ""
	}
	name, attached := strings.CutPrefix(e.Image.URL, "attachment://")
	if !attached {
		return e.Image.URL
	}
	for _, file := range m.files {
		if file.name == name {
			return http.DetectContentType(file.content)
		}
	}
	return "a missing file"
}
