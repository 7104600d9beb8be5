//! What was asked of the platform and what came of it, in SQLite. A write is in here before it is sent.

mod entry;
mod org;
mod org_key;
mod state;
mod write;

use std::fmt;
use std::path::Path;
use std::time::Duration;

use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

pub use entry::Entry;
pub use state::State;
use state::{Known, Turn};
pub use write::{Claim, Finished, NewKey, Write};

use crate::seal::Seal;

/// A failure of the database itself. What it says is for the log; values are never in it.
#[derive(Debug)]
pub struct LedgerError(String);

impl LedgerError {
    fn new(what: &str) -> Self {
        LedgerError(what.to_owned())
    }
}

impl fmt::Display for LedgerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<sqlx::Error> for LedgerError {
    fn from(error: sqlx::Error) -> Self {
        LedgerError(error.to_string())
    }
}

/// The ledger of one proxy.
#[derive(Clone)]
pub struct Ledger {
    pool: SqlitePool,
    seal: Seal,
}

impl Ledger {
    /// Opens or makes the database, brings it to this version, and turns what a crash has left as `sent` into
    /// `unknown`.
    ///
    /// # Errors
    /// One line for people.
    pub async fn open(path: &Path, seal: Seal) -> Result<Self, String> {
        let shown = path.display();
        // FULL: an intent that is lost with the power would be sent twice.
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            // A raw answer is sealed, but once it is read it need not stay at all.
            .pragma("secure_delete", "ON")
            .busy_timeout(Duration::from_secs(10));
        let pool = SqlitePoolOptions::new()
            .max_connections(4)
            .connect_with(options)
            .await
            .map_err(|error| format!("The ledger {shown} cannot be opened: {error}."))?;
        sqlx::migrate!("migrations/sqlite").run(&pool).await.map_err(|error| {
            format!("The ledger {shown} does not fit this version ({error}). An older proxy cannot use a newer ledger.")
        })?;
        let ledger = Ledger { pool, seal };
        let unreadable = |error| format!("The ledger {shown} cannot be read: {error}.");
        if !ledger.knows_seal().await.map_err(unreadable)? {
            return Err(format!(
                "The ledger {shown} was sealed with another key. Put that key back (OPENCX_PROXY_SEAL_KEY, or seal.key \
                 in the data folder), or start anew with another OPENCX_PROXY_DATA."
            ));
        }
        let left = ledger.forget_running().await.map_err(unreadable)?;
        if left > 0 {
            tracing::warn!(
                left,
                "calls were cut off by the last stop; their outcome is unknown until they are repeated"
            );
        }
        Ok(ledger)
    }

    /// True for a new ledger, which takes this seal as its own.
    async fn knows_seal(&self) -> Result<bool, LedgerError> {
        let mark: Option<Vec<u8>> = sqlx::query_scalar("SELECT sealed FROM seal WHERE id = 1")
            .fetch_optional(&self.pool)
            .await?;
        if let Some(mark) = mark {
            return Ok(self.seal.made(&mark));
        }
        let mark = self
            .seal
            .mark()
            .map_err(|_| LedgerError::new("no randomness for a seal"))?;
        sqlx::query("INSERT INTO seal (id, sealed) VALUES (1, $1)")
            .bind(mark)
            .execute(&self.pool)
            .await?;
        Ok(true)
    }

    /// Ends all use of the database.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    fn pool(&self) -> &SqlitePool {
        &self.pool
    }

    fn seal(&self) -> &Seal {
        &self.seal
    }
}

fn now() -> String {
    jiff::Timestamp::now().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[tokio::test]
    async fn a_raw_answer_that_is_read_does_not_stay() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.db");
        let ledger = Ledger::open(&path, Seal::new(&[7; 32])).await.unwrap();
        let write = Write {
            scope: "org".into(),
            key: "k".into(),
            operation: "org-key",
            fingerprint: String::new(),
            version: None,
            again: false,
        };
        ledger.claim(&write).await.unwrap();
        ledger.keep_answer(&write, b"the raw answer").await.unwrap();
        let sealed: Vec<u8> = sqlx::query_scalar("SELECT sealed_answer FROM operation")
            .fetch_one(ledger.pool())
            .await
            .unwrap();
        // Into the file itself, out of the log beside it.
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
            .execute(ledger.pool())
            .await
            .unwrap();
        let on_disk = || std::fs::read(&path).unwrap();
        assert!(on_disk().windows(sealed.len()).any(|bytes| bytes == sealed));
        ledger.finish(&write, &Finished::of(json!({}))).await.unwrap();
        ledger.close().await;
        assert!(!on_disk().windows(sealed.len()).any(|bytes| bytes == sealed));
        // Nor a part of it that a shorter row has left.
        assert!(
            !on_disk()
                .windows(16)
                .any(|bytes| sealed.windows(16).any(|part| part == bytes))
        );
    }
}
