package main

import (
	"bytes"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tidings/bot/discord/discordtest"
	"tidings/bot/telegram/telegramtest"
	"tidings/cmd/tidings/sample"
)

// build builds the program as it is shipped.
func build(tb testing.TB) string {
	tb.Helper()
	file := filepath.Join(tb.TempDir(), "tidings")
	command := exec.Command("go", "build", "-o", file, ".")
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := command.CombinedOutput(); err != nil {
		tb.Fatalf("build the program: %v\n%s", err, out)
	}
	return file
}

// BenchmarkDemo measures a first digest of the demo, from the start of the
// process to its end.
func BenchmarkDemo(b *testing.B) {
	program := build(b)
	var longest time.Duration
	for b.Loop() {
		begun := time.Now()
		command := exec.Command(program, "demo")
		command.Stdin = strings.NewReader("/digest Ukraine peace talks\n/quit\n")
		out, err := command.Output()
		if err != nil || !bytes.Contains(out, []byte("outlets:")) {
			b.Fatalf("%v\n%s", err, out)
		}
		longest = max(longest, time.Since(begun))
	}
	b.ReportMetric(longest.Seconds(), "longest-s")
}

// BenchmarkRunMemory measures the resident memory of the program after it has
// polled 100 feeds and connected to both networks.
func BenchmarkRunMemory(b *testing.B) {
	if _, err := os.Stat("/proc/self/status"); err != nil {
		b.Skip("resident memory is read from /proc, which is not here")
	}
	program := build(b)
	for b.Loop() {
		b.ReportMetric(residentAfterPolling(b, program, 100), "VmRSS-MB")
	}
}

// residentAfterPolling is the resident memory in MB after so many feeds.
func residentAfterPolling(b *testing.B, program string, feeds int) float64 {
	b.Helper()
	telegram, discord := telegramtest.New(b, telegramtest.Hooks{}), discordtest.New(b)
	server := httptest.NewServer(sample.Handler(time.Now))
	defer server.Close()
	dir := b.TempDir()
	var c strings.Builder
	fmt.Fprintf(&c, "[database]\nurl = %q\n[polling]\nallow_private = true\n[http]\naddr = \"\"\n", filepath.Join(dir, "t.db"))
	fmt.Fprintf(&c, "[telegram]\ntoken = %q\napi_url = %q\n", telegramtest.Token, telegram.URL)
	fmt.Fprintf(&c, "[discord]\ntoken = %q\napi_url = %q\n", discord.Token, discord.URL)
	sources := sample.Feeds()
	for i := range feeds {
		f := sources[i%len(sources)]
		fmt.Fprintf(&c, "[[feed]]\nurl = \"%s%s?%d\"\noutlet = \"%s %d\"\n", server.URL, f.Path, i, f.Outlet, i)
	}
	for _, t := range sample.Topics() {
		fmt.Fprintf(&c, "[[topic]]\nname = %q\nquery = %q\n", t.Name, t.Query)
	}
	config := filepath.Join(dir, "config.toml")
	if err := os.WriteFile(config, []byte(c.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	command := exec.Command(program, "run", "-config", config)
	command.Stderr = os.Stderr
	if err := command.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() { command.Process.Kill(); command.Wait() }()
	w := &town{url: filepath.Join(dir, "t.db"), tb: b}
	w.eventually("both networks", func() bool { return discord.Connected() && len(telegram.Requests("getUpdates")) > 0 })
	w.eventually("the polls of all feeds", func() bool { return w.count(`SELECT count(*) FROM feed WHERE polled > 0`) == feeds })
	return resident(b, command.Process.Pid)
}

// resident is a process's resident memory in MB.
func resident(b *testing.B, pid int) float64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		var kb float64
		if n, _ := fmt.Sscanf(line, "VmRSS: %f kB", &kb); n == 1 {
			return kb / 1024
		}
	}
	b.Fatal("VmRSS is not told")
	return 0
}
