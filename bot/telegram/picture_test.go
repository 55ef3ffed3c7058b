package telegram_test

import (
	"bytes"
	"image"
	"image/png"
	"strings"
	"testing"

	"tidings/bot"
	"tidings/bot/telegram/telegramtest"
)

// drawn is a picture with a file.
func drawn(t *testing.T) *bot.Picture {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, 8, 4))); err != nil {
		t.Fatal(err)
	}
	return &bot.Picture{Alt: "a chart", File: out.Bytes(), Type: "image/png"}
}

// TestPictureRefused has what the server says of pictures that it does not
// take: the text arrives, once, with its markup and buttons.
func TestPictureRefused(t *testing.T) {
	for _, c := range []struct {
		picture *bot.Picture
		why     string
	}{
		{drawn(t), "Bad Request: IMAGE_PROCESS_FAILED"},
		{drawn(t), "Bad Request: PHOTO_INVALID_DIMENSIONS"},
		{drawn(t), "Bad Request: not enough rights to send photos to the chat"},
		{drawn(t), "Bad Request: CHAT_SEND_PHOTOS_FORBIDDEN"},
		{drawn(t), "Forbidden: CHAT_SEND_MEDIA_FORBIDDEN"},
		{&bot.Picture{URL: "https://pictures.example.org/a.jpg"}, "Bad Request: wrong link preview URL specified"},
	} {
		s := telegramtest.New(t, telegramtest.Hooks{})
		method, code := "sendPhoto", "400"
		if c.picture.URL != "" {
			method = "sendMessage"
		}
		if strings.HasPrefix(c.why, "Forbidden") {
			code = "403"
		}
		s.Fail(method, 400, `{"ok":false,"error_code":`+code+`,"description":"`+c.why+`"}`)
		p, log := connect(t, s)
		m := bot.Message{Picture: c.picture, Buttons: [][]bot.Button{{{Label: "Why", Action: "why"}}}, Sections: []bot.Section{{Blocks: []bot.Block{
			{Runs: []bot.Run{{Text: "Talks", Link: "https://news.example.org/"}}}}}}}
		if _, failed := send(t, p, s.Group(), m); failed != nil {
			t.Errorf("%q lost the text: %v", c.why, failed)
		}
		got := s.Shown(s.Group())
		if len(got) != 1 || got[0].Text != "Talks" || got[0].Picture != "" || len(got[0].Links) != 1 || len(got[0].Buttons) != 1 {
			t.Errorf("after %q, shown is %+v", c.why, got)
		}
		secretless(t, "the log", log.String())
	}
}

// TestPictureToNobody has a chat that takes nothing at all.
func TestPictureToNobody(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Hooks{})
	s.AddChat(telegramtest.Chat{ID: telegramtest.GroupID, Type: "supergroup", Bot: "member", Refuses: "Forbidden: bot was kicked from the supergroup chat"})
	p, _ := connect(t, s)
	m := bot.Text("x")
	m.Picture = drawn(t)
	_, failed := send(t, p, s.Group(), m)
	if failed == nil || failed.Class != bot.BadTarget || failed.Method != "sendPhoto" {
		t.Errorf("got %+v, want class %q", failed, bot.BadTarget)
	}
	if n := len(s.Requests("sendMessage")); n != 0 {
		t.Errorf("the text was tried %d times", n)
	}
}

// TestPictureMeetsMigration has a group whose id changed meanwhile.
func TestPictureMeetsMigration(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Hooks{})
	const old, to int64 = -4001, -1001000004001
	s.AddChat(telegramtest.Chat{ID: old, Type: "group", Bot: "member", MigratedTo: to})
	p, _ := connect(t, s)
	m := bot.Text("x")
	m.Picture = drawn(t)
	if _, failed := send(t, p, telegramtest.At(old), m); failed == nil || failed.Class != bot.Moved || failed.Target != telegramtest.At(to) {
		t.Errorf("got %+v, want class %q", failed, bot.Moved)
	}
}
