//! Leaves of an input what its table knows, at every depth: whatever else a caller sends goes no further. Pure.

use opencx_partner_kit::platform::Shape;
use opencx_partner_kit::platform::shape::{What, lets_through};
use serde_json::{Map, Value};

/// Of checked fields. A null that says nothing goes too.
pub fn keep_known(shape: Shape, fields: &mut Map<String, Value>) {
    if lets_through(shape) {
        return;
    }
    fields.retain(|name, value| {
        let Some(field) = shape.iter().find(|field| field.name == name) else {
            return false;
        };
        keep_within(field.what, value);
        field.what.takes_null() || !value.is_null()
    });
}

fn keep_within(what: What, value: &mut Value) {
    match (what.spelled_out(), value) {
        (What::Object(shape), Value::Object(fields)) => keep_known(shape, fields),
        (What::List(item, ..), Value::Array(items)) => {
            items.iter_mut().for_each(|value| keep_within(*item, value));
        }
        (What::MapOf(each), Value::Object(fields)) => {
            fields.values_mut().for_each(|value| keep_within(*each, value));
        }
        (What::Unless(_, what) | What::OrNull(what), value) => keep_within(*what, value),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use opencx_partner_kit::platform::shape::{optional, required};
    use serde_json::json;

    const PART: Shape = &[required("known", What::Any)];
    const WHOLE: Shape = &[
        required("text", What::Text(1, 9)),
        optional("null", What::OrNull(&What::Object(PART))),
        optional("part", What::Object(PART)),
        optional("parts", What::List(&What::Object(PART), 0, 9)),
        optional("named", What::MapOf(&What::Object(PART))),
        optional("free", What::Map(&[])),
    ];

    #[test]
    fn nothing_else_at_any_depth() {
        let part = json!({ "known": { "free": 1 }, "unknown": 1 });
        let mut given = json!({
            "text": "t", "unknown": { "known": 1 }, "null": null, "part": part, "parts": [part, part],
            "named": { "a": part }, "free": { "unknown": 1 },
        });
        let kept = json!({ "known": { "free": 1 } });
        keep_known(WHOLE, given.as_object_mut().unwrap());
        let expected = json!({
            "text": "t", "null": null, "part": kept, "parts": [kept, kept], "named": { "a": kept },
            "free": { "unknown": 1 },
        });
        assert_eq!(given, expected);
        let mut given = json!({ "text": "t", "part": null, "null": { "known": 1, "unknown": 1 } });
        keep_known(WHOLE, given.as_object_mut().unwrap());
        assert_eq!(given, json!({ "text": "t", "null": { "known": 1 } }));
    }
}
