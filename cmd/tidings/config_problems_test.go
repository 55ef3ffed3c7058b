package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// configProblems are files and what is said of them.
var configProblems = []struct {
	name, text string
	want       []string
}{
	{"a bad cron line", "[[topic]]\nname = \"a\"\n\n[[topic]]\nname = \"b\"\nschedule = \"0 25 * * *\"",
		[]string{`6: topic[2].schedule: "0 25 * * *": hour 25 is out of range 0-23; examples: "daily 8:00", "weekdays 18:30", "0 8 * * *"`}},
	{"an unknown key", "[polling]\nintervall = \"5m\"",
		[]string{`2: polling.intervall: there is no such key; did you mean interval? Known here: interval, user_agent, contact, host_parallel, host_pause, allow_private`}},
	{"an unknown table", "[colours]\nx = 1",
		[]string{`1: colours: there is no such key. Known here: database, polling, feed, topic, defaults, telegram, discord, admins, http, model, log`}},
	{"an unknown key in a list", "[[feed]]\nurl = \"http://a.example/1\"\noutlet = \"A\"\n[[feed]]\nurl = \"http://a.example/2\"\noutlet = \"A\"\nownr = \"B\"",
		[]string{`7: feed[2].ownr: there is no such key; did you mean owner? Known here: url, outlet, owner, country, language, full_text`}},
	{"wrong types", "[polling]\nhost_parallel = \"two\"\nallow_private = 1\nuser_agent = 1.5\ninterval = 5\n[admins]\ntelegram = [\"a\"]\ndiscord = [1]",
		[]string{
			`2: polling.host_parallel: a string stands here; it must be a whole number, like 2`,
			`3: polling.allow_private: a whole number stands here; it must be true or false`,
			`4: polling.user_agent: a number with a fraction stands here; it must be a string, like "text"`,
			`5: polling.interval: a whole number is not a length of time; examples: "90s", "15m", "1h30m"`,
			`7: admins.telegram: a list stands here; it must be a list of whole numbers, like [1, 2]`,
			`8: admins.discord: a list stands here; it must be a list of strings, like ["one", "two"]`}},
	{"a list for a table and a table for a list", "polling = [1]\nfeed = 2000-01-01\n[topic]\nname = \"a\"",
		[]string{
			`1: polling: a list stands here; it must be a table, like [name]`,
			`2: feed: a date or time stands here; it must be a list of tables, each like [[name]]`,
			`3: topic: a table stands here; it must be a list of tables, each like [[name]]`}},
	{"numbers", "[polling]\nhost_parallel = 0\nhost_pause = \"-1s\"\ninterval = \"0s\"",
		[]string{
			`2: polling.host_parallel: 0 is too few; at least 1 request at a time is needed`,
			`3: polling.host_pause: "-1s" is negative; a length of time is 0s or more`,
			`4: polling.interval: it must be longer than 0s; examples: "15m", "1h"`}},
	{"who asks", "[polling]\nuser_agent = \"reader\"\ncontact = \"news@example.com\"",
		[]string{`3: polling.contact: it is named in the program's own user agent; write it into polling.user_agent, which is set too`}},
	{"who asks, on two lines", "[polling]\ncontact = \"a\\nb\"",
		[]string{`1: polling: user_agent and contact go into a header, which has no line breaks or control characters`}},
	{"defaults", "[defaults]\nzone = \"Kiyv\"\nschedule = \"every 5 secs\"\nlanguage = \"english\"",
		[]string{
			`2: defaults.zone: There is no time zone "Kiyv". Did you mean "Europe/Kiev" or "Europe/Kyiv"?`,
			`3: defaults.schedule: The shortest is every 15 minutes. Did you mean "every 5 hours"?`,
			`4: defaults.language: "english" is not a language; it is two small letters of ISO 639-1, like "en", "uk" or "de"`}},
	{"feeds", "[[feed]]\n[[feed]]\nurl = \"ftp://a.example\"\noutlet = \"A\"\ncountry = \"uk\"\nlanguage = \"EN\"\n" +
		"[[feed]]\nurl = \"http://me:hunter2@\"\noutlet = \" \"\n[[feed]]\nurl = \"ftp://a.example\"\noutlet = \"B\"",
		[]string{
			`1: feed[1].url: it is missing; it is an address like "https://example.com/feed.xml"`,
			`1: feed[1].outlet: it is missing; it is who publishes the feed, like outlet = "Kyiv Chronicle"`,
			`3: feed[2].url: "ftp://a.example" is not an address on the web; it looks like "https://example.com/feed.xml"`,
			`5: feed[2].country: "uk" is not a country; it is two capital letters of ISO 3166, like "UA", "GB" or "US"`,
			`6: feed[2].language: "EN" is not a language; it is two small letters of ISO 639-1, like "en", "uk" or "de"`,
			`8: feed[3].url: it is not an address on the web; it looks like "https://example.com/feed.xml"`,
			`9: feed[3].outlet: it is missing; it is who publishes the feed, like outlet = "Kyiv Chronicle"`,
			`11: feed[4].url: "ftp://a.example" is not an address on the web; it looks like "https://example.com/feed.xml"`,
			`11: feed[4].url: feed[2] has the same url (line 3); a feed is named once`}},
	{"topics", "[[topic]]\nname = \"Peace\"\nquery = \"(\"\nlanguages = [\"en\", \"xx\"]\n[[topic]]\nname = \" PEACE \"\n" +
		"[[topic]]\nquery = \"x\"\n[[topic]]\nname = \"" + strings.Repeat("й", 65) + "\"\nwas = [\"peace\"]",
		[]string{
			`3: topic[1].query: "(": a parenthesis is not closed`,
			`4: topic[1].languages[2]: "xx" is not a language; it is two small letters of ISO 639-1, like "en", "uk" or "de"`,
			`6: topic[2].name: "PEACE" is also topic[1].name (line 2); names must differ in more than case`,
			`7: topic[3].name: it is missing; it is what people subscribe to, like name = "Ukraine peace talks"`,
			`10: topic[4].name: it has 65 characters; at most 64 are allowed`,
			`11: topic[4].was[1]: "peace" is also topic[1].name (line 2); names must differ in more than case`}},
	{"a topic's feeds", "[[topic]]\nname = \"a\"\nfeeds = [\n  \"http://a.example\",\n  \"http://me:hunter2@b.example\",\n  \"\"]\n" +
		"[[feed]]\nurl = \"http://a.example\"\noutlet = \"A\"\n[[topic]]\nname = \"b\"\nfeeds = \"http://a.example\"",
		[]string{
			`5: topic[1].feeds[2]: no feed has this url; write it as it stands at the feed, or add a [[feed]] with it`,
			`6: topic[1].feeds[3]: no feed has this url; write it as it stands at the feed, or add a [[feed]] with it`,
			`12: topic[2].feeds: a string stands here; it must be a list of strings, like ["one", "two"]`}},
	{"a topic's strictness", "[[topic]]\nname = \"a\"\nstrictness = \"normal\"\n[[topic]]\nname = \"b\"\nstrictness = \"very\"\n[[topic]]\nname = \"c\"\nstrictness = 1",
		[]string{
			`6: topic[2].strictness: "very" is not known; it is "strict", "normal" or "loose"`,
			`9: topic[3].strictness: a whole number stands here; it must be a string, like "text"`}},
	{"a long query", "[[topic]]\nname = \"a\"\nquery = \"(" + strings.Repeat("x ", 5000) + "\"",
		[]string{`3: topic[1].query: "(` + strings.Repeat("x ", 31) + `…": a parenthesis is not closed`}},
	{"the rest", "[database]\nurl = \"mysql://a\"\n[admins]\ndiscord = [\"1\", \"me\"]\n[http]\naddr = \"8080\"\npublic_url = \"https://a.example\"\n" +
		"[model]\nkey = \"a b\"\n[log]\nlevel = \"loud\"\n[discord]\ntoken = \"x\"\napi_url = \"localhost\"",
		[]string{
			`2: database.url: it names neither engine; it is a file like "tidings.db", or "postgres://user:password@host/name"`,
			`4: admins.discord[2]: "me" is not the id of a user; it is made of digits, like "80351110224678912"`,
			`6: http.addr: "8080" is not an address to listen on; it looks like "127.0.0.1:8080" or ":8080"`,
			`7: http.public_url: http.public_addr is missing, where the webhooks arrive; it looks like ":8443"`,
			`8: model.base_url: it is missing; it is an address like "http://localhost:11434/v1"`,
			`8: model.name: it is missing; it is the model's name, as its server calls it`,
			`9: model.key: a secret has no spaces or line breaks inside`,
			`11: log.level: "loud" is not a level; it is "debug", "info", "warn" or "error"`,
			`14: discord.api_url: "localhost" is not an address on the web; it looks like "https://api.example.com"`}},
	{"inline tables", "polling = {\n}\nfeed = [{url = \"http://a.example\", outlet = \"A\"},\n  {url = \"http://b.example\"}]",
		[]string{`4: feed[2].outlet: it is missing; it is who publishes the feed, like outlet = "Kyiv Chronicle"`}},
	{"dotted keys", "polling.interval = \"1m\"\n\"polling\".host_parallel = -1",
		[]string{`2: polling.host_parallel: -1 is too few; at least 1 request at a time is needed`}},
	{"syntax", "[polling]\ninterval \"5m\"", []string{`2: this is not TOML: expected '=' after key`}},
	{"a key twice", "[polling]\ninterval = \"5m\"\ninterval = \"6m\"", []string{`3: interval: this is not TOML: key interval is already defined`}},
}

