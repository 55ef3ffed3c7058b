// Package delivery takes a digest from the moment it is due to the message in
// the chat: due -> digest -> message -> outbox -> platform. It owns the tables
// edition and part. The outbox is the truth: a part is written before anything
// is sent and marked afterwards, so that whatever breaks, a chat gets a digest
// once. What a digest says is decided in package digest; what a network
// accepts, by its adapter.
package delivery

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"tidings/bot"
	"tidings/digest"
	"tidings/digest/archive"
	"tidings/digest/database"
	"tidings/subscriptions"
)

// Config is what a Delivery needs.
type Config struct {
	Database      *database.DB
	Archive       *archive.Archive
	Subscriptions *subscriptions.Store
	Platforms     []bot.Platform
	// Composers are those that compose at the same time, at least one.
	Composers []*digest.Composer
	// Refresh brings what belongs to a topic up to date before its digest is
	// composed. It may be nil.
	Refresh func(ctx context.Context, topicID string) error
	// Taste tells how much a chat that cast these votes would like an article,
	// from -1 to 1. It may be nil.
	Taste func(ctx context.Context, votes []subscriptions.Vote) (func(digest.Article) float64, error)
	// Rewriter says stories in its own words; nil without a model.
	Rewriter Rewriter
	// Language is that of rewritten digests in chats that have set none, ISO
	// 639-1; empty keeps each story's own.
	Language string
	// Zone is the zone of chats that have set none.
	Zone *time.Location
	// Now is the clock.
	Now func() time.Time
	Log *slog.Logger
}

// Delivery delivers. It is safe for concurrent use.
type Delivery struct {
	Config
	platforms map[string]bot.Platform
	composers chan *digest.Composer
	cache     *cache[digest.Digest]
	split     *cache[[]bot.Message]
	charts    *cache[[]byte]
	queue     *river.Client[*sql.Tx]
	// boot marks the jobs of this process. Jobs that a dead process left behind
	// have another and do nothing; what they were to do is found in the tables.
	boot string
	// stopping is closed when parts in flight are finished but no further begun.
	stopping chan struct{}
	stopOnce sync.Once
}

// How the queue is set: jobs are short, and one that a dead process left
// running is soon given to another.
const (
	jobTimeout   = 20 * time.Second
	rescueAfter  = 30 * time.Second
	longestRetry = 30 * time.Second
	keepJobs     = time.Hour
)

// New is a Delivery that does nothing before Start.
func New(c Config) (*Delivery, error) {
	d := &Delivery{
		Config: c, platforms: map[string]bot.Platform{}, composers: make(chan *digest.Composer, len(c.Composers)),
		cache: newCache[digest.Digest](), split: newCache[[]bot.Message](), charts: newCache[[]byte](), boot: rand.Text(), stopping: make(chan struct{}),
	}
	for _, p := range c.Platforms {
		d.platforms[p.Name()] = p
	}
	for _, composer := range c.Composers {
		d.composers <- composer
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, &editionWorker{d: d})
	river.AddWorker(workers, &drainWorker{d: d})
	queue, err := c.Database.Queue(&river.Config{
		Logger:                      slog.New(quiet{c.Log.Handler()}),
		Queues:                      map[string]river.QueueConfig{composeQueue: {MaxWorkers: 2}, sendQueue: {MaxWorkers: 32}},
		Workers:                     workers,
		JobTimeout:                  jobTimeout,
		RescueStuckJobsAfter:        rescueAfter,
		RetryPolicy:                 retryPolicy{},
		FetchCooldown:               10 * time.Millisecond,
		CompletedJobRetentionPeriod: keepJobs,
		CancelledJobRetentionPeriod: keepJobs,
		DiscardedJobRetentionPeriod: keepJobs,
		ErrorHandler:                errorLog{c.Log},
	})
	if err != nil {
		return nil, err
	}
	d.queue = queue
	return d, nil
}

// Start begins to work. Stop must be called after it.
func (d *Delivery) Start(ctx context.Context) error {
	// The queue's own context outlives ctx, so that Stop can finish what is in flight.
	if err := d.queue.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("start the queue: %w", err)
	}
	return d.Sweep(ctx)
}

// Stop finishes the parts that are being sent, begins no others, and returns
// when all is quiet or ctx ends.
func (d *Delivery) Stop(ctx context.Context) error {
	d.stopOnce.Do(func() { close(d.stopping) })
	if err := d.queue.Stop(ctx); err != nil {
		return errors.Join(err, d.queue.StopAndCancel(context.WithoutCancel(ctx)))
	}
	return nil
}

