package delivery

import (
	"container/list"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"

	"tidings/bot"
)

// cached bounds the values that each cache keeps to be shared.
const cached = 64

// cache keeps the values made last, by key.
type cache[T any] struct {
	mu     sync.Mutex
	order  *list.List // of string, newest first
	values map[string]*made[T]
}

// made is a value that is there once done is closed, unless err says why not.
type made[T any] struct {
	done  chan struct{}
	place *list.Element
	value T
	err   error
}

func newCache[T any]() *cache[T] { return &cache[T]{order: list.New(), values: map[string]*made[T]{}} }

// errUnmade is the error of a value while it is made, and for ever when making it panics.
var errUnmade = errors.New("it was not made")

// once is the value of a key. Of several callers that want it at the same time
// one makes it and the others wait; when that fails, the next one tries.
func (c *cache[T]) once(ctx context.Context, key string, produce func() (T, error)) (T, error) {
	for {
		m, mine := c.claim(key)
		if mine {
			return c.fill(key, m, produce)
		}
		select {
		case <-m.done:
			if m.err == nil {
				return m.value, nil
			}
		case <-ctx.Done():
			return m.value, ctx.Err()
		}
	}
}

// claim is the value of a key, and whether it is this caller who is to make it.
func (c *cache[T]) claim(key string) (m *made[T], mine bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if m, ok := c.values[key]; ok {
		return m, false
	}
	m = &made[T]{done: make(chan struct{}), place: c.order.PushFront(key), err: errUnmade}
	c.values[key] = m
	for c.order.Len() > cached {
		delete(c.values, c.order.Remove(c.order.Back()).(string))
	}
	return m, true
}

// fill makes a claimed value. One that cannot be made is not kept.
func (c *cache[T]) fill(key string, m *made[T], produce func() (T, error)) (T, error) {
	defer func() {
		if m.err != nil {
			c.mu.Lock()
			if c.values[key] == m {
				delete(c.values, key)
				c.order.Remove(m.place)
			}
			c.mu.Unlock()
		}
		close(m.done)
	}()
	value, err := produce()
	m.value, m.err = value, err
	return value, err
}

// drop forgets the values of the keys that begin with prefix.
func (c *cache[T]) drop(prefix string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for key, m := range c.values {
		if strings.HasPrefix(key, prefix) {
			delete(c.values, key)
			c.order.Remove(m.place)
		}
	}
}

// get is the value of a key if it is there.
func (c *cache[T]) get(key string) (value T, ok bool) {
	c.mu.Lock()
	m := c.values[key]
	c.mu.Unlock()
	if m == nil {
		return value, false
	}
	select {
	case <-m.done:
		return m.value, m.err == nil
	default:
		return value, false
	}
}

// put keeps a value unless there is one of that key.
func (c *cache[T]) put(key string, value T) {
	if m, mine := c.claim(key); mine {
		m.value, m.err = value, nil
		close(m.done)
	}
}

// parts are the messages in which a platform sends m. To find where a message
// is to be split it must be rendered again and again; chats that get the same
// share the work.
func (d *Delivery) parts(platform bot.Platform, m bot.Message) ([]bot.Message, error) {
	text, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	key := fmt.Sprintf("%s %x", platform.Name(), sha256.Sum256(text))
	return d.split.once(context.Background(), key, func() ([]bot.Message, error) { return bot.Split(m, platform.Fits), nil })
}
