//! What pages are told of the journal, while things go on.

use sqlx::any::AnyRow;
use tokio::sync::watch;

use super::journal::{COLUMNS, End, event};
use super::{Event, Journal, LedgerError};

impl Journal {
    /// Wakes whoever waits for news of this process. What other proxies on the same database write, it does not tell.
    pub fn news(&self) -> watch::Receiver<Option<End>> {
        self.end.subscribe()
    }

    /// The rows of a scope after `after`.
    ///
    /// # Errors
    /// The database's.
    pub async fn of_scope(&self, scope: &str, after: i64, limit: u32) -> Result<Vec<Event>, LedgerError> {
        let query =
            format!("SELECT {COLUMNS} FROM event WHERE scope = $1 AND seq > $2 ORDER BY seq LIMIT $3");
        let rows = sqlx::query(sqlx::AssertSqlSafe(query))
            .bind(scope)
            .bind(after)
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await?;
        events(&rows)
    }

    /// The rows after `after` of one customer: of his org's making, and of his org once there is one.
    ///
    /// # Errors
    /// The database's.
    pub async fn of_customer(
        &self,
        external_id: &str,
        after: i64,
        limit: u32,
    ) -> Result<Vec<Event>, LedgerError> {
        let query = format!(
            "SELECT {COLUMNS} FROM event
             WHERE seq > $1 AND ((scope = '' AND key = $2)
                 OR scope = (SELECT org_id FROM org WHERE external_id = $2))
             ORDER BY seq LIMIT $3"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(query))
            .bind(after)
            .bind(external_id)
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await?;
        events(&rows)
    }
}

fn events(rows: &[AnyRow]) -> Result<Vec<Event>, LedgerError> {
    rows.iter().map(|row| Ok(event(row)?.0)).collect()
}
