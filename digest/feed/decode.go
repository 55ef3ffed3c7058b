package feed

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/flate"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"syscall"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// decoders undo content encodings, within limits. What is costly to make is
// kept for the next body.
type decoders struct {
	gzip, zstd, buffer sync.Pool
}

func newDecoders() *decoders {
	return &decoders{
		gzip:   sync.Pool{New: func() any { return new(gzip.Reader) }},
		buffer: sync.Pool{New: func() any { return bufio.NewReaderSize(nil, bufferSize) }},
		zstd: sync.Pool{New: func() any {
			d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(8<<20))
			if err != nil {
				panic(err) // the options are constants
			}
			return d
		}},
	}
}

// bufferSize is as long as most feeds that are encoded, so that one read of the
// connection brings what has arrived.
const bufferSize = 16 << 10

func tooLarge(limit int64) error {
	return &FetchError{Why: fmt.Sprintf("the body is larger than %d MB", max(limit>>20, 1))}
}

// mostEncodings is how many encodings may lie upon one another.
const mostEncodings = 3

// read reads a body of at most limit bytes, sent and decoded. A body that
// breaks off, or breaks in decoding, after something came is partial.
func (d *decoders) read(body io.Reader, encodings []string, limit int64) (data []byte, partial bool, err error) {
	in := &capped{r: body, left: limit, limit: limit}
	names := encodingNames(encodings)
	if len(names) > mostEncodings {
		return nil, false, &FetchError{Why: "the body is encoded too often"}
	}
	var undo []func()
	defer func() {
		for _, f := range undo {
			f()
		}
	}()
	r := d.buffered(in, &undo)
	last := "content"
	for i := len(names); i > -1; i-- {
		name := "" // at the end, what is encoded without saying so
		if i > 0 {
			name = names[i-1]
		}
		layer, used, err := d.undo(r, name, &undo)
		if err != nil {
			return nil, false, cause(in, err, cmp.Or(name, "gzip"))
		}
		if used != "" {
			r, last = d.buffered(layer, &undo), used
		}
	}
	var out bytes.Buffer
	out.Grow(16 << 10) // most feeds are as long, or longer
	_, err = out.ReadFrom(&capped{r: r, left: limit, limit: limit})
	if err == nil {
		return out.Bytes(), false, nil
	}
	if err = cause(in, err, last); out.Len() > 0 && errors.Is(err, errBroken) {
		return out.Bytes(), true, nil
	}
	return nil, false, err
}

// errBroken is a body that breaks off or cannot be decoded.
var errBroken = errors.New("broken off")

// cause is why reading ended: a limit or the connection if they have to do
// with it, else the body itself.
func cause(in *capped, err error, name string) error {
	_, limited := errors.AsType[*FetchError](err)
	switch {
	case limited:
		return err
	case in.err == io.ErrUnexpectedEOF, errors.Is(in.err, syscall.ECONNRESET), in.err != nil && brokeHTTP2(in.err):
		return fmt.Errorf("%w: %w", errBroken, in.err)
	case in.err != nil && in.err != io.EOF:
		return in.err
	}
	return fmt.Errorf("%w: %w", errBroken, &FetchError{Why: "the body is not valid " + name})
}

func encodingNames(headers []string) []string {
	var names []string
	for _, h := range headers {
		for name := range strings.SplitSeq(h, ",") {
			switch name = strings.ToLower(strings.TrimSpace(name)); name {
			case "gzip", "x-gzip":
				names = append(names, "gzip")
			case "br", "zstd", "deflate":
				names = append(names, name)
			}
		}
	}
	return names
}

// buffered is a pooled buffer over r.
func (d *decoders) buffered(r io.Reader, undo *[]func()) *bufio.Reader {
	b := d.buffer.Get().(*bufio.Reader)
	b.Reset(r)
	*undo = append(*undo, func() { b.Reset(nil); d.buffer.Put(b) })
	return b
}

// undo is the decoder of the encoding that the bytes bear out. used is empty
// when they are plain.
func (d *decoders) undo(r *bufio.Reader, name string, undo *[]func()) (layer io.Reader, used string, err error) {
	head, _ := r.Peek(16)
	isZstd := bytes.HasPrefix(head, []byte{0x28, 0xb5, 0x2f, 0xfd})
	isZlib := len(head) > 1 && head[0] == 0x78 && (int(head[0])<<8|int(head[1]))%31 == 0
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}) && (name == "gzip" || name == "" || bytes.HasPrefix(head[2:], []byte{8})):
		z := d.gzip.Get().(*gzip.Reader)
		if err := z.Reset(r); err != nil {
			d.gzip.Put(z)
			return nil, "", err
		}
		*undo = append(*undo, func() { d.gzip.Put(z) })
		return z, "gzip", nil
	case isZstd:
		z := d.zstd.Get().(*zstd.Decoder)
		*undo = append(*undo, func() { z.Reset(nil); d.zstd.Put(z) })
		return z, "zstd", z.Reset(r)
	case name == "br" && !looksPlain(head):
		return brotli.NewReader(r), "brotli", nil
	case isZlib && (name == "deflate" || name == "gzip"):
		z, err := zlib.NewReader(r)
		return z, "deflate", err
	case name == "deflate" && !looksPlain(head):
		return flate.NewReader(r), "deflate", nil
	}
	return r, "", nil
}

// looksPlain reports whether a body that is said to be encoded begins like a
// text that is not.
func looksPlain(head []byte) bool {
	head = bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF"))
	odd := func(c byte) bool { return c >= 0x7F || c < ' ' && !blank(c) }
	text := bytes.TrimLeft(head, " \t\r\n")
	return len(text) > 0 && (text[0] == '<' || text[0] == '{') && !slices.ContainsFunc(head, odd)
}

// capped reads at most so many bytes and remembers how reading ended.
type capped struct {
	r           io.Reader
	left, limit int64
	err         error
}

func (c *capped) Read(p []byte) (int, error) {
	if c.err != nil {
		return 0, c.err
	}
	if int64(len(p)) > c.left+1 {
		p = p[:c.left+1]
	}
	n, err := c.r.Read(p)
	if int64(n) > c.left {
		n, err = int(c.left), tooLarge(c.limit)
	}
	c.left -= int64(n)
	c.err = err
	return n, err
}
