//! What was handed off, and why.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::Value;

use super::Shared;
use super::body::Asked;
use super::credentials::OrgKeyHolder;
use super::organization::with_org;
use crate::api_error::ApiError;
use crate::handoff_log::HandoffQuery;
use crate::sandbox::Sandbox;

/// Its routes.
pub fn router() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/handoff-analytics", get(summary))
        .route("/handoff-analytics/events", get(events))
}

async fn summary(
    OrgKeyHolder(org): OrgKeyHolder,
    State(sandbox): Shared,
    Asked(query): Asked<HandoffQuery>,
) -> Result<Json<Value>, ApiError> {
    let span = query.span(sandbox.clock.now())?;
    with_org(&sandbox, org, |org| {
        let begun = org
            .sessions
            .all()
            .filter(|session| span.contains(session.created_at));
        Ok(Json(org.desk.handoffs.analytics(span, begun.count(), org.id)))
    })
}

async fn events(
    OrgKeyHolder(org): OrgKeyHolder,
    State(sandbox): Shared,
    Asked(query): Asked<HandoffQuery>,
) -> Result<Json<Value>, ApiError> {
    let span = query.span(sandbox.clock.now())?;
    with_org(&sandbox, org, |org| {
        Ok(Json(org.desk.handoffs.events(&query, span)?))
    })
}
