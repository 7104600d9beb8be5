//! The idempotency key of a step: what the step *is*, so that the same step of a later run is recognised.

use std::hash::Hasher;

use siphasher::sip128::{Hasher128, SipHasher13};

use crate::value::{Value, text_of};

/// An org has one key of the kit.
pub const ORG_KEY: &str = "org-key";

/// The key of a thing that a route adds, by what the thing is: a training by its title, a website by its address, a person
/// by his address in any case. `None` where the page has to name it.
pub fn key_of<V: Value>(route: &str, input: &V) -> Option<String> {
    let by = |kind: &str, field: &str| idempotency_key(kind, &text_of(input, field).unwrap_or_default());
    Some(match route {
        "createOrgKey" => ORG_KEY.to_owned(),
        "startCrawl" => crawl_key(&text_of(input, "url").unwrap_or_default()),
        "addTraining" => by("training", "title"),
        "addOfficeHours" => by("office-hours", "name"),
        "saveTag" => by("tag", "tag_name"),
        "inviteUser" => {
            let email = text_of(input, "email").unwrap_or_default();
            idempotency_key("invitation", &email.to_ascii_lowercase())
        }
        "addContact" => {
            let email = text_of(input, "email").filter(|email| !email.is_empty());
            let phone = || text_of(input, "phone").unwrap_or_default();
            idempotency_key("contact", &email.unwrap_or_else(phone).to_ascii_lowercase())
        }
        _ => return None,
    })
}

/// A website is known by its address.
pub(super) fn crawl_key(url: &str) -> String {
    idempotency_key("crawl", url)
}

/// `training-1f…`: the kind, and a hash of what identifies the thing (a training's title, a website's address).
/// Kept in partners' ledgers, so the hash must never change.
fn idempotency_key(kind: &str, identity: &str) -> String {
    let mut hasher = SipHasher13::new();
    hasher.write(identity.as_bytes());
    let mut key = String::from(kind);
    key.push('-');
    key.push_str(&hex(hasher.finish128().as_u128()));
    key
}

/// 32 hex digits.
pub(super) fn hex(hash: u128) -> String {
    let digit = |place: u32| char::from(b"0123456789abcdef"[(hash >> (place * 4)) as usize & 0xf]);
    (0..32).rev().map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stay_as_they_are_for_ever() {
        assert_eq!(
            idempotency_key("training", "Refunds"),
            "training-0c4f66c90874a477120f2fc0d6804c7f"
        );
        assert_ne!(
            idempotency_key("training", "Refunds"),
            idempotency_key("training", "refunds")
        );
    }
}
