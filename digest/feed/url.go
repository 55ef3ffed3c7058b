package feed

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// maxURL is the most bytes of an address; servers refuse longer ones.
const maxURL = 8000

// resolve makes ref absolute by base, as RFC 3986 says. What cannot be
// resolved stays as it is.
func resolve(base, ref string) string {
	if base == "" || strings.HasPrefix(ref, "http://") || strings.HasPrefix(ref, "https://") {
		return ref
	}
	if ref == "" {
		return base
	}
	b, err := url.Parse(mend(base))
	if err != nil {
		return ref
	}
	if host, _, _ := strings.Cut(ref, "/"); strings.Contains(host, ".") && strings.EqualFold(host, b.Host) {
		ref = b.Scheme + "://" + ref // the scheme was forgotten
	}
	r, err := url.Parse(mend(ref))
	if err != nil {
		return ref
	}
	return b.ResolveReference(r).String()
}

// mend makes an address that people wrote one that can be parsed.
func mend(s string) string {
	if s = strings.TrimSpace(s); strings.IndexByte(s, '\n') >= 0 {
		lines := strings.Split(s, "\n")
		for i, l := range lines {
			lines[i] = strings.TrimSpace(l)
		}
		s = strings.Join(lines, "")
	}
	s = schemed(s)
	if strings.Contains(s, "&amp;") || strings.Contains(s, "&#") {
		s = strings.NewReplacer("&amp;", "&", "&#38;", "&", "&#038;", "&", "&#x26;", "&").Replace(s)
	}
	odd := func(r rune) bool {
		return r <= ' ' || r == '\\' || r >= 0x7F && (unseen(r) || unicode.IsSpace(r)) || r == utf8.RuneError
	}
	if strings.IndexFunc(s, odd) < 0 && !badPercent(s) {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == ' ':
			b.WriteString("%20")
		case r == '\\':
			b.WriteByte('/')
		case r == '%' && badPercent(s[i:min(len(s), i+3)]):
			b.WriteString("%25")
		case !odd(r):
			b.WriteRune(r)
		}
	}
	return b.String()
}

// schemed is an address with its scheme as it should be: www.x, http//x,
// http:/x, http:///x, http://http://x and feed:http://x are meant as http://x.
func schemed(s string) string {
	for {
		s = webScheme(s)
		if rest, ok := cutFold(s, "www."); ok && strings.Contains(rest, ".") {
			return "http://" + s
		}
		scheme := "http"
		rest, ok := cutFold(s, scheme)
		if !ok {
			return s
		}
		if r, ok := cutFold(rest, "s"); ok {
			scheme, rest = "https", r
		}
		after, colon := strings.CutPrefix(rest, ":")
		bare := strings.TrimLeft(after, "/")
		slashes := len(after) - len(bare)
		if slashes == 0 || slashes == 1 && !colon {
			return s
		}
		if again, ok := cutFold(bare, "http"); ok {
			again, _ = cutFold(again, "s")
			if strings.HasPrefix(again, ":/") || strings.HasPrefix(again, "//") {
				s = bare
				continue
			}
		}
		if colon && slashes == 2 {
			return s
		}
		return scheme + "://" + bare
	}
}

// cutFold is strings.CutPrefix whatever the case.
func cutFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

