//! The customer's server vouches for a visitor, and gets the token that names it.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::routing::post;
use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::Shared;
use super::body::Body;
use super::credentials::OrgKeyHolder;
use super::organization::with_org;
use super::shape::{Created, authenticated};
use crate::api_error::ApiError;
use crate::contact::KnownContact;
use crate::contact_token::MCP_LIFE;
use crate::sandbox::Sandbox;
use crate::variants::CustomDataName;

/// Its routes.
pub fn router() -> Router<Arc<Sandbox>> {
    Router::new().route("/widget/authenticate-user", post(authenticate))
}

#[derive(Deserialize)]
struct Authenticate {
    email: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    avatar_url: Option<String>,
    #[serde(default)]
    phone: Option<String>,
    #[serde(default)]
    language: Option<String>,
    #[serde(default, rename = "customData")]
    camel_case: Option<Map<String, Value>>,
    #[serde(default, rename = "custom_data")]
    snake_case: Option<Map<String, Value>>,
    #[serde(default)]
    chat_context: Option<String>,
    #[serde(default)]
    mcp_access: Option<Value>,
}

async fn authenticate(
    OrgKeyHolder(org): OrgKeyHolder,
    State(sandbox): Shared,
    Body(asked): Body<Authenticate>,
) -> Result<Created, ApiError> {
    // The other spelling is an unknown field there, and unknown fields are ignored.
    let custom_data = match sandbox.variants().custom_data {
        CustomDataName::CamelCase => asked.camel_case,
        CustomDataName::SnakeCase => asked.snake_case,
    };
    let known = KnownContact {
        email: Some(asked.email),
        phone: asked.phone,
        name: asked.name,
        avatar_url: asked.avatar_url,
        language: asked.language,
        chat_context: asked.chat_context,
        custom_data,
    };
    let now = sandbox.clock.now();
    let contact = with_org(&sandbox, org, |org| org.contacts.save(known, Uuid::new_v4(), now))?;
    let life = asked.mcp_access.is_some().then_some(MCP_LIFE);
    let token = sandbox
        .world()
        .contact_token((org, contact), life, Uuid::new_v4(), now)?;
    Ok(authenticated(&sandbox, &token, contact))
}
