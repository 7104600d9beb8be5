//! What tests ask the sandbox about itself.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::Shared;
use crate::call_log::{Call, without_credential};
use crate::contract::Breach;
use crate::sandbox::Sandbox;

/// Its routes.
pub fn router() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/healthz", get(health))
        .route("/_sandbox/calls", get(calls))
        .route("/_sandbox/breaches", get(breaches).delete(forget_breaches))
}

async fn health() -> Json<Value> {
    Json(json!({ "ok": true }))
}

async fn calls(State(sandbox): Shared) -> Json<Vec<Call>> {
    Json(sandbox.calls.calls())
}

async fn breaches(State(sandbox): Shared) -> Json<Vec<Breach>> {
    Json(sandbox.breaches.all())
}

async fn forget_breaches(State(sandbox): Shared) -> StatusCode {
    sandbox.breaches.clear();
    StatusCode::NO_CONTENT
}

/// Notes every call but those that ask for the log.
pub async fn note_call(State(sandbox): State<Arc<Sandbox>>, request: Request, next: Next) -> Response {
    let method = request.method().to_string();
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    if !path.starts_with("/_sandbox/") {
        let status = response.status().as_u16();
        tracing::debug!(%method, path = without_credential(&path), status, "answered");
        sandbox.calls.note(&method, &path, status);
    }
    response
}
