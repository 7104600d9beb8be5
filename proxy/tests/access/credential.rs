//! The credentials of the table, by their names.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderValue, Request};
use serde_json::{Value, json};

use crate::issuer::{LONG_AGO, SECRET, Signer, assertion, by_nobody, by_secret, changed, claims, now};
use crate::table::Row;
use crate::{Asked, ORIGIN, OWN};

const ROLES: [&str; 4] = ["viewer", "operator", "admin", "visitor-tokens"];
const COOKIE: &str = "__Host-opencx-session";
const ENDED: &str = "a session that ended";

pub struct Credentials<'a> {
    signer: &'a Signer,
    /// What each who is signed in sends as his cookie.
    cookies: BTreeMap<String, String>,
}

/// `admin, listed peer, reaches all` is of an admin; `no role` of nobody.
fn role(credential: &str) -> &str {
    credential.split([',', ' ']).next().unwrap()
}

fn customers(credential: &str) -> Value {
    if credential.contains("reaches all") {
        Value::Null
    } else {
        json!([OWN])
    }
}

impl<'a> Credentials<'a> {
    pub fn new(signer: &'a Signer) -> Self {
        Credentials {
            signer,
            cookies: BTreeMap::new(),
        }
    }

    /// One session of each role, one that reaches all, and one that is over.
    pub async fn sign_in(&mut self, asked: &Asked) {
        for name in ROLES.into_iter().chain(["admin, reaches all", ENDED]) {
            let role = if name == ENDED { "admin" } else { role(name) };
            let claims = assertion("ada", role, &format!("id-of-{}", name.replace(' ', "-")));
            let claims = changed(claims, &json!({ "customers": customers(name) }));
            let text = by_secret(SECRET.as_bytes(), &claims);
            let signed_in = asked.post("/v1/session", &json!({ "assertion": text })).await;
            assert_eq!(signed_in.status, 201, "{}", signed_in.text);
            let cookie = signed_in.headers["set-cookie"].to_str().unwrap();
            let cookie = cookie.split(';').next().unwrap().to_owned();
            self.cookies.insert(name.to_owned(), cookie);
        }
        let over = Request::delete("/v1/session")
            .header("cookie", &self.cookies[ENDED])
            .header("origin", ORIGIN)
            .header("x-kit-client", "test");
        assert_eq!(asked.ask(over.body(Body::empty()).unwrap()).await.status, 204);
    }

    /// Whether a row has a session that its other cells need.
    pub fn is_session(&self, row: &Row) -> bool {
        row.mode == "session" && self.cookies.contains_key(name(row))
    }

    /// No secret of the row is in that text.
    pub fn are_not_in(&self, row: &Row, text: &str) -> bool {
        self.secrets(row)
            .iter()
            .all(|secret| !text.contains(secret.as_str()))
    }

    fn secrets(&self, row: &Row) -> Vec<String> {
        let mut request = Request::new(Body::empty());
        self.add(row, &mut request);
        let headers = request.headers();
        let values = ["authorization", "cookie"]
            .into_iter()
            .flat_map(|name| headers.get_all(name));
        let words = values.flat_map(|value| value.to_str().unwrap().split([' ', '=']));
        words
            .filter(|word| word.len() > 20 && *word != COOKIE)
            .map(str::to_owned)
            .collect()
    }

    /// Adds what the row's caller sends.
    pub fn add(&self, row: &Row, request: &mut Request<Body>) {
        let name = name(row);
        if name != "admin, no peer" {
            let peer = if name.contains("other peer") {
                [10, 0, 0, 6]
            } else {
                [10, 0, 0, 5]
            };
            request
                .extensions_mut()
                .insert(ConnectInfo(SocketAddr::from((peer, 50_000))));
        }
        match row.mode {
            _ if name.starts_with("a good token") => self.bear(request, &self.token(OWN_ADMIN, &json!({}))),
            _ if name.starts_with("a cookie,") || name == "a cookie" => {
                send(request, "cookie", &format!("{COOKIE}={}", "ab".repeat(32)));
            }
            _ if name == "headers of a reverse proxy" => vouch(request, "admin", name),
            "jwt" => self.token_of(name, request),
            "session" => self.cookie_of(name, request),
            "trusted" => headers_of(name, request),
            _ => {}
        }
    }

