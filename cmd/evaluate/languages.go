package main

import (
	"bufio"
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"tidings/digest/language"
)

// title is one line of the data: a headline and the language it is in.
type title struct {
	id, language, text string
}

// languages says the language of each headline of a file of lines
// id<TAB>lang<TAB>title. It prints the accuracy by language, what was taken
// for what, and last the scores.
func languages(ctx context.Context, args []string, stdout io.Writer) error {
	flags := flag.NewFlagSet("languages", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	out := flags.String("out", "", "file for lines id<TAB>lang")
	if err := flags.Parse(args); err != nil {
		return fmt.Errorf("languages: %w", err)
	}
	if flags.NArg() != 1 {
		return fmt.Errorf("languages: one file of lines id<TAB>lang<TAB>title is needed, %d were given", flags.NArg())
	}
	titles, err := readTitles(flags.Arg(0))
	if err != nil {
		return err
	}

	analyzer := language.New()
	analyzer.Detect("The tables are unpacked before the clock starts")
	said := make([]string, len(titles))
	began := time.Now()
	for i, t := range titles {
		if i%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		said[i], _ = analyzer.Detect(t.text)
	}
	took := time.Since(began)

	if *out != "" {
		if err := writeLanguages(*out, titles, said); err != nil {
			return err
		}
	}
	memory := heapMB()
	runtime.KeepAlive(analyzer)
	return printLanguages(stdout, titles, said, float64(len(titles))/took.Seconds(), memory)
}

func readTitles(path string) ([]title, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var titles []title
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		line := strings.TrimSuffix(lines.Text(), "\r")
		if line == "" {
			continue
		}
		fields := strings.SplitN(line, "\t", 3)
		if len(fields) < 3 {
			return nil, fmt.Errorf("%s: line %d is not id<TAB>lang<TAB>title", path, len(titles)+1)
		}
		titles = append(titles, title{fields[0], fields[1], fields[2]})
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if len(titles) == 0 {
		return nil, fmt.Errorf("%s holds no titles", path)
	}
	return titles, nil
}

func writeLanguages(path string, titles []title, said []string) error {
	var b strings.Builder
	for i, t := range titles {
		fmt.Fprintf(&b, "%s\t%s\n", t.id, said[i])
	}
	return os.WriteFile(path, []byte(b.String()), 0o644)
}

// printLanguages prints the scores; macro is the mean over languages, languages
// how many there were to choose from.
func printLanguages(w io.Writer, titles []title, said []string, speed, memory float64) error {
	type score struct{ right, all int }
	byLanguage := make(map[string]score)
	mistakes := make(map[string]int)
	right := 0
	for i, t := range titles {
		s := byLanguage[t.language]
		s.all++
		if said[i] == t.language {
			s.right++
			right++
		} else {
			mistakes[fmt.Sprintf("%s taken for %s", t.language, cmp.Or(said[i], "none"))]++
		}
		byLanguage[t.language] = s
	}
	macro := 0.0
	for _, code := range slices.Sorted(maps.Keys(byLanguage)) {
		s := byLanguage[code]
		accuracy := float64(s.right) / float64(s.all)
		macro += accuracy / float64(len(byLanguage))
		fmt.Fprintf(w, "%s %-12s %6d titles  %.4f\n", code, language.EnglishName(code), s.all, accuracy)
	}
	for _, m := range slices.SortedFunc(maps.Keys(mistakes), func(a, b string) int {
		return cmp.Or(cmp.Compare(mistakes[b], mistakes[a]), cmp.Compare(a, b))
	}) {
		fmt.Fprintf(w, "%s %d times\n", m, mistakes[m])
	}
	_, err := fmt.Fprintf(w, "accuracy=%.4f macro=%.4f languages=%d titles_per_second=%.0f memory_mb=%.1f\n",
		float64(right)/float64(len(titles)), macro, len(language.Supported()), speed, memory)
	return err
}

// heapMB returns what the program keeps in memory, in megabytes.
func heapMB() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / 1e6
}
