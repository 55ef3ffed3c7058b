// Package databasetest gives every test a fresh, migrated database of either
// engine. Only tests import it.
package databasetest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"tidings/digest/database"
)

// One cluster and one template of each engine serve a whole test process.
var (
	sqliteTemplate = sync.OnceValues(makeSQLiteTemplate)
	cluster        = sync.OnceValues(startCluster)
	created        atomic.Int64
)

// Each runs f as a subtest on a fresh database of each engine. Without
// PostgreSQL's programs its subtest is skipped, and fails when CI is set.
func Each(t *testing.T, f func(t *testing.T, db *database.DB)) {
	t.Helper()
	EachURL(t, func(t *testing.T, url string) {
		db, err := database.Open(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		f(t, db)
	})
}

// EachURL is [Each] for tests that open the database themselves.
func EachURL(t *testing.T, f func(t *testing.T, url string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { f(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { f(t, Postgres(t)) })
}

// SQLite is the path of a fresh SQLite database.
func SQLite(t testing.TB) string {
	t.Helper()
	template, err := sqliteTemplate()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "tidings.db")
	if err := os.WriteFile(file, template, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func makeSQLiteTemplate() ([]byte, error) {
	dir, err := os.MkdirTemp("", "tidings-template")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "template.db")
	db, err := database.Open(context.Background(), file)
	if err != nil {
		return nil, err
	}
	// Closing the last connection moves the log into the file.
	if err := db.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(file)
}

// Postgres is the URL of a fresh PostgreSQL database.
func Postgres(t testing.TB) string {
	t.Helper()
	server, err := cluster()
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("PostgreSQL is required in CI: %v", err)
		}
		t.Skipf("not tested on PostgreSQL: %v; to run it, install PostgreSQL's server package (Debian: apt-get install postgresql)", err)
	}
	name := fmt.Sprintf("t%d", created.Add(1))
	if err := server.admin(fmt.Sprintf("CREATE DATABASE %s TEMPLATE template_tidings STRATEGY file_copy", name)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.admin(fmt.Sprintf("DROP DATABASE IF EXISTS %s WITH (FORCE)", name)); err != nil {
			t.Error(err)
		}
	})
	return server.url(name)
}
