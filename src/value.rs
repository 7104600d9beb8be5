//! Values as a page or a caller passed them, whatever holds them: JavaScript's in a browser, JSON's natively.

use serde::{Deserialize, Deserializer};

/// What a value is, in the words of a page's developer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Undefined or null: left out.
    Absent,
    /// A truth value.
    Flag,
    /// A number.
    Number,
    /// A text.
    Text,
    /// A function.
    Function,
    /// A list.
    List,
    /// Any other object.
    Object,
    /// A symbol, say.
    Other,
}

impl Kind {
    /// As a person reads it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Absent => "left out",
            Kind::Flag => "true or false",
            Kind::Number => "a number",
            Kind::Text => "a text",
            Kind::Function => "a function",
            Kind::List => "a list",
            Kind::Object => "an object",
            Kind::Other => "something else",
        }
    }
}

/// A value.
pub trait Value: Sized {
    /// What it is.
    fn kind(&self) -> Kind;
    /// A field of an object, an item of a list by its number, or a list's `length`; `None` if reading it threw an error.
    fn get(&self, name: &str) -> Option<Self>;
    /// The names of an object's own fields; none of anything else.
    fn names(&self) -> Vec<String>;
    /// The number it is; 0 for anything else.
    fn number(&self) -> f64;
    /// Whether it is that text. Cheaper than asking for the text: taking texts in costs a visitor half a kilobyte.
    fn is_text(&self, text: &str) -> bool;
    /// Whether it is a text of more than so many units (bytes, or a page's UTF-16): told without taking the text in.
    fn is_longer_than(&self, units: usize) -> bool;
    /// The text it is.
    fn text(&self) -> Option<String>;
    /// Whether it is `true`.
    fn is_true(&self) -> bool;
}

/// A value that can be made.
pub trait Build: Value {
    /// An object without fields.
    fn object() -> Self;
    /// A list without items.
    fn list() -> Self;
    /// A text.
    fn from_text(text: &str) -> Self;
    /// What a JSON text says; `None` if it is none.
    fn from_json(json: &str) -> Option<Self>;
    /// Sets a field of an object, or the item of a list with that number, which is there or comes next.
    fn put(&mut self, name: &str, value: Self);
}

/// For `deserialize_with`: a field that is there, be it null. serde alone takes null for a field that is left out, and for the
/// platform the two differ.
///
/// # Errors
/// The deserializer's own.
pub fn named<'de, D: Deserializer<'de>, T: Deserialize<'de>>(value: D) -> Result<Option<T>, D::Error> {
    T::deserialize(value).map(Some)
}

/// What stands at a field that is there and no null.
pub fn given<V: Value>(object: &V, name: &str) -> Option<V> {
    object.get(name).filter(|value| value.kind() != Kind::Absent)
}

/// The text at a field.
pub fn text_of<V: Value>(object: &V, name: &str) -> Option<String> {
    object.get(name)?.text()
}

/// The items of a list; none of anything else.
pub fn items<V: Value>(list: &V) -> Vec<V> {
    if list.kind() != Kind::List {
        return Vec::new();
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a length
    let length = list.get("length").map_or(0, |length| length.number() as u32);
    (0..length)
        .filter_map(|index| list.get(&index.to_string()))
        .collect()
}

#[cfg(any(test, feature = "json"))]
impl Value for serde_json::Value {
    fn kind(&self) -> Kind {
        match self {
            serde_json::Value::Null => Kind::Absent,
            serde_json::Value::Bool(_) => Kind::Flag,
            serde_json::Value::Number(_) => Kind::Number,
            serde_json::Value::String(_) => Kind::Text,
            serde_json::Value::Array(_) => Kind::List,
            serde_json::Value::Object(_) => Kind::Object,
        }
    }

    fn get(&self, name: &str) -> Option<Self> {
        let found = match self {
            serde_json::Value::Array(items) if name == "length" => return Some(items.len().into()),
            serde_json::Value::Array(items) => name.parse::<usize>().ok().and_then(|index| items.get(index)),
            other => serde_json::Value::get(other, name),
        };
        Some(found.cloned().unwrap_or_default())
    }

    fn names(&self) -> Vec<String> {
        self.as_object()
            .map(|fields| fields.keys().cloned().collect())
            .unwrap_or_default()
    }

    fn number(&self) -> f64 {
        self.as_f64().unwrap_or_default()
    }

    fn is_text(&self, text: &str) -> bool {
        self == text
    }

    fn is_longer_than(&self, units: usize) -> bool {
        self.as_str().is_some_and(|text| text.len() > units)
    }

    fn text(&self) -> Option<String> {
        self.as_str().map(str::to_owned)
    }

    fn is_true(&self) -> bool {
        *self == true
    }
}

#[cfg(any(test, feature = "json"))]
impl Build for serde_json::Value {
    fn object() -> Self {
        serde_json::Value::Object(serde_json::Map::new())
    }

    fn list() -> Self {
        serde_json::Value::Array(Vec::new())
    }

    fn from_text(text: &str) -> Self {
        text.into()
    }

    fn from_json(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    fn put(&mut self, name: &str, value: Self) {
        match self {
            serde_json::Value::Array(items) => {
                match name.parse().ok().and_then(|at: usize| items.get_mut(at)) {
                    Some(item) => *item = value,
                    None => items.push(value),
                }
            }
            serde_json::Value::Object(fields) => {
                fields.insert(name.into(), value);
            }
            _ => {}
        }
    }
}
