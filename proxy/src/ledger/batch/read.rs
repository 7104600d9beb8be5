//! What the ledger tells of batches.

use serde_json::Value;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::super::{Ledger, LedgerError};
use super::{BatchState, RowState};

/// A batch, without its customers.
#[derive(Debug, Clone)]
pub struct Batch {
    /// The ledger's own number.
    pub id: i64,
    /// The public id.
    pub batch_id: String,
    /// Who began it; empty where nobody was named.
    pub owner: String,
    /// Where it stands.
    pub state: BatchState,
    /// Why it was stopped: `failures`, `aborted`.
    pub stopped: Option<String>,
    /// Customers at the same time.
    pub in_flight: usize,
    /// Failures that do not stop it.
    pub tolerate: usize,
    /// Leave out what the platform cannot do.
    pub skip_unsupported: bool,
    /// Remove what the specs do not ask for.
    pub prune: bool,
    /// RFC 3339.
    pub created_at: String,
    /// Likewise.
    pub updated_at: String,
    /// Its customers, counted.
    pub counts: Counts,
}

/// Customers by where they stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Who have not had their turn.
    pub waiting: usize,
    /// Who have it.
    pub running: usize,
    /// Who are as their spec says.
    pub done: usize,
    /// Who are not.
    pub failed: usize,
}

/// A customer of a batch.
#[derive(Debug, Clone)]
pub struct Row {
    /// From 0, in the order of the specs.
    pub place: i64,
    /// Whose.
    pub external_id: String,
    /// Where he stands.
    pub state: RowState,
    /// Each step with what came of it, once there was one.
    pub steps: Option<Value>,
    /// Of a failed one.
    pub error: Option<Value>,
}

const COLUMNS: &str = "SELECT CAST(id AS BIGINT) AS id, batch_id, owner, state, stopped, in_flight, tolerate, \
                       skip_unsupported, prune, created_at, updated_at, \
                       (SELECT COUNT(*) FROM batch_row WHERE batch = batch.id AND state = 'waiting') AS waiting, \
                       (SELECT COUNT(*) FROM batch_row WHERE batch = batch.id AND state = 'running') AS running, \
                       (SELECT COUNT(*) FROM batch_row WHERE batch = batch.id AND state = 'done') AS done, \
                       (SELECT COUNT(*) FROM batch_row WHERE batch = batch.id AND state = 'failed') AS failed \
                       FROM batch";

impl Ledger {
    /// The batch of that id.
    ///
    /// # Errors
    /// The database's.
    pub async fn batch(&self, batch_id: &str) -> Result<Option<Batch>, LedgerError> {
        let query = format!("{COLUMNS} WHERE batch_id = $1");
        let row = sqlx::query(sqlx::AssertSqlSafe(query))
            .bind(batch_id)
            .fetch_optional(self.pool())
            .await?;
        row.as_ref().map(batch).transpose()
    }

    /// Batches, the latest first, those before one of them; `before` 0: from the latest on.
    ///
    /// # Errors
    /// The database's.
    pub async fn batches(&self, before: i64, limit: u32) -> Result<Vec<Batch>, LedgerError> {
        let query = format!("{COLUMNS} WHERE id < $1 OR $1 = 0 ORDER BY id DESC LIMIT $2");
        let rows = sqlx::query(sqlx::AssertSqlSafe(query))
            .bind(before)
            .bind(i64::from(limit))
            .fetch_all(self.pool())
            .await?;
        rows.iter().map(batch).collect()
    }

    /// The external ids of a batch.
    ///
    /// # Errors
    /// The database's.
    pub async fn batch_customers(&self, batch: &Batch) -> Result<Vec<String>, LedgerError> {
        Ok(
            sqlx::query_scalar("SELECT external_id FROM batch_row WHERE batch = $1")
                .bind(batch.id)
                .fetch_all(self.pool())
                .await?,
        )
    }

    /// The customers of a batch from a place on, in their order.
    ///
    /// # Errors
    /// The database's.
    pub async fn batch_rows(&self, batch: &Batch, from: i64, limit: u32) -> Result<Vec<Row>, LedgerError> {
        let rows = sqlx::query(
            "SELECT place, external_id, state, steps, error FROM batch_row
             WHERE batch = $1 AND place >= $2 ORDER BY place LIMIT $3",
        )
        .bind(batch.id)
        .bind(from)
        .bind(i64::from(limit))
        .fetch_all(self.pool())
        .await?;
        rows.iter().map(row).collect()
    }
}

fn batch(row: &AnyRow) -> Result<Batch, LedgerError> {
    let count = |name| {
        row.try_get::<i64, _>(name)
            .map(|count| usize::try_from(count).unwrap_or_default())
    };
    Ok(Batch {
        id: row.try_get("id")?,
        batch_id: row.try_get("batch_id")?,
        owner: row.try_get("owner")?,
        state: BatchState::parse(row.try_get("state")?),
        stopped: row.try_get("stopped")?,
        in_flight: count("in_flight")?,
        tolerate: count("tolerate")?,
        skip_unsupported: count("skip_unsupported")? == 1,
        prune: count("prune")? == 1,
        created_at: row.try_get("created_at")?,
        updated_at: row.try_get("updated_at")?,
        counts: Counts {
            waiting: count("waiting")?,
            running: count("running")?,
            done: count("done")?,
            failed: count("failed")?,
        },
    })
}

fn row(row: &AnyRow) -> Result<Row, LedgerError> {
    let json = |name| -> Result<Option<Value>, LedgerError> {
        row.try_get::<Option<&str>, _>(name)?
            .map(serde_json::from_str)
            .transpose()
            .map_err(|_| LedgerError::new("what came of a customer is not JSON"))
    };
    Ok(Row {
        place: row.try_get("place")?,
        external_id: row.try_get("external_id")?,
        state: RowState::parse(row.try_get("state")?),
        steps: json("steps")?,
        error: json("error")?,
    })
}
