package feed

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

func TestGuardKnowsWhatIsPublic(t *testing.T) {
	for address, want := range map[string]bool{
		"8.8.8.8": true, "1.1.1.1": true, "93.184.216.34": true, "100.63.255.255": true, "100.128.0.0": true,
		"172.15.0.1": true, "172.32.0.1": true, "198.17.0.1": true, "223.255.255.255": true, "2606:4700::1111": true, "2a00:1450::1": true,
		"::ffff:8.8.8.8": true, "64:ff9b::808:808": true,

		"127.0.0.1": false, "127.255.255.254": false, "::1": false, "0.0.0.0": false, "::": false, "0.1.2.3": false,
		"10.0.0.1": false, "172.16.0.1": false, "172.31.255.255": false, "192.168.1.1": false, "100.64.0.1": false, "100.127.255.255": false,
		"169.254.169.254": false, "fe80::1": false, "fe80::1%eth0": false, "fec0::1": false, "fc00::1": false, "fd00:ec2::254": false,
		"192.0.0.192": false, "192.0.2.1": false, "198.18.0.1": false, "198.19.255.255": false, "198.51.100.7": false, "203.0.113.9": false,
		"192.88.99.1": false, "224.0.0.1": false, "239.255.255.250": false, "ff02::1": false, "240.0.0.1": false, "255.255.255.255": false,
		"::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false, "::ffff:169.254.169.254": false, "::127.0.0.1": false, "::ffff:0:127.0.0.1": false,
		"64:ff9b::127.0.0.1": false, "64:ff9b::a9fe:a9fe": false, "64:ff9b::10.1.2.3": false, "64:ff9b:1::1": false,
		"2002:7f00:1::": false, "2002:808:808::1": false, "2001::1": false, "2001:2::1": false, "2001:10::1": false, "2001:db8::1": false,
		"100::1": false, "3fff::1": false, "5f00::1": false,
	} {
		if got := public(netip.MustParseAddr(address)); got != want {
			t.Errorf("public(%s) is %v", address, got)
		}
	}
	if public(netip.Addr{}) {
		t.Error("no address is public")
	}
}

func TestGuardStandsBeforeEveryConnection(t *testing.T) {
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		io.WriteString(w, "<rss/>")
	}))
	defer server.Close()
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	c := NewClient(Config{}, discard())
	for _, host := range []string{
		"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "[::1]", "0.0.0.0", "[::]", "127.1.2.3", "[64:ff9b::7f00:1]",
	} {
		got := refused(t, c, Request{URL: "http://" + host + ":" + port + "/"})
		if want := "the address is private; allow_private = true permits it"; got.Why != want {
			t.Errorf("%s: %q, want %q", host, got.Why, want)
		}
	}
	if asked > 0 {
		t.Errorf("the server was asked %d times", asked)
	}
	c = NewClient(Config{AllowPrivate: true}, discard())
	defer c.Close()
	fetched(t, c, Request{URL: server.URL})
}

func TestGuardStandsAtARedirect(t *testing.T) {
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the inside was asked") }))
	defer inside.Close()
	c := clientFor(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, inside.URL, http.StatusFound) })
	outside := c.transport.DialContext
	guarded := &net.Dialer{Control: refusePrivate}
	c.transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		if strings.HasPrefix(address, "a.example:") {
			return outside(ctx, network, address)
		}
		return guarded.DialContext(ctx, network, address)
	}
	if got := refused(t, c, Request{URL: "http://a.example/"}); !strings.Contains(got.Why, "private") {
		t.Errorf("%q", got.Why)
	}
}
