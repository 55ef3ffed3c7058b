package discordtest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// schemas check requests against Discord's specification, when TIDINGS_SHARED
// names the folder that holds it.
type schemas struct {
	compiler *jsonschema.Compiler

	mu       sync.Mutex // guards compiled
	compiled map[string]*jsonschema.Schema
}

// specification reads the newest specification in the folder; nil without one.
var specification = sync.OnceValues(func() (any, error) {
	shared := os.Getenv("TIDINGS_SHARED")
	if shared == "" {
		return nil, nil
	}
	files, _ := filepath.Glob(filepath.Join(shared, "specs", "discord", "*.schema.json"))
	if len(files) == 0 {
		return nil, fmt.Errorf("there is no specification of Discord in %s", shared)
	}
	f, err := os.Open(files[len(files)-1])
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return jsonschema.UnmarshalJSON(f)
})

// Checked reports whether requests are checked against the specification.
func Checked() bool { return os.Getenv("TIDINGS_SHARED") != "" }

const specName = "discord.json"

func newSchemas(t testing.TB) *schemas {
	spec, err := specification()
	if err != nil {
		t.Fatalf("discordtest: %v", err)
	}
	if spec == nil {
		return &schemas{}
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(specName, spec); err != nil {
		t.Fatalf("discordtest: %v", err)
	}
	return &schemas{compiler: c, compiled: map[string]*jsonschema.Schema{}}
}

// check holds a body against the definition of a name.
func (s *schemas) check(name string, raw []byte) error {
	if s.compiler == nil || name == "" {
		return nil
	}
	body, err := jsonschema.UnmarshalJSON(strings.NewReader(string(raw)))
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	schema := s.compiled[name]
	if schema == nil {
		if schema, err = s.compiler.Compile(specName + "#/$defs/" + name); err != nil {
			return err
		}
		s.compiled[name] = schema
	}
	return schema.Validate(normalised(body))
}

// normalised is a body in the terms of the specification, which knows a set of
// permissions as a number and writes nothing where there is nothing.
func normalised(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for key, value := range v {
			if text, ok := value.(string); ok && key == "default_member_permissions" {
				if _, err := strconv.ParseInt(text, 10, 64); err == nil {
					value = json.Number(text)
				}
			}
			if value != nil {
				out[key] = normalised(value)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = normalised(v[i])
		}
		return out
	}
	return v
}
