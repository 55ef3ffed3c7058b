// Package database opens the one SQL database of the program, brings its
// tables up to date, and runs transactions. SQLite and PostgreSQL are used
// through the same portable SQL: $1 placeholders, TEXT, BIGINT (unix
// milliseconds), DOUBLE PRECISION, ids made by the program. What the tables
// hold belongs to the packages that read and write them.
package database

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite" // registers the SQLite driver
)

// Engine names a kind of database.
type Engine string

// The engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// DB is an open database.
type DB struct {
	engine Engine
	// write has one connection on SQLite, so that writers wait in Go, in order,
	// and never meet SQLITE_BUSY.
	write *sql.DB
	read  *sql.DB
	// listen serves River's LISTEN on PostgreSQL, else nil.
	listen *pgxpool.Pool
	// file is the SQLite database's path, "" on PostgreSQL.
	file string
	lock *flock.Flock
	// held is the connection that holds PostgreSQL's advisory lock.
	held *sql.Conn
}

// EngineOf says which engine a database URL names: PostgreSQL for postgres://
// and postgresql://, else SQLite.
func EngineOf(rawURL string) Engine {
	if strings.HasPrefix(rawURL, "postgres://") || strings.HasPrefix(rawURL, "postgresql://") {
		return Postgres
	}
	return SQLite
}

