//! Schemas of answers (JSON Schema 2020-12), said briefly. None is closed: a later release may answer further fields.

use serde_json::{Map, Value, json};

/// An object. All these fields are there, but those that are in `maybe`.
pub fn object(what: &str, fields: &[(&str, Value)], maybe: &[&str]) -> Value {
    let properties: Map<String, Value> = fields
        .iter()
        .map(|(name, schema)| ((*name).to_owned(), schema.clone()))
        .collect();
    let names = fields.iter().map(|(name, _)| *name);
    let required: Vec<&str> = names.filter(|name| !maybe.contains(name)).collect();
    let mut schema = json!({ "type": "object", "description": what, "properties": properties });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

pub fn text(what: &str) -> Value {
    json!({ "type": "string", "description": what })
}

/// One of these words: the protocol has no others.
pub fn word(what: &str, words: &[&str]) -> Value {
    json!({ "type": "string", "description": what, "enum": words })
}

pub fn uuid(what: &str) -> Value {
    json!({ "type": "string", "format": "uuid", "description": what })
}

/// RFC 3339.
pub fn moment(what: &str) -> Value {
    json!({ "type": "string", "format": "date-time", "description": what })
}

pub fn whole(what: &str) -> Value {
    json!({ "type": "integer", "minimum": 0, "description": what })
}

pub fn flag(what: &str) -> Value {
    json!({ "type": "boolean", "description": what })
}

pub fn list(what: &str, items: &Value) -> Value {
    json!({ "type": "array", "description": what, "items": items })
}

pub fn named(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// That, or null.
pub fn or_null(mut schema: Value) -> Value {
    match schema["type"].as_str().map(str::to_owned) {
        Some(kind) => {
            schema["type"] = json!([kind, "null"]);
            if let Some(words) = schema.get_mut("enum").and_then(Value::as_array_mut) {
                words.push(Value::Null);
            }
            schema
        }
        None => json!({ "anyOf": [schema, { "type": "null" }] }),
    }
}

/// A list of the platform in the protocol's one shape.
pub fn page(what: &str, item: &str) -> Value {
    object(
        what,
        &[("items", json!({ "type": "array", "items": named(item) }))],
        &[],
    )
}
