package main

import (
	"context"
	"fmt"
)

// check says what is wrong with a configuration, or what would run.
func check(_ context.Context, args []string, w world) error {
	set := flags("check", w)
	path := set.String("config", "", "the configuration `FILE`")
	if err := parse(set, args, 0); err != nil {
		return err
	}
	c, err := configured(*path, w)
	if err != nil {
		return err
	}
	if err := c.report(w.stdout); err != nil {
		return fmt.Errorf("print what would run: %w", err)
	}
	return nil
}
