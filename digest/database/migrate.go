package database

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
)

//go:embed migrations/*.sql
var migrations embed.FS

// articleWords are the tables by which articles are found by their words: each
// engine has its own.
var articleWords = map[Engine]string{
	SQLite: `
		CREATE TABLE article_number (number INTEGER PRIMARY KEY, article_id TEXT NOT NULL UNIQUE);
		CREATE VIRTUAL TABLE article_words USING fts5 (words, content = '', contentless_delete = 1, detail = none, tokenize = ascii);`,
	Postgres: `
		CREATE TABLE article_words (article_id TEXT PRIMARY KEY, words tsvector NOT NULL);
		CREATE INDEX article_words_words ON article_words USING gin (words);`,
}

// migrate brings the program's tables and River's up to date.
func (db *DB) migrate(ctx context.Context) error {
	folder, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	dialect := goose.DialectSQLite3
	if db.engine == Postgres {
		dialect = goose.DialectPostgres
	}
	words := goose.NewGoMigration(2, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, articleWords[db.engine])
		return err
	}}, nil)
	provider, err := goose.NewProvider(dialect, db.write, folder, goose.WithGoMigrations(words))
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("bring the database up to date: %w", err)
	}
	migrator, err := rivermigrate.New(db.driver(), nil)
	if err != nil {
		return fmt.Errorf("read the queue's migrations: %w", err)
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("bring the queue's tables up to date: %w", err)
	}
	return nil
}

func (db *DB) driver() riverdriver.Driver[*sql.Tx] {
	switch {
	case db.engine == SQLite:
		return riversqlite.New(db.write)
	case db.listen != nil:
		return riverdatabasesql.NewWithPgxListener(db.write, db.listen)
	}
	return riverdatabasesql.New(db.write)
}

// Queue is a River client on this database; its …Tx methods take the
// transactions of [DB.Write].
func (db *DB) Queue(config *river.Config) (*river.Client[*sql.Tx], error) {
	client, err := river.NewClient(db.driver(), config)
	if err != nil {
		return nil, fmt.Errorf("set up the queue: %w", err)
	}
	return client, nil
}

// CompleteJob marks a queue's job as done within a transaction of [DB.Write];
// its worker must then return nil. When the transaction is not committed, the
// job goes on.
func CompleteJob[T river.JobArgs](ctx context.Context, db *DB, tx *sql.Tx, job *river.Job[T]) error {
	var err error
	if db.engine == SQLite {
		_, err = river.JobCompleteTx[*riversqlite.Driver](ctx, tx, job)
	} else {
		_, err = river.JobCompleteTx[*riverdatabasesql.Driver](ctx, tx, job)
	}
	return err
}
