package telegramtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	_ "image/jpeg" // a format that the server takes
	_ "image/png"  // another
	"io"
	"net/http"
	"net/url"
	"strings"
)

// maxPhoto is the largest photo that can be uploaded, in bytes.
const maxPhoto = 10 << 20

// readForm reads a request's parameters, and the file beside them; the
// parameter "photo" then names the file.
func readForm(r *http.Request) (file []byte, err error) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		return nil, r.ParseForm()
	}
	if err := r.ParseMultipartForm(2 * maxPhoto); err != nil {
		return nil, err
	}
	for name, files := range r.MultipartForm.File {
		f, err := files[0].Open()
		if err != nil {
			return nil, err
		}
		defer f.Close()
		if file, err = io.ReadAll(f); err != nil {
			return nil, err
		}
		r.Form.Set(name, "attach://"+files[0].Filename)
	}
	return file, nil
}

// readPhoto is the MIME type of a photo, or why it is refused.
func readPhoto(file []byte) (kind, refused string) {
	if len(file) > maxPhoto {
		return "", fmt.Sprintf("Bad Request: file of size %d bytes is too big for a photo; the maximum size is %d bytes", len(file), maxPhoto)
	}
	c, format, err := image.DecodeConfig(bytes.NewReader(file))
	switch {
	case err != nil:
		return "", "Bad Request: IMAGE_PROCESS_FAILED"
	case c.Width+c.Height > 10_000, c.Width > 20*c.Height, c.Height > 20*c.Width:
		return "", "Bad Request: PHOTO_INVALID_DIMENSIONS"
	}
	return "image/" + format, ""
}

// preview is the address that a text's link preview is made of, or empty. An
// address must be named: the first link of a text, which would stand in its
// place, is no choice of the program's.
func (s *Server) preview(form url.Values) string {
	if form.Has("photo") {
		return ""
	}
	var options struct {
		Disabled bool   `json:"is_disabled"`
		URL      string `json:"url"`
	}
	if err := json.Unmarshal([]byte(form.Get("link_preview_options")), &options); err != nil || options.Disabled == (options.URL != "") {
		s.t.Errorf("telegramtest: the link preview is not chosen: %q", form.Get("link_preview_options"))
	}
	return options.URL
}
