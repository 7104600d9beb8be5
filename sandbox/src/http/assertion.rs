//! "That operation was called so many times", as a status that a test in any language can look at.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Shared;
use super::body::Asked;
use crate::api_error::ApiError;
use crate::contract::Operation;
use crate::sandbox::Sandbox;

/// Its routes.
pub fn router() -> Router<Arc<Sandbox>> {
    Router::new().route("/_sandbox/assert", get(assert))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Assertion {
    operation: String,
    /// Only calls that were answered so.
    status: Option<u16>,
    times: Option<u64>,
    at_least: Option<u64>,
    at_most: Option<u64>,
}

async fn assert(State(sandbox): Shared, Asked(asked): Asked<Assertion>) -> Result<Json<Value>, ApiError> {
    let operation = Operation::of(&asked.operation).ok_or_else(|| {
        ApiError::bad_request(format!("The contract has no operation {}.", asked.operation))
    })?;
    if (asked.times, asked.at_least, asked.at_most) == (None, None, None) {
        return Err(ApiError::bad_request("Say times, at_least or at_most."));
    }
    let calls = sandbox.calls.count(&operation.id, asked.status);
    let expected: Vec<String> = [
        asked
            .times
            .filter(|times| calls != *times)
            .map(|n| format!("{n}")),
        asked
            .at_least
            .filter(|least| calls < *least)
            .map(|n| format!("at least {n}")),
        asked
            .at_most
            .filter(|most| calls > *most)
            .map(|n| format!("at most {n}")),
    ]
    .into_iter()
    .flatten()
    .collect();
    if expected.is_empty() {
        return Ok(Json(json!({ "operation": operation.id, "calls": calls })));
    }
    let answered = asked
        .status
        .map(|status| format!(" with status {status}"))
        .unwrap_or_default();
    Err(ApiError::conflict(format!(
        "{} was called {calls} times{answered}, expected {}.",
        operation.id,
        expected.join(" and ")
    )))
}
