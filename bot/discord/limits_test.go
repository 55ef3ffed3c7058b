package discord

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"tidings/bot"
)

func TestRouteOf(t *testing.T) {
	for path, want := range map[string]route{
		"/api/v9/channels/12/messages":                        {"GET channels/id/messages", "12", false},
		"/api/v9/channels/12/messages/34":                     {"GET channels/id/messages/id", "12", false},
		"/api/v9/guilds/1/members/2":                          {"GET guilds/id/members/id", "1", false},
		"/api/v9/users/@me":                                   {"GET users/@me", "", false},
		"/api/v9/interactions/5/secret/callback":              {"GET interactions/id/token/callback", "5/secret", true},
		"/api/v9/webhooks/7/secret/messages/@original":        {"GET webhooks/id/token/messages/@original", "7/secret", true},
		"/api/v9/webhooks/7/1234567890123/messages/@original": {"GET webhooks/id/token/messages/@original", "7/1234567890123", true},
	} {
		if got := routeOf(http.MethodGet, path); got != want {
			t.Errorf("%s: got %+v, want %+v", path, got, want)
		}
	}
}

// within passes the limiter or says why not.
func within(l *limiter, r route, d time.Duration) (*bucket, error) {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	return l.acquire(ctx, r)
}

func TestOverallLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, sent := newLimiter(), []time.Time{}
		for i := range 200 {
			r := routeOf(http.MethodPost, "/api/v9/channels/"+time.Duration(i).String()+"/messages")
			b, err := within(l, r, time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			sent = append(sent, time.Now())
			l.release(r, b, nil)
		}
		for i := 50; i < len(sent); i++ {
			if sent[i].Sub(sent[i-50]) < time.Second {
				t.Fatalf("51 requests within %s", sent[i].Sub(sent[i-50]))
			}
		}
		begun := time.Now()
		for range 100 {
			r := routeOf(http.MethodPost, "/api/v9/interactions/1/x/callback")
			b, err := within(l, r, time.Second)
			if err != nil {
				t.Fatal(err)
			}
			l.release(r, b, nil)
		}
		if took := time.Since(begun); took != 0 {
			t.Errorf("interactions waited %s for the overall limit", took)
		}
	})
}

func TestSharedBucket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter()
		post, get := routeOf("POST", "/api/v9/channels/1/messages"), routeOf("GET", "/api/v9/channels/1/messages")
		other := routeOf("POST", "/api/v9/channels/2/messages")
		header := http.Header{}
		for name, value := range map[string]string{"Limit": "5", "Remaining": "0", "Reset-After": "2.5", "Bucket": "abc"} {
			header.Set("X-RateLimit-"+name, value)
		}
		for _, r := range []route{get, post} {
			b, err := within(l, r, time.Second)
			if err != nil {
				t.Fatal(err)
			}
			l.release(r, b, header)
		}
		for _, r := range []route{get, post} {
			_, err := within(l, r, time.Second)
			var wait *tooLong
			if !errors.As(err, &wait) || wait.wait != 2500*time.Millisecond+resetMargin {
				t.Errorf("an empty bucket gave %v, want a wait of 2.5s", err)
			}
		}
		if _, err := within(l, other, time.Second); err != nil {
			t.Errorf("the bucket of another channel gave %v", err)
		}
		begun := time.Now()
		if _, err := within(l, post, time.Minute); err != nil || time.Since(begun) != 2500*time.Millisecond+resetMargin {
			t.Errorf("waited %s, %v; want 2.5s", time.Since(begun), err)
		}
	})
}

// TestAnswersOutOfOrder has the answer to the first request of a window come
// after that to the last.
func TestAnswersOutOfOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, r := newLimiter(), routeOf("POST", "/api/v9/channels/1/messages")
		answer := func(remaining string) http.Header {
			h := http.Header{}
			for name, value := range map[string]string{"Limit": "2", "Remaining": remaining, "Reset-After": "1", "Bucket": "abc"} {
				h.Set("X-RateLimit-"+name, value)
			}
			return h
		}
		take := func() *bucket {
			b, err := within(l, r, time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
		l.release(r, take(), answer("1"))
		time.Sleep(2 * time.Second)
		first, second := take(), take()
		l.release(r, second, answer("0"))
		l.release(r, first, answer("1"))
		if _, err := within(l, r, time.Millisecond); err == nil {
			t.Error("a third request went in a window of two")
		}
	})
}

func TestInvalidRequestsCloseTheLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter()
		r := routeOf("GET", "/api/v9/users/@me")
		for range invalidLimit - 1 {
			l.countInvalid(time.Now())
		}
		b, err := within(l, r, time.Second)
		if err != nil {
			t.Fatal(err)
		}
		l.release(r, b, nil)
		l.countInvalid(time.Now())
		if _, err := within(l, r, time.Second); err == nil {
			t.Error("the line stays open after too many refused requests")
		}
		time.Sleep(invalidWindow * time.Minute)
		if _, err := within(l, r, time.Second); err != nil {
			t.Errorf("the line stays closed: %v", err)
		}
	})
}

func TestBucketsAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter()
		for i := range 4 * bucketsKept {
			r := routeOf("POST", "/api/v9/interactions/1/"+time.Duration(i).String()+"/callback")
			b, err := within(l, r, time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			l.release(r, b, nil)
			time.Sleep(time.Millisecond)
		}
		if len(l.buckets) > bucketsKept {
			t.Errorf("%d buckets are kept, want at most %d", len(l.buckets), bucketsKept)
		}
	})
}

func TestCallerGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter()
		r := routeOf("GET", "/api/v9/users/@me")
		if _, err := within(l, r, time.Second); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		time.AfterFunc(time.Second, cancel)
		if _, err := l.acquire(ctx, r); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want that the caller gave up", err)
		}
	})
}

func TestClassOf(t *testing.T) {
	for _, c := range []struct {
		status  int
		body    string
		class   bot.Class
		private bool // the token is an interaction's
	}{
		{403, `{"message":"Missing Permissions","code":50013}`, bot.BadTarget, false},
		{403, `{"message":"Missing Access","code":50001}`, bot.BadTarget, false},
		{403, `{"message":"Cannot send messages to this user","code":50007}`, bot.BadTarget, false},
		{403, `{"message":"No mutual guilds","code":50278}`, bot.BadTarget, false},
		{403, `{"message":"internal network error","code":40333}`, bot.NotSent, false},
		{403, `<html>blocked</html>`, bot.NotSent, false},
		{400, `{"message":"Message was blocked by automatic moderation","code":200000}`, bot.BadMessage, false},
		{403, `{"message":"Message was blocked by automatic moderation","code":200000}`, bot.BadMessage, false},
		{404, `{"message":"Unknown Channel","code":10003}`, bot.BadTarget, false},
		{404, `{"message":"404: Not Found","code":0}`, bot.NotSent, false},
		{400, `{"message":"Thread is locked","code":160005}`, bot.BadTarget, false},
		{400, `{"message":"Invalid Form Body","code":50035}`, bot.BadMessage, false},
		{400, `{"message":"Cannot send an empty message","code":50006}`, bot.BadMessage, false},
		{401, `{"message":"401: Unauthorized","code":0}`, bot.Refused, false},
		{401, `{"message":"Invalid Webhook Token","code":50027}`, bot.BadMessage, true},
		{429, `{"message":"slow","code":20016,"retry_after":2}`, bot.RateLimited, false},
		{400, `{"message":"Opening direct messages too fast","code":40003}`, bot.RateLimited, false},
		{500, `{"message":"500: Internal Server Error","code":0}`, bot.Ambiguous, false},
		{502, `<html>`, bot.Ambiguous, false},
		{503, ``, bot.Ambiguous, false},
		{504, ``, bot.Ambiguous, false},
	} {
		e, _ := refused(c.status, http.Header{}, []byte(c.body), !c.private)
		if e.Class != c.class {
			t.Errorf("%d %s: class %q, want %q", c.status, c.body, e.Class, c.class)
		}
		if e.Class == bot.RateLimited && e.RetryAfter <= 0 {
			t.Errorf("%d %s: no time to wait", c.status, c.body)
		}
	}
}

func TestWhyNamesTheDetail(t *testing.T) {
	e, _ := refused(400, http.Header{}, []byte(`{"message":"Invalid Form Body","code":50035,"errors":
		{"embeds":{"0":{"description":{"_errors":[{"code":"BASE_TYPE_MAX_LENGTH","message":"Must be 4096 or fewer in length."}]}}}}}`), true)
	if want := "Invalid Form Body (code 50035, HTTP 400): Must be 4096 or fewer in length."; e.Why != want {
		t.Errorf("got %q, want %q", e.Why, want)
	}
}
