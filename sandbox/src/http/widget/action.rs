//! Forms of AI actions.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

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
    form_message_id: String,
    action_id: String,
    request: Value,
}

async fn execute(visitor: Visitor, State(sandbox): Shared, Body(asked): Body<Execute>) -> Reply {
    with_org(&sandbox, visitor.org, |org| {
        session_of(org, &visitor, &asked.session_id)?
            .submit_form(&asked.form_message_id, &asked.action_id, asked.request)
            .map(|response| Json(json!({ "action": { "response": response } })))
            .ok_or_else(|| ApiError::not_found("This session has no such form."))
    })
}
