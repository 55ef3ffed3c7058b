-- +goose Up

CREATE TABLE feed (
    id            TEXT PRIMARY KEY,
    url           TEXT NOT NULL UNIQUE,
    outlet        TEXT NOT NULL,
    owner         TEXT NOT NULL,
    country       TEXT NOT NULL,
    language      TEXT NOT NULL,
    -- Whether its articles' pages are read.
    full_text     BIGINT NOT NULL DEFAULT 0,
    -- Who added it in a chat; empty when the configuration names it.
    added_by      TEXT NOT NULL DEFAULT '',
    retired       BIGINT NOT NULL DEFAULT 0,
    -- What the last answer gave for the next conditional request.
    etag          TEXT NOT NULL DEFAULT '',
    last_modified TEXT NOT NULL DEFAULT '',
    body_hash     TEXT NOT NULL DEFAULT '',
    -- When the whole was last asked for, without a condition.
    whole         BIGINT NOT NULL DEFAULT 0,
    final_url     TEXT NOT NULL DEFAULT '',
    -- The marks of the items of the last answer, base64.
    marks         TEXT NOT NULL DEFAULT '',
    -- What the feed says about being polled (JSON), and the articles an hour it brings.
    hints         TEXT NOT NULL DEFAULT '',
    rate          DOUBLE PRECISION NOT NULL DEFAULT 0,
    -- Where it is permanently redirected to, how often in a row, and since when.
    moved_to      TEXT NOT NULL DEFAULT '',
    moved_times   BIGINT NOT NULL DEFAULT 0,
    moved_since   BIGINT NOT NULL DEFAULT 0,
    -- The WebSub hub that brings its news, the topic's URL there, until when it will, and when it was asked to.
    hub           TEXT NOT NULL DEFAULT '',
    hub_topic     TEXT NOT NULL DEFAULT '',
    leased        BIGINT NOT NULL DEFAULT 0,
    hub_asked     BIGINT NOT NULL DEFAULT 0,
    -- Where it was first configured, when it was followed to another URL.
    origin_url    TEXT NOT NULL DEFAULT '',
    -- How long the last answer took, in milliseconds, and how many items it had.
    took          BIGINT NOT NULL DEFAULT 0,
    items         BIGINT NOT NULL DEFAULT 0,
    -- When it is polled next, was polled last, and last brought something new.
    next_poll     BIGINT NOT NULL DEFAULT 0,
    polled        BIGINT NOT NULL DEFAULT 0,
    changed       BIGINT NOT NULL DEFAULT 0,
    -- How often it failed in a row, since when, and the last fault in words.
    failures      BIGINT NOT NULL DEFAULT 0,
    failing_since BIGINT NOT NULL DEFAULT 0,
    fault         TEXT NOT NULL DEFAULT '',
    -- Whether the admins were told that it fails.
    told          BIGINT NOT NULL DEFAULT 0,
    gone          BIGINT NOT NULL DEFAULT 0,
    -- How much its owner's voice counts, learned from who was early on what became large.
    weight        DOUBLE PRECISION NOT NULL DEFAULT 1
);
CREATE INDEX feed_due ON feed (next_poll) WHERE retired = 0 AND gone = 0;
CREATE INDEX feed_hub ON feed (leased) WHERE hub <> '';

-- The stories that were merged into another, under whose id they are found. A
-- story is otherwise the articles that have its id.
CREATE TABLE story (
    id     TEXT PRIMARY KEY,
    merged TEXT NOT NULL
);
CREATE INDEX story_merged ON story (merged);

CREATE TABLE article (
    id        TEXT PRIMARY KEY,
    feed_id   TEXT NOT NULL,
    story_id  TEXT NOT NULL,
    -- The article of which this is a copy, else empty.
    copy_of   TEXT NOT NULL DEFAULT '',
    url       TEXT NOT NULL,
    title     TEXT NOT NULL,
    text      TEXT NOT NULL,
    language  TEXT NOT NULL,
    image     TEXT NOT NULL DEFAULT '',
    published BIGINT NOT NULL,
    -- When it reached us; for a feed's first poll, when it was published.
    seen      BIGINT NOT NULL,
    -- Whether article_words has it.
    indexed   BIGINT NOT NULL DEFAULT 0,
    -- 1 when its page is to be read for the full text, 2 when that was tried.
    full_text BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX article_page ON article (seen) WHERE full_text = 1;
CREATE INDEX article_unindexed ON article (seen) WHERE indexed = 0;
CREATE INDEX article_feed ON article (feed_id);
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
    -- 'strict', 'loose', or empty for normal.
    strictness  TEXT NOT NULL DEFAULT '',
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
    needed     DOUBLE PRECISION NOT NULL DEFAULT 0,
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
    -- 'short' or 'long', or empty for neither.
    length   TEXT NOT NULL DEFAULT '',
    -- The language in which a model tells stories, ISO 639-1, or empty for that of the sources.
    language TEXT NOT NULL DEFAULT '',
    -- Hours without a sound, as "22:00-07:00", or empty for none.
    quiet    TEXT NOT NULL DEFAULT '',
    -- Whether nothing is sent when there is nothing new, and whether pictures are wanted.
    silence  BIGINT NOT NULL DEFAULT 0,
    pictures BIGINT NOT NULL DEFAULT 0,
    -- No digest comes before this time.
    paused   BIGINT NOT NULL DEFAULT 0,
    -- What the numbers of the digest shown last stand for (JSON).
    page     TEXT NOT NULL DEFAULT '',
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

-- What a chat wants of one story: 'follow' or 'mute'.
CREATE TABLE story_mark (
    chat_id  TEXT NOT NULL REFERENCES chat (id),
    story_id TEXT NOT NULL,
    -- The topic in whose digests a followed story comes, or empty for any.
    topic_id TEXT NOT NULL,
    mark     TEXT NOT NULL,
    at       BIGINT NOT NULL,
    PRIMARY KEY (chat_id, story_id)
);

-- Which articles a chat wants more or less of in a topic.
CREATE TABLE vote (
    chat_id    TEXT NOT NULL REFERENCES chat (id),
    topic_id   TEXT NOT NULL,
    article_id TEXT NOT NULL,
    more       BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    PRIMARY KEY (chat_id, topic_id, article_id)
);

-- The votes of admins that count for everyone who gets the topic.
CREATE TABLE topic_vote (
    topic_id   TEXT NOT NULL REFERENCES topic (id),
    article_id TEXT NOT NULL,
    more       BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    PRIMARY KEY (topic_id, article_id)
);

-- The stories that admins put above all others.
CREATE TABLE pick (
    story_id TEXT PRIMARY KEY,
    by_user  TEXT NOT NULL,
    at       BIGINT NOT NULL
);

-- What somebody typed and has not yet decided about (JSON).
CREATE TABLE draft (
    id   TEXT PRIMARY KEY,
    text TEXT NOT NULL,
    at   BIGINT NOT NULL
);
CREATE INDEX draft_at ON draft (at);

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
