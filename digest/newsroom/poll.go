package newsroom

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"tidings/digest/archive"
	"tidings/digest/feed"
)

// PollDue begins to poll the feeds that are due, as many as there are workers
// free, and returns without waiting for them.
func (n *Newsroom) PollDue(ctx context.Context) error {
	free := cap(n.busy) - len(n.busy)
	if free == 0 {
		return nil
	}
	due, err := n.Archive.DueFeeds(ctx, n.Now(), cap(n.busy)+free)
	if err != nil {
		return err
	}
	for _, f := range due {
		if _, already := n.polling.LoadOrStore(f.ID, true); already {
			continue
		}
		select {
		case n.busy <- struct{}{}:
		default:
			n.polling.Delete(f.ID)
			return nil
		}
		n.running.Go(func() {
			defer func() { n.polling.Delete(f.ID); <-n.busy }()
			if _, err := n.poll(ctx, f); err != nil && ctx.Err() == nil {
				n.Log.Error("a feed was read but could not be stored", "feed", f.ID, "error", err)
			}
		})
	}
	return nil
}

// Progress says how far polling all feeds has come.
type Progress struct {
	Feeds, Of, Articles, Failed int
}

// PollAll polls every feed once and returns when all have answered or failed.
// progress is called after each, by one goroutine at a time; it may be nil.
func (n *Newsroom) PollAll(ctx context.Context, progress func(Progress)) (Progress, error) {
	feeds, err := n.Archive.Feeds(ctx)
	if err != nil {
		return Progress{}, err
	}
	type outcome struct {
		polled
		err error
	}
	outcomes := make(chan outcome, len(feeds))
	var next atomic.Int64
	for range min(n.Workers, len(feeds)) {
		n.running.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(feeds)); i = next.Add(1) - 1 {
				got, err := n.poll(ctx, feeds[i])
				outcomes <- outcome{got, err}
			}
		})
	}
	p := Progress{Of: len(feeds)}
	var errs []error
	for range feeds {
		o := <-outcomes
		p.Feeds++
		p.Articles += o.articles
		if o.failed {
			p.Failed++
		}
		errs = append(errs, o.err)
		if progress != nil {
			progress(p)
		}
	}
	return p, errors.Join(errs...)
}

type polled struct {
	articles int
	failed   bool
}

// poll polls one feed and stores what it brought and how it fares. Only what
// keeps that from being stored is an error.
func (n *Newsroom) poll(ctx context.Context, f archive.Feed) (polled, error) {
	now, begun := n.Now(), time.Now()
	response, err := n.Client.Fetch(ctx, feed.Request{
		URL: f.URL, ETag: f.ETag, LastModified: f.LastModified, BodyHash: f.BodyHash, From: f.FinalURL,
	})
	if ctx.Err() != nil {
		return polled{}, ctx.Err()
	}
	if err != nil {
		return polled{failed: true}, n.failed(ctx, f, err, now)
	}
	before := f
	f.Took = time.Since(begun)
	f.ETag, f.LastModified, f.BodyHash, f.FinalURL = response.ETag, response.LastModified, response.BodyHash, response.FinalURL
	f.Move = f.Move.Seen(response.MovedTo, now)
	if response.NotModified {
		return polled{}, n.Archive.SaveFeed(ctx, n.well(ctx, f, response, 0, now))
	}
	parsed, err := feed.Read(response.Body, response.ContentType, response.FinalURL)
	if err != nil {
		return polled{failed: true}, n.failed(ctx, before, err, now)
	}
	n.storing.RLock()
	defer n.storing.RUnlock()
	filed, err := n.file(ctx, f, parsed, now)
	if err != nil {
		return polled{}, err
	}
	f.Hints, f.Items = parsed.Hints, len(parsed.Items)
	if len(filed) > 0 {
		f.Changed = now
	}
	if f.Rate == 0 {
		f.Rate = feed.SeedRate(now, dates(parsed))
	}
	return polled{articles: len(filed)}, n.Archive.File(ctx, n.well(ctx, f, response, len(filed), now), filed)
}

func dates(f *feed.Feed) []time.Time {
	all := make([]time.Time, len(f.Items))
	for i, item := range f.Items {
		all[i] = item.Published
	}
	return all
}

// well is a feed that answered and brought so many new articles.
func (n *Newsroom) well(ctx context.Context, f archive.Feed, r *feed.Response, articles int, now time.Time) archive.Feed {
	if !f.Polled.IsZero() && f.Failures == 0 {
		f.Rate = feed.UpdateRate(f.Rate, articles, now.Sub(f.Polled))
	}
	f.Polled, f.Failures, f.FailingSince, f.Fault = now, 0, time.Time{}, ""
	f.NextPoll = feed.Next(now, feed.Plan{
		Interval: n.Interval, Rate: f.Rate, Hints: f.Hints, NotBefore: r.NotBefore,
		Needed: n.needed(ctx, f.ID), Jitter: 2*rand.Float64() - 1,
	})
	if f.Move.Proven(now) {
		if err := n.Archive.FollowMove(ctx, f); err != nil {
			n.Log.Warn("a feed has moved for good, which could not be stored", "feed", f.ID, "error", err)
		}
		f.Move = feed.Move{}
	}
	return f
}

// failed stores that a feed did not answer, or not with a feed. It is tried
// again at growing intervals, never forgotten.
func (n *Newsroom) failed(ctx context.Context, f archive.Feed, err error, now time.Time) error {
	why, _ := errors.AsType[*feed.FetchError](err)
	if why != nil && why.Postponed {
		f.NextPoll = now.Add(max(why.RetryAfter, time.Second))
		return n.Archive.SaveFeed(ctx, f)
	}
	if f.Failures == 0 {
		f.FailingSince = now
	}
	f.Polled = now
	f.Failures++
	f.Fault = fmt.Sprint(err)
	wait := feed.Backoff(f.Failures, n.Interval)
	if why != nil {
		f.Gone = why.Gone
		wait = max(wait, why.RetryAfter)
	}
	f.NextPoll = now.Add(wait + time.Duration(rand.Float64()*float64(wait)/10))
	return n.Archive.SaveFeed(ctx, f)
}
