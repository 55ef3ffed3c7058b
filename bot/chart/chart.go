// Package chart draws the small pictures that stand with a message. It knows no
// chat network; what is drawn comes in as values.
package chart

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/go-analyze/charts"
	"github.com/golang/freetype/truetype"
)

// Point is one article: when it appeared, and who owns its outlet.
type Point struct {
	At    time.Time
	Owner string
}

// The size of a chart, in pixels.
const (
	width  = 800
	height = 400
)

// Coverage is a PNG picture of how a story was reported over time: a bar for
// each stretch of time, as high as the number of its articles, with the owners
// that report the story for the first time set off. The points come in any
// order; those more than a year older than the newest are left out, as is a
// title that the font cannot write. It fails without points.
func Coverage(points []Point, title string, zone *time.Location) ([]byte, error) {
	if len(points) == 0 {
		return nil, errors.New("draw the coverage: there are no articles")
	}
	b := newBars(points, zone)
	font := charts.GetFont(charts.FontFamilyNotoSans)
	p := charts.NewPainter(charts.PainterOptions{
		OutputFormat: charts.ChartOutputPNG, Width: width, Height: height, Font: font, Theme: theme(),
	})
	text := charts.FontStyle{FontSize: 15, FontColor: theme().GetXAxisTextColor(), Font: font}
	o := charts.NewBarChartOptionWithData([][]float64{b.owners, b.further})
	o.Theme = theme()
	o.StackSeries = new(true)
	o.BarSize = 0.8
	o.Padding = charts.NewBox(24, 20, 28, 16)
	o.CategoryAxis.Labels = spaced(b.labels)
	o.CategoryAxis.LabelFontStyle = text
	o.CategoryAxis.LabelCount = len(b.labels) // all of them, so that each stands under its bar
	o.ValueAxis = []charts.ValueAxisOption{{
		Min: new(0.0), Max: new(b.top()), Unit: b.top() / 4, LabelCount: 5, LabelFontStyle: text,
		ValueFormatter: func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) },
	}}
	o.Legend = charts.LegendOption{
		SeriesNames: []string{"outlets new to the story", "further articles"}, FontStyle: text,
		Offset: charts.OffsetStr{Left: charts.PositionLeft, Top: "40"}, Symbol: charts.SymbolSquare,
	}
	head := text
	head.FontSize = 19
	o.Title = charts.TitleOption{Text: fit(p, written(title, font), head, width-60), FontStyle: head, Offset: charts.OffsetLeft}
	if err := p.BarChart(o); err != nil {
		return nil, fmt.Errorf("draw the coverage: %w", err)
	}
	png, err := p.Bytes()
	if err != nil {
		return nil, fmt.Errorf("draw the coverage: %w", err)
	}
	return png, nil
}

// mostLabels is how many times stand below the bars.
const mostLabels = 7

// spaced are labels of which those that would touch are empty.
func spaced(labels []string) []string {
	every := (len(labels) + mostLabels - 1) / mostLabels
	out := make([]string, len(labels))
	for i := 0; i < len(labels); i += every {
		out[i] = labels[i]
	}
	return out
}

// theme is dark ink on light paper of its own, which reads the same in a dark
// and in a light chat.
func theme() charts.ColorPalette {
	ink := charts.ColorRGB(52, 58, 70)
	return charts.MakeTheme(charts.ThemeOption{
		BackgroundColor: charts.ColorRGB(246, 246, 243), TextColor: ink, AxisStrokeColor: charts.ColorRGB(150, 155, 165),
		AxisSplitLineColor: charts.ColorRGB(224, 224, 219),
		SeriesColors:       []charts.Color{charts.ColorRGB(200, 80, 40), charts.ColorRGB(150, 170, 195)},
	})
}

// written is a text without what the font lacks. When that is a letter, it is
// empty: half a word says less than none.
func written(text string, font *truetype.Font) string {
	var out strings.Builder
	for _, r := range text {
		switch {
		case unicode.IsSpace(r):
			out.WriteByte(' ')
		case unicode.In(r, unicode.M, unicode.C):
		case font.Index(r) != 0:
			out.WriteRune(r)
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			return ""
		}
	}
	return strings.Join(strings.Fields(out.String()), " ")
}

// fit is as much of a text as a width in pixels holds.
func fit(p *charts.Painter, text string, style charts.FontStyle, width int) string {
	letters := []rune(text)
	letters = letters[:min(len(letters), 200)]
	for cut := ""; ; cut = "…" {
		short := strings.TrimSpace(string(letters)) + cut
		if len(letters) == 0 || p.MeasureText(short, 0, style).Width() <= width && (cut != "" || short == text) {
			return short
		}
		letters = letters[:len(letters)-1]
	}
}
