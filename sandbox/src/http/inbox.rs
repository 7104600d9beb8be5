//! The inbox: a page where a person answers what the AI has handed off. A convenience of the sandbox's, not in the contract.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderName;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use opencx_partner_kit::platform::{Checks, Path as Field};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Shared;
use super::body::Body;
use crate::api_error::ApiError;
use crate::history::Kind;
use crate::inbox;
use crate::org::Org;
use crate::sandbox::Sandbox;
use crate::session::Session;

const PAGE: &str = include_str!("../../assets/inbox.html");
const SCRIPT: &str = include_str!("../../assets/inbox.js");
const STYLE: &str = include_str!("../../assets/inbox.css");
/// What visitors write must never run here.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

type Reply = Result<Json<Value>, ApiError>;

/// Its routes.
pub fn router() -> Router<Arc<Sandbox>> {
    const CONVERSATION: &str = "/_sandbox/inbox/orgs/{org}/conversations/{conversation}";
    Router::new()
        .route("/_sandbox/inbox", get(async || file("text/html", PAGE)))
        .route(
            "/_sandbox/inbox.js",
            get(async || file("text/javascript", SCRIPT)),
        )
        .route("/_sandbox/inbox.css", get(async || file("text/css", STYLE)))
        .route("/_sandbox/inbox/orgs", get(orgs))
        .route("/_sandbox/inbox/orgs/{org}/conversations", get(conversations))
        .route(CONVERSATION, get(read))
        .route(&format!("{CONVERSATION}/seen"), post(seen))
        .route(&format!("{CONVERSATION}/answer"), post(answer))
        .route(&format!("{CONVERSATION}/resolve"), post(resolve))
        .route(&format!("{CONVERSATION}/reopen"), post(reopen))
}

fn file(media_type: &'static str, text: &'static str) -> impl IntoResponse {
    let headers: [(HeaderName, String); 3] = [
        (CONTENT_TYPE, format!("{media_type}; charset=utf-8")),
        (CACHE_CONTROL, "no-cache".to_owned()),
        (CONTENT_SECURITY_POLICY, POLICY.to_owned()),
    ];
    (headers, text)
}

/// Orgs with conversations.
async fn orgs(State(sandbox): Shared) -> Json<Value> {
    let world = sandbox.world();
    let orgs = world.orgs().filter(|org| org.sessions.all().next().is_some());
    Json(
        orgs.map(|org| json!({ "id": org.id, "name": org.name, "unread": inbox::unread(org) }))
            .collect(),
    )
}

async fn conversations(State(sandbox): Shared, Path(org): Path<String>) -> Reply {
    with_org(&sandbox, &org, |org| Ok(inbox::list(org).into()))
}

type Address = Path<(String, String)>;

async fn read(State(sandbox): Shared, Path((org, id)): Address) -> Reply {
    change(&sandbox, &org, &id, |_| Ok(()))
}

#[derive(Deserialize)]
struct Seen {
    entries: usize,
}

/// So many entries of the history were shown to a person; what came after that is still unread.
async fn seen(State(sandbox): Shared, Path((org, id)): Address, Body(asked): Body<Seen>) -> Reply {
    change(&sandbox, &org, &id, |session| {
        session.seen = session.seen.max(asked.entries.min(session.history.len()));
        Ok(())
    })
}

#[derive(Deserialize)]
struct Said {
    name: String,
    text: String,
}

async fn answer(State(sandbox): Shared, Path((org, id)): Address, Body(asked): Body<Said>) -> Reply {
    let now = sandbox.clock.now();
    let mut checks = Checks::default();
    checks.text(Field::root().field("name"), &asked.name, 1..=200);
    checks.text(Field::root().field("text"), &asked.text, 1..=20_000);
    ApiError::unless_good(checks)?;
    change(&sandbox, &org, &id, |session| {
        if !session.open {
            return Err(ApiError::conflict(
                "This conversation is closed. Open it again first.",
            ));
        }
        session.answer(asked.name.trim(), asked.text.trim(), Uuid::new_v4, now);
        Ok(())
    })
}

async fn resolve(State(sandbox): Shared, Path((org, id)): Address) -> Reply {
    let now = sandbox.clock.now();
    change(&sandbox, &org, &id, |session| {
        session.resolve(Kind::ClosedResolvedByAgent, Uuid::new_v4, now);
        Ok(())
    })
}

async fn reopen(State(sandbox): Shared, Path((org, id)): Address) -> Reply {
    let now = sandbox.clock.now();
    change(&sandbox, &org, &id, |session| {
        session.reopen(Uuid::new_v4(), now);
        Ok(())
    })
}

fn with_org(sandbox: &Sandbox, org: &str, act: impl FnOnce(&mut Org) -> Result<Value, ApiError>) -> Reply {
    let mut world = sandbox.world();
    let org = Uuid::parse_str(org).ok().and_then(|id| world.org(id));
    act(org.ok_or_else(|| ApiError::not_found("There is no such organization."))?).map(Json)
}

/// Does something with a conversation and answers how it then is.
fn change(
    sandbox: &Sandbox,
    org: &str,
    id: &str,
    act: impl FnOnce(&mut Session) -> Result<(), ApiError>,
) -> Reply {
    let missing = || ApiError::not_found("There is no such conversation.");
    let id = Uuid::parse_str(id).map_err(|_| missing())?;
    with_org(sandbox, org, |org| {
        act(org.sessions.get_mut(id).ok_or_else(missing)?)?;
        let session = org.sessions.get(id).ok_or_else(missing)?;
        Ok(inbox::conversation(org, session))
    })
}
