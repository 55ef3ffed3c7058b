package chart_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"tidings/bot/chart"
)

// largest is how large a chart's file may be, in bytes.
const largest = 60_000

// The colours of the bars.
var (
	newOwners = color.RGBA{200, 80, 40, 255}
	further   = color.RGBA{150, 170, 195, 255}
)

var monday = time.Date(2026, 11, 23, 5, 12, 0, 0, time.UTC)

// draw draws a chart and fails unless it is a picture as it should be.
func draw(t testing.TB, points []chart.Point, title string, zone *time.Location) image.Image {
	t.Helper()
	file, err := chart.Coverage(points, title, zone)
	if err != nil {
		t.Fatal(err)
	}
	if len(file) > largest {
		t.Errorf("the file has %d bytes, want at most %d", len(file), largest)
	}
	picture, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	if size := picture.Bounds().Size(); size != image.Pt(800, 400) {
		t.Errorf("the picture is %v large", size)
	}
	for _, corner := range []image.Point{{0, 0}, {799, 0}, {0, 399}, {799, 399}} {
		r, g, b, a := picture.At(corner.X, corner.Y).RGBA()
		if a != 0xffff || min(r, g, b) < 0xe000 {
			t.Errorf("at %v the paper is %v, want it bright and opaque", corner, picture.At(corner.X, corner.Y))
		}
	}
	return picture
}

// area is how many points of a picture, below its head, have a colour.
func area(picture image.Image, want color.RGBA) (n int) {
	for y := 90; y < picture.Bounds().Dy(); y++ {
		for x := range picture.Bounds().Dx() {
			if color.RGBAModel.Convert(picture.At(x, y)) == want {
				n++
			}
		}
	}
	return n
}

// many are n articles of different owners over a time.
func many(n, owners int, over time.Duration) []chart.Point {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	var points []chart.Point
	for range n {
		points = append(points, chart.Point{At: monday.Add(time.Duration(r.Float64() * float64(over))), Owner: fmt.Sprint(r.IntN(owners))})
	}
	return points
}

func TestCoverage(t *testing.T) {
	kyiv, err := time.LoadLocation("Europe/Kyiv")
	if err != nil {
		t.Fatal(err)
	}
	for name, points := range map[string][]chart.Point{
		"one article":         many(1, 1, 0),
		"300 owners at once":  many(300, 1e9, 0),
		"300 over two weeks":  many(300, 300, 14*24*time.Hour),
		"20,000 over a day":   many(20_000, 900, 24*time.Hour),
		"the clocks go back":  {{At: time.Date(2026, 10, 24, 22, 0, 0, 0, time.UTC), Owner: "a"}, {At: time.Date(2026, 10, 25, 8, 0, 0, 0, time.UTC), Owner: "b"}},
		"the clocks go ahead": {{At: time.Date(2026, 3, 28, 22, 0, 0, 0, time.UTC), Owner: "a"}, {At: time.Date(2026, 3, 29, 8, 0, 0, 0, time.UTC), Owner: "b"}},
		"no owner":            {{At: monday}},
		"no time":             {{Owner: "a"}, {At: monday, Owner: "b"}},
		"over 9,000 years":    {{At: time.Unix(0, 0), Owner: "a"}, {At: time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC), Owner: "b"}},
	} {
		t.Run(name, func(t *testing.T) {
			picture := draw(t, points, "Negotiators agree on a first draft", kyiv)
			if area(picture, newOwners) < 100 {
				t.Error("there is no bar")
			}
		})
	}
}

// TestOwnersAreSetOff has the same times, of one owner and of many.
func TestOwnersAreSetOff(t *testing.T) {
	points := many(40, 1, 12*time.Hour)
	one := draw(t, points, "", time.UTC)
	for i := range points {
		points[i].Owner = fmt.Sprint(i)
	}
	all := draw(t, points, "", time.UTC)
	if a, b := area(one, newOwners), area(one, further); a == 0 || a*10 > b {
		t.Errorf("of one owner, %d points are new and %d further", a, b)
	}
	if a, b := area(all, newOwners), area(all, further); b != 0 || a < area(one, further) {
		t.Errorf("of many owners, %d points are new and %d further", a, b)
	}
}

func TestNothingToDraw(t *testing.T) {
	if _, err := chart.Coverage(nil, "x", time.UTC); err == nil {
		t.Error("a chart of nothing was drawn")
	}
}

// inked reports whether anything stands where the title does.
func inked(picture image.Image) bool {
	paper := picture.At(0, 0)
	for y := 15; y < 52; y++ {
		for x := range 800 {
			if picture.At(x, y) != paper {
				return true
			}
		}
	}
	return false
}

func TestTitles(t *testing.T) {
	for title, written := range map[string]bool{
		"Negotiators agree": true, "Zürich, Łódź, Αθήνα, Москва": true, "🇺🇦 Talks 👍": true, "Z" + strings.Repeat("\u0336", 50) + "algo": true,
		strings.Repeat("W", 5000): true, strings.Repeat("i ", 5000): true, "12 dead, 30 hurt": true, "bad \xff bytes \x00": true,
		"": false, "محادثات السلام": false, "和平谈判": false, "👩‍👩‍👧‍👦": false, "Talks in 日内瓦": false,
	} {
		if got := inked(draw(t, many(30, 9, 12*time.Hour), title, time.UTC)); got != written {
			t.Errorf("the title %.40q: written %t, want %t", title, got, written)
		}
	}
}

// TestTitleStaysInside has a title that would leave the picture.
func TestTitleStaysInside(t *testing.T) {
	picture := draw(t, many(30, 9, 12*time.Hour), strings.Repeat("W", 5000), time.UTC)
	for y := 15; y < 52; y++ {
		for x := 775; x < 800; x++ {
			if picture.At(x, y) != picture.At(0, 0) {
				t.Fatalf("the title reaches %d, %d", x, y)
			}
		}
	}
}

func FuzzCoverage(f *testing.F) {
	f.Add("Talks", int64(0), int64(3600), "Europe/Kyiv", "a", "b")
	f.Add("\u202e\u0301", int64(-1<<40), int64(1<<40), "Pacific/Apia", "", "")
	f.Fuzz(func(t *testing.T, title string, first, later int64, zone, a, b string) {
		place, err := time.LoadLocation(zone)
		if err != nil {
			t.Skip("That is no zone.")
		}
		const years = 9000 * 365 * 24 * 3600
		first, later = first%years, later%years
		draw(t, []chart.Point{{At: time.Unix(first, 0), Owner: a}, {At: time.Unix(later, 0), Owner: b}}, title, place)
	})
}

func BenchmarkCoverage(b *testing.B) {
	points := many(300, 90, 24*time.Hour)
	size := 0
	for b.Loop() {
		file, err := chart.Coverage(points, "Negotiators agree on a first draft", time.UTC)
		if err != nil {
			b.Fatal(err)
		}
		size = len(file)
	}
	b.ReportMetric(float64(size), "bytes")
}
