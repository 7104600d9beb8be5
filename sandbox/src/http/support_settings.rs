//! Autopilot and handoff settings.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Map, Value};

use super::Shared;
use super::body::Body;
use super::credentials::OrgKeyHolder;
use super::organization::with_org;
use crate::api_error::ApiError;
use crate::sandbox::Sandbox;

/// Their routes.
pub fn router() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/autopilot/settings", get(autopilot).patch(update_autopilot))
        .route("/handoff-settings", get(handoff).patch(update_handoff))
}

type Answer = Result<Json<Value>, ApiError>;

async fn autopilot(OrgKeyHolder(org): OrgKeyHolder, State(sandbox): Shared) -> Answer {
    with_org(&sandbox, org, |org| Ok(Json(org.desk.autopilot.as_json())))
}

async fn update_autopilot(
    OrgKeyHolder(org): OrgKeyHolder,
    State(sandbox): Shared,
    Body(given): Body<Map<String, Value>>,
) -> Answer {
    with_org(&sandbox, org, |org| {
        org.desk.autopilot.update(given);
        Ok(Json(org.desk.autopilot.as_json()))
    })
}

async fn handoff(OrgKeyHolder(org): OrgKeyHolder, State(sandbox): Shared) -> Answer {
    with_org(&sandbox, org, |org| Ok(Json(org.desk.handoff.as_json())))
}

async fn update_handoff(
    OrgKeyHolder(org): OrgKeyHolder,
    State(sandbox): Shared,
    Body(given): Body<Map<String, Value>>,
) -> Answer {
    with_org(&sandbox, org, |org| {
        org.desk.handoff.update(given);
        Ok(Json(org.desk.handoff.as_json()))
    })
}