// The queues: composing takes the processor, sending waits for networks.
const (
	composeQueue = "compose"
	sendQueue    = "send"
)

// unique lets at most one job of the same arguments wait or run.
func unique() river.UniqueOpts {
	return river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning,
		rivertype.JobStateRetryable, rivertype.JobStateScheduled,
	}}
}

type editionArgs struct {
	Edition string `json:"edition"`
	Boot    string `json:"boot"`
}

func (editionArgs) Kind() string { return "edition" }

func (editionArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: composeQueue, UniqueOpts: unique()}
}

type drainArgs struct {
	Chat string `json:"chat"`
	Boot string `json:"boot"`
}

func (drainArgs) Kind() string { return "drain" }

func (drainArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: sendQueue, UniqueOpts: unique()}
}

type editionWorker struct {
	river.WorkerDefaults[editionArgs]
	d *Delivery
}

// Work implements river.Worker.
func (w *editionWorker) Work(ctx context.Context, job *river.Job[editionArgs]) error {
	if job.Args.Boot != w.d.boot {
		return nil
	}
	return w.d.write(ctx, job.Args.Edition)
}

type drainWorker struct {
	river.WorkerDefaults[drainArgs]
	d *Delivery
}

// Work implements river.Worker.
func (w *drainWorker) Work(ctx context.Context, job *river.Job[drainArgs]) error {
	if job.Args.Boot != w.d.boot {
		return nil
	}
	for {
		if err := w.d.drain(ctx, job.Args.Chat); err != nil {
			return err
		}
		done, err := w.complete(ctx, job)
		if done || err != nil {
			return err
		}
	}
}

// errMore undoes the end of a job when the outbox has more for it.
var errMore = errors.New("the outbox has more")

// complete ends a job in the same transaction that sees that nothing is left
// to send. Parts that are written while the job runs do not wake it again, so
// they would otherwise lie until the next sweep.
func (w *drainWorker) complete(ctx context.Context, job *river.Job[drainArgs]) (done bool, err error) {
	err = w.d.Database.Write(ctx, func(tx *sql.Tx) error {
		// The end comes first: it waits for whoever just tried to wake this job.
		if err := database.CompleteJob(ctx, w.d.Database, tx, job); err != nil {
			return err
		}
		var open int
		err := tx.QueryRowContext(ctx, `SELECT count(*) FROM part WHERE chat_id = $1 AND (state = 'pending' OR state = 'sending')`,
			job.Args.Chat).Scan(&open)
		if err == nil && open > 0 && !w.d.stopped() && w.d.reaches(job.Args.Chat) {
			return errMore
		}
		return err
	})
	if errors.Is(err, errMore) {
		return false, nil
	}
	return err == nil, err
}

// stopped reports whether no further part is to be begun.
func (d *Delivery) stopped() bool {
	select {
	case <-d.stopping:
		return true
	default:
		return false
	}
}

// reaches reports whether a chat's network is configured.
func (d *Delivery) reaches(chatID string) bool {
	chat, ok := subscriptions.ParseChat(chatID)
	return ok && d.platforms[chat.Platform] != nil
}

// retryPolicy doubles from one second and stops growing early: a chat that is
// reachable again should not wait for long.
type retryPolicy struct{}

// NextRetry implements river.ClientRetryPolicy.
func (retryPolicy) NextRetry(job *rivertype.JobRow) time.Time {
	wait := time.Second << min(len(job.Errors), 10)
	return time.Now().Add(min(wait, longestRetry))
}

// errorLog logs the jobs that failed. Their errors hold ids only.
type errorLog struct{ log *slog.Logger }

// HandleError implements river.ErrorHandler.
func (e errorLog) HandleError(_ context.Context, job *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	e.log.Warn("a job failed and will be tried again", "kind", job.Kind, "attempt", job.Attempt, "error", err)
	return nil
}

// HandlePanic implements river.ErrorHandler.
func (e errorLog) HandlePanic(_ context.Context, job *rivertype.JobRow, panicked any, trace string) *river.ErrorHandlerResult {
	e.log.Error("a job panicked", "kind", job.Kind, "panic", panicked, "trace", trace)
	return nil
}

// quiet drops what the queue says below a warning.
type quiet struct{ slog.Handler }

// Enabled implements slog.Handler.
func (q quiet) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && q.Handler.Enabled(ctx, level)
}
