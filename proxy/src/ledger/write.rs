//! One write to the platform on its way: `sent` → `done` | `failed` | `unknown`, each step committed.

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use sqlx::Row;

use super::journal::{Note, append};
use super::{Known, Ledger, LedgerError, State, now};
use crate::secret_bytes::SecretBytes;

/// Which write it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Write {
    /// Empty for creating an org, otherwise the org's id.
    pub scope: String,
    /// External id, or idempotency key.
    pub key: String,
    /// `org`, `org-key`, `crawl`, `training`, `invitation`, …
    pub operation: &'static str,
    /// SHA-256 of the checked body.
    pub fingerprint: String,
    /// What the caller calls these contents; with one, other contents under the same key are a change.
    pub version: Option<String>,
    /// The caller has seen that the platform has the thing no longer: the record does not stand for it.
    pub again: bool,
}

impl Write {
    /// An org is known by its external id alone, whatever else is said of it.
    pub fn bound_to_body(&self) -> bool {
        !self.scope.is_empty()
    }

    /// What the sealed answer is bound to.
    pub(super) fn place(&self) -> String {
        answer_place(&self.scope, &self.key)
    }

    fn note<'a>(&'a self, state: State, detail: &'a str) -> Note<'a> {
        Note {
            scope: &self.scope,
            key: &self.key,
            operation: self.operation,
            state: state.as_str(),
            detail,
        }
    }
}

/// What a finished write leaves.
#[derive(Debug)]
pub struct Finished {
    /// Shown to callers; holds no secret.
    pub result: Value,
    /// The new org's id, for `org`.
    pub org_id: Option<String>,
    /// The new key, for `org-key`.
    pub org_key: Option<NewKey>,
    /// The whole answer, for the caller.
    pub answer: Option<Answer>,
}

/// An answer that is passed on as it is.
#[derive(Debug)]
pub struct Answer {
    /// The platform's.
    pub bytes: SecretBytes,
    /// A repeat gets it too: it is sealed. Otherwise it is this caller's alone.
    pub kept: bool,
}

/// A key that was made.
#[derive(Debug)]
pub struct NewKey {
    /// The key itself.
    pub key: SecretString,
    /// Its label.
    pub name: String,
    /// First 12 hex digits of its SHA-256.
    pub fingerprint: String,
}

impl Finished {
    /// Nothing but a result.
    pub fn of(result: Value) -> Self {
        Finished {
            result,
            org_id: None,
            org_key: None,
            answer: None,
        }
    }

    /// An answer, and nothing beside it.
    pub fn passed_on(answer: &[u8], kept: bool) -> Self {
        let answer = Answer {
            bytes: answer.to_vec().into(),
            kept,
        };
        Finished {
            answer: Some(answer),
            ..Finished::of(Value::Null)
        }
    }
}

