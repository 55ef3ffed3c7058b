package main

import (
	"log/slog"
	"time"

	"tidings/bot"
	"tidings/subscriptions/schedule"
)

// config is what the configuration file says, checked, with the defaults
// filled in and the secrets read. The toml tags are all the keys that there
// are. Paths are relative to the folder of the file.
type config struct {
	// Database is where everything is kept.
	Database databaseConfig `toml:"database"`
	// Polling is how feeds are fetched.
	Polling pollingConfig `toml:"polling"`
	// Feeds are the feeds that are polled.
	Feeds []feedConfig `toml:"feed"`
	// Topics are the topics that can be subscribed to.
	Topics []topicConfig `toml:"topic"`
	// Defaults are for chats that choose nothing else.
	Defaults defaultsConfig `toml:"defaults"`
	// Telegram is the bot on Telegram, if it has a token.
	Telegram networkConfig `toml:"telegram"`
	// Discord is the bot on Discord, if it has a token.
	Discord networkConfig `toml:"discord"`
	// Admins may do everything in every chat.
	Admins adminsConfig `toml:"admins"`
	// HTTP is where the program answers operators and webhooks.
	HTTP httpConfig `toml:"http"`
	// Model rewrites summaries, if it has a base URL.
	Model modelConfig `toml:"model"`
	// Log is what is told to the operator.
	Log logConfig `toml:"log"`
}

type databaseConfig struct {
	// URL is a SQLite file or a postgres:// URL; it may hold a password.
	URL bot.Secret `toml:"url"`
}

type pollingConfig struct {
	// Interval is how often a feed is polled that says nothing else.
	Interval time.Duration `toml:"interval"`
	// UserAgent is what servers are told; empty for the program's own.
	UserAgent string `toml:"user_agent"`
	// Contact is an address or URL that servers are told, by which the operator
	// is reached.
	Contact string `toml:"contact"`
	// HostParallel is how many requests to one domain may run at once.
	HostParallel int `toml:"host_parallel"`
	// HostPause lies between two requests to one domain.
	HostPause time.Duration `toml:"host_pause"`
	// AllowPrivate permits feeds on loopback and private addresses.
	AllowPrivate bool `toml:"allow_private"`
}

type feedConfig struct {
	// URL is where the feed is.
	URL string `toml:"url"`
	// Outlet is who publishes it.
	Outlet string `toml:"outlet"`
	// Owner is who owns the outlet; the outlet itself when empty in the file.
	Owner string `toml:"owner"`
	// Country is where the outlet is at home, ISO 3166-1 alpha-2, or empty.
	Country string `toml:"country"`
	// Language is the feed's, ISO 639-1, or empty: as the articles read.
	Language string `toml:"language"`
	// FullText has the pages of its articles read for their text.
	FullText bool `toml:"full_text"`
}

type topicConfig struct {
	// Name is what people call it.
	Name string `toml:"name"`
	// Query says which articles belong; the name when empty in the file.
	Query string `toml:"query"`
	// Description is a line for people.
	Description string `toml:"description"`
	// Feeds are the URLs of the feeds that its articles come from; empty means all.
	Feeds []string `toml:"feeds"`
	// Strictness is how much of the query an article must have: "strict",
	// "normal" or "loose"; empty means normal.
	Strictness string `toml:"strictness"`
	// Languages are those of its articles, ISO 639-1; empty means all.
	Languages []string `toml:"languages"`
	// Schedule is for subscribers who name no time; empty means the default.
	Schedule string `toml:"schedule"`
	// FullText has the pages of its articles read for their text.
	FullText bool `toml:"full_text"`
	// Was are names that the topic had before.
	Was []string `toml:"was"`
}

type defaultsConfig struct {
	// Zone is the IANA name of the time zone.
	Zone string `toml:"zone"`
	// Schedule is when a digest comes.
	Schedule string `toml:"schedule"`
	// Language is that of the digests, ISO 639-1, or empty: as the articles.
	Language string `toml:"language"`

	zone     *time.Location
	schedule schedule.Schedule
}

type networkConfig struct {
	// Token is the bot's, wherever it was read; empty without a bot.
	Token bot.Secret `toml:"token"`
	// TokenFile is a file that holds the token.
	TokenFile string `toml:"token_file"`
	// APIURL is the base of the network's API.
	APIURL string `toml:"api_url"`

	source string // where the token was read, for people
}

type adminsConfig struct {
	// Telegram are ids of users.
	Telegram []int64 `toml:"telegram"`
	// Discord are ids of users.
	Discord []string `toml:"discord"`
}

type httpConfig struct {
	// Addr is for operators: health and metrics.
	Addr string `toml:"addr"`
	// PublicAddr is for webhooks; empty for none.
	PublicAddr string `toml:"public_addr"`
	// PublicURL is how the networks reach PublicAddr.
	PublicURL string `toml:"public_url"`
}

type modelConfig struct {
	// BaseURL is that of an API like OpenAI's; empty for no model.
	BaseURL string `toml:"base_url"`
	// Name is the model's.
	Name string `toml:"name"`
	// Key is the API key, wherever it was read; empty when none is needed.
	Key bot.Secret `toml:"key"`
	// KeyFile is a file that holds the key.
	KeyFile string `toml:"key_file"`
	// DailyTokens bounds what the model may cost a day (UTC); 0 is no bound.
	DailyTokens int `toml:"daily_tokens"`

	source string // where the key was read, for people
}

type logConfig struct {
	// Level is the least level that is logged.
	Level slog.Level `toml:"level"`
}

// defaultConfig is what an empty file means.
func defaultConfig() *config {
	return &config{
		Database: databaseConfig{URL: "tidings.db"},
		Polling:  pollingConfig{Interval: 15 * time.Minute, HostParallel: 1, HostPause: time.Second},
		Defaults: defaultsConfig{Zone: "UTC", Schedule: "daily 08:00"},
		Telegram: networkConfig{APIURL: "https://api.telegram.org"},
		Discord:  networkConfig{APIURL: "https://discord.com"},
		HTTP:     httpConfig{Addr: "127.0.0.1:8080"},
	}
}
