//! Forms of AI actions.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::routing::post;
use serde::Deserialize;
use serde_json::Value;

use super::{Reply, session_of};
use crate::api_error::ApiError;
use crate::http::Shared;
use crate::http::body::Body;
use crate::http::credentials::Visitor;
use crate::http::organization::with_org;
use crate::sandbox::Sandbox;

/// Its routes.
pub fn router() -> Router<Arc<Sandbox>> {
    Router::new().route("/v2/action/execute", post(execute))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Execute {
    session_id: String,
    #[serde(rename = "formMessageId")]
    _form: String,
    #[serde(rename = "actionId")]
    _action: String,
    #[serde(rename = "request")]
    _request: Value,
}

/// The sandbox's AI has no actions, so it never shows a form that could be sent here.
async fn execute(visitor: Visitor, State(sandbox): Shared, Body(asked): Body<Execute>) -> Reply {
    with_org(&sandbox, visitor.org, |org| {
        session_of(org, &visitor, &asked.session_id)?;
        Err(ApiError::not_found("This session has no such form."))
    })
}
