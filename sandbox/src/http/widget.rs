//! What the chat widget asks for, from any origin.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderName, Method};
use axum::routing::{get, post};
use axum::{Json, Router};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tower_http::cors::{Any, CorsLayer};
use uuid::Uuid;

use super::body::{Asked, Body};
use super::credentials::{Visitor, WidgetToken};
use super::organization::with_org;
use super::{Shared, not_imitated};
use crate::answer::{self, Answer};
use crate::api_error::ApiError;
use crate::contact::NewContact;
use crate::handoff::Reason;
use crate::history::{HistoryItem, Kind, Sender};
use crate::knowledge::Index;
use crate::sandbox::Sandbox;
use crate::search::SearchIndex;
use crate::session::Session;

type Reply = Result<Json<Value>, ApiError>;

pub fn router() -> Router<Arc<Sandbox>> {
    let cors = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([
            HeaderName::from_static("x-bot-token"),
            AUTHORIZATION,
            CONTENT_TYPE,
        ])
        .max_age(Duration::from_secs(600));
    Router::new()
        .route("/v2/config", get(config))
        .route("/v2/contact/create-unverified", post(create_contact))
        .route("/v2/sessions", get(sessions))
        .route("/v2/session/history/{session}", get(history))
        .route("/v2/poll/{session}", get(poll))
        .route("/v2/create-session", post(create_session))
        .route("/v2/chat/send", post(send))
        .route("/v2/session/resolve", post(resolve))
        .fallback(not_imitated)
        .method_not_allowed_fallback(not_imitated)
        .layer(cors)
}

fn no_such_session() -> ApiError {
    ApiError::not_found("This contact has no such session.")
}

async fn config(WidgetToken(org): WidgetToken, State(sandbox): Shared) -> Reply {
    with_org(&sandbox, org, |org| {
        Ok(Json(json!({
            "org": { "id": org.id, "name": org.name },
            "sessionsPollingIntervalSeconds": 60,
            "sessionPollingIntervalSeconds": 10,
            "modes": [],
        })))
    })
}

async fn create_contact(
    WidgetToken(org): WidgetToken,
    State(sandbox): Shared,
    Body(asked): Body<NewContact>,
) -> Reply {
    let now = sandbox.clock.now();
    let contact = with_org(&sandbox, org, |org| {
        org.contacts.unverified(asked, Uuid::new_v4(), now)
    })?;
    let token = sandbox
        .world()
        .contact_token((org, contact), None, Uuid::new_v4(), now)?;
    Ok(Json(json!({ "token": token })))
}

#[derive(Deserialize)]
struct SessionsQuery {
    filters: String,
    offset: Option<String>,
}

#[derive(Deserialize)]
struct Filters {
    external_id: Option<String>,
}

async fn sessions(visitor: Visitor, State(sandbox): Shared, Asked(asked): Asked<SessionsQuery>) -> Reply {
    let filters: Filters = serde_json::from_str(&asked.filters)
        .map_err(|_| ApiError::bad_request("filters must be the text of a JSON object"))?;
    let offset = match asked.offset.as_deref() {
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
        let session = org
            .sessions
            .of(&visitor.contact, &session)
            .ok_or_else(no_such_session)?;
        Ok(Json(Value::from(session.history_as_json())))
    })
}

