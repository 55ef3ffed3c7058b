package feed

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// encode encodes as Content-Encoding names it.
func encode(t testing.TB, name string, data []byte) []byte {
	var b bytes.Buffer
	var w io.WriteCloser
	var err error
	switch name {
	case "gzip":
		w = gzip.NewWriter(&b)
	case "br":
		w = brotli.NewWriterLevel(&b, 5)
	case "zstd":
		w, err = zstd.NewWriter(&b, zstd.WithEncoderConcurrency(1))
	case "deflate":
		w = zlib.NewWriter(&b)
	case "raw deflate":
		w, err = flate.NewWriter(&b, 6)
	default:
		return data
	}
	if err == nil {
		_, err = w.Write(data)
	}
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestABodyWhoseConnectionIsResetIsPartial(t *testing.T) {
	for _, broken := range []error{&net.OpError{Op: "read", Err: syscall.ECONNRESET}, io.ErrUnexpectedEOF, errors.New("stream error: stream ID 1; INTERNAL_ERROR")} {
		body := io.MultiReader(strings.NewReader("<rss><item/>"), iotest.ErrReader(broken))
		if got, partial, err := newDecoders().read(body, nil, 1<<20); err != nil || !partial || string(got) != "<rss><item/>" {
			t.Errorf("after %v: %q, partial %v, error %v", broken, got, partial, err)
		}
		if _, _, err := newDecoders().read(iotest.ErrReader(broken), nil, 1<<20); err == nil {
			t.Errorf("%v before anything came is no error", broken)
		}
	}
}

func TestEncodingsAreUndone(t *testing.T) {
	text := []byte("<rss>" + strings.Repeat("news and news again. ", 5000) + "</rss>")
	gz := encode(t, "gzip", text)
	for _, test := range []struct {
		name    string
		headers []string
		body    []byte
		want    string
		partial bool
		why     string
	}{
		{"plain", nil, text, string(text), false, ""},
		{"empty", nil, nil, "", false, ""},
		{"identity", []string{"identity"}, text, string(text), false, ""},
		{"unheard of", []string{"aws-chunked"}, text, string(text), false, ""},
		{"gzip", []string{"gzip"}, gz, string(text), false, ""},
		{"gzip, shouted", []string{" X-GZIP "}, gz, string(text), false, ""},
		{"gzip in pieces", []string{"gzip"}, append(bytes.Clone(gz), gz...), string(text) + string(text), false, ""},
		{"gzip unsaid", nil, gz, string(text), false, ""},
		{"gzip said twice", []string{"gzip, gzip"}, gz, string(text), false, ""},
		{"gzip twice", []string{"gzip", "gzip"}, encode(t, "gzip", gz), string(text), false, ""},
		{"gzip twice, said once", []string{"gzip"}, encode(t, "gzip", gz), string(text), false, ""},
		{"gzip said of plain", []string{"gzip"}, text, string(text), false, ""},
		{"gzip said of nothing", []string{"gzip"}, nil, "", false, ""},
		{"br", []string{"br"}, encode(t, "br", text), string(text), false, ""},
		{"br said of plain", []string{"br"}, text, string(text), false, ""},
		{"zstd", []string{"zstd"}, encode(t, "zstd", text), string(text), false, ""},
		{"zstd unsaid", nil, encode(t, "zstd", text), string(text), false, ""},
		{"br in gzip", []string{"br, gzip"}, encode(t, "gzip", encode(t, "br", text)), string(text), false, ""},
		{"deflate", []string{"deflate"}, encode(t, "deflate", text), string(text), false, ""},
		{"deflate without a head", []string{"deflate"}, encode(t, "raw deflate", text), string(text), false, ""},
		{"gzip with rubbish behind", []string{"gzip"}, append(bytes.Clone(gz), "rubbish"...), string(text), true, ""},
		{"gzip without an end", []string{"gzip"}, gz[:len(gz)-8], string(text), true, ""},
		{"gzip unsaid and broken", nil, []byte("\x1f\x8b\x00\x00\x00\x00\x00\x00\x00\x00\x00"), "", false, "the body is not valid gzip"},
		{"gzip, only its head", []string{"gzip"}, gz[:10], "", false, "the body is not valid gzip"},
		{"no brotli", []string{"br"}, []byte("\xff\xff\xff\xff\xff"), "", false, "the body is not valid brotli"},
		{"zstd with a window of 2 GB", []string{"zstd"}, []byte("\x28\xb5\x2f\xfd\x00\xa8\x01\x00\x00"), "", false, "the body is not valid zstd"},
		{"br said of gzip", []string{"br"}, gz, string(text), false, ""},
		{"br said of JSON", []string{"br"}, []byte(`{"version": "1", "items": []}`), `{"version": "1", "items": []}`, false, ""},
		{"br said of text with a mark", []string{"br"}, []byte("\uFEFF\n<!-- a remark -->"), "\uFEFF\n<!-- a remark -->", false, ""},
		{"gzip said of deflate", []string{"gzip"}, encode(t, "deflate", text), string(text), false, ""},
		{"too many", []string{"gzip, br, zstd, gzip"}, text, "", false, "the body is encoded too often"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDecoders()
			for range 2 { // the second with what the first gave back
				got, partial, err := d.read(bytes.NewReader(test.body), test.headers, 1<<20)
				if test.why != "" {
					if f, ok := errors.AsType[*FetchError](err); !ok || f.Why != test.why {
						t.Errorf("the error is %v, want %q", err, test.why)
					}
					continue
				}
				if err != nil || partial != test.partial || string(got) != test.want {
					t.Errorf("%d bytes, partial %v, error %v; want %d bytes, partial %v", len(got), partial, err, len(test.want), test.partial)
				}
			}
		})
	}
}

func TestSizesAreLimitedOnBothSides(t *testing.T) {
	const limit = 1 << 20
	for _, name := range []string{"", "gzip", "br", "zstd", "deflate"} {
		for size, want := range map[int]bool{limit: true, limit + 1: false, 64 * limit: false} {
			body := encode(t, name, make([]byte, size))
			got, partial, err := newDecoders().read(bytes.NewReader(body), []string{name}, limit)
			if want && (err != nil || partial || len(got) != size) {
				t.Errorf("%s of %d bytes: %d bytes, partial %v, error %v", name, size, len(got), partial, err)
			}
			if !want && (err == nil || err.Error() != "the body is larger than 1 MB") {
				t.Errorf("%s of %d bytes: %d bytes, error %v", name, size, len(got), err)
			}
		}
	}
	// Stored blocks: what is sent is larger than what it becomes.
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.NoCompression)
	w.Write(make([]byte, limit))
	w.Close()
	if _, _, err := newDecoders().read(&b, []string{"gzip"}, limit); err == nil {
		t.Error("a body of which more than the limit was sent was read")
	}
}

func FuzzDecode(f *testing.F) {
	text := []byte("<rss>some news</rss>")
	for _, name := range []string{"", "gzip", "br", "zstd", "deflate", "raw deflate"} {
		f.Add(strings.TrimPrefix(name, "raw "), encode(f, name, text))
		f.Add("gzip", encode(f, "gzip", encode(f, name, text)))
	}
	d := newDecoders()
	f.Fuzz(func(t *testing.T, names string, body []byte) {
		const limit = 1 << 16
		got, partial, err := d.read(bytes.NewReader(body), []string{names}, limit)
		if len(got) > limit {
			t.Errorf("%d bytes where %d are the limit", len(got), limit)
		}
		if err != nil && (partial || len(got) > 0) {
			t.Errorf("an error (%v) and %d bytes", err, len(got))
		}
	})
}
