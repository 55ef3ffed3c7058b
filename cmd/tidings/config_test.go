package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidings/digest"
)

const example = "../../config.example.toml"

func noEnv(string) string { return "" }

// anyQuery accepts every query without a parenthesis.
func anyQuery(q string) error {
	if strings.Contains(q, "(") {
		return errors.New("a parenthesis is not closed")
	}
	return nil
}

// load reads a configuration from text and returns it with its problems as
// they are printed.
func load(t testing.TB, text string, env func(string) string) (*config, []string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, problems := loadConfig(file, env, anyQuery)
	var lines []string
	for _, p := range problems {
		lines = append(lines, strings.TrimPrefix(p.String(), filepath.Dir(file)+"/"))
	}
	return c, lines
}

func TestExampleWorks(t *testing.T) {
	c, problems := loadConfig(example, noEnv, anyQuery)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if len(c.Feeds) < 5 || len(c.Topics) < 2 || c.Polling.Interval != 15*time.Minute || c.Telegram.Token != "" {
		t.Errorf("%+v", c)
	}
}

// TestExampleHasEveryKey proves that the example and the program know the same keys.
func TestExampleHasEveryKey(t *testing.T) {
	var known []string
	for table := range reflect.TypeFor[config]().Fields() {
		kind := table.Type
		if kind.Kind() == reflect.Slice {
			kind = kind.Elem()
		}
		for field := range kind.Fields() {
			if key := field.Tag.Get("toml"); key != "" {
				known = append(known, table.Tag.Get("toml")+"."+key)
			}
		}
	}
	data, err := os.ReadFile(example)
	if err != nil {
		t.Fatal(err)
	}
	var shown []string
	table := ""
	line := regexp.MustCompile(`(?m)^(?:# )?(?:\[+(\w+)\]+|(\w+) = .*)$`)
	for _, m := range line.FindAllStringSubmatch(string(data), -1) {
		if m[1] != "" {
			table = m[1]
		} else if key := table + "." + m[2]; !slices.Contains(shown, key) {
			shown = append(shown, key)
		}
	}
	slices.Sort(known)
	slices.Sort(shown)
	if diff := cmp.Diff(known, shown); diff != "" {
		t.Errorf("the keys of the program and of config.example.toml differ (- program, + example):\n%s", diff)
	}
}

func TestEmptyFileMeansTheDefaults(t *testing.T) {
	c, problems := load(t, "", noEnv)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if c.Defaults.schedule.String() != "daily 08:00" || c.Defaults.zone != time.UTC || c.Polling.HostPause != time.Second ||
		c.Telegram.APIURL != "https://api.telegram.org" || filepath.Base(string(c.Database.URL)) != "tidings.db" {
		t.Errorf("%+v", c)
	}
}

func TestSecrets(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{"token": " from-file\n", "empty": "\n", "two": "a b"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	env := func(name string) string { return map[string]string{"TIDINGS_TELEGRAM_TOKEN": "from-env"}[name] }
	for _, c := range []struct {
		name, text, token, problem string
		env                        func(string) string
	}{
		{name: "in the file", text: `token = "in-toml"`, token: "in-toml"},
		{name: "in a file of its own", text: `token_file = "token"`, token: "from-file"},
		{name: "in the environment", text: `token_file = "missing"`, token: "from-env", env: env},
		{name: "the environment wins", text: `token = "in-toml"`, token: "from-env", env: env},
		{name: "a missing file", text: `token_file = "missing"`, problem: `config.toml:2: telegram.token_file: "missing" cannot be read: no such file or directory`},
		{name: "an empty file", text: `token_file = "empty"`, problem: `config.toml:2: telegram.token_file: "empty" is empty`},
		{name: "two words", text: `token_file = "two"`, token: "a b", problem: `config.toml:2: telegram.token_file: a secret has no spaces or line breaks inside`},
		{name: "two places", text: "token = \"x\"\ntoken_file = \"token\"", token: "x",
			problem: `config.toml:3: telegram.token_file: telegram.token names the secret too; keep one of them`},
		{name: "an empty token", text: `token = ""`, problem: `config.toml:2: telegram.token: it is empty`},
		{name: "no token", text: "", problem: `config.toml:1: telegram: it has no token; name it as token, as token_file, or in the variable TIDINGS_TELEGRAM_TOKEN`},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := filepath.Join(folder, "config.toml")
			if err := os.WriteFile(file, []byte("[telegram]\n"+c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			if c.env == nil {
				c.env = noEnv
			}
			got, problems := loadConfig(file, c.env, anyQuery)
			var text string
			if len(problems) > 0 {
				text = strings.TrimPrefix(problems[0].String(), folder+"/")
			}
			if string(got.Telegram.Token) != c.token || text != c.problem {
				t.Errorf("token %q and %v; want %q and %q", string(got.Telegram.Token), problems, c.token, c.problem)
			}
		})
	}
}

func TestReport(t *testing.T) {
	const text = `
database.url = "postgres://tidings:hunter2@db.example:5432/news"
[[feed]]
url = "https://reader:hunter2@example.com/a"
outlet = "A"
owner = "Both"
[[feed]]
url = "https://example.com/b"
outlet = "B"
owner = "Both"
[[topic]]
name = "Peace"
schedule = "weekdays 18:30"
strictness = "normal"
[[topic]]
name = "War"
feeds = ["https://example.com/b"]
languages = ["en", "uk"]
strictness = "strict"
[defaults]
zone = "Europe/Kyiv"
[telegram]
token = "hunter2"
[admins]
telegram = [1, 2]
[model]
base_url = "http://localhost:1/v1"
name = "small"
`
	env := func(name string) string { return map[string]string{"TIDINGS_DISCORD_TOKEN": "hunter2"}[name] }
	c, problems := load(t, text, env)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	want := []digest.Topic{
		{Name: "Peace", Query: "Peace", Schedule: "weekdays 18:30"},
		{Name: "War", Query: "War", Feeds: []string{"https://example.com/b"}, Languages: []string{"en", "uk"}, Strictness: "strict"},
	}
	if diff := cmp.Diff(want, c.plan().topics); diff != "" {
		t.Error(diff)
	}
	var out strings.Builder
	if err := c.report(&out); err != nil {
		t.Fatal(err)
	}
	report := `database  PostgreSQL, news on db.example:5432
feeds     2 from 2 outlets of 1 owners, every 15m
topic     Peace, on weekdays at 18:30 (Europe/Kyiv)
topic     War, every day at 08:00 (Europe/Kyiv), of 1 feed, in en, uk, strict
telegram  token from telegram.token
discord   token from the variable TIDINGS_DISCORD_TOKEN
admins    2 on Telegram, 0 on Discord
http      operators at 127.0.0.1:8080
model     small, without a key
log       info and worse
`
	if diff := cmp.Diff(report, out.String()); diff != "" {
		t.Error(diff)
	}
	if printed := fmt.Sprintf("%v %+v %#v", c, c, c); strings.Contains(printed, "postgres:") || strings.Contains(printed, `"hunter2"`) {
		t.Errorf("a secret is printed: %s", printed)
	}
}