    fn token(&self, credential: &str, others: &Value) -> String {
        let claims = changed(
            claims("ada", role(credential)),
            &json!({ "customers": customers(credential) }),
        );
        self.signer.token(&changed(claims, others))
    }

    fn bear(&self, request: &mut Request<Body>, token: &str) {
        send(request, "authorization", &format!("Bearer {token}"));
    }

    fn token_of(&self, name: &str, request: &mut Request<Body>) {
        let token = |others: Value| self.token(OWN_ADMIN, &others);
        let long_ago = now() - i64::try_from(LONG_AGO.as_secs()).unwrap();
        let admin = claims("ada", "admin");
        let token = match name {
            "nothing" => return,
            "garbage" => "garbage.of-some.length-but-no-token".into(),
            "a key of OpenCX" => "ocx_a_key_that_somebody_has_pasted".into(),
            "expired" => token(json!({ "exp": long_ago })),
            "not valid yet" => token(json!({ "nbf": now() + 200 })),
            "another issuer" => token(json!({ "iss": "https://other.example" })),
            "another audience" => token(json!({ "aud": "other" })),
            "another key" => Signer::new("1").token(&admin),
            "a key nobody published" => Signer::new("2").token(&admin),
            "algorithm none" => by_nobody(&admin),
            "public key as a secret" => by_secret(self.signer.public(), &admin),
            "changed claims" => {
                let (viewer, admin) = (self.token("viewer", &json!({})), token(json!({})));
                let part = |token: &str, at: usize| token.split('.').nth(at).unwrap().to_owned();
                format!("{}.{}.{}", part(&viewer, 0), part(&admin, 1), part(&viewer, 2))
            }
            "twice" => {
                self.bear(request, &token(json!({})));
                token(json!({}))
            }
            "no role" => token(json!({ "role": "staff" })),
            name if ROLES.contains(&role(name)) => self.token(name, &json!({})),
            other => panic!("no such credential: {other}"),
        };
        self.bear(request, &token);
    }

    fn cookie_of(&self, name: &str, request: &mut Request<Body>) {
        let cookie = match name {
            "nothing" => return,
            "garbage" => format!("{COOKIE}=garbage-that-is-no-ticket"),
            "a cookie of nobody" => format!("{COOKIE}={}", "cd".repeat(32)),
            "two cookies" => format!("{0}; {0}", self.cookies["admin"]),
            name => self.cookies[name].clone(),
        };
        send(request, "cookie", &cookie);
    }
}

/// An admin of the own customer.
const OWN_ADMIN: &str = "admin";

fn headers_of(name: &str, request: &mut Request<Body>) {
    match role(name) {
        "nothing" => {}
        "no" => vouch(request, "staff", name),
        "a" => {
            vouch(request, "admin", name);
            send(request, "x-forwarded-user", "eve");
        }
        role => vouch(request, role, name),
    }
}

fn vouch(request: &mut Request<Body>, role: &str, name: &str) {
    send(request, "x-forwarded-user", "ada");
    send(request, "x-forwarded-groups", role);
    if !customers(name).is_null() {
        send(request, "x-forwarded-customers", OWN);
    }
}

fn send(request: &mut Request<Body>, name: &'static str, value: &str) {
    request
        .headers_mut()
        .append(name, HeaderValue::from_str(value).unwrap());
}

/// Without how it comes.
fn name(row: &Row) -> &'static str {
    row.credential
        .strip_suffix(" by a form")
        .unwrap_or(row.credential)
}
