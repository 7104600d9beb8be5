//! Which tables go along, and how a row of each is read and written.

use serde_json::{Map, Value, json};
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, AssertSqlSafe, Row};

use super::super::LedgerError;

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
pub struct Table {
    /// Its name.
    pub name: &'static str,
    order: &'static str,
    columns: &'static [(&'static str, Kind)],
}

/// In an order in which each row finds what it refers to. A test holds them against the migrations.
pub const TABLES: &[Table] = &[
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

impl Table {
    /// All rows, in their order.
    pub fn select(&self) -> String {
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

    /// A row.
    pub fn read(&self, row: &AnyRow) -> Result<Map<String, Value>, sqlx::Error> {
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

    /// Adds a row.
    pub async fn write(
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

#[cfg(test)]
mod tests {
    use super::super::super::Database;
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
