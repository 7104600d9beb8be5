//! What a person says of an org of which nobody knows whether it was made.

use super::{Ledger, LedgerError, Note, State, now};

impl Ledger {
    /// Notes that it was not made (`failed`: its external id is free again), or is `left` as it is. False: its outcome is not
    /// unknown.
    ///
    /// # Errors
    /// The database's.
    pub async fn settle_org(&self, external_id: &str, state: State) -> Result<bool, LedgerError> {
        let mut transaction = self.writer().begin().await?;
        let settled = sqlx::query(
            "UPDATE operation SET state = $1, doubt = (doubt AND $2), updated_at = $3
             WHERE scope = '' AND key = $4 AND state IN ('unknown', 'left')",
        )
        .bind(state.as_str())
        .bind(state == State::Left)
        .bind(now())
        .bind(external_id)
        .execute(&mut *transaction)
        .await?;
        if settled.rows_affected() == 0 {
            return Ok(false);
        }
        let note = Note {
            scope: "",
            key: external_id,
            operation: "org",
            state: state.as_str(),
            detail: "settled",
        };
        self.commit(transaction, note).await?;
        Ok(true)
    }
}
