//! A CSV text as records (RFC 4180), each with the row that a spreadsheet shows for it.

use csv_core::{ReadFieldResult, Reader, ReaderBuilder};

/// One line of a spreadsheet.
#[derive(Debug, PartialEq, Eq)]
pub struct Record {
    /// From 1. Empty lines count, line ends within a cell do not.
    pub row: usize,
    /// From the left.
    pub cells: Vec<String>,
}

/// The file ends within quotes that were opened in this row.
#[derive(Debug, PartialEq, Eq)]
pub struct Unclosed(pub usize);

/// Reads one record after the other.
pub struct Records<'a> {
    text: &'a [u8],
    at: usize,
    row: usize,
    reader: Reader,
}

impl<'a> Records<'a> {
    /// The first line decides whether commas, semicolons (Excel in much of Europe) or tabs stand between the cells.
    pub fn new(text: &'a str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).as_bytes();
        Records {
            text,
            at: 0,
            row: 1,
            reader: ReaderBuilder::new().delimiter(delimiter(text)).build(),
        }
    }

    /// The next record; `None` at the end.
    ///
    /// # Errors
    /// The text ends within quotes: what stood behind them cannot be told from what stood within.
    pub fn next(&mut self) -> Result<Option<Record>, Unclosed> {
        while let Some(length) = line_end(&self.text[self.at..]) {
            self.at += length;
            self.row += 1;
        }
        if self.at == self.text.len() {
            return Ok(None);
        }
        let row = self.row;
        let (mut cells, mut cell, mut part) = (Vec::new(), Vec::new(), [0; 256]);
        let mut end: &[u8] = b"\n";
        loop {
            let left = &self.text[self.at..];
            // One more line end behind the last line: only open quotes take it for a part of the cell.
            let input = if left.is_empty() {
                std::mem::take(&mut end)
            } else {
                left
            };
            let (result, read, written) = match input {
                [] => return Err(Unclosed(row)),
                input => self.reader.read_field(input, &mut part),
            };
            if !left.is_empty() {
                self.at += read;
            }
            cell.extend_from_slice(&part[..written]);
            if let ReadFieldResult::Field { record_end } = result {
                cells.push(String::from_utf8(std::mem::take(&mut cell)).unwrap_or_default());
                if record_end {
                    break;
                }
            }
        }
        if self.text[..self.at].ends_with(b"\r") && self.text[self.at..].starts_with(b"\n") {
            self.at += 1;
        }
        self.row += 1;
        Ok(Some(Record { row, cells }))
    }
}

/// How long the line end is that a text begins with.
fn line_end(text: &[u8]) -> Option<usize> {
    match text {
        [b'\r', b'\n', ..] => Some(2),
        [b'\r' | b'\n', ..] => Some(1),
        _ => None,
    }
}

/// The first of them that stands outside quotes: no header holds one.
fn delimiter(text: &[u8]) -> u8 {
    let mut quoted = false;
    for &byte in text {
        match byte {
            b'"' => quoted = !quoted,
            b',' | b';' | b'\t' if !quoted => return byte,
            _ => {}
        }
    }
    b','
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Vec<(usize, Vec<String>)> {
        let mut records = Records::new(text);
        let mut all = Vec::new();
        while let Some(record) = records.next().unwrap() {
            all.push((record.row, record.cells));
        }
        all
    }

    fn row(row: usize, cells: &[&str]) -> (usize, Vec<String>) {
        (row, cells.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn each_line_end_and_delimiter_that_spreadsheets_write() {
        let wanted = [row(1, &["a", "b"]), row(2, &["1", ""]), row(4, &["", "2"])];
        for text in [
            "a,b\n1,\n\n,2",
            "a,b\r\n1,\r\n\r\n,2\r\n",
            "a,b\r1,\r\r,2\r",
            "\u{feff}a;b\r\n1;\r\n\r\n;2\r\n\r\n",
            "a\tb\n1\t\n\n\t2\n",
        ] {
            assert_eq!(read(text), wanted, "{text:?}");
        }
        assert_eq!(read(""), []);
        assert_eq!(read("\u{feff}\r\n\r\n"), []);
    }

    #[test]
    fn quotes_hold_delimiters_line_ends_and_quotes() {
        let text = "\"a;b\",c\r\n\"say \"\"hi\"\"\r\n\nand, go\",2\r\nlast,\"3\"";
        assert_eq!(
            read(text),
            [
                row(1, &["a;b", "c"]),
                row(2, &["say \"hi\"\r\n\nand, go", "2"]),
                row(3, &["last", "3"])
            ]
        );
    }

    #[test]
    fn quotes_that_never_end_are_told() {
        let mut records = Records::new("a,b\n1,\"2\n3,4\n");
        assert!(records.next().is_ok());
        assert_eq!(records.next(), Err(Unclosed(2)));
    }

    #[test]
    fn cells_longer_than_what_is_read_at_once() {
        let long = "né".repeat(2_000);
        assert_eq!(
            read(&format!("{long},b\n\"{long}\",c")),
            [row(1, &[&long, "b"]), row(2, &[&long, "c"])]
        );
    }

    proptest! {
        #[test]
        fn any_text_ends_and_no_row_is_told_twice(text in "[a,;\t\"\r\nö]{0,60}") {
            let mut records = Records::new(&text);
            let mut last = 0;
            while let Ok(Some(record)) = records.next() {
                prop_assert!(record.row > last && !record.cells.is_empty());
                last = record.row;
            }
        }
    }
}
