//! Bytes that may hold a secret: a raw answer of the platform, a text out of its seal. Not shown, not serialized, wiped on drop.

use std::fmt;
use std::ops::Deref;

use secrecy::zeroize::{ZeroizeOnDrop, Zeroizing};

/// See above.
#[derive(Default, PartialEq, Eq)]
pub struct SecretBytes(Zeroizing<Vec<u8>>);

impl SecretBytes {
    /// With room for so many.
    pub fn with_capacity(capacity: usize) -> Self {
        Vec::with_capacity(capacity).into()
    }

    /// Adds more. A vector that grows by itself would leave a copy behind.
    pub fn extend(&mut self, more: &[u8]) {
        let needed = self.0.len() + more.len();
        if needed > self.0.capacity() {
            let mut larger = Zeroizing::new(Vec::with_capacity(needed.max(self.0.capacity() * 2)));
            larger.extend_from_slice(&self.0);
            self.0 = larger;
        }
        self.0.extend_from_slice(more);
    }
}

impl ZeroizeOnDrop for SecretBytes {}

impl From<Vec<u8>> for SecretBytes {
    fn from(bytes: Vec<u8>) -> Self {
        SecretBytes(Zeroizing::new(bytes))
    }
}

impl From<String> for SecretBytes {
    fn from(text: String) -> Self {
        text.into_bytes().into()
    }
}

impl Deref for SecretBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretBytes(secret)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_and_says_nothing() {
        let mut bytes = SecretBytes::with_capacity(3);
        for part in ["can", "ary", " and more than twice as much"] {
            bytes.extend(part.as_bytes());
        }
        assert_eq!(&*bytes, b"canary and more than twice as much");
        assert!(!format!("{bytes:?}").contains("canary") && !format!("{bytes:?}").contains("99"));
    }
}
