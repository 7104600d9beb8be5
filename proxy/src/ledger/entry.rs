//! What the ledger tells of a write.

use serde_json::Value;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Ledger, LedgerError, Note, State, now};

/// One write, as callers see it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Idempotency key, or external id.
    pub key: String,
    /// Which operation.
    pub operation: String,
    /// Where it stands.
    pub state: State,
    /// What the caller called the contents that are done.
    pub version: Option<String>,
    /// What came of it, once it is done; of a change under way, what was there before.
    pub result: Option<Value>,
}

impl Ledger {
    /// All entries of a scope, oldest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn entries(&self, scope: &str) -> Result<Vec<Entry>, LedgerError> {
        let rows = sqlx::query(
            "SELECT key, operation, state, version, result FROM operation WHERE scope = $1 ORDER BY id",
        )
        .bind(scope)
        .fetch_all(self.pool())
        .await?;
        rows.iter().map(entry).collect()
    }

    /// What was made is removed: its key is free again, for whatever comes.
    ///
    /// # Errors
    /// The database's.
    pub async fn forget(&self, scope: &str, id: &str) -> Result<(), LedgerError> {
        for entry in self.entries(scope).await? {
            if entry
                .result
                .is_some_and(|result| result.get("id").is_some_and(|made| made == id))
            {
                let mut transaction = self.writer().begin().await?;
                sqlx::query(
                    "UPDATE operation SET state = 'failed', doubt = FALSE, result = NULL, version = NULL, updated_at = $1
                     WHERE scope = $2 AND key = $3",
                )
                .bind(now())
                .bind(scope)
                .bind(&entry.key)
                .execute(&mut *transaction)
                .await?;
                let note = Note {
                    scope,
                    key: &entry.key,
                    operation: &entry.operation,
                    state: "removed",
                    detail: "",
                };
                self.commit(transaction, note).await?;
            }
        }
        Ok(())
    }

    /// One entry.
    ///
    /// # Errors
    /// The database's.
    pub async fn entry(&self, scope: &str, key: &str) -> Result<Option<Entry>, LedgerError> {
        let row = sqlx::query(
            "SELECT key, operation, state, version, result FROM operation WHERE scope = $1 AND key = $2",
        )
        .bind(scope)
        .bind(key)
        .fetch_optional(self.pool())
        .await?;
        row.as_ref().map(entry).transpose()
    }
}

pub(super) fn entry(row: &AnyRow) -> Result<Entry, LedgerError> {
    let result: Option<&str> = row.try_get("result")?;
    Ok(Entry {
        key: row.try_get("key")?,
        operation: row.try_get("operation")?,
        state: State::parse(row.try_get("state")?),
        version: row.try_get("version")?,
        result: result
            .map(serde_json::from_str)
            .transpose()
            .map_err(|_| LedgerError::new("a recorded result is not JSON"))?,
    })
}
