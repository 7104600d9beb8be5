//! Where the ledger is, and what seals it.

use std::path::PathBuf;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

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

/// The key to come.
pub const NEW_SEAL_KEY: Setting = Setting::secret(
    "ledger.new_seal_key",
    "OPENCX_PROXY_NEW_SEAL_KEY",
    "Only for `keys rotate-seal`: the 64 hex digits that seal from then on.",
);
/// The database, if it is not a file.
pub const DATABASE_URL: Setting = Setting::secret(
    "ledger.database_url",
    "OPENCX_PROXY_DATABASE_URL",
    "postgres://user:password@host/database, for several proxies on one ledger. Without it the ledger is a file in the \
     data folder.",
);

/// How long what is over is kept.
pub const KEEP_DAYS: Setting = Setting::new(
    "ledger.keep_days",
    "OPENCX_PROXY_KEEP_DAYS",
    "90",
    "How many days batches are kept after their end, and answers of calls that were only passed on, for repeats under\n\
     their Idempotency-Key. 0: for ever. Customers, and what was made for them, are always kept, and so is the journal.",
);

/// All of them.
pub const SETTINGS: &[&Setting] = &[&DATA, &SEAL_KEY, &NEW_SEAL_KEY, &DATABASE_URL, &KEEP_DAYS];

const MOST_DAYS: u64 = 36_500;

/// Where the ledger is, and what seals it.
#[derive(Debug, Clone)]
pub struct LedgerConfig {
    /// Holds the ledger and, unless given, the sealing key.
    pub data: PathBuf,
    /// 64 hex digits; otherwise kept in `seal.key` in the data folder.
    pub seal_key: Option<SecretString>,
    /// 64 hex digits, for the change of the key.
    pub new_seal_key: Option<SecretString>,
    /// PostgreSQL; otherwise a file in the data folder.
    pub database_url: Option<SecretString>,
    /// How long what is over is kept; otherwise for ever.
    pub keep: Option<Duration>,
}

impl LedgerConfig {
    /// # Errors
    /// One line for people.
    pub fn read(lookup: &Lookup<'_>) -> Result<Self, String> {
        let database_url = lookup.secret(&DATABASE_URL)?;
        let postgres = |url: &SecretString| {
            let url = url.expose_secret();
            url.starts_with("postgres://") || url.starts_with("postgresql://")
        };
        if database_url.as_ref().is_some_and(|url| !postgres(url)) {
            return Err(
                DATABASE_URL.wrong_secret("must begin with postgres://. For a SQLite file leave it out.")
            );
        }
        Ok(LedgerConfig {
            data: lookup
                .text(&DATA)?
                .unwrap_or_else(|| "opencx-proxy-data".into())
                .into(),
            seal_key: lookup.secret(&SEAL_KEY)?,
            new_seal_key: lookup.secret(&NEW_SEAL_KEY)?,
            database_url,
            keep: keep(lookup)?,
        })
    }
}

fn keep(lookup: &Lookup<'_>) -> Result<Option<Duration>, String> {
    let remedy = "use whole days from 0 to 36500.";
    let days = lookup.parse(&KEEP_DAYS, remedy)?.unwrap_or(90);
    match days {
        0 => Ok(None),
        1..=MOST_DAYS => Ok(Some(Duration::from_secs(days * 24 * 60 * 60))),
        _ => Err(KEEP_DAYS.wrong(days, remedy)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::File;

    fn kept(days: &str) -> Result<Option<Duration>, String> {
        keep(&Lookup::new(&File::default(), &|name| {
            (name == KEEP_DAYS.env).then(|| days.to_owned())
        }))
    }

    #[test]
    fn how_long_what_is_over_is_kept() {
        let days = |days: u64| Ok(Some(Duration::from_secs(days * 86_400)));
        assert_eq!(kept(""), days(90));
        assert_eq!((kept("7"), kept("0")), (days(7), Ok(None)));
        for wrong in ["-1", "1.5", "36501", "a year"] {
            let refusal = kept(wrong).unwrap_err();
            assert!(
                refusal.contains(KEEP_DAYS.env) && refusal.contains(wrong),
                "{refusal}"
            );
        }
    }
}
