//! Sealing: what is secret leaves this process only encrypted (XChaCha20-Poly1305).

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};

use crate::secret_bytes::SecretBytes;

const NONCE: usize = 24;
const KNOWN: &[u8] = b"opencx-partner-proxy";

/// Holds the sealing key.
#[derive(Clone)]
pub struct Seal(XChaCha20Poly1305);

/// A sealed text that does not open: another key, another place, or changed bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken;

impl Seal {
    /// With this key.
    pub fn new(key: &[u8; 32]) -> Self {
        Seal(XChaCha20Poly1305::new(&Key::from(*key)))
    }

    /// Seals a text for one place in the ledger: it does not open anywhere else.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub fn seal(&self, place: &str, text: &[u8]) -> Result<Vec<u8>, Broken> {
        let mut nonce = [0u8; NONCE];
        getrandom::fill(&mut nonce).map_err(|_| Broken)?;
        let payload = Payload {
            msg: text,
            aad: place.as_bytes(),
        };
        let sealed = self
            .0
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| Broken)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what was sealed for that place.
    ///
    /// # Errors
    /// [`Broken`].
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<SecretBytes, Broken> {
        let (nonce, text) = sealed.split_first_chunk::<NONCE>().ok_or(Broken)?;
        self.0
            .decrypt(
                &XNonce::from(*nonce),
                Payload {
                    msg: text,
                    aad: place.as_bytes(),
                },
            )
            .map(SecretBytes::from)
            .map_err(|_| Broken)
    }

    /// A known text, to tell later whether this is the same key.
    ///
    /// # Errors
    /// As [`Seal::seal`].
    pub fn mark(&self) -> Result<Vec<u8>, Broken> {
        self.seal("mark", KNOWN)
    }

    /// Whether that mark was made with this key.
    pub fn made(&self, mark: &[u8]) -> bool {
        self.open("mark", mark).is_ok_and(|text| *text == *KNOWN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_only_with_its_key_at_its_place_and_unchanged() {
        let seal = Seal::new(&[7; 32]);
        let sealed = seal.seal("org_key/1", b"ocx_live_canary").unwrap();
        assert_eq!(&*seal.open("org_key/1", &sealed).unwrap(), b"ocx_live_canary");
        assert!(!sealed.windows(6).any(|window| window == b"canary"));
        assert_ne!(sealed, seal.seal("org_key/1", b"ocx_live_canary").unwrap());
        assert_eq!(seal.open("org_key/2", &sealed), Err(Broken));
        assert_eq!(Seal::new(&[8; 32]).open("org_key/1", &sealed), Err(Broken));
        for index in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[index] ^= 1;
            assert_eq!(seal.open("org_key/1", &changed), Err(Broken));
        }
        assert_eq!(seal.open("org_key/1", b"short"), Err(Broken));
    }

    #[test]
    fn a_mark_knows_its_key() {
        let seal = Seal::new(&[7; 32]);
        assert!(seal.made(&seal.mark().unwrap()));
        assert!(!Seal::new(&[8; 32]).made(&seal.mark().unwrap()));
    }
}
