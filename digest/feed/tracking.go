package feed

import (
	"net/url"
	"strings"
)

// tracking names the query parameters that tell only where a reader came from.
// The names are facts that several public lists agree on, among them those of
// miniflux, ClearURLs and AdGuard.
var tracking = set(`echobox __hsfp __hssc __hstc __io_lv __readwiselocation __s __twitter_impression _bhlid _branch_match_id
	_branch_referrer _clde _cldee _ga _gl _hsenc _hsmi _io_session_id _kx _openstat action_object_map action_ref_map
	action_type_map adfrom admitad_uid at_campaign at_medium at_custom1 at_custom2 at_custom3 at_custom4 awc campaign_content
	campaign_id campaign_medium campaign_name campaign_source campaign_term ceneo_spo cm_cr cm_me cmpid cx_click cx_recsorder
	cx_recswidget dclid ebisadid emc erid external_click_id fb_action_ids fb_action_types fb_comment_id fb_ref fb_source fbclid
	gbraid gclid gclsrc gps_adid gs_l guccounter guce_referrer guce_referrer_sig hmb_campaign hmb_medium hmb_source
	hsctatracking igshid ir_adid ir_campaignid ir_partnerid irclickid irgwc mc_cid mc_eid mc_tc mindbox-click-id
	mindbox-message-key mkt_tok ml_subscriber ml_subscriber_hash msclkid mtm nx_source oly_anon_id oly_enc_id oprtrack os_ehash
	pk_campaign pk_medium pk_source pk_vid pk_kwd rb_clickid rtkcid s_cid sc_cid smc smid spm srsltid sscid tduid tracking_source twclid
	usqp utm vc_lpp vero_conv vero_id wbraid wickedid wt_mc wt_zmc wtmc wtzmc wtrid xtor yclid ymid ysclid`)

// trackingPrefixes begin the names of whole families of them.
var trackingPrefixes = []string{"utm_", "hsa_", "mtm_", "itm_", "otm_", "ga_", "adjust_", "bsft_", "cm_mmc", "dpg_", "vn_"}

// tracks says whether a parameter only tracks.
func tracks(name, value string) bool {
	if len(name) < 2 || len(name) > 40 {
		return false
	}
	name = strings.ToLower(name)
	if tracking[name] {
		return true
	}
	for _, p := range trackingPrefixes {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	// "ref" may name a branch or a page: only what names a site or a feed tracks.
	if name == "ref" || name == "source" || name == "cmp" {
		v := strings.ToLower(value)
		return v == "rss" || v == "feed" || v == "rss_feed" || v == "twitter" || v == "facebook" || strings.HasPrefix(v, "rss-") ||
			name == "ref" && strings.Contains(v, ".") && !strings.Contains(v, "/")
	}
	return false
}

// wrappers are the addresses that only lead to another, which a parameter
// holds: by host without www., and the beginning of the path.
var wrappers = map[string]struct{ path, parameters string }{
	"google.com":                       {"/url", "url q"},
	"news.google.com":                  {"/news/url", "url"},
	"translate.google.com":             {"/translate", "u"},
	"facebook.com":                     {"/l.php", "u"},
	"l.facebook.com":                   {"/l.php", "u"},
	"lm.facebook.com":                  {"/l.php", "u"},
	"l.instagram.com":                  {"/", "u"},
	"l.messenger.com":                  {"/l.php", "u"},
	"youtube.com":                      {"/redirect", "q"},
	"bing.com":                         {"/news/apiclick.aspx", "url"},
	"duckduckgo.com":                   {"/l/", "uddg"},
	"t.umblr.com":                      {"/redirect", "z"},
	"out.reddit.com":                   {"/", "url"},
	"vk.com":                           {"/away.php", "to"},
	"m.vk.com":                         {"/away.php", "to"},
	"away.vk.com":                      {"/away.php", "to"},
	"linkedin.com":                     {"/redir", "url"},
	"slack-redir.net":                  {"/link", "url"},
	"disq.us":                          {"/url", "url"},
	"steamcommunity.com":               {"/linkfilter", "url u"},
	"getpocket.com":                    {"/redirect", "url"},
	"exit.sc":                          {"/", "url"},
	"gate.sc":                          {"/", "url"},
	"go.redirectingat.com":             {"/", "url"},
	"click.linksynergy.com":            {"/", "murl"},
	"awin1.com":                        {"/cread.php", "ued p"},
	"anrdoezrs.net":                    {"/click", "url"},
	"shareasale.com":                   {"/r.cfm", "urllink"},
	"curator.io":                       {"/redirect", "url"},
	"mailtrack.io":                     {"/trace/link", "url"},
	"weibo.cn":                         {"/sinaurl", "u toasturl"},
	"link.zhihu.com":                   {"/", "target"},
	"jianshu.com":                      {"/go-wild", "url"},
	"safelinks.protection.outlook.com": {"/", "url"},
}

// unwrapped is where a redirect or a cached AMP page leads, when its address
// says it; else it is empty.
func unwrapped(u *url.URL) string {
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	if to := cachedAMP(host, u); to != "" {
		return to
	}
	if rest, ok := strings.CutSuffix(host, ".safelinks.protection.outlook.com"); ok && rest != "" {
		host = "safelinks.protection.outlook.com"
	}
	if strings.HasPrefix(host, "google.") {
		host = "google.com"
	}
	if host == "href.li" || host == "anonym.to" || host == "nullrefer.com" {
		return onlyWeb(u.RawQuery)
	}
	if host == "r.search.yahoo.com" {
		_, rest, _ := strings.Cut(u.EscapedPath(), "/RU=")
		rest, _, _ = strings.Cut(rest, "/R")
		return onlyWeb(rest)
	}
	w, ok := wrappers[host]
	if !ok || !strings.HasPrefix(u.Path+"/", w.path) {
		return ""
	}
	for name := range strings.FieldsSeq(w.parameters) {
		for pair := range strings.SplitSeq(u.RawQuery, "&") {
			if n, value, _ := strings.Cut(pair, "="); n == name {
				if to := onlyWeb(value); to != "" {
					return to
				}
			}
		}
	}
	return ""
}

// cachedAMP is the page behind Google's and Bing's copies of AMP pages.
func cachedAMP(host string, u *url.URL) string {
	path := u.EscapedPath()
	switch {
	case strings.HasSuffix(host, ".cdn.ampproject.org"):
		for _, kind := range []string{"/c/", "/v/", "/a/"} {
			if rest, ok := strings.CutPrefix(path, kind); ok {
				return withScheme(rest, u.RawQuery)
			}
		}
	case strings.HasPrefix(host, "google.") || host == "bing.com":
		if rest, ok := strings.CutPrefix(path, "/amp/"); ok {
			return withScheme(rest, u.RawQuery)
		}
	}
	return ""
}

// withScheme is the address in the path of a cached page: s/ stands for https.
func withScheme(rest, query string) string {
	scheme := "http://"
	if r, ok := strings.CutPrefix(rest, "s/"); ok {
		scheme, rest = "https://", r
	}
	if query != "" {
		query = "?" + query
	}
	if !strings.Contains(rest, ".") {
		return ""
	}
	return scheme + rest + query
}

// onlyWeb is an escaped address decoded, when it is one of the web.
func onlyWeb(escaped string) string {
	s, err := url.QueryUnescape(escaped)
	if err != nil || !strings.HasPrefix(s, "http://") && !strings.HasPrefix(s, "https://") {
		return ""
	}
	return s
}
