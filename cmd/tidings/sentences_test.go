package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"tidings/bot/telegram/telegramtest"
	"tidings/cmd/tidings/sample"
)

// ran is what the program said in this process.
type ran struct {
	code           int
	stdout, stderr string
}

// invoke runs the program with no environment.
func invoke(t *testing.T, stdin string, args ...string) ran {
	t.Helper()
	var out, complaints bytes.Buffer
	w := world{stdin: strings.NewReader(stdin), stdout: &out, stderr: &complaints, getenv: noEnv, now: time.Now}
	code := run(t.Context(), args, w)
	return ran{code, out.String(), complaints.String()}
}

// write writes a file into a folder of the test.
func write(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestWhatCannotBeDoneIsOneClearSentence(t *testing.T) {
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	server := telegramtest.New(t, telegramtest.Hooks{})
	server.Revoke()
	token := fmt.Sprintf("[telegram]\ntoken = %q\napi_url = %q\n", telegramtest.Token, server.URL)
	db := fmt.Sprintf("[database]\nurl = %q\n", filepath.Join(t.TempDir(), "t.db"))
	quiet := "[http]\naddr = \"\"\n"
	for _, c := range []struct {
		name, config string
		args         []string
		want         string
	}{
		{"no arguments", "", nil, "tidings is a news digest bot"},
		{"an unknown command", "", []string{"serve"}, `there is no command "serve"`},
		{"an unknown flag", "", []string{"check", "-confg", "x"}, "flag provided but not defined: -confg"},
		{"no configuration named", "", []string{"run"}, "-config is missing"},
		{"a missing configuration", "", []string{"run", "-config", "/nowhere/config.toml"}, "/nowhere/config.toml: the configuration cannot be read: no such file or directory"},
		{"no network", db + quiet, []string{"run"}, "no network is configured; name a token as telegram.token"},
		{"a database that cannot be made", "[database]\nurl = \"/nowhere/t.db\"\n" + token + quiet, []string{"run"}, "open the database /nowhere/t.db"},
		{"a database that does not answer", "[database]\nurl = \"postgres://tidings:hush@127.0.0.1:1/none\"\n" + token + quiet, []string{"run"}, "open the database none on 127.0.0.1"},
		{"a port in use", db + token + fmt.Sprintf("[http]\naddr = %q\n", busy.Addr()), []string{"run"}, "address already in use"},
		{"a token that is refused", db + token + quiet, []string{"run"}, "telegram"},
		{"a token of no shape", db + quiet + "[telegram]\ntoken = \"hush\"\n", []string{"run"}, "does not look like a token"},
		{"a topic that is missing", db, []string{"preview"}, "the topic is missing"},
		{"a query that does not parse", db, []string{"preview", `("peace`}, "and as a query"},
		{"a format that is not known", db, []string{"preview", "-format", "pdf", "peace"}, `-format "pdf" is not known`},
		{"a feed that is missing", "", []string{"feeds", "read", "/nowhere/feed.xml"}, "the feed cannot be read"},
		{"a feed that is none", "", []string{"feeds", "read", "sentences_test.go"}, "tidings:"},
	} {
		t.Run(c.name, func(t *testing.T) {
			args := c.args
			if c.config != "" {
				args = append(args[:1:1], append([]string{"-config", write(t, "config.toml", c.config)}, args[1:]...)...)
			}
			got := invoke(t, "", args...)
			if got.code != 1 || !strings.Contains(got.stderr, c.want) || got.stdout != "" {
				t.Errorf("code %d, stdout %q, stderr:\n%s\nwant code 1 and %q", got.code, got.stdout, got.stderr, c.want)
			}
			for _, secret := range []string{telegramtest.Token, "hush", "goroutine "} {
				if strings.Contains(got.stderr, secret) {
					t.Errorf("%q was printed:\n%s", secret, got.stderr)
				}
			}
		})
	}
}

func TestDemoAnswersAScriptAndEnds(t *testing.T) {
	got := invoke(t, "/help\n/topics\n/subscribe Ukraine peace talks\n/subscriptions\n/digest Ukraine peace talks\n/unsubscribe Ukraine peace talks\n/quit\n", "demo")
	if got.code != 0 {
		t.Fatalf("code %d, stderr %s", got.code, got.stderr)
	}
	rest := got.stdout
	for _, want := range []string{"/subscribe TOPIC", "Climate summit", "Done: Ukraine peace talks", "every day at 08:00", "📰 Ukraine peace talks", " outlets: ", "The Lantern", "Stopped: Ukraine peace talks"} {
		i := strings.Index(rest, want)
		if i < 0 {
			t.Fatalf("%q does not come, in this order, in:\n%s", want, got.stdout)
		}
		rest = rest[i:]
	}
	if !strings.Contains(got.stderr, "polling 16/16 feeds") || strings.Contains(got.stdout, "polling") {
		t.Errorf("progress belongs on stderr: %q", got.stderr)
	}
}

// previewed is the contract of preview -format json.
type previewed struct {
	Topic, Since, Until string
	Articles, Outlets   int
	Stories             []struct {
		ID, Title string
		Summary   []struct{ Text, Outlet, URL string }
		Articles  []struct{ URL, Title, Outlet, Published string }
		Outlets   int
		FirstSeen string `json:"first_seen"`
		New       []struct{ Text, Outlet, URL string }
	}
}

func previewJSON(t *testing.T, config, since, topic string) previewed {
	t.Helper()
	got := invoke(t, "", "preview", "--config", config, "-since", since, "-format", "json", topic)
	if got.code != 0 {
		t.Fatalf("code %d, stderr %s", got.code, got.stderr)
	}
	var p previewed
	decoder := json.NewDecoder(strings.NewReader(got.stdout))
	if err := decoder.Decode(&p); err != nil {
		t.Fatalf("%v in:\n%s", err, got.stdout)
	}
	return p
}

func TestPreviewOfSampleFeeds(t *testing.T) {
	feeds := httptest.NewServer(sample.Handler(time.Now))
	defer feeds.Close()
	var b strings.Builder
	b.WriteString("[polling]\nallow_private = true\n[[topic]]\nname = \"Peace\"\nquery = \"ukraine peace talks\"\n")
	for _, f := range sample.Feeds() {
		fmt.Fprintf(&b, "[[feed]]\nurl = %q\noutlet = %q\nowner = %q\n", feeds.URL+f.Path, f.Outlet, f.Owner)
	}
	config := write(t, "config.toml", b.String())
	p := previewJSON(t, config, "24h", "peace")
	if p.Topic != "Peace" || len(p.Stories) == 0 || p.Stories[0].Outlets < 3 || len(p.Stories[0].Summary) == 0 || len(p.Stories[0].Articles) < 3 {
		t.Errorf("previewed %+v", p)
	}
	for _, s := range p.Stories {
		if _, err := time.Parse(time.RFC3339, s.FirstSeen); err != nil || s.ID == "" || s.New == nil {
			t.Errorf("the story %+v: %v", s, err)
		}
	}
	if p := previewJSON(t, config, "72h", "olympic surfing gold"); p.Topic != "olympic surfing gold" || len(p.Stories) == 0 {
		t.Errorf("a query that is no topic gave %+v", p)
	}
	long := strings.Repeat("olympic surfing gold ", 60)
	if p := previewJSON(t, config, "72h", long); len(p.Topic) > 100 || len(p.Stories) == 0 {
		t.Errorf("a long query gave %+v", p)
	}
	if got := invoke(t, "", "preview", "-config", config, `"`+long); got.code != 1 || len(got.stderr) > 400 {
		t.Errorf("a long query that does not parse: code %d, %s", got.code, got.stderr)
	}
	got := invoke(t, "", "preview", "-config", config, "Peace")
	if why := regexp.MustCompile(`(?m)^ *Why: \w.* \.\d\d\b`).FindAllString(got.stdout, -1); len(why) != len(p.Stories) || !strings.Contains(why[0], "peace .") {
		t.Errorf("%d of %d stories say why:\n%s", len(why), len(p.Stories), got.stdout)
	}
	for _, format := range []string{"text", "telegram", "discord"} {
		if got := invoke(t, "", "preview", "-config", config, "-format", format, "Peace"); got.code != 0 || !strings.Contains(got.stdout, "Geneva") {
			t.Errorf("%s: code %d\n%s%s", format, got.code, got.stdout, got.stderr)
		}
	}
}

// TestPreviewOfRecordedFeeds reads recorded feeds of real outlets, which are
// years old.
func TestPreviewOfRecordedFeeds(t *testing.T) {
	shared := os.Getenv("TIDINGS_SHARED")
	if shared == "" {
		t.Skip("TIDINGS_SHARED is not set, so recorded feeds are not read")
	}
	dir := filepath.Join(shared, "feeds", "real")
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.FileServer(http.Dir(dir)))
	defer server.Close()
	var b strings.Builder
	b.WriteString("[polling]\nallow_private = true\n")
	for i, f := range files {
		fmt.Fprintf(&b, "[[feed]]\nurl = \"%s/%s\"\noutlet = \"Outlet %d\"\n", server.URL, f.Name(), i)
	}
	p := previewJSON(t, write(t, "config.toml", b.String()), "200000h", "president OR minister OR election OR police")
	if p.Articles == 0 || len(p.Stories) == 0 {
		t.Errorf("nothing was found in %d recorded feeds: %+v", len(files), p)
	}
}
