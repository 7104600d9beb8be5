//! Tags.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::Shared;
use super::body::Body;
use super::credentials::OrgKeyHolder;
use super::organization::with_org;
use crate::api_error::ApiError;
use crate::sandbox::Sandbox;
use crate::tag::TagInput;

/// Its routes.
pub fn router() -> Router<Arc<Sandbox>> {
    Router::new().route("/tags", get(list).put(upsert))
}

async fn list(OrgKeyHolder(org): OrgKeyHolder, State(sandbox): Shared) -> Result<Json<Value>, ApiError> {
    with_org(&sandbox, org, |org| Ok(Json(json!(org.tags.all()))))
}

async fn upsert(
    OrgKeyHolder(org): OrgKeyHolder,
    State(sandbox): Shared,
    Body(asked): Body<TagInput>,
) -> Result<Json<Value>, ApiError> {
    let now = sandbox.clock.now();
    with_org(&sandbox, org, |org| {
        org.tags.upsert(asked, now);
        Ok(Json(json!({})))
    })
}
