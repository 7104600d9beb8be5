//! JavaScript values in and out of the pure types.

use js_sys::JSON;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

use super::field_path;
use crate::error::{Code, Error, FieldError};

/// Reads what the page passed.
///
/// # Errors
/// `INVALID_SPEC` naming the field whose type is wrong.
pub(super) fn read<T: DeserializeOwned>(value: &JsValue) -> Result<T, Error> {
    let refused = |path: String, message: &str| {
        Error::invalid(vec![FieldError {
            path,
            message: message.into(),
        }])
    };
    // A plain copy: a getter that throws, a cycle or a Proxy ends here, caught, and not within the reader.
    let plain = JSON::stringify(value)
        .ok()
        .and_then(|text| JSON::parse(&String::from(text)).ok());
    let plain = match plain {
        Some(plain) if plain.is_object() => plain,
        Some(_) => return Err(refused(String::new(), "An object is expected here")),
        None => return Err(refused(String::new(), "This value cannot be written as JSON")),
    };
    serde_wasm_bindgen::from_value(plain.clone()).map_err(|error| {
        let path = field_path::last_read(plain, |spied| drop(serde_wasm_bindgen::from_value::<T>(spied)));
        refused(path, &error.to_string())
    })
}

/// Reads what the proxy answered.
///
/// # Errors
/// `BAD_RESPONSE`: it is JSON, but not of the shape the protocol promises.
pub(super) fn read_answer<T: DeserializeOwned>(value: JsValue) -> Result<T, Error> {
    serde_wasm_bindgen::from_value(value).map_err(|_| {
        Error::new(
            Code::BadResponse,
            "The proxy's answer does not have the shape this release expects. Check that the proxy and this \
             package are of the same release.",
        )
    })
}

/// A plain JavaScript object.
///
/// # Errors
/// `INTERNAL`: our own types always convert.
pub(super) fn write<T: Serialize>(value: &T) -> Result<JsValue, Error> {
    // null rather than undefined, as the platform's own JSON has it.
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value
        .serialize(&serializer)
        .map_err(|_| Error::new(Code::Internal, "A value could not be converted."))
}

/// JSON text.
///
/// # Errors
/// `INTERNAL`, as above.
pub(super) fn json<T: Serialize>(value: &T) -> Result<String, Error> {
    JSON::stringify(&write(value)?)
        .map(String::from)
        .map_err(|_| Error::new(Code::Internal, "A value could not be written as JSON."))
}

/// The answer as `T` and back, so that a page gets exactly the fields that are documented.
///
/// # Errors
/// `BAD_RESPONSE`, as above.
pub(super) fn shaped<T: Serialize + DeserializeOwned>(value: JsValue) -> Result<JsValue, Error> {
    write(&read_answer::<T>(value)?)
}
