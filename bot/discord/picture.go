package discord

import (
	"bytes"
	"context"
	"errors"
	"strings"

	"github.com/bwmarrin/discordgo"

	"tidings/bot"
)

// altLimit is the longest description of an attachment, in UTF-16 units.
const altLimit = 1024

// attachment describes a file that is sent beside a message.
type attachment struct {
	ID          string `json:"id"` // the number of the file in the request
	Filename    string `json:"filename"`
	Description string `json:"description,omitempty"`
}

// attach is a picture as an embed shows it, or nil. Its file is attached.
func (b *body) attach(p *bot.Picture) *discordgo.MessageEmbedImage {
	if !p.Uploads() {
		if address := p.Address(); address != "" {
			return &discordgo.MessageEmbedImage{URL: address}
		}
		return nil
	}
	name := "picture." + strings.TrimPrefix(p.Type, "image/")
	b.file = p
	b.Attachments = []attachment{{ID: "0", Filename: name, Description: shortened(bot.Clean(p.Alt), altLimit)}}
	return &discordgo.MessageEmbedImage{URL: "attachment://" + name}
}

// shortened is as much of a text as a limit of UTF-16 units lets stand.
func shortened(text string, limit int) string {
	n := 0
	for i, r := range text {
		if n += units(string(r)); n > limit {
			return text[:i]
		}
	}
	return text
}

// withoutPicture is the message with its text alone, and whether it had a picture.
func (b body) withoutPicture() (body, bool) {
	if len(b.Embeds) == 0 || b.Embeds[0].Image == nil {
		return b, false
	}
	b.Embeds = []*discordgo.MessageEmbed{{Description: b.Embeds[0].Description}}
	b.Attachments, b.file = []attachment{}, nil
	return b, true
}

// show makes a request that holds a message, as in puts it; and once more
// without the message's picture when that may be what was refused. Nothing was
// created then.
func (p *Platform) show(ctx context.Context, name, method, endpoint string, b body, in func(body) any, out any) error {
	err := p.upload(ctx, name, method, endpoint, in(b), b.file, out)
	text, pictured := b.withoutPicture()
	var refused *bot.SendError
	if !pictured || !errors.As(err, &refused) || (refused.Class != bot.BadMessage && refused.Class != bot.BadTarget) {
		return err
	}
	p.log.Warn("Discord refused a message with a picture; sending the text alone", "why", refused.Why)
	return p.call(ctx, name, method, endpoint, in(text), out)
}

// itself is a message as the whole body of a request.
func itself(b body) any { return b }

// upload is call with a file beside the body, unless it is nil.
func (p *Platform) upload(ctx context.Context, name, method, endpoint string, in any, file *bot.Picture, out any) error {
	if file == nil {
		return p.call(ctx, name, method, endpoint, in, out)
	}
	kind, payload, err := discordgo.MultipartBodyWithJSON(in, []*discordgo.File{{
		Name: "picture." + strings.TrimPrefix(file.Type, "image/"), ContentType: file.Type, Reader: bytes.NewReader(file.File),
	}})
	if err != nil {
		return &bot.SendError{Class: bot.BadMessage, Method: name, Why: "the request cannot be written as JSON"}
	}
	return p.request(ctx, name, method, endpoint, kind, payload, out)
}
