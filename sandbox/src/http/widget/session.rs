//! Sessions: begin, list, read, poll, store a mode's state, close.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{Reply, session_of};
use crate::api_error::ApiError;
use crate::history::Kind;
use crate::http::Shared;
use crate::http::body::{Asked, Body};
use crate::http::credentials::Visitor;
use crate::http::organization::with_org;
use crate::sandbox::Sandbox;
use crate::session::Session;

/// Its routes.
pub fn router() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/v2/sessions", get(list))
        .route("/v2/session/history/{session}", get(history))
        .route("/v2/poll/{session}", get(poll))
        .route("/v2/create-session", post(create))
        .route("/v2/checkpoint", post(store_state))
        .route("/v2/session/resolve", post(resolve))
}

#[derive(Deserialize)]
struct ListQuery {
    filters: String,
    offset: Option<String>,
    /// What the 4.0.57 client calls it.
    cursor: Option<String>,
}

#[derive(Deserialize)]
struct Filters {
    external_id: Option<String>,
}

async fn list(visitor: Visitor, State(sandbox): Shared, Asked(asked): Asked<ListQuery>) -> Reply {
    let filters: Filters = serde_json::from_str(&asked.filters)
        .map_err(|_| ApiError::bad_request("filters must be the text of a JSON object"))?;
    let offset = match asked.offset.or(asked.cursor).as_deref() {
        None | Some("") => 0,
        Some(text) => text
            .parse()
            .map_err(|_| ApiError::bad_request("offset must be the `next` of the page before"))?,
    };
    with_org(&sandbox, visitor.org, |org| {
        let (items, next) = org
            .sessions
            .page(&visitor.contact, filters.external_id.as_deref(), offset);
        let items: Vec<Value> = items.into_iter().map(Session::as_json).collect();
        Ok(Json(
            json!({ "items": items, "next": next.map(|next| next.to_string()) }),
        ))
    })
}

async fn history(visitor: Visitor, State(sandbox): Shared, Path(session): Path<String>) -> Reply {
    with_org(&sandbox, visitor.org, |org| {
        let session = session_of(org, &visitor, &session)?;
        Ok(Json(Value::from(session.history_as_json())))
    })
}

async fn poll(visitor: Visitor, State(sandbox): Shared, Path(session): Path<String>) -> Reply {
    with_org(&sandbox, visitor.org, |org| {
        let session = session_of(org, &visitor, &session)?;
        Ok(Json(
            json!({ "session": session.as_json(), "history": session.history_as_json() }),
        ))
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CreateSession {
    #[serde(default)]
    custom_data: Map<String, Value>,
}

async fn create(visitor: Visitor, State(sandbox): Shared, Body(asked): Body<Option<CreateSession>>) -> Reply {
    let custom_data = asked.map(|asked| asked.custom_data).unwrap_or_default();
    if custom_data
        .values()
        .any(|value| value.is_object() || value.is_array() || value.is_null())
    {
        return Err(ApiError::bad_request(
            "customData may hold texts, numbers and booleans only",
        ));
    }
    with_org(&sandbox, visitor.org, |org| {
        let session = org
            .sessions
            .begin(&visitor.contact, custom_data, Uuid::new_v4(), sandbox.clock.now());
        Ok(Json(session.as_json()))
    })
}

#[derive(Deserialize)]
struct Checkpoint {
    session_id: String,
    payload: Map<String, Value>,
}

async fn store_state(visitor: Visitor, State(sandbox): Shared, Body(asked): Body<Checkpoint>) -> Reply {
    with_org(&sandbox, visitor.org, |org| {
        let session = session_of(org, &visitor, &asked.session_id)?;
        session.store_state(asked.payload, Uuid::new_v4(), sandbox.clock.now());
        Ok(Json(json!({ "success": true })))
    })
}

#[derive(Deserialize)]
struct Resolve {
    session_id: String,
}

async fn resolve(visitor: Visitor, State(sandbox): Shared, Body(asked): Body<Resolve>) -> Reply {
    with_org(&sandbox, visitor.org, |org| {
        let session = session_of(org, &visitor, &asked.session_id)?;
        session.resolve(Kind::ClosedResolvedByContact, Uuid::new_v4, sandbox.clock.now());
        Ok(Json(session.as_json()))
    })
}
