-- Every write to the platform, from before it is sent until its answer is understood. Creating an org stands under the
-- empty scope, with the partner's external id as its key; all else under the org's id.
CREATE TABLE operation (
    scope         TEXT NOT NULL,
    key           TEXT NOT NULL,
    operation     TEXT NOT NULL,
    fingerprint   TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('sent', 'done', 'failed', 'unknown')),
    sealed_answer BLOB,
    result        TEXT,
    updated_at    TEXT NOT NULL,
    PRIMARY KEY (scope, key)
);

CREATE TABLE org (
    org_id      TEXT NOT NULL PRIMARY KEY,
    external_id TEXT NOT NULL UNIQUE
);

CREATE TABLE org_key (
    org_id      TEXT NOT NULL REFERENCES org (org_id),
    fingerprint TEXT NOT NULL,
    sealed      BLOB NOT NULL,
    created_at  TEXT NOT NULL,
    PRIMARY KEY (org_id, fingerprint)
);

-- One known text under the sealing key: tells at start whether this is the key the ledger was sealed with.
CREATE TABLE seal (
    id     INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    sealed BLOB NOT NULL
);