// badPercent says whether a % is not followed by two hexadecimal digits.
func badPercent(s string) bool {
	hex := func(c byte) bool { return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f' }
	for {
		i := strings.IndexByte(s, '%')
		if i < 0 {
			return false
		}
		if len(s) < i+3 || !hex(s[i+1]) || !hex(s[i+2]) {
			return true
		}
		s = s[i+3:]
	}
}

// canonical is the address that an article is known by: redirect wrappers that
// carry their target are opened, AMP and mobile hosts are mapped to the usual
// ones, and parameters that only track are removed. The order of the others
// stays, and an address of which nothing was removed stays as it is. It is
// empty when the address is not absolute, or neither http nor https.
func canonical(raw string) string {
	s := mend(raw)
	for range 4 {
		u, err := url.Parse(s)
		if err != nil || len(s) > maxURL || strings.Trim(u.Hostname(), ".") == "" || u.Scheme != "http" && u.Scheme != "https" {
			return ""
		}
		target := unwrapped(u)
		if target == "" {
			return settled(u, s)
		}
		s = mend(target)
	}
	return ""
}

// settled is the address without what only tracks, s when nothing was removed.
func settled(u *url.URL, s string) string {
	changed := u.User != nil
	u.User = nil
	host := ascii(strings.ToLower(u.Host))
	if host = desktop(host); host != strings.ToLower(u.Host) {
		u.Host, changed = host, true
	}
	if path, ok := withoutAMP(u.EscapedPath()); ok {
		if p, err := url.PathUnescape(path); err == nil {
			u.Path, u.RawPath, changed = p, path, true
		}
	}
	if query, ok := withoutTracking(u.RawQuery, true); ok {
		u.RawQuery, u.ForceQuery, changed = query, false, true
	}
	if fragment, ok := withoutTracking(u.EscapedFragment(), false); ok && fragment == "" {
		u.Fragment, u.RawFragment, changed = "", "", true
	}
	if !changed {
		return s
	}
	return u.String()
}

// ascii is a host as DNS knows it.
func ascii(host string) string {
	if a, err := idna.Lookup.ToASCII(host); err == nil && a != "" {
		return a
	}
	return host
}

// desktop is the host of the usual site for that of a mobile or AMP site.
func desktop(host string) string {
	labels := strings.Split(host, ".")
	if len(labels) < 3 {
		return host
	}
	for i, label := range labels[:min(2, len(labels)-2)] {
		if label != "m" && label != "mobile" && label != "amp" && label != "touch" {
			continue
		}
		rest := strings.Join(slices.Delete(slices.Clone(labels), i, i+1), ".")
		if _, err := publicsuffix.EffectiveTLDPlusOne(strings.TrimSuffix(rest, ":")); err == nil {
			return rest
		}
	}
	return host
}

// withoutAMP removes the mark of an AMP page from a path.
func withoutAMP(path string) (string, bool) {
	for _, end := range []string{"/amp", "/amp/"} {
		if rest, ok := strings.CutSuffix(path, end); ok && rest != "" {
			if end == "/amp/" {
				rest += "/"
			}
			return rest, true
		}
	}
	if rest, ok := strings.CutSuffix(path, ".amp.html"); ok {
		return rest + ".html", true
	}
	if rest, ok := strings.CutSuffix(path, ".amp"); ok && strings.LastIndexByte(rest, '/') < len(rest)-1 {
		return rest, true
	}
	return path, false
}

// withoutTracking removes the parameters that only track, and says whether
// there were any.
func withoutTracking(query string, page bool) (string, bool) {
	if query == "" {
		return "", false
	}
	var kept []string
	removed := false
	for pair := range strings.SplitSeq(query, "&") {
		name, value, given := strings.Cut(pair, "=")
		if !page && !given {
			kept = append(kept, pair)
			continue
		}
		if tracks(name, value) || page && (name == "amp" && (value == "" || value == "1" || value == "true") ||
			strings.EqualFold(name, "outputType") && value == "amp") {
			removed = true
			continue
		}
		kept = append(kept, pair)
	}
	return strings.Join(kept, "&"), removed
}

// Key is a URL as it is compared: without scheme, www., fragment (but for the
// routes of #!), a slash at the end, and with its parameters in order.
func Key(raw string) string {
	u, err := url.Parse(mend(raw))
	if err != nil || strings.Trim(u.Host, ".") == "" {
		return strings.TrimSpace(raw)
	}
	host := ascii(strings.ToLower(u.Host))
	if rest, ok := strings.CutPrefix(host, "www."); ok && strings.Contains(rest, ".") {
		host = rest
	}
	if u.Scheme == "http" {
		host = strings.TrimSuffix(host, ":80")
	} else {
		host = strings.TrimSuffix(host, ":443")
	}
	key := strings.TrimSuffix(host, ".") + strings.TrimRight(u.Path, "/")
	if u.RawQuery != "" {
		pairs := strings.Split(u.RawQuery, "&")
		slices.Sort(pairs)
		pairs = slices.DeleteFunc(pairs, func(p string) bool { return p == "" })
		if len(pairs) > 0 {
			key += "?" + strings.Join(pairs, "&")
		}
	}
	if strings.HasPrefix(u.Fragment, "!") {
		key += "#" + u.Fragment
	}
	return key
}
