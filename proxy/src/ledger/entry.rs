//! What the ledger tells of a write.

use serde_json::Value;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::{Ledger, LedgerError, State};

/// One write, as callers see it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Idempotency key, or external id.
    pub key: String,
    /// Which operation.
    pub operation: String,
    /// Where it stands.
    pub state: State,
    /// What came of it, once it is done.
    pub result: Option<Value>,
}

impl Ledger {
    /// All entries of a scope, oldest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn entries(&self, scope: &str) -> Result<Vec<Entry>, LedgerError> {
        let rows =
            sqlx::query("SELECT key, operation, state, result FROM operation WHERE scope = $1 ORDER BY id")
                .bind(scope)
                .fetch_all(self.pool())
                .await?;
        rows.iter().map(entry).collect()
    }

    /// One entry.
    ///
    /// # Errors
    /// The database's.
    pub async fn entry(&self, scope: &str, key: &str) -> Result<Option<Entry>, LedgerError> {
        let row =
            sqlx::query("SELECT key, operation, state, result FROM operation WHERE scope = $1 AND key = $2")
                .bind(scope)
                .bind(key)
                .fetch_optional(self.pool())
                .await?;
        row.as_ref().map(entry).transpose()
    }
}

fn entry(row: &SqliteRow) -> Result<Entry, LedgerError> {
    let result: Option<&str> = row.try_get("result")?;
    Ok(Entry {
        key: row.try_get("key")?,
        operation: row.try_get("operation")?,
        state: State::parse(row.try_get("state")?),
        result: result
            .map(serde_json::from_str)
            .transpose()
            .map_err(|_| LedgerError::new("a recorded result is not JSON"))?,
    })
}
