package main

import (
	"net"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"tidings/bot"
	"tidings/digest"
	"tidings/digest/archive"
	"tidings/digest/database"
	"tidings/subscriptions/schedule"
)

// maxSecret is the longest file that is taken for a token or key, in bytes.
const maxSecret = 4096

// check notes what is wrong with the values, and fills in what follows from them.
func (r *configReader) check(env func(string) string, parseQuery func(string) error) {
	c := r.config
	r.checkDatabase(env("TIDINGS_DATABASE_URL"))
	if c.Polling.Interval == 0 {
		r.problem("polling.interval", `it must be longer than 0s; examples: "15m", "1h"`)
	}
	if c.Polling.HostParallel < 1 {
		r.problem("polling.host_parallel", "%d is too few; at least 1 request at a time is needed", c.Polling.HostParallel)
	}
	if strings.ContainsFunc(c.Polling.UserAgent+c.Polling.Contact, unicode.IsControl) {
		r.problem("polling", "user_agent and contact go into a header, which has no line breaks or control characters")
	}
	if c.Polling.UserAgent != "" && c.Polling.Contact != "" {
		r.problem("polling.contact", "it is named in the program's own user agent; write it into polling.user_agent, which is set too")
	}
	r.checkFeeds()
	r.checkTopics(parseQuery)
	r.checkDefaults()
	r.checkNetwork("telegram", &c.Telegram, env, "TIDINGS_TELEGRAM_TOKEN")
	r.checkNetwork("discord", &c.Discord, env, "TIDINGS_DISCORD_TOKEN")
	for i, id := range c.Admins.Discord {
		if _, err := strconv.ParseUint(id, 10, 64); err != nil {
			r.problem(element("admins.discord", i), `%q is not the id of a user; it is made of digits, like "80351110224678912"`, id)
		}
	}
	r.checkHTTP()
	r.checkModel(env)
}

func (r *configReader) checkDatabase(fromEnv string) {
	c := &r.config.Database
	if fromEnv != "" {
		c.URL = bot.Secret(fromEnv)
		return
	}
	raw := string(c.URL)
	switch {
	case raw == "":
		r.problem("database.url", `it is empty; it is a file like "tidings.db", or "postgres://user:password@host/name"`)
	case database.EngineOf(raw) == database.Postgres:
		if _, err := url.Parse(raw); err != nil {
			r.problem("database.url", `it cannot be read; it looks like "postgres://user:password@host/name"`)
		}
	case strings.HasPrefix(raw, "sqlite:") || strings.HasPrefix(raw, "file:"):
		// A URL names its path itself.
	case strings.Contains(raw, "://"):
		r.problem("database.url", `it names neither engine; it is a file like "tidings.db", or "postgres://user:password@host/name"`)
	default:
		c.URL = bot.Secret(r.beside(raw))
	}
}

func (r *configReader) checkFeeds() {
	seen := map[string]string{}
	for i := range r.config.Feeds {
		f, at := &r.config.Feeds[i], element("feed", i)
		r.checkURL(at+".url", f.URL, "https://example.com/feed.xml")
		if first, double := seen[f.URL]; double && f.URL != "" {
			r.problem(at+".url", "%s has the same url (line %d); a feed is named once", first, r.lines[first+".url"])
		} else {
			seen[f.URL] = at
		}
		if f.Outlet = strings.TrimSpace(f.Outlet); f.Outlet == "" {
			r.problem(at+".outlet", `it is missing; it is who publishes the feed, like outlet = "Kyiv Chronicle"`)
		}
		if f.Owner == "" {
			f.Owner = f.Outlet
		}
		r.checkLanguage(at+".language", f.Language)
		if _, err := language.ParseRegion(f.Country); f.Country != "" && (err != nil || len(f.Country) != 2 || f.Country != strings.ToUpper(f.Country)) {
			r.problem(at+".country", `%q is not a country; it is two capital letters of ISO 3166, like "UA", "GB" or "US"`, f.Country)
		}
	}
}

func (r *configReader) checkTopics(parseQuery func(string) error) {
	seen, known := map[string]string{}, map[string]bool{}
	for _, f := range r.config.Feeds {
		known[f.URL] = true
	}
	for i := range r.config.Topics {
		t, at := &r.config.Topics[i], element("topic", i)
		if t.Name = strings.Join(strings.Fields(t.Name), " "); t.Name == "" {
			r.problem(at+".name", `it is missing; it is what people subscribe to, like name = "Ukraine peace talks"`)
		} else if n := utf8.RuneCountInString(t.Name); n > digest.MaxName {
			r.problem(at+".name", "it has %d characters; at most %d are allowed", n, digest.MaxName)
		}
		r.onlyOnce(seen, at+".name", t.Name)
		if t.Query == "" {
			t.Query = t.Name
		}
		if t.Query != "" {
			if err := parseQuery(t.Query); err != nil {
				r.problem(at+".query", "%q: %s", clipped(t.Query), err)
			}
		}
		r.checkTopicFeeds(at+".feeds", t.Feeds, known)
		if !slices.Contains([]string{"", "strict", "normal", "loose"}, t.Strictness) {
			r.problem(at+".strictness", `%q is not known; it is "strict", "normal" or "loose"`, t.Strictness)
		}
		for j, code := range t.Languages {
			r.checkLanguage(element(at+".languages", j), code)
		}
		if t.Schedule != "" {
			r.checkSchedule(at+".schedule", t.Schedule)
		}
	}
	for i, t := range r.config.Topics {
		for j, was := range t.Was {
			r.onlyOnce(seen, element(element("topic", i)+".was", j), was)
		}
	}
}

