//! The value that a cell stands for.

use super::column::bare;
use crate::platform::shape::What;
use crate::value::{Build, Kind};

/// The value; `None` of an empty cell, which leaves its field out.
///
/// # Errors
/// What must stand there instead.
pub fn value<V: Build>(what: What, cell: &str) -> Result<Option<V>, &'static str> {
    let word = cell.trim();
    if word.is_empty() {
        return Ok(None);
    }
    if cell.contains('\u{fffd}') {
        return Err("holds a character that was lost: save the file as UTF-8 (in Excel: CSV UTF-8)");
    }
    match bare(what) {
        _ if what.takes_null() && word == "null" => Ok(V::from_json(word)),
        // A text is taken as it stands; where blanks mean nothing, people leave some.
        What::Text(..) => Ok(Some(V::from_text(cell))),
        What::Flag if word.eq_ignore_ascii_case("true") => Ok(V::from_json("true")),
        What::Flag if word.eq_ignore_ascii_case("false") => Ok(V::from_json("false")),
        What::Flag => Err("must be true or false"),
        What::Whole(..) | What::Number => V::from_json(word)
            .filter(|value| value.kind() == Kind::Number)
            .map(Some)
            .ok_or("must be a number"),
        What::Any | What::List(..) | What::Shifts | What::Object(_) | What::Map(_) | What::MapOf(_) => {
            V::from_json(word)
                .map(Some)
                .ok_or("must be JSON such as {\"theme\":{}} or [1,2]")
        }
        _ => Ok(Some(V::from_text(word))),
    }
}
