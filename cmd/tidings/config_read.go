package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"

	"tidings/bot"
	"tidings/subscriptions/schedule"
)

// problem is one thing that is wrong with a configuration.
type problem struct {
	file string
	line int    // 0 when it is not in a line of the file
	key  string // such as "topic[2].schedule", counted from 1; may be empty
	text string
}

// String is the problem in one line.
func (p problem) String() string {
	s := p.file
	if p.line > 0 {
		s += ":" + strconv.Itoa(p.line)
	}
	if p.key != "" {
		s += ": " + p.key
	}
	return s + ": " + p.text
}

// loadConfig reads a configuration file and the secrets of the environment,
// which win over those of the file: env is like [os.Getenv]. parseQuery says
// what is wrong with a topic's query. All problems come at once, by line; the
// configuration may be used only when there are none.
func loadConfig(path string, env func(string) string, parseQuery func(string) error) (*config, []problem) {
	r := &configReader{file: path, config: defaultConfig()}
	data, err := os.ReadFile(path)
	if err != nil {
		r.problem("", "the configuration cannot be read: %s", cause(err))
		return r.config, r.problems
	}
	r.parse(data)
	r.check(env, parseQuery)
	slices.SortStableFunc(r.problems, func(a, b problem) int { return a.line - b.line })
	return r.config, r.problems
}

// cause is an error of the file system without the path.
func cause(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}

// configReader reads one file.
type configReader struct {
	file     string
	config   *config
	lines    map[string]int // of keys and tables, by path
	problems []problem
}

// problem notes what is wrong at a path, such as "topic[2].schedule".
func (r *configReader) problem(path, format string, args ...any) {
	line := 0
	for at := path; at != "" && line == 0; {
		line = r.lines[at]
		at = at[:max(strings.LastIndexAny(at, ".["), 0)]
	}
	r.problems = append(r.problems, problem{r.file, line, path, fmt.Sprintf(format, args...)})
}

// has reports whether the file has something at a path.
func (r *configReader) has(path string) bool { return r.lines[path] > 0 }

func (r *configReader) parse(data []byte) {
	var tree map[string]any
	if err := toml.Unmarshal(data, &tree); err != nil {
		p := problem{file: r.file, text: "this is not TOML: " + strings.TrimPrefix(err.Error(), "toml: ")}
		if e, ok := errors.AsType[*toml.DecodeError](err); ok {
			p.line, _ = e.Position()
			p.key = strings.Join(e.Key(), ".")
		}
		r.problems = append(r.problems, p)
		return
	}
	r.lines = keyLines(data)
	r.table("", tree, reflect.ValueOf(r.config).Elem())
}

// table reads a table into a struct.
func (r *configReader) table(path string, tree map[string]any, into reflect.Value) {
	fields := map[string]reflect.Value{}
	var known []string
	for i := range into.NumField() {
		if key := into.Type().Field(i).Tag.Get("toml"); key != "" {
			fields[key] = into.Field(i)
			known = append(known, key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(tree)) {
		at := strings.TrimPrefix(path+"."+key, ".")
		if field, ok := fields[key]; ok {
			r.value(at, tree[key], field)
		} else {
			r.unknown(at, key, known)
		}
	}
}

func (r *configReader) unknown(path, key string, known []string) {
	meant := ""
	if near := schedule.Near(key, known, 1); len(near) > 0 {
		meant = fmt.Sprintf("; did you mean %s?", known[near[0]])
	}
	r.problem(path, "there is no such key%s Known here: %s", cmp.Or(meant, "."), strings.Join(known, ", "))
}

// value reads one value into a field of a configuration.
func (r *configReader) value(path string, v any, into reflect.Value) {
	var ok bool
	switch field := into.Addr().Interface().(type) {
	case *string:
		ok = set(field, v)
	case *bot.Secret:
		ok = set((*string)(field), v)
	case *bool:
		ok = set(field, v)
	case *int:
		n := int64(*field)
		ok = set(&n, v)
		*field = int(n)
	case *[]string:
		ok = setList(field, v)
	case *[]int64:
		ok = setList(field, v)
	case *time.Duration:
		r.duration(path, v, field)
		return
	case *slog.Level:
		r.level(path, v, field)
		return
	default:
		ok = r.nested(path, v, into)
	}
	if !ok {
		r.problem(path, "%s stands here; it must be %s", kind(v), allowed(into))
	}
}

// nested reads a table or a list of tables.
func (r *configReader) nested(path string, v any, into reflect.Value) bool {
	if into.Kind() == reflect.Struct {
		tree, ok := v.(map[string]any)
		if ok {
			r.table(path, tree, into)
		}
		return ok
	}
	var trees []map[string]any
	if !setList(&trees, v) {
		return false
	}
	into.Set(reflect.MakeSlice(into.Type(), len(trees), len(trees)))
	for i, tree := range trees {
		r.table(element(path, i), tree, into.Index(i))
	}
	return true
}

// element is the path of an element of a list; people count from 1.
func element(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i+1) }

// set stores a value of the right type, and reports whether it is.
func set[T any](into *T, v any) bool {
	value, ok := v.(T)
	if ok {
		*into = value
	}
	return ok
}

// setList stores a list whose elements are all of the right type.
func setList[T any](into *[]T, v any) bool {
	values, ok := v.([]any)
	all := make([]T, len(values))
	for i := range values {
		ok = ok && set(&all[i], values[i])
	}
	if ok {
		*into = all
	}
	return ok
}

func (r *configReader) duration(path string, v any, into *time.Duration) {
	s, ok := v.(string)
	d, err := time.ParseDuration(s)
	switch {
	case !ok || err != nil:
		r.problem(path, `%s is not a length of time; examples: "90s", "15m", "1h30m"`, found(v))
	case d < 0:
		r.problem(path, "%s is negative; a length of time is 0s or more", found(v))
	default:
		*into = d
	}
}

func (r *configReader) level(path string, v any, into *slog.Level) {
	s, _ := v.(string)
	if !slices.Contains([]string{"debug", "info", "warn", "error"}, s) || into.UnmarshalText([]byte(s)) != nil {
		r.problem(path, `%s is not a level; it is "debug", "info", "warn" or "error"`, found(v))
	}
}

// found is a value as it is shown in a problem.
func found(v any) string {
	if s, ok := v.(string); ok {
		return strconv.Quote(s)
	}
	return kind(v)
}

// kind says what sort of value was found, and never the value.
func kind(v any) string {
	switch v.(type) {
	case string:
		return "a string"
	case bool:
		return "true or false"
	case int64:
		return "a whole number"
	case float64:
		return "a number with a fraction"
	case []any:
		return "a list"
	case map[string]any:
		return "a table"
	}
	return "a date or time"
}

// allowed says what a field takes.
func allowed(field reflect.Value) string {
	switch field.Interface().(type) {
	case string, bot.Secret:
		return `a string, like "text"`
	case bool:
		return "true or false"
	case int:
		return "a whole number, like 2"
	case []string:
		return `a list of strings, like ["one", "two"]`
	case []int64:
		return "a list of whole numbers, like [1, 2]"
	}
	if field.Kind() == reflect.Struct {
		return "a table, like [name]"
	}
	return "a list of tables, each like [[name]]"
}

// beside is a path of the configuration, which is relative to its folder.
func (r *configReader) beside(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(r.file), path)
}
