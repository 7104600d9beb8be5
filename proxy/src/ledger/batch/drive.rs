//! What who drives a batch writes down. Each write is fenced by the attempt: whoever was given up by the others, because the
//! database did not hear of him, finds that the batch is no longer his.

use super::super::{Ledger, LedgerError, now};
use super::{Batch, BatchState, RowState, batch_scope, code, note, place};
use serde_json::Value;

/// A batch that is this proxy's to drive.
#[derive(Debug, Clone)]
pub struct Taken {
    /// As it stood when it was taken.
    pub batch: Batch,
    attempt: i64,
}

/// What came of a customer.
#[derive(Debug)]
pub struct Ended {
    /// `done`, `failed`, or `waiting` if something else cut him off.
    pub state: RowState,
    /// Each step with what came of it.
    pub steps: Value,
    /// Of a failed one: `{ code, message, retryable }`.
    pub error: Option<Value>,
}

impl Ledger {
    /// The batches that are not over and that no other proxy drives: number, and how often one was taken up.
    ///
    /// # Errors
    /// The database's.
    pub async fn unattended_batches(&self) -> Result<Vec<(i64, i64)>, LedgerError> {
        Ok(sqlx::query_as(
            "SELECT CAST(id AS BIGINT) AS id, attempt FROM batch
             WHERE state IN ('running', 'stopping')
                 AND (holder IS NULL OR holder = $1 OR holder NOT IN (SELECT holder FROM alive))
             ORDER BY id",
        )
        .bind(self.holder())
        .fetch_all(self.pool())
        .await?)
    }

    /// Takes a batch, unless another proxy drives it or it is over. Within this process the caller sees to it that he is
    /// alone.
    ///
    /// # Errors
    /// The database's.
    pub async fn take_batch(&self, number: i64) -> Result<Option<Taken>, LedgerError> {
        let taken: Option<(String, i64)> = sqlx::query_as(
            "UPDATE batch SET holder = $1, attempt = attempt + 1
             WHERE id = $2 AND state IN ('running', 'stopping')
                 AND (holder IS NULL OR holder = $1 OR holder NOT IN (SELECT holder FROM alive))
             RETURNING batch_id, attempt",
        )
        .bind(self.holder())
        .bind(number)
        .fetch_optional(self.writer())
        .await?;
        let Some((batch_id, attempt)) = taken else {
            return Ok(None);
        };
        let batch = self.batch(&batch_id).await?;
        Ok(batch.map(|batch| Taken { batch, attempt }))
    }

    /// Whether somebody has asked for its stop, or it is no longer this proxy's.
    ///
    /// # Errors
    /// The database's.
    pub async fn is_to_stop(&self, taken: &Taken) -> Result<bool, LedgerError> {
        let goes_on: Option<i32> =
            sqlx::query_scalar("SELECT 1 FROM batch WHERE id = $1 AND attempt = $2 AND state = 'running'")
                .bind(taken.batch.id)
                .bind(taken.attempt)
                .fetch_optional(self.pool())
                .await?;
        Ok(goes_on.is_none())
    }

    /// The customers who still have their turn, in their order: place and external id.
    ///
    /// # Errors
    /// The database's.
    pub async fn open_rows(&self, taken: &Taken) -> Result<Vec<(i64, String)>, LedgerError> {
        Ok(sqlx::query_as(
            "SELECT place, external_id FROM batch_row WHERE batch = $1 AND state IN ('waiting', 'running') ORDER BY place",
        )
        .bind(taken.batch.id)
        .fetch_all(self.pool())
        .await?)
    }

