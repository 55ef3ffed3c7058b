package newsroom_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"os/exec"
	"runtime/debug"
	"strings"
	"testing"
	"time"
)

// TestMain runs the tests, or a server of feeds when the process was started by
// a benchmark to be one.
func TestMain(m *testing.M) {
	if os.Getenv("TIDINGS_TEST_PRINTER") != "" {
		servePrinter(os.Stdin, os.Stdout)
		return
	}
	os.Exit(m.Run())
}

// servePrinter tells its URL and brings the next edition with each line that it
// reads, which it answers, until there are no more.
func servePrinter(lines io.Reader, answers io.Writer) {
	p := &printer{forgets: true}
	server := httptest.NewServer(p)
	defer server.Close()
	fmt.Fprintln(answers, server.URL)
	for in := bufio.NewScanner(lines); in.Scan(); {
		fmt.Fprintln(answers, p.edition.Add(1))
	}
}

// printerApart starts a server of feeds in a process of its own. next brings
// the next edition.
func printerApart(b *testing.B) (url string, next func()) {
	b.Helper()
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), "TIDINGS_TEST_PRINTER=1")
	command.Stderr = os.Stderr
	lines, err := command.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	answers, err := command.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := command.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		lines.Close()
		if err := command.Wait(); err != nil {
			b.Error(err)
		}
	})
	in := bufio.NewReader(answers)
	answer := func() string {
		line, err := in.ReadString('\n')
		if err != nil {
			b.Fatal(err)
		}
		return strings.TrimSpace(line)
	}
	return answer(), func() {
		fmt.Fprintln(lines)
		answer()
	}
}

// BenchmarkMemory measures the most memory, in MB, that is resident (VmHWM) with
// 10,000 feeds: while all are polled for the first time, which brings 250,000
// articles of the last 30 hours; and after it, while all are polled without news
// and twice with one new article each. Their server is another process, and the
// garbage collector is set as in the program.
func BenchmarkMemory(b *testing.B) {
	if _, err := highWater(); err != nil {
		b.Skip("resident memory is read from /proc, which is not here: ", err)
	}
	defer debug.SetGCPercent(debug.SetGCPercent(50))
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(180 << 20))
	const feeds = 10_000
	for b.Loop() {
		url, next := printerApart(b)
		n, clock := stand(b, url, feeds)
		poll := func() {
			*clock = clock.Add(time.Hour)
			if _, err := n.PollAll(context.Background(), nil); err != nil {
				b.Fatal(err)
			}
			if err := n.Reconsider(context.Background()); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(most(b, poll), "first-MB")
		b.ReportMetric(most(b, func() {
			poll()
			for range 2 {
				next()
				poll()
			}
		}), "steady-MB")
		b.ReportMetric(0, "ns/op")
	}
}

// most is the most memory, in MB, that is resident while f runs.
func most(b *testing.B, f func()) float64 {
	b.Helper()
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil {
		b.Skip("the mark of the most resident memory cannot be reset: ", err)
	}
	f()
	mb, err := highWater()
	if err != nil {
		b.Fatal(err)
	}
	return mb
}

// highWater is the most memory, in MB, that was resident since the mark was reset.
func highWater() (float64, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	var kb float64
	_, err = fmt.Sscan(rest, &kb)
	return kb / 1024, err
}
