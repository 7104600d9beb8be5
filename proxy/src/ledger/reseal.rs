//! All that is sealed, under another key.

use sqlx::{AnyConnection, Row};

use super::batch;
use super::org_key;
use super::write::answer_place;
use super::{Database, LedgerError};
use crate::seal::Seal;

impl Database {
    /// Opens all that `old` has sealed and seals it with `new`, all or nothing. Gives how many texts there were.
    ///
    /// # Errors
    /// One line for people: a proxy is at work, or something does not open.
    pub async fn reseal(&self, old: &Seal, new: &Seal) -> Result<u64, String> {
        let failed = |error: LedgerError| {
            format!(
                "The ledger {} cannot be sealed anew: {error}. Nothing was changed.",
                self.shown
            )
        };
        let mut transaction = self.writer.begin().await.map_err(|error| failed(error.into()))?;
        let count = reseal(&mut transaction, old, new).await.map_err(failed)?;
        // Last of all: one that has started meanwhile has sealed with the old key.
        self.refuse_if_in_use().await?;
        transaction.commit().await.map_err(|error| failed(error.into()))?;
        Ok(count)
    }

    /// # Errors
    /// One line for people, when a proxy is at work on it.
    pub async fn refuse_if_in_use(&self) -> Result<(), String> {
        let alive: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM alive")
            .fetch_one(&self.pool)
            .await
            .map_err(|error| format!("The ledger {} cannot be read: {error}.", self.shown))?;
        if alive > 0 {
            return Err(format!(
                "{alive} of the proxies on the database {} are at work. Stop all of them first; nothing was changed.",
                self.shown
            ));
        }
        Ok(())
    }
}

async fn reseal(connection: &mut AnyConnection, old: &Seal, new: &Seal) -> Result<u64, LedgerError> {
    let again = |place: &str, sealed: &[u8]| {
        let text = old
            .open(place, sealed)
            .map_err(|_| LedgerError::new("a sealed text does not open with the key it has now"))?;
        new.seal(place, &text)
            .map_err(|_| LedgerError::new("no randomness for a seal"))
    };
    let answers =
        sqlx::query("SELECT id, scope, key, sealed_answer FROM operation WHERE sealed_answer IS NOT NULL")
            .fetch_all(&mut *connection)
            .await?;
    for row in &answers {
        let place = answer_place(row.try_get("scope")?, row.try_get("key")?);
        let sealed = again(&place, row.try_get("sealed_answer")?)?;
        sqlx::query("UPDATE operation SET sealed_answer = $1 WHERE id = $2")
            .bind(sealed)
            .bind(row.try_get::<i64, _>("id")?)
            .execute(&mut *connection)
            .await?;
    }
    let keys = sqlx::query("SELECT id, org_id, fingerprint, sealed FROM org_key")
        .fetch_all(&mut *connection)
        .await?;
    for row in &keys {
        let place = org_key::place(row.try_get("org_id")?, row.try_get("fingerprint")?);
        let sealed = again(&place, row.try_get("sealed")?)?;
        sqlx::query("UPDATE org_key SET sealed = $1 WHERE id = $2")
            .bind(sealed)
            .bind(row.try_get::<i64, _>("id")?)
            .execute(&mut *connection)
            .await?;
    }
    let specs = sqlx::query(
        "SELECT one.batch, one.place, batch.batch_id, one.sealed_spec FROM batch_row AS one
         JOIN batch ON batch.id = one.batch WHERE one.sealed_spec IS NOT NULL",
    )
    .fetch_all(&mut *connection)
    .await?;
    for row in &specs {
        let place: i64 = row.try_get("place")?;
        let sealed = again(
            &batch::place(row.try_get("batch_id")?, place),
            row.try_get("sealed_spec")?,
        )?;
        sqlx::query("UPDATE batch_row SET sealed_spec = $1 WHERE batch = $2 AND place = $3")
            .bind(sealed)
            .bind(row.try_get::<i64, _>("batch")?)
            .bind(place)
            .execute(&mut *connection)
            .await?;
    }
    let mark = new
        .mark()
        .map_err(|_| LedgerError::new("no randomness for a seal"))?;
    sqlx::query("UPDATE seal SET sealed = $1")
        .bind(mark)
        .execute(connection)
        .await?;
    Ok((answers.len() + keys.len() + specs.len()) as u64)
}
