package main

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// asProgram is the variable in which a test's process is told to be the program.
const asProgram = "TIDINGS_TEST_AS_PROGRAM"

// TestMain runs the tests, or the program when the process was started by one
// of them. The program then reads how far its clock is ahead from its input.
func TestMain(m *testing.M) {
	if os.Getenv(asProgram) == "" {
		os.Exit(m.Run())
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ahead, err := time.ParseDuration(os.Getenv(asProgram))
	if err != nil {
		panic(err)
	}
	clock := &clock{}
	clock.ahead.Store(int64(ahead))
	go func() {
		for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
			if d, err := time.ParseDuration(lines.Text()); err == nil {
				clock.ahead.Store(int64(d))
			}
		}
	}()
	reload := make(chan os.Signal, 1)
	signal.Notify(reload, syscall.SIGHUP)
	w := world{stdin: strings.NewReader(""), stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv, now: clock.now, reload: reload}
	os.Exit(run(ctx, os.Args[1:], w))
}

// clock is real time and a lead that only grows.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

// process is the program in a process of its own.
type process struct {
	t       testing.TB
	command *exec.Cmd
	input   *os.File
	ended   chan error

	mu  sync.Mutex
	out bytes.Buffer
}

// Write implements io.Writer for what the process prints.
func (p *process) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.out.Write(b)
}

// printed is what the process printed until now.
func (p *process) printed() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.out.String()
}

// start starts the program with its clock ahead. It is killed at the latest
// when the test ends.
func start(t testing.TB, ahead time.Duration, args ...string) *process {
	t.Helper()
	p := &process{t: t, ended: make(chan error, 1)}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	p.input = write
	p.command = exec.Command(os.Args[0], args...)
	p.command.Env = append(os.Environ(), asProgram+"="+ahead.String())
	p.command.Stdin, p.command.Stdout, p.command.Stderr = read, p, p
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	read.Close()
	go func() { p.ended <- p.command.Wait() }()
	t.Cleanup(func() {
		p.kill()
		write.Close()
		if t.Failed() {
			t.Logf("the program printed:\n%s", p.printed())
		}
	})
	return p
}

// advance puts the program's clock ahead of the real one.
func (p *process) advance(ahead time.Duration) {
	p.t.Helper()
	if _, err := p.input.WriteString(ahead.String() + "\n"); err != nil {
		p.t.Fatal(err)
	}
}

// kill ends the process at once, as a loss of power does.
func (p *process) kill() {
	p.command.Process.Kill()
	<-p.ended
	p.ended <- nil
}

// stop asks the process to end and fails when it ends badly.
func (p *process) stop() {
	p.t.Helper()
	p.command.Process.Signal(syscall.SIGTERM)
	select {
	case err := <-p.ended:
		p.ended <- nil
		if err != nil {
			p.t.Errorf("the program ended with %v", err)
		}
	case <-time.After(patience):
		p.t.Error("the program did not end when it was asked to")
	}
}

// patience is how long a test waits for what must come.
const patience = 40 * time.Second
