package discord

import "time"

// Hurry shortens what a platform waits for.
func (p *Platform) Hurry(open, backoff, acknowledge time.Duration) {
	p.times = times{open, backoff, acknowledge}
}