impl Ledger {
    /// Commits that the write is `sent`, before it is; or as `intent`, when no call is needed for it. False: another proxy was
    /// faster.
    ///
    /// # Errors
    /// The database's.
    pub async fn take_up(&self, write: &Write, known: &Known, state: State) -> Result<bool, LedgerError> {
        let mut transaction = self.writer().begin().await?;
        let taken = sqlx::query(
            "INSERT INTO operation
                 (scope, key, operation, fingerprint, state, doubt, created_at, updated_at, holder, attempt)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, 1)
             ON CONFLICT (scope, key) DO UPDATE SET operation = excluded.operation,
                 fingerprint = excluded.fingerprint, state = excluded.state, doubt = excluded.doubt,
                 updated_at = excluded.updated_at, holder = excluded.holder, attempt = operation.attempt + 1,
                 unanswered = operation.unanswered + CASE WHEN operation.state = 'sent' THEN 1 ELSE 0 END
             WHERE operation.attempt = $9",
        )
        .bind(&write.scope)
        .bind(&write.key)
        .bind(write.operation)
        .bind(&write.fingerprint)
        .bind(state.as_str())
        .bind(known.doubt)
        .bind(now())
        .bind(self.holder())
        .bind(known.attempt)
        .execute(&mut *transaction)
        .await?;
        if taken.rows_affected() == 0 {
            return Ok(false);
        }
        self.commit(transaction, write.note(state, "")).await?;
        Ok(true)
    }

    fn seal_answer(&self, write: &Write, answer: &[u8]) -> Result<Vec<u8>, LedgerError> {
        self.seal()
            .seal(&write.place(), answer)
            .map_err(|_| LedgerError::new("an answer cannot be sealed"))
    }

    /// Commits that a write did not succeed: it `failed`, or is `unknown`. `certain`: this attempt did nothing.
    ///
    /// # Errors
    /// The database's.
    pub async fn give_up(
        &self,
        write: &Write,
        state: State,
        certain: bool,
        code: &str,
    ) -> Result<(), LedgerError> {
        let mut transaction = self.writer().begin().await?;
        let turned = sqlx::query(
            "UPDATE operation SET state = $1, doubt = (doubt OR $2), unanswered = unanswered + $7, updated_at = $3
             WHERE scope = $4 AND key = $5 AND state <> 'done' AND holder = $6",
        )
        .bind(state.as_str())
        .bind(state == State::Unknown)
        .bind(now())
        .bind(&write.scope)
        .bind(&write.key)
        .bind(self.holder())
        .bind(i64::from(!certain))
        .execute(&mut *transaction)
        .await?;
        only_ours(turned.rows_affected())?;
        self.commit(transaction, write.note(state, code)).await
    }

    /// Seals and commits a raw answer, before anybody reads it.
    ///
    /// # Errors
    /// The database's.
    pub async fn keep_answer(&self, write: &Write, answer: &[u8]) -> Result<(), LedgerError> {
        let sealed = self.seal_answer(write, answer)?;
        let kept = sqlx::query(
            "UPDATE operation SET sealed_answer = $1, updated_at = $2 WHERE scope = $3 AND key = $4 AND holder = $5",
        )
        .bind(sealed)
        .bind(now())
        .bind(&write.scope)
        .bind(&write.key)
        .bind(self.holder())
        .execute(self.writer())
        .await?;
        only_ours(kept.rows_affected())
    }

    /// Commits what came of it, all or nothing. The raw answer of an org stays: no call reads it again. Of the others one that
    /// is kept for repeats.
    ///
    /// # Errors
    /// The database's.
    pub async fn finish(&self, write: &Write, finished: &Finished) -> Result<(), LedgerError> {
        let mut transaction = self.writer().begin().await?;
        if let Some(org_id) = &finished.org_id {
            super::org::add(&mut transaction, org_id, &write.key).await?;
        }
        if let Some(NewKey {
            key,
            name,
            fingerprint,
        }) = &finished.org_key
        {
            let sealed = self.seal_org_key(&write.scope, fingerprint, key.expose_secret())?;
            super::org_key::note_lost(&mut transaction, &write.scope, name, &write.key).await?;
            super::org_key::add(&mut transaction, &write.scope, name, fingerprint, sealed).await?;
        }
        let kept = finished.answer.as_ref().filter(|answer| answer.kept);
        let kept = kept
            .map(|answer| self.seal_answer(write, &answer.bytes))
            .transpose()?;
        let done = sqlx::query(
            "UPDATE operation SET state = 'done', doubt = FALSE, unanswered = 0, result = $1, updated_at = $2, version = $5,
                 sealed_answer = CASE WHEN operation = 'org' THEN sealed_answer ELSE $7 END
             WHERE scope = $3 AND key = $4 AND holder = $6",
        )
        .bind(finished.result.to_string())
        .bind(now())
        .bind(&write.scope)
        .bind(&write.key)
        .bind(&write.version)
        .bind(self.holder())
        .bind(kept)
        .execute(&mut *transaction)
        .await?;
        only_ours(done.rows_affected())?;
        self.commit(transaction, write.note(State::Done, "")).await
    }

    /// After a stop nobody is at a `sent` any more: its outcome is unknown. An `intent` needed no call: it failed, unless an
    /// attempt before it is in doubt. What another proxy is at stays. Gives the number of the former.
    pub(super) async fn forget_running(&self) -> Result<u64, LedgerError> {
        let mut transaction = self.writer().begin().await?;
        let mut unknown = 0;
        let mut end = None;
        for (state, which) in [
            (State::Unknown, "(state = 'sent' OR (state = 'intent' AND doubt))"),
            (State::Failed, "state = 'intent' AND NOT doubt"),
        ] {
            let cut_off = format!(
                "UPDATE operation SET state = $1, doubt = (doubt OR $2),
                     unanswered = unanswered + CASE WHEN state = 'sent' THEN 1 ELSE 0 END
                 WHERE {which} AND (holder IS NULL OR holder NOT IN (SELECT holder FROM alive))
                 RETURNING scope, key, operation"
            );
            let rows = sqlx::query(sqlx::AssertSqlSafe(cut_off))
                .bind(state.as_str())
                .bind(state == State::Unknown)
                .fetch_all(&mut *transaction)
                .await?;
            for row in &rows {
                let note = Note {
                    scope: row.try_get("scope")?,
                    key: row.try_get("key")?,
                    operation: row.try_get("operation")?,
                    state: state.as_str(),
                    detail: "cut-off",
                };
                end = Some(append(&mut transaction, end, note).await?);
            }
            if state == State::Unknown {
                unknown = rows.len() as u64;
            }
        }
        transaction.commit().await?;
        if let Some(end) = end {
            self.journal().tell(end);
        }
        Ok(unknown)
    }
}

/// What the sealed answer of that write is bound to.
pub(super) fn answer_place(scope: &str, key: &str) -> String {
    format!("answer/{scope}/{key}")
}

/// A proxy that lost its database for a while may find that another one has taken its write up.
fn only_ours(rows: u64) -> Result<(), LedgerError> {
    if rows == 1 {
        return Ok(());
    }
    Err(LedgerError::new("a write is no longer this proxy's"))
}
