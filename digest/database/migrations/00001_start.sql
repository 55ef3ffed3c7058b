-- +goose Up

CREATE TABLE feed (
    id            TEXT PRIMARY KEY,
    url           TEXT NOT NULL UNIQUE,
    outlet        TEXT NOT NULL,
    owner         TEXT NOT NULL,
    country       TEXT NOT NULL,
    language      TEXT NOT NULL,
    retired       BIGINT NOT NULL DEFAULT 0,
    -- What the last answer gave for the next conditional request.
    etag          TEXT NOT NULL DEFAULT '',
    last_modified TEXT NOT NULL DEFAULT '',
    body_hash     TEXT NOT NULL DEFAULT '',
    -- When it is polled next, was polled last, and last brought something new.
    next_poll     BIGINT NOT NULL DEFAULT 0,
    polled        BIGINT NOT NULL DEFAULT 0,
    changed       BIGINT NOT NULL DEFAULT 0,
    -- How often it failed in a row, since when, and the last fault in words.
    failures      BIGINT NOT NULL DEFAULT 0,
    failing_since BIGINT NOT NULL DEFAULT 0,
    fault         TEXT NOT NULL DEFAULT '',
    gone          BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX feed_due ON feed (next_poll) WHERE retired = 0 AND gone = 0;

CREATE TABLE story (
    id         TEXT PRIMARY KEY,
    first_seen BIGINT NOT NULL,
    -- The story that this one was merged into, else empty.
    merged     TEXT NOT NULL DEFAULT ''
);

CREATE TABLE article (
    id        TEXT PRIMARY KEY,
    feed_id   TEXT NOT NULL REFERENCES feed (id),
    story_id  TEXT NOT NULL REFERENCES story (id),
    -- The article of which this is a copy, else empty.
    copy_of   TEXT NOT NULL DEFAULT '',
    url       TEXT NOT NULL,
    title     TEXT NOT NULL,
    text      TEXT NOT NULL,
    language  TEXT NOT NULL,
    image     TEXT NOT NULL DEFAULT '',
    published BIGINT NOT NULL,
    -- When it reached us; for a feed's first poll, when it was published.
    seen      BIGINT NOT NULL
);
CREATE INDEX article_story ON article (story_id);
CREATE INDEX article_seen ON article (seen);

CREATE TABLE topic (
    id          TEXT PRIMARY KEY,
    -- folded is the name as it is compared.
    name        TEXT NOT NULL,
    folded      TEXT NOT NULL UNIQUE,
    query       TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    -- Codes separated by commas, or empty for all.
    languages   TEXT NOT NULL DEFAULT '',
    schedule    TEXT NOT NULL DEFAULT '',
    -- 'config', or the chat that made it.
    origin      TEXT NOT NULL,
    created     BIGINT NOT NULL,
    retired     BIGINT NOT NULL DEFAULT 0
);

-- Which articles belong to which topic, and the words that counted (JSON).
CREATE TABLE topic_article (
    topic_id   TEXT NOT NULL REFERENCES topic (id),
    article_id TEXT NOT NULL REFERENCES article (id),
    score      DOUBLE PRECISION NOT NULL,
    terms      TEXT NOT NULL,
    seen       BIGINT NOT NULL,
    PRIMARY KEY (topic_id, article_id)
);
CREATE INDEX topic_article_seen ON topic_article (topic_id, seen);
CREATE INDEX topic_article_article ON topic_article (article_id);

CREATE TABLE chat (
    id       TEXT PRIMARY KEY,
    platform TEXT NOT NULL,
    kind     TEXT NOT NULL,
    title    TEXT NOT NULL,
    -- IANA name, or empty for the configured default.
    zone     TEXT NOT NULL DEFAULT '',
    -- Why nothing can be sent there, else empty.
    closed   TEXT NOT NULL DEFAULT '',
    created  BIGINT NOT NULL
);

CREATE TABLE subscription (
    id       TEXT PRIMARY KEY,
    chat_id  TEXT NOT NULL REFERENCES chat (id),
    topic_id TEXT NOT NULL REFERENCES topic (id),
    schedule TEXT NOT NULL,
    -- The end of the window of the last edition; the next begins there.
    covered  BIGINT NOT NULL DEFAULT 0,
    next_due BIGINT NOT NULL,
    created  BIGINT NOT NULL,
    UNIQUE (chat_id, topic_id)
);
CREATE INDEX subscription_due ON subscription (next_due);
CREATE INDEX subscription_topic ON subscription (topic_id);

-- What a chat was shown of a story: how many owners then, and which sentences (JSON).
CREATE TABLE shown (
    chat_id   TEXT NOT NULL REFERENCES chat (id),
    story_id  TEXT NOT NULL,
    owners    BIGINT NOT NULL,
    sentences TEXT NOT NULL,
    at        BIGINT NOT NULL,
    PRIMARY KEY (chat_id, story_id)
);
CREATE INDEX shown_at ON shown (at);

-- One digest that is due for one subscription.
CREATE TABLE edition (
    id              TEXT PRIMARY KEY,
    subscription_id TEXT NOT NULL,
    chat_id         TEXT NOT NULL,
    topic_id        TEXT NOT NULL,
    due             BIGINT NOT NULL,
    since           BIGINT NOT NULL,
    until           BIGINT NOT NULL,
    -- queued, written, or dropped.
    state           TEXT NOT NULL,
    stories         BIGINT NOT NULL DEFAULT 0,
    UNIQUE (subscription_id, due)
);
CREATE INDEX edition_queued ON edition (due) WHERE state = 'queued';
CREATE INDEX edition_chat ON edition (chat_id, due);

-- The outbox: one message that is to be sent once.
CREATE TABLE part (
    id         TEXT PRIMARY KEY,
    chat_id    TEXT NOT NULL,
    edition_id TEXT NOT NULL DEFAULT '',
    -- Parts of one chat are sent in this order.
    position   BIGINT NOT NULL,
    message    TEXT NOT NULL,
    -- pending, sending, sent, failed or uncertain.
    state      TEXT NOT NULL,
    attempts   BIGINT NOT NULL DEFAULT 0,
    created    BIGINT NOT NULL,
    started    BIGINT NOT NULL DEFAULT 0,
    finished   BIGINT NOT NULL DEFAULT 0,
    message_id TEXT NOT NULL DEFAULT '',
    fault      TEXT NOT NULL DEFAULT ''
);
CREATE INDEX part_open ON part (chat_id, position) WHERE state = 'pending' OR state = 'sending';
CREATE INDEX part_edition ON part (edition_id);

-- Small things that the program remembers between runs, by name.
CREATE TABLE memory (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
