//! The streaming chat of the widget's v5. Only where the variants say that the platform has it.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderName, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::send::take_turn;
use super::{Reply, session_of};
use crate::api_error::ApiError;
use crate::history::{Attachment, HistoryItem, Sender};
use crate::http::Shared;
use crate::http::body::Body;
use crate::http::credentials::Visitor;
use crate::http::organization::with_org;
use crate::sandbox::Sandbox;
use crate::ui_message_stream::{events, finished_turn};

/// Its routes.
pub fn router() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/v5/chat/stream", post(stream))
        .route("/v5/chat/{session}/stream", get(resume))
        .route("/v5/chat/{session}/stop", post(stop))
        .route("/v5/chat/{session}/messages", get(messages))
}

/// The platform has these calls. Named before the visitor: where they are missing, nobody is asked who they are.
struct Offered;

impl FromRequestParts<Arc<Sandbox>> for Offered {
    type Rejection = ApiError;

    async fn from_request_parts(_: &mut Parts, sandbox: &Arc<Sandbox>) -> Result<Self, ApiError> {
        if sandbox.variants().streaming {
            Ok(Offered)
        } else {
            Err(ApiError::not_found(
                "This platform has no streaming chat. Set the sandbox's variant \"streaming\" to true for one.",
            ))
        }
    }
}

#[derive(Deserialize)]
struct Ask {
    session_id: String,
    #[serde(default)]
    uuid: Option<Uuid>,
    content: String,
    #[serde(default)]
    attachments: Option<Vec<Attachment>>,
    #[serde(default)]
    custom_data: Option<Map<String, Value>>,
}

type Events = ([(HeaderName, &'static str); 3], String);

async fn stream(
    _: Offered,
    visitor: Visitor,
    State(sandbox): Shared,
    Body(asked): Body<Ask>,
) -> Result<Events, ApiError> {
    let id = asked.uuid.unwrap_or_else(Uuid::new_v4);
    let message = HistoryItem {
        attachments: asked.attachments.unwrap_or_default(),
        custom_data: asked.custom_data,
        ..HistoryItem::said(id, Sender::User, &asked.content, sandbox.clock.now())
    };
    let outcome = take_turn(&sandbox, &visitor, &asked.session_id, message, Vec::new()).await?;
    let headers = [
        (CONTENT_TYPE, "text/event-stream"),
        (CACHE_CONTROL, "no-cache"),
        (HeaderName::from_static("x-vercel-ai-ui-message-stream"), "v1"),
    ];
    Ok((headers, events(&outcome)))
}

/// A reply is there as soon as it is asked for: nothing ever runs that could be rejoined.
async fn resume(
    _: Offered,
    visitor: Visitor,
    State(sandbox): Shared,
    Path(session): Path<String>,
) -> Result<StatusCode, ApiError> {
    with_org(&sandbox, visitor.org, |org| {
        session_of(org, &visitor, &session)?;
        Ok(StatusCode::NO_CONTENT)
    })
}

async fn stop(_: Offered, visitor: Visitor, State(sandbox): Shared, Path(session): Path<String>) -> Reply {
    with_org(&sandbox, visitor.org, |org| {
        session_of(org, &visitor, &session)?;
        Ok(Json(json!({})))
    })
}

async fn messages(
    _: Offered,
    visitor: Visitor,
    State(sandbox): Shared,
    Path(session): Path<String>,
) -> Reply {
    with_org(&sandbox, visitor.org, |org| {
        let session = session_of(org, &visitor, &session)?;
        let turns: Vec<Value> = session.history.iter().filter_map(finished_turn).collect();
        Ok(Json(
            json!({ "turns": turns, "handled_connection_request_ids": [] }),
        ))
    })
}
