-- Every write to the platform, from before it is sent until its answer is understood. Creating an org stands under the
-- empty scope, with the partner's external id as its key; all else under the org's id.
CREATE TABLE operation (
    id            INTEGER NOT NULL PRIMARY KEY,
    scope         TEXT NOT NULL,
    key           TEXT NOT NULL,
    operation     TEXT NOT NULL,
    -- SHA-256 of what was asked: tells a repeat from another request under the same key.
    fingerprint   TEXT NOT NULL,
    -- What the caller calls the contents that are done; null where he said nothing of versions.
    version       TEXT,
    -- intent, sent, done, failed, unknown
    state         TEXT NOT NULL,
    -- An earlier attempt may have happened; stays true until one is known to be done.
    doubt         BOOLEAN NOT NULL,
    -- How many attempts may have happened without an answer that could be read.
    unanswered    BIGINT NOT NULL DEFAULT 0,
    sealed_answer BLOB,
    -- Of the last attempt that is known to be done: a change that is under way leaves it.
    result        TEXT,
    created_at    TEXT NOT NULL,
    updated_at    TEXT NOT NULL,
    -- Which proxy was at it last, and how often somebody took it up: two never carry it out at once.
    holder        BIGINT,
    attempt       BIGINT NOT NULL,
    UNIQUE (scope, key)
);

CREATE TABLE org (
    org_id      TEXT NOT NULL PRIMARY KEY,
    external_id TEXT NOT NULL UNIQUE
);

CREATE TABLE org_key (
    id          INTEGER NOT NULL PRIMARY KEY,
    org_id      TEXT NOT NULL REFERENCES org (org_id),
    name        TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    sealed      BLOB NOT NULL,
    created_at  TEXT NOT NULL,
    UNIQUE (org_id, fingerprint)
);

-- Keys that may have been made without their answer arriving: nobody holds them, somebody should revoke them.
CREATE TABLE lost_key (
    id      INTEGER NOT NULL PRIMARY KEY,
    org_id  TEXT NOT NULL REFERENCES org (org_id),
    name    TEXT NOT NULL,
    lost_at TEXT NOT NULL
);

-- One known text under the sealing key: tells at start whether this is the key the ledger was sealed with.
CREATE TABLE seal (
    id     INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    sealed BLOB NOT NULL
);

-- The other proxies at work on this ledger: with SQLite there are none.
CREATE VIEW alive AS SELECT 0 AS holder WHERE FALSE;

-- Each thing that was done, in order, with a hash over the row and the hash before it. Rows are only ever added.
CREATE TABLE event (
    seq        BIGINT NOT NULL PRIMARY KEY,
    at         TEXT NOT NULL,
    who        TEXT NOT NULL,
    request_id TEXT NOT NULL,
    scope      TEXT NOT NULL,
    key        TEXT NOT NULL,
    operation  TEXT NOT NULL,
    state      TEXT NOT NULL,
    detail     TEXT NOT NULL,
    hash       TEXT NOT NULL
);
CREATE INDEX event_of ON event (scope, key, seq);

-- The last event: who adds one holds this row until it is committed, so that there are no gaps.
CREATE TABLE journal_end (
    id   INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    seq  BIGINT NOT NULL,
    hash TEXT NOT NULL
);
INSERT INTO journal_end (id, seq, hash) VALUES (1, 0, '');

-- Who is signed in, by the hash of what the cookie holds; until when, in Unix seconds.
CREATE TABLE session (
    id     TEXT NOT NULL PRIMARY KEY,
    caller TEXT NOT NULL,
    until  BIGINT NOT NULL
);

-- The assertions that were exchanged for one, for as long as they would be good again.
CREATE TABLE spent (
    id    TEXT NOT NULL PRIMARY KEY,
    until BIGINT NOT NULL
);

-- Batches of customers: carried on until they are over, whatever happens to the page or the process that began them.
CREATE TABLE batch (
    id               INTEGER NOT NULL PRIMARY KEY,
    batch_id         TEXT NOT NULL UNIQUE,
    -- Who began it, with his Idempotency-Key and the SHA-256 of what he asked.
    owner            TEXT NOT NULL,
    key              TEXT NOT NULL,
    fingerprint      TEXT NOT NULL,
    -- running, stopping, stopped, finished
    state            TEXT NOT NULL,
    -- Why it was stopped: failures, aborted.
    stopped          TEXT,
    in_flight        BIGINT NOT NULL,
    tolerate         BIGINT NOT NULL,
    skip_unsupported BIGINT NOT NULL,
    prune            BIGINT NOT NULL,
    created_at       TEXT NOT NULL,
    updated_at       TEXT NOT NULL,
    -- Which proxy drives it, and how often one took it up: two never drive it at once.
    holder           BIGINT,
    attempt          BIGINT NOT NULL,
    UNIQUE (owner, key)
);

CREATE TABLE batch_row (
    batch       BIGINT NOT NULL REFERENCES batch (id),
    -- From 0, in the order of the specs.
    place       BIGINT NOT NULL,
    external_id TEXT NOT NULL,
    -- waiting, running, done, failed
    state       TEXT NOT NULL,
    -- What the customer is to be, with its people's data; gone once it is done.
    sealed_spec BLOB,
    -- Each step with what came of it.
    steps       TEXT,
    error       TEXT,
    updated_at  TEXT NOT NULL,
    PRIMARY KEY (batch, place)
);
