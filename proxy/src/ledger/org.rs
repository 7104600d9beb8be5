//! The orgs made through this proxy.

use super::{Ledger, LedgerError};

impl Ledger {
    /// Whether this proxy made that org.
    ///
    /// # Errors
    /// The database's.
    pub async fn knows_org(&self, org_id: &str) -> Result<bool, LedgerError> {
        let found: Option<i64> = sqlx::query_scalar("SELECT 1 FROM org WHERE org_id = ?")
            .bind(org_id)
            .fetch_optional(&self.pool)
            .await?;
        Ok(found.is_some())
    }

    /// The org of that external id.
    ///
    /// # Errors
    /// The database's.
    pub async fn org_of(&self, external_id: &str) -> Result<Option<String>, LedgerError> {
        Ok(sqlx::query_scalar("SELECT org_id FROM org WHERE external_id = ?")
            .bind(external_id)
            .fetch_optional(&self.pool)
            .await?)
    }
}
