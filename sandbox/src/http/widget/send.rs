//! A message of the visitor's, and the reply.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{Reply, session_of};
use crate::action_form::ActionForm;
use crate::answer::{self, Answer};
use crate::api_error::ApiError;
use crate::applied::applied;
use crate::history::{Attachment, HistoryItem, Sender};
use crate::http::Shared;
use crate::http::body::Body;
use crate::http::credentials::Visitor;
use crate::http::organization::with_org;
use crate::knowledge::Index;
use crate::org::Org;
use crate::sandbox::Sandbox;
use crate::search::SearchIndex;
use crate::turn::{Outcome, Step, Turn};

/// Its routes.
pub fn router() -> Router<Arc<Sandbox>> {
    Router::new().route("/v2/chat/send", post(send))
}

#[derive(Deserialize)]
struct SendMessage {
    uuid: Uuid,
    content: String,
    session_id: String,
    bot_token: String,
    #[serde(default)]
    initial_messages: Vec<InitialMessage>,
    #[serde(default)]
    attachments: Option<Vec<Attachment>>,
    #[serde(default, rename = "clientContext")]
    client_context: Option<Map<String, Value>>,
    #[serde(default)]
    custom_data: Option<Map<String, Value>>,
    #[serde(default)]
    action_form_submitted_prompt: Option<String>,
}

#[derive(Deserialize)]
struct InitialMessage {
    uuid: String,
    content: String,
}

async fn send(visitor: Visitor, State(sandbox): Shared, Body(asked): Body<SendMessage>) -> Reply {
    with_org(&sandbox, visitor.org, |org| {
        if org.widget_token == asked.bot_token {
            Ok(())
        } else {
            Err(ApiError::unauthorized(
                "bot_token is not this organization's widget token.",
            ))
        }
    })?;
    let now = sandbox.clock.now();
    let greetings = asked
        .initial_messages
        .into_iter()
        .map(|greeting| HistoryItem::said(greeting.uuid, Sender::Ai, &greeting.content, now))
        .collect();
    let message = HistoryItem {
        attachments: asked.attachments.unwrap_or_default(),
        custom_data: asked.custom_data,
        ..HistoryItem::said(asked.uuid, Sender::User, &asked.content, now)
    };
    let outcome = if asked.action_form_submitted_prompt.is_some() && asked.content.trim().is_empty() {
        with_org(&sandbox, visitor.org, |org| {
            Ok(turn(org, &visitor, &asked.session_id, now)?.acknowledge())
        })?
    } else {
        take_turn(&sandbox, &visitor, &asked.session_id, message, greetings).await?
    };
    with_org(&sandbox, visitor.org, |org| {
        let debug = applied(org, &visitor.contact, asked.client_context.as_ref(), now);
        let session = session_of(org, &visitor, &asked.session_id)?;
        Ok(Json(match outcome {
            Outcome::Refused { code, message } => {
                json!({ "success": false, "error": { "code": code, "message": message } })
            }
            Outcome::Silent(code) => json!({
                "success": true,
                "code": code,
                "sessionIsHandedOff": session.handed_off,
                "session": session.as_json(),
            }),
            Outcome::Said {
                id,
                text,
                knew,
                reasons,
                form,
            } => with_form(
                json!({
                    "success": true,
                    "autopilotResponse": {
                        "type": "text",
                        "value": { "error": false, "content": text },
                        "id": id,
                        "mightSolveUserIssue": knew,
                        "completelyAndFullyCoveredUserIssue": knew,
                    },
                    "sessionIsHandedOff": session.handed_off,
                    "session": session.as_json(),
                    "sandbox": { "applied": debug, "handoff_reasons": reasons },
                }),
                form.as_ref(),
            ),
        }))
    })
}

fn with_form(mut reply: Value, form: Option<&ActionForm>) -> Value {
    if let Some(form) = form {
        reply["formSubmission"] = form.as_action();
    }
    reply
}

/// Takes the message in, searches if need be, and writes the reply down. The state is not held while the search runs.
pub async fn take_turn(
    sandbox: &Arc<Sandbox>,
    visitor: &Visitor,
    session: &str,
    message: HistoryItem,
    greetings: Vec<HistoryItem>,
) -> Result<Outcome, ApiError> {
    let question = message.text.clone().unwrap_or_default();
    let now = message.sent_at;
    let step = with_org(sandbox, visitor.org, |org| {
        Ok(turn(org, visitor, session, now)?.receive(message, greetings))
    })?;
    if let Step::Done(outcome) = step {
        return Ok(outcome);
    }
    let known = index(sandbox, visitor.org).await?;
    let now = sandbox.clock.now();
    let found = answer::answer(&question, &known, now).map_err(|e| ApiError::internal(&e))?;
    with_org(sandbox, visitor.org, |org| {
        // A training is answered word for word: its text tells which one it was.
        let form = match &found {
            Answer::Text(text) => {
                let said = org
                    .knowledge
                    .trainings()
                    .iter()
                    .filter(|training| training.content == *text);
                said.filter_map(ActionForm::of).next()
            }
            Answer::Handoff(_) => None,
        };
        Ok(turn(org, visitor, session, now)?.conclude(&question, &found, form))
    })
}

fn turn<'a>(
    org: &'a mut Org,
    visitor: &Visitor,
    session: &str,
    now: Timestamp,
) -> Result<Turn<'a>, ApiError> {
    let session = org
        .sessions
        .of(&visitor.contact, session)
        .ok_or_else(super::no_such_session)?;
    Ok(Turn {
        session,
        desk: &mut org.desk,
        language: &org.language,
        new_id: Uuid::new_v4,
        now,
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