// checkTopicFeeds notes the feeds of a topic that are not in the file, of which
// known has the URLs. It shows none: there may be a password in it.
func (r *configReader) checkTopicFeeds(at string, urls []string, known map[string]bool) {
	for i, url := range urls {
		if !known[url] {
			r.problem(element(at, i), "no feed has this url; write it as it stands at the feed, or add a [[feed]] with it")
		}
	}
}

// onlyOnce notes a name that another topic has or had.
func (r *configReader) onlyOnce(seen map[string]string, at, name string) {
	folded := archive.Fold(name)
	if first, double := seen[folded]; double && folded != "" {
		r.problem(at, "%q is also %s (line %d); names must differ in more than case", name, first, r.lines[first])
		return
	}
	seen[folded] = at
}

func (r *configReader) checkDefaults() {
	d := &r.config.Defaults
	var err error
	if d.zone, err = schedule.Zone(d.Zone); err != nil {
		r.problem("defaults.zone", "%s", err)
	}
	d.schedule = r.checkSchedule("defaults.schedule", d.Schedule)
	r.checkLanguage("defaults.language", d.Language)
}

func (r *configReader) checkSchedule(at, text string) schedule.Schedule {
	s, err := schedule.Parse(text)
	if err != nil {
		r.problem(at, "%s", err)
	}
	return s
}

func (r *configReader) checkLanguage(at, code string) {
	if code == "" {
		return
	}
	if _, err := language.ParseBase(code); err != nil || len(code) != 2 || code != strings.ToLower(code) {
		r.problem(at, `%q is not a language; it is two small letters of ISO 639-1, like "en", "uk" or "de"`, code)
	}
}

// checkURL notes what is not an address on the web. It shows no password.
func (r *configReader) checkURL(at, raw, example string) {
	u, err := url.Parse(raw)
	switch {
	case raw == "":
		r.problem(at, "it is missing; it is an address like %q", example)
	case err != nil || strings.Contains(raw, "@") && !onWeb(u):
		r.problem(at, "it is not an address on the web; it looks like %q", example)
	case !onWeb(u):
		r.problem(at, "%q is not an address on the web; it looks like %q", raw, example)
	}
}

func onWeb(u *url.URL) bool { return (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" }

func (r *configReader) checkNetwork(at string, n *networkConfig, env func(string) string, variable string) {
	n.source = r.secret(at, "token", &n.Token, n.TokenFile, env, variable)
	if n.Token == "" && n.source == "" && r.has(at) {
		r.problem(at, "it has no token; name it as token, as token_file, or in the variable %s", variable)
	}
	r.checkURL(at+".api_url", n.APIURL, "https://api.example.com")
}

// secret finds a token or key in the environment, the file it is kept in, or
// the configuration, and says where; empty for nowhere.
func (r *configReader) secret(table, key string, into *bot.Secret, file string, env func(string) string, variable string) string {
	at := table + "." + key
	source := ""
	switch {
	case *into != "" && file != "":
		r.problem(at+"_file", "%s names the secret too; keep one of them", at)
		return "the file and " + at
	case env(variable) != "":
		*into, source = bot.Secret(strings.TrimSpace(env(variable))), "the variable "+variable
	case file != "":
		source = at + "_file"
		*into = r.readSecret(source, file)
	case r.has(at):
		*into, source = bot.Secret(strings.TrimSpace(string(*into))), at
		if *into == "" {
			r.problem(at, "it is empty")
		}
	}
	if strings.ContainsAny(string(*into), " \t\r\n") {
		r.problem(source, "a secret has no spaces or line breaks inside")
	}
	return source
}

// readSecret is what a file holds, without the white space around it.
func (r *configReader) readSecret(at, file string) bot.Secret {
	data, err := os.ReadFile(r.beside(file))
	switch {
	case err != nil:
		r.problem(at, "%q cannot be read: %s", file, cause(err))
	case len(data) > maxSecret:
		r.problem(at, "%q has %d bytes, which is too much for a secret", file, len(data))
	case strings.TrimSpace(string(data)) == "":
		r.problem(at, "%q is empty", file)
	default:
		return bot.Secret(strings.TrimSpace(string(data)))
	}
	return ""
}

func (r *configReader) checkHTTP() {
	h := r.config.HTTP
	r.checkAddr("http.addr", h.Addr)
	r.checkAddr("http.public_addr", h.PublicAddr)
	switch {
	case h.PublicURL != "":
		r.checkURL("http.public_url", h.PublicURL, "https://bot.example.com")
		if h.PublicAddr == "" {
			r.problem("http.public_url", "http.public_addr is missing, where the webhooks arrive; it looks like %q", ":8443")
		}
	case h.PublicAddr != "":
		r.problem("http.public_addr", "http.public_url is missing, which the networks are told; it looks like %q", "https://bot.example.com")
	}
}

func (r *configReader) checkAddr(at, addr string) {
	if _, port, err := net.SplitHostPort(addr); addr != "" && (err != nil || port == "") {
		r.problem(at, `%q is not an address to listen on; it looks like "127.0.0.1:8080" or ":8080"`, addr)
	}
}

func (r *configReader) checkModel(env func(string) string) {
	m := &r.config.Model
	m.source = r.secret("model", "key", &m.Key, m.KeyFile, env, "TIDINGS_MODEL_KEY")
	if m.BaseURL == "" && m.Name == "" && !r.has("model") {
		return
	}
	r.checkURL("model.base_url", m.BaseURL, "http://localhost:11434/v1")
	if m.DailyTokens < 0 {
		r.problem("model.daily_tokens", "%d is negative; it is a number of tokens a day, 0 for no bound", m.DailyTokens)
	}
	if m.Name == "" {
		r.problem("model.name", "it is missing; it is the model's name, as its server calls it")
	}
}
