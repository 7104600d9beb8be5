//! The whole ledger as lines of JSON, out of one database and into another: from SQLite to PostgreSQL, or to another
//! machine. What is sealed stays sealed.

use std::io::{BufRead, Write};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, AssertSqlSafe, Row};

use super::{Database, LedgerError};
use crate::seal::Seal;

/// What a column holds.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Text,
    Number,
    Flag,
    Bytes,
}

use Kind::{Bytes, Flag, Number, Text};

/// A table whose rows go along, in the order in which they were added. A row's own number goes along where others refer to it.
struct Table {
    name: &'static str,
    order: &'static str,
    columns: &'static [(&'static str, Kind)],
}

/// In an order in which each row finds what it refers to. A test holds them against the migrations.
const TABLES: &[Table] = &[
    Table {
        name: "seal",
        order: "id",
        columns: &[("id", Number), ("sealed", Bytes)],
    },
    Table {
        name: "org",
        order: "org_id",
        columns: &[("org_id", Text), ("external_id", Text)],
    },
    Table {
        name: "operation",
        order: "id",
        columns: &[
            ("scope", Text),
            ("key", Text),
            ("operation", Text),
            ("fingerprint", Text),
            ("version", Text),
            ("state", Text),
            ("doubt", Flag),
            ("sealed_answer", Bytes),
            ("result", Text),
            ("created_at", Text),
            ("updated_at", Text),
            ("attempt", Number),
            ("unanswered", Number),
        ],
    },
    Table {
        name: "org_key",
        order: "id",
        columns: &[
            ("org_id", Text),
            ("name", Text),
            ("fingerprint", Text),
            ("sealed", Bytes),
            ("created_at", Text),
        ],
    },
    Table {
        name: "lost_key",
        order: "id",
        columns: &[("org_id", Text), ("name", Text), ("lost_at", Text)],
    },
    Table {
        name: "batch",
        order: "id",
        columns: &[
            ("id", Number),
            ("batch_id", Text),
            ("owner", Text),
            ("key", Text),
            ("fingerprint", Text),
            ("state", Text),
            ("stopped", Text),
            ("in_flight", Number),
            ("tolerate", Number),
            ("skip_unsupported", Number),
            ("prune", Number),
            ("created_at", Text),
            ("updated_at", Text),
            ("attempt", Number),
        ],
    },
    Table {
        name: "batch_row",
        order: "batch, place",
        columns: &[
            ("batch", Number),
            ("place", Number),
            ("external_id", Text),
            ("state", Text),
            ("sealed_spec", Bytes),
            ("steps", Text),
            ("error", Text),
            ("updated_at", Text),
        ],
    },
    Table {
        name: "event",
        order: "seq",
        columns: &[
            ("seq", Number),
            ("at", Text),
            ("who", Text),
            ("request_id", Text),
            ("scope", Text),
            ("key", Text),
            ("operation", Text),
            ("state", Text),
            ("detail", Text),
            ("hash", Text),
        ],
    },
    Table {
        name: "journal_end",
        order: "id",
        columns: &[("id", Number), ("seq", Number), ("hash", Text)],
    },
];

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

impl Table {
    fn select(&self) -> String {
        let columns: Vec<String> = self
            .columns
            .iter()
            .map(|(name, kind)| match kind {
                Flag => format!("CASE WHEN {name} THEN 1 ELSE 0 END AS {name}"),
                Number => format!("CAST({name} AS BIGINT) AS {name}"),
                Text | Bytes => (*name).to_owned(),
            })
            .collect();
        format!(
            "SELECT {} FROM {} ORDER BY {}",
            columns.join(", "),
            self.name,
            self.order
        )
    }

    fn read(&self, row: &AnyRow) -> Result<Map<String, Value>, sqlx::Error> {
        let columns = self.columns.iter().map(|&(name, kind)| {
            let value = match kind {
                Text => json!(row.try_get::<Option<&str>, _>(name)?),
                Number => json!(row.try_get::<Option<i64>, _>(name)?),
                Flag => json!(row.try_get::<i64, _>(name)? == 1),
                Bytes => json!(row.try_get::<Option<Vec<u8>>, _>(name)?.map(hex::encode)),
            };
            Ok((name.to_owned(), value))
        });
        columns.collect()
    }

    async fn write(
        &self,
        connection: &mut AnyConnection,
        row: &Map<String, Value>,
    ) -> Result<(), LedgerError> {
        let names: Vec<&str> = self.columns.iter().map(|(name, _)| *name).collect();
        let places: Vec<String> = (1..=names.len()).map(|place| format!("${place}")).collect();
        let insert = format!(
            "INSERT INTO {} ({}) VALUES ({})",
            self.name,
            names.join(", "),
            places.join(", ")
        );
        let mut query = sqlx::query(AssertSqlSafe(insert));
        for &(name, kind) in self.columns {
            query = bind(query, kind, row.get(name).unwrap_or(&Value::Null))
                .ok_or_else(|| LedgerError::new(&format!("{name} is of another kind")))?;
        }
        query.execute(connection).await?;
        Ok(())
    }
}

fn bind<'q>(
    query: Query<'q, Any, AnyArguments>,
    kind: Kind,
    value: &Value,
) -> Option<Query<'q, Any, AnyArguments>> {
    Some(match (kind, value) {
        (Text, Value::Null) => query.bind(None::<String>),
        (Text, Value::String(text)) => query.bind(text.clone()),
        (Number, Value::Number(number)) => query.bind(number.as_i64()?),
        (Flag, Value::Bool(flag)) => query.bind(*flag),
        (Bytes, Value::Null) => query.bind(None::<Vec<u8>>),
        (Bytes, Value::String(text)) => query.bind(hex::decode(text).ok()?),
        _ => return None,
    })
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// People sign in again where they meet another machine.
    const STAYS: &[&str] = &["_sqlx_migrations", "session", "spent"];
    const NUMBERS: &[&str] = &["id", "holder"];

    #[tokio::test]
    async fn all_that_the_ledger_keeps_goes_along() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::sqlite(&folder.path().join("ledger.db")).await.unwrap();
        let tables: Vec<String> = sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'table'")
            .fetch_all(&database.pool)
            .await
            .unwrap();
        for name in tables.iter().filter(|name| !STAYS.contains(&name.as_str())) {
            let table = TABLES.iter().find(|table| table.name == name);
            let table = table.unwrap_or_else(|| panic!("{name} is not exported"));
            let there: BTreeSet<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info($1)")
                .bind(name)
                .fetch_all(&database.pool)
                .await
                .unwrap()
                .into_iter()
                .collect();
            let taken: BTreeSet<String> = table.columns.iter().map(|(name, _)| (*name).to_owned()).collect();
            let left: Vec<&String> = there.difference(&taken).collect();
            assert!(
                left.iter().all(|name| NUMBERS.contains(&name.as_str())),
                "{name}: {left:?}"
            );
            assert!(taken.is_subset(&there), "{name}");
        }
    }
}
