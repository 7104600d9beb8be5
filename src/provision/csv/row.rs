//! A row as a spec, and what is wrong with it by column.

use super::cell::value;
use super::column::{CRAWL, Column, Segment, path};
use super::records::Record;
use super::{RowError, header_of};
use crate::error::FieldError;
use crate::value::{Build, given};

/// The columns of a file, `None` for those without a header.
pub struct Columns {
    all: Vec<Option<Column>>,
    /// In the order in which their fields stand in a spec: `trainings[2]` before `trainings[10]`.
    order: Vec<usize>,
}

impl Columns {
    pub fn new(all: Vec<Option<Column>>) -> Self {
        let mut order: Vec<usize> = Vec::new();
        for (place, column) in all.iter().enumerate() {
            let Some(column) = column else { continue };
            let before = |other: &usize| all[*other].as_ref().is_some_and(|other| other.way < column.way);
            order.insert(order.partition_point(before), place);
        }
        Columns { all, order }
    }

    /// The header of the column with that path.
    pub fn header(&self, path: &str) -> String {
        header_of(&self.all, path)
    }
}

/// Where the cells of a row have come to stand. A list's entries without a single cell are left out, so that a customer with one
/// training and another with five can stand in one file, wherever the gaps are.
#[derive(Default)]
struct Places {
    /// Each entry by the header's numbers, with its own.
    entries: Vec<(Vec<Segment>, usize)>,
    /// Paths in the spec, and what they are called in the file.
    names: Vec<(String, String)>,
}

impl Places {
    /// The way in the spec of a field that a header names.
    fn of(&mut self, way: &[Segment]) -> Vec<Segment> {
        let mut moved = Vec::with_capacity(way.len());
        for (at, segment) in way.iter().enumerate() {
            let Segment::Item(_) = segment else {
                moved.push(*segment);
                continue;
            };
            let (list, entry) = (&way[..at], &way[..=at]);
            let known = self
                .entries
                .iter()
                .find(|(known, _)| known == entry)
                .map(|(_, own)| *own);
            let beside =
                |(other, _): &&(Vec<Segment>, usize)| other.split_last().is_some_and(|(_, of)| of == list);
            let own = known.unwrap_or_else(|| self.entries.iter().filter(beside).count());
            moved.push(Segment::Item(own));
            if known.is_none() {
                self.entries.push((entry.to_vec(), own));
                self.name(&moved, path(entry).as_str());
            }
        }
        moved
    }

    fn name(&mut self, way: &[Segment], name: &str) {
        self.names.push((path(way).as_str().to_owned(), name.to_owned()));
    }

    /// What the file calls that path: its column, the first column below it, or what its column would be called.
    fn named(&self, path: &str, columns: &Columns) -> String {
        let exact = self.names.iter().rev().find(|(known, _)| known == path);
        let below = || {
            self.names
                .iter()
                .find(|(known, _)| !path.is_empty() && within(known, path))
        };
        if let Some((_, name)) = exact.or_else(below) {
            return name.clone();
        }
        let above = self.names.iter().filter(|(known, _)| within(path, known));
        match above.max_by_key(|(known, _)| known.len()) {
            Some((known, name)) => columns.header(&[name, &path[known.len()..]].concat()),
            None => columns.header(path),
        }
    }
}

/// Whether a path leads to something within another.
fn within(path: &str, outer: &str) -> bool {
    path.strip_prefix(outer)
        .is_some_and(|rest| rest.starts_with(['.', '[']))
}

/// The spec of a row. `check` is asked only when each cell could be read: it would say of the others that they are missing.
pub fn read_row<V: Build>(
    record: &Record,
    columns: &Columns,
    check: &dyn Fn(&V) -> Vec<FieldError>,
    errors: &mut Vec<RowError>,
) -> V {
    let known = errors.len();
    let mut refuse = |column: &str, reason: String| {
        errors.push(RowError {
            row: record.row,
            column: column.to_owned(),
            reason,
        });
    };
    let mut spec = V::object();
    spec.put("org", V::object());
    let mut places = Places::default();
    let mut no_crawl = false;
    for &at in &columns.order {
        let (Some(Some(column)), Some(cell)) = (columns.all.get(at), record.cells.get(at)) else {
            continue;
        };
        let value = match value::<V>(column.what, cell) {
            Ok(Some(value)) => value,
            Ok(None) => continue,
            Err(reason) => {
                refuse(&column.header, reason.to_owned());
                continue;
            }
        };
        match &column.way[..] {
            [Segment::Field(CRAWL)] if value.is_true() => spec.put(CRAWL, V::object()),
            [Segment::Field(CRAWL)] => no_crawl = true,
            [Segment::Field(CRAWL), ..] if no_crawl => {
                refuse(&column.header, "has a value, but crawl is false".to_owned());
            }
            way => {
                let own = places.of(way);
                places.name(&own, &column.header);
                put(&mut spec, &own, value);
            }
        }
    }
    for (at, cell) in record.cells.iter().enumerate() {
        if !cell.trim().is_empty() && columns.all.get(at).is_none_or(Option::is_none) {
            refuse("", no_header(at));
        }
    }
    if errors.len() == known {
        errors.extend(check(&spec).into_iter().map(|found| RowError {
            row: record.row,
            column: places.named(&found.path, columns),
            reason: found.message,
        }));
    }
    spec
}

fn put<V: Build>(target: &mut V, way: &[Segment], value: V) {
    let [first, rest @ ..] = way else { return };
    let name = match first {
        Segment::Field(name) => (*name).to_owned(),
        Segment::Item(number) => number.to_string(),
    };
    let Some(second) = rest.first() else {
        return target.put(&name, value);
    };
    let new = || match second {
        Segment::Field(_) => V::object(),
        Segment::Item(_) => V::list(),
    };
    let mut inner = given(target, &name).unwrap_or_else(new);
    put(&mut inner, rest, value);
    target.put(&name, inner);
}

fn no_header(at: usize) -> String {
    let mut text = String::from("Cell ");
    text.push_str(&(at + 1).to_string());
    text.push_str(" has no header above it. If a text was cut in two here, put it in quotation marks.");
    text
}
