//! What is not kept for ever: batches that are over, and what was passed on under a key. The journal is.

use sqlx::AssertSqlSafe;

use super::{Ledger, LedgerError, Note};

/// Under which scope the journal has it.
const SCOPE: &str = "retention";

impl Ledger {
    /// Removes the batches that were over before that moment (RFC 3339), with their customers, and the writes of those
    /// operations that nobody was at since. Gives how many batches and writes.
    ///
    /// # Errors
    /// The database's.
    pub async fn forget_before(&self, moment: &str, operations: &[&str]) -> Result<(u64, u64), LedgerError> {
        const OLD: &str = "state IN ('finished', 'stopped') AND updated_at < $1";
        let mut transaction = self.writer().begin().await?;
        let rows = format!("DELETE FROM batch_row WHERE batch IN (SELECT id FROM batch WHERE {OLD})");
        sqlx::query(AssertSqlSafe(rows))
            .bind(moment)
            .execute(&mut *transaction)
            .await?;
        let batches = sqlx::query(AssertSqlSafe(format!("DELETE FROM batch WHERE {OLD}")))
            .bind(moment)
            .execute(&mut *transaction)
            .await?
            .rows_affected();
        // Nothing but numbers is put in.
        let names: Vec<String> = (2..operations.len() + 2).map(|at| format!("${at}")).collect();
        let writes = format!(
            "DELETE FROM operation WHERE updated_at < $1 AND state NOT IN ('intent', 'sent') AND operation IN ({})",
            names.join(", ")
        );
        let mut writes = sqlx::query(AssertSqlSafe(writes)).bind(moment);
        for operation in operations {
            writes = writes.bind(*operation);
        }
        let writes = writes.execute(&mut *transaction).await?.rows_affected();
        if batches + writes == 0 {
            return Ok((0, 0));
        }
        let note = Note {
            scope: SCOPE,
            key: moment,
            operation: SCOPE,
            state: "removed",
            detail: "",
        };
        self.commit(transaction, note).await?;
        Ok((batches, writes))
    }
}
