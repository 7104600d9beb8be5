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

/// An object that inherits nothing, for what reads whatever it finds.
#[cfg(feature = "admin")]
pub(super) fn bare() -> JsValue {
    Object::<JsValue>::create(JsValue::NULL.unchecked_ref()).into()
}

/// Sets a field of an object we made ourselves: that cannot be refused. As a property of its own: an assignment would run into
/// what a page has put on `Object.prototype`, or has frozen.
#[cfg(feature = "admin")]
pub(super) fn set(object: &JsValue, name: &str, value: &JsValue) {
    let property = bare();
    for (name, value) in [
        ("value", value),
        ("writable", &JsValue::TRUE),
        ("enumerable", &JsValue::TRUE),
        ("configurable", &JsValue::TRUE),
    ] {
        let _ = Reflect::set(&property, &name.into(), value);
    }
    let _ =
        Reflect::define_property::<JsValue>(object.unchecked_ref(), &name.into(), property.unchecked_ref());
}

/// Sets a field of an object we made ourselves. The care above would cost every visitor a fifth of a kilobyte.
#[cfg(not(feature = "admin"))]
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
