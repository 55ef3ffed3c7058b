package telegram_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidings/bot"
	"tidings/bot/bottest"
	"tidings/bot/telegram"
	"tidings/bot/telegram/telegramtest"
	"tidings/subscriptions"
)

// secretless fails when a text shows the token or a part of it.
func secretless(t *testing.T, where, text string) {
	t.Helper()
	_, secret, _ := strings.Cut(telegramtest.Token, ":")
	if strings.Contains(text, secret) || strings.Contains(text, url.QueryEscape(telegramtest.Token)) {
		t.Errorf("%s shows the token: %s", where, strings.ReplaceAll(text, secret, "SECRET"))
	}
}

// send sends within 10 seconds and gives the error as what it must be.
func send(t *testing.T, p *telegram.Platform, c subscriptions.Chat, m bot.Message) (string, *bot.SendError) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	id, err := p.Send(ctx, c, m, "k")
	if err == nil {
		return id, nil
	}
	failed, ok := err.(*bot.SendError)
	if !ok {
		t.Fatalf("the error is a %T: %v", err, err)
	}
	secretless(t, "the error", fmt.Sprintf("%v %+v %#v", err, err, *failed))
	return id, failed
}

func TestRefusals(t *testing.T) {
	for description, class := range map[string]bot.Class{
		"Forbidden: bot was blocked by the user":                                                bot.BadTarget,
		"Forbidden: user is deactivated":                                                        bot.BadTarget,
		"Forbidden: bot can't initiate conversation with a user":                                bot.BadTarget,
		"Forbidden: the bot can't send messages to the bot":                                     bot.BadTarget,
		"Forbidden: bot was kicked from the group chat":                                         bot.BadTarget,
		"Forbidden: bot was kicked from the supergroup chat":                                    bot.BadTarget,
		"Forbidden: bot was kicked from the channel chat":                                       bot.BadTarget,
		"Forbidden: bot is not a member of the supergroup chat":                                 bot.BadTarget,
		"Forbidden: bot is not a member of the channel chat":                                    bot.BadTarget,
		"Forbidden: the group chat was deleted":                                                 bot.BadTarget,
		"Bad Request: chat not found":                                                           bot.BadTarget,
		"Bad Request: not enough rights to send text messages to the chat":                      bot.BadTarget,
		"Bad Request: need administrator rights in the channel chat":                            bot.BadTarget,
		"Bad Request: have no rights to send a message":                                         bot.BadTarget,
		"Bad Request: CHAT_WRITE_FORBIDDEN":                                                     bot.BadTarget,
		"Bad Request: CHAT_ADMIN_REQUIRED":                                                      bot.BadTarget,
		"Bad Request: USER_BANNED_IN_CHANNEL":                                                   bot.BadTarget,
		"Bad Request: message thread not found":                                                 bot.BadTarget,
		"Bad Request: TOPIC_CLOSED":                                                             bot.BadTarget,
		"Bad Request: PEER_ID_INVALID":                                                          bot.BadTarget,
		"Bad Request: message is too long":                                                      bot.BadMessage,
		"Bad Request: message text is empty":                                                    bot.BadMessage,
		"Bad Request: BUTTON_DATA_INVALID":                                                      bot.BadMessage,
		"Bad Request: inline keyboard button URL 'x' is invalid: Wrong HTTP URL":                bot.BadMessage,
		"Too Many Requests: retry after 7":                                                      bot.RateLimited,
		"Unauthorized":                                                                          bot.Refused,
		"Internal Server Error: restart":                                                        bot.Ambiguous,
		"Bad Request: reply parameters of " + telegramtest.Token + " are strange to the server": bot.BadMessage,
	} {
		s := telegramtest.New(t, telegramtest.Hooks{})
		code := map[bot.Class]int{bot.RateLimited: 429, bot.Refused: 401, bot.Ambiguous: 500}[class]
		if code == 0 {
			code = map[bool]int{true: 403, false: 400}[strings.HasPrefix(description, "Forbidden")]
		}
		parameters := ""
		if class == bot.RateLimited {
			parameters = `,"parameters":{"retry_after":7}`
		}
		s.Fail("sendMessage", code, fmt.Sprintf(`{"ok":false,"error_code":%d,"description":%q%s}`, code, description, parameters))
		p, log := connect(t, s)
		_, failed := send(t, p, s.Group(), bot.Text("x"))
		if failed == nil || failed.Class != class || failed.Method != "sendMessage" {
			t.Errorf("%q gives %+v, want class %q", description, failed, class)
		}
		if class == bot.RateLimited && failed.RetryAfter != 7*time.Second {
			t.Errorf("%q asks for %s", description, failed.RetryAfter)
		}
		if n := len(s.Requests("sendMessage")); n != 1 {
			t.Errorf("%q: %d attempts, want 1", description, n)
		}
		secretless(t, "the log", log.String())
	}
}

