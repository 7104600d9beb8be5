//! What a page passed, and what the proxy answered, checked and picked by the tables of `platform`.

use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::object::{get, object, set};
use super::page::{parse_json, to_json};
use super::time_zone::is_time_zone;
use crate::error::{Code, Error, FieldError};
use crate::platform::shape::{What, check, lets_through};
use crate::platform::{Checks, CrawlProgress, Path, Shape};
use crate::provision::Gives;

/// What the page passed, as a plain copy: a getter that throws, a cycle or a Proxy ends here, caught, and not within a reader.
/// Its texts stay with the page, however long.
///
/// # Errors
/// `INVALID_SPEC`, with what was thrown.
pub(super) fn plain(value: &JsValue) -> Result<JsValue, Error> {
    let copy = to_json(value).and_then(|text| match text.is_string() {
        true => parse_json(&text),
        false => Ok(text),
    });
    let refused = |message: &str| {
        Error::invalid(vec![FieldError {
            path: String::new(),
            message: message.into(),
        }])
    };
    match copy {
        Ok(copy) if copy.is_object() && !copy.is_array() && !copy.is_function() => Ok(copy),
        Ok(_) => Err(refused("An object is expected here")),
        Err(thrown) => Err(refused("This value cannot be written as JSON").because(thrown)),
    }
}

/// What the page passed, if the platform would take it.
///
/// # Errors
/// `INVALID_SPEC` naming the fields.
pub(super) fn checked(shape: Shape, value: &JsValue) -> Result<JsValue, Error> {
    let plain = plain(value)?;
    let mut checks = Checks::default().with_zones(is_time_zone);
    check(shape, &plain, &Path::root(), &mut checks);
    checks.finish()?;
    Ok(plain)
}

/// An input's known fields: an unknown one is no business of the platform's.
pub(super) fn picked(shape: Shape, input: &JsValue) -> JsValue {
    if lets_through(shape) {
        return input.clone();
    }
    let picked = object(&[]);
    for field in shape {
        let value = get(input, field.name).unwrap_or_default();
        let says_something = field.what.takes_null() && value.is_null();
        if says_something || !(value.is_null() || value.is_undefined()) {
            set(&picked, field.name, &value);
        }
    }
    picked
}

/// What a route answered: of a documented shape exactly its fields, each there; otherwise as it came.
///
/// # Errors
/// `BAD_RESPONSE`: it is not what the protocol promises.
pub(super) fn answered(gives: Gives, value: JsValue) -> Result<JsValue, Error> {
    let as_promised = match gives {
        Gives::One(shape) => return answer(shape, &value),
        Gives::Progress => {
            let progress = CrawlProgress::of(&value).ok_or_else(bad_answer)?;
            set(&value, "progress", &progress_object(&progress));
            true
        }
        Gives::Object => value.is_object() && !Array::is_array(&value),
        Gives::List => get(&value, "items").is_ok_and(|items| Array::is_array(&items)),
        Gives::Nothing => return Ok(JsValue::UNDEFINED),
    };
    if as_promised { Ok(value) } else { Err(bad_answer()) }
}

/// How far a crawl has come, as the page gets it.
pub(super) fn progress_object(progress: &CrawlProgress) -> JsValue {
    let or_null = |value: Option<JsValue>| value.unwrap_or(JsValue::NULL);
    object(&[
        ("datasource_id", progress.datasource_id.as_str().into()),
        ("state", progress.state.as_str().into()),
        ("finished", progress.finished.into()),
        ("pages_done", progress.pages_done.into()),
        ("pages_total", or_null(progress.pages_total.map(Into::into))),
        (
            "error_message",
            or_null(progress.error_message.as_deref().map(Into::into)),
        ),
    ])
}

/// JSON text.
///
/// # Errors
/// `INTERNAL`, as above.
pub(super) fn json(value: &JsValue) -> Result<String, Error> {
    let text = to_json(value).unwrap_or_default().as_string();
    text.ok_or_else(|| Error::new(Code::Internal, "A value could not be written as JSON."))
}

/// What the proxy answered: exactly the fields that are documented, each there.
///
/// # Errors
/// `BAD_RESPONSE`: it is JSON, but not of the shape the protocol promises.
pub(super) fn answer(shape: Shape, value: &JsValue) -> Result<JsValue, Error> {
    let mut checks = Checks::default();
    check(shape, value, &Path::root(), &mut checks);
    if checks.finish().is_err() {
        return Err(bad_answer());
    }
    let picked = object(&[]);
    for field in shape {
        let mut value = get(value, field.name).unwrap_or_default();
        if value.is_undefined() || value.is_null() {
            value = match field.what {
                What::Text(..) => "".into(),
                _ => JsValue::NULL,
            };
        }
        set(&picked, field.name, &value);
    }
    Ok(picked)
}

/// An answer that a proxy of another release may give.
pub(super) fn bad_answer() -> Error {
    Error::new(
        Code::BadResponse,
        "The proxy's answer does not have the shape this release expects. Check that the proxy and this \
         package are of the same release.",
    )
}
