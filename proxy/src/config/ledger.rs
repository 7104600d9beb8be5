//! Where the ledger is, and what seals it.

use std::path::PathBuf;

use secrecy::SecretString;

use super::{Lookup, Setting};

/// The folder.
pub const DATA: Setting = Setting::new(
    "ledger.data",
    "OPENCX_PROXY_DATA",
    r#""opencx-proxy-data""#,
    "Folder of the ledger, one proxy's at a time; made for its owner only. Back it up.",
);
/// The key.
pub const SEAL_KEY: Setting = Setting::secret(
    "ledger.seal_key",
    "OPENCX_PROXY_SEAL_KEY",
    "64 hex digits that seal the ledger's secrets. Without it the first start makes seal.key in the data folder.",
);

/// All of them.
pub const SETTINGS: &[&Setting] = &[&DATA, &SEAL_KEY];

/// Where the ledger is, and what seals it.
#[derive(Debug, Clone)]
pub struct LedgerConfig {
    /// Holds the ledger and, unless given, the sealing key.
    pub data: PathBuf,
    /// 64 hex digits; otherwise kept in `seal.key` in the data folder.
    pub seal_key: Option<SecretString>,
}

impl LedgerConfig {
    /// # Errors
    /// One line for people.
    pub fn read(lookup: &Lookup<'_>) -> Result<Self, String> {
        Ok(LedgerConfig {
            data: lookup
                .text(&DATA)?
                .unwrap_or_else(|| "opencx-proxy-data".into())
                .into(),
            seal_key: lookup.secret(&SEAL_KEY)?,
        })
    }
}
