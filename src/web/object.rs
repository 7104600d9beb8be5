//! Plain JavaScript objects, read and made field by field.

use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;

/// An object of these fields.
pub(super) fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        set(&object, name, value);
    }
    object.into()
}

/// Sets a field of an object we made ourselves: that cannot be refused.
pub(super) fn set(object: &JsValue, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}

/// Reads a field; anything but an object has none.
///
/// # Errors
/// Whatever a getter throws.
#[cfg(feature = "admin")]
pub(super) fn get(object: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    if object.is_object() {
        Reflect::get(object, &name.into())
    } else {
        Ok(JsValue::UNDEFINED)
    }
}
