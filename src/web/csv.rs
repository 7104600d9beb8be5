//! A CSV file as specs (`www/sdk/csv.ts`). A module of its own: most pages never read one.

use js_sys::{Array, Function};
use wasm_bindgen::prelude::*;

use super::object::object;
use crate::error::FieldError;
use crate::provision::read_csv as read;
use crate::value::{items, text_of};

/// The customers of a file, and what is wrong with the others. `check` gives `[{ path, message }]` of a spec.
#[wasm_bindgen(js_name = readCsv)]
#[allow(clippy::cast_precision_loss)] // a row
pub fn read_csv(text: &str, check: &Function) -> JsValue {
    let read = read(text, &|spec: &JsValue| match check.call1(&JsValue::NULL, spec) {
        Ok(found) => items(&found).iter().map(finding).collect(),
        Err(_) => vec![finding(&JsValue::UNDEFINED)],
    });
    let (specs, rows, errors) = (Array::new(), Array::new(), Array::new());
    for (row, spec) in &read.specs {
        specs.push(spec);
        rows.push(&(*row as f64).into());
    }
    for error in &read.errors {
        errors.push(&object(&[
            ("row", (error.row as f64).into()),
            ("column", error.column.as_str().into()),
            ("reason", error.reason.as_str().into()),
        ]));
    }
    object(&[
        ("specs", specs.into()),
        ("rows", rows.into()),
        ("errors", errors.into()),
    ])
}

fn finding(found: &JsValue) -> FieldError {
    FieldError {
        path: text_of(found, "path").unwrap_or_default(),
        message: text_of(found, "message").unwrap_or_else(|| "could not be checked".into()),
    }
}
