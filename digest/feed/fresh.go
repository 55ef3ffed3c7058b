package feed

import (
	"bytes"
	"hash/crc32"
	"slices"
)

// Fresh leaves out of a body the items whose marks are known, so that only the
// others are parsed, and returns the marks of all its items for the
// next time. Of a body whose items cannot be told apart with certainty (JSON,
// UTF-16, one broken off), it returns the whole and no marks.
func Fresh(body []byte, known []uint64) (fresh []byte, marks []uint64) {
	known = slices.Sorted(slices.Values(known))
	var out []byte
	kept := 0
	marks = make([]uint64, 0, len(known)+4)
	for at := 0; ; {
		start, end, ok := nextItem(body, at)
		if !ok {
			return body, nil
		}
		if start < 0 {
			break
		}
		mark := markOf(body[start:end])
		marks = append(marks, mark)
		if _, old := slices.BinarySearch(known, mark); old {
			if out == nil {
				out = make([]byte, 0, min(len(body)/2, 4<<10)) // few items are new
			}
			out = append(out, body[kept:start]...)
			kept = end
		}
		at = end
	}
	if kept == 0 {
		return body, marks
	}
	return append(out, body[kept:]...), marks
}

// markOf is two checksums that processors have instructions for. Nobody gains
// by an item or a body that has the mark of another: only their own feed would
// lack it.
func markOf(text []byte) uint64 {
	castagnoli := crc32.MakeTable(crc32.Castagnoli) // is made once
	return uint64(crc32.Checksum(text, castagnoli))<<32 | uint64(crc32.ChecksumIEEE(text))
}

// nextItem finds the first item or entry from a position on: its first byte
// and the one behind it. start is -1 when there is none; ok is false when an
// item has no end, or another in it.
func nextItem(body []byte, at int) (start, end int, ok bool) {
	start = -1
	var name []byte
	for {
		i := bytes.IndexByte(body[at:], '<')
		if i < 0 {
			return start, 0, start < 0
		}
		at += i
		rest := body[at:]
		switch {
		case bytes.HasPrefix(rest, []byte("<![CDATA[")):
			at += past(rest, "]]>")
			continue
		case bytes.HasPrefix(rest, []byte("<!--")):
			at += past(rest, "-->")
			continue
		case opens(rest, "item"), opens(rest, "entry"):
			if start >= 0 {
				return 0, 0, false
			}
			start, name = at, []byte("</"+string(rest[1:5]))
			if rest[1] == 'e' {
				name = []byte("</entry")
			}
		case start >= 0 && bytes.HasPrefix(rest, name):
			close := bytes.IndexByte(rest, '>')
			if close < 0 {
				return 0, 0, false
			}
			return start, at + close + 1, true
		}
		at++
	}
}

// past is how far it is to behind a mark, or to the end.
func past(text []byte, mark string) int {
	if i := bytes.Index(text, []byte(mark)); i >= 0 {
		return i + len(mark)
	}
	return len(text)
}

// opens reports whether a tag with a name begins a text.
func opens(text []byte, name string) bool {
	if len(text) < len(name)+2 || string(text[1:1+len(name)]) != name {
		return false
	}
	switch text[1+len(name)] {
	case '>', ' ', '\t', '\r', '\n':
		return true
	}
	return false
}
