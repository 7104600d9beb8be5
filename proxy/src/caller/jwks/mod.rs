//! The keys that an issuer publishes: fetched when needed, kept for a while, fetched again when it signs with a new one.

mod choice;
mod freshness;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey};
use reqwest::Client;
use reqwest::redirect::Policy;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use self::freshness::{Freshness, Step};
use crate::config::is_loopback;

/// A caller waits for it.
const FETCH_TIME: Duration = Duration::from_secs(5);
/// Hundreds of keys; nobody publishes more.
const ANSWER_LIMIT: usize = 256 * 1024;

/// No key to check a token by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoKey {
    /// The issuer publishes no such key.
    Unknown,
    /// The issuer's keys cannot be read now.
    Unreachable,
}

/// The keys of one issuer.
#[derive(Clone)]
pub struct Jwks(Arc<Shared>);

struct Shared {
    url: Url,
    client: Client,
    kept: Mutex<Kept>,
    /// One fetch at a time; who waited for another's does not fetch again.
    fetching: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Kept {
    keys: Vec<Jwk>,
    freshness: Freshness,
    fetches: u64,
}

impl Jwks {
    /// Nothing is fetched yet.
    ///
    /// # Errors
    /// One line for people.
    pub fn new(url: Url) -> Result<Self, String> {
        // A second install changes nothing: the first one stays.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut client = Client::builder()
            .timeout(FETCH_TIME)
            // Whoever a redirect points to would decide who may call.
            .redirect(Policy::none())
            .user_agent(concat!("opencx-partner-proxy/", env!("CARGO_PKG_VERSION")));
        if is_loopback(&url) {
            client = client.no_proxy();
        }
        if url.scheme() == "http" {
            // Without TLS a machine needs no certificate authorities to start.
            client = client.tls_certs_only([]);
        }
        let client = client.build().map_err(|_| {
            "The issuer's keys are at an https address, but this machine knows no certificate authorities to check it \
             by. Install its ca-certificates package, or point SSL_CERT_FILE at a file of them."
        })?;
        Ok(Jwks(Arc::new(Shared {
            url,
            client,
            kept: Mutex::default(),
            fetching: tokio::sync::Mutex::default(),
        })))
    }

    /// The key that a token with this header was signed with.
    ///
    /// # Errors
    /// [`NoKey`].
    pub async fn key(&self, algorithm: Algorithm, id: Option<&str>) -> Result<DecodingKey, NoKey> {
        let (found, step, fetches) = {
            let kept = self.0.kept();
            let found = choice::choose(&kept.keys, algorithm, id).cloned();
            let step = kept.freshness.step(found.is_some(), Instant::now());
            (found, step, kept.fetches)
        };
        let found = match step {
            Step::Use => found,
            Step::UseAndFetch => {
                // Nobody waits for it: the key at hand is good.
                drop(self.fetch(fetches));
                found
            }
            Step::Fetch => {
                // In a task of its own: callers that give up must not keep it from ever ending.
                let fetched = self.fetch(fetches).await.unwrap_or(false);
                let kept = self.0.kept();
                let found = choice::choose(&kept.keys, algorithm, id).cloned();
                if found.is_none() && !fetched {
                    return Err(NoKey::Unreachable);
                }
                found
            }
            Step::Wait => return Err(NoKey::Unreachable),
            Step::Refuse => return Err(NoKey::Unknown),
        };
        found
            .and_then(|key| DecodingKey::from_jwk(&key).ok())
            .ok_or(NoKey::Unknown)
    }

    /// Fetches, unless somebody did since `seen` fetches; tells whether there is something new.
    fn fetch(&self, seen: u64) -> tokio::task::JoinHandle<bool> {
        let shared = self.0.clone();
        tokio::spawn(async move {
            let _one = shared.fetching.lock().await;
            if shared.kept().fetches != seen {
                return !shared.kept().freshness.failed();
            }
            let fetched = shared.read().await;
            let mut kept = shared.kept();
            kept.fetches += 1;
            kept.freshness.note(fetched.is_ok(), Instant::now());
            match fetched {
                Ok(keys) => {
                    kept.keys = keys;
                    true
                }
                Err(why) => {
                    tracing::warn!(why, "the issuer's keys cannot be read");
                    false
                }
            }
        })
    }
}

impl Shared {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn read(&self) -> Result<Vec<Jwk>, &'static str> {
        let unanswered = |error: reqwest::Error| {
            if error.is_timeout() {
                "no answer in time"
            } else {
                "the connection failed"
            }
        };
        let mut response = self
            .client
            .get(self.url.clone())
            .send()
            .await
            .map_err(unanswered)?;
        if !response.status().is_success() {
            return Err("the answer is no success");
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(unanswered)? {
            if body.len() + chunk.len() > ANSWER_LIMIT {
                return Err("the answer has more than 256 KiB");
            }
            body.extend_from_slice(&chunk);
        }
        keys(&body).ok_or("the answer is no list of keys that can be used")
    }
}

/// Those that are keys; an issuer may publish others that are not for us. None when there is not one.
fn keys(body: &[u8]) -> Option<Vec<Jwk>> {
    #[derive(Deserialize)]
    struct Set {
        keys: Vec<Value>,
    }
    let set: Set = serde_json::from_slice(body).ok()?;
    let keys: Vec<Jwk> = set
        .keys
        .into_iter()
        .filter_map(|key| serde_json::from_value(key).ok())
        .filter(choice::is_usable)
        .collect();
    (!keys.is_empty()).then_some(keys)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_that_are_not_for_us_do_not_hide_the_others() {
        let long = "x".repeat(342);
        let set = json!({ "keys": [ 7, { "kty": "XYZ", "kid": "new" },
            { "kty": "OKP", "crv": "X25519", "x": "AAAA", "kid": "exchange" },
            { "kty": "oct", "k": "AAAA", "kid": "secret" },
            { "kty": "RSA", "kid": "short", "n": "AQAB", "e": "AQAB" },
            { "kty": "RSA", "kid": "says-no-algorithm", "n": long, "e": "AQAB" },
            { "kty": "RSA", "kid": "good", "use": "sig", "alg": "RS256", "n": long, "e": "AQAB" } ] });
        let known = keys(set.to_string().as_bytes()).unwrap();
        let ids: Vec<_> = known
            .iter()
            .filter_map(|key| key.common.key_id.as_deref())
            .collect();
        assert_eq!(ids, ["says-no-algorithm", "good"]);
        for nothing in [&b"{}"[..], b"[]", br#"{ "keys": [] }"#, b"<html>", b""] {
            assert!(keys(nothing).is_none());
        }
    }
}
