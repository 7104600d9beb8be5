//! A batch begins, is asked to stop, begins again.

use serde_json::Value;
use sqlx::Row as _;

use super::super::{Ledger, LedgerError, now};
use super::{Batch, BatchState, RowState, batch_scope, note, place};

/// A batch that is asked for, checked.
#[derive(Debug)]
pub struct NewBatch {
    /// Its public id.
    pub batch_id: String,
    /// Who asks; empty where nobody was named.
    pub owner: String,
    /// His Idempotency-Key.
    pub key: String,
    /// SHA-256 of what he asks.
    pub fingerprint: String,
    /// Customers at the same time.
    pub in_flight: u32,
    /// Failures that do not stop it.
    pub tolerate: u32,
    /// Leave out what the platform cannot do.
    pub skip_unsupported: bool,
    /// Remove what the specs do not ask for.
    pub prune: bool,
    /// The customers, in their order.
    pub rows: Vec<NewRow>,
}

/// A customer of it.
#[derive(Debug)]
pub struct NewRow {
    /// Whose.
    pub external_id: String,
    /// What he is to be.
    pub spec: Value,
}

/// What came of a request for a batch.
#[derive(Debug)]
pub enum Begun {
    /// It is committed, under that id.
    Now(Batch),
    /// The same request came before.
    Before(Batch),
    /// The key stands for another request.
    Mismatch,
}

impl Ledger {
    /// Commits a batch with all its customers, before the first of them has his turn.
    ///
    /// # Errors
    /// The database's.
    pub async fn begin_batch(&self, new: &NewBatch) -> Result<Begun, LedgerError> {
        let mut transaction = self.writer().begin().await?;
        let id: Option<i64> = sqlx::query_scalar(
            "INSERT INTO batch (batch_id, owner, key, fingerprint, state, in_flight, tolerate, skip_unsupported, prune,
                 created_at, updated_at, attempt)
             VALUES ($1, $2, $3, $4, 'running', $5, $6, $7, $8, $9, $9, 0)
             ON CONFLICT (owner, key) DO NOTHING RETURNING CAST(id AS BIGINT) AS id",
        )
        .bind(&new.batch_id)
        .bind(&new.owner)
        .bind(&new.key)
        .bind(&new.fingerprint)
        .bind(i64::from(new.in_flight))
        .bind(i64::from(new.tolerate))
        .bind(i64::from(new.skip_unsupported))
        .bind(i64::from(new.prune))
        .bind(now())
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(id) = id else {
            drop(transaction);
            return self.begun_before(new).await;
        };
        for (row, number) in new.rows.iter().zip(0i64..) {
            sqlx::query(
                "INSERT INTO batch_row (batch, place, external_id, state, sealed_spec, updated_at)
                 VALUES ($1, $2, $3, 'waiting', $4, $5)",
            )
            .bind(id)
            .bind(number)
            .bind(&row.external_id)
            .bind(self.seal_spec(&new.batch_id, number, &row.spec)?)
            .bind(now())
            .execute(&mut *transaction)
            .await?;
        }
        let scope = batch_scope(&new.batch_id);
        self.commit(transaction, note(&scope, "", "started", "")).await?;
        match self.batch(&new.batch_id).await? {
            Some(batch) => Ok(Begun::Now(batch)),
            None => Err(LedgerError::new("a batch that was begun is gone")),
        }
    }

    async fn begun_before(&self, new: &NewBatch) -> Result<Begun, LedgerError> {
        let known = sqlx::query("SELECT batch_id, fingerprint FROM batch WHERE owner = $1 AND key = $2")
            .bind(&new.owner)
            .bind(&new.key)
            .fetch_one(self.pool())
            .await?;
        if known.try_get::<&str, _>("fingerprint")? != new.fingerprint {
            return Ok(Begun::Mismatch);
        }
        let batch = self.batch(known.try_get("batch_id")?).await?;
        batch
            .map(Begun::Before)
            .ok_or_else(|| LedgerError::new("a batch that was begun is gone"))
    }

    /// Asks for the stop of a batch that is not over.
    ///
    /// # Errors
    /// The database's.
    pub async fn ask_batch_to_stop(&self, batch: &Batch) -> Result<(), LedgerError> {
        let mut transaction = self.writer().begin().await?;
        let asked =
            sqlx::query("UPDATE batch SET state = $1, updated_at = $2 WHERE id = $3 AND state = 'running'")
                .bind(BatchState::Stopping.as_str())
                .bind(now())
                .bind(batch.id)
                .execute(&mut *transaction)
                .await?;
        if asked.rows_affected() == 1 {
            let (scope, state) = (batch_scope(&batch.batch_id), BatchState::Stopping.as_str());
            self.commit(transaction, note(&scope, "", state, "")).await?;
        }
        Ok(())
    }

    /// Lets a batch that is over begin again, for those who are not done. `corrected`: their places, and what they are to be
    /// instead. False: it was not over.
    ///
    /// # Errors
    /// The database's.
    pub async fn resume_batch(&self, batch: &Batch, corrected: &[(i64, Value)]) -> Result<bool, LedgerError> {
        let mut transaction = self.writer().begin().await?;
        let taken = sqlx::query(
            "UPDATE batch SET state = 'running', stopped = NULL, updated_at = $1
             WHERE id = $2 AND state IN ('stopped', 'finished')",
        )
        .bind(now())
        .bind(batch.id)
        .execute(&mut *transaction)
        .await?;
        if taken.rows_affected() == 0 {
            return Ok(false);
        }
        for (number, spec) in corrected {
            sqlx::query(
                "UPDATE batch_row SET sealed_spec = $1 WHERE batch = $2 AND place = $3 AND state <> 'done'",
            )
            .bind(self.seal_spec(&batch.batch_id, *number, spec)?)
            .bind(batch.id)
            .bind(number)
            .execute(&mut *transaction)
            .await?;
        }
        sqlx::query(
            "UPDATE batch_row SET state = $1, steps = NULL, error = NULL, updated_at = $2
             WHERE batch = $3 AND state = 'failed'",
        )
        .bind(RowState::Waiting.as_str())
        .bind(now())
        .bind(batch.id)
        .execute(&mut *transaction)
        .await?;
        let scope = batch_scope(&batch.batch_id);
        self.commit(transaction, note(&scope, "", "resumed", "")).await?;
        Ok(true)
    }

    fn seal_spec(&self, batch_id: &str, number: i64, spec: &Value) -> Result<Vec<u8>, LedgerError> {
        let text = spec.to_string();
        self.seal()
            .seal(&place(batch_id, number), text.as_bytes())
            .map_err(|_| LedgerError::new("a spec cannot be sealed"))
    }
}
