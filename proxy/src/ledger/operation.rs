//! One write to the platform and its state: `sent` → `done` | `failed` | `unknown`.

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use sqlx::{Row, SqliteConnection};

use super::{Ledger, LedgerError, now};

/// Where a write stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Committed before the call; the call may be under way.
    Sent,
    /// Its answer is understood.
    Done,
    /// It certainly did nothing.
    Failed,
    /// It may or may not have happened.
    Unknown,
}

impl State {
    /// As the ledger and the protocol spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Sent => "sent",
            State::Done => "done",
            State::Failed => "failed",
            State::Unknown => "unknown",
        }
    }

    fn parse(text: &str) -> Self {
        match text {
            "sent" => State::Sent,
            "done" => State::Done,
            "failed" => State::Failed,
            _ => State::Unknown,
        }
    }
}

/// Which write it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Write {
    /// Empty for creating an org, otherwise the org's id.
    pub scope: String,
    /// External id, or idempotency key.
    pub key: String,
    /// `org`, `org-key`, `crawl`, `training`, `invitation`.
    pub operation: &'static str,
    /// SHA-256 of the checked body.
    pub fingerprint: String,
}

impl Write {
    /// What the sealed answer is bound to.
    fn place(&self) -> String {
        format!("answer/{}/{}", self.scope, self.key)
    }
}

/// What a caller gets who wants to carry out a write.
#[derive(Debug)]
pub enum Claim {
    /// It is his. `unknown`: an earlier attempt may have happened; `answer` is what came back then, if anything.
    Ours {
        /// See above.
        unknown: bool,
        /// See above.
        answer: Option<Vec<u8>>,
    },
    /// It was done before, with this result.
    Done(Value),
    /// Somebody is at it.
    Running,
    /// The key stands for another body.
    Mismatch,
}

/// What a finished write leaves.
#[derive(Debug)]
pub struct Finished {
    /// Shown to callers; holds no secret.
    pub result: Value,
    /// The new org's id, for `org`.
    pub org_id: Option<String>,
    /// The new key with its fingerprint, for `org-key`.
    pub org_key: Option<(SecretString, String)>,
}

/// One entry, as callers see it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Idempotency key.
    pub key: String,
    /// Which operation.
    pub operation: String,
    /// Where it stands.
    pub state: State,
    /// What came of it.
    pub result: Option<Value>,
}

impl Ledger {
    /// Commits the intent, or says why it is not the caller's to carry out. Of many callers exactly one gets it.
    ///
    /// # Errors
    /// The database's.
    pub async fn claim(&self, write: &Write) -> Result<Claim, LedgerError> {
        let inserted = sqlx::query(
            "INSERT INTO operation (scope, key, operation, fingerprint, state, updated_at)
             VALUES (?, ?, ?, ?, 'sent', ?) ON CONFLICT (scope, key) DO NOTHING",
        )
        .bind(&write.scope)
        .bind(&write.key)
        .bind(write.operation)
        .bind(&write.fingerprint)
        .bind(now())
        .execute(&self.pool)
        .await?;
        if inserted.rows_affected() == 1 {
            return Ok(Claim::Ours {
                unknown: false,
                answer: None,
            });
        }
        let row = sqlx::query(
            "SELECT operation, fingerprint, state, result, sealed_answer FROM operation WHERE scope = ? AND key = ?",
        )
        .bind(&write.scope)
        .bind(&write.key)
        .fetch_one(&self.pool)
        .await?;
        let state = State::parse(row.try_get("state")?);
        // An org is known by its external id alone, whatever else is said of it. What failed made nothing, so it may
        // be tried again with another body.
        let same = row.try_get::<&str, _>("operation")? == write.operation
            && row.try_get::<&str, _>("fingerprint")? == write.fingerprint;
        if !same && !write.scope.is_empty() && state != State::Failed {
            return Ok(Claim::Mismatch);
        }
        match state {
            State::Done => Ok(Claim::Done(parse(row.try_get("result")?))),
            State::Sent => Ok(Claim::Running),
            State::Failed | State::Unknown => {
                let sealed: Option<Vec<u8>> = row.try_get("sealed_answer")?;
                let answer = sealed.and_then(|sealed| self.seal.open(&write.place(), &sealed).ok());
                let taken = sqlx::query(
                    "UPDATE operation SET state = 'sent', operation = ?, fingerprint = ?, updated_at = ?
                     WHERE scope = ? AND key = ? AND state = ?",
                )
                .bind(write.operation)
                .bind(&write.fingerprint)
                .bind(now())
                .bind(&write.scope)
                .bind(&write.key)
                .bind(state.as_str())
                .execute(&self.pool)
                .await?;
                let unknown = state == State::Unknown;
                Ok(if taken.rows_affected() == 1 {
                    Claim::Ours { unknown, answer }
                } else {
                    Claim::Running
                })
            }
        }
    }