// TestNothingIsRepeated has every way of not knowing what became of a message,
// on a connection that was used before.
func TestNothingIsRepeated(t *testing.T) {
	for _, fault := range []bottest.Fault{bottest.Drop, bottest.Gateway} {
		s := telegramtest.New(t, telegramtest.Hooks{})
		p, _ := connect(t, s)
		if _, failed := send(t, p, s.Group(), bot.Text("before")); failed != nil {
			t.Fatal(failed)
		}
		s.Break(fault)
		_, failed := send(t, p, s.Group(), bot.Text("once"))
		if failed == nil || failed.Class != bot.Ambiguous {
			t.Errorf("%s: got %v, want class %q", fault, failed, bot.Ambiguous)
		}
		if n := len(s.Requests("sendMessage")); n != 2 {
			t.Errorf("%s: %d attempts, want 1 after the first", fault, n-1)
		}
	}
}

// TestStrangeServers has everything but a Bot API server at the address.
func TestStrangeServers(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	answer := func(status int, body string, header ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if len(header) > 0 {
				w.Header().Set(header[0], strings.ReplaceAll(header[1], "PATH", r.URL.Path))
			}
			w.WriteHeader(status)
			fmt.Fprint(w, strings.ReplaceAll(body, "PATH", r.URL.Path))
		}
	}
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		class   bot.Class
	}{
		"a page":             {answer(200, "<html>PATH</html>"), bot.Ambiguous},
		"a page not found":   {answer(404, "<html>PATH not found</html>"), bot.NotSent},
		"a busy page":        {answer(429, "<html>slow</html>"), bot.RateLimited},
		"a gateway's page":   {answer(504, "<html>PATH</html>"), bot.Ambiguous},
		"nothing":            {answer(200, ""), bot.Ambiguous},
		"half an answer":     {answer(200, `{"ok":true,"resu`), bot.Ambiguous},
		"a broken length":    {answer(200, `{"ok":true}`, "Content-Length", "500"), bot.Ambiguous},
		"an answer in words": {answer(400, `{"ok":false,"error_code":400,"description":"PATH is wrong"}`), bot.BadMessage},
		"a redirect":         {answer(302, "", "Location", "http://127.0.0.1:1PATH"), bot.NotSent},
		"nobody":             {nil, bot.NotSent},
	} {
		address := "http://" + closed.Addr().String()
		if c.handler != nil {
			server := httptest.NewServer(c.handler)
			t.Cleanup(server.Close)
			address = server.URL
		}
		log := &buffer{}
		p, err := telegram.New(telegram.Config{Token: telegramtest.Token, APIURL: address}, slog.New(slog.NewTextHandler(log, nil)))
		if err != nil {
			t.Fatal(err)
		}
		_, failed := send(t, p, telegramtest.At(1), bot.Text("x"))
		if failed == nil || failed.Class != c.class {
			t.Errorf("%s: got %+v, want class %q", name, failed, c.class)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		p.Run(ctx, bottest.Commands(), &recorder{})
		cancel()
		secretless(t, "the log of "+name, log.String())
		if strings.Contains(log.String()+fmt.Sprint(failed), address) {
			t.Errorf("%s: the address is shown: %s", name, log)
		}
	}
}

