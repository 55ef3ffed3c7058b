package delivery

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"tidings/bot"
	"tidings/bot/chart"
	"tidings/digest"
)

const (
	// enoughForChart is how many articles make a chart worth looking at.
	enoughForChart = 4
	// chartWindow is the shortest window of a digest that is charted.
	chartWindow = 6 * 24 * time.Hour
)

// PagePicture is what stands with a page in a chat that wants pictures: of a
// week or more, a chart of how the topic was reported; else the image of the
// top story, if its first source gives one. It is nil when there is none.
func (d *Delivery) PagePicture(ctx context.Context, p Page, zone *time.Location) *bot.Picture {
	if len(p.Stories) == 0 {
		return nil
	}
	if p.Until.Sub(p.Since) >= chartWindow {
		var articles []digest.Article
		for _, s := range p.Stories {
			for _, a := range s.Articles {
				if a.Seen.After(p.Since) && !a.Seen.After(p.Until) {
					articles = append(articles, a)
				}
			}
		}
		if picture := d.chart(ctx, articles, p.Topic.Name, p.Until, zone); picture != nil {
			return picture
		}
	}
	lead := &bot.Picture{Alt: headline(titleOf(p.Stories[0]), shortTitle), URL: p.Stories[0].Sources[0].Image}
	if lead.Address() == "" {
		return nil
	}
	return lead
}

// ReportPicture is the chart of how a story was reported, or nil when that is
// soon said.
func (d *Delivery) ReportPicture(ctx context.Context, r Report, zone *time.Location) *bot.Picture {
	return d.chart(ctx, r.Articles, titleOf(r.Story), r.At, zone)
}

// chart is a chart of articles, or nil. It is drawn once for all chats of a zone
// that get the same.
func (d *Delivery) chart(ctx context.Context, articles []digest.Article, title string, now time.Time, zone *time.Location) *bot.Picture {
	if len(articles) < enoughForChart {
		return nil
	}
	voices, owners := map[string]string{}, map[string]bool{}
	for _, a := range articles {
		voices[a.ID] = cmp.Or(a.Owner, a.Outlet)
	}
	points := make([]chart.Point, len(articles))
	first, last := articles[0].Seen, articles[0].Seen
	var key strings.Builder
	for i, a := range articles {
		// A copy is not another voice.
		owner := cmp.Or(voices[a.CopyOf], voices[a.ID])
		points[i], owners[owner] = chart.Point{At: a.Seen, Owner: owner}, true
		if a.Seen.Before(first) {
			first = a.Seen
		}
		if a.Seen.After(last) {
			last = a.Seen
		}
		fmt.Fprintf(&key, "%s ", a.ID)
	}
	fmt.Fprintf(&key, "%s %s", zone, title)
	file, err := d.charts.once(ctx, key.String(), func() ([]byte, error) { return chart.Coverage(points, title, zone) })
	if err != nil {
		d.Log.Error("a chart could not be drawn; the text comes without it", "error", err)
		return nil
	}
	return &bot.Picture{
		Alt: fmt.Sprintf("%s from %s over time: the first %s, the newest %s", count(len(articles), "article", "articles"),
			count(len(owners), "outlet", "outlets"), Moment(first, now, zone), Moment(last, now, zone)),
		File: file, Type: "image/png",
	}
}
