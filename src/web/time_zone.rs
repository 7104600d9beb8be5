//! The time zones that the browser knows.

use wasm_bindgen::prelude::*;

use super::object::object;

#[wasm_bindgen]
extern "C" {
    // Not js-sys's: that one has no `catch`, and a zone nobody knows throws.
    #[wasm_bindgen(js_namespace = Intl)]
    type DateTimeFormat;

    #[wasm_bindgen(constructor, catch, js_namespace = Intl)]
    fn new(locale: &str, options: &JsValue) -> Result<DateTimeFormat, JsValue>;
}

/// Whether the browser knows a time zone of that name.
pub(super) fn is_time_zone(name: &str) -> bool {
    DateTimeFormat::new("en", &object(&[("timeZone", name.into())])).is_ok()
}