func TestConfig(t *testing.T) {
	for _, c := range []telegram.Config{
		{}, {Token: "abc"}, {Token: "123:"}, {Token: "123:short"}, {Token: "12a:abcdefghijklmnop"}, {Token: "123:abcdefghijk/../x"},
		{Token: telegramtest.Token, APIURL: "api.example.org"}, {Token: telegramtest.Token, APIURL: "ftp://api.example.org"}, {Token: telegramtest.Token, APIURL: "http://"},
	} {
		p, err := telegram.New(c, nil)
		if err == nil || p != nil {
			t.Errorf("%+v was taken", c)
			continue
		}
		secretless(t, "the error", err.Error())
	}
}

func TestParameters(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Hooks{})
	s.AddChat(telegramtest.Chat{ID: -9, Type: "supergroup", Title: "Forum", Topics: []int{5}, Bot: "member"})
	p, _ := connect(t, s)
	m := bot.Text("x")
	m.Silent = true
	if _, failed := send(t, p, subscriptions.Chat{Platform: "telegram", ID: "-9", Thread: "5"}, m); failed != nil {
		t.Fatal(failed)
	}
	if _, failed := send(t, p, s.Group(), bot.Text("y")); failed != nil {
		t.Fatal(failed)
	}
	want := []url.Values{
		{"chat_id": {"-9"}, "message_thread_id": {"5"}, "text": {"x"}, "parse_mode": {"HTML"}, "disable_notification": {"true"}, "link_preview_options": {`{"is_disabled":true}`}},
		{"chat_id": {s.Group().ID}, "text": {"y"}, "parse_mode": {"HTML"}, "link_preview_options": {`{"is_disabled":true}`}},
	}
	if diff := cmp.Diff(want, s.Requests("sendMessage")); diff != "" {
		t.Errorf("parameters (-want +got):\n%s", diff)
	}
	if _, failed := send(t, p, subscriptions.Chat{Platform: "telegram", ID: "-9", Thread: "6"}, m); failed == nil || failed.Class != bot.BadTarget {
		t.Errorf("a topic that is gone gives %v", failed)
	}
}

// TestLimitsOfOneMessage sends what is just small enough, and sees that what is
// split loses no link and no style.
func TestLimitsOfOneMessage(t *testing.T) {
	linked := func(n int, link string) bot.Message {
		var b bot.Block
		for range n {
			b.Runs = append(b.Runs, bot.Run{Text: "link", Link: link}, bot.Run{Text: " and "})
		}
		return bot.Message{Sections: []bot.Section{{Blocks: []bot.Block{b}}}}
	}
	bold := func(n int) bot.Message {
		var b bot.Block
		for range n {
			b.Runs = append(b.Runs, bot.Run{Text: "bold", Bold: true}, bot.Run{Text: " and "})
		}
		return bot.Message{Sections: []bot.Section{{Blocks: []bot.Block{b}}}}
	}
	s := telegramtest.New(t, telegramtest.Hooks{})
	p, _ := connect(t, s)
	chat := int64(5000)
	for name, c := range map[string]struct {
		message bot.Message
		fits    bool
	}{
		"4096":            {bot.Text(strings.Repeat("x", 4096)), true},
		"4097":            {bot.Text(strings.Repeat("x", 4097)), false},
		"astral":          {bot.Text(strings.Repeat("👍", 2048)), true},
		"astral, more":    {bot.Text(strings.Repeat("👍", 2049)), false},
		"escaped":         {bot.Text(strings.Repeat("&", 4096)), true},
		"90 links":        {linked(90, "https://news.example.org/"), true},
		"91 links":        {linked(91, "https://news.example.org/"), false},
		"long addresses":  {linked(20, "https://news.example.org/"+strings.Repeat("x", 2000)), false},
		"100 styles":      {bold(100), true},
		"101 styles":      {bold(101), false},
		"found by itself": {bot.Text(strings.Repeat("#tag @name /command a.example.org ", 30)), false},
		"links and found": {bot.Message{Sections: append(linked(80, "https://news.example.org/").Sections, bot.Text(strings.Repeat("@name ", 25)).Sections...)}, false},
	} {
		if got := p.Fits(c.message); got != c.fits {
			t.Errorf("%s: fits %t, want %t", name, got, c.fits)
		}
		chat++
		s.AddChat(telegramtest.Chat{ID: chat, Type: "private", Title: name, Bot: "member"})
		links := 0
		for _, part := range bot.Split(c.message, p.Fits) {
			if _, failed := send(t, p, telegramtest.At(chat), part); failed != nil {
				t.Errorf("%s: %v", name, failed)
			}
		}
		for _, shown := range s.Shown(telegramtest.At(chat)) {
			links += len(shown.Links)
		}
		if want := strings.Count(fmt.Sprint(c.message), "https://"); links != want {
			t.Errorf("%s: %d links arrived, want %d", name, links, want)
		}
	}
	if n := s.Dropped(); n != 0 {
		t.Errorf("%d entities were dropped in silence", n)
	}
}

