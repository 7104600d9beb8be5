//! Which of the published keys a token may be checked by. What a key is for is the issuer's word, never the token's.

use jsonwebtoken::Algorithm;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, KeyOperations, PublicKeyUse};

/// The key of that id; without an id the only one that fits.
pub fn choose<'a>(keys: &'a [Jwk], algorithm: Algorithm, id: Option<&str>) -> Option<&'a Jwk> {
    let mut fitting = keys.iter().filter(|key| fits(key, algorithm));
    match id {
        Some(id) => fitting.find(|key| key.common.key_id.as_deref() == Some(id)),
        None => match (fitting.next(), fitting.next()) {
            (Some(only), None) => Some(only),
            _ => None,
        },
    }
}

/// Whether a token may be checked by it at all.
pub fn is_usable(key: &Jwk) -> bool {
    use Algorithm::{ES256, ES384, EdDSA, PS256, PS384, PS512, RS256, RS384, RS512};
    let all = [RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, EdDSA];
    all.into_iter().any(|algorithm| fits(key, algorithm))
}

fn fits(key: &Jwk, algorithm: Algorithm) -> bool {
    let common = &key.common;
    let signs = common
        .public_key_use
        .as_ref()
        .is_none_or(|what| *what == PublicKeyUse::Signature);
    let verifies = common
        .key_operations
        .as_ref()
        .is_none_or(|all| all.contains(&KeyOperations::Verify));
    let same = common
        .key_algorithm
        .is_none_or(|its| its == KeyAlgorithm::from(algorithm));
    signs && verifies && same && is_of_kind(&key.algorithm, algorithm)
}

/// A published key is never a shared secret: it would be no secret.
fn is_of_kind(key: &AlgorithmParameters, algorithm: Algorithm) -> bool {
    match (key, algorithm) {
        (
            AlgorithmParameters::RSA(rsa),
            Algorithm::RS256
            | Algorithm::RS384
            | Algorithm::RS512
            | Algorithm::PS256
            | Algorithm::PS384
            | Algorithm::PS512,
        ) => is_long(&rsa.n),
        (AlgorithmParameters::EllipticCurve(ec), Algorithm::ES256) => ec.curve == EllipticCurve::P256,
        (AlgorithmParameters::EllipticCurve(ec), Algorithm::ES384) => ec.curve == EllipticCurve::P384,
        (AlgorithmParameters::OctetKeyPair(pair), Algorithm::EdDSA) => pair.curve == EllipticCurve::Ed25519,
        _ => false,
    }
}

/// At least 2048 bits, as six of them are one digit; leading zeros are none of them.
fn is_long(modulus: &str) -> bool {
    modulus.trim_start_matches('A').len() * 6 >= 2048
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn rsa(id: &str, more: Value) -> Jwk {
        let mut key = json!({ "kty": "RSA", "kid": id, "n": "x".repeat(342), "e": "AQAB" });
        for (name, value) in more.as_object().unwrap() {
            key[name] = value.clone();
        }
        serde_json::from_value(key).unwrap()
    }

    fn chosen(keys: &[Jwk], algorithm: Algorithm, id: Option<&str>) -> Option<String> {
        choose(keys, algorithm, id).and_then(|key| key.common.key_id.clone())
    }

    #[test]
    fn by_id_or_as_the_only_one() {
        let keys = [rsa("a", json!({})), rsa("b", json!({ "alg": "PS256" }))];
        assert_eq!(chosen(&keys, Algorithm::RS256, Some("a")), Some("a".into()));
        assert_eq!(chosen(&keys, Algorithm::RS256, Some("c")), None);
        assert_eq!(
            chosen(&keys, Algorithm::RS256, None),
            Some("a".into()),
            "b is for another algorithm"
        );
        assert_eq!(chosen(&keys, Algorithm::PS256, None), None, "two fit");
        assert_eq!(chosen(&keys, Algorithm::RS256, Some("b")), None);
    }

    #[test]
    fn only_for_what_it_is_for() {
        for (more, expected) in [
            (json!({ "use": "sig" }), true),
            (json!({ "use": "enc" }), false),
            (json!({ "key_ops": ["verify"] }), true),
            (json!({ "key_ops": ["encrypt"] }), false),
            (json!({ "alg": "RS384" }), false),
            (json!({ "alg": "RS999" }), false),
            (json!({ "n": "x".repeat(171) }), false),
            (
                json!({ "n": format!("{}{}", "A".repeat(200), "x".repeat(171)) }),
                false,
            ),
        ] {
            let found = chosen(&[rsa("a", more.clone())], Algorithm::RS256, Some("a"));
            assert_eq!(found.is_some(), expected, "{more}");
        }
    }

    #[test]
    fn a_key_is_used_for_its_own_kind_only() {
        let keys: Vec<Jwk> = [
            json!({ "kty": "RSA", "kid": "rsa", "n": "x".repeat(342), "e": "AQAB" }),
            json!({ "kty": "EC", "kid": "p256", "crv": "P-256", "x": "AA", "y": "AA" }),
            json!({ "kty": "EC", "kid": "p384", "crv": "P-384", "x": "AA", "y": "AA" }),
            json!({ "kty": "OKP", "kid": "ed", "crv": "Ed25519", "x": "AA" }),
            json!({ "kty": "oct", "kid": "secret", "k": "AAAA" }),
        ]
        .into_iter()
        .map(|key| serde_json::from_value(key).unwrap())
        .collect();
        for (algorithm, expected) in [
            (Algorithm::RS256, Some("rsa")),
            (Algorithm::PS512, Some("rsa")),
            (Algorithm::ES256, Some("p256")),
            (Algorithm::ES384, Some("p384")),
            (Algorithm::EdDSA, Some("ed")),
            (Algorithm::HS256, None),
        ] {
            assert_eq!(
                chosen(&keys, algorithm, None).as_deref(),
                expected,
                "{algorithm:?}"
            );
            for other in ["rsa", "p256", "p384", "ed", "secret"] {
                let found = chosen(&keys, algorithm, Some(other));
                assert_eq!(found.is_some(), Some(other) == expected, "{algorithm:?} {other}");
            }
        }
    }
}
