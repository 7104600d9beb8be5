//! A look at a ledger from beside, for whom a proxy may be at work on it: nothing is made, changed or locked.

use std::borrow::Cow;

use secrecy::ExposeSecret;
use sqlx::migrate::Migrator;
use sqlx::{AnyConnection, Connection, Row};

use super::database::{file_options, seal_mark};
use crate::config::LedgerConfig;

/// What is there.
pub struct Look {
    /// Where, for people; never a password.
    pub shown: String,
    /// Whose it is.
    pub version: Version,
    /// What tells the right sealing key; `None`: nothing is sealed yet.
    pub mark: Option<Vec<u8>>,
}

/// Which program a ledger is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// There is none yet.
    None,
    /// This one.
    Ours,
    /// An earlier release.
    Older,
    /// A later release.
    Newer,
    /// None that this one follows upon.
    Other,
}

impl Look {
    /// Looks at the configured one.
    ///
    /// # Errors
    /// One line for people.
    pub async fn at(config: &LedgerConfig) -> Result<Self, String> {
        sqlx::any::install_default_drivers();
        let Some(url) = &config.database_url else {
            return Look::at_file(config).await;
        };
        let shown = "the database of ledger.database_url";
        let cannot = |error: sqlx::Error| {
            format!(
                "{shown} (OPENCX_PROXY_DATABASE_URL) cannot be opened: {error}. Check that it runs, its address, user and \
                 password, and that the database was made (createdb)."
            )
        };
        let options = url.expose_secret().parse().map_err(cannot)?;
        let connection = AnyConnection::connect_with(&options).await.map_err(cannot)?;
        let tables = "SELECT COUNT(*) FROM information_schema.tables
                      WHERE table_schema = current_schema() AND table_name = '_sqlx_migrations'";
        seen(connection, tables, &sqlx::migrate!("migrations/postgres"), shown).await
    }

    async fn at_file(config: &LedgerConfig) -> Result<Self, String> {
        let path = config.data.join(super::FILE);
        let shown = path.display().to_string();
        let there = path.try_exists().map_err(|error| {
            format!("{shown} cannot be looked at ({error}). Run this as the user that the proxy runs as.")
        })?;
        if !there {
            return Ok(Look {
                shown,
                version: Version::None,
                mark: None,
            });
        }
        let cannot = |why: &str| {
            format!(
                "{shown} (ledger.data) cannot be opened: {why}. Run this as the user that the proxy runs as; if that \
                 changes nothing, put a backup back."
            )
        };
        let options = file_options(&path, "mode=ro").map_err(|why| cannot(&why))?;
        let connection = AnyConnection::connect_with(&options)
            .await
            .map_err(|error| cannot(&error.to_string()))?;
        let tables = "SELECT COUNT(*) FROM sqlite_master WHERE name = '_sqlx_migrations'";
        seen(connection, tables, &sqlx::migrate!("migrations/sqlite"), &shown).await
    }
}

async fn seen(
    mut connection: AnyConnection,
    tables: &'static str,
    ours: &Migrator,
    shown: &str,
) -> Result<Look, String> {
    let unreadable =
        |error: sqlx::Error| format!("{shown} cannot be read: {error}. If it is damaged, put a backup back.");
    let look = |version, mark| Look {
        shown: shown.to_owned(),
        version,
        mark,
    };
    let known: i64 = sqlx::query_scalar(tables)
        .fetch_one(&mut connection)
        .await
        .map_err(unreadable)?;
    if known == 0 {
        return Ok(look(Version::None, None));
    }
    let rows = sqlx::query("SELECT version, checksum FROM _sqlx_migrations")
        .fetch_all(&mut connection)
        .await
        .map_err(unreadable)?;
    let mut applied = Vec::new();
    for row in rows {
        applied.push((
            row.try_get::<i64, _>("version").map_err(unreadable)?,
            row.try_get::<Vec<u8>, _>("checksum").map_err(unreadable)?,
        ));
    }
    let ours: Vec<(i64, Cow<'static, [u8]>)> = ours
        .iter()
        .map(|migration| (migration.version, migration.checksum.clone()))
        .collect();
    let version = version(&applied, &ours);
    let mark = match version {
        Version::Ours | Version::Older => seal_mark(&mut connection).await.map_err(unreadable)?,
        Version::None | Version::Newer | Version::Other => None,
    };
    let _ = connection.close().await;
    Ok(look(version, mark))
}

/// By the migrations that a ledger has been through, and those that we know. Pure.
fn version(applied: &[(i64, Vec<u8>)], ours: &[(i64, Cow<'static, [u8]>)]) -> Version {
    let known = |version: i64| ours.iter().find(|(ours, _)| *ours == version);
    if applied.iter().any(|(version, _)| known(*version).is_none()) {
        return Version::Newer;
    }
    if applied
        .iter()
        .any(|(version, checksum)| known(*version).is_some_and(|(_, ours)| **ours != **checksum))
    {
        return Version::Other;
    }
    match applied.len() {
        0 => Version::None,
        all if all == ours.len() => Version::Ours,
        _ => Version::Older,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_its_migrations() {
        let ours: [(i64, Cow<'static, [u8]>); 2] = [(1, b"a".as_slice().into()), (2, b"b".as_slice().into())];
        let of = |applied: &[(i64, &str)]| {
            let applied: Vec<_> = applied
                .iter()
                .map(|(version, sum)| (*version, sum.as_bytes().to_vec()))
                .collect();
            version(&applied, &ours)
        };
        assert_eq!(of(&[]), Version::None);
        assert_eq!(of(&[(1, "a")]), Version::Older);
        assert_eq!(of(&[(1, "a"), (2, "b")]), Version::Ours);
        assert_eq!(of(&[(1, "a"), (2, "b"), (3, "c")]), Version::Newer);
        assert_eq!(of(&[(1, "a"), (2, "other")]), Version::Other);
    }
}
