//! Our [`Error`] as a JavaScript `Error`.

use wasm_bindgen::prelude::*;

use super::object::set;
use crate::error::Error;

/// An `Error` object with `name`, `code`, `retryable` and what else is known (`www/sdk/errors.ts`).
pub(super) fn to_js(error: &Error) -> JsValue {
    let made: JsValue = js_sys::Error::new(&error.message).into();
    set(&made, "name", &"KitError".into());
    set(&made, "code", &error.code.as_str().into());
    set(&made, "retryable", &error.retryable.into());
    #[allow(clippy::cast_precision_loss)]
    if let Some(wait) = error.retry_after_ms {
        set(&made, "retryAfterMs", &(wait as f64).into());
    }
    if let Some(status) = error.status {
        set(&made, "status", &status.into());
    }
    if let Some(id) = &error.request_id {
        set(&made, "requestId", &id.as_str().into());
    }
    if !error.fields.is_empty() {
        set(&made, "errors", &fields(error));
    }
    #[cfg(feature = "admin")] // the embed's rules catch nothing
    if let Some(thrown) = error.cause.as_ref().and_then(|cause| cause.get::<JsValue>())
        && !thrown.is_undefined()
    {
        set(&made, "cause", thrown);
    }
    made
}

/// The refused fields as `[{ path, message }]`.
pub(super) fn fields(error: &Error) -> JsValue {
    let list = js_sys::Array::new();
    for field in &error.fields {
        let entry = super::object::object(&[
            ("path", field.path.as_str().into()),
            ("message", field.message.as_str().into()),
        ]);
        list.push(&entry);
    }
    list.into()
}
