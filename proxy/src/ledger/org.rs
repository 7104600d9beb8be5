//! The orgs made through this proxy.

use sqlx::AnyConnection;

use super::entry::entry;
use super::{Entry, Ledger, LedgerError};

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

    /// The external id of that org.
    ///
    /// # Errors
    /// The database's.
    pub async fn external_id_of(&self, org_id: &str) -> Result<Option<String>, LedgerError> {
        Ok(
            sqlx::query_scalar("SELECT external_id FROM org WHERE org_id = $1")
                .bind(org_id)
                .fetch_optional(self.pool())
                .await?,
        )
    }

    /// The entries of orgs in the order of their external ids, those after one of them.
    ///
    /// # Errors
    /// The database's.
    pub async fn orgs(&self, after: &str, limit: u32) -> Result<Vec<Entry>, LedgerError> {
        let rows = sqlx::query(
            "SELECT key, operation, state, version, result FROM operation
             WHERE scope = '' AND key > $1 ORDER BY key LIMIT $2",
        )
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(self.pool())
        .await?;
        rows.iter().map(entry).collect()
    }
}

pub(super) async fn add(
    connection: &mut AnyConnection,
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
