//! Who may call what: every route, with every credential, from every origin, for every customer, against one table. Nothing
//! that is refused reaches the platform.
// Clippy takes test functions for tests, but not what they call.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
// Some of what the tests share is used by the others only.
#![allow(dead_code)]

mod credential;
#[path = "../proxy/issuer.rs"]
mod issuer;
mod platform;
mod table;

use std::collections::BTreeSet;
use std::path::Path;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request};
use opencx_partner_proxy::{Config, Proxy};
use serde_json::{Value, json};
use tower::ServiceExt;

use credential::Credentials;
use issuer::{Issuer, SECRET, Signer};
use platform::{PARTNER_KEY, Platform};
use table::{About, ROUTES, Row, rows};

const ORIGIN: &str = "https://admin.example";
const OWN: &str = "acme";
const OTHER: &str = "blue-fin";

/// A proxy of one mode.
struct Asked {
    router: Router,
    host: String,
    /// Held, because with it goes the data folder.
    _proxy: Proxy,
}

struct Answer {
    status: u16,
    headers: HeaderMap,
    json: Value,
    text: String,
}

impl Asked {
    async fn start(platform: &Platform, data: &Path, settings: &[(&str, &str)]) -> Self {
        let config = Config::read(&|name| {
            Some(match name {
                "OPENCX_API_URL" => platform.url.clone(),
                "OPENCX_PARTNER_KEY" => PARTNER_KEY.into(),
                "OPENCX_PROXY_LISTEN" => "127.0.0.1:0".into(),
                "OPENCX_PROXY_OPERATIONS_LISTEN" => "off".into(),
                "OPENCX_PROXY_ALLOWED_ORIGINS" => ORIGIN.into(),
                "OPENCX_PROXY_DATA" => data.to_str().unwrap().into(),
                "OPENCX_PROXY_CALLS_A_MINUTE"
                | "OPENCX_PROXY_ORG_CALLS_A_MINUTE"
                | "OPENCX_PROXY_REQUESTS_A_MINUTE" => "0".into(),
                "OPENCX_PROXY_CALLS_KEPT_FOR_PEOPLE" => "0".into(),
                _ => {
                    let (_, value) = settings.iter().find(|(known, _)| *known == name)?;
                    (*value).into()
                }
            })
        });
        let proxy = Proxy::bind(&config.unwrap()).await.unwrap();
        Asked {
            router: proxy.router(),
            host: proxy.address().to_string(),
            _proxy: proxy,
        }
    }

    async fn ask(&self, mut request: Request<Body>) -> Answer {
        request.headers_mut().insert("host", self.host.parse().unwrap());
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            json: serde_json::from_slice(&body).unwrap_or_default(),
            text: String::from_utf8_lossy(&body).into_owned(),
        }
    }

    async fn post(&self, path: &str, body: &Value) -> Answer {
        let request = Request::post(path)
            .header("content-type", "application/json")
            .header("x-kit-client", "test")
            .header("idempotency-key", body.to_string())
            .header("origin", ORIGIN);
        self.ask(request.body(Body::from(body.to_string())).unwrap())
            .await
    }
}

/// What a customer has by the time it is asked for.
struct Made {
    customer: &'static str,
    org: String,
    batch: String,
}

/// The parameters of a path that say which customer it is about.
const NAMES_A_CUSTOMER: [&str; 3] = ["{org_id}", "{external_id}", "{batch_id}"];

