//! What the contents of a thing are called in the proxy's ledger: the same contents have the same version, in a browser as
//! natively, whatever the order of their fields.

use std::hash::Hasher;

use siphasher::sip128::{Hasher128, SipHasher13};

use super::key::hex;
use crate::platform::Shape;
use crate::platform::shape::lets_through;
use crate::value::{Kind, Value, items};

/// The version of an input's known fields. Kept in partners' ledgers, so it must never change.
pub fn version<V: Value>(shape: Shape, input: &V) -> String {
    let mut hasher = SipHasher13::new();
    if lets_through(shape) {
        add(&mut hasher, input);
    } else {
        for field in shape {
            let Some(value) = input.get(field.name) else {
                continue;
            };
            let left_out =
                value.kind() == Kind::Absent && !(field.what.takes_null() && says_null(input, field.name));
            if !left_out {
                add_text(&mut hasher, field.name);
                add(&mut hasher, &value);
            }
        }
    }
    hex(hasher.finish128().as_u128())
}

/// Null, and not left out.
fn says_null<V: Value>(input: &V, name: &str) -> bool {
    input.names().iter().any(|known| known == name)
}

fn add<V: Value>(hasher: &mut SipHasher13, value: &V) {
    let kind = value.kind();
    hasher.write_u8(kind as u8);
    match kind {
        Kind::Flag => hasher.write_u8(value.is_true().into()),
        Kind::Number => hasher.write_u64(value.number().to_bits()),
        Kind::Text => add_text(hasher, &value.text().unwrap_or_default()),
        Kind::List => {
            let items = items(value);
            hasher.write_u64(items.len() as u64);
            for item in &items {
                add(hasher, item);
            }
        }
        Kind::Object => {
            // A sum does not ask in which order the fields stand, and costs a page less than sorting them.
            let mut sum = 0u128;
            for name in value.names() {
                let mut of_field = SipHasher13::new();
                add_text(&mut of_field, &name);
                if let Some(field) = value.get(&name) {
                    add(&mut of_field, &field);
                }
                sum = sum.wrapping_add(of_field.finish128().as_u128());
            }
            hasher.write_u64(sum as u64);
            hasher.write_u64((sum >> 64) as u64);
        }
        Kind::Absent | Kind::Function | Kind::Other => {}
    }
}

/// With its length, so that two texts never run into each other.
fn add_text(hasher: &mut SipHasher13, text: &str) {
    hasher.write_u64(text.len() as u64);
    hasher.write(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::shape::{What, optional};
    use proptest::prelude::*;
    use serde_json::json;

    const TABLE: Shape = &[
        optional("name", What::Text(0, 9)),
        optional("hours", What::OrNull(&What::Whole(24, 99))),
        optional("more", What::Any),
    ];

    #[test]
    fn stays_as_it_is_for_ever() {
        assert_eq!(
            version(
                TABLE,
                &json!({ "name": "a", "hours": 24, "more": { "b": [true, null, "c"] } })
            ),
            "4e274190bf171f846e3a9f828ffef8c9"
        );
    }

    #[test]
    fn says_the_same_of_the_same_contents_only() {
        let of = |value| version(TABLE, &value);
        let plain = of(json!({ "name": "a", "more": { "x": 1, "y": 2 } }));
        assert_eq!(
            plain,
            of(json!({ "more": { "y": 2, "x": 1 }, "name": "a", "unknown": 5, "extra": null }))
        );
        for other in [
            json!({ "name": "b", "more": { "x": 1, "y": 2 } }),
            json!({ "name": "a", "more": { "x": 1 } }),
            json!({ "name": "a", "more": { "x": 1, "y": 2, "z": null } }),
            json!({ "name": "a", "more": { "x": 1, "y": 2 }, "hours": null }),
        ] {
            assert_ne!(plain, of(other.clone()), "{other}");
        }
        assert_eq!(of(json!({ "name": null })), of(json!({})));
    }

    proptest! {
        #[test]
        fn texts_do_not_run_into_each_other(a in "[ab]{0,4}", b in "[ab]{0,4}", c in "[ab]{0,4}", d in "[ab]{0,4}") {
            let of = |one: &str, other: &str| version(TABLE, &json!({ "more": [one, other] }));
            prop_assert_eq!(of(&a, &b) == of(&c, &d), a == c && b == d);
        }
    }
}
