package main

import (
	"bytes"
	"fmt"
	"sort"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// keyLines are the lines of all keys, tables and strings in lists of a TOML
// document without syntax errors, by path: "polling.interval",
// "topic[2].schedule". Elements of lists are counted from 1.
func keyLines(data []byte) map[string]int {
	l := lineFinder{lines: map[string]int{}}
	for at := 0; ; {
		end := bytes.IndexByte(data[at:], '\n')
		if end < 0 {
			break
		}
		at += end + 1
		l.ends = append(l.ends, at)
	}
	var parser unstable.Parser
	parser.Reset(data)
	table := ""
	count := map[string]int{}
	for parser.NextExpression() {
		switch e := parser.Expression(); e.Kind {
		case unstable.Table:
			table = l.key("", e.Key())
		case unstable.ArrayTable:
			name := l.key("", e.Key())
			table = fmt.Sprintf("%s[%d]", name, count[name]+1)
			count[name]++
			l.note(table)
		case unstable.KeyValue:
			l.keyValue(table, e)
		}
	}
	return l.lines
}

// lineFinder collects lines.
type lineFinder struct {
	ends  []int // offsets behind the line ends
	lines map[string]int
	last  int // the line of the key or string that was noted last
}

// key notes the line of a dotted key in a table and returns its path.
func (l *lineFinder) key(table string, parts unstable.Iterator) string {
	path := table
	for parts.Next() {
		part := parts.Node()
		if path == table {
			l.at(part)
			l.note(table)
		}
		path = strings.TrimPrefix(path+"."+string(part.Data), ".")
		l.note(path)
	}
	return path
}

// at makes the line of a node be the last.
func (l *lineFinder) at(n *unstable.Node) { l.last = 1 + sort.SearchInts(l.ends, int(n.Raw.Offset)+1) }

// note remembers that a path was first met on the last line.
func (l *lineFinder) note(path string) {
	if l.lines[path] == 0 {
		l.lines[path] = l.last
	}
}

func (l *lineFinder) keyValue(table string, e *unstable.Node) {
	l.value(l.key(table, e.Key()), e.Value())
}

// value notes the lines of the keys within a value, and of the strings in a list.
func (l *lineFinder) value(path string, v *unstable.Node) {
	if v.Kind != unstable.InlineTable && v.Kind != unstable.Array {
		return
	}
	children := v.Children()
	for i := 0; children.Next(); i++ {
		if v.Kind == unstable.InlineTable {
			l.keyValue(path, children.Node())
		} else {
			child, at := children.Node(), element(path, i)
			if child.Kind == unstable.String {
				l.at(child)
				l.note(at)
			}
			l.value(at, child)
		}
	}
}
