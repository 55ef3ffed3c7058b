-- +goose Up

-- The stories that were cut off from another, and under which ids what they report
-- was told before: a chat that was shown one knows it.
CREATE TABLE split (
    story_id TEXT NOT NULL,
    origin   TEXT NOT NULL,
    PRIMARY KEY (story_id, origin)
);
CREATE INDEX split_origin ON split (origin);
