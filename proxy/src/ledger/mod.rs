//! What was asked of the platform and what came of it, in SQLite or PostgreSQL. A write is in here before it is sent.

mod batch;
mod claim;
mod count;
mod database;
mod entry;
mod events;
mod journal;
mod look;
mod org;
mod org_key;
mod presence;
mod reseal;
mod retention;
mod session;
mod settle;
mod state;
mod transfer;
mod write;

use std::fmt;

use sqlx::{Any, AnyPool, Transaction};

pub use batch::{Batch, BatchState, Begun, Ended, NewBatch, NewRow, Row, RowState, Taken, batch_scope};
pub use claim::{Claim, Known, Recorded};
use database::seal_mark;
pub use database::{Database, FILE};
pub use entry::Entry;
pub use journal::{Chain, End, Event, Journal, Note};
pub use look::{Look, Version};
use presence::Presence;
pub use session::Session;
pub use state::State;
use state::{STATES, Standing, Turn};
pub use write::{Finished, NewKey, Write};

use crate::seal::Seal;
use crate::seal_key;

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

/// The ledger, as one proxy uses it.
#[derive(Clone)]
pub struct Ledger {
    pool: AnyPool,
    writer: AnyPool,
    journal: Journal,
    seal: Seal,
    presence: Presence,
}

impl Ledger {
    /// Takes the database into use, and turns what a crash has left as `sent` into `unknown`.
    ///
    /// # Errors
    /// One line for people.
    pub async fn open(database: Database, seal: Seal) -> Result<Self, String> {
        let Database {
            pool,
            writer,
            shared,
            shown,
        } = database;
        let ledger = Ledger {
            journal: Journal::new(pool.clone()),
            pool,
            writer,
            seal,
            presence: Presence::default(),
        };
        let unreadable = |error| format!("The ledger {shown} cannot be read: {error}.");
        if !ledger.knows_seal().await.map_err(unreadable)? {
            return Err(seal_key::does_not_fit());
        }
        let ours = match &shared {
            Some(options) => Some(ledger.presence.take(options).await.map_err(unreadable)?),
            None => None,
        };
        let left = ledger.forget_running().await.map_err(unreadable)?;
        if left > 0 {
            tracing::warn!(
                left,
                "calls were cut off by the last stop; their outcome is unknown until they are repeated"
            );
        }
        if let (Some(connection), Some(options)) = (ours, shared) {
            ledger.presence.keep(connection, options, ledger.clone());
        }
        Ok(ledger)
    }

    /// True for a new ledger, which takes this seal as its own.
    async fn knows_seal(&self) -> Result<bool, LedgerError> {
        if let Some(mark) = seal_mark(&self.pool).await? {
            return Ok(self.seal.made(&mark));
        }
        let mark = self
            .seal
            .mark()
            .map_err(|_| LedgerError::new("no randomness for a seal"))?;
        sqlx::query("INSERT INTO seal (id, sealed) VALUES (1, $1) ON CONFLICT DO NOTHING")
            .bind(mark)
            .execute(&self.writer)
            .await?;
        // Another proxy may have been first.
        let mark = seal_mark(&self.pool).await?;
        Ok(mark.is_some_and(|mark| self.seal.made(&mark)))
    }

    /// Ends all use of the database.
    pub async fn close(&self) {
        self.presence.end().await;
        self.pool.close().await;
        self.writer.close().await;
    }

    /// Its database, to read.
    pub fn pool(&self) -> &AnyPool {
        &self.pool
    }

    /// All that was done, in order.
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Adds to the journal what leaves nothing else in the ledger.
    ///
    /// # Errors
    /// The database's.
    pub async fn note(&self, note: Note<'_>) -> Result<(), LedgerError> {
        let transaction = self.writer().begin().await?;
        self.commit(transaction, note).await
    }

    /// Commits a change with the row of the journal that tells of it, and tells those who wait for news.
    async fn commit(&self, mut transaction: Transaction<'_, Any>, note: Note<'_>) -> Result<(), LedgerError> {
        let end = journal::append(&mut transaction, self.journal.end(), note).await?;
        transaction.commit().await?;
        self.journal.tell(end);
        Ok(())
    }

    /// Its database, to change.
    fn writer(&self) -> &AnyPool {
        &self.writer
    }

    /// Which proxy this is, to the database.
    fn holder(&self) -> i64 {
        self.presence.number()
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
        let database = Database::sqlite(&path).await.unwrap();
        let ledger = Ledger::open(database, Seal::new(&[7; 32])).await.unwrap();
        let write = Write {
            scope: "org".into(),
            key: "k".into(),
            operation: "org-key",
            fingerprint: String::new(),
            version: None,
            again: false,
        };
        let Claim::Free(known) = ledger.look(&write).await.unwrap() else {
            panic!("it is free");
        };
        assert!(ledger.take_up(&write, &known, State::Sent).await.unwrap());
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
