//! The key's own organization.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::Value;

use super::Shared;
use super::body::Body;
use super::credentials::OrgKeyHolder;
use crate::api_error::ApiError;
use crate::org::{Org, UpdateOrg};
use crate::sandbox::Sandbox;
use uuid::Uuid;

/// Its routes.
pub fn router() -> Router<Arc<Sandbox>> {
    Router::new().route("/org", get(read).patch(update))
}

/// Does something with an org that a credential has just named.
pub fn with_org<T>(
    sandbox: &Sandbox,
    org: Uuid,
    act: impl FnOnce(&mut Org) -> Result<T, ApiError>,
) -> Result<T, ApiError> {
    let mut world = sandbox.world();
    let org = world
        .org(org)
        .ok_or_else(|| ApiError::unauthorized("The organization is gone."))?;
    act(org)
}

async fn update(
    OrgKeyHolder(org): OrgKeyHolder,
    State(sandbox): Shared,
    Body(asked): Body<UpdateOrg>,
) -> Result<Json<Value>, ApiError> {
    let now = sandbox.clock.now();
    with_org(&sandbox, org, |org| {
        org.update(asked, now)?;
        Ok(Json(org.as_read()))
    })
}

async fn read(OrgKeyHolder(org): OrgKeyHolder, State(sandbox): Shared) -> Result<Json<Value>, ApiError> {
    with_org(&sandbox, org, |org| Ok(Json(org.as_read())))
}
