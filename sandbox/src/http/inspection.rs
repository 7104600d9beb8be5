//! What tests ask the sandbox about itself.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use axum::routing::get;
use axum::{Json, Router};

use super::Shared;
use super::faults::{Cut, Struck};
use crate::call_log::{Call, without_credential};
use crate::contract::{Breach, Operation};
use crate::sandbox::Sandbox;

/// Its routes.
pub fn router() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/_sandbox/calls", get(calls).delete(forget_calls))
        .route("/_sandbox/breaches", get(breaches).delete(forget_breaches))
}

async fn calls(State(sandbox): Shared) -> Json<Vec<Call>> {
    Json(sandbox.calls.calls())
}

async fn forget_calls(State(sandbox): Shared) -> StatusCode {
    sandbox.calls.clear();
    StatusCode::NO_CONTENT
}

async fn breaches(State(sandbox): Shared) -> Json<Vec<Breach>> {
    Json(sandbox.breaches.all())
}

async fn forget_breaches(State(sandbox): Shared) -> StatusCode {
    sandbox.breaches.clear();
    StatusCode::NO_CONTENT
}

/// Notes every call but those that control the sandbox.
pub async fn note_call(State(sandbox): State<Arc<Sandbox>>, request: Request, next: Next) -> Response {
    let method = request.method().to_string();
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    if !path.starts_with("/_sandbox/") {
        let cut = response.extensions().get::<Cut>().is_some();
        let status = (!cut).then(|| response.status().as_u16());
        tracing::debug!(%method, path = without_credential(&path), status, "answered");
        let struck = response.extensions().get::<Struck>();
        sandbox.calls.note(Call {
            operation: Operation::find(&method, &path).map(|operation| operation.id.as_str()),
            method,
            path,
            status,
            faults: struck.map(|Struck(names)| names.clone()).unwrap_or_default(),
        });
    }
    response
}
