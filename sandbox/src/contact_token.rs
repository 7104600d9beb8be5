//! Contact tokens: JWTs that name a visitor. Chat-only ones do not expire, those with `mcp_access` live an hour.

use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Life of a token with `mcp_access`.
pub const MCP_LIFE: SignedDuration = SignedDuration::from_hours(1);

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The contact.
    pub sub: Uuid,
    /// Its org.
    pub org: Uuid,
    /// When it was issued, in seconds since 1970.
    pub iat: i64,
    /// When it ends, likewise; absent: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exp: Option<i64>,
    /// Makes two tokens of the same second differ.
    pub jti: Uuid,
}

/// Issues a token.
///
/// # Errors
/// The library's own, of which none is expected.
pub fn issue(claims: &Claims, secret: &str) -> Result<String, jsonwebtoken::errors::Error> {
    encode(
        &Header::default(),
        claims,
        &EncodingKey::from_secret(secret.as_bytes()),
    )
}

/// Reads a token; `None` when it is none of ours, or has ended.
pub fn read(token: &str, secret: &str, now: Timestamp) -> Option<Claims> {
    let mut rules = Validation::new(Algorithm::HS256);
    // By the platform's clock, below, which is not always the machine's.
    rules.validate_exp = false;
    rules.required_spec_claims.clear();
    let read = decode::<Claims>(token, &DecodingKey::from_secret(secret.as_bytes()), &rules);
    let claims = read.ok()?.claims;
    claims
        .exp
        .is_none_or(|end| now.as_second() < end)
        .then_some(claims)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ours_and_only_in_time() {
        let mut claims = Claims {
            sub: Uuid::from_u128(1),
            org: Uuid::from_u128(2),
            iat: 0,
            exp: None,
            jti: Uuid::from_u128(3),
        };
        let at = |second| Timestamp::from_second(second).unwrap();
        let token = issue(&claims, "secret").unwrap();
        assert_eq!(
            read(&token, "secret", at(i64::from(u32::MAX))),
            Some(claims.clone())
        );
        assert_eq!(read(&token, "other", at(0)), None);
        assert_eq!(read("nothing", "secret", at(0)), None);
        claims.exp = Some(3600);
        let token = issue(&claims, "secret").unwrap();
        assert!(read(&token, "secret", at(3599)).is_some());
        assert_eq!(read(&token, "secret", at(3600)), None);
    }
}
