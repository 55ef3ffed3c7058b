package feed

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"hash"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// WebSub subscribes to feeds at their hubs and takes what the hubs bring
// (W3C Recommendation "WebSub", 2018). It keeps no state: the secrets are made
// of one key, and what is subscribed to is known to Topic. As a handler it is
// mounted at the path of Callback, with a slash behind.
type WebSub struct {
	Client *Client
	// Callback is the public URL of the handler, without a slash at its end.
	Callback string
	// Key is what the secrets are made of; at least 16 random bytes, the same
	// after a restart.
	Key []byte
	// Topic is the topic that is subscribed to for a feed, by the feed's id;
	// empty when there is none.
	Topic func(ctx context.Context, id string) string
	// Leased is told until when a hub will bring news of a feed. It is to be
	// subscribed to again before.
	Leased func(ctx context.Context, id string, until time.Time)
	// Arrived is given what a hub brought, which its signature vouches for: a
	// whole feed or the new part of it.
	Arrived func(ctx context.Context, id string, body []byte, contentType string)
}

const (
	// lease is what is asked for; hubs may give less or more.
	lease     = 10 * 24 * time.Hour
	mostLease = 30 * 24 * time.Hour
)

// HubOf is where news of a feed can be subscribed to, and the topic's URL
// there: by the header of its answer, else by what the feed says. YouTube does
// not say, and has one. Both are empty when there is none.
func HubOf(feedURL string, r *Response, h Hints) (hub, topic string) {
	if hub = cmp.Or(r.Hub, h.Hub); hub != "" {
		return hub, cmp.Or(r.Self, h.Self, r.FinalURL)
	}
	u, err := webURL(feedURL)
	if err != nil || registrable(u.Hostname()) != "youtube.com" || u.Query().Get("channel_id") == "" {
		return "", ""
	}
	return "https://pubsubhubbub.appspot.com/", "https://www.youtube.com/xml/feeds/videos.xml?" + url.Values{"channel_id": {u.Query().Get("channel_id")}}.Encode()
}

// Subscribe asks a hub for news of a topic, as the feed of an id, anew or once
// more. The hub then asks the handler whether that is so. Ids are made of
// letters, digits, "-" and "_".
func (w *WebSub) Subscribe(ctx context.Context, id, hub, topic string) error {
	return w.Client.post(ctx, hub, url.Values{
		"hub.mode": {"subscribe"}, "hub.topic": {topic}, "hub.callback": {w.Callback + "/" + id + "/" + w.secret("path", id)[:32]},
		"hub.secret": {w.secret("content", id)}, "hub.lease_seconds": {strconv.Itoa(int(lease.Seconds()))},
	})
}

func (w *WebSub) secret(purpose, id string) string {
	mac := hmac.New(sha256.New, w.Key)
	io.WriteString(mac, purpose+" "+id)
	return hex.EncodeToString(mac.Sum(nil))
}

// ServeHTTP answers a hub. Whoever does not know the path that a hub was told
// learns nothing.
func (w *WebSub) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	path := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	if len(path) < 2 {
		http.NotFound(rw, r)
		return
	}
	id, key := path[len(path)-2], path[len(path)-1]
	if !hmac.Equal([]byte(key), []byte(w.secret("path", id)[:32])) {
		http.NotFound(rw, r)
		return
	}
	switch r.Method {
	case http.MethodGet:
		w.confirm(rw, r, id)
	case http.MethodPost:
		w.take(rw, r, id)
	default:
		rw.WriteHeader(http.StatusMethodNotAllowed)
	}
}

// confirm tells a hub whether its question is about what was asked for (5.3).
func (w *WebSub) confirm(rw http.ResponseWriter, r *http.Request, id string) {
	q := r.URL.Query()
	topic := w.Topic(r.Context(), id)
	same := topic != "" && q.Get("hub.topic") == topic
	switch mode := q.Get("hub.mode"); {
	case mode == "denied":
		return
	case mode == "subscribe" && same:
		seconds, err := strconv.ParseInt(q.Get("hub.lease_seconds"), 10, 32)
		if err != nil || seconds <= 0 {
			seconds = int64(lease.Seconds())
		}
		w.Leased(r.Context(), id, w.Client.config.Now().Add(min(time.Duration(seconds)*time.Second, mostLease)))
	case mode == "unsubscribe" && !same:
	default:
		http.NotFound(rw, r)
		return
	}
	rw.Header().Set("Content-Type", "text/plain")
	io.WriteString(rw, q.Get("hub.challenge"))
}

// take takes what a hub brings. One that does not sign well is not told so (7.1).
func (w *WebSub) take(rw http.ResponseWriter, r *http.Request, id string) {
	if w.Topic(r.Context(), id) == "" {
		rw.WriteHeader(http.StatusGone)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, w.Client.limits.feed))
	if err != nil {
		rw.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	}
	if signed(r.Header.Get("X-Hub-Signature"), []byte(w.secret("content", id)), body) {
		w.Arrived(r.Context(), id, body, r.Header.Get("Content-Type"))
	}
	rw.WriteHeader(http.StatusAccepted)
}

// signed reports whether a signature, "method=hex", is that of the body.
func signed(signature string, secret, body []byte) bool {
	method, sum, _ := strings.Cut(signature, "=")
	var kind func() hash.Hash
	switch strings.ToLower(method) {
	case "sha1":
		kind = sha1.New
	case "sha256":
		kind = sha256.New
	case "sha384":
		kind = sha512.New384
	case "sha512":
		kind = sha512.New
	default:
		return false
	}
	got, err := hex.DecodeString(sum)
	if err != nil {
		return false
	}
	mac := hmac.New(kind, secret)
	mac.Write(body)
	return hmac.Equal(got, mac.Sum(nil))
}

// post sends a form, under the rules of Fetch. A redirect is a refusal.
func (c *Client) post(ctx context.Context, address string, form url.Values) error {
	u, err := webURL(address)
	if err != nil {
		return err
	}
	t, err := c.hosts.pass(ctx, turn{}, u.Hostname())
	if err != nil {
		return err
	}
	defer t.end()
	limited, cancel := context.WithTimeoutCause(ctx, c.limits.total, &FetchError{Why: "no answer within " + seconds(c.limits.total)})
	defer cancel()
	r, err := http.NewRequestWithContext(limited, http.MethodPost, u.String(), strings.NewReader(form.Encode()))
	if err != nil {
		return &FetchError{Why: "the URL cannot be read"}
	}
	r.Header.Set("User-Agent", c.config.UserAgent)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := c.transport.RoundTrip(r)
	if err != nil {
		return c.settleFault(ctx, c.fault(limited, err, u.Hostname()), u.Hostname())
	}
	defer resp.Body.Close()
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return c.settleFault(ctx, refusal(resp, c.config.Now()), u.Hostname())
	}
	return nil
}
