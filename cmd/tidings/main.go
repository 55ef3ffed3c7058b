// Command tidings is a news digest bot for Telegram and Discord.
//
//	tidings demo                      try it: sample feeds and a terminal chat, no account
//	tidings run      -config FILE     serve
//	tidings preview  -config FILE …   print the digest of a topic and exit
//	tidings check    -config FILE     say what is wrong with the configuration
//	tidings feeds    read|discover|packs|import|export|list
//	tidings version
//
// This package wires the rooms together and reads the configuration; what is
// done with news is done in digest, subscriptions and bot.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"
	_ "time/tzdata" // hosts without zone data know the zones too
)

// world is what the program has from outside.
type world struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	getenv         func(string) string
	now            func() time.Time
	// reload asks for the configuration to be read again; it may be nil.
	reload <-chan os.Signal
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	reload := make(chan os.Signal, 1)
	signal.Notify(reload, syscall.SIGHUP)
	w := world{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv, now: time.Now, reload: reload}
	os.Exit(run(ctx, os.Args[1:], w))
}

const usage = `tidings is a news digest bot for Telegram and Discord.

  tidings demo                                 try it: no account, no network, no configuration
  tidings run     -config FILE                 serve
  tidings preview -config FILE [-since 24h] [-format text|json|telegram|discord] TOPIC
                                               poll the feeds once and print the digest of a topic or query
  tidings check   -config FILE                 say what is wrong with a configuration, or what would run
  tidings feeds   read|discover|packs|import|export|list
                                               what has to do with feeds; tidings feeds help says more
  tidings version
`

// run does what the arguments say and returns the exit code: 0, or 1 after one
// clear sentence on stderr.
func run(ctx context.Context, args []string, w world) int {
	commands := map[string]func(context.Context, []string, world) error{
		"demo": demo, "run": serve, "preview": preview, "check": check, "feeds": feeds, "version": version,
	}
	name := ""
	if len(args) > 0 {
		name = args[0]
	}
	command, ok := commands[name]
	switch strings.TrimLeft(name, "-") {
	case "help", "h":
		fmt.Fprint(w.stdout, usage)
		return 0
	}
	if !ok {
		fmt.Fprint(w.stderr, usage)
		if name != "" {
			fmt.Fprintf(w.stderr, "\ntidings: there is no command %q\n", name)
		}
		return 1
	}
	err := command(ctx, args[1:], w)
	switch {
	case err == nil || errors.Is(err, flag.ErrHelp):
		return 0
	case errors.Is(err, errSaid):
		return 1
	}
	fmt.Fprintln(w.stderr, "tidings:", err)
	return 1
}

// errSaid ends the program with code 1 after everything was said already.
var errSaid = errors.New("said already")

// flags is a flag set whose errors are returned.
func flags(name string, w world) *flag.FlagSet {
	set := flag.NewFlagSet("tidings "+name, flag.ContinueOnError)
	set.SetOutput(w.stderr)
	return set
}

// parse reads a command's flags, which may also stand behind its arguments.
// args is how many arguments it takes; -1 is any number.
func parse(set *flag.FlagSet, args []string, n int) error {
	var rest []string
	for {
		if err := set.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return err
			}
			return errSaid
		}
		if args = set.Args(); len(args) == 0 {
			break
		}
		rest, args = append(rest, args[0]), args[1:]
	}
	if n >= 0 && len(rest) != n {
		return fmt.Errorf("%s: too many or too few words: it takes %d behind its flags and got %d; see tidings help", set.Name(), n, len(rest))
	}
	return set.Parse(append([]string{"--"}, rest...))
}

func version(_ context.Context, _ []string, w world) error {
	release := "(unreleased)"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		release = info.Main.Version
	}
	_, err := fmt.Fprintln(w.stdout, "tidings", release)
	return err
}