func TestProblems(t *testing.T) {
	for _, c := range configProblems {
		t.Run(c.name, func(t *testing.T) {
			var want []string
			for _, line := range c.want {
				want = append(want, "config.toml:"+line)
			}
			_, got := load(t, c.text, noEnv)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestUnreadableFile(t *testing.T) {
	_, problems := loadConfig(filepath.Join(t.TempDir(), "none.toml"), noEnv, anyQuery)
	if len(problems) != 1 || !strings.HasSuffix(problems[0].String(), "none.toml: the configuration cannot be read: no such file or directory") {
		t.Error(problems)
	}
}

func FuzzLoadConfig(f *testing.F) {
	data, err := os.ReadFile(example)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(data))
	for _, text := range []string{"", "a.b.c = 1", "[[feed]]\n[feed.x]\ny=1", "feed = [[{}]]", "[telegram]\ntoken = \"hunter2\"\nx", "\xff", "topic = [{was = [\"\"]}]"} {
		f.Add(text)
	}
	file := filepath.Join(f.TempDir(), "config.toml")
	f.Fuzz(func(t *testing.T, text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		c, problems := loadConfig(file, noEnv, anyQuery)
		last := 0
		for _, p := range problems {
			if p.line < last || p.line > strings.Count(text, "\n")+1 || p.text == "" {
				t.Errorf("%q: problem %+v after line %d", text, p, last)
			}
			last = p.line
		}
		if len(problems) == 0 && (c.Defaults.zone == nil || c.Polling.Interval <= 0) {
			t.Errorf("%q: no problem in %+v", text, c)
		}
	})
}
