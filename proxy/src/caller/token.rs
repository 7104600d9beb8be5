//! A token (JWT) is good when who it names signed it, for this proxy, and it has not run out.

use std::collections::HashSet;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation, decode, decode_header};
use secrecy::ExposeSecret;
use serde_json::Value;

use super::crypto;
use super::jwks::{Jwks, NoKey};
use crate::config::{KeySource, Tokens};

/// No good token is longer.
const LENGTH_LIMIT: usize = 8 * 1024;
/// Clocks differ by so much.
pub const LEEWAY_S: i64 = 30;

/// Why a token is not good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotGood {
    /// It is no JWT, or says `none` for its algorithm.
    Unreadable,
    /// The header with it is not one, or is another.
    Doubled,
    /// Its algorithm is not on the list.
    Algorithm,
    /// It has extensions that must be known and are not.
    Critical,
    /// Its issuer publishes no such key.
    Key,
    /// Somebody else signed it.
    Signature,
    /// It has run out.
    Expired,
    /// It is not valid yet.
    Early,
    /// It is from another issuer.
    Issuer,
    /// It is for another audience.
    Audience,
    /// It does not say all that it must.
    Claims,
    /// The issuer's keys cannot be read now.
    Unchecked,
}

/// Checks tokens of one issuer.
pub struct Verifier {
    keys: Keys,
    algorithms: Vec<Algorithm>,
    /// For each token with its own algorithm.
    rules: Validation,
}

enum Keys {
    Shared(DecodingKey),
    Published(Jwks),
}

impl Verifier {
    /// By the settings.
    ///
    /// # Errors
    /// One line for people.
    pub fn new(tokens: &Tokens) -> Result<Self, String> {
        crypto::install();
        let mut rules = Validation::new(Algorithm::HS256);
        rules.leeway = LEEWAY_S.unsigned_abs();
        rules.validate_nbf = true;
        rules.set_issuer(&[&tokens.issuer]);
        rules.set_audience(&[&tokens.audience]);
        rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        let keys = match &tokens.keys {
            KeySource::Shared(secret) => {
                Keys::Shared(DecodingKey::from_secret(secret.expose_secret().as_bytes()))
            }
            KeySource::Published(url) => Keys::Published(Jwks::new(url.clone())?),
        };
        Ok(Verifier {
            keys,
            algorithms: tokens.algorithms.clone(),
            rules,
        })
    }

    /// The claims of a good token.
    ///
    /// # Errors
    /// [`NotGood`].
    pub async fn claims(&self, token: &str) -> Result<Value, NotGood> {
        let header = self.header(token)?;
        let published;
        let key = match &self.keys {
            Keys::Shared(key) => key,
            Keys::Published(keys) => {
                published = keys
                    .key(header.alg, header.kid.as_deref())
                    .await
                    .map_err(|none| match none {
                        NoKey::Unknown => NotGood::Key,
                        NoKey::Unreachable => NotGood::Unchecked,
                    })?;
                &published
            }
        };
        // The one algorithm, which is on the list and of the key's own kind: no other reading of the key is tried.
        let rules = Validation {
            algorithms: vec![header.alg],
            ..self.rules.clone()
        };
        decode(token, key, &rules)
            .map(|data| data.claims)
            .map_err(|error| flaw(error.kind()))
    }

    fn header(&self, token: &str) -> Result<Header, NotGood> {
        if token.len() > LENGTH_LIMIT {
            return Err(NotGood::Unreadable);
        }
        // A token that says `none` ends here: it is no algorithm that the library knows.
        let header = decode_header(token).map_err(|_| NotGood::Unreadable)?;
        if !self.algorithms.contains(&header.alg) {
            return Err(NotGood::Algorithm);
        }
        if header.crit.is_some() {
            return Err(NotGood::Critical);
        }
        Ok(header)
    }
}

/// The signature is checked first: only who holds a token of the issuer's hears what else is wrong with it.
fn flaw(kind: &ErrorKind) -> NotGood {
    match kind {
        ErrorKind::ExpiredSignature => NotGood::Expired,
        ErrorKind::ImmatureSignature => NotGood::Early,
        ErrorKind::InvalidIssuer => NotGood::Issuer,
        ErrorKind::InvalidAudience => NotGood::Audience,
        ErrorKind::MissingRequiredClaim(_) | ErrorKind::InvalidClaimFormat(_) => NotGood::Claims,
        _ => NotGood::Signature,
    }
}

/// The token of the one `Authorization: Bearer` header. None without such a header.
pub fn bearer(headers: &HeaderMap) -> Option<Result<&str, NotGood>> {
    let mut all = headers.get_all(AUTHORIZATION).iter();
    let first = all.next()?;
    let token = first
        .to_str()
        .ok()
        .filter(|_| all.next().is_none())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim());
    Some(token.ok_or(NotGood::Doubled))
}

/// The algorithms of a list of names. None when one is not known, or is of another kind than the keys.
pub fn algorithms(names: &[String], shared: bool) -> Option<Vec<Algorithm>> {
    let named: Option<Vec<Algorithm>> = names.iter().map(|name| name.parse().ok()).collect();
    named.filter(|all| {
        let distinct: HashSet<_> = all.iter().collect();
        let fits = |algorithm: &Algorithm| is_shared(*algorithm) == shared;
        !all.is_empty() && distinct.len() == all.len() && all.iter().all(fits)
    })
}

fn is_shared(algorithm: Algorithm) -> bool {
    matches!(algorithm, Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bearer_header() {
        let token = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(AUTHORIZATION, value.parse().unwrap());
            }
            bearer(&headers).map(|token| token.map(str::to_owned))
        };
        assert_eq!(token(&[]), None);
        assert_eq!(token(&["Bearer a.b.c"]), Some(Ok("a.b.c".into())));
        assert_eq!(token(&["bearer  a.b.c "]), Some(Ok("a.b.c".into())));
        for wrong in [
            &["Basic abc"][..],
            &["Bearer"],
            &["Bearer a", "Bearer b"],
            &["Bearer é"],
        ] {
            assert!(token(wrong).unwrap().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn algorithms_of_the_keys_own_kind() {
        let read = |names: &[&str], shared| {
            let names: Vec<String> = names.iter().map(|&name| name.into()).collect();
            algorithms(&names, shared).is_some()
        };
        assert!(read(&["RS256", "ES256", "EdDSA"], false) && read(&["HS256"], true));
        for (names, shared) in [
            (&["none"][..], false),
            (&["RS256", "none"], false),
            (&["HS256"], false),
            (&["RS256", "HS256"], false),
            (&["RS256"], true),
            (&["rs256"], false),
            (&["RS256", "RS256"], false),
            (&[], false),
        ] {
            assert!(!read(names, shared), "{names:?}");
        }
    }
}
