//! A platform that believes nobody: each call it gets is held against the contract, and against what our proxy alone sends.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use opencx_sandbox::contract::Operation;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::hostile::CANARY;

pub const PARTNER_KEY: &str = "pk_of_the_proxy";
const ORG_KEY: &str = "ocx_of_the_proxy";

/// All that our proxy may send. `traceparent` is its own; of a browser's it keeps the trace's id.
const HEADERS: [&str; 8] = [
    "accept",
    "accept-encoding",
    "authorization",
    "content-length",
    "content-type",
    "host",
    "traceparent",
    "user-agent",
];

#[derive(Clone)]
pub struct Platform {
    pub url: String,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    calls: usize,
    operations: BTreeSet<String>,
    wrong: Vec<String>,
}

impl Platform {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let platform = Platform {
            url: format!("http://{}", listener.local_addr().unwrap()),
            seen: Arc::default(),
        };
        let router = Router::new().fallback(answer).with_state(platform.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        platform
    }

    /// How many, and of which operations.
    pub fn calls(&self) -> (usize, Vec<String>) {
        let seen = self.seen.lock().unwrap();
        (seen.calls, seen.operations.iter().cloned().collect())
    }

    /// What no call may be; the first of them.
    pub fn wrong(&self) -> Vec<String> {
        self.seen.lock().unwrap().wrong.iter().take(5).cloned().collect()
    }
}

async fn answer(State(platform): State<Platform>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    let (method, path) = (parts.method.as_str(), parts.uri.path());
    let mut wrong = wrong_headers(path, &parts.headers);
    if parts.uri.to_string().contains(CANARY)
        && !parts.uri.query().is_some_and(|query| query.contains(CANARY))
    {
        wrong.push("the path holds what a browser sent".into());
    }
    let body: Option<Value> = serde_json::from_slice(&bytes).ok();
    if body.is_none() && !bytes.is_empty() {
        wrong.push("the body is no JSON".into());
    }
    let operation = Operation::find(method, path);
    match operation {
        None => wrong.push("the contract has no such call".into()),
        Some(operation) => {
            let breaches = operation.breaches_of_request(&parts.uri, &parts.headers, body.as_ref());
            wrong.extend(breaches.iter().map(|breach| format!("{breach:?}")));
        }
    }
    let mut seen = platform.seen.lock().unwrap();
    seen.calls += 1;
    seen.operations
        .extend(operation.map(|operation| operation.id.clone()));
    seen.wrong.extend(
        wrong
            .iter()
            .map(|wrong| format!("{method} {}: {wrong}; body {body:?}", parts.uri)),
    );
    drop(seen);
    made_up(operation.map_or("", |operation| &operation.id), path)
}

fn wrong_headers(path: &str, headers: &HeaderMap) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, value) in headers {
        if !HEADERS.contains(&name.as_str()) {
            wrong.push(format!("the header {name}"));
        }
        if String::from_utf8_lossy(value.as_bytes()).contains(CANARY) {
            wrong.push(format!("the header {name} holds what a browser sent"));
        }
    }
    let key = headers
        .get("authorization")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let own = if path.starts_with("/partner/") {
        PARTNER_KEY
    } else {
        ORG_KEY
    };
    if key != format!("Bearer {own}") || headers.get_all("authorization").iter().count() != 1 {
        wrong.push("another credential than the proxy's own for this call".into());
    }
    wrong
}

/// Enough of an answer that what follows upon it is tried too.
fn made_up(operation: &str, path: &str) -> Response {
    let id = uuid::Uuid::new_v4();
    let answer = match operation {
        "createOrg" => json!({ "id": id, "name": "Blue Fin", "widget_token": "wt" }),
        "createOrgApiKey" => json!({ "api_key": ORG_KEY, "name": "kit" }),
        "createLoginLink" => json!({ "url": "https://login.example/once" }),
        // One of three fails, so that its repeat finds it in doubt.
        _ if id.as_bytes()[0].is_multiple_of(3) && !path.starts_with("/partner/") => {
            return (StatusCode::BAD_GATEWAY, Json(json!({}))).into_response();
        }
        _ if operation.starts_with("list") => json!({ "items": [{ "id": id }], "total": 1 }),
        _ => json!({ "id": id, "url": "https://a.example", "title": "t", "content": "c", "token": "t" }),
    };
    (StatusCode::OK, Json(answer)).into_response()
}
