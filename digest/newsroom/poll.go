package newsroom

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"tidings/digest/archive"
	"tidings/digest/feed"
)

// PollDue begins to poll the feeds that are due, as many as there are workers
// free, and returns without waiting for them. Feeds whose domain is busy are
// passed over, so that many feeds of one domain do not hold all workers.
func (n *Newsroom) PollDue(ctx context.Context) error {
	now, begun := n.Now(), map[string]bool{}
	return n.Archive.Due(ctx, now, func(id, url string) bool {
		return n.begin(&n.pollers, begun, id, url, func(free func()) {
			if err := n.pollOne(ctx, id, now, free); err != nil && ctx.Err() == nil {
				n.Log.Error("a feed was read but could not be stored", "feed", id, "error", err)
			}
		})
	})
}

// pollOne polls a feed, unless it was polled since it was found to be due. free
// is called when only the storing is left.
func (n *Newsroom) pollOne(ctx context.Context, id string, now time.Time, free func()) error {
	f, err := n.Archive.Feed(ctx, id)
	if errors.Is(err, archive.ErrNoFeed) || err == nil && f.NextPoll.After(now) {
		return nil
	}
	if err != nil {
		return err
	}
	got, err := n.poll(ctx, f)
	if err != nil {
		return err
	}
	n.stores <- struct{}{}
	defer func() { <-n.stores }()
	free()
	return n.store(ctx, got)
}

// crew is who fetches: so many at the same time, and each thing once.
type crew struct {
	places chan struct{}
	under  sync.Map // the ids of what is being fetched or stored
}

// begin has a crew do something with the thing of an id, which is fetched from a
// URL, if its domain is not busy and nothing was begun there before. do may free
// its place before it ends. more is false when nobody is free.
func (n *Newsroom) begin(c *crew, begun map[string]bool, id, url string, do func(free func())) (more bool) {
	domain := feed.Domain(url)
	if begun[domain] || n.Client.Busy(url) {
		return true
	}
	if _, already := c.under.LoadOrStore(id, true); already {
		return true
	}
	select {
	case c.places <- struct{}{}:
	default:
		c.under.Delete(id)
		return false
	}
	begun[domain] = domain != ""
	n.running.Go(func() {
		defer c.under.Delete(id)
		free := sync.OnceFunc(func() { <-c.places })
		defer free()
		do(free)
	})
	return true
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
				if err != nil {
					outcomes <- outcome{got, err}
					continue
				}
				n.stores <- struct{}{}
				n.running.Go(func() {
					defer func() { <-n.stores }()
					outcomes <- outcome{got, n.store(ctx, got)}
				})
			}
		})
	}
	p := Progress{Of: len(feeds)}
	var errs []error
	for range feeds {
		o := <-outcomes
		p.Feeds++
		p.Articles += len(o.articles)
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

// wholeEvery is how often a feed is asked for the whole, whatever it answered
// before: some servers say for ever that nothing has changed.
const wholeEvery = 7 * 24 * time.Hour

// polled is what a poll brought, which is to be stored.
type polled struct {
	feed     archive.Feed
	articles []archive.Filed
	failed   bool
	// grouped says that n.storing is held.
	grouped bool
}

// store stores what a poll brought, once.
func (n *Newsroom) store(ctx context.Context, p polled) error {
	if p.grouped {
		defer n.storing.RUnlock()
	}
	return n.Archive.File(ctx, p.feed, p.articles)
}

// poll polls one feed and finds out what is new and how the feed fares. Without
// an error, the caller stores it.
func (n *Newsroom) poll(ctx context.Context, f archive.Feed) (polled, error) {
	now, begun := n.Now(), time.Now()
	request := feed.Request{URL: f.URL, ETag: f.ETag, LastModified: f.LastModified, BodyHash: f.BodyHash, From: f.FinalURL}
	if now.Sub(f.Whole) >= wholeEvery {
		request.ETag, request.LastModified = "", ""
	}
	response, err := n.Client.Fetch(ctx, request)
	if ctx.Err() != nil {
		return polled{}, ctx.Err()
	}
	if err != nil {
		return n.failed(f, err, now), nil
	}
	before := f
	f.Took = time.Since(begun)
	f.ETag, f.LastModified, f.BodyHash, f.FinalURL = response.ETag, response.LastModified, response.BodyHash, response.FinalURL
	f.Move = f.Move.Seen(response.MovedTo, now)
	if request.ETag == "" && request.LastModified == "" {
		f.Whole = now
	}
	if response.NotModified {
		return polled{feed: n.well(ctx, f, response, 0, now)}, nil
	}
	fresh, marks := feed.Fresh(response.Body, f.Marks)
	parsed, err := feed.Read(fresh, response.ContentType, response.FinalURL)
	if err != nil {
		return n.failed(before, err, now), nil
	}
	if hub, topic := feed.HubOf(f.URL, response, parsed.Hints); n.Callback != "" {
		f.Hub, f.HubTopic = hub, topic
	}
	n.storing.RLock()
	filed, err := n.file(ctx, f, parsed, now)
	if err != nil {
		n.storing.RUnlock()
		return polled{}, err
	}
	f.Hints, f.Items, f.Marks = parsed.Hints, max(len(parsed.Items), len(marks)), marks
	if len(filed) > 0 {
		f.Changed = now
	}
	if f.Rate == 0 {
		f.Rate = feed.SeedRate(now, dates(parsed))
	}
	return polled{feed: n.well(ctx, f, response, len(filed), now), articles: filed, grouped: true}, nil
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
		Interval: n.interval(f, articles, now), Rate: f.Rate, Hints: f.Hints, NotBefore: r.NotBefore,
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

// pushedFactor is by how much longer the interval is of a feed whose hub brings
// its news, as long as polls bring nothing that the hub did not.
const pushedFactor = 8

func (n *Newsroom) interval(f archive.Feed, articles int, now time.Time) time.Duration {
	if articles == 0 && n.Callback != "" && f.Leased.After(now) {
		return pushedFactor * n.Interval
	}
	return n.Interval
}

// failed is a feed that did not answer, or not with a feed. It is tried again at
// growing intervals, never forgotten.
func (n *Newsroom) failed(f archive.Feed, err error, now time.Time) polled {
	why, _ := errors.AsType[*feed.FetchError](err)
	if why != nil && why.Postponed {
		f.NextPoll = now.Add(max(why.RetryAfter, time.Second))
		return polled{feed: f, failed: true}
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
	return polled{feed: f, failed: true}
}