    /// A customer has his turn; gives what he is to be.
    ///
    /// # Errors
    /// The database's, or the batch is no longer this proxy's.
    pub async fn begin_row(
        &self,
        taken: &Taken,
        number: i64,
        external_id: &str,
    ) -> Result<Value, LedgerError> {
        let mut transaction = self.writer().begin().await?;
        let sealed: Option<Vec<u8>> = sqlx::query_scalar(
            "UPDATE batch_row SET state = 'running', updated_at = $1
             WHERE batch = $2 AND place = $3 AND EXISTS (SELECT 1 FROM batch WHERE id = $2 AND attempt = $4)
             RETURNING sealed_spec",
        )
        .bind(now())
        .bind(taken.batch.id)
        .bind(number)
        .bind(taken.attempt)
        .fetch_optional(&mut *transaction)
        .await?;
        let sealed = sealed.ok_or_else(no_longer_ours)?;
        let scope = batch_scope(&taken.batch.batch_id);
        let begun = note(&scope, external_id, RowState::Running.as_str(), "");
        self.commit(transaction, begun).await?;
        let spec = self
            .seal()
            .open(&place(&taken.batch.batch_id, number), &sealed)
            .map_err(|_| LedgerError::new("a sealed spec does not open"))?;
        serde_json::from_slice(&spec).map_err(|_| LedgerError::new("a sealed spec is not JSON"))
    }

    /// A customer has had his turn. The spec of one who is done goes.
    ///
    /// # Errors
    /// The database's, or the batch is no longer this proxy's.
    pub async fn end_row(
        &self,
        taken: &Taken,
        number: i64,
        external_id: &str,
        ended: &Ended,
    ) -> Result<(), LedgerError> {
        let mut transaction = self.writer().begin().await?;
        let turned = sqlx::query(
            "UPDATE batch_row SET state = $1, steps = $2, error = $3, updated_at = $4,
                 sealed_spec = CASE WHEN $1 = 'done' THEN NULL ELSE sealed_spec END
             WHERE batch = $5 AND place = $6 AND EXISTS (SELECT 1 FROM batch WHERE id = $5 AND attempt = $7)",
        )
        .bind(ended.state.as_str())
        .bind(ended.steps.to_string())
        .bind(ended.error.as_ref().map(Value::to_string))
        .bind(now())
        .bind(taken.batch.id)
        .bind(number)
        .bind(taken.attempt)
        .execute(&mut *transaction)
        .await?;
        if turned.rows_affected() == 0 {
            return Err(no_longer_ours());
        }
        let scope = batch_scope(&taken.batch.batch_id);
        let detail = ended.error.as_ref().map_or("", code);
        self.commit(
            transaction,
            note(&scope, external_id, ended.state.as_str(), detail),
        )
        .await
    }

    /// Lets go of a batch: it is over, or for whoever comes next. Those who were under way wait again.
    ///
    /// # Errors
    /// The database's, or the batch is no longer this proxy's.
    pub async fn leave_batch(
        &self,
        taken: &Taken,
        over: Option<(BatchState, Option<&str>)>,
    ) -> Result<(), LedgerError> {
        let mut transaction = self.writer().begin().await?;
        sqlx::query(
            "UPDATE batch_row SET state = 'waiting', updated_at = $1
             WHERE batch = $2 AND state = 'running' AND EXISTS (SELECT 1 FROM batch WHERE id = $2 AND attempt = $3)",
        )
        .bind(now())
        .bind(taken.batch.id)
        .bind(taken.attempt)
        .execute(&mut *transaction)
        .await?;
        let left = sqlx::query(
            "UPDATE batch SET holder = NULL, updated_at = $1,
                 state = CASE WHEN $2 = '' THEN state ELSE $2 END, stopped = $3
             WHERE id = $4 AND attempt = $5",
        )
        .bind(now())
        .bind(over.map_or("", |(state, _)| state.as_str()))
        .bind(over.and_then(|(_, why)| why))
        .bind(taken.batch.id)
        .bind(taken.attempt)
        .execute(&mut *transaction)
        .await?;
        if left.rows_affected() == 0 {
            return Err(no_longer_ours());
        }
        let Some((state, why)) = over else {
            return Ok(transaction.commit().await?);
        };
        let scope = batch_scope(&taken.batch.batch_id);
        let told = note(&scope, "", state.as_str(), why.unwrap_or_default());
        self.commit(transaction, told).await
    }
}

fn no_longer_ours() -> LedgerError {
    LedgerError::new("a batch is no longer this proxy's")
}
