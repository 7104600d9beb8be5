//! What the chat widget asks for, from any origin.

mod action;
mod feedback;
mod send;
mod session;
mod stream;
mod upload;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderName, Method};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use tower_http::cors::{Any, CorsLayer};
use uuid::Uuid;

use super::body::Body;
use super::credentials::{Visitor, WidgetToken};
use super::organization::with_org;
use super::{Shared, not_imitated};
use crate::api_error::ApiError;
use crate::contact::NewContact;
use crate::org::Org;
use crate::sandbox::Sandbox;
use crate::session::Session;

type Reply = Result<Json<Value>, ApiError>;

pub fn router() -> Router<Arc<Sandbox>> {
    let cors = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST, Method::DELETE])
        .allow_headers([
            HeaderName::from_static("x-bot-token"),
            AUTHORIZATION,
            CONTENT_TYPE,
            // So that a test in a page can let its own calls go wrong.
            HeaderName::from_static("x-sandbox-fault"),
        ])
        .max_age(Duration::from_secs(600));
    Router::new()
        .route("/v2/config", get(config))
        .route("/v2/contact/create-unverified", post(create_contact))
        .merge(session::router())
        .merge(send::router())
        .merge(feedback::router())
        .merge(action::router())
        .merge(upload::router())
        .merge(stream::router())
        .fallback(not_imitated)
        .method_not_allowed_fallback(not_imitated)
        .layer(cors)
}

/// The visitor's own session in an org that a credential has just named.
fn session_of<'a>(org: &'a mut Org, visitor: &Visitor, session: &str) -> Result<&'a mut Session, ApiError> {
    org.sessions
        .of(&visitor.contact, session)
        .ok_or_else(no_such_session)
}

fn no_such_session() -> ApiError {
    ApiError::not_found("This contact has no such session.")
}

async fn config(WidgetToken(org): WidgetToken, State(sandbox): Shared) -> Reply {
    let variants = sandbox.variants();
    with_org(&sandbox, org, |org| {
        let mut config = json!({
            "org": { "id": org.id, "name": org.name },
            "sessionsPollingIntervalSeconds": variants.sessions_poll_seconds,
            "sessionPollingIntervalSeconds": variants.session_poll_seconds,
            "modes": [],
        });
        if variants.streaming {
            // Without it a widget of v5 takes the platform for the classic one.
            config["agent"] = json!({ "name": "AI assistant", "avatar_url": null, "streaming": true });
        }
        Ok(Json(config))
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
