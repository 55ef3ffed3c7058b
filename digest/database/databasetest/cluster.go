package databasetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // registers the PostgreSQL driver

	"tidings/digest/database"
)

// server is a throwaway PostgreSQL cluster that listens on a socket only.
type server struct {
	dir string
	// alive is the standard input of the cluster's keeper; the keeper stops the
	// cluster and removes its folder when it closes, however this process ends.
	alive io.Closer
}

// keeper starts the cluster, waits for its standard input to close, and cleans up.
const keeper = `
bin=$1 dir=$2
trap '' INT TERM HUP
"$bin/initdb" -D "$dir/data" -U tidings --no-sync --locale=C -E UTF8 -A trust >"$dir/log" 2>&1 || exit 1
"$bin/postgres" -D "$dir/data" -k "$dir" -c listen_addresses= -c fsync=off -c synchronous_commit=off \
    -c full_page_writes=off -c max_connections=200 -c shared_buffers=32MB </dev/null >>"$dir/log" 2>&1 &
pid=$!
cat >/dev/null
kill -QUIT $pid
wait $pid
cd / && rm -rf "$dir"
`

func startCluster() (*server, error) {
	bin, err := findPrograms()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "tidings-pg")
	if err != nil {
		return nil, err
	}
	cmd := exec.Command("/bin/sh", "-c", keeper, "keeper", bin, dir)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "LC_ALL=C", "PGOPTIONS=")
	if os.Geteuid() == 0 {
		// PostgreSQL refuses to run as root.
		uid, gid, err := nobody()
		if err != nil {
			return nil, err
		}
		if err := os.Chown(dir, uid, gid); err != nil {
			return nil, err
		}
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	}
	alive, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start PostgreSQL: %w", err)
	}
	s := &server{dir: dir, alive: alive}
	died := make(chan error, 1)
	go func() { died <- cmd.Wait() }()
	if err := s.await(died); err != nil {
		return nil, err
	}
	if err := s.admin("CREATE DATABASE template_tidings"); err != nil {
		return nil, err
	}
	db, err := database.Open(context.Background(), s.url("template_tidings"))
	if err != nil {
		return nil, err
	}
	return s, db.Close()
}

// await waits until the cluster answers.
func (s *server) await(died <-chan error) error {
	deadline := time.After(time.Minute)
	for {
		err := s.admin("SELECT 1")
		if err == nil {
			return nil
		}
		select {
		case <-died:
			log, _ := os.ReadFile(filepath.Join(s.dir, "log"))
			return fmt.Errorf("PostgreSQL did not start: %s", log)
		case <-deadline:
			return fmt.Errorf("PostgreSQL does not answer: %w", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (s *server) url(name string) string {
	return "postgres:///" + name + "?user=tidings&host=" + url.QueryEscape(s.dir)
}

func (s *server) admin(statement string) error {
	db, err := sql.Open("pgx", s.url("postgres"))
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}

// findPrograms is the folder of PostgreSQL's server programs.
func findPrograms() (string, error) {
	var folders []string
	if initdb, err := exec.LookPath("initdb"); err == nil {
		if real, err := filepath.EvalSymlinks(initdb); err == nil {
			folders = append(folders, filepath.Dir(real))
		}
		folders = append(folders, filepath.Dir(initdb))
	}
	if out, err := exec.Command("pg_config", "--bindir").Output(); err == nil {
		folders = append(folders, strings.TrimSpace(string(out)))
	}
	installed, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	folders = append(folders, installed...)
	for _, folder := range folders {
		if _, err := os.Stat(filepath.Join(folder, "postgres")); err == nil {
			if _, err := os.Stat(filepath.Join(folder, "initdb")); err == nil {
				return folder, nil
			}
		}
	}
	return "", errors.New("no initdb and postgres on this machine")
}

func nobody() (uid, gid int, err error) {
	u, err := user.Lookup("nobody")
	if err != nil {
		return 0, 0, fmt.Errorf("PostgreSQL does not run as root and there is no user nobody: %w", err)
	}
	if uid, err = strconv.Atoi(u.Uid); err != nil {
		return 0, 0, err
	}
	gid, err = strconv.Atoi(u.Gid)
	return uid, gid, err
}
