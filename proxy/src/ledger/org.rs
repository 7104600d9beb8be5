//! The orgs made through this proxy.

use sqlx::SqliteConnection;

use super::{Ledger, LedgerError};

impl Ledger {
    /// Whether this proxy made that org.
    ///
    /// # Errors
    /// The database's.
    pub async fn knows_org(&self, org_id: &str) -> Result<bool, LedgerError> {
        let found: Option<i32> = sqlx::query_scalar("SELECT 1 FROM org WHERE org_id = $1")
            .bind(org_id)
            .fetch_optional(self.pool())
            .await?;
        Ok(found.is_some())
    }

    /// The org of that external id.
    ///
    /// # Errors
    /// The database's.
    pub async fn org_of(&self, external_id: &str) -> Result<Option<String>, LedgerError> {
        Ok(
            sqlx::query_scalar("SELECT org_id FROM org WHERE external_id = $1")
                .bind(external_id)
                .fetch_optional(self.pool())
                .await?,
        )
    }
}

pub(super) async fn add(
    connection: &mut SqliteConnection,
    org_id: &str,
    external_id: &str,
) -> Result<(), LedgerError> {
    sqlx::query("INSERT INTO org (org_id, external_id) VALUES ($1, $2)")
        .bind(org_id)
        .bind(external_id)
        .execute(connection)
        .await?;
    Ok(())
}