// TestMarkupThatIsRefused has a server that cannot read the markup: the words
// arrive all the same.
func TestMarkupThatIsRefused(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Hooks{})
	s.Fail("sendMessage", 400, `{"ok":false,"error_code":400,"description":"Bad Request: can't parse entities: Unsupported start tag \"x\" at byte offset 0"}`)
	p, log := connect(t, s)
	m := bot.Message{Sections: []bot.Section{{Blocks: []bot.Block{{Kind: bot.Heading, Runs: []bot.Run{{Text: "a <b> & c"}}}}}}}
	if _, failed := send(t, p, s.Group(), m); failed != nil {
		t.Fatal(failed)
	}
	if got := s.Shown(s.Group()); len(got) != 1 || got[0].Text != "a <b> & c" {
		t.Errorf("shown %+v", got)
	}
	if !strings.Contains(log.String(), "can't parse entities") {
		t.Error("the log does not tell")
	}
}

func TestButtons(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Hooks{})
	p, _ := connect(t, s)
	m := bot.Text("Choose")
	m.Buttons = [][]bot.Button{
		{{Label: strings.Repeat("👍", 40), Action: "a"}, {Label: "too long", Action: strings.Repeat("x", 65)}, {Label: "", Action: "b"}, {Label: "\x00", Action: "b"}},
		{{Label: "nothing"}, {Label: "local", URL: "http://localhost/"}},
		{{Label: "64", Action: strings.Repeat("x", 64)}},
	}
	if _, failed := send(t, p, s.Group(), m); failed != nil {
		t.Fatal(failed)
	}
	if diff := cmp.Diff([]string{strings.Repeat("👍", 31) + "…", "64"}, s.Shown(s.Group())[0].Buttons); diff != "" {
		t.Errorf("buttons (-want +got):\n%s", diff)
	}
}

