//! Partners, as OpenCX staff would set them up.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Shared;
use super::body::Body;
use crate::api_error::ApiError;
use crate::partner::Partner;
use crate::sandbox::Sandbox;
use crate::secret::Digest;

/// Its routes.
pub fn router() -> Router<Arc<Sandbox>> {
    Router::new().route("/_sandbox/partners", get(list).put(put))
}

#[derive(Deserialize)]
struct Put {
    key: String,
    #[serde(flatten)]
    partner: Partner,
}

async fn list(State(sandbox): Shared) -> Json<Value> {
    Json(json!(sandbox.world().partners.all()))
}

async fn put(State(sandbox): Shared, Body(asked): Body<Put>) -> Result<Json<Value>, ApiError> {
    if asked.key.len() < 8 || asked.key.contains(char::is_whitespace) {
        return Err(ApiError::bad_request(
            "key must have 8 or more characters, none of them a blank",
        ));
    }
    let answer = json!(asked.partner);
    sandbox
        .world()
        .partners
        .put(Digest::of(&asked.key), asked.partner);
    Ok(Json(answer))
}
