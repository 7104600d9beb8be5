//! The page's values, as the rules see them.

use js_sys::{Array, JSON, Object, Reflect};
use wasm_bindgen::prelude::*;

use super::object::set;
use crate::value::{Build, Kind, Value};

impl Value for JsValue {
    fn kind(&self) -> Kind {
        if self.is_null() || self.is_undefined() {
            Kind::Absent
        } else if self.is_string() {
            Kind::Text
        } else if self.is_function() {
            Kind::Function
        } else if self.is_array() {
            Kind::List
        } else if self.is_object() {
            Kind::Object
        } else if self.as_bool().is_some() {
            Kind::Flag
        } else if self.as_f64().is_some() {
            Kind::Number
        } else {
            Kind::Other
        }
    }

    fn get(&self, name: &str) -> Option<Self> {
        // Of anything else the fields are no concern of ours, and reading them would throw.
        if self.is_object() {
            Reflect::get(self, &name.into()).ok()
        } else {
            Some(JsValue::UNDEFINED)
        }
    }

    fn names(&self) -> Vec<String> {
        let fields = self.dyn_ref::<Object>().map(Object::keys).unwrap_or_default();
        fields.iter().filter_map(|name| name.as_string()).collect()
    }

    fn number(&self) -> f64 {
        self.as_f64().unwrap_or_default()
    }

    fn is_text(&self, text: &str) -> bool {
        *self == JsValue::from_str(text)
    }

    fn is_longer_than(&self, units: usize) -> bool {
        let text = self.dyn_ref::<js_sys::JsString>();
        text.is_some_and(|text| text.length() as usize > units)
    }

    fn text(&self) -> Option<String> {
        self.as_string()
    }

    fn is_true(&self) -> bool {
        self.as_bool() == Some(true)
    }
}

impl Build for JsValue {
    fn object() -> Self {
        Object::new().into()
    }

    fn list() -> Self {
        Array::new().into()
    }

    fn from_text(text: &str) -> Self {
        text.into()
    }

    fn from_json(json: &str) -> Option<Self> {
        JSON::parse(json).ok()
    }

    fn put(&mut self, name: &str, value: Self) {
        set(self, name, &value);
    }
}
