//! The journal: one row for each thing that was done, in order, each with a hash over itself and the row before it. It is
//! the audit ("who did what, when"), and what pages are told of progress. Rows are only ever added.

use serde::Serialize;
use sha2::{Digest, Sha256};
use sqlx::any::AnyRow;
use sqlx::{Any, AnyConnection, AnyPool, Executor, Row};
use tokio::sync::watch;

use super::{Database, LedgerError, now};
use crate::asker::Asker;

/// What is noted.
#[derive(Debug, Clone, Copy)]
pub struct Note<'a> {
    /// Empty for creating an org, otherwise the org's id.
    pub scope: &'a str,
    /// External id, or idempotency key.
    pub key: &'a str,
    /// `org`, `training`, …
    pub operation: &'a str,
    /// Where it stands now.
    pub state: &'a str,
    /// An error's code, or nothing.
    pub detail: &'a str,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Event {
    /// From 1 on, without a gap.
    pub seq: i64,
    /// RFC 3339.
    pub at: String,
    /// Who asked; empty where nobody was named, or the proxy itself did it.
    pub who: String,
    /// The request it came with.
    pub request_id: String,
    /// Empty for creating an org, otherwise the org's id.
    pub scope: String,
    /// External id, or idempotency key.
    pub key: String,
    /// `org`, `training`, …
    pub operation: String,
    /// Where it stood then.
    pub state: String,
    /// An error's code, or nothing.
    pub detail: String,
}

impl Event {
    /// The row's hash: of all it says and of the hash before it. As JSON, so that no two rows spell alike.
    fn hash(&self, before: &str) -> Result<String, LedgerError> {
        let whole =
            serde_json::to_vec(&(before, self)).map_err(|_| LedgerError::new("an event is no JSON"))?;
        Ok(hex::encode(Sha256::digest(whole)))
    }
}

/// What the check of the chain finds.
#[derive(Debug, PartialEq, Eq)]
pub enum Chain {
    /// All rows are as they were written.
    Whole {
        /// Of the last row; 0 for an empty journal.
        seq: i64,
        /// Its hash.
        hash: String,
    },
    /// That row is not: it was changed, or a row before it was taken away or put in.
    Broken {
        /// The first that does not fit.
        seq: i64,
    },
}

/// Its last row; number 0 of an empty one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    seq: i64,
    hash: String,
}

/// The journal, to read.
#[derive(Clone)]
pub struct Journal {
    pub(super) pool: AnyPool,
    /// As far as this process knows; `None` before it has written anything.
    pub(super) end: watch::Sender<Option<End>>,
}

pub(super) const COLUMNS: &str = "seq, at, who, request_id, scope, key, operation, state, detail, hash";
/// Rows read at a time.
const PAGE: i64 = 500;

impl Journal {
    /// Of a database that no ledger was opened on.
    pub fn of(database: &Database) -> Self {
        Journal::new(database.pool.clone())
    }

    pub(super) fn new(pool: AnyPool) -> Self {
        Journal {
            pool,
            end: watch::Sender::new(None),
        }
    }

    /// Where it ends, as far as this process knows.
    pub(super) fn end(&self) -> Option<End> {
        self.end.borrow().clone()
    }

    /// What was committed is news.
    pub(super) fn tell(&self, end: End) {
        self.end.send_if_modified(|latest| {
            let newer = latest.as_ref().is_none_or(|latest| end.seq > latest.seq);
            if newer {
                *latest = Some(end);
            }
            newer
        });
    }

    /// Goes through all rows from the first one on.
    ///
    /// # Errors
    /// The database's.
    pub async fn verify(&self) -> Result<Chain, LedgerError> {
        let (mut seq, mut hash) = (0, String::new());
        let mut missing = None;
        let query = format!("SELECT {COLUMNS} FROM event WHERE seq > $1 ORDER BY seq LIMIT $2");
        loop {
            let rows = sqlx::query(sqlx::AssertSqlSafe(query.as_str()))
                .bind(seq)
                .bind(PAGE)
                .fetch_all(&self.pool)
                .await?;
            if rows.is_empty() {
                // Rows taken away at the end leave a chain that fits: but not its end.
                let end = read_end(&self.pool).await?;
                if (end.seq, &end.hash) == (seq, &hash) {
                    return Ok(Chain::Whole { seq, hash });
                }
                // One that was added meanwhile is there at the second look.
                if missing.as_ref() == Some(&end) {
                    return Ok(Chain::Broken { seq: seq + 1 });
                }
                missing = Some(end);
            }
            for row in &rows {
                let (event, written) = event(row)?;
                if event.seq != seq + 1 || event.hash(&hash)? != written {
                    return Ok(Chain::Broken { seq: event.seq });
                }
                (seq, hash) = (event.seq, written);
            }
        }
    }

    /// The hash of a row.
    ///
    /// # Errors
    /// The database's.
    pub async fn hash_of(&self, seq: i64) -> Result<Option<String>, LedgerError> {
        Ok(sqlx::query_scalar("SELECT hash FROM event WHERE seq = $1")
            .bind(seq)
            .fetch_optional(&self.pool)
            .await?)
    }
}

/// Adds a row, and gives the new end. It comes with what it tells of, in one transaction, as the last statement of it: others that
/// add wait for the row of its number. `end` is where the journal is thought to end; if another proxy has added since, it is read anew.
pub(super) async fn append(
    connection: &mut AnyConnection,
    end: Option<End>,
    note: Note<'_>,
) -> Result<End, LedgerError> {
    let mut thought = end;
    loop {
        let end = match thought.take() {
            Some(end) => end,
            None => read_end(&mut *connection).await?,
        };
        let asker = Asker::current();
        let event = Event {
            seq: end.seq + 1,
            at: now(),
            who: asker.who.to_string(),
            request_id: asker.request_id.to_string(),
            scope: note.scope.to_owned(),
            key: note.key.to_owned(),
            operation: note.operation.to_owned(),
            state: note.state.to_owned(),
            detail: note.detail.to_owned(),
        };
        let (seq, hash) = (event.seq, event.hash(&end.hash)?);
        let added = sqlx::query(
            "INSERT INTO event (seq, at, who, request_id, scope, key, operation, state, detail, hash)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (seq) DO NOTHING",
        )
        .bind(seq)
        .bind(event.at)
        .bind(event.who)
        .bind(event.request_id)
        .bind(event.scope)
        .bind(event.key)
        .bind(event.operation)
        .bind(event.state)
        .bind(event.detail)
        .bind(&hash)
        .execute(&mut *connection)
        .await?;
        if added.rows_affected() > 0 {
            return Ok(End { seq, hash });
        }
    }
}

/// A trigger keeps it.
async fn read_end(database: impl Executor<'_, Database = Any>) -> Result<End, LedgerError> {
    let (seq, hash) = sqlx::query_as("SELECT CAST(seq AS BIGINT) AS seq, hash FROM journal_end WHERE id = 1")
        .fetch_one(database)
        .await?;
    Ok(End { seq, hash })
}

pub(super) fn event(row: &AnyRow) -> Result<(Event, String), LedgerError> {
    let event = Event {
        seq: row.try_get("seq")?,
        at: row.try_get("at")?,
        who: row.try_get("who")?,
        request_id: row.try_get("request_id")?,
        scope: row.try_get("scope")?,
        key: row.try_get("key")?,
        operation: row.try_get("operation")?,
        state: row.try_get("state")?,
        detail: row.try_get("detail")?,
    };
    Ok((event, row.try_get("hash")?))
}
