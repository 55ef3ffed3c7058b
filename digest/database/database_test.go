package database_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tidings/digest/database"
	"tidings/digest/database/databasetest"
)

func remember(tx *sql.Tx, name, value string) error {
	_, err := tx.Exec(`INSERT INTO memory (name, value) VALUES ($1, $2)`, name, value)
	return err
}

func count(t *testing.T, db *database.DB) int {
	t.Helper()
	var n int
	if err := db.Reader().QueryRow(`SELECT count(*) FROM memory`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWriteCommitsOrLeavesNothing(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		if err := db.Write(t.Context(), func(tx *sql.Tx) error { return remember(tx, "a", "1") }); err != nil {
			t.Fatal(err)
		}
		failed := errors.New("no")
		err := db.Write(t.Context(), func(tx *sql.Tx) error {
			if err := remember(tx, "b", "1"); err != nil {
				return err
			}
			return failed
		})
		if !errors.Is(err, failed) {
			t.Errorf("Write = %v, want %v", err, failed)
		}
		if n := count(t, db); n != 1 {
			t.Errorf("%d rows, want 1", n)
		}
	})
}

func TestWriteBehindIsAsWriteAndLeavesTheNextWriteAsItWas(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		// The server of the tests never waits for the disk: there Write says so too.
		setting, careful := "SHOW synchronous_commit", "off"
		if db.Engine() == database.SQLite {
			setting, careful = "PRAGMA synchronous", "2" // FULL
		}
		waits := func(write func(context.Context, func(*sql.Tx) error) error) (how string) {
			t.Helper()
			if err := write(t.Context(), func(tx *sql.Tx) error { return tx.QueryRow(setting).Scan(&how) }); err != nil {
				t.Fatal(err)
			}
			return how
		}
		if how := waits(db.WriteBehind); how == careful && db.Engine() == database.SQLite {
			t.Errorf("WriteBehind: %s = %s, as in Write", setting, how)
		}
		failed := errors.New("no")
		if err := db.WriteBehind(t.Context(), func(tx *sql.Tx) error { return errors.Join(remember(tx, "a", "1"), failed) }); !errors.Is(err, failed) {
			t.Errorf("WriteBehind = %v, want %v", err, failed)
		}
		if err := db.WriteBehind(t.Context(), func(tx *sql.Tx) error { return remember(tx, "b", "1") }); err != nil {
			t.Fatal(err)
		}
		func() {
			defer func() { recover() }()
			db.WriteBehind(t.Context(), func(tx *sql.Tx) error { panic("bug") })
		}()
		gone, cancel := context.WithCancel(t.Context())
		db.WriteBehind(gone, func(tx *sql.Tx) error { cancel(); return remember(tx, "c", "1") })
		if how := waits(db.Write); how != careful {
			t.Errorf("Write after WriteBehind: %s = %s, want %s", setting, how, careful)
		}
		if n := count(t, db); n != 1 {
			t.Errorf("%d rows, want 1", n)
		}
	})
}

// TestAnEarlierDatabaseIsBroughtUpToDate opens one without what each migration
// after the tables of articles' words added.
func TestAnEarlierDatabaseIsBroughtUpToDate(t *testing.T) {
	databasetest.EachURL(t, func(t *testing.T, url string) {
		open := func() *database.DB {
			t.Helper()
			db, err := database.Open(t.Context(), url)
			if err != nil {
				t.Fatal(err)
			}
			return db
		}
		db := open()
		err := db.Write(t.Context(), func(tx *sql.Tx) error {
			for _, statement := range []string{
				`ALTER TABLE topic DROP COLUMN feeds`,
				`DROP TABLE brought`,
				`DROP TABLE split`,
				`DELETE FROM goose_db_version WHERE version_id > 2`,
				`INSERT INTO topic (id, name, folded, query, origin, created) VALUES ('t', 'Peace', 'peace', 'peace', 'config', 1)`,
			} {
				if _, err := tx.Exec(statement); err != nil {
					return fmt.Errorf("%s: %w", statement, err)
				}
			}
			return nil
		})
		if err := errors.Join(err, db.Close()); err != nil {
			t.Fatal(err)
		}
		db = open()
		defer db.Close()
		name, feeds := "", "none"
		if err := db.Reader().QueryRow(`SELECT name, feeds FROM topic`).Scan(&name, &feeds); err != nil || name != "Peace" || feeds != "" {
			t.Errorf("the topic is %q of the feeds %q, %v", name, feeds, err)
		}
	})
}

func TestWriteAfterPanicStillWorks(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		func() {
			defer func() { recover() }()
			db.Write(t.Context(), func(tx *sql.Tx) error { panic("bug") })
		}()
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		if err := db.Write(ctx, func(tx *sql.Tx) error { return remember(tx, "a", "1") }); err != nil {
			t.Fatal(err)
		}
	})
}

func TestConcurrentWritersNeverFail(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		const writers, each = 4, 10
		errs := make(chan error, writers)
		for w := range writers {
			go func() {
				var err error
				for i := range each {
					err = errors.Join(err, db.Write(t.Context(), func(tx *sql.Tx) error {
						return remember(tx, string(rune('a'+w))+string(rune('a'+i)), "")
					}))
				}
				errs <- err
			}()
		}
		for range writers {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
		if n := count(t, db); n != writers*each {
			t.Errorf("%d rows, want %d", n, writers*each)
		}
	})
}

func TestOnlyOneServes(t *testing.T) {
	databasetest.EachURL(t, func(t *testing.T, url string) {
		open := func() *database.DB {
			db, err := database.Open(t.Context(), url)
			if err != nil {
				t.Fatal(err)
			}
			return db
		}
		first, second := open(), open()
		defer second.Close()
		if err := first.Lock(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := second.Lock(t.Context()); !errors.Is(err, database.ErrLocked) {
			t.Errorf("second Lock = %v, want ErrLocked", err)
		}
		if err := first.Close(); err != nil {
			t.Fatal(err)
		}
		if err := second.Lock(t.Context()); err != nil {
			t.Errorf("Lock after the first closed: %v", err)
		}
	})
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	notDatabase := filepath.Join(t.TempDir(), "notes.txt")
	if err := os.WriteFile(notDatabase, []byte(strings.Repeat("just some notes\n", 400)), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, url := range map[string]string{
		"empty path":           "",
		"no folder":            filepath.Join(t.TempDir(), "missing", "tidings.db"),
		"a folder":             t.TempDir(),
		"not a database":       notDatabase,
		"no server":            "postgres://someone:hunter2@127.0.0.1:1/news?connect_timeout=2",
		"a broken URL":         "postgres://someone:hunter2@[half/news",
		"a broken port in URL": "postgres://someone:hunter2@host:port/news",
	} {
		t.Run(name, func(t *testing.T) {
			db, err := database.Open(t.Context(), url)
			if err == nil {
				db.Close()
				t.Fatal("opened")
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("the error holds the password: %v", err)
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("the error is not one sentence: %q", err)
			}
		})
	}
}

func TestTimesSurvive(t *testing.T) {
	now := time.Date(2026, 3, 8, 2, 30, 0, int(5*time.Millisecond), time.UTC)
	if got := database.Time(database.Millis(now)); !got.Equal(now) {
		t.Errorf("got %v, want %v", got, now)
	}
	if got := database.Time(database.Millis(time.Time{})); !got.IsZero() {
		t.Errorf("the zero time became %v", got)
	}
}
