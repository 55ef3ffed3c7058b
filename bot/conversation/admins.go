package conversation

import (
	"context"
	"maps"
	"slices"

	"tidings/bot"
	"tidings/subscriptions"
)

// SetAdmins says who may do everything in every chat, as platform:id.
func (v *Conversation) SetAdmins(users map[string]bool) { v.admins.Store(&users) }

// admin reports whether a person may do everything in every chat.
func (v *Conversation) admin(u bot.User) bool {
	admins := v.admins.Load()
	return admins != nil && (*admins)[u.Platform+":"+u.ID]
}

func privateChatName(user string) string { return "private chat of " + user }

// noteAdmin remembers where an admin talks to the bot in private.
func (v *Conversation) noteAdmin(ctx context.Context, u bot.Update) {
	if u.Place.Kind != bot.Private || !v.admin(u.User) {
		return
	}
	if err := v.Archive.Remember(ctx, privateChatName(u.User.Platform+":"+u.User.ID), u.Place.Chat.String()); err != nil {
		v.Log.Error("could not store where an admin can be told", "error", err)
	}
}

// AdminChats are the private chats of the admins who have talked to the bot.
func (v *Conversation) AdminChats(ctx context.Context) ([]subscriptions.Chat, error) {
	admins := v.admins.Load()
	if admins == nil {
		return nil, nil
	}
	var chats []subscriptions.Chat
	for _, user := range slices.Sorted(maps.Keys(*admins)) {
		name, err := v.Archive.Recall(ctx, privateChatName(user))
		if err != nil {
			return nil, err
		}
		if chat, ok := subscriptions.ParseChat(name); ok {
			chats = append(chats, chat)
		}
	}
	return chats, nil
}
