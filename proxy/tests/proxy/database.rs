//! The ledger is a SQLite file in the data folder. `tests/postgres` has another module of this name.

/// Of a new database.
pub async fn url() -> Option<String> {
    None
}

/// All of a database, as text; of a file nothing: whoever wants it reads the file.
pub async fn dump(_: &str) -> String {
    String::new()
}

/// Refuses every new key, as a full disk would.
pub const FULL: &[&str] =
    &["CREATE TRIGGER is_full BEFORE INSERT ON org_key BEGIN SELECT RAISE(ABORT, 'full'); END"];
/// Takes them again.
pub const NOT_FULL: &str = "DROP TRIGGER is_full";
