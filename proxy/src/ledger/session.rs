//! Who is signed in, and by which assertions. The journal has each coming and going, by the name of who asks.

use super::{Ledger, LedgerError, Note};

fn note(state: &str) -> Note<'_> {
    Note {
        scope: "session",
        key: "",
        operation: "session",
        state,
        detail: "",
    }
}

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The hash of what the cookie holds.
    pub id: String,
    /// Who it is, as JSON.
    pub caller: String,
    /// Unix seconds.
    pub until: i64,
}

impl Ledger {
    /// Exchanges an assertion, which is remembered until then, for a session; false: it was exchanged before.
    ///
    /// # Errors
    /// The database's.
    pub async fn sign_in(
        &self,
        assertion: &str,
        forget_at: i64,
        session: &Session,
        now: i64,
    ) -> Result<bool, LedgerError> {
        let mut transaction = self.writer().begin().await?;
        for old in [
            "DELETE FROM spent WHERE until <= $1",
            "DELETE FROM session WHERE until <= $1",
        ] {
            sqlx::query(old).bind(now).execute(&mut *transaction).await?;
        }
        let spent = sqlx::query("INSERT INTO spent (id, until) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(assertion)
            .bind(forget_at)
            .execute(&mut *transaction)
            .await?;
        if spent.rows_affected() == 0 {
            return Ok(false);
        }
        sqlx::query("INSERT INTO session (id, caller, until) VALUES ($1, $2, $3)")
            .bind(&session.id)
            .bind(&session.caller)
            .bind(session.until)
            .execute(&mut *transaction)
            .await?;
        self.commit(transaction, note("signed-in")).await?;
        Ok(true)
    }

    /// The session of that id, unless it has ended.
    ///
    /// # Errors
    /// The database's.
    pub async fn session(&self, id: &str, now: i64) -> Result<Option<Session>, LedgerError> {
        let found: Option<(String, i64)> =
            sqlx::query_as("SELECT caller, until FROM session WHERE id = $1 AND until > $2")
                .bind(id)
                .bind(now)
                .fetch_optional(self.pool())
                .await?;
        Ok(found.map(|(caller, until)| Session {
            id: id.to_owned(),
            caller,
            until,
        }))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// The database's.
    pub async fn sign_out(&self, id: &str) -> Result<(), LedgerError> {
        let mut transaction = self.writer().begin().await?;
        let ended = sqlx::query("DELETE FROM session WHERE id = $1")
            .bind(id)
            .execute(&mut *transaction)
            .await?;
        if ended.rows_affected() > 0 {
            self.commit(transaction, note("signed-out")).await?;
        }
        Ok(())
    }
}
