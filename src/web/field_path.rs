//! Finds the field that a reader stumbled over. Only after a failure: the object is read once more, through proxies that
//! note each field as it is asked for; the reader stops at the bad one, so the last note names it. This costs one
//! kilobyte; deserializing with path tracking (`serde_path_to_error`) costs fifteen.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Object, Proxy, Reflect};
use wasm_bindgen::prelude::*;

use super::object::set;
use crate::platform::Path;

type Get = Closure<dyn Fn(JsValue, JsValue, JsValue) -> Result<JsValue, JsValue>>;

#[derive(Clone, Default)]
struct Notes {
    last: Rc<RefCell<Path>>,
    /// Proxies call back as long as the reader reads.
    held: Rc<RefCell<Vec<Get>>>,
}

/// The path of the last field that `reader` asked for.
pub(super) fn last_read(value: JsValue, reader: impl FnOnce(JsValue)) -> String {
    let notes = Notes::default();
    reader(spied(&value, Path::root(), &notes));
    let last = notes.last.borrow();
    last.as_str().to_owned()
}

fn spied(value: &JsValue, at: Path, notes: &Notes) -> JsValue {
    let Some(target) = value.dyn_ref::<Object>().filter(|_| !value.is_function()) else {
        return value.clone();
    };
    let is_array = Array::is_array(value);
    let all = notes.clone();
    let get: Get = Closure::new(move |target: JsValue, name: JsValue, _receiver: JsValue| {
        let read = Reflect::get(&target, &name);
        let Some(name) = name.as_string() else { return read };
        let path = match name.parse() {
            Ok(index) if is_array => at.index(index),
            _ if is_array => return read,
            _ => at.field(&name),
        };
        all.last.replace(path.clone());
        Ok(spied(&read?, path, &all))
    });
    let handler = Object::new();
    set(&handler, "get", get.as_ref());
    notes.held.borrow_mut().push(get);
    Proxy::new(target, &handler).into()
}
