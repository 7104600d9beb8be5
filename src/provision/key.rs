//! The idempotency key of a step: what the step *is*, so that the same step of a later run is recognised.

use std::hash::Hasher;

use siphasher::sip128::{Hasher128, SipHasher13};

/// An org has one key of the kit.
pub const ORG_KEY: &str = "org-key";

/// A website is known by its address.
pub fn crawl_key(url: &str) -> String {
    idempotency_key("crawl", url)
}

/// A training is known by its title.
pub fn training_key(title: &str) -> String {
    idempotency_key("training", title)
}

/// A person is known by his address, in any case.
pub fn invitation_key(email: &str) -> String {
    idempotency_key("invitation", &email.to_ascii_lowercase())
}

/// `training-1f…`: the kind, and a hash of what identifies the thing (a training's title, a website's address).
/// Kept in partners' ledgers, so the hash must never change.
fn idempotency_key(kind: &str, identity: &str) -> String {
    let mut hasher = SipHasher13::new();
    hasher.write(identity.as_bytes());
    let hash = hasher.finish128().as_u128();
    let mut key = String::with_capacity(kind.len() + 33);
    key.push_str(kind);
    key.push('-');
    for place in (0..32).rev() {
        let digit = (hash >> (place * 4)) as usize & 0xf;
        key.push(char::from(b"0123456789abcdef"[digit]));
    }
    key
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