// Open opens the database at a PostgreSQL URL or a file path, which is created
// when missing, and migrates it. Errors hold no password.
func Open(ctx context.Context, rawURL string) (*DB, error) {
	db, err := open(ctx, rawURL)
	if err != nil {
		return nil, err
	}
	if err := db.migrate(ctx); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

func open(ctx context.Context, rawURL string) (*DB, error) {
	if EngineOf(rawURL) == Postgres {
		return openPostgres(ctx, rawURL)
	}
	return openSQLite(ctx, strings.TrimPrefix(strings.TrimPrefix(rawURL, "sqlite://"), "file:"))
}

func openSQLite(ctx context.Context, file string) (*DB, error) {
	if file == "" {
		return nil, errors.New("open the database: the path is empty")
	}
	abs, err := filepath.Abs(file)
	if err != nil {
		return nil, fmt.Errorf("open the database %s: %w", file, err)
	}
	if _, err := os.Stat(filepath.Dir(abs)); err != nil {
		return nil, fmt.Errorf("open the database %s: its folder cannot be used: %w", file, err)
	}
	pragmas := "_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_pragma=wal_autocheckpoint(4000)"
	dsn := "file:" + (&url.URL{Path: abs}).EscapedPath() + "?"
	write, err := sql.Open("sqlite", dsn+pragmas+"&_txlock=immediate&_pragma=cache_size(-8000)")
	if err != nil {
		return nil, fmt.Errorf("open the database %s: %w", file, err)
	}
	write.SetMaxOpenConns(1)
	if err := write.PingContext(ctx); err != nil {
		write.Close()
		return nil, fmt.Errorf("open the database %s: %w", file, err)
	}
	read, err := sql.Open("sqlite", dsn+pragmas+"&_pragma=query_only(1)")
	if err != nil {
		write.Close()
		return nil, fmt.Errorf("open the database %s: %w", file, err)
	}
	// All stay open: to open one costs more than most queries.
	read.SetMaxOpenConns(readers)
	read.SetMaxIdleConns(readers)
	return &DB{engine: SQLite, write: write, read: read, file: abs}, nil
}

// readers is how many connections read from SQLite, each with 2 MB of pages.
const readers = 4

func openPostgres(ctx context.Context, rawURL string) (*DB, error) {
	config, err := pgx.ParseConfig(rawURL)
	if err != nil {
		return nil, errors.New("open the database: the PostgreSQL URL cannot be read; it looks like postgres://user:password@host/name")
	}
	config.RuntimeParams["application_name"] = "tidings"
	write := stdlib.OpenDB(*config)
	write.SetMaxOpenConns(16)
	write.SetMaxIdleConns(8)
	write.SetConnMaxIdleTime(5 * time.Minute)
	if err := write.PingContext(ctx); err != nil {
		write.Close()
		// The driver lists every address it tried, a line each; the last will do.
		lines := strings.Split(err.Error(), "\n")
		return nil, fmt.Errorf("open the database %s on %s: %s", config.Database, config.Host, strings.TrimSpace(lines[len(lines)-1]))
	}
	pool, err := pgxpool.ParseConfig(rawURL)
	if err != nil {
		write.Close()
		return nil, errors.New("open the database: the PostgreSQL URL cannot be read")
	}
	pool.MinConns, pool.MaxConns = 0, 1
	listen, err := pgxpool.NewWithConfig(ctx, pool)
	if err != nil {
		write.Close()
		return nil, fmt.Errorf("open the database %s on %s: %w", config.Database, config.Host, err)
	}
	return &DB{engine: Postgres, write: write, read: write, listen: listen}, nil
}

// Close closes all connections and gives up the lock.
func (db *DB) Close() error {
	var errs []error
	if db.held != nil {
		ctx, cancel := context.WithTimeout(context.Background(), lockPatience)
		_, err := db.held.ExecContext(ctx, "SELECT pg_advisory_unlock($1)", lockKey)
		cancel()
		errs = append(errs, err, db.held.Close())
	}
	if db.listen != nil {
		db.listen.Close()
	}
	if db.read != db.write {
		errs = append(errs, db.read.Close())
	}
	errs = append(errs, db.write.Close())
	if db.lock != nil {
		errs = append(errs, db.lock.Unlock())
	}
	return errors.Join(errs...)
}

// Engine is the kind of database.
func (db *DB) Engine() Engine { return db.engine }

// Reader is for queries outside a transaction. On SQLite it cannot write.
func (db *DB) Reader() *sql.DB { return db.read }

// Ping reports whether the database answers.
func (db *DB) Ping(ctx context.Context) error {
	var one int
	return db.read.QueryRowContext(ctx, "SELECT 1").Scan(&one)
}

// Write runs f in one transaction and commits it unless f returns an error.
// Inside f only tx may be used: on SQLite there is one writing connection, and
// anything else that writes waits for itself for ever. f makes no network call
// and writes at most some hundred rows.
func (db *DB) Write(ctx context.Context, f func(tx *sql.Tx) error) error {
	return write(ctx, db.write, f)
}

// WriteBehind is [DB.Write] that does not wait for the disk. When the process
// dies nothing is lost. When the machine does, the last transactions may be, but
// none that came before a Write: what is lost is as if it had not been begun yet.
func (db *DB) WriteBehind(ctx context.Context, f func(tx *sql.Tx) error) error {
	if db.engine == Postgres {
		return db.Write(ctx, func(tx *sql.Tx) error {
			if _, err := tx.ExecContext(ctx, "SET LOCAL synchronous_commit = off"); err != nil {
				return fmt.Errorf("not wait for the disk: %w", err)
			}
			return f(tx)
		})
	}
	conn, err := db.write.Conn(ctx)
	if err != nil {
		return fmt.Errorf("begin a transaction: %w", err)
	}
	defer conn.Close()
	// The others wait for the disk again; a connection that will not is given up.
	defer func() {
		if _, err := conn.ExecContext(context.WithoutCancel(ctx), "PRAGMA synchronous = FULL"); err != nil {
			conn.Raw(func(any) error { return driver.ErrBadConn })
		}
	}()
	if _, err := conn.ExecContext(ctx, "PRAGMA synchronous = NORMAL"); err != nil {
		return fmt.Errorf("not wait for the disk: %w", err)
	}
	return write(ctx, conn, f)
}

type beginner interface {
	BeginTx(context.Context, *sql.TxOptions) (*sql.Tx, error)
}

func write(ctx context.Context, on beginner, f func(tx *sql.Tx) error) error {
	tx, err := on.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin a transaction: %w", err)
	}
	// After a commit this does nothing; after a panic it frees the connection.
	defer tx.Rollback()
	if err := f(tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// ErrLocked says that another program serves from this database.
var ErrLocked = errors.New("another tidings already serves from this database; stop it first")

// Lock makes this process the only one that serves from the database until
// Close. It returns [ErrLocked] when there is another.
func (db *DB) Lock(ctx context.Context) error {
	if db.engine == SQLite {
		lock := flock.New(db.file + ".lock")
		ok, err := lock.TryLock()
		if err != nil {
			return fmt.Errorf("lock the database %s: %w", db.file, err)
		}
		if !ok {
			return ErrLocked
		}
		db.lock = lock
		return nil
	}
	conn, err := db.write.Conn(ctx)
	if err != nil {
		return fmt.Errorf("lock the database: %w", err)
	}
	// A server notices a moment late that the process that held the lock is gone.
	for end := time.Now().Add(lockPatience); ; {
		var ok bool
		if err := conn.QueryRowContext(ctx, "SELECT pg_try_advisory_lock($1)", lockKey).Scan(&ok); err != nil {
			conn.Close()
			return fmt.Errorf("lock the database: %w", err)
		}
		if ok {
			db.held = conn
			return nil
		}
		if time.Now().After(end) || ctx.Err() != nil {
			conn.Close()
			return ErrLocked
		}
		time.Sleep(lockPatience / 20)
	}
}

const (
	lockKey      = int64(0x74696469_6e6773) // "tidings" in ASCII
	lockPatience = 2 * time.Second
)

// Millis is t as the database keeps times: unix milliseconds, 0 for the zero time.
func Millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// Time is what [Millis] wrote, in UTC.
func Time(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
