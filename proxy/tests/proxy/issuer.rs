//! Whoever signs tokens and assertions: with keys that it publishes over HTTP, or with a secret that it shares.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use ring::hmac;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING as ES256, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};
use tokio::net::TcpListener;

pub const ISSUER: &str = "https://login.example";
pub const AUDIENCE: &str = "opencx-proxy";
pub const SECRET: &str = "canary secret that issuer and proxy share";

/// A key pair of its own, by name.
pub struct Signer {
    id: String,
    pair: EcdsaKeyPair,
}

/// The published keys.
#[derive(Default)]
struct Published {
    keys: Vec<Value>,
    fetches: usize,
    down: bool,
}

pub struct Issuer {
    pub jwks_url: String,
    published: Arc<Mutex<Published>>,
}

impl Signer {
    pub fn new(id: &str) -> Self {
        let random = SystemRandom::new();
        let pair = EcdsaKeyPair::generate_pkcs8(&ES256, &random).unwrap();
        Signer {
            id: id.into(),
            pair: EcdsaKeyPair::from_pkcs8(&ES256, pair.as_ref(), &random).unwrap(),
        }
    }

    pub fn token(&self, claims: &Value) -> String {
        let head = unsigned(&json!({ "alg": "ES256", "typ": "JWT", "kid": self.id }), claims);
        let signature = self.pair.sign(&SystemRandom::new(), head.as_bytes()).unwrap();
        format!("{head}.{}", BASE64.encode(signature))
    }

    /// What everybody may know of it, as bytes.
    pub fn public(&self) -> &[u8] {
        self.pair.public_key().as_ref()
    }

    fn jwk(&self) -> Value {
        let (x, y) = self.public()[1..].split_at(32);
        json!({ "kty": "EC", "crv": "P-256", "use": "sig", "kid": self.id, "x": BASE64.encode(x), "y": BASE64.encode(y) })
    }
}

impl Issuer {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let jwks_url = format!("http://{}/jwks", listener.local_addr().unwrap());
        let published = Arc::<Mutex<Published>>::default();
        let router = Router::new()
            .route("/jwks", get(keys))
            .with_state(published.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Issuer { jwks_url, published }
    }

    pub fn publish(&self, signers: &[&Signer]) {
        self.published.lock().unwrap().keys = signers.iter().map(|signer| signer.jwk()).collect();
    }

    pub fn down(&self, down: bool) {
        self.published.lock().unwrap().down = down;
    }

    pub fn fetches(&self) -> usize {
        self.published.lock().unwrap().fetches
    }
}

async fn keys(State(published): State<Arc<Mutex<Published>>>) -> Response {
    let mut published = published.lock().unwrap();
    published.fetches += 1;
    if published.down {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    Json(json!({ "keys": published.keys })).into_response()
}

fn unsigned(header: &Value, claims: &Value) -> String {
    let part = |part: &Value| BASE64.encode(part.to_string());
    format!("{}.{}", part(header), part(claims))
}

/// Signed with a shared secret.
pub fn by_secret(secret: &[u8], claims: &Value) -> String {
    let head = unsigned(&json!({ "alg": "HS256", "typ": "JWT" }), claims);
    let signature = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), head.as_bytes());
    format!("{head}.{}", BASE64.encode(signature))
}

/// Signed by nobody, and saying so.
pub fn by_nobody(claims: &Value) -> String {
    format!("{}.", unsigned(&json!({ "alg": "none", "typ": "JWT" }), claims))
}

pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(since.as_secs()).unwrap()
}

/// Of somebody, good for five minutes.
pub fn claims(subject: &str, role: &str) -> Value {
    let until = now() + 300;
    json!({ "iss": ISSUER, "aud": AUDIENCE, "sub": subject, "exp": until, "role": role })
}

/// The same with other claims; null takes one away.
pub fn changed(mut claims: Value, others: &Value) -> Value {
    for (name, value) in others.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims
        .as_object_mut()
        .unwrap()
        .retain(|_, value| !value.is_null());
    claims
}

/// For a session: short, and with an id of its own.
pub fn assertion(subject: &str, role: &str, id: &str) -> Value {
    let now = now();
    changed(
        claims(subject, role),
        &json!({ "iat": now, "exp": now + 60, "jti": id }),
    )
}

/// The settings of a mode that takes its tokens.
pub fn settings<'a>(mode: &'a str, keys: (&'a str, &'a str)) -> [(&'a str, &'a str); 4] {
    [
        ("OPENCX_PROXY_AUTH_MODE", mode),
        ("OPENCX_PROXY_AUTH_ISSUER", ISSUER),
        ("OPENCX_PROXY_AUTH_AUDIENCE", AUDIENCE),
        keys,
    ]
}

/// A little more than the clocks may differ by.
pub const LONG_AGO: Duration = Duration::from_secs(40);
