//! The orgs' keys, sealed.

use secrecy::SecretString;
use sqlx::Row;

use super::{Ledger, LedgerError};

impl Ledger {
    /// The org's newest key.
    ///
    /// # Errors
    /// The database's, or a sealed key that does not open.
    pub async fn org_key(&self, org_id: &str) -> Result<Option<SecretString>, LedgerError> {
        let row = sqlx::query(
            "SELECT fingerprint, sealed FROM org_key WHERE org_id = ? ORDER BY rowid DESC LIMIT 1",
        )
        .bind(org_id)
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let sealed: Vec<u8> = row.try_get("sealed")?;
        let key = self
            .seal
            .open(&place(org_id, row.try_get("fingerprint")?), &sealed)
            .ok()
            .and_then(|key| String::from_utf8(key).ok())
            .ok_or_else(|| LedgerError("a sealed org key does not open".into()))?;
        Ok(Some(key.into()))
    }

    pub(super) fn seal_org_key(
        &self,
        org_id: &str,
        fingerprint: &str,
        key: &str,
    ) -> Result<Vec<u8>, LedgerError> {
        self.seal
            .seal(&place(org_id, fingerprint), key.as_bytes())
            .map_err(|_| LedgerError("an org key cannot be sealed".into()))
    }
}

fn place(org_id: &str, fingerprint: &str) -> String {
    format!("org_key/{org_id}/{fingerprint}")
}
