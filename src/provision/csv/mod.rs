//! Customers from a CSV file: a line for each, header names are the fields of a spec (`docs/provisioning.md`).

mod cell;
mod column;
mod records;
mod row;

use self::column::Column;
use self::records::{Record, Records, Unclosed};
use self::row::{Columns, read_row};
use super::Distinct;
use crate::error::FieldError;
use crate::platform::shape::Field;
use crate::platform::{NewOrg, Shaped};
use crate::value::{Build, text_of};

/// What is wrong with a cell, a row or a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    /// As a spreadsheet numbers it: the headers are row 1.
    pub row: usize,
    /// The header as it stands in the file, or the path of a field that has no column; empty: the row as a whole.
    pub column: String,
    /// What is wrong and what to do.
    pub reason: String,
}

/// A file that was read.
#[derive(Debug, Default, PartialEq)]
pub struct Customers<V> {
    /// The row and the spec of each customer with whom nothing is wrong.
    pub specs: Vec<(usize, V)>,
    /// Everything that is wrong, by row.
    pub errors: Vec<RowError>,
}

impl<V> Customers<V> {
    fn refuse(&mut self, row: usize, column: &str, reason: impl Into<String>) {
        self.errors.push(RowError {
            row,
            column: column.into(),
            reason: reason.into(),
        });
    }
}

/// Reads a file. `check` says what is wrong with a spec, by path.
pub fn read_csv<V: Build>(text: &str, check: &dyn Fn(&V) -> Vec<FieldError>) -> Customers<V> {
    let mut customers = Customers {
        specs: Vec::new(),
        errors: Vec::new(),
    };
    if let Err(Unclosed(row)) = read(text, check, &mut customers) {
        customers.refuse(
            row,
            "",
            "A quotation mark in this row is never closed, so what follows cannot be told apart. Within a quoted \
             text a quotation mark is written twice.",
        );
    }
    customers
}

fn read<V: Build>(
    text: &str,
    check: &dyn Fn(&V) -> Vec<FieldError>,
    customers: &mut Customers<V>,
) -> Result<(), Unclosed> {
    let mut records = Records::new(text);
    let Some(headers) = records.next()? else {
        customers.refuse(
            1,
            "",
            "The file is empty. Its first row must be headers such as name,external_id.",
        );
        return Ok(());
    };
    let columns = read_headers(&headers, customers);
    if !customers.errors.is_empty() {
        return Ok(());
    }
    let columns = Columns::new(columns);
    let mut ids = Distinct::default();
    let mut rows = Vec::new();
    while let Some(record) = records.next()? {
        if record.cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let known = customers.errors.len();
        let spec: V = read_row(&record, &columns, check, &mut customers.errors);
        let org = spec.get("org");
        let id = org
            .and_then(|org| text_of(&org, "external_id"))
            .unwrap_or_default();
        match ids.insert(id) {
            Ok(()) => rows.push(record.row),
            Err(first) => {
                let mut reason = String::from("is the same as in row ");
                reason.push_str(&rows.get(first).map(usize::to_string).unwrap_or_default());
                reason.push_str(": each customer needs an id of its own");
                customers.refuse(record.row, &columns.header("org.external_id"), reason);
            }
        }
        if customers.errors.len() == known {
            customers.specs.push((record.row, spec));
        }
    }
    Ok(())
}

/// The columns, `None` for those without a header.
fn read_headers<V>(headers: &Record, customers: &mut Customers<V>) -> Vec<Option<Column>> {
    let mut columns: Vec<Option<Column>> = Vec::new();
    for header in &headers.cells {
        let column = Column::of(header);
        if let Some(column) = &column {
            let same = |other: &&Column| other.way == column.way;
            if let Some(other) = columns.iter().flatten().find(same) {
                let reason = [
                    "is the same field as the column ",
                    &other.header,
                    ": keep one of them",
                ]
                .concat();
                customers.refuse(headers.row, header.trim(), reason);
            }
        } else if !header.trim().is_empty() {
            customers.refuse(
                headers.row,
                header.trim(),
                "is no field that a column can hold. Known are name, external_id, website, language, ai_instructions, \
                 email, crawl, and fields by their path, such as crawl.page_limit or trainings[0].title.",
            );
        }
        columns.push(column);
    }
    let required = |field: &&Field| field.required;
    for field in NewOrg::SHAPE.iter().filter(required) {
        let mut path = String::from("org.");
        path.push_str(field.name);
        if !columns
            .iter()
            .flatten()
            .any(|column| column.path().as_str() == path)
        {
            customers.refuse(headers.row, field.name, "is missing: each customer needs it");
        }
    }
    columns
}

/// The header of the column with that path.
fn header_of(columns: &[Option<Column>], path: &str) -> String {
    let found = columns
        .iter()
        .flatten()
        .find(|column| column.path().as_str() == path);
    found.map_or(path, |column| &column.header).to_owned()
}

#[cfg(test)]
mod tests;
