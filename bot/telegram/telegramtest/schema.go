package telegramtest

import (
	"bytes"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// specification is the machine-readable description of the Bot API: one
// definition for the parameters of each method. It is nil when there is none.
type specification struct {
	compiler    *jsonschema.Compiler
	definitions map[string]any
	mu          sync.Mutex // guards compiler and compiled
	compiled    map[string]*jsonschema.Schema
}

// Validated reports whether requests are held to the specification: it is read
// from the folder that TIDINGS_SHARED names.
func Validated() bool { return load() != nil }

var load = sync.OnceValue(func() *specification {
	folder := os.Getenv("TIDINGS_SHARED")
	if folder == "" {
		return nil
	}
	text, err := os.ReadFile(filepath.Join(folder, "specs", "telegram", "tg-params-10.3.schema.json"))
	if err != nil {
		return nil
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil
	}
	compiler := jsonschema.NewCompiler()
	if compiler.AddResource("telegram.json", document) != nil {
		return nil
	}
	root, _ := document.(map[string]any)
	definitions, _ := root["definitions"].(map[string]any)
	return &specification{compiler: compiler, definitions: definitions, compiled: map[string]*jsonschema.Schema{}}
})

// validate fails the test when a request is not as the specification has it.
func validate(t testing.TB, method string, form url.Values) {
	t.Helper()
	spec := load()
	if spec == nil {
		return
	}
	name := strings.ToUpper(method[:1]) + method[1:] + "Params"
	definition, ok := spec.definitions[name].(map[string]any)
	if !ok {
		// Methods without parameters have no definition.
		if len(form) > 0 {
			t.Errorf("telegramtest: %s takes no parameters: %v", method, form)
		}
		return
	}
	schema, err := spec.schema(name)
	if err != nil {
		t.Errorf("telegramtest: the specification of %s: %v", method, err)
		return
	}
	properties, _ := definition["properties"].(map[string]any)
	values := map[string]any{}
	for key := range form {
		values[key] = value(properties[key], form.Get(key))
	}
	if err := schema.Validate(values); err != nil {
		t.Errorf("telegramtest: %s is not as the specification has it: %v", method, err)
	}
}

func (s *specification) schema(name string) (*jsonschema.Schema, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if schema, ok := s.compiled[name]; ok {
		return schema, nil
	}
	schema, err := s.compiler.Compile("telegram.json#/definitions/" + name)
	if err == nil {
		s.compiled[name] = schema
	}
	return schema, err
}

// value is a form's value as JSON: a string where the specification allows
// one, else what it holds.
func value(property any, text string) any {
	if allowsString(property) {
		return text
	}
	if v, err := jsonschema.UnmarshalJSON(strings.NewReader(text)); err == nil {
		return v
	}
	return text
}

func allowsString(property any) bool {
	p, _ := property.(map[string]any)
	if p["type"] == "string" {
		return true
	}
	if kinds, ok := p["type"].([]any); ok && slices.Contains(kinds, any("string")) {
		return true
	}
	choices, _ := p["anyOf"].([]any)
	return slices.ContainsFunc(choices, allowsString)
}
