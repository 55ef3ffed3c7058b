package feed

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"time"
)

// Config says how feeds are fetched.
type Config struct {
	// UserAgent is what servers are told; empty for the program's own.
	UserAgent string
	// Contact is a URL or an address by which a server's owner reaches the
	// operator; it is named in the program's own User-Agent.
	Contact string
	// HostParallel is how many requests may be under way to one registrable
	// domain; 0 means 1. HostPause is the time between two of them. Neither
	// holds for loopback addresses.
	HostParallel int
	HostPause    time.Duration
	// AllowPrivate permits feeds on addresses that are not public.
	AllowPrivate bool
	// Now is the clock by which NotBefore is told; nil for the system's.
	Now func() time.Time
}

// Client fetches feeds and pages. It is safe for concurrent use, keeps few
// connections open, and carries no cookies and no Referer.
type Client struct {
	config    Config
	limits    limits
	hosts     *hosts
	decoders  *decoders
	transport *http.Transport
	http1     *http.Transport // for servers that break off over HTTP/2
	// extracting has one element for each page that is taken apart.
	extracting chan struct{}
}

// limits bound what one fetch may cost.
type limits struct {
	connect   time.Duration // to connect, and as long again for TLS
	header    time.Duration // from the request to the end of the answer's header
	total     time.Duration // of all hops, without the wait for one's turn
	window    time.Duration // in each such time ...
	trickle   int64         // ... a body must bring as many bytes
	redirects int
	feed      int64 // bytes of a feed, as sent and as decoded
	page      int64 // bytes of a web page, as sent and as decoded
}

func usualLimits() limits {
	return limits{
		connect: 10 * time.Second, header: 15 * time.Second, total: 30 * time.Second,
		window: 10 * time.Second, trickle: 1 << 10, redirects: 5, feed: 8 << 20, page: 4 << 20,
	}
}

// NewClient is a Client. log is told when a domain asks for a pause.
func NewClient(c Config, log *slog.Logger) *Client { return newClient(c, usualLimits(), log) }

func newClient(c Config, l limits, log *slog.Logger) *Client {
	c.HostParallel = max(c.HostParallel, 1)
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.UserAgent == "" {
		c.UserAgent = "tidings/1 (feed reader)"
		if c.Contact != "" {
			c.UserAgent = fmt.Sprintf("tidings/1 (feed reader; +%s)", c.Contact)
		}
	}
	dialer := &net.Dialer{Timeout: l.connect, KeepAlive: 30 * time.Second}
	if !c.AllowPrivate {
		dialer.Control = refusePrivate
	}
	transport, http1 := newTransport(dialer, l), newTransport(dialer, l)
	http1.Protocols = new(http.Protocols)
	http1.Protocols.SetHTTP1(true)
	return &Client{
		config: c, limits: l, hosts: newHosts(c.HostParallel, c.HostPause, c.Now, log), decoders: newDecoders(),
		transport: transport, http1: http1, extracting: make(chan struct{}, mostExtractions),
	}
}

// newTransport has no proxy: one would look up names and connect unguarded.
func newTransport(d *net.Dialer, l limits) *http.Transport {
	return &http.Transport{
		DialContext: d.DialContext, ForceAttemptHTTP2: true, DisableCompression: true,
		TLSHandshakeTimeout: l.connect, ResponseHeaderTimeout: l.header, MaxResponseHeaderBytes: 64 << 10,
		MaxIdleConns: 64, MaxIdleConnsPerHost: 32, IdleConnTimeout: 30 * time.Second, ReadBufferSize: bufferSize,
	}
}

// Close closes the connections that are kept open. Client can still be used.
func (c *Client) Close() {
	c.transport.CloseIdleConnections()
	c.http1.CloseIdleConnections()
}

// Request is a conditional request for a feed.
type Request struct {
	URL string
	// ETag, LastModified and BodyHash are those of the last Response; empty
	// when there is none.
	ETag, LastModified, BodyHash string
	// From is the FinalURL of the last Response: only it is sent the ETag and
	// the date. Empty means URL.
	From string
}

// Response is an answer.
type Response struct {
	// NotModified says that the feed is as it was: by the server's word or
	// because the body has the same hash. Body is then empty.
	NotModified bool
	Body        []byte
	// Partial says that the body broke off or broke in decoding; what is there
	// may be read. It has no ETag, LastModified and BodyHash, so that the whole
	// is asked for again.
	Partial     bool
	ContentType string
	// FinalURL is where the answer came from, without user and password.
	FinalURL string
	// MovedTo is the target when every redirect on the way was permanent
	// (301, 308) and none led from https to http; else empty.
	MovedTo string
	// ETag and LastModified are as the server wrote them, for the next Request.
	ETag, LastModified string
	// BodyHash is a checksum of the decoded body, in hex.
	BodyHash string
	// NotBefore is the earliest time the server wants to be asked again, from
	// Retry-After, or from Cache-Control or Expires but at most 6 h ahead. Zero
	// when it did not say.
	NotBefore time.Time
	// Hub and Self are the WebSub links of the header, if any.
	Hub, Self string
}

const acceptFeed = "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml, " +
	"application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"

// Fetch asks for a feed once: it waits its turn at the feed's domain, follows
// redirects, and decodes the body. Every error but ctx's own is a [*FetchError].
func (c *Client) Fetch(ctx context.Context, r Request) (*Response, error) {
	a, err := c.get(ctx, question{
		url: r.URL, accept: acceptFeed, limit: c.limits.feed,
		conditionFor: cmp.Or(r.From, r.URL), etag: r.ETag, lastModified: r.LastModified,
	})
	if err != nil {
		return nil, err
	}
	resp := &Response{
		ContentType: a.header.Get("Content-Type"), FinalURL: plainURL(a.url), MovedTo: a.movedTo,
		ETag: a.header.Get("ETag"), LastModified: a.header.Get("Last-Modified"), NotBefore: notBefore(a.header, c.config.Now()),
	}
	links := linkHeader(a.header, a.url)
	resp.Hub, resp.Self = links.first("hub"), links.first("self")
	if a.status == http.StatusNotModified {
		resp.NotModified, resp.BodyHash = true, r.BodyHash
		resp.LastModified = cmp.Or(resp.LastModified, r.LastModified)
		// An ETag that was left out on purpose stays out: see settle.
		resp.ETag = cmp.Or(resp.ETag, r.ETag)
		if r.ETag == "" {
			resp.ETag = ""
		}
		return resp, nil
	}
	settle(resp, r, a)
	return resp, nil
}

// settle decides what a body means for this and for the next request.
func settle(resp *Response, r Request, a *answer) {
	resp.Body, resp.Partial = a.body, a.partial
	if a.partial {
		resp.ETag, resp.LastModified = "", ""
		return
	}
	resp.BodyHash = strconv.FormatUint(markOf(a.body), 16)
	if resp.BodyHash != r.BodyHash {
		return
	}
	resp.NotModified, resp.Body = true, nil
	if resp.ETag != "" && resp.ETag == r.ETag && resp.LastModified != "" {
		// The server does not know its own ETag again (Apache with mod_deflate
		// is one); asked by the date alone it can answer 304.
		resp.ETag = ""
	}
}
