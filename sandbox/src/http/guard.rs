//! Holds every call and every answer of the contract's operations against the contract.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use crate::api_error::ApiError;
use crate::contract::{Breach, Operation};
use crate::sandbox::Sandbox;

/// More than any operation takes as JSON.
const MOST_JSON: usize = 8 << 20;

/// Notes what breaks the contract; a strict sandbox answers it 500. A call's breaches count only if it was answered 2xx: one
/// that was refused was meant to be wrong, or is told so.
pub async fn hold(State(sandbox): State<Arc<Sandbox>>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let Some(operation) = Operation::find(request.method().as_str(), path) else {
        return next.run(request).await;
    };
    let (parts, body) = request.into_parts();
    let (body, bytes) = if operation.takes_json() {
        match to_bytes(body, MOST_JSON).await {
            Ok(bytes) => (Body::from(bytes.clone()), Some(bytes)),
            Err(_) => return too_large(),
        }
    } else {
        (body, None)
    };
    let (uri, headers) = (parts.uri.clone(), parts.headers.clone());
    let (answer, mut breaches) = judged(
        operation,
        next.run(Request::from_parts(parts, body)).await,
        &sandbox,
    )
    .await;
    if answer.status().is_success() {
        let body = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        breaches.extend(operation.breaches_of_request(&uri, &headers, body.as_ref()));
    }
    if breaches.is_empty() {
        return answer;
    }
    tracing::warn!(operation = operation.id, ?breaches, "the contract was broken");
    let strict = sandbox.strict.then(|| broken(&breaches));
    sandbox.breaches.note(breaches);
    strict.unwrap_or(answer)
}

/// The answer, and what is wrong with it.
async fn judged(operation: &Operation, answer: Response, sandbox: &Sandbox) -> (Response, Vec<Breach>) {
    let status = answer.status().as_u16();
    if !sandbox.variants().answers_by_the_contract() && answer.status().is_success() {
        return (answer, Vec::new());
    }
    let mut breaches = Vec::new();
    breaches.extend(operation.breach_of_answer_type(status, content_type(answer.headers())));
    // A stream of events has no end to wait for.
    if content_type(answer.headers()).is_some_and(|given| given.starts_with("text/event-stream")) {
        return (answer, breaches);
    }
    let (parts, body) = answer.into_parts();
    let bytes = match to_bytes(body, usize::MAX).await {
        Ok(bytes) => bytes,
        Err(error) => return (ApiError::internal(&error).into_response(), breaches),
    };
    let json: Option<Value> = serde_json::from_slice(&bytes).ok();
    breaches.extend(operation.breaches_of_answer(status, json.as_ref()));
    (Response::from_parts(parts, Body::from(bytes)), breaches)
}

fn content_type(headers: &HeaderMap) -> Option<&str> {
    headers.get(CONTENT_TYPE)?.to_str().ok()
}

fn too_large() -> Response {
    ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "The body is too large.").into_response()
}

fn broken(breaches: &[Breach]) -> Response {
    let all: Vec<String> = breaches.iter().map(Breach::to_string).collect();
    ApiError::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        format!("The contract was broken: {}.", all.join("; ")),
    )
    .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use axum::{Json, Router, middleware};
    use serde_json::json;
    use tokio::net::TcpListener;

    use crate::Settings;

    #[tokio::test]
    async fn an_answer_of_the_sandbox_can_break_the_contract_too() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let key = |name: &str| (name == "OPENCX_SANDBOX_PARTNER_KEY").then(|| "partner-key".to_owned());
        let _ = rustls::crypto::ring::default_provider().install_default();
        let sandbox = Arc::new(Sandbox::new(&Settings::from(key).unwrap(), address).unwrap());
        // Not an organization, and not what a refused call is told.
        let router = Router::new()
            .route("/org", get(|| async { Json(json!({ "name": 5 })) }))
            .route(
                "/crawl",
                get(|| async { (StatusCode::IM_A_TEAPOT, "short and stout") }),
            )
            .layer(middleware::from_fn_with_state(Arc::clone(&sandbox), hold));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        for path in ["/org", "/crawl"] {
            let asked = http.get(format!("http://{address}{path}")).bearer_auth("key");
            asked.send().await.unwrap();
        }
        let said: Vec<String> = sandbox.breaches.all().iter().map(Breach::to_string).collect();
        assert!(
            said.iter()
                .any(|said| said.starts_with("answer of getOrg, /name: ")),
            "{said:?}"
        );
        assert!(
            said.iter()
                .any(|said| said.starts_with("answer of listDatasources, status: 418 ")),
            "{said:?}"
        );
    }
}
