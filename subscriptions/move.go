package subscriptions

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// MoveChat gives a chat a new id, and all that hangs on it, within a
// transaction. Threads move with their chat.
func MoveChat(ctx context.Context, tx *sql.Tx, from, to Chat) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO chat (id, platform, kind, title, zone, length, language, quiet, silence, pictures, paused, page, created)
		SELECT $2 || substr(id, length($1) + 1), platform, kind, title, zone, chat.length, language, quiet, silence, pictures, paused, page, created
		FROM chat WHERE (id = $1 OR substr(id, 1, length($1) + 1) = $1 || '/') ON CONFLICT (id) DO NOTHING`,
		from.String(), to.String())
	if err != nil {
		return fmt.Errorf("move a chat: %w", err)
	}
	// What hangs on a chat moves, unless the new chat has the same already.
	for table, same := range map[string]string{
		"subscription": "other.topic_id = subscription.topic_id",
		"shown":        "other.story_id = shown.story_id",
		"story_mark":   "other.story_id = story_mark.story_id",
		"vote":         "other.topic_id = vote.topic_id AND other.article_id = vote.article_id",
	} {
		_, err := tx.ExecContext(ctx, strings.ReplaceAll(`
			UPDATE TABLE SET chat_id = $2 || substr(chat_id, length($1) + 1)
			WHERE (chat_id = $1 OR substr(chat_id, 1, length($1) + 1) = $1 || '/') AND NOT EXISTS (
				SELECT 1 FROM TABLE other WHERE `+same+` AND other.chat_id = $2 || substr(TABLE.chat_id, length($1) + 1))`,
			"TABLE", table), from.String(), to.String())
		if err == nil {
			_, err = tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE chat_id = $1 OR substr(chat_id, 1, length($1) + 1) = $1 || '/'`, from.String())
		}
		if err != nil {
			return fmt.Errorf("move a chat: %w", err)
		}
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM chat WHERE id = $1 OR substr(id, 1, length($1) + 1) = $1 || '/'`, from.String())
	if err != nil {
		return fmt.Errorf("move a chat: %w", err)
	}
	return nil
}
