//! Credentials: kept as SHA-256 only, so that a dump of the memory or a log gives none away.

use std::fmt;

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// The SHA-256 of a credential.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest([u8; 32]);

impl Digest {
    /// Of that credential.
    pub fn of(secret: &str) -> Self {
        Digest(Sha256::digest(secret.as_bytes()).into())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digest")
    }
}

/// A credential in the platform's style: a readable prefix, then 64 random hex digits.
pub fn with_prefix(prefix: &str, random: [Uuid; 2]) -> String {
    format!("{prefix}{}{}", random[0].simple(), random[1].simple())
}

/// The token of an `Authorization: Bearer` header; the scheme's case does not matter (RFC 9110).
pub fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bearer_headers() {
        assert_eq!(bearer("Bearer abc"), Some("abc"));
        assert_eq!(bearer("bearer  abc "), Some("abc"));
        for bad in ["", "abc", "Basic abc", "Bearer ", "Bearer"] {
            assert_eq!(bearer(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_digest_tells_nothing() {
        assert_eq!(format!("{:?}", Digest::of("secret")), "Digest");
        assert_eq!(Digest::of("a"), Digest::of("a"));
        assert_ne!(Digest::of("a"), Digest::of("b"));
    }
}
