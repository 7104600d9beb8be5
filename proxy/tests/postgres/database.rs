//! A PostgreSQL for this process, with a database for each test. A shell holds it and ends it when the pipe to this
//! process closes, however that ends.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AnyConnection, AssertSqlSafe, Connection};

const HOLD: &str = r#"
PATH=$PATH:$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -n 1)
command -v initdb >/dev/null && command -v pg_ctl >/dev/null || { echo missing; exit; }
folder=$(mktemp -d /tmp/opencx-postgres-XXXXXX) || exit
cd "$folder"
trap : INT TERM HUP
trap 'pg_ctl -D data -m immediate stop >/dev/null 2>&1; cd /; rm -rf "$folder"' EXIT
initdb -D data -U postgres -A trust -E UTF8 --no-sync >log 2>&1 &&
  pg_ctl -D data -l log -w -o "-k $folder -c listen_addresses= -c fsync=off -c max_connections=200" start >/dev/null 2>&1 ||
  { echo "failed: $(tail -n 3 log | tr '\n' ' ')"; exit; }
echo "ready $folder"
cat >/dev/null
"#;

struct Server {
    folder: String,
    /// Its stdin closes with this process.
    _holder: Child,
}

fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| {
        // PostgreSQL refuses to run as root.
        let root = is_root();
        let mut command = if root {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups", "sh"]);
            command
        } else {
            Command::new("sh")
        };
        let mut holder = command
            .args(["-c", HOLD])
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // What ends the tests must not end it before it has tidied up.
            .process_group(0)
            .spawn()
            .unwrap();
        let mut said = String::new();
        BufReader::new(holder.stdout.take().unwrap())
            .read_line(&mut said)
            .unwrap();
        assert_ne!(
            said.trim(),
            "missing",
            "These tests need PostgreSQL, which is not installed. Install it: apt-get install postgresql"
        );
        let folder = said
            .trim()
            .strip_prefix("ready ")
            .unwrap_or_else(|| panic!("no PostgreSQL: {said}"));
        Server {
            folder: folder.to_owned(),
            _holder: holder,
        }
    })
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout.trim_ascii() == b"0"
}

/// Of a new database.
pub async fn url() -> Option<String> {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    sqlx::any::install_default_drivers();
    let folder = &server().folder;
    let name = format!("ledger_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let url = |name: &str| format!("postgres://postgres@localhost/{name}?host={folder}");
    let mut connection = AnyConnection::connect(&url("postgres")).await.unwrap();
    sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}")))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    Some(url(&name))
}

/// All of a database, as text.
pub async fn dump(url: &str) -> String {
    let mut connection = AnyConnection::connect(url).await.unwrap();
    let tables: Vec<String> =
        sqlx::query_scalar("SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = 'public'")
            .fetch_all(&mut connection)
            .await
            .unwrap();
    assert!(tables.len() > 5, "{tables:?}");
    let mut text = String::new();
    for table in tables {
        let rows = AssertSqlSafe(format!("SELECT CAST({table} AS TEXT) FROM {table}"));
        let rows: Vec<String> = sqlx::query_scalar(rows).fetch_all(&mut connection).await.unwrap();
        text.push_str(&rows.join("\n"));
    }
    connection.close().await.unwrap();
    text
}

/// Refuses every new key, as a full disk would.
pub const FULL: &[&str] = &[
    "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'full'; END $$",
    "CREATE TRIGGER is_full BEFORE INSERT ON org_key FOR EACH ROW EXECUTE FUNCTION refuse()",
];
/// Takes them again.
pub const NOT_FULL: &str = "DROP TRIGGER is_full ON org_key";
