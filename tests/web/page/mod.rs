//! A page to test in, and what can be done to it.
#![allow(dead_code)] // no test needs all of it

use js_sys::{Function, Reflect};
use wasm_bindgen::prelude::*;

pub const ORG: &str = r#"{"id":"0b6f7a52-0c3a-4b6e-9d53-1f0a4d1f2c11","name":"Blue Fin","widget_token":"wt_1","external_id":"blue-fin"}"#;

/// What a page's script gives.
pub fn page(body: &str) -> JsValue {
    Function::new_no_args(body).call0(&JsValue::UNDEFINED).unwrap()
}

pub fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap()
}

pub fn text(object: &JsValue, name: &str) -> String {
    get(object, name).as_string().unwrap_or_default()
}

/// The page does something to itself until this is dropped: `body` gives the function that takes it back.
pub struct Broken(Function);

impl Broken {
    pub fn by(body: &str) -> Self {
        Broken(page(body).unchecked_into())
    }

    /// Its `fetch` is another one.
    pub fn fetch(body: &str) -> Self {
        Broken::by(&format!(
            "const original = fetch;
             const json = (text, status = 200, type = 'application/json') =>
               new Response(text, {{ status, headers: {{ 'content-type': type }} }});
             globalThis.fetch = (request) => {{ {body} }};
             return () => {{ globalThis.fetch = original; }};"
        ))
    }
}

impl Drop for Broken {
    fn drop(&mut self) {
        self.0.call0(&JsValue::UNDEFINED).unwrap();
    }
}
