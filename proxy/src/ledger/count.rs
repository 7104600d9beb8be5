//! How many writes the ledger holds, by state; and whether it answers at all.

use sqlx::Row;

use super::{Ledger, LedgerError, STATES, State};

impl Ledger {
    /// Whether the database answers, and has the ledger.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn ping(&self) -> Result<(), LedgerError> {
        sqlx::query("SELECT CAST(id AS BIGINT) FROM seal")
            .fetch_one(self.pool())
            .await?;
        Ok(())
    }

    /// Each state there is, with the number of writes in it.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn count(&self) -> Result<Vec<(&'static str, i64)>, LedgerError> {
        let rows = sqlx::query("SELECT state, COUNT(*) AS writes FROM operation GROUP BY state")
            .fetch_all(self.pool())
            .await?;
        let mut counts = STATES.map(|(_, state)| (state, 0));
        for row in rows {
            let state = State::parse(row.try_get("state")?).as_str();
            for (name, count) in &mut counts {
                if *name == state {
                    *count += row.try_get::<i64, _>("writes")?;
                }
            }
        }
        Ok(counts.into())
    }
}
