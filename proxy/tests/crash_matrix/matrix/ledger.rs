//! The proxy's ledger, beside it.

use sqlx::{AnyConnection, Connection, Row};
use tempfile::TempDir;

/// Refuses to note what an org's or a key's answer says.
const UNREADABLE: [&str; 2] = [
    "CREATE TRIGGER no_org BEFORE INSERT ON org BEGIN SELECT RAISE(ABORT, 'cut'); END",
    "CREATE TRIGGER no_key BEFORE INSERT ON org_key BEGIN SELECT RAISE(ABORT, 'cut'); END",
];
const READABLE: [&str; 2] = ["DROP TRIGGER no_org", "DROP TRIGGER no_key"];
const UNREADABLE_POSTGRES: [&str; 3] = [
    "CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'cut'; END $$",
    "CREATE TRIGGER no_org BEFORE INSERT ON org FOR EACH ROW EXECUTE FUNCTION cut()",
    "CREATE TRIGGER no_key BEFORE INSERT ON org_key FOR EACH ROW EXECUTE FUNCTION cut()",
];
const READABLE_POSTGRES: [&str; 2] = ["DROP TRIGGER no_org ON org", "DROP TRIGGER no_key ON org_key"];

pub struct Ledger {
    pub data: TempDir,
    /// None: a file in the data folder.
    pub database: Option<String>,
}

impl Ledger {
    pub async fn new() -> Self {
        sqlx::any::install_default_drivers();
        Ledger {
            data: tempfile::tempdir().unwrap(),
            database: crate::database::url().await,
        }
    }

    async fn connect(&self) -> AnyConnection {
        let file = || format!("sqlite:{}", self.data.path().join("ledger.db").display());
        let url = self.database.clone().unwrap_or_else(file);
        AnyConnection::connect(&url).await.unwrap()
    }

    async fn order(
        &self,
        connection: &mut AnyConnection,
        sqlite: &[&'static str],
        postgres: &[&'static str],
    ) {
        let orders = if self.database.is_some() { postgres } else { sqlite };
        for order in orders {
            sqlx::query(*order).execute(&mut *connection).await.unwrap();
        }
    }

    /// Nothing can be committed until it is released.
    pub async fn hold(&self) -> AnyConnection {
        let mut connection = self.connect().await;
        let sqlite = ["PRAGMA busy_timeout = 20000", "BEGIN IMMEDIATE"];
        let postgres = ["BEGIN", "LOCK TABLE operation IN EXCLUSIVE MODE"];
        self.order(&mut connection, &sqlite, &postgres).await;
        connection
    }

    /// A PostgreSQL server would commit what a dead proxy has asked of it before: the answer would be kept after all.
    pub async fn release(&self, mut held: AnyConnection) {
        let theirs = "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity
                      WHERE datname = current_database() AND pid <> pg_backend_pid()";
        self.order(&mut held, &[], &[theirs]).await;
        held.close().await.unwrap();
    }

    /// Raw answers are kept, but not what they say.
    pub async fn set_readable(&self, readable: bool) {
        let mut connection = self.connect().await;
        let (sqlite, postgres): (&[_], &[_]) = if readable {
            (&READABLE, &READABLE_POSTGRES)
        } else {
            (&UNREADABLE, &UNREADABLE_POSTGRES)
        };
        self.order(&mut connection, sqlite, postgres).await;
        connection.close().await.unwrap();
    }

    /// Key and version of what is done, as a proxy that is dead has left it.
    pub async fn done(&self) -> Vec<(String, Option<String>)> {
        let mut connection = self.connect().await;
        let rows = sqlx::query("SELECT key, version FROM operation WHERE state = 'done'")
            .fetch_all(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
        rows.iter()
            .map(|row| (row.get("key"), row.get("version")))
            .collect()
    }
}
