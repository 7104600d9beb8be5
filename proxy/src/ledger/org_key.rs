//! The orgs' keys, sealed.

use secrecy::SecretString;
use sqlx::{AnyConnection, Row};

use super::{Ledger, LedgerError, now};

/// A key, but for the key itself.
pub struct KnownKey {
    /// First 12 hex digits of its SHA-256.
    pub fingerprint: String,
    /// Its label.
    pub name: String,
    /// When it was made (RFC 3339).
    pub created_at: String,
}

impl Ledger {
    /// The org's newest key.
    ///
    /// # Errors
    /// The database's, or a sealed key that does not open.
    pub async fn org_key(&self, org_id: &str) -> Result<Option<SecretString>, LedgerError> {
        let row =
            sqlx::query("SELECT fingerprint, sealed FROM org_key WHERE org_id = $1 ORDER BY id DESC LIMIT 1")
                .bind(org_id)
                .fetch_optional(self.pool())
                .await?;
        let Some(row) = row else { return Ok(None) };
        let sealed: Vec<u8> = row.try_get("sealed")?;
        let key = self
            .seal()
            .open(&place(org_id, row.try_get("fingerprint")?), &sealed)
            .ok()
            .and_then(|key| std::str::from_utf8(&key).ok().map(SecretString::from))
            .ok_or_else(|| LedgerError::new("a sealed org key does not open"))?;
        Ok(Some(key))
    }

    /// What may be told of the org's keys, newest first: the newest is the one in use.
    ///
    /// # Errors
    /// The database's.
    pub async fn org_keys(&self, org_id: &str) -> Result<Vec<KnownKey>, LedgerError> {
        let rows = sqlx::query(
            "SELECT fingerprint, name, created_at FROM org_key WHERE org_id = $1 ORDER BY id DESC",
        )
        .bind(org_id)
        .fetch_all(self.pool())
        .await?;
        let keys = rows.iter().map(|row| {
            Ok(KnownKey {
                fingerprint: row.try_get("fingerprint")?,
                name: row.try_get("name")?,
                created_at: row.try_get("created_at")?,
            })
        });
        keys.collect()
    }

    /// The keys that may have been made and that nobody holds, newest first: name, and when another one took its place.
    ///
    /// # Errors
    /// The database's.
    pub async fn lost_keys(&self, org_id: &str) -> Result<Vec<(String, String)>, LedgerError> {
        let lost = sqlx::query_as("SELECT name, lost_at FROM lost_key WHERE org_id = $1 ORDER BY id DESC")
            .bind(org_id)
            .fetch_all(self.pool())
            .await?;
        Ok(lost)
    }

    pub(super) fn seal_org_key(
        &self,
        org_id: &str,
        fingerprint: &str,
        key: &str,
    ) -> Result<Vec<u8>, LedgerError> {
        self.seal()
            .seal(&place(org_id, fingerprint), key.as_bytes())
            .map_err(|_| LedgerError::new("an org key cannot be sealed"))
    }
}

/// A key that is here already stays as it is.
pub(super) async fn add(
    connection: &mut AnyConnection,
    org_id: &str,
    name: &str,
    fingerprint: &str,
    sealed: Vec<u8>,
) -> Result<(), LedgerError> {
    sqlx::query(
        "INSERT INTO org_key (org_id, name, fingerprint, sealed, created_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (org_id, fingerprint) DO NOTHING",
    )
    .bind(org_id)
    .bind(name)
    .bind(fingerprint)
    .bind(sealed)
    .bind(now())
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes the keys of earlier attempts as lost, one for each that may have made one. An attempt whose sealed answer has been
/// read after all (nothing was sent again) has lost none.
pub(super) async fn note_lost(
    connection: &mut AnyConnection,
    org_id: &str,
    name: &str,
    key: &str,
) -> Result<(), LedgerError> {
    let lost: i64 = sqlx::query_scalar(
        "SELECT unanswered - CASE WHEN state = 'sent' THEN 0 ELSE 1 END FROM operation WHERE scope = $1 AND key = $2",
    )
    .bind(org_id)
    .bind(key)
    .fetch_one(&mut *connection)
    .await?;
    for _ in 0..lost {
        sqlx::query("INSERT INTO lost_key (org_id, name, lost_at) VALUES ($1, $2, $3)")
            .bind(org_id)
            .bind(name)
            .bind(now())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// What a sealed key is bound to.
pub(super) fn place(org_id: &str, fingerprint: &str) -> String {
    format!("org_key/{org_id}/{fingerprint}")
}
