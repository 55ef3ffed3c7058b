// Command evaluate measures grouping, matching, summaries and language on
// labelled data with the code and the settings that tidings runs.
//
//	evaluate stories|topics|summaries|languages [-out FILE] DATA
//	evaluate train|common …
//
// Each prints its scores and its speed as its last line, name=value separated
// by spaces.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "evaluate:", err)
		os.Exit(1)
	}
}

const usage = `usage: evaluate COMMAND [flags] DATA
  stories     group articles into stories, one pass     [-out FILE] DATA
  topics      match articles with topics                [-out FILE] [-votes N] DATA
  summaries   summarise clusters of articles            [-out FILE] [-words N] DATA
  languages   say the language of headlines             [-out FILE] DATA
  train       fit the model that groups stories
  common      make the table of common words            LANGUAGE=RANKS[,COUNTS…]`

func run(ctx context.Context, args []string, stdout io.Writer) error {
	if len(args) == 0 {
		return fmt.Errorf("no command\n%s", usage)
	}
	commands := map[string]func(context.Context, []string, io.Writer) error{
		"stories":   stories,
		"topics":    topics,
		"summaries": summaries,
		"languages": languages,
		"train":     train,
		"common":    common,
	}
	command, ok := commands[args[0]]
	switch {
	case ok:
		return command(ctx, args[1:], stdout)
	case strings.TrimLeft(args[0], "-") == "help":
		_, err := fmt.Fprintln(stdout, usage)
		return err
	}
	return fmt.Errorf("unknown command %q\n%s", args[0], usage)
}
