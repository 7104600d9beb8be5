//! The whole ledger as lines of JSON, out of one database and into another: from SQLite to PostgreSQL, or to another
//! machine. What is sealed stays sealed.

mod table;

use std::io::{BufRead, Write};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sqlx::{AnyConnection, AssertSqlSafe};

use self::table::TABLES;
use super::{Database, LedgerError};
use crate::seal::Seal;

const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Line {
    First { opencx_partner_proxy_ledger: u32 },
    Row { table: String, row: Map<String, Value> },
    Last { rows: u64 },
}

impl Database {
    /// Writes all of it, as it is at one moment. Gives the number of rows.
    ///
    /// # Errors
    /// One line for people.
    pub async fn export(&self, out: &mut impl Write) -> Result<u64, String> {
        let mut transaction = self.pool.begin().await.map_err(|error| self.unreadable(error))?;
        if self.shared.is_some() {
            sqlx::query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                .execute(&mut *transaction)
                .await
                .map_err(|error| self.unreadable(error))?;
        }
        put(
            out,
            &Line::First {
                opencx_partner_proxy_ledger: VERSION,
            },
        )?;
        let mut rows = 0;
        for table in TABLES {
            let found = sqlx::query(AssertSqlSafe(table.select()))
                .fetch_all(&mut *transaction)
                .await
                .map_err(|error| self.unreadable(error))?;
            for row in &found {
                let row = table.read(row).map_err(|error| self.unreadable(error))?;
                let table = table.name.to_owned();
                put(out, &Line::Row { table, row })?;
                rows += 1;
            }
        }
        put(out, &Line::Last { rows })?;
        out.flush().map_err(|error| unwritable(&error))?;
        Ok(rows)
    }

    /// Takes all of an export in, all or nothing, into a ledger that no proxy has used. Gives the number of rows.
    ///
    /// # Errors
    /// One line for people.
    pub async fn import(&self, lines: impl BufRead, seal: &Seal) -> Result<u64, String> {
        let mut transaction = self
            .writer
            .begin()
            .await
            .map_err(|error| self.unreadable(error))?;
        let used: i64 =
            sqlx::query_scalar("SELECT (SELECT COUNT(*) FROM operation) + (SELECT COUNT(*) FROM event)")
                .fetch_one(&mut *transaction)
                .await
                .map_err(|error| self.unreadable(error))?;
        if used > 0 {
            return Err(format!(
                "The ledger {} is in use already, and nothing is mixed into it. Name an empty one: another OPENCX_PROXY_DATA, or \
                 a new database.",
                self.shown
            ));
        }
        for table in ["seal", "journal_end"] {
            sqlx::query(AssertSqlSafe(format!("DELETE FROM {table}")))
                .execute(&mut *transaction)
                .await
                .map_err(|error| self.unreadable(error))?;
        }
        let rows = take_in(&mut transaction, lines).await?;
        if self.shared.is_some() {
            // The numbers that came along were not drawn from PostgreSQL's own.
            let next = "SELECT setval(pg_get_serial_sequence('batch', 'id'), COALESCE(MAX(id), 0) + 1, FALSE) FROM batch";
            sqlx::query(next)
                .execute(&mut *transaction)
                .await
                .map_err(|error| self.unreadable(error))?;
        }
        let mark: Vec<u8> = sqlx::query_scalar("SELECT sealed FROM seal WHERE id = 1")
            .fetch_one(&mut *transaction)
            .await
            .map_err(|error| self.unreadable(error))?;
        if !seal.made(&mark) {
            return Err(
                "The export is sealed with another key than this proxy's. Bring the key along: OPENCX_PROXY_SEAL_KEY, or seal.key \
                 in the data folder. Nothing was taken in."
                    .into(),
            );
        }
        transaction
            .commit()
            .await
            .map_err(|error| self.unreadable(error))?;
        Ok(rows)
    }

    fn unreadable(&self, error: impl Into<LedgerError>) -> String {
        format!(
            "The ledger {} failed: {}. Nothing was changed.",
            self.shown,
            error.into()
        )
    }
}

async fn take_in(connection: &mut AnyConnection, lines: impl BufRead) -> Result<u64, String> {
    let mut rows = 0;
    let (mut begun, mut whole) = (false, false);
    for (number, line) in (1..).zip(lines.lines()) {
        let broken = |what: &str| format!("Line {number} of the export {what}. Nothing was taken in.");
        let line = line.map_err(|error| broken(&format!("cannot be read ({error})")))?;
        match serde_json::from_str(&line).map_err(|_| broken("is none of an export"))? {
            Line::First {
                opencx_partner_proxy_ledger: VERSION,
            } if !begun => begun = true,
            Line::First { .. } => return Err(broken("is of another version of this program")),
            _ if !begun || whole => return Err(broken("stands where none belongs")),
            Line::Last { rows: told } if told == rows => whole = true,
            Line::Last { .. } => return Err(broken("counts other rows than came: some are missing")),
            Line::Row { table, row } => {
                let known = TABLES.iter().find(|known| known.name == table);
                let table = known.ok_or_else(|| broken("is of a table that this version does not know"))?;
                table
                    .write(connection, &row)
                    .await
                    .map_err(|error| broken(&format!("does not fit ({error})")))?;
                rows += 1;
            }
        }
    }
    if !whole {
        return Err("The export has no end: it was cut off. Nothing was taken in.".into());
    }
    Ok(rows)
}

fn put(out: &mut impl Write, line: &Line) -> Result<(), String> {
    serde_json::to_writer(&mut *out, line)
        .map_err(std::io::Error::from)
        .and_then(|()| out.write_all(b"\n"))
        .map_err(|error| unwritable(&error))
}

fn unwritable(error: &std::io::Error) -> String {
    format!("The export cannot be written: {error}. Remove what there is of it.")
}
