//! A table as JSON Schema (2020-12), for editors, for other languages, and for the description of the proxy's protocol.

use serde_json::{Map, Value, json};

use super::shape::{Field, OTHERS, Shape, What, lets_through};

/// The contract's own pattern.
const UUID: &str = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}|00000000-0000-0000-0000-000000000000|ffffffff-ffff-ffff-ffff-ffffffffffff)$";
const HTTP_URL: &str =
    r"^\s*[Hh][Tt][Tt][Pp][Ss]?://[^\s\p{Cc}/?#:.@][^\s\p{Cc}/?#@]*([/?#][^\s\p{Cc}]*)?\s*$";
const EMAIL: &str = r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+$";
const LANGUAGE: &str = "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$";
const EXTERNAL_ID: &str = r"^(?!\.{1,2}$)[^\s\p{Cc}]([^\p{Cc}]*[^\s\p{Cc}])?$";
const DATE_TIME: &str = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9](\.[0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$";
const TIME: &str = "^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$";
const TIME_ZONE: &str = "^[A-Za-z][A-Za-z0-9/_+-]{0,63}$";

/// The schema of an object with that table. It takes what [`check`](super::shape::check) takes, but for what no schema can say:
/// that one moment is later than another, that shifts do not lie over each other, which time zones there are. Fields
/// that are not in the table are refused.
pub fn json_schema(shape: Shape) -> Value {
    let fields = || shape.iter().filter(|field| field.name != OTHERS.name);
    let properties: Map<String, Value> = fields()
        .map(|field| (field.name.to_owned(), property(field)))
        .collect();
    let mut schema = json!({ "type": "object", "properties": properties });
    let required: Vec<&str> = fields()
        .filter(|field| field.required)
        .map(|field| field.name)
        .collect();
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    let either: Vec<Value> = fields()
        .filter_map(|field| match field.what {
            What::Unless(other, _) => Some(json!({ "anyOf": [given(field.name), given(other)] })),
            _ => None,
        })
        .collect();
    if !either.is_empty() {
        schema["allOf"] = either.into();
    }
    if !lets_through(shape) {
        schema["additionalProperties"] = false.into();
    }
    schema
}

/// That a field is there, and not null.
pub(crate) fn given(name: &str) -> Value {
    json!({ "required": [name], "properties": { name: { "not": { "type": "null" } } } })
}

fn property(field: &Field) -> Value {
    match (field.required, field.what) {
        (true, what) => value(what),
        // Null is as good as left out, where it does not say more.
        (false, What::Unless(_, what)) => or_null(value(*what)),
        (false, what) => or_null(value(what)),
    }
}

fn or_null(mut schema: Value) -> Value {
    if let Some(Value::String(kind)) = schema.get("type") {
        schema["type"] = json!([kind, "null"]);
    }
    if let Some(Value::Array(words)) = schema.get_mut("enum") {
        words.push(Value::Null);
    }
    schema
}

fn value(what: What) -> Value {
    let pattern = |pattern: &str| json!({ "type": "string", "pattern": pattern });
    match what.spelled_out() {
        What::Text(least, most) => text(least, most),
        What::HttpUrl => pattern(HTTP_URL),
        What::Email => json!({ "type": "string", "pattern": EMAIL, "maxLength": 254 }),
        What::Language => json!({ "type": "string", "pattern": LANGUAGE, "maxLength": 20 }),
        What::ExternalId => json!({ "type": "string", "pattern": EXTERNAL_ID, "maxLength": 200 }),
        What::Uuid => pattern(UUID),
        What::DateTime | What::After(_) => {
            json!({ "type": "string", "format": "date-time", "pattern": DATE_TIME })
        }
        What::Time => pattern(TIME),
        What::TimeZone => pattern(TIME_ZONE),
        What::Flag => json!({ "type": "boolean" }),
        What::Whole(least, most) => json!({ "type": "integer", "minimum": least, "maximum": most }),
        What::Number => json!({ "type": "number" }),
        What::OneOf(words) => json!({ "type": "string", "enum": words }),
        What::List(item, least, most) => {
            let mut list = json!({ "type": "array", "items": value(*item), "maxItems": most });
            if least > 0 {
                list["minItems"] = least.into();
            }
            list
        }
        What::Object(shape) => json_schema(shape),
        What::Map(reserved) => {
            let mut map = json!({ "type": "object" });
            for name in reserved {
                map["properties"][*name] = json!({ "type": "null" });
            }
            map
        }
        What::MapOf(what) => json!({ "type": "object", "additionalProperties": value(*what) }),
        What::OrNull(what) => or_null(value(*what)),
        What::Unless(_, what) => value(*what),
        What::Any | What::Shifts => json!({}),
    }
}

fn text(least: usize, most: usize) -> Value {
    let mut text = json!({ "type": "string" });
    if most < usize::MAX {
        text["maxLength"] = most.into();
    }
    // Blanks at the ends do not count towards the least.
    match least {
        0 => {}
        1 => text["pattern"] = r"\S".into(),
        more => text["pattern"] = format!(r"\S[\s\S]{{{},}}\S", more - 2).into(),
    }
    if least > 0 {
        text["minLength"] = least.into();
    }
    text
}
