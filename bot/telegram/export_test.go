package telegram

import "net/http"

// Over makes a platform call through a transport of the test's.
func (p *Platform) Over(t http.RoundTripper) { p.client.Transport = t }