    /// Seals and commits the raw answer, before anybody reads it.
    ///
    /// # Errors
    /// The database's.
    pub async fn keep_answer(&self, write: &Write, answer: &[u8]) -> Result<(), LedgerError> {
        let sealed = self
            .seal
            .seal(&write.place(), answer)
            .map_err(|_| LedgerError("cannot seal".into()))?;
        sqlx::query("UPDATE operation SET sealed_answer = ?, updated_at = ? WHERE scope = ? AND key = ?")
            .bind(sealed)
            .bind(now())
            .bind(&write.scope)
            .bind(&write.key)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Commits what came of it, all or nothing.
    ///
    /// # Errors
    /// The database's.
    pub async fn finish(&self, write: &Write, finished: &Finished) -> Result<(), LedgerError> {
        let mut transaction = self.pool.begin().await?;
        if let Some(org_id) = &finished.org_id {
            add_org(&mut transaction, org_id, &write.key).await?;
        }
        if let Some((key, fingerprint)) = &finished.org_key {
            let sealed = self.seal_org_key(&write.scope, fingerprint, key.expose_secret())?;
            add_org_key(&mut transaction, &write.scope, fingerprint, sealed).await?;
        }
        sqlx::query(
            "UPDATE operation SET state = 'done', result = ?, sealed_answer = NULL, updated_at = ?
             WHERE scope = ? AND key = ?",
        )
        .bind(finished.result.to_string())
        .bind(now())
        .bind(&write.scope)
        .bind(&write.key)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Commits that it came to nothing, or that nobody knows.
    ///
    /// # Errors
    /// The database's.
    pub async fn give_up(&self, write: &Write, state: State) -> Result<(), LedgerError> {
        sqlx::query(
            "UPDATE operation SET state = ?, updated_at = ? WHERE scope = ? AND key = ? AND state = 'sent'",
        )
        .bind(state.as_str())
        .bind(now())
        .bind(&write.scope)
        .bind(&write.key)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// After a crash nobody waits for a `sent` any more. Gives their number.
    pub(super) async fn forget_running(&self) -> Result<u64, LedgerError> {
        let forgotten = sqlx::query("UPDATE operation SET state = 'unknown' WHERE state = 'sent'")
            .execute(&self.pool)
            .await?;
        Ok(forgotten.rows_affected())
    }

    /// All entries of a scope, oldest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn entries(&self, scope: &str) -> Result<Vec<Entry>, LedgerError> {
        let rows =
            sqlx::query("SELECT key, operation, state, result FROM operation WHERE scope = ? ORDER BY rowid")
                .bind(scope)
                .fetch_all(&self.pool)
                .await?;
        rows.iter().map(entry).collect()
    }

    /// One entry.
    ///
    /// # Errors
    /// The database's.
    pub async fn entry(&self, scope: &str, key: &str) -> Result<Option<Entry>, LedgerError> {
        let row =
            sqlx::query("SELECT key, operation, state, result FROM operation WHERE scope = ? AND key = ?")
                .bind(scope)
                .bind(key)
                .fetch_optional(&self.pool)
                .await?;
        row.as_ref().map(entry).transpose()
    }
}

fn entry(row: &sqlx::sqlite::SqliteRow) -> Result<Entry, LedgerError> {
    let result: Option<&str> = row.try_get("result")?;
    Ok(Entry {
        key: row.try_get("key")?,
        operation: row.try_get("operation")?,
        state: State::parse(row.try_get("state")?),
        result: result.map(parse),
    })
}

/// The ledger's own JSON always parses.
fn parse(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

async fn add_org(
    connection: &mut SqliteConnection,
    org_id: &str,
    external_id: &str,
) -> Result<(), LedgerError> {
    sqlx::query("INSERT INTO org (org_id, external_id) VALUES (?, ?)")
        .bind(org_id)
        .bind(external_id)
        .execute(connection)
        .await?;
    Ok(())
}

async fn add_org_key(
    connection: &mut SqliteConnection,
    org_id: &str,
    fingerprint: &str,
    sealed: Vec<u8>,
) -> Result<(), LedgerError> {
    sqlx::query("INSERT INTO org_key (org_id, fingerprint, sealed, created_at) VALUES (?, ?, ?, ?)")
        .bind(org_id)
        .bind(fingerprint)
        .bind(sealed)
        .bind(now())
        .execute(connection)
        .await?;
    Ok(())
}
