package cluster

import (
	"cmp"
	"container/heap"
)

// spare tells whether little is lost when the article is forgotten: it is alone
// in its story, or nothing is compared with it any more but for being a copy.
func (d *document) spare() bool { return d.terms == nil || d.story.now().live == 1 }

// queue holds the live articles by the time of their arrival. What leaves before
// its time are the oldest spare articles; but the others have no more than half
// of the places, else nothing new could become a story beside them.
type queue struct {
	spare   waiting // and those that were when they came
	company waiting // those that were found not to be
}

func (q *queue) len() int { return len(q.spare) + len(q.company) }

// push takes in an article that arrived at a time.
func (q *queue) push(d *document, at int64) { heap.Push(&q.spare, waiter{at, d}) }

// past takes out an article that arrived before a time, or returns nil.
func (q *queue) past(time int64) *document {
	for _, w := range []*waiting{&q.spare, &q.company} {
		if len(*w) > 0 && (*w)[0].arrived < time {
			return heap.Pop(w).(waiter).document
		}
	}
	return nil
}

// least takes out the article that is missed least.
func (q *queue) least() *document {
	for 2*len(q.company) <= q.len() && len(q.spare) > 0 {
		w := heap.Pop(&q.spare).(waiter)
		if w.document.spare() {
			return w.document
		}
		heap.Push(&q.company, w)
	}
	return heap.Pop(&q.company).(waiter).document
}

// waiting is a heap of articles, the first to arrive at the top.
type waiting []waiter

type waiter struct {
	arrived  int64
	document *document
}

func (w waiting) Len() int      { return len(w) }
func (w waiting) Swap(i, j int) { w[i], w[j] = w[j], w[i] }

func (w waiting) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(w[i].arrived, w[j].arrived), cmp.Compare(w[i].document.serial, w[j].document.serial)) < 0
}

func (w *waiting) Push(one any) { *w = append(*w, one.(waiter)) }

func (w *waiting) Pop() any {
	last := len(*w) - 1
	one := (*w)[last]
	(*w)[last] = waiter{}
	*w = (*w)[:last]
	return one
}