fn path(pattern: &str, made: &Made) -> String {
    let path = pattern
        .replace("{org_id}", &made.org)
        .replace("{external_id}", made.customer)
        .replace("{batch_id}", &made.batch);
    let id = "7c9e6679-7425-40de-944b-e07fc1f90ae7";
    let parts = path
        .split('/')
        .map(|part| if part.starts_with('{') { id } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// The request of a cell, but for its host.
fn request(credentials: &Credentials, row: &Row, method: &str, path: &str) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    if method != "GET" && !row.credential.ends_with("by a form") {
        request = request.header("x-kit-client", "test");
    }
    if !matches!(method, "GET" | "DELETE") {
        request = request
            .header("content-type", "application/json")
            .header("idempotency-key", format!("{method}{path}"));
    }
    request = match row.origin {
        "listed" => request.header("origin", ORIGIN),
        "other" => request.header("origin", "https://evil.example"),
        _ => request,
    };
    let body = if matches!(method, "GET" | "DELETE") {
        ""
    } else {
        "{}"
    };
    let mut request = request.body(Body::from(body)).unwrap();
    credentials.add(row, &mut request);
    request
}

/// Let in: it got an answer of the route itself.
fn is_let_in(answer: &Answer) -> bool {
    !matches!(answer.status, 401 | 403 | 404 | 405 | 429 | 500..)
}

#[tokio::test]
async fn every_route_with_every_credential_origin_and_customer() {
    let platform = Platform::start().await;
    let data = tempfile::tempdir().unwrap();
    let set_up = Asked::start(&platform, data.path(), &[]).await;
    let mut made = Vec::new();
    for customer in [OWN, OTHER] {
        let org = set_up
            .post("/v1/orgs", &json!({ "name": "x", "external_id": customer }))
            .await;
        assert_eq!(org.status, 201, "{}", org.text);
        let id = org.json["id"].as_str().unwrap().to_owned();
        let key = set_up
            .post(&format!("/v1/orgs/{id}/keys"), &json!({ "name": "kit" }))
            .await;
        assert_eq!(key.status, 201, "{}", key.text);
        let spec = json!({ "org": { "name": "x", "external_id": customer } });
        let batch = set_up.post("/v1/batches", &json!({ "specs": [spec] })).await;
        assert_eq!(batch.status, 202, "{}", batch.text);
        made.push(Made {
            customer,
            org: id,
            batch: batch.json["id"].as_str().unwrap().to_owned(),
        });
    }
    drop(set_up);
    platform.refuse_all();

    let (issuer, signer) = (Issuer::start().await, Signer::new("1"));
    issuer.publish(&[&signer]);
    let published = ("OPENCX_PROXY_AUTH_JWKS_URL", issuer.jwks_url.as_str());
    let shared = ("OPENCX_PROXY_AUTH_SECRET", SECRET);
    let modes: [(&str, Vec<(&str, &str)>); 4] = [
        ("none", Vec::new()),
        ("jwt", issuer::settings("jwt", published).to_vec()),
        ("session", issuer::settings("session", shared).to_vec()),
        (
            "trusted",
            vec![
                ("OPENCX_PROXY_AUTH_MODE", "trusted-header"),
                ("OPENCX_PROXY_AUTH_TRUSTED_PROXIES", "10.0.0.5"),
            ],
        ),
    ];
    let (rows, mut cells, mut wrong) = (rows(), 0, Vec::new());
    for (mode, settings) in modes {
        let asked = Asked::start(&platform, data.path(), &settings).await;
        let mut credentials = Credentials::new(&signer);
        if mode == "session" {
            credentials.sign_in(&asked).await;
        }
        for row in rows.iter().filter(|row| row.mode == mode) {
            for (method, pattern, about) in ROUTES {
                for made in &made {
                    let (customer, own) = (made.customer, made.customer == OWN);
                    let names_a_customer = NAMES_A_CUSTOMER.iter().any(|name| pattern.contains(name));
                    // A sign-out would end the session that the next cells need.
                    let ends = (*method, *about) == ("DELETE", About::Session) && credentials.is_session(row);
                    if !own && !names_a_customer || ends {
                        continue;
                    }
                    let before = platform.calls();
                    let request = request(&credentials, row, method, &path(pattern, made));
                    let answer = asked.ask(request).await;
                    cells += 1;
                    let expected = row.expected(*about, own);
                    let fits = match expected {
                        "ok" => is_let_in(&answer),
                        status => answer.status.to_string() == status && platform.calls() == before,
                    };
                    let tells = expected == "ok"
                        || is_a_problem(&answer) && credentials.are_not_in(row, &answer.text);
                    if !fits || !tells {
                        let (mode, credential, origin) = (row.mode, row.credential, row.origin);
                        wrong.push(format!(
                            "{mode} {credential} {origin}: {method} {pattern} of {customer}: {} instead of {expected}: {}",
                            answer.status, answer.text
                        ));
                    }
                }
            }
        }
    }
    println!("{cells} cells, {} calls reached the platform", platform.calls());
    assert!(
        wrong.is_empty(),
        "{} of {cells} cells:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(
        cells > 5_000 && platform.calls() > 500,
        "the platform is reached by those who may"
    );
}

fn is_a_problem(answer: &Answer) -> bool {
    let kind = answer.headers.get("content-type");
    kind.is_some_and(|kind| kind == "application/problem+json")
        && answer.json["detail"]
            .as_str()
            .is_some_and(|detail| detail.len() > 20)
        && (answer.status != 401 || answer.headers.contains_key("www-authenticate"))
}

#[test]
fn the_table_has_every_route() {
    let listed: BTreeSet<_> = ROUTES.iter().map(|(method, path, _)| (*method, *path)).collect();
    assert_eq!(listed.len(), ROUTES.len());
    let document = opencx_partner_proxy::openapi_document().unwrap();
    let mut described = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            described.insert((method.to_uppercase(), path.clone()));
        }
    }
    let listed: BTreeSet<_> = listed
        .into_iter()
        .map(|(method, path)| (method.to_owned(), path.to_owned()))
        .collect();
    assert_eq!(listed, described);
}
