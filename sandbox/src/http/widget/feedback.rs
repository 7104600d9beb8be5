//! What the visitor thinks of it: votes on replies, a score at the end.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::{Reply, session_of};
use crate::history::{Csat, Vote};
use crate::http::Shared;
use crate::http::body::Body;
use crate::http::credentials::Visitor;
use crate::http::organization::with_org;
use crate::sandbox::Sandbox;

/// Its routes.
pub fn router() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/v2/chat/vote", post(vote))
        .route("/v2/submit-csat", post(submit_csat))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CastVote {
    action: Vote,
    session_id: String,
    message_public_id: String,
}

async fn vote(visitor: Visitor, State(sandbox): Shared, Body(asked): Body<CastVote>) -> Reply {
    with_org(&sandbox, visitor.org, |org| {
        let session = session_of(org, &visitor, &asked.session_id)?;
        let done = session.vote(&asked.message_public_id, asked.action);
        let message = done.then_some(asked.message_public_id);
        Ok(Json(json!({ "messagePublicId": message, "success": done })))
    })
}

#[derive(Deserialize)]
struct SubmitCsat {
    session_id: String,
    score: f64,
    #[serde(default)]
    feedback: Option<String>,
    #[serde(default)]
    system_message_uuid: Option<String>,
}

async fn submit_csat(visitor: Visitor, State(sandbox): Shared, Body(asked): Body<SubmitCsat>) -> Reply {
    with_org(&sandbox, visitor.org, |org| {
        let session = session_of(org, &visitor, &asked.session_id)?;
        let csat = Csat {
            score: asked.score,
            feedback: asked.feedback.filter(|text| !text.is_empty()),
        };
        // The id that the client has given its own entry, so that it knows it again.
        let id = asked
            .system_message_uuid
            .unwrap_or_else(|| Uuid::new_v4().to_string());
        session.rate(csat, id, sandbox.clock.now());
        Ok(Json(json!({ "success": true })))
    })
}
