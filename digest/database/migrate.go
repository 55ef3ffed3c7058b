package database

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"database/sql"

	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
)

//go:embed migrations/*.sql
var migrations embed.FS

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
	provider, err := goose.NewProvider(dialect, db.write, folder)
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