func TestPlace(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Hooks{})
	s.AddChat(telegramtest.Chat{ID: -7, Type: "supergroup", Title: "Muted", Bot: "restricted", Mute: true, Members: map[int64]string{telegramtest.Person: "administrator"}})
	s.AddChat(telegramtest.Chat{ID: -8, Type: "channel", Title: "Closed", Username: "closed_channel", Bot: "administrator", Mute: true, Members: map[int64]string{telegramtest.Person: "creator"}})
	s.AddChat(telegramtest.Chat{ID: -6, Type: "supergroup", Title: "Left", Bot: "left", Members: map[int64]string{telegramtest.Person: "creator"}})
	p, _ := connect(t, s)
	ada, ben := bot.User{Platform: "telegram", ID: "1001"}, bot.User{Platform: "telegram", ID: "1002"}
	for name, c := range map[string]struct {
		user         bot.User
		target       string
		id           string
		kind         bot.Kind
		administered bool
		obstacle     string // in the sentence
		refused      string // in the sentence
	}{
		"name":            {ada, "@tidings_test_channel", "-1001000000002", bot.Channel, true, "", ""},
		"link":            {ada, "https://t.me/tidings_test_channel", "-1001000000002", bot.Channel, true, "", ""},
		"short link":      {ada, " t.me/Tidings_Test_Channel/ ", "-1001000000002", bot.Channel, true, "", ""},
		"id":              {ada, "-1001000000001", "-1001000000001", bot.Group, true, "", ""},
		"guest":           {ben, "@tidings_test_channel", "-1001000000002", bot.Channel, false, "", ""},
		"channel itself":  {bot.User{Platform: "telegram", ID: "-1001000000002"}, "@tidings_test_channel", "-1001000000002", bot.Channel, true, "", ""},
		"another network": {bot.User{Platform: "discord", ID: "1001"}, "@tidings_test_channel", "-1001000000002", bot.Channel, false, "", ""},
		"muted":           {ada, "-7", "-7", bot.Group, true, "may not write in Muted", ""},
		"no posts":        {ada, "@closed_channel", "-8", bot.Channel, true, "right to post", ""},
		"left":            {ada, "-6", "-6", bot.Group, true, "", "Left"},
		"own chat":        {ada, "1001", "1001", bot.Private, true, "", ""},
		"person":          {ada, "1002", "", "", false, "", "is a person"},
		"unknown":         {ada, "@nobody_here", "", "", false, "", "add the bot"},
		"words":           {ada, "my channel", "", "", false, "", "write @name"},
		"path":            {ada, "../getMe", "", "", false, "", "write @name"},
	} {
		got, err := p.Place(t.Context(), c.user, c.target)
		failed := (*bot.SendError)(nil)
		errors.As(err, &failed)
		switch {
		case name == "left":
			// Nobody can be asked who administers it; that the bot is out is the news.
			if err != nil || got.Administered || !strings.Contains(got.Obstacle, "not a member of Left") {
				t.Errorf("%s: got %+v, %v", name, got, err)
			}
		case c.refused != "":
			if failed == nil || failed.Class != bot.BadTarget || !strings.Contains(failed.Why, c.refused) || !strings.HasSuffix(failed.Why, ".") {
				t.Errorf("%s: got %+v, %v; want a sentence with %q", name, got, err, c.refused)
			}
		case err != nil || got.Chat.ID != c.id || got.Kind != c.kind || got.Administered != c.administered || (got.Obstacle == "") != (c.obstacle == "") || !strings.Contains(got.Obstacle, c.obstacle):
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
}

// TestNothingIsRefusedForItsSpeed sends as fast as it may, to a server that
// refuses what comes faster than the network allows.
func TestNothingIsRefusedForItsSpeed(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Hooks{})
	s.Limit()
	for i := range int64(100) {
		s.AddChat(telegramtest.Chat{ID: 7000 + i, Type: "private", Title: "Somebody", Bot: "member"})
	}
	p, _ := connect(t, s)
	p.Over(over{s})
	synctest.Test(t, func(t *testing.T) {
		var all sync.WaitGroup
		for i := range 300 {
			all.Go(func() {
				chat := telegramtest.At(int64(7000 + i%100))
				if i%5 == 0 {
					chat = s.Group()
				}
				if _, err := p.Send(t.Context(), chat, bot.Text(fmt.Sprint(i)), "k"); err != nil {
					t.Errorf("message %d: %v", i, err)
				}
			})
		}
		all.Wait()
	})
	if n := s.Sends(s.Group()); n != 60 {
		t.Errorf("%d messages arrived in the group, want 60", n)
	}
}
