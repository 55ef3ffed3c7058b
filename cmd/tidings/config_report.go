package main

import (
	"fmt"
	"io"
	"net/url"
	"strings"
	"text/tabwriter"
	"time"

	"tidings/digest/database"
	"tidings/subscriptions/schedule"
)

// report says what would run. It holds no secret.
func (c *config) report(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	line := func(name, format string, args ...any) { fmt.Fprintf(t, name+"\t"+format+"\n", args...) }
	line("database", "%s", c.Database.describe())
	line("feeds", "%s", c.describeFeeds())
	for _, topic := range c.Topics {
		line("topic", "%s, %s (%s)%s", topic.Name, topic.when(c.Defaults.schedule).Describe(), c.Defaults.zone, topic.narrowed())
	}
	if len(c.Topics) == 0 {
		line("topics", "none")
	}
	line("telegram", "%s", c.Telegram.describe("https://api.telegram.org"))
	line("discord", "%s", c.Discord.describe("https://discord.com"))
	line("admins", "%d on Telegram, %d on Discord", len(c.Admins.Telegram), len(c.Admins.Discord))
	line("http", "%s", c.HTTP.describe())
	line("model", "%s", c.Model.describe())
	line("log", "%s and worse", strings.ToLower(c.Log.Level.String()))
	return t.Flush()
}

func (d databaseConfig) describe() string {
	raw := string(d.URL)
	if database.EngineOf(raw) == database.SQLite {
		return "SQLite, " + raw
	}
	u, err := url.Parse(raw)
	if err != nil {
		return "PostgreSQL"
	}
	return "PostgreSQL, " + strings.TrimPrefix(u.Path, "/") + " on " + u.Host
}

func (c *config) describeFeeds() string {
	if len(c.Feeds) == 0 {
		return "none, so nothing would be read"
	}
	outlets, owners := map[string]bool{}, map[string]bool{}
	for _, f := range c.Feeds {
		outlets[f.Outlet], owners[f.Owner] = true, true
	}
	s := fmt.Sprintf("%d from %d outlets of %d owners, every %s", len(c.Feeds), len(outlets), len(owners), short(c.Polling.Interval))
	if c.Polling.AllowPrivate {
		s += ", private addresses allowed"
	}
	return s
}

// short is a length of time without the zeros at its end.
func short(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// when is the schedule of subscribers who name no time.
func (t topicConfig) when(standard schedule.Schedule) schedule.Schedule {
	if s, err := schedule.Parse(t.Schedule); err == nil {
		return s
	}
	return standard
}

// narrowed says what but its query decides which articles it has.
func (t topicConfig) narrowed() string {
	s := ""
	switch len(t.Feeds) {
	case 0:
	case 1:
		s = ", of 1 feed"
	default:
		s = fmt.Sprintf(", of %d feeds", len(t.Feeds))
	}
	if len(t.Languages) > 0 {
		s += ", in " + strings.Join(t.Languages, ", ")
	}
	if t.Strictness == "strict" || t.Strictness == "loose" {
		s += ", " + t.Strictness
	}
	return s
}

func (n networkConfig) describe(usual string) string {
	if n.Token == "" {
		return "not configured"
	}
	s := "token from " + n.source
	if n.APIURL != usual {
		s += ", with an API of its own"
	}
	return s
}

func (h httpConfig) describe() string {
	s := "operators at " + h.Addr
	if h.Addr == "" {
		s = "none for operators"
	}
	if h.PublicAddr != "" {
		s += ", webhooks at " + h.PublicAddr + " as " + h.PublicURL
	}
	return s
}

func (m modelConfig) describe() string {
	switch {
	case m.BaseURL == "":
		return "none: summaries are made of the articles' own sentences"
	case m.Key == "":
		return m.Name + ", without a key"
	}
	return m.Name + ", key from " + m.source
}
