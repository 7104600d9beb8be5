//! The ledger's database: a SQLite file, or PostgreSQL. Both are asked by the same queries, through sqlx's `Any`. What
//! that cannot read is left out of them: a flag is read as a number.

use std::path::Path;

use secrecy::{ExposeSecret, SecretString};
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{Any, AnyPool, Executor};
use url::Url;

use crate::config::LedgerConfig;
use crate::config::names::DATA;
use crate::data_folder::DataFolder;

/// Name of the file in the data folder.
pub const FILE: &str = "ledger.db";
const CONNECTIONS: u32 = 4;
/// SQLite has one writer at a time. Those who would be second wait in the pool's line, and not in SQLite, which has none: it
/// sleeps and tries again, longer each time.
const WRITERS: u32 = 1;
/// FULL: an intent that is lost with the power would be sent twice. `secure_delete`: a raw answer is sealed, but once it
/// is read it need not stay at all.
const SQLITE: &str = "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                      PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON";

/// An open database, of this version.
pub struct Database {
    pub(super) pool: AnyPool,
    /// For whatever changes something.
    pub(super) writer: AnyPool,
    /// How to connect once more; none for SQLite, which has one proxy at a time.
    pub(super) shared: Option<AnyConnectOptions>,
    /// For people; never the password.
    pub(super) shown: String,
}

impl Database {
    /// The one a proxy has used, without taking it from that proxy.
    ///
    /// # Errors
    /// One line for people, also when no proxy has made one.
    pub async fn of(config: &LedgerConfig) -> Result<Self, String> {
        if let Some(url) = &config.database_url {
            return Database::postgres(url).await;
        }
        let path = config.data.join(FILE);
        if !path.is_file() {
            return Err(DATA.wrong(
                config.data.display(),
                "no ledger is there. Name the folder of the proxy, or run this from where the proxy runs.",
            ));
        }
        Database::sqlite(&path).await
    }

    /// The one of that configuration; a file is made if there is none.
    ///
    /// # Errors
    /// One line for people.
    pub async fn make(config: &LedgerConfig, data: &DataFolder) -> Result<Self, String> {
        match &config.database_url {
            Some(url) => Database::postgres(url).await,
            None => {
                data.make_ledger()?;
                Database::sqlite(&data.ledger()).await
            }
        }
    }

    /// Opens or makes a file.
    ///
    /// # Errors
    /// One line for people.
    pub async fn sqlite(path: &Path) -> Result<Self, String> {
        sqlx::any::install_default_drivers();
        let shown = path.display().to_string();
        let cannot = |why: &str| format!("The ledger {shown} cannot be opened: {why}.");
        let options = file_options(path, "mode=rwc").map_err(|why| cannot(&why))?;
        let connect = async |connections| {
            AnyPoolOptions::new()
                .max_connections(connections)
                // A file does not hang up: asking before each use costs more than the use.
                .test_before_acquire(false)
                .after_connect(|connection, _| {
                    Box::pin(async move { connection.execute(SQLITE).await.map(|_| ()) })
                })
                .connect_with(options.clone())
                .await
                .map_err(|error| cannot(&error.to_string()))
        };
        let (writer, pool) = (connect(WRITERS).await?, connect(CONNECTIONS).await?);
        let migrated = sqlx::migrate!("migrations/sqlite").run(&writer).await;
        migrated.map_err(|error| does_not_fit(&shown, &error))?;
        Ok(Database {
            pool,
            writer,
            shared: None,
            shown,
        })
    }

    /// Connects to a database that is there.
    ///
    /// # Errors
    /// One line for people.
    pub async fn postgres(url: &SecretString) -> Result<Self, String> {
        sqlx::any::install_default_drivers();
        let shown = "in OPENCX_PROXY_DATABASE_URL".to_owned();
        let cannot = |error: sqlx::Error| {
            format!(
                "The database of OPENCX_PROXY_DATABASE_URL cannot be opened: {error}. Check its address, user and password, \
                 and that the database was made (createdb)."
            )
        };
        let options: AnyConnectOptions = url.expose_secret().parse().map_err(cannot)?;
        let pool = AnyPoolOptions::new()
            .max_connections(CONNECTIONS)
            .connect_with(options.clone())
            .await
            .map_err(cannot)?;
        let migrated = sqlx::migrate!("migrations/postgres").run(&pool).await;
        migrated.map_err(|error| does_not_fit(&shown, &error))?;
        Ok(Database {
            writer: pool.clone(),
            pool,
            shared: Some(options),
            shown,
        })
    }

    /// The mark of the key that its secrets are sealed with; none if no proxy has used it.
    ///
    /// # Errors
    /// One line for people.
    pub async fn seal_mark(&self) -> Result<Option<Vec<u8>>, String> {
        seal_mark(&self.pool)
            .await
            .map_err(|error| format!("The ledger {} cannot be read: {error}.", self.shown))
    }
}

/// The mark of the key that the ledger's secrets are sealed with.
pub(super) async fn seal_mark<'e>(
    database: impl Executor<'e, Database = Any>,
) -> Result<Option<Vec<u8>>, sqlx::Error> {
    sqlx::query_scalar("SELECT sealed FROM seal WHERE id = 1")
        .fetch_optional(database)
        .await
}

/// How to open a file, as a URL: what a path may hold must not be taken for a part of it.
///
/// # Errors
/// Why it has none.
pub(super) fn file_options(path: &Path, mode: &'static str) -> Result<AnyConnectOptions, String> {
    let whole = std::path::absolute(path).map_err(|error| error.to_string())?;
    let mut url = Url::from_file_path(whole).map_err(|()| "its path is not absolute".to_owned())?;
    url.set_query(Some(mode));
    url.as_str()
        .replacen("file:", "sqlite:", 1)
        .parse()
        .map_err(|error: sqlx::Error| error.to_string())
}

fn does_not_fit(shown: &str, error: &sqlx::migrate::MigrateError) -> String {
    format!(
        "The ledger {shown} does not fit this version ({error}). An older proxy cannot use a newer ledger."
    )
}