async fn poll(visitor: Visitor, State(sandbox): Shared, Path(session): Path<String>) -> Reply {
    with_org(&sandbox, visitor.org, |org| {
        let session = org
            .sessions
            .of(&visitor.contact, &session)
            .ok_or_else(no_such_session)?;
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

async fn create_session(
    visitor: Visitor,
    State(sandbox): Shared,
    Body(asked): Body<Option<CreateSession>>,
) -> Reply {
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
struct ResolveSession {
    session_id: String,
}

async fn resolve(visitor: Visitor, State(sandbox): Shared, Body(asked): Body<ResolveSession>) -> Reply {
    with_org(&sandbox, visitor.org, |org| {
        let session = org
            .sessions
            .of(&visitor.contact, &asked.session_id)
            .ok_or_else(no_such_session)?;
        session.resolve(Uuid::new_v4(), sandbox.clock.now());
        Ok(Json(session.as_json()))
    })
}

#[derive(Deserialize)]
struct SendMessage {
    uuid: Uuid,
    content: String,
    session_id: String,
    bot_token: String,
    #[serde(default)]
    initial_messages: Vec<InitialMessage>,
}

#[derive(Deserialize)]
struct InitialMessage {
    uuid: String,
    content: String,
}

async fn send(visitor: Visitor, State(sandbox): Shared, Body(asked): Body<SendMessage>) -> Reply {
    let without_ai = with_org(&sandbox, visitor.org, |org| {
        if org.widget_token != asked.bot_token {
            return Err(ApiError::unauthorized(
                "bot_token is not this organization's widget token.",
            ));
        }
        let session = org
            .sessions
            .of(&visitor.contact, &asked.session_id)
            .ok_or_else(no_such_session)?;
        Ok(receive(session, &asked, sandbox.clock.now()))
    })?;
    if let Some(reply) = without_ai {
        return Ok(Json(reply));
    }
    let known = index(&sandbox, visitor.org).await?;
    let answer =
        answer::answer(&asked.content, &known, sandbox.clock.now()).map_err(|e| ApiError::internal(&e))?;
    with_org(&sandbox, visitor.org, |org| {
        let session = org
            .sessions
            .of(&visitor.contact, &asked.session_id)
            .ok_or_else(no_such_session)?;
        Ok(Json(reply(session, &answer, sandbox.clock.now())))
    })
}

/// Takes a message in; the reply when the AI has no say in it.
fn receive(session: &mut Session, asked: &SendMessage, now: Timestamp) -> Option<Value> {
    let failure = |code: &str, message: &str| {
        Some(json!({ "success": false, "error": { "code": code, "message": message } }))
    };
    if asked.content.trim().is_empty() {
        return failure("empty_message", "The message is empty.");
    }
    if !session.open {
        return failure("session_closed", "This conversation is closed. Start a new one.");
    }
    if session.history.is_empty() {
        for greeting in &asked.initial_messages {
            session.add(HistoryItem {
                public_id: greeting.uuid.clone(),
                kind: Kind::Message,
                sender: Sender::Ai,
                text: Some(greeting.content.clone()),
                sent_at: now,
            });
        }
    }
    let code = if !session.add_from_visitor(asked.uuid, &asked.content, now) {
        "duplicate_message_ignored"
    } else if session.handed_off {
        "session_assigned_to_human_agent"
    } else {
        return None;
    };
    Some(json!({
        "success": true,
        "code": code,
        "sessionIsHandedOff": session.handed_off,
        "session": session.as_json(),
    }))
}

/// Writes the AI's answer down and says it.
fn reply(session: &mut Session, answer: &Answer, now: Timestamp) -> Value {
    let id = Uuid::new_v4();
    session.add_from_ai(id, answer.text(), now);
    if matches!(answer, Answer::Handoff(_)) {
        session.hand_off(Uuid::new_v4(), now);
    }
    let knew = *answer != Answer::Handoff(Reason::MissingKnowledge);
    json!({
        "success": true,
        "autopilotResponse": {
            "type": "text",
            "value": { "error": false, "content": answer.text() },
            "id": id.to_string(),
            "mightSolveUserIssue": knew,
            "completelyAndFullyCoveredUserIssue": knew,
        },
        "sessionIsHandedOff": session.handed_off,
        "session": session.as_json(),
    })
}

/// The org's index; built beside the other requests when something has changed.
async fn index(sandbox: &Arc<Sandbox>, org: Uuid) -> Result<Arc<SearchIndex>, ApiError> {
    let draft = match with_org(sandbox, org, |org| Ok(org.knowledge.index()))? {
        Index::Ready(index) => return Ok(index),
        Index::ToBuild(draft) => draft,
    };
    let (version, index) = tokio::task::spawn_blocking(|| draft.build())
        .await
        .map_err(|e| ApiError::internal(&e))?
        .map_err(|e| ApiError::internal(&e))?;
    with_org(sandbox, org, |org| {
        org.knowledge.keep(version, Arc::clone(&index));
        Ok(())
    })?;
    Ok(index)
}
