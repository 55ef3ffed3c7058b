-- +goose Up

-- The URLs of the feeds whose articles the topic may have, one a line, or empty for all.
ALTER TABLE topic ADD COLUMN feeds TEXT NOT NULL DEFAULT '';

-- Which feeds brought an article after the one that it has.
CREATE TABLE brought (
    article_id TEXT NOT NULL,
    feed_id    TEXT NOT NULL,
    PRIMARY KEY (article_id, feed_id)
);
