//! What the kit asks of the page. Any of it may have been replaced, wrapped or frozen by the page: whatever it throws is
//! given back, and never passes through our own code, where it would leave a promise unsettled for ever.

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::prelude::*;

/// What was thrown, or the thing.
pub(super) type Thrown<T> = Result<T, JsValue>;

/// Reads a field.
pub(super) fn read(object: &JsValue, name: &str) -> Thrown<JsValue> {
    Reflect::get(object, &name.into())
}

/// A global.
pub(super) fn global(name: &str) -> Thrown<JsValue> {
    read(&js_sys::global(), name)
}

/// Calls a method; one that is none throws a `TypeError`, as it does in the page.
pub(super) fn invoke(object: &JsValue, name: &str, arguments: &[&JsValue]) -> Thrown<JsValue> {
    let method = read(object, name)?.unchecked_into::<Function>();
    Reflect::apply(&method, object, &list(arguments))
}

/// Makes an object of a global class.
pub(super) fn construct(class: &str, arguments: &[&JsValue]) -> Thrown<JsValue> {
    let class = global(class)?.unchecked_into::<Function>();
    Reflect::construct(&class, &list(arguments))
}

/// A list.
pub(super) fn list(items: &[&JsValue]) -> Array {
    items.iter().copied().collect()
}

/// A function for the page to call. The garbage collector frees it: however late it is called, it is there.
pub(super) fn callback(work: impl FnMut(JsValue) + 'static) -> JsValue {
    Closure::<dyn FnMut(JsValue)>::new(work).into_js_value()
}

/// Milliseconds of a clock that never goes back.
pub(super) fn now_ms() -> f64 {
    number(global("performance").and_then(|clock| invoke(&clock, "now", &[])))
}

/// Milliseconds since 1970, by a clock that may be wrong.
pub(super) fn epoch_ms() -> f64 {
    number(global("Date").and_then(|date| invoke(&date, "now", &[])))
}

/// From 0 to 1.
pub(super) fn random() -> f64 {
    number(global("Math").and_then(|math| invoke(&math, "random", &[]))).min(1.0)
}

/// Milliseconds since 1970 of an HTTP date, by the browser's own parser.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // saturating
pub(super) fn parse_date(text: &str) -> Option<u64> {
    let parsed = invoke(&global("Date").ok()?, "parse", &[&text.into()]);
    let millis = number(parsed) as u64;
    (millis > 0).then_some(millis)
}

/// Not less than 0; 0 for what is no number, and for what was thrown.
fn number(value: Thrown<JsValue>) -> f64 {
    value
        .ok()
        .and_then(|value| value.as_f64())
        .unwrap_or(0.0)
        .max(0.0)
}

/// The value of that JSON text.
pub(super) fn parse_json(text: &JsValue) -> Thrown<JsValue> {
    invoke(&global("JSON")?, "parse", &[text])
}

/// JSON text; undefined for what has none, as in the page.
pub(super) fn to_json(value: &JsValue) -> Thrown<JsValue> {
    invoke(&global("JSON")?, "stringify", &[value])
}

/// Calls a function of the page. What it throws is the page's own affair: reported as the page's error, and we go on.
pub(super) fn tell(listener: &Function, what: &JsValue) {
    if let Err(thrown) = Reflect::apply(listener, &JsValue::UNDEFINED, &list(&[what])) {
        let _ = invoke(&js_sys::global(), "reportError", &[&thrown]);
    }
}
