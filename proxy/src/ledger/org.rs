//! The orgs made through this proxy.

use sqlx::{AnyConnection, AssertSqlSafe};

use super::entry::entry;
use super::{Entry, Ledger, LedgerError};
use crate::caller::Customers;

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

    /// The entries of those customers' orgs in the order of their external ids, those after one of them.
    ///
    /// # Errors
    /// The database's.
    pub async fn orgs(
        &self,
        customers: &Customers,
        after: &str,
        limit: u32,
    ) -> Result<Vec<Entry>, LedgerError> {
        let (names, starts) = (customers.names(), customers.starts());
        let named = (0..names.len()).map(|at| format!("key = ${}", at + 3));
        let begun = (0..starts.len()).map(|at| {
            let number = at + 3 + names.len();
            format!("substr(key, 1, length(${number})) = ${number}")
        });
        let theirs = named.chain(begun).collect::<Vec<_>>().join(" OR ");
        let theirs = match (customers.are_all(), theirs.as_str()) {
            (true, _) => "TRUE",
            (false, "") => return Ok(Vec::new()),
            (false, theirs) => theirs,
        };
        // Nothing but numbers is put in.
        let mut query = sqlx::query(AssertSqlSafe(format!(
            "SELECT key, operation, state, version, result FROM operation
             WHERE scope = '' AND key > $1 AND ({theirs}) ORDER BY key LIMIT $2",
        )))
        .bind(after)
        .bind(i64::from(limit));
        if !customers.are_all() {
            for text in names.into_iter().chain(starts) {
                query = query.bind(text);
            }
        }
        let rows = query.fetch_all(self.pool()).await?;
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
